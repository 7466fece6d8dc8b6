//! Continuing an upload that an earlier put began.

use std::collections::BTreeMap;
use std::sync::Arc;

use bytes::Bytes;
use onekey_core::wire::{CompleteUpload, ErrorCode, UploadState, UploadStatus};

use super::{CHUNK_SIZE, Put, cut, end, files};
use crate::error::{ApiError, PutError};
use crate::new_link::NewLink;
use crate::put::journal::{Found, Held, Opened, Place, Record, Saved};
use crate::put::plaintext::Layout;
use crate::put::records::{self, Records};
use crate::put::seal::{SealError, Work};
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
    /// taken back then, and nothing more goes out under its share key.
    pub(super) async fn continue_files(
        &mut self,
        layout: &Arc<Layout>,
        len: u64,
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
        let upload = Upload::existing(self.client, saved.share, secrets.owner().token());
        let mut earlier = Earlier {
            upload,
            secrets,
            records: Arc::new(records),
            complete,
            saved,
        };
        let same_list = earlier.saved.list == *place.list() && earlier.saved.size == len;
        let outcome = if same_list {
            self.link = NewLink::with_key(
                earlier.saved.link_key.clone(),
                self.options.password.as_ref(),
            );
            self.continue_upload(&mut earlier, layout, &held).await
        } else {
            Ok(Err(StartedOver::List))
        };
        match outcome {
            Ok(Ok(share)) => end(earlier.upload, Some(held), Ok(share)).await.map(Some),
            Ok(Err(reason)) => {
                earlier.upload.take_back().await;
                held.remove();
                Ok(self.start_over(reason))
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

    async fn continue_upload(
        &mut self,
        earlier: &mut Earlier,
        layout: &Arc<Layout>,
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
            UploadState::Receiving => self.continue_parts(earlier, &status, layout, held).await,
            _ => {
                let Some(body) = earlier.complete.clone() else {
                    return Ok(Err(StartedOver::Unrecorded));
                };
                self.progress.begin(Some(earlier.saved.size));
                self.tell_continued(earlier, earlier.parts());
                self.progress.advance(earlier.saved.size);
                self.complete_again(earlier, layout, body).await
            }
        }
    }

    /// A body of `complete` stays as it is for ever, so it must have the password that is asked for now.
    async fn check_password(&mut self, earlier: &Earlier) -> Result<(), PutError> {
        let Some(body) = &earlier.complete else {
            return Ok(());
        };
        let body: CompleteUpload =
            serde_json::from_slice(body).map_err(|error| PutError::State {
                source: error.into(),
            })?;
        if self.link.is(&body.link).await? {
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
        held: &Held,
    ) -> Result<Outcome, PutError> {
        let Some(missing) = earlier.missing(status) else {
            return Ok(Err(StartedOver::Unrecorded));
        };
        let Saved {
            size, part_size, ..
        } = earlier.saved;
        let cut = cut(size, part_size);
        self.progress.begin(Some(size));
        self.tell_continued(earlier, earlier.parts() - missing.len() as u64);
        // All of what was sent is compared before anything more is.
        let is_same = records::compare(
            layout,
            records::part_plaintext(CHUNK_SIZE, part_size),
            &earlier.records,
            self.client.options.workers,
            |number| {
                if missing.binary_search(&number).is_err() {
                    self.progress.advance(cut.part_len(number));
                }
            },
        );
        if !is_same.await? {
            return Ok(Err(StartedOver::Source));
        }
        let journal = Arc::clone(held.journal());
        let work = Work {
            cut,
            missing: Some(missing),
            records: Some(Records::new(journal, Arc::clone(&earlier.records))),
        };
        if work.all().0 > 0 {
            let sent = self.put_files(&earlier.upload, &earlier.secrets, layout, work);
            match sent.await {
                Ok(()) => {}
                Err(SealError::Differs) => return Ok(Err(StartedOver::Source)),
                Err(SealError::Put(error)) => return Err(error),
            }
        }
        if let Some(body) = earlier.complete.clone() {
            return self.complete_again(earlier, layout, body).await;
        }
        let manifest = self.files_manifest(layout);
        let sealed = earlier.secrets.seal(&manifest, layout.len())?;
        let body = self.body(&earlier.secrets, size, sealed).await?;
        let Earlier {
            upload, secrets, ..
        } = earlier;
        let share = self.publish(upload, secrets, Some(held), body, files(&manifest));
        share.await.map(Ok)
    }

    /// Sends the body of `complete` that may have been sent before, to the byte.
    async fn complete_again(
        &mut self,
        earlier: &mut Earlier,
        layout: &Layout,
        body: Bytes,
    ) -> Result<Outcome, PutError> {
        self.parts_sent = true;
        let files = files(&self.files_manifest(layout));
        let Earlier {
            upload, secrets, ..
        } = earlier;
        let share = self.complete(upload, secrets, body, files);
        share.await.map(Ok)
    }

    fn tell_continued(&self, earlier: &Earlier, there: u64) {
        self.progress.resumed(&Resumed::Continues {
            there,
            parts: earlier.parts(),
        });
    }
}

impl Earlier {
    fn parts(&self) -> u64 {
        self.saved.size.div_ceil(self.saved.part_size)
    }

    /// The parts that the server does not have, or `None` if it has one without a record.
    fn missing(&self, status: &UploadStatus) -> Option<Vec<u64>> {
        let mut there = Vec::new();
        for [first, last] in &status.received {
            // A run without end stops at the first part that was never sent.
            for number in u64::from(*first)..=u64::from(*last) {
                self.records.get(&number)?;
                there.push(number);
            }
        }
        there.sort_unstable();
        let all = 0..self.parts();
        Some(
            all.filter(|number| there.binary_search(number).is_err())
                .collect(),
        )
    }
}

/// The owner token belongs to no upload there: it ended, or the server lost its rows.
fn is_gone(error: &ApiError) -> bool {
    matches!(
        error.code(),
        Some(ErrorCode::NotFound | ErrorCode::OwnerRejected)
    )
}
