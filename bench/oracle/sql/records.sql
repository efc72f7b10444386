-- From the records of consent snapshots to answers. Records are JSON, so that a
-- column that a file lacks is a path that finds nothing.

CREATE TABLE record (record BIGINT, source INTEGER, profile VARCHAR, body JSON);

-- Sources in the layout of columns; the others have the nested struct.
CREATE TABLE flat (source INTEGER);

-- The column of each field that the job maps, dotted as in marketing.email.val, and
-- the choice for each text that stands for one.
CREATE TABLE mapping (source INTEGER, field VARCHAR, name VARCHAR);
CREATE TABLE translation (source INTEGER, text VARCHAR, choice VARCHAR);

