-- The planned rows.

CREATE TABLE planned AS
SELECT
    list,
    row,
    p.profile AS written_profile,
    p.address AS written_address,
    CASE WHEN l.has_profile THEN id_form(p.profile) ELSE kind || ':' || address_form(kind, p.address) END AS profile,
    address_form(kind, p.address) AS address,
    id_form(p.campaign) AS campaign,
    coalesce(p.send_at, l.send_at) AS send_at,
    l.name, l.channel, l.category, l.subscription, l.has_profile, l.has_address, l.drops_duplicates, l.personalized, l.app, l.platforms,
    c.field, c.kind, CASE WHEN c.kind = 'token' AND NOT l.has_address THEN 'any device' ELSE c.namespace END AS namespace
FROM planned_input p JOIN send_list l USING (list) JOIN channel c USING (channel);

-- The devices that the message of a row without a token goes to.
CREATE TABLE destination AS
SELECT list, row, h.address AS token FROM planned p JOIN holder h ON h.profile = p.profile AND h.kind = 'token'
WHERE p.kind = 'token' AND NOT has_address;

-- Of those what others say who have one counts, and what lists do, but for entries that
-- deny it.
CREATE TABLE reached AS
SELECT DISTINCT list, row, token FROM planned p JOIN device d ON d.profile = p.profile
WHERE p.kind = 'token' AND NOT has_address AND NOT denied;

-- What the snapshots say of a row: of its person, and of its address, which is one
-- more record of that person (section 5: either hit counts).
CREATE TABLE row_record AS
SELECT 0 AS record, list || '/' || row AS profile, f.field, f.namespace, NULL AS id, NULL AS subscription, f.choice, f.since, f.ends
FROM planned p JOIN fact f ON f.profile IN (p.profile, subject(p.kind, p.address))
WHERE f.subscription IS NULL AND (f.namespace IS NULL OR f.namespace = p.namespace AND f.id IS NOT DISTINCT FROM p.address);

CREATE TABLE row_counted AS SELECT * FROM counting('row_record');

CREATE TABLE row_fact AS
SELECT split_part(profile, '/', 1)::INTEGER AS list, split_part(profile, '/', 2)::BIGINT AS row, field, namespace IS NOT NULL AS one_address, choice, class
FROM strictest('row_counted') JOIN choice USING (choice);
