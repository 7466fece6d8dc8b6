//! Which link of a share is meant: by its label, its number, or by itself.

use onekey_client::LinkInfo;
use onekey_core::url::{Link, ManageLink};
use onekey_core::wire::LinkState;

use crate::commands::owner;
use crate::exit::Exit;
use crate::link_input::{self, AnyLink};
use crate::message::Failure;

const SEE_LIST: &str = "`onekey link list` shows labels and numbers";

/// What was typed for a link.
#[derive(Debug)]
pub(super) enum Which {
    /// The link itself.
    Link(Box<Link>),
    /// Its label or its number.
    Named(String),
}

impl Which {
    /// Takes what was typed. Whatever looks like a URL must be a link.
    ///
    /// # Errors
    /// [`Failure`] that tells a cut link from a wrong one.
    pub(super) fn parse(text: &str) -> Result<Self, Failure> {
        if text.contains("://") {
            return match link_input::parse_any(text)? {
                AnyLink::Link(link) => Ok(Self::Link(Box::new(link))),
                AnyLink::Manage(_) => Err(Failure::usage(
                    "a manage link does not say which of the share's links is meant",
                )
                .hint("write its label or its number behind it")
                .hint(SEE_LIST)),
            };
        }
        Ok(Self::Named(text.to_owned()))
    }

    /// Takes the manage link from where it is given. Where none is, a link that this machine made leads to it.
    ///
    /// # Errors
    /// As [`owner::manage_link`].
    pub(super) fn manage_link(&self, argument: Option<&str>) -> Result<ManageLink, Failure> {
        let Self::Link(link) = self else {
            return owner::manage_link(argument);
        };
        match link_input::given(argument)? {
            Some(text) => owner::of_text(&text),
            None => owner::find(link)?.map_or_else(|| owner::manage_link(argument), Ok),
        }
    }

    /// Finds the link.
    ///
    /// # Errors
    /// [`Failure`] if there is none, or more than one. Never takes one of several: what follows cannot be undone.
    pub(super) fn find<'l>(&self, links: &'l [LinkInfo]) -> Result<&'l LinkInfo, Failure> {
        let name = match self {
            Self::Link(link) => {
                let locator = link.key.locator();
                let found = links.iter().find(|link| link.locator == locator);
                return found.ok_or_else(|| {
                    Failure::new(Exit::Gone, "this link is none of the share's").hint(SEE_LIST)
                });
            }
            Self::Named(name) => name,
        };
        let named = links.iter().enumerate().filter(|(position, link)| {
            let label = link.label.as_ref();
            let labelled = label.is_some_and(|label| label.as_ref() == Ok(name));
            labelled || (position + 1).to_string() == *name
        });
        let mut named: Vec<_> = named.collect();
        // A label that is used again means the link that is left.
        if named.len() > 1 {
            named.retain(|(_, link)| link.state != LinkState::Revoked);
        }
        match named[..] {
            [(_, link)] => Ok(link),
            [] => Err(
                Failure::new(Exit::Gone, "the share has no link of that label or number")
                    .hint(SEE_LIST),
            ),
            _ => {
                let numbers = named.iter().map(|(position, _)| (position + 1).to_string());
                let numbers = numbers.collect::<Vec<_>>().join(", ");
                Err(
                    Failure::usage(format!("several links are meant by that: {numbers}"))
                        .hint("name one by the link itself, or by a number that is no label")
                        .hint(SEE_LIST),
                )
            }
        }
    }
}
