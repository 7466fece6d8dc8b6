//! Links, manage links and servers' URLs: what is read prints as a text that reads the same.

use onekey_core::url::{Form, Link, ManageLink, ServerUrl};

use crate::Reached;

pub(super) fn run(data: &[u8], reached: &mut Reached) {
    let Ok(text) = str::from_utf8(data) else {
        return;
    };
    let (link, manage) = (Link::parse(text), ManageLink::parse(text));
    assert!(link.is_err() || manage.is_err(), "one text is both");
    if let Ok(link) = link {
        reached.mark("Link::to_url");
        if let Form::Direct { suffix } = &link.form
            && suffix.as_name().is_some()
        {
            reached.mark("Suffix::name");
        }
        assert_eq!(Link::parse(&link.to_url()), Ok(link));
    }
    if let Ok(manage) = manage {
        reached.mark("ManageLink::to_url");
        assert_eq!(ManageLink::parse(&manage.to_url()), Ok(manage));
    }
    if let Ok(server) = ServerUrl::parse(text) {
        if !server.prefix().is_empty() {
            reached.mark("ServerUrl::prefix");
        }
        assert_eq!(ServerUrl::parse(&server.to_string()), Ok(server));
    }
}
