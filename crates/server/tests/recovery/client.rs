//! A client that asks again what got no answer, as docs/protocol.md allows.

use serde_json::{Value, json};

use crate::common::Api;
use crate::common::sender::Sender;

/// Plaintext that makes two parts.
const LEN: usize = 6_000;

/// Longer than a grant lives that is not used.
const MINUTES: i64 = 11 * 60;

/// Longer than an upload without a part lives, and a share without a live link.
const HOURS: i64 = 3 * 60 * 60;

/// Longer than whatever else may keep bytes.
const DAYS: i64 = 9 * 24 * 60 * 60;

/// What a client asks, each until there is an answer.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Ask {
    Create,
    CreatePipe,
    Part(usize),
    Complete,
    Open,
    Grant,
    Fetch,
    AddLink,
    ChangeLink,
    ChangeShare,
    RevokeLink,
    DeleteShare,
    AbortUpload,
    /// Whatever got lost, one download was taken.
    CountDownloads,
    /// Not a request: time goes by, then the server sweeps.
    SweepMinutes,
    SweepHours,
    SweepDays,
}

pub(crate) struct Client {
    sender: Sender,
    second: Sender,
    complete: Option<Value>,
    grant: String,
}

impl Client {
    pub(crate) fn new() -> Self {
        let sender = Sender::new(LEN);
        Self {
            second: sender.with_another_link(),
            complete: None,
            grant: String::new(),
            sender,
        }
    }

    /// Asks once. A panic is an answer that no client expects.
    pub(crate) async fn ask(&mut self, api: &Api, ask: Ask) {
        let owner = self.sender.owner_auth();
        let share = format!("/api/v1/shares/{}", self.sender.id);
        let second = format!("/api/v1/links/{}", self.second.locator());
        match ask {
            Ask::Create => {
                self.sender.create(api).await;
            }
            Ask::CreatePipe => {
                let mut body = self.sender.create_body();
                body["size"] = Value::Null;
                let answer = api.call("POST", "/api/v1/uploads", "", body).await;
                self.sender.id = answer.ok()["id"].as_str().unwrap().to_owned();
            }
            Ask::Part(number) => {
                let part = self.sender.parts().nth(number).unwrap().1.to_vec();
                self.sender.put_part(api, number, &part).await.ok();
            }
            Ask::Complete => {
                // The exact body again.
                let sender = &self.sender;
                let body = self.complete.get_or_insert_with(|| {
                    let mut body = sender.complete_body();
                    body["link"]["max_downloads"] = json!(3);
                    body
                });
                let answer = self.sender.complete_with(api, body.clone()).await;
                assert_eq!(answer.ok()["share"], self.sender.id);
            }
            Ask::Open => {
                self.sender.open(api).await.ok();
            }
            Ask::Grant => self.grant = self.sender.granted(api).await,
            Ask::Fetch => {
                let answer = api.get("/api/v1/payload", &self.grant).await;
                assert_eq!(answer.status, 200);
                assert_eq!(answer.bytes, self.sender.payload);
            }
            Ask::AddLink => {
                let path = format!("{share}/links");
                let body = self.second.link_body();
                let answer = api.call("POST", &path, &owner, body).await;
                if answer.status == 409 {
                    answer.refused(409, "locator_taken");
                    let links = self.sender.described(api).await["links"].clone();
                    assert_eq!(links.as_array().unwrap().len(), 2);
                } else {
                    answer.ok();
                }
            }
            Ask::ChangeLink => {
                let body = json!({"max_downloads": 5});
                api.call("PATCH", &second, &owner, body).await.ok();
            }
            Ask::ChangeShare => {
                let body = json!({"expires_in": 7_200});
                api.call("PATCH", &share, &owner, body).await.ok();
            }
            Ask::RevokeLink => {
                api.call("DELETE", &second, &owner, Value::Null).await.ok();
            }
            Ask::DeleteShare => {
                self.sender.delete(api).await.ok();
            }
            Ask::AbortUpload => {
                let path = format!("/api/v1/uploads/{}", self.sender.id);
                let answer = api.call("DELETE", &path, &owner, Value::Null).await;
                // Once its bytes are gone nobody knows of it any more.
                if answer.status != 404 {
                    answer.ok();
                }
            }
            Ask::CountDownloads => {
                let described = self.sender.described(api).await;
                assert_eq!(described["links"][0]["downloads"], 1, "{described}");
            }
            Ask::SweepMinutes | Ask::SweepHours | Ask::SweepDays => {
                api.server.sweep().await.unwrap();
            }
        }
    }

    /// Time goes by once, however often the sweep is cut.
    pub(crate) fn before(&self, api: &Api, ask: Ask) {
        match ask {
            Ask::SweepMinutes => api.clock.advance(MINUTES),
            Ask::SweepHours => api.clock.advance(HOURS),
            Ask::SweepDays => api.clock.advance(DAYS),
            _ => {}
        }
    }
}
