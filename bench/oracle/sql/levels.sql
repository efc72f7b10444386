-- Each planned row beside what is known at every level (consent rules, section 3).

CREATE TABLE level AS
SELECT
    p.*,
    {'choice': a.choice, 'class': a.class, 'since': a.since, 'ends': a.ends} AS every_channel,
    {'choice': c.choice, 'class': c.class, 'since': c.since, 'ends': c.ends} AS one_channel,
    {'choice': i.choice, 'class': i.class, 'since': i.since, 'ends': i.ends} AS identity,
    {'choice': s.choice, 'class': s.class, 'since': s.since, 'ends': s.ends} AS bound,
    per.class AS personal,
    idp.class AS identity_personal
FROM planned p
LEFT JOIN row_level a ON a.list = p.list AND a.row = p.row AND a.level = 'any'
LEFT JOIN row_level c ON c.list = p.list AND c.row = p.row AND c.level = 'channel'
LEFT JOIN row_level i ON i.list = p.list AND i.row = p.row AND i.level = 'identity'
LEFT JOIN row_level s ON s.list = p.list AND s.row = p.row AND s.level = 'subscription'
LEFT JOIN row_fact per ON per.list = p.list AND per.row = p.row AND per.field = 'personalize.content' AND NOT per.one_address
LEFT JOIN row_fact idp ON idp.list = p.list AND idp.row = p.row AND idp.field = 'personalize.content' AND idp.one_address;

-- The rule for a country: each setting is the nearest that is named, the
-- jurisdiction's before the job's and the channel's before the default's. Null
-- is a country that is unknown.
CREATE TABLE rule AS
WITH place AS (
    SELECT country, min(layer) AS layer
    FROM (SELECT DISTINCT country FROM residence WHERE country IS NOT NULL)
    LEFT JOIN (SELECT layer, upper(trim(country)) AS country FROM jurisdiction) USING (country)
    GROUP BY country
    UNION ALL SELECT NULL, NULL
)
SELECT
    country,
    channels.channel,
    coalesce(jc.mode, jd.mode, oc.mode, od.mode, 'opt_in') AS mode,
    coalesce(jc.fallback, jd.fallback, oc.fallback, od.fallback) AS fallback,
    coalesce(jc.accepted, jd.accepted, oc.accepted, od.accepted, []) AS accepted,
    to_microseconds(1000000 * coalesce(jv.seconds, ov.seconds)) AS valid_for,
    coalesce(jg.gate, og.gate, 'opt_in') AS gate
FROM place CROSS JOIN (SELECT channel FROM channel) AS channels
LEFT JOIN channel_policy jc ON jc.layer = place.layer AND jc.channel = channels.channel
LEFT JOIN channel_policy jd ON jd.layer = place.layer AND jd.channel = '*'
LEFT JOIN channel_policy oc ON oc.layer = 0 AND oc.channel = channels.channel
LEFT JOIN channel_policy od ON od.layer = 0 AND od.channel = '*'
LEFT JOIN validity jv ON jv.layer = place.layer AND jv.channel = channels.channel
LEFT JOIN validity ov ON ov.layer = 0 AND ov.channel = channels.channel
LEFT JOIN gate jg ON jg.layer = place.layer
LEFT JOIN gate og ON og.layer = 0;

-- A row under each rule that is to permit it: one a country of the profile.
CREATE TABLE trial AS
SELECT level.*, mode, fallback, accepted, valid_for, gate
FROM level
LEFT JOIN residence r ON r.profile IN (level.profile, subject(level.kind, level.address))
JOIN rule ON rule.channel = level.channel AND rule.country IS NOT DISTINCT FROM r.country;

-- The values that the mode reads: the channel's, the identity's, any where both
-- are absent, and the subscription's. Coarser values than the governing one are
-- not asked, finer ones are.
CREATE TABLE reading AS
SELECT list, row, mode, accepted, valid_for, send_at, v.choice AS choice, v.class AS class, v.since AS since, v.ends AS ends
FROM (
    SELECT *, unnest([
        one_channel,
        identity,
        CASE WHEN one_channel.choice IS NULL AND identity.choice IS NULL THEN every_channel END,
        bound]) AS v
    FROM trial)
WHERE v.choice IS NOT NULL;
