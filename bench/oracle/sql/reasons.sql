-- Every reason against every row (consent rules, sections 3 to 8).

CREATE TABLE objection (list INTEGER, row BIGINT, reason VARCHAR);

INSERT INTO objection
SELECT list, row, 'erased' FROM planned p JOIN person ON person.profile IN (p.profile, subject(kind, address)) WHERE erased
UNION SELECT list, row, 'erased' FROM planned JOIN erased_address USING (kind, address)
WHERE NOT has_profile OR (SELECT propagate FROM setting)
UNION SELECT list, row, 'erased' FROM reached JOIN erased_address ON kind = 'token' AND address = token
WHERE (SELECT propagate FROM setting)
UNION SELECT list, row, 'erased' FROM standing WHERE usage = 'erased';

-- Section 7.
INSERT INTO objection SELECT DISTINCT list, row, reason FROM suppressed;

INSERT INTO objection
SELECT list, row, 'not_allowed' FROM planned
WHERE EXISTS (SELECT 1 FROM screening WHERE usage = 'allowed')
    AND NOT EXISTS (SELECT 1 FROM lifted WHERE lifted.list = planned.list AND lifted.row = planned.row AND usage = 'allowed');

INSERT INTO objection SELECT DISTINCT list, row, 'registry' FROM registered;

INSERT INTO objection
SELECT list, row, 'no_identity' FROM planned WHERE has_profile AND profile IS NULL;

INSERT INTO objection
SELECT list, row, CASE WHEN no_address(kind, written_address) THEN 'no_address' ELSE 'malformed_address' END
FROM planned WHERE kind IS NOT NULL AND has_address AND address IS NULL;
INSERT INTO objection
SELECT list, row, 'no_address' FROM planned ANTI JOIN destination USING (list, row) WHERE kind IS NOT NULL AND NOT has_address;

-- Whether a message can go to a device.
CREATE MACRO fits(denied, app, platform, wanted_app, wanted_platforms) AS
    NOT denied
    AND (wanted_app IS NULL OR coalesce(app = wanted_app, false))
    AND (wanted_platforms IS NULL OR coalesce(list_contains(string_split(wanted_platforms, ' '), platform), false));

-- A token must be one that some profile has, and none speaks against. Of a row without
-- a token some device must do, by what the records of its person say.
INSERT INTO objection
SELECT list, row, 'invalid_token' FROM planned p
WHERE kind = 'token' AND address IS NOT NULL AND (SELECT devices_given FROM setting)
    AND NOT coalesce((SELECT bool_and(fits(denied, d.app, d.platform, p.app, p.platforms)) FROM device d WHERE d.token = p.address), false);
INSERT INTO objection
SELECT list, row, 'invalid_token' FROM planned p
WHERE kind = 'token' AND NOT has_address
    AND (SELECT NOT bool_or(fits(denied, d.app, d.platform, p.app, p.platforms)) FROM device d WHERE d.profile = p.profile);

-- Section 3, 1. A default of no for every channel is nobody's own answer.
INSERT INTO objection
SELECT list, row, 'opt_out_all' FROM level
WHERE every_channel.class = 'no'
    AND NOT (every_channel.choice = 'dn'
        AND (coalesce(one_channel.class, '') = 'yes' OR coalesce(identity.class, '') = 'yes'));
INSERT INTO objection SELECT list, row, 'opt_out_channel' FROM level WHERE one_channel.class = 'no';
INSERT INTO objection SELECT list, row, 'opt_out_identity' FROM level WHERE identity.class = 'no';
INSERT INTO objection SELECT list, row, 'opt_out_subscription' FROM level WHERE bound.class = 'no';

-- Section 5: an opt-out follows the address. Here too a default of no for every
-- channel yields to a yes of the other profile for this one, or for this address.
-- Without a column for the profile everybody with the address is the row's own:
-- where they are several, a no of any of them counts, whatever the others say.
INSERT INTO objection
SELECT DISTINCT list, row, 'opt_out_shared'
FROM planned p
JOIN (SELECT list, row, profile AS other, level, choice.choice, class FROM said JOIN choice USING (choice) WHERE NOT own) o USING (list, row)
WHERE CASE
        WHEN has_profile THEN (SELECT propagate FROM setting) AND other IS DISTINCT FROM p.profile
        ELSE (SELECT count(DISTINCT h.profile) FROM holder h WHERE h.kind = p.kind AND h.address = p.address) > 1 END
    AND class = 'no'
    AND (level = 'channel'
        OR level = 'any' AND NOT (choice = 'dn' AND EXISTS (
            SELECT 1 FROM said finer JOIN choice USING (choice)
            WHERE finer.list = p.list AND finer.row = p.row AND NOT finer.own AND finer.profile = other
                AND finer.level IN ('channel', 'identity') AND class = 'yes')));

-- Section 3, 2.
INSERT INTO objection
SELECT list, row, 'consent_invalid' FROM level
WHERE 'invalid' IN (every_channel.class, one_channel.class, identity.class, bound.class);

-- Section 3, 4, and its last paragraph.
INSERT INTO objection
SELECT list, row, 'consent_expired' FROM reading
WHERE class = 'yes' AND (ends <= send_at OR valid_for IS NOT NULL AND (since IS NULL OR since + valid_for < send_at));
INSERT INTO objection SELECT list, row, 'consent_pending' FROM reading WHERE mode = 'opt_in' AND choice = 'p';
INSERT INTO objection SELECT list, row, 'consent_unknown' FROM reading WHERE mode = 'opt_in' AND choice = 'u';
INSERT INTO objection
SELECT list, row, 'consent_basis' FROM reading WHERE mode = 'opt_in' AND class = 'basis' AND NOT list_contains(accepted, choice);
-- Nothing governs: the job's default does, read by the same table.
INSERT INTO objection
SELECT list, row, 'consent_missing'
FROM trial LEFT JOIN choice ON choice.choice = fallback
WHERE one_channel.choice IS NULL AND identity.choice IS NULL AND every_channel.choice IS NULL
    AND CASE
        WHEN mode = 'opt_out' THEN class = 'no'
        ELSE fallback IS NULL OR NOT (class = 'yes' OR (class = 'basis' AND list_contains(accepted, fallback))) END;

-- Section 9, other purposes.
INSERT INTO objection
SELECT list, trial.row, 'purpose_denied'
FROM trial JOIN requirement USING (list)
LEFT JOIN row_fact f ON f.list = trial.list AND f.row = trial.row AND f.field = requirement.purpose AND NOT f.one_address
WHERE coalesce(class, '') <> 'yes' AND NOT (coalesce(class, '') = 'basis' AND list_contains(accepted, choice));

-- A yes of the person lifts no no for the address.
INSERT INTO objection
SELECT list, row, 'purpose_denied'
FROM row_fact JOIN requirement USING (list)
WHERE field = purpose AND one_address AND class IN ('no', 'invalid');

-- Section 3: who is not there, where the job says that profiles must exist.
INSERT INTO objection
SELECT list, row, 'no_profile' FROM planned p ANTI JOIN person ON person.profile IN (p.profile, subject(kind, address))
WHERE (SELECT profiles_given AND require_profile FROM setting);

-- Section 8: the first row of a recipient stays, whatever its verdict.
INSERT INTO objection
SELECT list, row, 'duplicate'
FROM (
    SELECT list, row, row_number() OVER (
        PARTITION BY channel,
            kind IS NOT NULL AND has_address,
            CASE WHEN kind IS NOT NULL AND has_address THEN address ELSE profile END,
            campaign,
            CASE WHEN campaign IS NULL THEN list END
        ORDER BY list, row) AS turn
    FROM planned
    WHERE drops_duplicates AND CASE WHEN kind IS NOT NULL AND has_address THEN address ELSE profile END IS NOT NULL)
WHERE turn > 1;

-- Section 4. What stops marketing only does not stop a transactional message.
DELETE FROM objection USING send_list
WHERE send_list.list = objection.list AND category = 'transactional'
    AND (reason LIKE 'opt\_out\_%' ESCAPE '\' OR reason LIKE 'consent\_%' ESCAPE '\' OR reason IN ('registry', 'no_profile'));
