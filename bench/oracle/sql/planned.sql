-- The planned rows.

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
