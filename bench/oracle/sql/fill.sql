-- From records to answers (consent rules, section 2). The xdm: prefix is gone.

-- A mapped column, which may lie in a struct.
CREATE MACRO cell(body, name) AS body->>('$."' || replace(name, '.', '"."') || '"');

-- The time of every value of a nested record that has none of its own, be it in a
-- column beside the schema's.
CREATE MACRO common_time(body) AS coalesce(body->>'$.consents.metadata.time', body->>'$.metadata.time');

CREATE TABLE nested AS
SELECT
    record, source, profile, body,
    body->'$.consents' AS consents,
    common_time(body)::TIMESTAMPTZ::TIMESTAMP AS since
FROM record ANTI JOIN flat USING (source);

CREATE TABLE plain_field AS
SELECT unnest(['collect', 'share', 'personalize.content', 'marketing.any', 'marketing.email',
    'marketing.commercialEmail', 'marketing.sms', 'marketing.whatsApp', 'marketing.call',
    'marketing.fax', 'marketing.push', 'marketing.postalMail']) AS field;

INSERT INTO answer_input
SELECT
    record, profile, plain_field.field, NULL, NULL, NULL,
    consents->>('$.' || plain_field.field || '.val'),
    coalesce((consents->>('$.' || plain_field.field || '.time'))::TIMESTAMPTZ::TIMESTAMP, since),
    cell(body, name)::TIMESTAMPTZ::TIMESTAMP
FROM nested CROSS JOIN plain_field
LEFT JOIN mapping ON mapping.source = nested.source AND mapping.field = plain_field.field || '.expires_at';

INSERT INTO answer_input
SELECT
    record, profile, field, namespace.key, identity.key, NULL,
    identity.value->>('$.' || field || '.val'),
    coalesce((identity.value->>('$.' || field || '.time'))::TIMESTAMPTZ::TIMESTAMP, since),
    NULL
FROM nested,
    json_each(consents->'$.idSpecific') AS namespace,
    json_each(namespace.value) AS identity,
    (SELECT unnest(['collect', 'share', 'adID', 'personalize.content', 'marketing.email', 'marketing.sms', 'marketing.whatsApp', 'marketing.push']) AS field);

INSERT INTO answer_input
SELECT record, profile, field, NULL, NULL, subscription.key, subscription.value->>'$.val', since, NULL
FROM nested,
    (SELECT unnest(['marketing.email', 'marketing.sms', 'marketing.whatsApp', 'marketing.push']) AS field),
    json_each(consents->('$.' || field || '.subscriptions')) AS subscription;

INSERT INTO answer_input
SELECT
    record, profile, regexp_replace(val.field, '\.val$', ''), NULL, NULL, NULL,
    coalesce(choice, cell(body, val.name)),
    coalesce(
        cell(body, own.name), cell(body, common.name),
        CASE WHEN record.source NOT IN (SELECT source FROM flat) THEN common_time(body) END)::TIMESTAMPTZ::TIMESTAMP,
    cell(body, until.name)::TIMESTAMPTZ::TIMESTAMP
FROM record
JOIN mapping val ON val.source = record.source AND val.field LIKE '%.val'
LEFT JOIN mapping own ON own.source = record.source AND own.field = regexp_replace(val.field, 'val$', 'time')
LEFT JOIN mapping until ON until.source = record.source AND until.field = regexp_replace(val.field, 'val$', 'expires_at')
LEFT JOIN mapping common ON common.source = record.source AND common.field = 'metadata.time'
LEFT JOIN translation ON translation.source = record.source AND text = cell(body, val.name);
