-- What a job says and what its inputs hold, as tables. The harness fills them;
-- everything after this file is rules.

CREATE TABLE setting (
    most_restrictive BOOLEAN, -- of several records of one profile; else the latest
    propagate BOOLEAN,        -- an opt-out follows the address
    profiles_given BOOLEAN,
    devices_given BOOLEAN,    -- profiles say which devices they have
    require_profile BOOLEAN,
    reach_complaints BOOLEAN  -- transactional messages reach who complained of spam
);

-- Of the job's own; where it names none, those of the rules hold.
CREATE TABLE placeholder_input (word VARCHAR);

CREATE TABLE send_list (
    list INTEGER, -- place in the job
    name VARCHAR,
    channel VARCHAR,
    category VARCHAR,
    subscription VARCHAR,
    send_at TIMESTAMP,     -- of rows that have none
    has_profile BOOLEAN,   -- there is a column with the profile id
    has_address BOOLEAN,   -- and one with the address; if not, it is for all devices of a person
    drops_duplicates BOOLEAN,
    personalized BOOLEAN,
    sender VARCHAR,
    app VARCHAR,      -- of push messages
    platforms VARCHAR -- in lower case, with blanks between
);

CREATE TABLE requirement (list INTEGER, purpose VARCHAR);

-- Layers of policy: jurisdictions from 1 in the order of the job, and the job's
-- own as layer 0. Channel '*' is the default of channels and settings that are
-- not named.
CREATE TABLE jurisdiction (layer INTEGER, country VARCHAR);
CREATE TABLE channel_policy (layer INTEGER, channel VARCHAR, mode VARCHAR, fallback VARCHAR, accepted VARCHAR[]);
CREATE TABLE validity (layer INTEGER, channel VARCHAR, seconds BIGINT);
CREATE TABLE gate (layer INTEGER, gate VARCHAR);

CREATE TABLE planned_input (
    list INTEGER,
    row BIGINT,
    profile VARCHAR,
    address VARCHAR,
    campaign VARCHAR,
    send_at TIMESTAMP
);

CREATE TABLE profile_input (profile VARCHAR, email VARCHAR, phone VARCHAR, country VARCHAR, erased BOOLEAN, devices JSON);

-- One row for each field of each record: field as in marketing.email or share;
-- namespace and id where the answer is for one identity, subscription where it is for one.
CREATE TABLE answer_input (
    record BIGINT,
    profile VARCHAR,
    field VARCHAR,
    namespace VARCHAR,
    id VARCHAR,
    subscription VARCHAR,
    val VARCHAR,
    since TIMESTAMP,
    ends TIMESTAMP -- a yes holds until then
);

CREATE TABLE event_input (
    profile VARCHAR,
    address VARCHAR,
    channel VARCHAR,
    scope VARCHAR,
    choice VARCHAR,
    subscription VARCHAR,
    since TIMESTAMP,
    region VARCHAR -- of phone numbers without a country, where the log has one of its own
);

-- Lists of addresses, domains and people, in the order of the job.
CREATE TABLE screening (
    number INTEGER,
    usage VARCHAR,          -- suppression, block (a provider's), allowed, registry, exemption, erased
    source VARCHAR,         -- for evidence, as field
    field VARCHAR,
    lifts INTEGER,          -- of an exemption, the number of its registry
    marketing_only BOOLEAN, -- of a suppression
    hash VARCHAR,           -- none, sha256, md5, hmac-sha256
    region VARCHAR,         -- of phone numbers without a country, where it has one of its own
    digits BOOLEAN,         -- of hashed phone numbers the plus is left out
    subdomains BOOLEAN,     -- a domain stands for those below it
    plus_tags BOOLEAN,      -- addresses that differ in tags are one
    gmail_dots BOOLEAN
);

-- Entries that are not off the list by their status.
CREATE TABLE entry_input (
    number INTEGER,
    word VARCHAR, -- email, domain, phone, profile, device
    value VARCHAR,
    category VARCHAR,
    sender VARCHAR -- whose messages alone it binds
);

-- The key of keyed hashes as RFC 2104 mixes it in, in hexadecimal.
CREATE TABLE hash_pad (inner_pad VARCHAR, outer_pad VARCHAR);

-- Consent rules, section 2.
CREATE TABLE channel AS
SELECT * FROM (VALUES
    ('email', 'marketing.email', 'email', 'email'),
    ('commercial_email', 'marketing.commercialEmail', 'email', 'email'),
    ('sms', 'marketing.sms', 'phone', 'phone'),
    ('whatsapp', 'marketing.whatsApp', 'phone', 'phone'),
    ('call', 'marketing.call', 'phone', 'phone'),
    ('fax', 'marketing.fax', 'phone', 'phone'),
    ('push', 'marketing.push', 'token', 'token'),
    ('direct_mail', 'marketing.postalMail', NULL, NULL),
    ('in_app', 'marketing.in_app', NULL, NULL)
) AS t (channel, field, kind, namespace);

-- Consent rules, section 1. Restrictiveness is for records that disagree;
-- 'several' is what two different legal bases come to, and nobody accepts it.
CREATE TABLE choice AS
SELECT * FROM (VALUES
    ('y', 'yes', 1), ('dy', 'yes', 2),
    ('LI', 'basis', 3), ('CT', 'basis', 4), ('CP', 'basis', 5), ('VI', 'basis', 6), ('PI', 'basis', 7),
    ('several', 'basis', 8),
    ('u', 'open', 9), ('p', 'open', 10),
    ('dn', 'no', 11), ('invalid', 'invalid', 12), ('n', 'no', 13)
) AS t (choice, class, strictness);

-- Consent rules, section 8.
CREATE TABLE reason AS
SELECT unnest AS reason, ordinality AS severity
FROM unnest([
    'erased', 'suppressed_address', 'suppressed_domain', 'not_allowed', 'no_identity',
    'malformed_address', 'no_address', 'invalid_token', 'opt_out_all',
    'opt_out_channel', 'opt_out_identity', 'opt_out_subscription', 'opt_out_shared',
    'registry', 'consent_invalid', 'consent_expired', 'consent_pending',
    'consent_unknown', 'consent_basis', 'consent_missing', 'purpose_denied',
    'no_profile', 'frequency_cap', 'duplicate']) WITH ORDINALITY;
