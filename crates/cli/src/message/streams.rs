//! The errors of standalone streams, each with what to do about it.

use onekey_client::{SealError, UnsealError};
use onekey_core::header::ParseHeaderError;

use super::{Failure, sentence};

const LOOK_AT_OUTPUT: &str =
    "look at where the output goes: is there space, is its reader still there?";
const AT_REST: &str = "run the command again when the file is at rest";

impl From<SealError> for Failure {
    fn from(error: SealError) -> Self {
        let failure = Self::new(error.exit_kind().into(), sentence(&error));
        match error {
            SealError::Changed => failure.hint(AT_REST),
            SealError::TooLong => failure.hint("cut it, and seal the pieces with a key each"),
            SealError::Write(_) => failure.hint(LOOK_AT_OUTPUT),
            _ => failure.hint("what was written is not a whole stream; run the command again"),
        }
    }
}

impl From<UnsealError> for Failure {
    fn from(error: UnsealError) -> Self {
        let exit = error.exit_kind().into();
        let failure = Self::new(exit, sentence(&error));
        match error {
            UnsealError::Changed => failure.hint(AT_REST),
            UnsealError::Damaged(_) => {
                failure.hint("take another copy of it: this one is cut off or changed")
            }
            UnsealError::Header(ParseHeaderError::Magic) => {
                Self::new(exit, "this is not what `onekey seal` writes")
                    .hint("name a sealed file; what `onekey put` sent is opened with `onekey get`")
            }
            UnsealError::Header(ParseHeaderError::Truncated) => {
                Self::new(exit, "the stream ends within its header, or before it")
                    .hint("take another copy of it")
            }
            UnsealError::Header(ParseHeaderError::Version(_)) => {
                failure.hint("install the newest onekey")
            }
            UnsealError::Header(_) => {
                failure.hint("take another copy of it, or install the newest onekey")
            }
            UnsealError::WrongKey => {
                failure.hint("every stream has its own key: take the one that was made with it")
            }
            UnsealError::Write(_) => failure.hint(LOOK_AT_OUTPUT),
            _ => failure.hint("run the command again"),
        }
    }
}
