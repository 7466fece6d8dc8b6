//! Asking every server how its shares stand: some at once, and never for long.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use onekey_client::{ApiError, Client, LinkInfo};
use onekey_core::url::ManageLink;
use onekey_core::wire::{ErrorCode, ShareDescription};
use tokio::sync::Semaphore;
use tokio::time::{Instant, timeout, timeout_at};

use crate::commands;
use crate::history::Share;

/// Questions at once: hides the round trips, and no server minds.
const AT_ONCE: usize = 8;

/// Longest wait for one answer. A server that needs longer is asked no more.
const ANSWER_WAIT: Duration = Duration::from_secs(5);

/// Longest wait for all answers.
const WAIT: Duration = Duration::from_secs(20);

/// Why a share's state is not known, where no error says it.
const SILENT: &str = "it did not answer in time";
const UNREACHABLE: &str = "it cannot be reached";
const NO_CLIENT: &str = "no connection can be made from here";

/// What a server says of a share.
#[derive(Debug)]
pub(super) enum Answer {
    /// It is there, with these links.
    Share(Box<ShareDescription>, Vec<LinkInfo>),
    /// It does not exist any more.
    Gone,
    /// No answer, or none that says anything.
    Unknown(&'static str),
}

/// One server, and whether it is silent.
#[derive(Clone)]
struct Server {
    client: Option<Client>,
    is_silent: Arc<AtomicBool>,
}

/// Asks for all shares. The answers stand in their order.
pub(super) async fn all(shares: &[Share]) -> Vec<Answer> {
    let end = Instant::now() + WAIT;
    let mut servers: HashMap<String, Server> = HashMap::new();
    let free = Arc::new(Semaphore::new(AT_ONCE));
    let asked: Vec<_> = shares
        .iter()
        .map(|share| {
            let server = servers.entry(share.manage.server.to_string());
            let server = server.or_insert_with(|| Server {
                client: commands::client(&share.manage.server, None).ok(),
                is_silent: Arc::default(),
            });
            let (server, manage, free) = (server.clone(), share.manage.clone(), Arc::clone(&free));
            tokio::spawn(async move {
                let _turn = free.acquire().await;
                server.ask(&manage).await
            })
        })
        .collect();
    let mut answers = Vec::with_capacity(asked.len());
    for mut asked in asked {
        let answer = timeout_at(end, &mut asked).await;
        asked.abort();
        let answer = answer.ok().and_then(Result::ok);
        answers.push(answer.unwrap_or(Answer::Unknown(SILENT)));
    }
    answers
}

impl Server {
    async fn ask(&self, manage: &ManageLink) -> Answer {
        let Some(client) = &self.client else {
            return Answer::Unknown(NO_CLIENT);
        };
        if self.is_silent.load(Ordering::Acquire) {
            return Answer::Unknown(SILENT);
        }
        let answer = match timeout(ANSWER_WAIT, client.share(manage)).await {
            Ok(Ok(share)) => {
                let key = manage.secret.key();
                let links = share.links.iter().cloned();
                let links = links.map(|link| LinkInfo::open(&key, link)).collect();
                return Answer::Share(Box::new(share), links);
            }
            Ok(Err(error)) => of_error(&error),
            Err(_) => Answer::Unknown(SILENT),
        };
        if matches!(answer, Answer::Unknown(SILENT | UNREACHABLE)) {
            self.is_silent.store(true, Ordering::Release);
        }
        answer
    }
}

fn of_error(error: &ApiError) -> Answer {
    match error {
        ApiError::Network(_) => Answer::Unknown(UNREACHABLE),
        ApiError::NotAServer { .. } => Answer::Unknown("what answers is no onekey server"),
        error => match error.code() {
            Some(ErrorCode::NotFound) => Answer::Gone,
            Some(ErrorCode::OwnerRejected) => {
                Answer::Unknown("it does not take the manage link of this share")
            }
            _ => Answer::Unknown("it refuses to answer now"),
        },
    }
}
