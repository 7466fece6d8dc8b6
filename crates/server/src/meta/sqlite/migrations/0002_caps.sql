-- A cap may be set below what was spent already, so the check on both goes; SQLite can drop none but by
-- making the table anew. Grants refer to links and step aside meanwhile: dropping a table counts
-- as deleting its rows.

CREATE TABLE links_anew (
    locator       BLOB    NOT NULL PRIMARY KEY,
    share         BLOB    REFERENCES shares (id),
    ordinal       INTEGER NOT NULL,
    verifier      BLOB,
    envelope      BLOB,
    password      INTEGER NOT NULL,
    direct        INTEGER NOT NULL,
    max_downloads INTEGER,
    downloads     INTEGER NOT NULL CHECK (downloads >= 0),
    expires_at    INTEGER,
    label         BLOB,
    last_used_at  INTEGER,
    -- Why and when it ended for good.
    ended         TEXT    CHECK (ended IN ('expired', 'revoked', 'used_up')),
    ended_at      INTEGER,
    -- When its cap was changed last.
    capped_at     INTEGER
) STRICT;

INSERT INTO links_anew (locator, share, ordinal, verifier, envelope, password, direct, max_downloads, downloads,
    expires_at, label, last_used_at, ended, ended_at)
SELECT locator, share, ordinal, verifier, envelope, password, direct, max_downloads, downloads,
    expires_at, label, last_used_at, ended, ended_at
FROM links;

CREATE TABLE grants_aside (
    hash       BLOB    NOT NULL PRIMARY KEY,
    locator    BLOB    NOT NULL,
    used       INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    ends_at    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

INSERT INTO grants_aside (hash, locator, used, expires_at, ends_at)
SELECT hash, locator, used, expires_at, ends_at FROM grants;

DROP TABLE grants;
DROP TABLE links;
ALTER TABLE links_anew RENAME TO links;

CREATE INDEX links_share ON links (share) WHERE share IS NOT NULL;
CREATE INDEX links_ended ON links (ended_at) WHERE ended_at IS NOT NULL;
CREATE INDEX links_expired ON links (expires_at) WHERE expires_at IS NOT NULL;
CREATE INDEX links_used ON links (last_used_at) WHERE last_used_at IS NOT NULL;

CREATE TABLE grants (
    hash       BLOB    NOT NULL PRIMARY KEY,
    locator    BLOB    NOT NULL REFERENCES links (locator),
    used       INTEGER NOT NULL,
    -- When it ends if it is used.
    expires_at INTEGER NOT NULL,
    -- When it ends as it is: sooner as long as it is unused.
    ends_at    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

INSERT INTO grants (hash, locator, used, expires_at, ends_at)
SELECT hash, locator, used, expires_at, ends_at FROM grants_aside;

DROP TABLE grants_aside;

CREATE INDEX grants_ends ON grants (ends_at);
CREATE INDEX grants_locator ON grants (locator);
