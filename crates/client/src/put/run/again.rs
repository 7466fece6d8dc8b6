//! Continuing an upload that an earlier put began.

use std::collections::BTreeMap;
use std::sync::Arc;

use bytes::Bytes;
use onekey_core::wire::{CompleteUpload, ErrorCode, UploadState, UploadStatus};

use super::files::{cut, plaintext_len};
use super::reading::{Reading, form};
use super::{CHUNK_SIZE, Put, end, files};
use crate::error::{ApiError, PutError};
use crate::new_link::NewLink;
use crate::put::compress::{Choice, Large};
use crate::put::journal::{Found, Held, Opened, Place, Record, Saved};
use crate::put::plaintext::Layout;
use crate::put::records::{self, Records};
use crate::put::seal::{Cut, Parts, SealError, Work};
use crate::put::secrets::Secrets;
use crate::put::upload::Upload;
use crate::put::{PutShare, Resumed, StartedOver};

/// An upload to continue, and what is known of it.
struct Earlier {
    upload: Upload,
    secrets: Secrets,
    saved: Saved,
    records: Arc<BTreeMap<u64, Record>>,
    complete: Option<Bytes>,
}

/// What came of it.
type Outcome = Result<PutShare, StartedOver>;

impl Put<'_> {
    /// Continues what an earlier put left. `None` where there is nothing, or where it must start over: the earlier upload is
    /// taken back then, unless another put goes on with it, and nothing more goes out under its share key.
    pub(super) async fn continue_files(
        &mut self,
        layout: &Arc<Layout>,
        place: &Place,
    ) -> Result<Option<PutShare>, PutError> {
        let opened = match place.find().map_err(|source| PutError::State { source })? {
            Found::InUse => return Err(PutError::InUse),
            Found::Nothing => {
                self.progress.resumed(&Resumed::Nothing);
                return Ok(None);
            }
            Found::Unreadable(journal) => {
                Held::new(journal).remove();
                return Ok(self.start_over(StartedOver::Unreadable));
            }
            Found::Opened(opened) => *opened,
        };
        let Opened {
            journal,
            saved,
            records,
            complete,
        } = opened;
        let held = Held::new(journal);
        let Some(secrets) = Secrets::restore(&saved) else {
            held.remove();
            return Ok(self.start_over(StartedOver::Unreadable));
        };
        let token = secrets.owner().token();
        let upload = Upload::existing(self.client, saved.share, token, complete.is_some());
        let mut earlier = Earlier {
            upload,
            secrets,
            records: Arc::new(records),
            complete,
            saved,
        };
        let same_list = earlier.saved.list == *place.list();
        let outcome = match self.saved_choice(&earlier.saved) {
            _ if !same_list => Ok(Err(StartedOver::List)),
            None => Ok(Err(StartedOver::Compression)),
            Some(choice) => {
                self.link = NewLink::with_key(
                    earlier.saved.link_key.clone(),
                    self.options.password.as_ref(),
                );
                self.continue_upload(&mut earlier, layout, choice, &held)
                    .await
            }
        };
        match outcome {
            Ok(Ok(share)) => end(earlier.upload, Some(held), Ok(share)).await.map(Some),
            Ok(Err(reason)) => {
                earlier.upload.take_back().await;
                held.remove();
                Ok(self.start_over(reason))
            }
            // It is another put's now, which has a copy of the state: what it sends cannot be compared, and it may
            // still go on.
            Err(PutError::Api(error)) if is_elsewhere(&error) => {
                held.remove();
                Ok(self.start_over(StartedOver::Elsewhere))
            }
            // Nothing is wrong with the upload.
            Err(PutError::OtherPassword) => Err(PutError::OtherPassword),
            Err(error) => end(earlier.upload, Some(held), Err(error)).await.map(Some),
        }
    }

    /// Begins anew, with a link key that no server has seen.
    fn start_over(&mut self, reason: StartedOver) -> Option<PutShare> {
        self.link = NewLink::new(self.options.password.as_ref());
        self.progress.resumed(&Resumed::StartedOver(reason));
        None
    }

    /// How the earlier put compressed, if this one does the same.
    fn saved_choice(&self, saved: &Saved) -> Option<Option<Choice>> {
        let choices = [Large::Streamed, Large::Raw].map(|large| self.choice(large));
        choices
            .into_iter()
            .find(|choice| form(*choice) == saved.form)
    }

    async fn continue_upload(
        &mut self,
        earlier: &mut Earlier,
        layout: &Arc<Layout>,
        choice: Option<Choice>,
        held: &Held,
    ) -> Result<Outcome, PutError> {
        let status = match earlier.upload.status().await {
            Ok(status) => status,
            Err(error) if is_gone(&error) => return Ok(Err(StartedOver::Gone)),
            Err(error) => return Err(error.into()),
        };
        match status.state {
            UploadState::Aborted | UploadState::Deleting | UploadState::Gone => {
                return Ok(Err(StartedOver::Gone));
            }
            _ => self.check_password(earlier).await?,
        }
        match status.state {
            UploadState::Receiving => {
                let reading = self.reading(layout, choice).await?;
                let cut = cut(layout, reading, earlier.saved.part_size)?;
                if cut.len != earlier.saved.size {
                    return Ok(Err(StartedOver::Source));
                }
                self.continue_parts(earlier, &status, layout, reading, cut, held)
                    .await
            }
            _ => {
                let Some(body) = earlier.complete.clone() else {
                    return Ok(Err(StartedOver::Unrecorded));
                };
                let size = read_body(&body)?.size;
                let parts = size.div_ceil(earlier.saved.part_size);
                self.progress.begin(Some(size));
                self.tell_continued(parts, Some(parts));
                self.progress.advance(size);
                self.complete_again(earlier, layout, body).await
            }
        }
    }

    /// A body of `complete` stays as it is for ever, so it must have the password that is asked for now.
    async fn check_password(&mut self, earlier: &Earlier) -> Result<(), PutError> {
        let Some(body) = &earlier.complete else {
            return Ok(());
        };
        if self.link.is(&read_body(body)?.link).await? {
            Ok(())
        } else {
            Err(PutError::OtherPassword)
        }
    }

    async fn continue_parts(
        &mut self,
        earlier: &mut Earlier,
        status: &UploadStatus,
        layout: &Arc<Layout>,
        reading: Reading,
        cut: Cut,
        held: &Held,
    ) -> Result<Outcome, PutError> {
        let Some(there) = earlier.there(status) else {
            return Ok(Err(StartedOver::Unrecorded));
        };
        self.begin(layout, cut);
        self.tell_continued(there.len() as u64, cut.parts);
        let records = Records::new(Arc::clone(held.journal()), Arc::clone(&earlier.records));
        let work = match reading {
            Reading::Placed => {
                // All of what was sent is compared before anything more is.
                let is_same = self.compare(earlier, layout, cut, &there);
                if !is_same.await? {
                    return Ok(Err(StartedOver::Source));
                }
                let all = 0..cut.parts.unwrap_or_default();
                let missing = all.filter(|number| there.binary_search(number).is_err());
                Work {
                    cut,
                    parts: Parts::Missing(missing.collect()),
                    records: Some(records),
                }
            }
            // What comes in order is compared on the way, before anything that was never sent.
            Reading::Ordered(_) => Work {
                cut,
                parts: Parts::AllBut(there),
                records: Some(records.in_order()),
            },
        };
        let (upload, secrets) = (&earlier.upload, &earlier.secrets);
        let sent = self.put_files(upload, secrets, layout, reading, work);
        let (len, list) = match sent.await {
            Ok(sent) => sent,
            Err(SealError::Differs) => return Ok(Err(StartedOver::Source)),
            Err(SealError::NotSmaller(_)) => {
                self.large = Large::Raw;
                return Ok(Err(StartedOver::NotSmaller));
            }
            Err(SealError::Put(error)) => return Err(error),
        };
        if let Some(body) = earlier.complete.clone() {
            return self.complete_again(earlier, layout, body).await;
        }
        let sealed = earlier.secrets.seal(&list, plaintext_len(len)?)?;
        let body = self.body(&earlier.secrets, len, sealed).await?;
        let Earlier {
            upload, secrets, ..
        } = earlier;
        let share = self.publish(upload, secrets, Some(held), body, files(&list));
        share.await.map(Ok)
    }

    /// Compares what was recorded with the files as they are.
    async fn compare(
        &self,
        earlier: &Earlier,
        layout: &Arc<Layout>,
        cut: Cut,
        there: &[u64],
    ) -> Result<bool, PutError> {
        records::compare(
            layout,
            records::part_plaintext(CHUNK_SIZE, cut.part_size),
            &earlier.records,
            self.client.options.workers,
            |number| {
                if there.binary_search(&number).is_ok() {
                    self.progress.advance(cut.part_len(number));
                }
            },
        )
        .await
    }

    /// Sends the body of `complete` that may have been sent before, to the byte.
    async fn complete_again(
        &mut self,
        earlier: &mut Earlier,
        layout: &Layout,
        body: Bytes,
    ) -> Result<Outcome, PutError> {
        self.parts_sent = true;
        let files = files(&self.placed_list(layout));
        let Earlier {
            upload, secrets, ..
        } = earlier;
        let share = self.complete(upload, secrets, body, files);
        share.await.map(Ok)
    }

    fn tell_continued(&self, there: u64, parts: Option<u64>) {
        self.progress.resumed(&Resumed::Continues { there, parts });
    }
}

impl Earlier {
    /// The parts that the server has, ascending, or `None` if it has one without a record.
    fn there(&self, status: &UploadStatus) -> Option<Vec<u64>> {
        let mut there = Vec::new();
        for [first, last] in &status.received {
            // A run without end stops at the first part that was never sent.
            for number in u64::from(*first)..=u64::from(*last) {
                self.records.get(&number)?;
                there.push(number);
            }
        }
        there.sort_unstable();
        Some(there)
    }
}

/// Reads a body of `complete` that was saved.
fn read_body(body: &[u8]) -> Result<CompleteUpload, PutError> {
    serde_json::from_slice(body).map_err(|error| PutError::State {
        source: error.into(),
    })
}

/// The owner token belongs to no upload there: it ended, or the server lost its rows.
fn is_gone(error: &ApiError) -> bool {
    matches!(
        error.code(),
        Some(ErrorCode::NotFound | ErrorCode::OwnerRejected)
    )
}

/// Somebody else sent parts, completed it or took it back, while this put did not know.
fn is_elsewhere(error: &ApiError) -> bool {
    let refused = matches!(
        error.code(),
        Some(ErrorCode::PartExists | ErrorCode::CompleteDiffers | ErrorCode::WrongState)
    );
    refused || is_gone(error)
}
