//! What a server would refuse is refused before anything is read and sent.

use onekey_core::wire::ServerDescription;

use crate::args::PutArgs;
use crate::commands::UPLOAD_SECRET;
use crate::commands::limits::{check_direct, check_expiry};
use crate::exit::Exit;
use crate::message::Failure;

/// Compares what is asked for with what the server allows.
///
/// # Errors
/// [`Failure`] that names the option.
pub(super) fn check(
    server: &ServerDescription,
    args: &PutArgs,
    has_secret: bool,
) -> Result<(), Failure> {
    let refused = |error: String| Failure::new(Exit::Failed, error);
    if server.upload_secret_required && !has_secret {
        return Err(
            refused("the server takes uploads with an upload secret only".to_owned()).hint(
                format!("set {UPLOAD_SECRET} to what the server's owner gave you"),
            ),
        );
    }
    check_expiry(server, args.new_link.expires)?;
    check_direct(server, args.new_link.direct)
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        put: PutArgs,
    }

    fn checked(server: &ServerDescription, options: &[&str], has_secret: bool) -> bool {
        let line = ["put", "a.txt"].iter().chain(options);
        check(server, &Line::parse_from(line).put, has_secret).is_ok()
    }

    fn server() -> ServerDescription {
        ServerDescription {
            version: "0.1.0".to_owned(),
            assets: None,
            upload_secret_required: false,
            direct: true,
            max_size: None,
            max_expiry: None,
            default_expiry: None,
            expiry_choices: Vec::new(),
            min_part_size: 1,
            max_part_size: 64 << 20,
            report_address: None,
        }
    }

    #[test]
    fn a_secret_is_missed_only_where_it_is_asked_for() {
        let mut server = server();
        assert!(checked(&server, &[], false));
        server.upload_secret_required = true;
        assert!(!checked(&server, &[], false));
        assert!(checked(&server, &[], true));
    }

    #[test]
    fn links_live_no_longer_than_the_server_allows() {
        let mut server = server();
        assert!(checked(&server, &["--expires", "never"], false));
        server.max_expiry = Some(3600);
        assert!(checked(&server, &[], false));
        assert!(checked(&server, &["--expires", "1h"], false));
        assert!(!checked(&server, &["--expires", "3601s"], false));
        assert!(!checked(&server, &["--expires", "never"], false));
    }

    #[test]
    fn links_are_direct_where_the_server_opens_them() {
        let mut server = server();
        assert!(checked(&server, &["--direct"], false));
        server.direct = false;
        assert!(!checked(&server, &["--direct"], false));
        assert!(checked(&server, &[], false));
    }
}
