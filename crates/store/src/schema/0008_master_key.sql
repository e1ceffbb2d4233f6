-- What the master key looks like that the secrets of this store are sealed under. It says nothing about the key itself.
CREATE TABLE master_key (
    id BIGINT PRIMARY KEY,
    fingerprint TEXT NOT NULL,
    created_at BIGINT NOT NULL
);

-- One sweep at a time, and none while a backup copies objects: who holds this removes them.
ALTER TABLE sweeps ADD COLUMN lease_owner TEXT;
ALTER TABLE sweeps ADD COLUMN lease_until BIGINT NOT NULL DEFAULT 0;

-- What a look at the health of the database writes, now and then: a full or read-only disk shows in no other way.
CREATE TABLE probes (
    id BIGINT PRIMARY KEY,
    written_at BIGINT NOT NULL
);
