-- From records to answers (consent rules, section 2). The xdm: prefix is gone.

CREATE TABLE nested AS
SELECT
    record, profile,
    body->'$.consents' AS consents,
    coalesce(body->>'$.consents.metadata.time', body->>'$.metadata.time')::TIMESTAMPTZ::TIMESTAMP AS since
FROM record WHERE source NOT IN (SELECT source FROM mapping);

CREATE TABLE plain_field AS
SELECT unnest(['collect', 'share', 'personalize.content', 'marketing.any', 'marketing.email',
    'marketing.commercialEmail', 'marketing.sms', 'marketing.whatsApp', 'marketing.call',
    'marketing.fax', 'marketing.push', 'marketing.postalMail']) AS field;

INSERT INTO answer_input
SELECT
    record, profile, field, NULL, NULL, NULL,
    consents->>('$.' || field || '.val'),
    coalesce((consents->>('$.' || field || '.time'))::TIMESTAMPTZ::TIMESTAMP, since)
FROM nested CROSS JOIN plain_field;

INSERT INTO answer_input
SELECT
    record, profile, field, namespace.key, identity.key, NULL,
    identity.value->>('$.' || field || '.val'),
    coalesce((identity.value->>('$.' || field || '.time'))::TIMESTAMPTZ::TIMESTAMP, since)
FROM nested,
    json_each(consents->'$.idSpecific') AS namespace,
    json_each(namespace.value) AS identity,
    (SELECT unnest(['personalize.content', 'marketing.email', 'marketing.sms', 'marketing.whatsApp', 'marketing.push']) AS field);

INSERT INTO answer_input
SELECT record, profile, field, NULL, NULL, subscription.key, subscription.value->>'$.val', since
FROM nested,
    (SELECT unnest(['marketing.email', 'marketing.sms', 'marketing.whatsApp', 'marketing.push']) AS field),
    json_each(consents->('$.' || field || '.subscriptions')) AS subscription;

INSERT INTO answer_input
SELECT
    record, profile, regexp_replace(val.field, '\.val$', ''), NULL, NULL, NULL,
    coalesce(choice, body->>('$."' || val.name || '"')),
    coalesce(body->>('$."' || own.name || '"'), body->>('$."' || common.name || '"'))::TIMESTAMPTZ::TIMESTAMP
FROM record
JOIN mapping val ON val.source = record.source AND val.field LIKE '%.val'
LEFT JOIN mapping own ON own.source = record.source AND own.field = regexp_replace(val.field, 'val$', 'time')
LEFT JOIN mapping common ON common.source = record.source AND common.field = 'metadata.time'
LEFT JOIN translation ON translation.source = record.source AND text = (body->>('$."' || val.name || '"'));
