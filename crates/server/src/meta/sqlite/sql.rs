//! Every statement. The same text runs on SQLite and PostgreSQL: `$1…$n` in order of first use,
//! time passed in, flags as 0 and 1, no function that only one of them has.
//!
//! A change of state names the old state, so that it happens once.

// --- uploads ---

pub(super) const ADD_UPLOAD: &str = "
INSERT INTO shares (id, state, blob, header, part_size, size, owner_verifier, owner_envelope, created_at,
    expires_at, charged, received)
VALUES ($1, 'receiving', $2, $3, $4, $5, $6, $7, $8, $9, $10, 0) ON CONFLICT DO NOTHING";

pub(super) const CHARGED: &str =
    "SELECT CAST(COALESCE(SUM(charged), 0) AS BIGINT) FROM shares WHERE charged > 0";

pub(super) const UPLOAD: &str = "
SELECT id, state, blob, header, part_size, size, owner_verifier, created_at, expires_at, received,
    body_digest, link_expires_at
FROM shares WHERE id = $1";

pub(super) const PART_DIGEST: &str = "SELECT digest FROM parts WHERE share = $1 AND number = $2";

pub(super) const ADD_PART: &str = "
INSERT INTO parts (share, number, start, length, digest, tag)
VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING";

/// An upload of unknown size is charged with what it received.
pub(super) const COUNT_PART: &str = "
UPDATE shares SET received = received + $1,
    charged = CASE WHEN size IS NULL THEN charged + $1 ELSE charged END, expires_at = $2
WHERE id = $3 AND state = 'receiving'";

pub(super) const PARTS: &str =
    "SELECT number, start, length, digest, tag FROM parts WHERE share = $1 ORDER BY number";

pub(super) const PART_LENGTHS: &str =
    "SELECT number, length FROM parts WHERE share = $1 ORDER BY number";

pub(super) const BEGIN_COMPLETE: &str = "
UPDATE shares SET state = 'completing', size = $1, charged = $1, body_digest = $2, link_expires_at = $3
WHERE id = $4 AND state = 'receiving'";

pub(super) const ADD_MANIFEST: &str = "INSERT INTO manifests (share, manifest) VALUES ($1, $2)";

pub(super) const ADD_LINK: &str = "
INSERT INTO links (locator, share, ordinal, verifier, envelope, password, direct, max_downloads, downloads,
    expires_at, label)
VALUES ($1, $2, (SELECT COALESCE(MAX(ordinal), -1) + 1 FROM links WHERE share = $2), $3, $4, $5, $6, $7, 0,
    $8, $9)
ON CONFLICT DO NOTHING";

pub(super) const PUBLISH: &str =
    "UPDATE shares SET state = 'live', look_at = $1 WHERE id = $2 AND state = 'completing'";

pub(super) const ABORT: &str =
    "UPDATE shares SET state = 'aborted' WHERE id = $1 AND state = 'receiving'";

pub(super) const STATE: &str = "SELECT state FROM shares WHERE id = $1";

// --- links and grants ---

/// A link whose share is not complete yet is not told of; one whose share is gone is.
pub(super) const LINK: &str = "
SELECT l.ended, l.share IS NULL, l.expires_at, l.max_downloads, l.downloads, l.password, l.verifier
FROM links l LEFT JOIN shares s ON s.id = l.share
WHERE l.locator = $1 AND (s.state IS NULL OR s.state <> 'completing')";

pub(super) const ATTEMPTS: &str =
    "SELECT wrong, since FROM attempts WHERE locator = $1 AND client = $2";

pub(super) const LINK_ATTEMPTS: &str = "SELECT wrong, since FROM link_attempts WHERE locator = $1";

pub(super) const RIGHT_PROOF: &str =
    "SELECT last_at FROM right_proofs WHERE locator = $1 AND client = $2";

pub(super) const COUNT_ATTEMPT: &str = "
INSERT INTO attempts (locator, client, wrong, since) VALUES ($1, $2, $3, $4)
ON CONFLICT (locator, client) DO UPDATE SET wrong = excluded.wrong, since = excluded.since";

pub(super) const COUNT_LINK_ATTEMPT: &str = "
INSERT INTO link_attempts (locator, wrong, since) VALUES ($1, $2, $3)
ON CONFLICT (locator) DO UPDATE SET wrong = excluded.wrong, since = excluded.since";

/// Writes at most once a second.
pub(super) const KEEP_RIGHT_PROOF: &str = "
INSERT INTO right_proofs (locator, client, last_at) VALUES ($1, $2, $3)
ON CONFLICT (locator, client) DO UPDATE SET last_at = excluded.last_at
WHERE right_proofs.last_at < excluded.last_at";

pub(super) const OPEN: &str = "
SELECT s.header, l.envelope, m.manifest, s.size, l.expires_at, l.max_downloads, l.downloads
FROM links l JOIN shares s ON s.id = l.share JOIN manifests m ON m.share = s.id
WHERE l.locator = $1 AND s.state = 'live' AND l.ended IS NULL AND (l.expires_at IS NULL OR l.expires_at > $2)
    AND (l.max_downloads IS NULL OR l.downloads < l.max_downloads)";

/// Whether time and downloads are left is told with it.
pub(super) const OPEN_DIRECT: &str = "
SELECT s.header, l.envelope, m.manifest, s.size, l.expires_at, l.max_downloads, l.downloads, s.id, s.blob, l.verifier
FROM links l JOIN shares s ON s.id = l.share JOIN manifests m ON m.share = s.id
WHERE l.locator = $1 AND l.direct = 1 AND l.password = 0 AND s.state = 'live' AND l.ended IS NULL
    AND LENGTH(m.manifest) <= $2";

/// Takes a download: the cap, the link's time and the share's state are checked where it is counted.
pub(super) const TAKE_DOWNLOAD: &str = "
UPDATE links SET downloads = downloads + 1, last_used_at = $1
WHERE locator = $2 AND ended IS NULL AND (expires_at IS NULL OR expires_at > $1)
    AND (max_downloads IS NULL OR downloads < max_downloads)
    AND EXISTS (SELECT 1 FROM shares s WHERE s.id = links.share AND s.state = 'live')
RETURNING max_downloads, downloads";

pub(super) const ADD_GRANT: &str =
    "INSERT INTO grants (hash, locator, used, expires_at, ends_at) VALUES ($1, $2, 0, $3, $4)";

/// Expiry and spent downloads of the link stop new grants only.
pub(super) const GRANT: &str = "
SELECT g.used, g.locator, s.blob, s.size
FROM grants g JOIN links l ON l.locator = g.locator JOIN shares s ON s.id = l.share
WHERE g.hash = $1 AND g.ends_at > $2 AND l.ended IS NULL AND s.state = 'live'";

pub(super) const USE_GRANT: &str = "UPDATE grants SET used = 1, ends_at = expires_at WHERE hash = $1 AND used = 0 AND ends_at > $2";

// --- shares ---

pub(super) const SHARE: &str = "
SELECT s.header, s.owner_envelope, s.size, s.created_at, COALESCE(LENGTH(m.manifest), 0)
FROM shares s LEFT JOIN manifests m ON m.share = s.id WHERE s.id = $1 AND s.state = 'live'";

pub(super) const SHARE_LINKS: &str = "
SELECT locator, label, password, direct, max_downloads, downloads, expires_at, ended, last_used_at
FROM links WHERE share = $1 ORDER BY ordinal";

pub(super) const DELETE_SHARE: &str = "
UPDATE shares SET state = 'deleting', deleted_at = $1 WHERE id = $2 AND state = 'live'";

pub(super) const REVOKE_LINKS: &str = "
UPDATE links SET ended = 'revoked', ended_at = $1 WHERE share = $2 AND ended IS NULL";

pub(super) const DELETE_GRANTS: &str =
    "DELETE FROM grants WHERE locator IN (SELECT locator FROM links WHERE share = $1)";

// --- more links, and changes of links ---

/// Lets the sweeper look at a share whose links may have begun to live: its hour of grace begins anew. Holds
/// the row as well, so that links are added to a share one after the other.
pub(super) const WAKE_SHARE: &str =
    "UPDATE shares SET look_at = $1, idle_since = NULL WHERE id = $2 AND state = 'live'";

/// Tombstones belong to no share.
pub(super) const COUNT_LINKS: &str = "SELECT COUNT(*) FROM links WHERE share = $1";

pub(super) const LINK_SHARE: &str = "SELECT share FROM links WHERE locator = $1";

/// Returns what [`SHARE_LINKS`] does.
pub(super) const CHANGE_LINK: &str = "
UPDATE links SET max_downloads = CASE WHEN $1 = 1 THEN $2 ELSE max_downloads END,
    capped_at = CASE WHEN $1 = 1 THEN $3 ELSE capped_at END,
    expires_at = CASE WHEN $4 = 1 THEN $5 ELSE expires_at END
WHERE locator = $6 AND ended IS NULL
    AND EXISTS (SELECT 1 FROM shares s WHERE s.id = links.share AND s.state = 'live')
RETURNING locator, label, password, direct, max_downloads, downloads, expires_at, ended, last_used_at";

pub(super) const CHANGE_ENDS: &str =
    "UPDATE links SET expires_at = $1 WHERE share = $2 AND ended IS NULL";

pub(super) const REVOKE_LINK: &str = "
UPDATE links SET ended = 'revoked', ended_at = $1
WHERE locator = $2 AND ended IS NULL
    AND EXISTS (SELECT 1 FROM shares s WHERE s.id = links.share AND s.state = 'live')";

pub(super) const DELETE_LINK_GRANTS: &str = "DELETE FROM grants WHERE locator = $1";

// --- sweeping and recovery ---

/// The grants that ended, with whether they give their download back: an unused one ends sooner,
/// and first use moves its end in the same statement that marks it.
pub(super) const SWEEP_GRANTS: &str = "
DELETE FROM grants
WHERE hash IN (SELECT hash FROM grants WHERE ends_at <= $1 ORDER BY ends_at LIMIT $2) AND ends_at <= $1
RETURNING locator, used";

pub(super) const GIVE_BACK: &str =
    "UPDATE links SET downloads = downloads - 1 WHERE locator = $1 AND downloads > 0";

pub(super) const LOOK_NOW: &str = "
UPDATE shares SET look_at = $1
WHERE id = (SELECT share FROM links WHERE locator = $2) AND state = 'live'";

pub(super) const SWEEP_UPLOADS: &str = "
UPDATE shares SET state = 'aborted'
WHERE id IN (SELECT id FROM shares WHERE state = 'receiving' AND expires_at <= $1 ORDER BY expires_at LIMIT $2)
    AND state = 'receiving' AND expires_at <= $1
RETURNING id";

pub(super) const SHARES_TO_LOOK_AT: &str = "
SELECT id, idle_since FROM shares WHERE state = 'live' AND look_at <= $1 ORDER BY look_at LIMIT $2";

pub(super) const HAS_GRANT: &str = "
SELECT EXISTS (SELECT 1 FROM grants g JOIN links l ON l.locator = g.locator WHERE l.share = $1)";

/// The ends of a share's live links.
pub(super) const LIVE_LINK_ENDS: &str = "
SELECT expires_at FROM links
WHERE share = $1 AND ended IS NULL AND (expires_at IS NULL OR expires_at > $2)
    AND (max_downloads IS NULL OR downloads < max_downloads)";

pub(super) const LOOK_LATER: &str =
    "UPDATE shares SET idle_since = $1, look_at = $2 WHERE id = $3 AND state = 'live'";

/// Keeps why each link ended for those with a right proof.
pub(super) const END_LINKS: &str = "
UPDATE links SET ended = CASE WHEN expires_at <= $1 THEN 'expired' ELSE 'used_up' END, ended_at = $1
WHERE share = $2 AND ended IS NULL";

pub(super) const COMPLETING: &str =
    "SELECT id, blob, size FROM shares WHERE state = 'completing' LIMIT $1";

pub(super) const BLOBS_TO_DELETE: &str = "
SELECT id, blob, CASE WHEN state = 'deleting' THEN size ELSE 0 END
FROM shares WHERE state IN ('aborted', 'deleting') LIMIT $1";

pub(super) const DELETE_PARTS: &str = "DELETE FROM parts WHERE share = $1";

pub(super) const DELETE_MANIFEST: &str = "DELETE FROM manifests WHERE share = $1";

pub(super) const FORGET_DELETED: &str = "
UPDATE shares SET state = 'gone', charged = 0, received = 0 WHERE id = $1 AND state = 'deleting'";

pub(super) const FORGET_ABORTED: &str = "DELETE FROM shares WHERE id = $1 AND state = 'aborted'";

pub(super) const BLOB_KNOWN: &str =
    "SELECT EXISTS (SELECT 1 FROM shares WHERE blob = $1 AND state <> 'gone')";

// --- traces ---

pub(super) const SWEEP_ATTEMPTS: &str = "
DELETE FROM attempts WHERE (locator, client) IN
    (SELECT locator, client FROM attempts WHERE since <= $1 ORDER BY since LIMIT $2)";

pub(super) const SWEEP_LINK_ATTEMPTS: &str = "
DELETE FROM link_attempts WHERE locator IN
    (SELECT locator FROM link_attempts WHERE since <= $1 ORDER BY since LIMIT $2)";

pub(super) const SWEEP_RIGHT_PROOFS: &str = "
DELETE FROM right_proofs WHERE (locator, client) IN
    (SELECT locator, client FROM right_proofs WHERE last_at <= $1 ORDER BY last_at LIMIT $2)";

pub(super) const SWEEP_PEPPERS: &str = "DELETE FROM peppers WHERE day IN (SELECT day FROM peppers WHERE day <= $1 ORDER BY day LIMIT $2)";

/// Leaves a tombstone: the locator alone, so that it is not found again. A link whose cap was lowered ended then at
/// the earliest, not when it was used last.
pub(super) const SWEEP_LINKS: &str = "
UPDATE links SET share = NULL, ordinal = 0, verifier = NULL, envelope = NULL, password = 0, direct = 0,
    max_downloads = NULL, downloads = 0, expires_at = NULL, label = NULL, last_used_at = NULL, ended = NULL,
    ended_at = NULL, capped_at = NULL
WHERE locator IN (
    SELECT l.locator FROM links l
    WHERE (l.ended_at <= $1 OR l.expires_at <= $1 OR (l.last_used_at <= $1 AND l.downloads >= l.max_downloads
            AND (l.capped_at IS NULL OR l.capped_at <= $1)))
        AND NOT EXISTS (SELECT 1 FROM grants g WHERE g.locator = l.locator)
    LIMIT $2)";

pub(super) const SWEEP_GONE: &str = "
DELETE FROM shares WHERE id IN (
    SELECT s.id FROM shares s
    WHERE s.state = 'gone' AND s.deleted_at <= $1 AND NOT EXISTS (SELECT 1 FROM links l WHERE l.share = s.id)
    LIMIT $2)";

// --- the rest ---

pub(super) const PEPPER: &str = "SELECT pepper FROM peppers WHERE day = $1";

pub(super) const ADD_PEPPER: &str =
    "INSERT INTO peppers (day, pepper) VALUES ($1, $2) ON CONFLICT DO NOTHING";

pub(super) const TOTALS: &str = "
SELECT state, COUNT(*), CAST(SUM(charged) AS BIGINT), CAST(SUM(received) AS BIGINT) FROM shares GROUP BY state";

pub(super) const ONE: &str = "SELECT 1";

// --- check: reads only, and takes rows as they are ---

pub(super) const ROW_IDS: &str = "SELECT id FROM shares WHERE id > $1 ORDER BY id LIMIT $2";

pub(super) const STORED_ROW: &str = "
SELECT s.state, s.blob, s.part_size, s.size, s.charged, s.received,
    EXISTS (SELECT 1 FROM manifests m WHERE m.share = s.id)
FROM shares s WHERE s.id = $1";

pub(super) const STORED_LINKS: &str = "
SELECT l.max_downloads, l.downloads, (SELECT COUNT(*) FROM grants g WHERE g.locator = l.locator), l.ended IS NOT NULL
FROM links l WHERE l.share = $1";

pub(super) const STRAY_ROWS: &str = "
SELECT (SELECT COUNT(*) FROM parts p WHERE NOT EXISTS (SELECT 1 FROM shares s WHERE s.id = p.share))
    + (SELECT COUNT(*) FROM manifests m WHERE NOT EXISTS (SELECT 1 FROM shares s WHERE s.id = m.share))
    + (SELECT COUNT(*) FROM links l WHERE l.share IS NOT NULL
        AND NOT EXISTS (SELECT 1 FROM shares s WHERE s.id = l.share))
    + (SELECT COUNT(*) FROM grants g WHERE NOT EXISTS
        (SELECT 1 FROM links l WHERE l.locator = g.locator AND l.share IS NOT NULL))";
