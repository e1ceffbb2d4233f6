-- When a session ends if its user stays silent; only what closes such sessions by itself reads it.
ALTER TABLE sessions ADD COLUMN expires_at BIGINT;
CREATE INDEX sessions_by_expiry ON sessions (expires_at) WHERE ended_at IS NULL;
CREATE INDEX sessions_by_user ON sessions (bot_id, user_id, channel, started_at);

-- What one user and one bot have to say to each other on one channel. `session_id` is the newest session, which may have
-- ended; `last_position` numbers what waits in the inbox and the outbox; the lease tells which node works on it.
CREATE TABLE conversations (
    bot_id TEXT NOT NULL REFERENCES bots (id) ON DELETE CASCADE,
    user_id TEXT NOT NULL,
    channel TEXT NOT NULL,
    account_id TEXT NOT NULL,
    identity TEXT NOT NULL,
    session_id TEXT,
    details TEXT NOT NULL,
    last_position BIGINT NOT NULL,
    lease_owner TEXT,
    lease_until BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    active_at BIGINT NOT NULL,
    PRIMARY KEY (bot_id, user_id, channel)
);
CREATE INDEX conversations_by_account ON conversations (account_id, user_id);

-- What bots remember outside of sessions. `owner` is who or what a value belongs to, by kind; the columns behind it say
-- the same in parts, for what goes with a bot or a user.
CREATE TABLE context_values (
    kind TEXT NOT NULL,
    owner TEXT NOT NULL,
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    account_id TEXT,
    bot_id TEXT REFERENCES bots (id) ON DELETE CASCADE,
    user_id TEXT,
    expires_at BIGINT,
    PRIMARY KEY (kind, owner, name)
);
CREATE INDEX context_values_by_bot ON context_values (bot_id) WHERE bot_id IS NOT NULL;
CREATE INDEX context_values_by_user ON context_values (user_id) WHERE user_id IS NOT NULL;
CREATE INDEX context_values_by_expiry ON context_values (expires_at) WHERE expires_at IS NOT NULL;

-- Messages that were acknowledged before their turn was done.
CREATE TABLE inbox (
    id TEXT PRIMARY KEY,
    bot_id TEXT NOT NULL REFERENCES bots (id) ON DELETE CASCADE,
    user_id TEXT NOT NULL,
    channel TEXT NOT NULL,
    position BIGINT NOT NULL,
    payload TEXT NOT NULL,
    poll_id TEXT,
    done BOOLEAN NOT NULL,
    result TEXT,
    created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX inbox_pending ON inbox (bot_id, user_id, channel, position) WHERE NOT done;
CREATE UNIQUE INDEX inbox_by_poll_id ON inbox (poll_id) WHERE poll_id IS NOT NULL;
CREATE INDEX inbox_done ON inbox (created_at) WHERE done;

-- Messages that wait to be posted to a customer's server, those of one conversation one after the other.
CREATE TABLE outbox (
    id TEXT PRIMARY KEY,
    bot_id TEXT NOT NULL REFERENCES bots (id) ON DELETE CASCADE,
    user_id TEXT NOT NULL,
    channel TEXT NOT NULL,
    position BIGINT NOT NULL,
    url TEXT NOT NULL,
    body TEXT NOT NULL,
    attempts BIGINT NOT NULL,
    due_at BIGINT NOT NULL,
    lease_owner TEXT,
    lease_until BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX outbox_by_conversation ON outbox (bot_id, user_id, channel, position);
CREATE INDEX outbox_by_due ON outbox (due_at);

-- What a turn did, for whoever develops the bot.
CREATE TABLE turn_logs (
    id TEXT PRIMARY KEY,
    account_id TEXT NOT NULL,
    bot_id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    identity TEXT NOT NULL,
    channel TEXT NOT NULL,
    session_id TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    turn BIGINT NOT NULL,
    entry TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX turn_logs_by_bot ON turn_logs (bot_id, created_at);
CREATE INDEX turn_logs_by_session ON turn_logs (session_id);
CREATE INDEX turn_logs_by_age ON turn_logs (created_at);

-- Tables that bots keep data in. A table begins to exist when something is put into it; its columns are those of its rows.
CREATE TABLE data_tables (
    bot_id TEXT NOT NULL REFERENCES bots (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    row_count BIGINT NOT NULL,
    last_position BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (bot_id, name)
);
CREATE TABLE data_table_rows (
    bot_id TEXT NOT NULL,
    table_name TEXT NOT NULL,
    position BIGINT NOT NULL,
    id TEXT NOT NULL,
    columns TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    modified_at BIGINT NOT NULL,
    PRIMARY KEY (bot_id, table_name, position),
    FOREIGN KEY (bot_id, table_name) REFERENCES data_tables (bot_id, name) ON DELETE CASCADE
);
-- Results of operations on tables, for turns that are done over.
CREATE TABLE data_table_operations (
    bot_id TEXT NOT NULL REFERENCES bots (id) ON DELETE CASCADE,
    operation_key TEXT NOT NULL,
    result TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (bot_id, operation_key)
);
CREATE INDEX data_table_operations_by_age ON data_table_operations (created_at);

-- Wishes that everything about some users be erased.
CREATE TABLE erase_requests (
    id TEXT PRIMARY KEY,
    account_id TEXT NOT NULL,
    status TEXT NOT NULL,
    detail TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    finished_at BIGINT
);
CREATE INDEX erase_requests_open ON erase_requests (created_at) WHERE finished_at IS NULL;
