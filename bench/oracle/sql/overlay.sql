-- Events laid over the snapshots, by their time (consent rules, section 6).

CREATE TABLE change AS
SELECT
    question,
    bool_or(choice = 'n') AS opted_out,
    -- One without a time is later than all.
    CASE WHEN bool_or(choice = 'n' AND since IS NULL) THEN NULL ELSE max(CASE WHEN choice = 'n' THEN since END) END AS out_since,
    max(CASE WHEN choice = 'y' THEN since END) AS in_since
FROM happened GROUP BY question;

-- An opt-in stands in place of no answer and of earlier ones, but of no invalid one.
CREATE MACRO stands_in(class, since, in_since) AS coalesce(in_since IS NOT NULL AND CASE
    WHEN class IS NULL THEN true
    WHEN class = 'yes' THEN since IS NULL OR since < in_since
    WHEN class = 'invalid' THEN false
    ELSE since < in_since END, false);

-- What the snapshots say of each, with the opt-ins laid over.
CREATE TABLE lifted_answer AS
SELECT q.* REPLACE (
    CASE WHEN lifts THEN 'y' ELSE choice END AS choice,
    CASE WHEN lifts THEN in_since ELSE since END AS since,
    CASE WHEN NOT lifts THEN ends END AS ends)
FROM (
    SELECT q.*, opted_out, out_since, in_since, f.choice, f.since, f.ends, q.profile IS NOT NULL AND stands_in(class, f.since, in_since) AS lifts
    FROM question_number q
    LEFT JOIN change USING (question)
    LEFT JOIN fact f ON f.profile = q.profile AND f.field = q.field
        AND f.namespace IS NOT DISTINCT FROM q.namespace AND f.id IS NOT DISTINCT FROM q.id AND f.subscription IS NOT DISTINCT FROM q.subscription) AS q;

-- Snapshots may be of addresses. What they say of the address of a row is lifted by
-- opt-ins at it: by the address alone, by the one person of the row, and by anybody
-- where the row has none, whose only answer they may be.
CREATE TABLE address_question AS
SELECT list, row, level, kind, address, field, namespace, id, subscription,
    count(DISTINCT profile) AS people, any_value(profile) AS person
FROM question_number WHERE own AND address IS NOT NULL GROUP BY ALL;

CREATE TABLE address_answer AS
SELECT
    list, row, level, f.choice AS snapshot, f.since AS snapshot_since,
    lifts,
    CASE WHEN lifts THEN 'y' ELSE f.choice END AS choice,
    CASE WHEN lifts THEN in_since ELSE f.since END AS since,
    CASE WHEN NOT lifts THEN f.ends END AS ends
FROM (
    SELECT a.*, f, in_since,
        stands_in(f.class, f.since, in_since) AND (people = 0 OR f.class IS NOT NULL) AS lifts
    FROM (
        SELECT a.*, (
            SELECT max(e.since) FROM opt_in e
            WHERE e.field = a.field AND e.one_address = (level = 'identity') AND e.subscription IS NOT DISTINCT FROM a.subscription
                AND e.kind = a.kind AND e.address = a.address
                AND (e.profile IS NULL OR people = 0 OR people = 1 AND e.profile = person)) AS in_since
        FROM address_question a) AS a
    LEFT JOIN fact f ON f.profile = subject(a.kind, a.address) AND f.field = a.field
        AND f.namespace IS NOT DISTINCT FROM a.namespace AND f.id IS NOT DISTINCT FROM a.id AND f.subscription IS NOT DISTINCT FROM a.subscription);

-- An opt-out applies unless an explicit yes of a later time answers it, of the person
-- or in a snapshot of the address.
CREATE TABLE answer_to_opt_out AS
SELECT 0 AS record, question::VARCHAR AS profile, NULL AS field, NULL AS namespace, NULL AS id, NULL AS subscription, choice, since, ends
FROM lifted_answer WHERE choice IS NOT NULL
UNION ALL
SELECT 0, question::VARCHAR, NULL, NULL, NULL, NULL, snapshot, snapshot_since, NULL
FROM question_number q JOIN address_answer a USING (list, row, level) WHERE q.own AND snapshot IS NOT NULL;

CREATE TABLE counted_answer_to_opt_out AS SELECT * FROM counting('answer_to_opt_out');

CREATE TABLE standing_opt_out AS
SELECT question
FROM lifted_answer q
LEFT JOIN (SELECT profile::BIGINT AS question, choice, since FROM strictest('counted_answer_to_opt_out')) AS answer USING (question)
WHERE opted_out AND NOT coalesce(in_since > out_since, false) AND NOT coalesce(answer.choice = 'y' AND answer.since > out_since, false);

-- What other people say for themselves.
CREATE TABLE said AS
SELECT
    list, row, own, profile, level,
    CASE WHEN applies THEN 'n' ELSE choice END AS choice,
    CASE
        WHEN NOT applies THEN since
        WHEN choice = 'n' AND since IS NULL THEN NULL
        WHEN choice = 'n' AND out_since IS NOT NULL THEN greatest(since, out_since)
        ELSE out_since END AS since,
    ends
FROM (SELECT *, question IN (SELECT question FROM standing_opt_out) AS applies FROM lifted_answer) WHERE NOT own;

-- One answer a row and level: of several people the most restrictive. That of the
-- address is a record like theirs, unless it opted in itself.
CREATE TABLE people_answer AS
SELECT 0 AS record, list || '/' || row AS profile, level AS field, NULL AS namespace, NULL AS id, NULL AS subscription, choice, since, ends
FROM lifted_answer WHERE own AND choice IS NOT NULL;

CREATE TABLE either_answer AS
SELECT p.record, p.profile, p.field, p.namespace, p.id, 'people' AS subscription, p.choice, p.since, p.ends FROM strictest('people_answer') p
UNION ALL
SELECT 0, list || '/' || row, level, NULL, NULL, CASE WHEN lifts THEN 'address' ELSE 'people' END, choice, since, ends
FROM address_answer WHERE choice IS NOT NULL;

CREATE TABLE row_answer AS
SELECT * REPLACE (NULL AS subscription) FROM counting('either_answer')
UNION ALL
SELECT 0, list || '/' || row, level, NULL, NULL, NULL, 'n', out_since, NULL
FROM lifted_answer JOIN standing_opt_out USING (question) WHERE own;

CREATE TABLE row_level AS
SELECT split_part(profile, '/', 1)::INTEGER AS list, split_part(profile, '/', 2)::BIGINT AS row, field AS level, choice, class, since, ends
FROM strictest('row_answer') JOIN choice USING (choice);
