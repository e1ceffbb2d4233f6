-- What BotKit servers were asked, by the ids under which they call back. While a turn waits, `answers` is what it was
-- told so far; what comes later acts by itself. The session is written when its first turn ends, so it may not be there.
CREATE TABLE botkit_requests (
    id TEXT PRIMARY KEY,
    account_id TEXT NOT NULL,
    bot_id TEXT NOT NULL REFERENCES bots (id) ON DELETE CASCADE,
    user_id TEXT NOT NULL,
    identity TEXT NOT NULL,
    channel TEXT NOT NULL,
    session_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    payload TEXT NOT NULL,
    state TEXT NOT NULL,
    answers TEXT NOT NULL,
    waits_until BIGINT NOT NULL,
    used_at BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX botkit_requests_by_user ON botkit_requests (bot_id, user_id);
CREATE INDEX botkit_requests_by_use ON botkit_requests (used_at);
