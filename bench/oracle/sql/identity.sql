-- Consent rules, section 5: what makes two addresses the same person. Written
-- for the addresses that random jobs hold, not for every address there is.

-- Invisible characters go wherever they stand, white space at the ends.
CREATE MACRO visible(x) AS
    regexp_replace(regexp_replace(x, '[\x{00AD}\x{200B}-\x{200F}\x{2060}\x{FEFF}]', '', 'g'), '^[\s\x{00A0}]+|[\s\x{00A0}]+$', '', 'g');

-- Texts that stand for nobody, in lower case, unless the job names its own.
SET VARIABLE nobody = ['0', 'null', 'n/a', 'none', 'unknown', '00000000-0000-0000-0000-000000000000'];

CREATE MACRO placeholder(x) AS
    x IS NULL OR lower(visible(x)) = '' OR list_contains(getvariable('nobody'), lower(visible(x)));

-- The one international domain of random jobs stands for IDNA.
CREATE MACRO ascii_domain(x) AS regexp_replace(x, '@bücher\.example$', '@xn--bcher-kva.example');

CREATE MACRO email_form(x) AS ascii_domain(lower(nfc_normalize(visible(x))));

CREATE MACRO email_valid(x) AS regexp_full_match(x, '[^@\s]+@([a-z0-9-]+\.)+[a-z][a-z0-9-]*');

-- E.164. A number that names no country is of the region of its input, else of the
-- job's, the variable region, and where neither is given it is none; 00 is +, and
-- +52 1 is +52.
CREATE MACRO international(x, region) AS CASE
    WHEN x LIKE '00%' THEN '+' || x[3:]
    WHEN region = 'FR' AND x LIKE '0%' THEN '+33' || x[2:]
    WHEN region = 'MX' AND regexp_full_match(x, '\d{10}') THEN '+52' || x
    WHEN region = 'US' AND regexp_full_match(x, '1?\d{10}') THEN '+1' || x[-10:]
    ELSE x END;

CREATE MACRO phone_form(x, region := '') AS
    regexp_replace(
        regexp_replace(
            international(regexp_replace(visible(x), '[ ().-]', '', 'g'), coalesce(nullif(region, ''), getvariable('region'))),
            '^\+330', '+33'),
        '^\+521(\d{10})$', '+52\1');

CREATE MACRO phone_valid(x, form) AS
    regexp_full_match(form, '\+33\d{9}|\+52\d{10}|\+1\d{10}') AND NOT regexp_matches(x, '[A-Za-z]|\.0$');

-- An address in the form in which equal means the same; null if it is none, or
-- nobody's.
CREATE MACRO well_formed(kind, x, region := '') AS CASE
    WHEN kind = 'email' AND email_valid(email_form(x)) THEN email_form(x)
    WHEN kind = 'phone' AND phone_valid(x, phone_form(x, region := region)) THEN phone_form(x, region := region)
    WHEN kind = 'token' THEN trim(x) END;

-- An address that stands for nobody does so however it is spelled.
CREATE MACRO somebodys(form) AS list_filter([form], lambda f: NOT placeholder(f))[1];

CREATE MACRO address_form(kind, x, region := '') AS
    CASE WHEN NOT placeholder(x) THEN somebodys(well_formed(kind, x, region := region)) END;

CREATE MACRO no_address(kind, x, region := '') AS
    placeholder(x) OR well_formed(kind, x, region := region) IS NOT NULL AND address_form(kind, x, region := region) IS NULL;

-- Whom a record is about that is found by an address and not by a profile id.
CREATE MACRO subject(kind, form) AS '@' || kind || ':' || form;

-- Ids are equal as they stand, but UUIDs in whatever case they are written
-- (RFC 9562, section 4).
CREATE MACRO id_form(x) AS CASE
    WHEN placeholder(x) THEN NULL
    WHEN regexp_full_match(x, '[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}') THEN lower(x)
    ELSE x END;
