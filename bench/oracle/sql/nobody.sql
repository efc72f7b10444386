-- The job's own texts that stand for nobody (consent rules, section 5), and the
-- addresses among them in the form that others of their spellings have, too.

SET VARIABLE nobody = (
    SELECT list(DISTINCT form)
    FROM (
        SELECT unnest([lower(visible(word)), well_formed('email', word), well_formed('phone', word)]) AS form
        FROM placeholder_input)
    WHERE form IS NOT NULL);
