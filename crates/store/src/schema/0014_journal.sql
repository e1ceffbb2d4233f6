-- What a turn that acts outside of the process keeps before its end: what it began with (`frame`), what it said (`said`), and
-- to how much of that who polls for the answer was told (`told`). It goes with the turn's last commit.
ALTER TABLE inbox ADD COLUMN frame TEXT;
ALTER TABLE inbox ADD COLUMN said TEXT;
ALTER TABLE inbox ADD COLUMN told BIGINT NOT NULL DEFAULT 0;

-- What such a turn was answered, by the place of the question in it.
CREATE TABLE turn_effects (
    inbox_id TEXT NOT NULL REFERENCES inbox (id) ON DELETE CASCADE,
    place TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    answer TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (inbox_id, place)
);

-- Writes to data tables are kept with the turn that made them.
DROP TABLE data_table_operations;
