-- Who is there, where they live and what addresses they have (consent rules,
-- section 5). Profile ids that are nobody's match nobody.

CREATE TABLE person AS
SELECT id_form(profile) AS profile, bool_or(coalesce(erased, false)) AS erased
FROM profile_input WHERE NOT placeholder(profile) GROUP BY ALL;

-- Where a person lives; two countries are two, none is none.
CREATE TABLE residence AS
SELECT DISTINCT id_form(profile) AS profile, upper(trim(country)) AS country
FROM profile_input WHERE NOT placeholder(profile) AND trim(coalesce(country, '')) <> '';

-- The devices of profiles (section 7), each as often as it stands there. Any of
-- three spellings denies it.
CREATE TABLE device AS
SELECT
    id_form(profile) AS profile, erased,
    address_form('token', entry->>'$.token') AS token,
    entry->>'$.appID' AS app,
    lower(entry->>'$.platform') AS platform,
    address_form('token', entry->>'$.identity.id') AS id,
    coalesce('true' IN (entry->>'$.denylisted', entry->>'$.blocklisted', entry->>'$.blacklisted'), false) AS denied
FROM (SELECT profile, erased, unnest(devices::JSON[]) AS entry FROM profile_input)
WHERE address_form('token', entry->>'$.token') IS NOT NULL;

CREATE TABLE holder AS
SELECT DISTINCT id_form(profile) AS profile, kind, address_form(kind, address) AS address
FROM (
    SELECT profile, 'email' AS kind, email AS address FROM profile_input
    UNION ALL
    SELECT profile, 'phone', phone FROM profile_input
    UNION ALL
    SELECT profile, 'token', token FROM device)
WHERE NOT placeholder(profile) AND address_form(kind, address) IS NOT NULL;

-- Whoever asked to be forgotten is found by the address, too, whichever record has it,
-- and that of a record without an id.
CREATE TABLE erased_address AS
SELECT kind, address FROM holder JOIN person USING (profile) WHERE erased
UNION
SELECT kind, address_form(kind, address)
FROM (
    SELECT 'email' AS kind, email AS address FROM profile_input WHERE erased
    UNION ALL
    SELECT 'phone', phone FROM profile_input WHERE erased
    UNION ALL
    SELECT 'token', token FROM device WHERE erased)
WHERE address_form(kind, address) IS NOT NULL;

-- The recipient of a row without a column for the profile is whoever has its
-- address: one person, made of all those profiles.
CREATE TABLE addressee AS
SELECT DISTINCT kind || ':' || address_form(kind, p.address) AS addressee, h.profile
FROM planned_input p JOIN send_list USING (list) JOIN channel USING (channel)
JOIN holder h USING (kind)
WHERE NOT has_profile AND h.address = address_form(kind, p.address);

INSERT INTO person SELECT addressee, bool_or(erased) FROM addressee JOIN person USING (profile) GROUP BY ALL;
-- Each of several people is permitted what its own country permits, and who has
-- none what the policy around all countries does.
INSERT INTO residence SELECT DISTINCT addressee, country FROM addressee LEFT JOIN residence USING (profile);
