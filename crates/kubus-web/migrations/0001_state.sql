-- The window's own state: who may sign in, who is signed in, who looked at what.
-- Portable SQL: text keys, BIGINT seconds since 1970 (UTC), no figures of any release.
CREATE TABLE users (
    name          TEXT   NOT NULL PRIMARY KEY,
    role          TEXT   NOT NULL,
    password_hash TEXT   NOT NULL,
    created_at    BIGINT NOT NULL
);

CREATE TABLE sessions (
    token_hash TEXT   NOT NULL PRIMARY KEY,
    name       TEXT   NOT NULL REFERENCES users (name) ON DELETE CASCADE,
    opened_at  BIGINT NOT NULL,
    seen_at    BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);

CREATE INDEX sessions_by_name ON sessions (name);

CREATE TABLE audit (
    entry          TEXT   NOT NULL PRIMARY KEY,
    at             BIGINT NOT NULL,
    name           TEXT   NOT NULL,
    role           TEXT   NOT NULL,
    action         TEXT   NOT NULL,
    release_number BIGINT,
    indicator      TEXT,
    level          TEXT,
    period         TEXT,
    area           TEXT,
    format         TEXT
);

CREATE INDEX audit_by_time ON audit (at);
