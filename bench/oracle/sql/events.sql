-- What happened after the snapshots (consent rules, section 6).

CREATE TABLE event AS
SELECT
    id_form(profile) AS profile,
    kind,
    address_form(kind, address, region := region) AS address,
    CASE WHEN lower(scope) = 'all' THEN 'marketing.any' ELSE c.field END AS field,
    -- An opt-out for an address that names none is one for the channel.
    lower(scope) = 'identity' AND NOT (address_form(kind, address, region := region) IS NULL AND lower(choice) = 'n') AS one_address,
    CASE WHEN lower(scope) = 'subscription' THEN subscription END AS subscription,
    lower(choice) AS choice,
    since,
    -- Of one that is not understood an opt-out counts as far as it is.
    coalesce(address_form(kind, address, region := region) IS NOT NULL OR no_address(kind, address, region := region), true) AS understood
FROM event_input e LEFT JOIN channel c ON lower(e.channel) IN (c.channel, lower(c.field), lower(replace(c.field, 'marketing.', '')))
    OR lower(e.channel) IN ('mms', 'rcs') AND c.channel = 'sms';

-- An opt-in of unknown time, from after the day of the run, or at an address that is
-- none, lifts nothing.
CREATE TABLE opt_in AS
SELECT * FROM event
WHERE choice = 'y' AND understood AND since <= TIMESTAMP '2026-11-06 00:00:00' AND NOT (one_address AND address IS NULL);

-- Those at an address that no later opt-in by the address alone answers count for
-- whoever is written to at it, and for a row without a token those at any of its
-- devices; those by the address alone for everybody who has it.
CREATE TABLE opt_out AS
SELECT
    e.*,
    EXISTS (
        SELECT 1 FROM opt_in i
        WHERE i.profile IS NULL AND i.kind = e.kind AND i.address = e.address AND i.since > e.since
            AND (i.field, i.one_address, i.subscription) IS NOT DISTINCT FROM (e.field, e.one_address, e.subscription)) AS answered
FROM event e WHERE choice = 'n';

-- The people of a row: its own, and whoever has its address, or one of its devices where
-- it names none.
CREATE TABLE party AS
SELECT list, row, true AS own, profile FROM planned WHERE has_profile
UNION ALL
SELECT list, row, true, h.profile
FROM planned p LEFT JOIN holder h ON h.kind = p.kind AND h.address = p.address WHERE NOT has_profile
UNION ALL
SELECT list, row, false, h.profile
FROM planned p JOIN holder h ON h.kind = p.kind AND h.address = p.address
UNION ALL
SELECT DISTINCT list, row, false, h.profile
FROM reached JOIN holder h ON h.kind = 'token' AND h.address = token;

-- What each of them is asked, by level.
CREATE TABLE question AS
SELECT party.*, kind, address, 'any' AS level, 'marketing.any' AS field, NULL AS namespace, NULL AS id, NULL AS subscription
FROM party JOIN planned USING (list, row)
UNION ALL
SELECT party.*, kind, address, 'channel', field, NULL, NULL, NULL FROM party JOIN planned USING (list, row)
UNION ALL
SELECT party.*, kind, address, 'identity', field, namespace, address, NULL
FROM party JOIN planned USING (list, row) WHERE address IS NOT NULL OR namespace = 'any device'
UNION ALL
SELECT party.*, kind, address, 'subscription', field, NULL, NULL, planned.subscription
FROM party JOIN planned USING (list, row) WHERE planned.subscription IS NOT NULL;

CREATE TABLE question_number AS SELECT row_number() OVER () AS question, * FROM question;

-- The events that count for each. An opt-out does for the person and for the
-- address; an opt-in by the address alone for what is said of the address, and for
-- the one profile that has it; another's never.
CREATE TABLE happened AS
SELECT DISTINCT question, e.choice, e.since
FROM question_number q JOIN opt_out e
    ON e.field = q.field AND e.one_address = (level = 'identity') AND e.subscription IS NOT DISTINCT FROM q.subscription
WHERE CASE
    WHEN own AND e.kind = q.kind AND e.address = q.address THEN NOT answered OR coalesce(e.profile = q.profile, false)
    WHEN own AND NOT answered AND e.kind = 'token' AND EXISTS (
        SELECT 1 FROM destination t WHERE t.list = q.list AND t.row = q.row AND t.token = e.address) THEN true
    WHEN level = 'identity' THEN own AND q.namespace = 'any device' AND e.kind = 'token' AND e.profile = q.profile
    ELSE e.profile = q.profile
        OR e.profile IS NULL AND NOT answered AND EXISTS (
            SELECT 1 FROM holder h WHERE h.profile = q.profile AND h.kind = e.kind AND h.address = e.address) END
UNION
SELECT DISTINCT question, e.choice, e.since
FROM question_number q JOIN opt_in e
    ON e.field = q.field AND e.one_address = (level = 'identity') AND e.subscription IS NOT DISTINCT FROM q.subscription
WHERE CASE
    WHEN e.profile = q.profile THEN NOT e.one_address OR e.kind = q.kind AND e.address = q.address
    WHEN coalesce(NOT own OR e.kind <> q.kind OR e.address <> q.address, true) THEN false
    -- A row without an id is nobody's but the address's.
    WHEN q.profile IS NULL THEN true
    WHEN e.profile IS NOT NULL THEN false
    ELSE level = 'identity'
        OR (SELECT list(DISTINCT h.profile) FROM holder h WHERE h.kind = q.kind AND h.address = q.address) = [q.profile] END;
