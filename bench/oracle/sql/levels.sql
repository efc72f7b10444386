-- Each planned row beside what is known at every level (consent rules, section 3).

CREATE TABLE planned AS
SELECT
    list,
    row,
    p.profile AS written_profile,
    p.address AS written_address,
    CASE WHEN l.has_profile THEN id_form(p.profile) ELSE kind || ':' || address_form(kind, p.address) END AS profile,
    address_form(kind, p.address) AS address,
    p.campaign,
    coalesce(p.send_at, l.send_at) AS send_at,
    l.name, l.channel, l.category, l.subscription, l.has_profile, l.drops_duplicates, l.personalized,
    c.field, c.kind, c.namespace
FROM planned_input p JOIN send_list l USING (list) JOIN channel c USING (channel);

CREATE TABLE level AS
SELECT
    p.*,
    {'choice': a.choice, 'class': a.class, 'since': a.since} AS every_channel,
    {'choice': c.choice, 'class': c.class, 'since': c.since} AS one_channel,
    {'choice': i.choice, 'class': i.class, 'since': i.since} AS identity,
    {'choice': s.choice, 'class': s.class, 'since': s.since} AS bound,
    per.class AS personal,
    idp.class AS identity_personal
FROM planned p
LEFT JOIN fact a ON a.profile = p.profile AND a.field = 'marketing.any' AND a.namespace IS NULL AND a.subscription IS NULL
LEFT JOIN fact c ON c.profile = p.profile AND c.field = p.field AND c.namespace IS NULL AND c.subscription IS NULL
LEFT JOIN fact i ON i.profile = p.profile AND i.field = p.field AND i.namespace = p.namespace AND i.id = p.address
LEFT JOIN fact s ON s.profile = p.profile AND s.field = p.field AND s.subscription = p.subscription
LEFT JOIN fact per ON per.profile = p.profile AND per.field = 'personalize.content' AND per.namespace IS NULL
LEFT JOIN fact idp ON idp.profile = p.profile AND idp.field = 'personalize.content' AND idp.namespace = p.namespace AND idp.id = p.address;

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
LEFT JOIN residence r ON r.profile = level.profile
JOIN rule ON rule.channel = level.channel AND rule.country IS NOT DISTINCT FROM r.country;

-- The values that the mode reads: the channel's, the identity's, any where both
-- are absent, and the subscription's. Coarser values than the governing one are
-- not asked, finer ones are.
CREATE TABLE reading AS
SELECT list, row, mode, accepted, valid_for, send_at, v.choice AS choice, v.class AS class, v.since AS since
FROM (
    SELECT *, unnest([
        one_channel,
        identity,
        CASE WHEN one_channel.choice IS NULL AND identity.choice IS NULL THEN every_channel END,
        bound]) AS v
    FROM trial)
WHERE v.choice IS NOT NULL;
