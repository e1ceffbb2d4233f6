-- Roles as documents: the id that survives export and import, who made and changed them, and their place among those that
-- came in one file.
ALTER TABLE roles ADD COLUMN ref_id TEXT NOT NULL DEFAULT '';
ALTER TABLE roles ADD COLUMN created_by TEXT NOT NULL DEFAULT '';
ALTER TABLE roles ADD COLUMN modified_by TEXT NOT NULL DEFAULT '';
ALTER TABLE roles ADD COLUMN modified_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE roles ADD COLUMN place BIGINT NOT NULL DEFAULT 0;
UPDATE roles SET modified_at = created_at;

-- Accounts have one built-in role of their own. The other one goes where nobody has it, and is like any other elsewhere.
DELETE FROM roles WHERE built_in AND kind = 'admin' AND name = 'Bot Admin'
    AND id NOT IN (SELECT role_id FROM role_assignments) AND id NOT IN (SELECT role_id FROM group_role_assignments);
UPDATE roles SET built_in = FALSE WHERE kind = 'admin' AND name = 'Bot Admin';
