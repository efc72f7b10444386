-- One verdict a row: the primary reason is the most severe (consent rules, section 8).

CREATE TABLE verdict AS
WITH reasons AS (
    SELECT list, row, list(reason ORDER BY severity) AS reasons
    FROM (SELECT DISTINCT list, row, reason FROM objection) JOIN reason USING (reason) GROUP BY ALL
)
SELECT
    list,
    row,
    CASE
        WHEN reasons IS NULL THEN 'kept'
        WHEN reasons[1] IN ('no_identity', 'malformed_address') THEN 'quarantined'
        ELSE 'dropped' END AS decision,
    reasons[1] AS reason,
    coalesce(reasons, []) AS reasons
FROM planned_input LEFT JOIN reasons USING (list, row);

-- What decided, where that is one value of the recipient's own, or one list of
-- addresses or people: of several that which binds most, then the one named first.
CREATE TABLE evidence AS
WITH screened AS (
    SELECT list, row, reason, source, field, category
    FROM suppressed
    QUALIFY 1 = row_number() OVER (
        PARTITION BY list, row, reason
        ORDER BY binds_marketing, list_position(['hard', 'soft', 'manual', 'spam_complaint', NULL], category), number)
    UNION ALL
    SELECT list, row, 'registry', source, field, NULL FROM registered
    QUALIFY 1 = row_number() OVER (PARTITION BY list, row ORDER BY number)
)
SELECT
    list, row, source, field,
    coalesce(value.choice, category) AS value,
    value.since AS effective_at
FROM (
    SELECT list, row, reason, CASE reason
        WHEN 'opt_out_all' THEN every_channel
        WHEN 'opt_out_channel' THEN one_channel
        WHEN 'opt_out_identity' THEN identity
        WHEN 'opt_out_subscription' THEN bound END AS value
    FROM verdict JOIN level USING (list, row))
LEFT JOIN screened USING (list, row, reason);

-- Section 9. Personal content under every rule that is to permit it.
CREATE TABLE personal AS
SELECT
    list,
    row,
    bool_and(
        coalesce(identity_personal, '') NOT IN ('no', 'invalid')
        AND CASE gate
            WHEN 'opt_out' THEN coalesce(personal, '') NOT IN ('no', 'invalid')
            ELSE coalesce(personal, '') = 'yes' END) AS personalized
FROM trial WHERE personalized GROUP BY ALL;
