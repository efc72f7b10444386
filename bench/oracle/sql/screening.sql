-- Lists of addresses, domains and people (consent rules, section 7): who stands
-- on which.

CREATE MACRO domain_form(x) AS CASE
    WHEN NOT placeholder(x) AND email_valid(email_form('x@' || visible(x))) THEN split_part(email_form('x@' || visible(x)), '@', 2) END;

-- Section 5: tags and dots only widen, of lists that say so.
CREATE MACRO without_tag(x) AS regexp_replace(x, '^([^+@]+)\+[^@]*@', '\1@');
CREATE MACRO without_dots(x) AS CASE
    WHEN regexp_matches(x, '@(gmail|googlemail)\.com$') THEN replace(split_part(x, '@', 1), '.', '') || '@gmail.com'
    ELSE x END;
CREATE MACRO widened(x, tags, dots) AS CASE
    WHEN tags AND dots THEN without_dots(without_tag(x))
    WHEN tags THEN without_tag(x)
    WHEN dots THEN without_dots(x)
    ELSE x END;

-- RFC 2104, with the key mixed in beforehand.
CREATE MACRO keyed(x) AS (SELECT sha256(unhex(outer_pad) || unhex(sha256(unhex(inner_pad) || encode(x)))) FROM hash_pad);

CREATE TABLE entry AS
SELECT
    number,
    word,
    CASE
        WHEN hash NOT IN ('', 'none') THEN nullif(lower(trim(value)), '')
        WHEN word = 'email' THEN widened(address_form('email', value), plus_tags, gmail_dots)
        WHEN word = 'phone' THEN address_form('phone', value, region := region)
        WHEN word = 'domain' THEN domain_form(value)
        WHEN word = 'profile' THEN id_form(value)
        WHEN word = 'device' THEN address_form('token', value) END AS form,
    category,
    sender
FROM entry_input JOIN screening USING (number);

-- The names that a row goes by: its address, the domain of it and all above, its
-- people, where opt-outs follow the address everybody else who has it, and where it
-- names no device those that its message goes to, and everybody else who has one.
CREATE TABLE called (
    list INTEGER, row BIGINT, word VARCHAR, name VARCHAR,
    above BOOLEAN,  -- a domain above that of the address
    person VARCHAR, -- of profile ids
    own BOOLEAN,    -- one of the people that the row is for
    one BOOLEAN     -- one of the devices that it is for
);

INSERT INTO called
SELECT list, row, CASE kind WHEN 'token' THEN 'device' ELSE kind END, address, false, NULL, NULL, false
FROM planned WHERE address IS NOT NULL;

INSERT INTO called
SELECT list, row, 'device', token, false, NULL, NULL::BOOLEAN, true FROM reached;

INSERT INTO called
SELECT list, row, 'domain', array_to_string(steps[step:], '.'), step > 1, NULL, NULL, false
FROM (
    SELECT *, unnest(range(1, len(steps) + 1)) AS step
    FROM (SELECT list, row, string_split(split_part(address, '@', 2), '.') AS steps FROM planned WHERE kind = 'email' AND address IS NOT NULL));

INSERT INTO called
SELECT list, row, 'profile', profile, false, profile, true, false FROM planned WHERE has_profile AND profile IS NOT NULL;

INSERT INTO called
SELECT list, row, 'profile', h.profile, false, h.profile, NOT has_profile, false
FROM planned p JOIN holder h ON h.kind = p.kind AND h.address = p.address
WHERE NOT has_profile OR (SELECT propagate FROM setting)
UNION
SELECT list, row, 'profile', h.profile, false, h.profile, false, false
FROM reached JOIN holder h ON h.kind = 'token' AND h.address = token WHERE (SELECT propagate FROM setting);

-- Suppressions and tombstones follow the address, registries do not. What permits one
-- device permits no other.
CREATE TABLE standing AS
WITH form AS (
    SELECT
        called.*, number, usage, lifts, marketing_only, source, s.field,
        CASE WHEN word = 'email' THEN widened(name, plus_tags, gmail_dots) WHEN word = 'phone' AND digits THEN name[2:] ELSE name END AS form,
        hash
    FROM called CROSS JOIN screening s
    WHERE (NOT above OR subdomains) AND (own IS NULL OR own OR usage IN ('suppression', 'erased'))
        AND NOT (one AND usage IN ('allowed', 'exemption'))
)
SELECT form.* EXCLUDE (form, hash), category, sender
FROM form JOIN entry USING (number, word)
WHERE entry.form = CASE hash
    WHEN 'sha256' THEN sha256(form.form)
    WHEN 'md5' THEN md5(form.form)
    WHEN 'hmac-sha256' THEN keyed(form.form)
    ELSE form.form END;

-- Why an entry is suppressed, as it is usually spelled; what nobody knows binds
-- most.
CREATE MACRO category_of(x) AS CASE
    WHEN lower(x) IN ('spam_complaint', 'spam complaint', 'complaint') THEN 'spam_complaint'
    WHEN lower(x) = 'manual' THEN 'manual'
    WHEN lower(x) IN ('soft', 'soft bounce', 'soft_bounce') THEN 'soft'
    ELSE 'hard' END;

-- Suppressions and provider blocks that bind the row's message. A switch lets
-- transactional ones reach who complained.
CREATE TABLE suppressed AS
SELECT s.list, s.row, number, binds_marketing, source, field, reason, s.category
FROM (
    SELECT
        s.list, s.row, usage, number, source, s.field, s.sender,
        CASE WHEN word = 'domain' THEN 'suppressed_domain' ELSE 'suppressed_address' END AS reason,
        CASE WHEN usage = 'suppression' THEN category_of(s.category) END AS category,
        usage = 'suppression' AND (marketing_only OR reach_complaints AND category_of(s.category) = 'spam_complaint') AS binds_marketing
    FROM standing s CROSS JOIN setting) AS s
JOIN send_list l USING (list)
WHERE CASE usage
    WHEN 'suppression' THEN l.category <> 'transactional' OR NOT binds_marketing
    WHEN 'block' THEN s.sender IS NULL OR s.sender = l.sender
    ELSE false END;

-- What lifts does so for the address, or for a row all of whose people stand on the
-- allowed lists, or on one list of exemptions.
CREATE TABLE lifted AS
WITH own AS (SELECT list, row, count(DISTINCT person) AS people FROM called WHERE own GROUP BY ALL),
lifting AS (
    SELECT *, CASE usage WHEN 'exemption' THEN number END AS exempting, CASE usage WHEN 'exemption' THEN lifts END AS registry
    FROM standing WHERE usage IN ('allowed', 'exemption'))
SELECT list, row, usage, exempting, registry
FROM lifting LEFT JOIN own USING (list, row)
GROUP BY list, row, usage, exempting, registry
HAVING bool_or(word <> 'profile') OR count(DISTINCT CASE WHEN own THEN person END) = any_value(people);

CREATE TABLE registered AS
SELECT list, row, number, source, field FROM standing
WHERE usage = 'registry' AND NOT EXISTS (
    SELECT 1 FROM lifted WHERE lifted.list = standing.list AND lifted.row = standing.row AND lifted.usage = 'exemption' AND registry = standing.number);
