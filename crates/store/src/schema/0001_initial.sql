-- One text for SQLite and PostgreSQL: TEXT, BIGINT and BOOLEAN only. Times are milliseconds since the epoch (UTC);
-- ids and times are made in Rust; JSON documents are TEXT.

CREATE TABLE accounts (
    id TEXT PRIMARY KEY,
    organization_id TEXT NOT NULL,
    name TEXT NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE TABLE users (
    id TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES accounts (id),
    email TEXT NOT NULL,
    first_name TEXT NOT NULL,
    last_name TEXT NOT NULL,
    password_hash TEXT,
    is_owner BOOLEAN NOT NULL,
    can_create_bot BOOLEAN NOT NULL,
    is_developer BOOLEAN NOT NULL,
    details TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX users_by_email ON users (account_id, email);

CREATE TABLE access_tokens (
    token_hash TEXT PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);

CREATE TABLE apps (
    client_id TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES accounts (id),
    owner_id TEXT NOT NULL REFERENCES users (id),
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    algorithm TEXT NOT NULL,
    sealed_secret TEXT NOT NULL,
    public_key TEXT,
    sealed_encryption_key TEXT,
    bots TEXT NOT NULL,
    scopes TEXT NOT NULL,
    push_notifications TEXT NOT NULL,
    jti_enforced BOOLEAN NOT NULL,
    jwe_enforced BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL,
    modified_at BIGINT NOT NULL
);

CREATE TABLE used_token_ids (
    client_id TEXT NOT NULL,
    token_id TEXT NOT NULL,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (client_id, token_id)
);
CREATE INDEX used_token_ids_by_expiry ON used_token_ids (expires_at);

CREATE TABLE bots (
    id TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES accounts (id),
    reference_id TEXT NOT NULL,
    name TEXT NOT NULL,
    description TEXT NOT NULL,
    kind TEXT NOT NULL,
    purpose TEXT NOT NULL,
    color TEXT NOT NULL,
    default_language TEXT NOT NULL,
    languages TEXT NOT NULL,
    content TEXT NOT NULL,
    revision BIGINT NOT NULL,
    last_version BIGINT NOT NULL,
    published_version BIGINT,
    last_sequence BIGINT NOT NULL,
    settings TEXT NOT NULL,
    created_by TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    modified_by TEXT NOT NULL,
    modified_at BIGINT NOT NULL
);
CREATE INDEX bots_by_account ON bots (account_id, created_at, id);

-- A published, numbered version of a bot. Never changed after it was written.
CREATE TABLE versions (
    bot_id TEXT NOT NULL REFERENCES bots (id) ON DELETE CASCADE,
    number BIGINT NOT NULL,
    content TEXT NOT NULL,
    comment TEXT NOT NULL,
    request_id TEXT NOT NULL,
    created_by TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (bot_id, number)
);

-- Values of secured variables, sealed; the configuration itself holds "" for them.
CREATE TABLE secured_values (
    bot_id TEXT NOT NULL REFERENCES bots (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    sealed_value TEXT NOT NULL,
    modified_at BIGINT NOT NULL,
    PRIMARY KEY (bot_id, name)
);

-- A request is a job: what was asked, how far it is, and which worker has it until when.
CREATE TABLE requests (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    account_id TEXT NOT NULL,
    bot_id TEXT,
    sequence BIGINT NOT NULL,
    state TEXT NOT NULL,
    parameters TEXT NOT NULL,
    progress BIGINT NOT NULL,
    log TEXT NOT NULL,
    result TEXT,
    failure TEXT,
    attempt BIGINT NOT NULL,
    worker TEXT,
    lease_until BIGINT NOT NULL,
    due_at BIGINT NOT NULL,
    cancel_requested BOOLEAN NOT NULL,
    app_id TEXT,
    created_by TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    started_at BIGINT,
    modified_at BIGINT NOT NULL,
    finished_at BIGINT
);
CREATE INDEX requests_open ON requests (due_at, id) WHERE state IN ('pending', 'running');
CREATE INDEX requests_by_bot ON requests (bot_id, kind, sequence);
CREATE INDEX requests_by_account ON requests (account_id, created_at);

CREATE TABLE idempotency_keys (
    app_id TEXT NOT NULL,
    idempotency_key TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    request_id TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (app_id, idempotency_key)
);
CREATE INDEX idempotency_keys_by_age ON idempotency_keys (created_at);

CREATE TABLE files (
    id TEXT PRIMARY KEY,
    account_id TEXT NOT NULL,
    media_name TEXT NOT NULL,
    name TEXT NOT NULL,
    extension TEXT NOT NULL,
    context TEXT NOT NULL,
    size BIGINT NOT NULL,
    digest TEXT NOT NULL,
    object_key TEXT NOT NULL,
    created_by TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT
);
CREATE UNIQUE INDEX files_by_media_name ON files (media_name);
CREATE INDEX files_by_expiry ON files (expires_at) WHERE expires_at IS NOT NULL;
CREATE INDEX files_by_object_key ON files (object_key);

-- Archives that exports made, by what is in them: equal content is packed once.
CREATE TABLE archives (
    content_key TEXT PRIMARY KEY,
    object_key TEXT NOT NULL,
    size BIGINT NOT NULL,
    digest TEXT NOT NULL,
    notes TEXT NOT NULL,
    expires_at BIGINT NOT NULL
);

-- Objects that a sweep is about to remove. Its one row in `sweeps` makes sweeps and changes of bots wait for each other.
CREATE TABLE doomed_objects (
    name TEXT PRIMARY KEY
);
CREATE TABLE sweeps (
    id BIGINT PRIMARY KEY,
    last_at BIGINT NOT NULL
);
INSERT INTO sweeps (id, last_at) VALUES (1, 0);

CREATE TABLE change_logs (
    id TEXT PRIMARY KEY,
    account_id TEXT NOT NULL,
    bot_id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    resource_id TEXT NOT NULL,
    resource_type TEXT NOT NULL,
    message TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX change_logs_by_bot ON change_logs (bot_id, created_at, id);

CREATE TABLE audit_logs (
    id TEXT PRIMARY KEY,
    account_id TEXT NOT NULL,
    category TEXT NOT NULL,
    actor_name TEXT NOT NULL,
    description TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX audit_logs_by_account ON audit_logs (account_id, created_at, id);

CREATE TABLE channels (
    bot_id TEXT NOT NULL REFERENCES bots (id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    enabled BOOLEAN NOT NULL,
    details TEXT NOT NULL,
    created_by TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    modified_at BIGINT NOT NULL,
    PRIMARY KEY (bot_id, kind)
);

CREATE TABLE roles (
    id TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES accounts (id),
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    description TEXT NOT NULL,
    permissions TEXT NOT NULL,
    built_in BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX roles_by_name ON roles (account_id, kind, name);

-- A role of a user: on one bot, or on the account where `bot_id` is empty.
CREATE TABLE role_assignments (
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    role_id TEXT NOT NULL REFERENCES roles (id) ON DELETE CASCADE,
    bot_id TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (user_id, role_id, bot_id)
);

CREATE TABLE user_groups (
    id TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES accounts (id),
    name TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX user_groups_by_name ON user_groups (account_id, name);

CREATE TABLE group_members (
    group_id TEXT NOT NULL REFERENCES user_groups (id) ON DELETE CASCADE,
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    PRIMARY KEY (group_id, user_id)
);

-- A role every member of a group has. Like those of users: of one bot, or of the account where `bot_id` is empty.
CREATE TABLE group_role_assignments (
    group_id TEXT NOT NULL REFERENCES user_groups (id) ON DELETE CASCADE,
    role_id TEXT NOT NULL REFERENCES roles (id) ON DELETE CASCADE,
    bot_id TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (group_id, role_id, bot_id)
);

-- A session of a conversation; it is active until it has an end. `state` is the conversation engine's own document.
CREATE TABLE sessions (
    id TEXT PRIMARY KEY,
    account_id TEXT NOT NULL,
    bot_id TEXT NOT NULL REFERENCES bots (id) ON DELETE CASCADE,
    user_id TEXT NOT NULL,
    identity TEXT NOT NULL,
    channel TEXT NOT NULL,
    interactive BOOLEAN NOT NULL,
    developer BOOLEAN NOT NULL,
    languages TEXT NOT NULL,
    user_tags TEXT NOT NULL,
    session_tags TEXT NOT NULL,
    containment TEXT,
    messages BIGINT NOT NULL,
    tasks BIGINT NOT NULL,
    call_id TEXT,
    state TEXT NOT NULL,
    revision BIGINT NOT NULL,
    started_at BIGINT NOT NULL,
    active_at BIGINT NOT NULL,
    ended_at BIGINT
);
CREATE INDEX sessions_by_bot ON sessions (bot_id, started_at, id);
CREATE INDEX sessions_active ON sessions (bot_id, user_id, channel) WHERE ended_at IS NULL;
CREATE INDEX sessions_by_account ON sessions (account_id, started_at, id);

CREATE TABLE messages (
    id TEXT PRIMARY KEY,
    session_id TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    bot_id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    channel TEXT NOT NULL,
    direction TEXT NOT NULL,
    sequence BIGINT NOT NULL,
    client_id TEXT,
    language TEXT NOT NULL,
    components TEXT NOT NULL,
    tags TEXT NOT NULL,
    alternative_texts TEXT NOT NULL,
    trace_id TEXT,
    of_task BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX messages_by_session ON messages (session_id, sequence);
CREATE UNIQUE INDEX messages_by_client_id ON messages (session_id, client_id) WHERE client_id IS NOT NULL;
CREATE INDEX messages_by_bot ON messages (bot_id, created_at, session_id, sequence);

-- Where finished requests are announced (Standard Webhooks).
CREATE TABLE webhooks (
    id TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES accounts (id),
    bot_id TEXT,
    url TEXT NOT NULL,
    sealed_secret TEXT NOT NULL,
    events TEXT NOT NULL,
    created_by TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX webhooks_by_account ON webhooks (account_id);
