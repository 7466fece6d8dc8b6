//! When to try again: exponential backoff with full jitter.
//!
//! Whether a request may be repeated at all is decided by its sender; this module only
//! bounds how often and spreads when, so that a server that comes back is not met by everybody at once.

use std::time::Duration;

use rand::RngExt;
use tokio::time::sleep;

use crate::error::ApiError;
use crate::progress::Progress;

/// How often, and after which waits, a failed request is tried again.
///
/// Before try n + 1 it waits a random time between nothing and `min(longest, first · 2^(n-1))`.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Retry {
    /// Tries in all, the first one counted; tries that made progress do not count.
    pub tries: u32,
    /// Upper bound of the first wait.
    pub first: Duration,
    /// Upper bound of every wait.
    pub longest: Duration,
}

/// Tries in all: with the waits below about half a minute, enough for a server's restart.
const TRIES: u32 = 8;
/// Upper bound of the first wait.
const FIRST_WAIT: Duration = Duration::from_millis(500);
/// Upper bound of every wait.
const LONGEST_WAIT: Duration = Duration::from_secs(30);
/// Longest `Retry-After` that is waited for; a server that asks for more is reported instead.
const LONGEST_RETRY_AFTER: Duration = Duration::from_secs(60);

impl Retry {
    /// Never tries again.
    pub const NEVER: Self = Self {
        tries: 1,
        first: Duration::ZERO,
        longest: Duration::ZERO,
    };

    /// Upper bound of the wait after `failed` failures in a row.
    fn bound(&self, failed: u32) -> Duration {
        let doubled = 1_u32.checked_shl(failed.saturating_sub(1));
        self.first
            .saturating_mul(doubled.unwrap_or(u32::MAX))
            .min(self.longest)
    }
}

impl Default for Retry {
    fn default() -> Self {
        Self {
            tries: TRIES,
            first: FIRST_WAIT,
            longest: LONGEST_WAIT,
        }
    }
}

/// The failures in a row of one request.
#[derive(Debug)]
pub(crate) struct Attempts {
    retry: Retry,
    failed: u32,
}

impl Attempts {
    pub(crate) const fn new(retry: Retry) -> Self {
        Self { retry, failed: 0 }
    }

    /// Forgets the failures, since something was gained.
    pub(crate) const fn progressed(&mut self) {
        self.failed = 0;
    }

    /// Returns how long to wait before the next try, or the error when there is to be none.
    pub(crate) fn after(&mut self, error: ApiError) -> Result<Duration, ApiError> {
        self.failed += 1;
        if self.failed >= self.retry.tries {
            return Err(error);
        }
        let bound = self.retry.bound(self.failed);
        let jittered = bound.mul_f64(rand::rng().random::<f64>());
        match error.retry_after() {
            Some(wanted) if wanted > LONGEST_RETRY_AFTER => Err(error),
            // The jitter is added: many clients were told the same number.
            Some(wanted) => Ok(wanted + jittered),
            None => Ok(jittered),
        }
    }
}

/// Makes `call` until it succeeds, fails with an error that `again` does not accept, or the tries are used.
pub(crate) async fn repeat<T, F, R>(
    retry: Retry,
    again: fn(&ApiError) -> bool,
    progress: &dyn Progress,
    call: F,
) -> Result<T, ApiError>
where
    F: Fn() -> R,
    R: Future<Output = Result<T, ApiError>>,
{
    let mut attempts = Attempts::new(retry);
    loop {
        let error = match call().await {
            Ok(answer) => return Ok(answer),
            Err(error) if !again(&error) => return Err(error),
            Err(error) => error,
        };
        let cause = error.to_string();
        let wait = attempts.after(error)?;
        progress.retrying(wait, &cause);
        sleep(wait).await;
    }
}

#[cfg(test)]
mod tests {
    use onekey_core::wire::ErrorCode;

    use super::*;

    fn unavailable(retry_after: Option<u32>) -> ApiError {
        ApiError::Refused {
            code: ErrorCode::Unavailable,
            message: String::new(),
            retry_after,
        }
    }

    #[test]
    fn bounds_double_up_to_the_longest() {
        let retry = Retry::default();
        let bounds: Vec<_> = (1..9)
            .map(|failed| retry.bound(failed).as_millis())
            .collect();
        assert_eq!(
            bounds,
            [500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]
        );
        assert_eq!(retry.bound(u32::MAX), LONGEST_WAIT);
    }

    #[test]
    fn waits_stay_within_their_bounds_and_end() {
        for _ in 0..100 {
            let mut attempts = Attempts::new(Retry::default());
            for failed in 1..TRIES {
                let wait = attempts.after(unavailable(None)).unwrap();
                assert!(wait <= Retry::default().bound(failed));
            }
            assert!(attempts.after(unavailable(None)).is_err());
        }
    }

    #[test]
    fn progress_begins_the_count_again() {
        let mut attempts = Attempts::new(Retry {
            tries: 2,
            ..Retry::default()
        });
        assert!(attempts.after(unavailable(None)).is_ok());
        attempts.progressed();
        assert!(attempts.after(unavailable(None)).is_ok());
        assert!(attempts.after(unavailable(None)).is_err());
    }

    #[test]
    fn retry_after_is_honoured_within_its_bound() {
        let mut attempts = Attempts::new(Retry::default());
        let wait = attempts.after(unavailable(Some(7))).unwrap();
        assert!((Duration::from_secs(7)..=Duration::from_millis(7500)).contains(&wait));
        let wait = attempts.after(unavailable(Some(60))).unwrap();
        assert!(wait >= Duration::from_secs(60));
        assert!(attempts.after(unavailable(Some(61))).is_err());
    }

    #[test]
    fn never_is_one_try() {
        assert!(
            Attempts::new(Retry::NEVER)
                .after(unavailable(None))
                .is_err()
        );
    }
}
