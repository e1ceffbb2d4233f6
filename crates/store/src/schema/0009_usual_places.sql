-- The places a user has signed in from, as marks that no address can be read from.
CREATE TABLE usual_places (
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    mark TEXT NOT NULL,
    seen_at BIGINT NOT NULL,
    PRIMARY KEY (user_id, mark)
);
CREATE INDEX usual_places_by_time ON usual_places (seen_at);
