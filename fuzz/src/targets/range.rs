//! `Range`: what a part says stays within the content, and reads the same when asked for again.

use http::{HeaderMap, HeaderValue, header};

use crate::Reached;

// The server's own file: its crate would bring the whole of the server, which `--cfg fuzzing` refuses.
#[path = "../../../crates/server/src/range.rs"]
mod server;
use server::{Requested, content_range, requested, unsatisfied_range};

pub(super) fn run(data: &[u8], reached: &mut Reached) {
    let Some((len, field)) = data.split_first_chunk() else {
        return;
    };
    let len = u64::from_be_bytes(*len);
    let Ok(field) = HeaderValue::from_bytes(field) else {
        return;
    };
    let ask = |field| requested(&HeaderMap::from_iter([(header::RANGE, field)]), len);
    match ask(field) {
        Requested::Part(range) => {
            reached.mark("Requested::Part");
            assert!(range.start < range.end && range.end <= len);
            let printed = content_range(&range, len);
            let printed = printed.to_str().expect("it is ASCII");
            let again = printed.replacen(' ', "=", 1);
            let (again, _) = again.split_once('/').expect("the length stands behind it");
            let again = HeaderValue::from_str(again).expect("it is ASCII");
            assert_eq!(ask(again), Requested::Part(range));
        }
        Requested::Unsatisfiable => {
            reached.mark("Requested::Unsatisfiable");
            assert_eq!(unsatisfied_range(len), format!("bytes */{len}"));
        }
        Requested::Whole => reached.mark("Requested::Whole"),
    }
}
