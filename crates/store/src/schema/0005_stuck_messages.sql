-- How often a message was taken to be answered, and when it may be taken again after it failed.
ALTER TABLE inbox ADD COLUMN attempts BIGINT NOT NULL DEFAULT 0;
ALTER TABLE inbox ADD COLUMN due_at BIGINT NOT NULL DEFAULT 0;

-- The same for erasures.
ALTER TABLE erase_requests ADD COLUMN attempts BIGINT NOT NULL DEFAULT 0;
ALTER TABLE erase_requests ADD COLUMN due_at BIGINT NOT NULL DEFAULT 0;

-- Messages that could not be answered and were given up: for the operator, who retries or drops them.
CREATE TABLE stuck_messages (
    id TEXT PRIMARY KEY,
    account_id TEXT NOT NULL,
    bot_id TEXT NOT NULL REFERENCES bots (id) ON DELETE CASCADE,
    user_id TEXT NOT NULL,
    identity TEXT NOT NULL,
    channel TEXT NOT NULL,
    payload TEXT NOT NULL,
    attempts BIGINT NOT NULL,
    reason TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    given_up_at BIGINT NOT NULL
);
CREATE INDEX stuck_messages_by_bot ON stuck_messages (bot_id, user_id);
CREATE INDEX stuck_messages_by_age ON stuck_messages (given_up_at);
