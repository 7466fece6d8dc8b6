-- Rows of shares (uploads are shares to be), links and grants. Times are Unix seconds.
-- Flags are 0 or 1, so that the same statements run where there are booleans and where there are none.

CREATE TABLE shares (
    id              BLOB    NOT NULL PRIMARY KEY,
    state           TEXT    NOT NULL CHECK (state IN ('aborted', 'completing', 'deleting', 'gone', 'live', 'receiving')),
    blob            TEXT    NOT NULL UNIQUE,
    header          BLOB    NOT NULL,
    part_size       INTEGER NOT NULL,
    size            INTEGER,
    owner_verifier  BLOB    NOT NULL,
    owner_envelope  BLOB,
    created_at      INTEGER NOT NULL,
    expires_at      INTEGER NOT NULL,
    charged         INTEGER NOT NULL CHECK (charged >= 0),
    received        INTEGER NOT NULL CHECK (received >= 0),
    -- What complete fixed, to answer a repetition.
    body_digest     BLOB,
    link_expires_at INTEGER,
    -- When a live share was first seen without live link and grant.
    idle_since      INTEGER,
    -- When the sweeper looks at a live share next; NULL until a grant goes away.
    look_at         INTEGER,
    deleted_at      INTEGER
) STRICT;

-- Sums of charges read this index alone.
CREATE INDEX shares_charged ON shares (charged) WHERE charged > 0;
CREATE INDEX shares_open ON shares (state, expires_at);
CREATE INDEX shares_look ON shares (state, look_at) WHERE look_at IS NOT NULL;
CREATE INDEX shares_state ON shares (state, charged, received);
CREATE INDEX shares_deleted ON shares (state, deleted_at) WHERE deleted_at IS NOT NULL;

-- Apart from the row, so that a change of state does not write megabytes.
CREATE TABLE manifests (
    share    BLOB NOT NULL PRIMARY KEY REFERENCES shares (id),
    manifest BLOB NOT NULL
) STRICT;

CREATE TABLE parts (
    share  BLOB    NOT NULL REFERENCES shares (id),
    number INTEGER NOT NULL,
    start  INTEGER NOT NULL,
    length INTEGER NOT NULL,
    digest BLOB    NOT NULL,
    tag    TEXT    NOT NULL,
    PRIMARY KEY (share, number)
) STRICT, WITHOUT ROWID;

-- A row stays for ever; of a tombstone only the locator is left.
CREATE TABLE links (
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
    CHECK (max_downloads IS NULL OR downloads <= max_downloads)
) STRICT;

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

CREATE INDEX grants_ends ON grants (ends_at);
CREATE INDEX grants_locator ON grants (locator);

-- Wrong proofs of a client for a link.
CREATE TABLE attempts (
    locator BLOB    NOT NULL,
    client  BLOB    NOT NULL,
    wrong   INTEGER NOT NULL,
    since   INTEGER NOT NULL,
    PRIMARY KEY (locator, client)
) STRICT, WITHOUT ROWID;

CREATE INDEX attempts_since ON attempts (since);

-- Wrong proofs of all clients for a link with a password.
CREATE TABLE link_attempts (
    locator BLOB    NOT NULL PRIMARY KEY,
    wrong   INTEGER NOT NULL,
    since   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX link_attempts_since ON link_attempts (since);

-- Clients that gave the right proof for a link with a password.
CREATE TABLE right_proofs (
    locator BLOB    NOT NULL,
    client  BLOB    NOT NULL,
    last_at INTEGER NOT NULL,
    PRIMARY KEY (locator, client)
) STRICT, WITHOUT ROWID;

CREATE INDEX right_proofs_last ON right_proofs (last_at);

CREATE TABLE peppers (
    day    INTEGER NOT NULL PRIMARY KEY,
    pepper BLOB    NOT NULL
) STRICT;
