-- What is known of a profile: one choice for each field, whatever the number of
-- records (consent rules, section 5).

-- The kind of the ids of a namespace: any may be that of a token.
CREATE MACRO kind_of(namespace) AS CASE lower(namespace) WHEN 'email' THEN 'email' WHEN 'phone' THEN 'phone' ELSE 'token' END;

-- Section 1. Spelling counts, case does not; null and empty are no answer.
CREATE TABLE answer AS
SELECT
    record,
    id_form(profile) AS profile,
    field,
    CASE WHEN namespace IS NOT NULL THEN kind_of(namespace) END AS namespace,
    -- A device goes by its token, whatever the namespace, or by its ECID.
    unnest(CASE
        WHEN lower(namespace) = 'ecid' THEN list_distinct(list_append(
            (SELECT coalesce(list(token), []) FROM device WHERE device.id = address_form('token', answer_input.id)),
            address_form('token', id)))
        ELSE [address_form(kind_of(namespace), id)] END) AS id,
    subscription,
    coalesce(choice.choice, 'invalid') AS choice,
    since,
    ends
FROM answer_input
LEFT JOIN choice ON lower(choice.choice) = lower(val) AND choice.choice NOT IN ('several', 'invalid')
WHERE val IS NOT NULL AND val <> ''
    AND NOT placeholder(profile)
    -- An identity that is nobody's says nothing.
    AND (answer_input.namespace IS NULL OR
        address_form(kind_of(answer_input.namespace), answer_input.id) IS NOT NULL);

-- A row without a token is for all devices of a person: what denies one denies it,
-- and a yes of one is none of the others.
INSERT INTO answer
SELECT DISTINCT record, profile, field, 'any device', NULL, NULL, answer.choice, since, ends
FROM answer JOIN choice USING (choice) WHERE namespace = 'token' AND class IN ('no', 'invalid');

-- Folds a table of answers into the most restrictive of each record's: two
-- different bases are several, unless something stricter is among them. Of equal
-- choices the time is unknown where one is; else the latest of a no and the
-- earliest of the rest; and they end with the first.
CREATE MACRO strictest(answers) AS TABLE
WITH ranked AS (
    SELECT
        a.*, class, strictness,
        max(strictness) OVER same AS top,
        count(DISTINCT CASE WHEN class = 'basis' THEN a.choice END) OVER same AS bases
    FROM query_table(answers) a JOIN choice USING (choice)
    WINDOW same AS (PARTITION BY record, profile, field, namespace, id, subscription)
)
SELECT
    record, profile, field, namespace, id, subscription,
    CASE WHEN any_value(class) = 'basis' AND any_value(bases) > 1 THEN 'several' ELSE any_value(choice) END AS choice,
    CASE
        WHEN count(*) > count(since) THEN NULL
        WHEN any_value(class) = 'no' THEN max(since)
        ELSE min(since) END AS since,
    min(ends) AS ends
FROM ranked
WHERE strictness = top OR (class = 'basis' AND bases > 1 AND top <= 8)
GROUP BY ALL;

-- Keys of one record that fall together: the most restrictive, always (section 2).
CREATE TABLE record_answer AS SELECT * FROM strictest('answer');

-- Several records: all of them, or under latest only those that count: a no or
-- invalid of unknown time before everything, then the latest known time, then
-- unknown times.
CREATE MACRO counting(answers) AS TABLE
WITH ranked AS (
    SELECT
        a.*,
        CASE
            WHEN most_restrictive THEN 0
            WHEN since IS NULL AND class IN ('no', 'invalid') THEN 1
            WHEN since IS NOT NULL THEN 2
            ELSE 3 END AS turn
    FROM query_table(answers) a JOIN choice USING (choice) CROSS JOIN setting
)
SELECT * EXCLUDE (turn) REPLACE (0 AS record) FROM ranked
QUALIFY rank() OVER (
    PARTITION BY profile, field, namespace, id, subscription
    ORDER BY turn, CASE WHEN turn = 2 THEN -epoch_us(since) ELSE 0 END) = 1;

CREATE TABLE counted AS SELECT * FROM counting('record_answer');

CREATE TABLE fact AS
SELECT profile, field, namespace, id, subscription, choice, class, since, ends
FROM strictest('counted') JOIN choice USING (choice);

-- Of several people at one address the most restrictive, always: the latest is
-- for records of one profile.
CREATE TABLE neighbouring AS
SELECT 0 AS record, addressee AS profile, field, namespace, id, subscription, choice, since, ends
FROM fact JOIN addressee USING (profile);

INSERT INTO fact
SELECT profile, field, namespace, id, subscription, choice, class, since, ends
FROM strictest('neighbouring') JOIN choice USING (choice);
