//! Sending files.

use std::sync::Arc;

use onekey_core::manifest::Manifest;

use super::reading::{Reading, form};
use super::{CHUNK_SIZE, Put, end, files};
use crate::error::{ApiError, PutError};
use crate::put::compress::{Large, Ordered};
use crate::put::journal::{Held, Place, Saved};
use crate::put::plaintext::{Cursor, Layout};
use crate::put::records::Records;
use crate::put::seal::{Cut, SealError, Work, Workers};
use crate::put::secrets::Secrets;
use crate::put::upload::Upload;
use crate::put::{PutShare, Resumed, plan};

impl Put<'_> {
    /// Sends files, or what is missing of them. Starts again, once for each reason: with small parts when a proxy refuses the
    /// usual ones, and without compressing large files when one of them does not get smaller.
    pub(in crate::put) async fn files(
        mut self,
        layout: &Arc<Layout>,
    ) -> Result<PutShare, PutError> {
        let state = self.options.state.clone();
        let place = state.as_ref().and_then(|state| {
            let server = &self.client.server;
            state.place(server, &self.roots, &self.folders, layout, &self.options)
        });
        if let Some(place) = &place {
            place.remove_old();
        }
        if let (Some(place), Some(true)) = (&place, state.map(|state| state.wants_to_resume()))
            && let Some(share) = self.continue_files(layout, place).await?
        {
            return Ok(share);
        }
        let most = CHUNK_SIZE.payload_len(layout.len())?;
        let mut part_size = plan::part_size(CHUNK_SIZE, Some(most), &self.server)?;
        let mut usual = true;
        loop {
            let choice = self.choice(self.large);
            let reading = self.reading(layout, choice).await?;
            self.check_size(layout, reading)?;
            let form = form(choice);
            let put = self.files_in_parts(layout, reading, form, part_size, place.as_ref());
            match put.await {
                Err(SealError::Put(PutError::Api(ApiError::BodyRefused)))
                    if usual && !self.parts_sent =>
                {
                    usual = false;
                    part_size = plan::small_part_size(CHUNK_SIZE, most, &self.server)
                        .map_err(|_| ApiError::BodyRefused)?;
                }
                Err(SealError::NotSmaller(index)) if self.large == Large::Streamed => {
                    self.large = Large::Raw;
                    self.progress.not_smaller(&layout.files()[index].0.name);
                }
                done => return Ok(done?),
            }
        }
    }

    async fn files_in_parts(
        &mut self,
        layout: &Arc<Layout>,
        reading: Reading,
        form: String,
        part_size: u64,
        place: Option<&Place>,
    ) -> Result<PutShare, SealError> {
        self.check_list(&self.placed_list(layout), layout.len())?;
        let secrets = Secrets::new(CHUNK_SIZE);
        let cut = cut(layout, reading, part_size)?;
        self.begin(layout, cut);
        let mut upload = self.create(&secrets, part_size, cut.len).await?;
        let held = place.and_then(|place| self.keep(place, &secrets, &mut upload, cut, form));
        let work = Work {
            records: held.as_ref().map(|held| {
                let known = Arc::default();
                Records::new(Arc::clone(held.journal()), known)
            }),
            ..Work::from(cut)
        };
        let put = async {
            let sent = self.put_files(&upload, &secrets, layout, reading, work);
            let (len, list) = sent.await?;
            let sealed = secrets.seal(&list, plaintext_len(len)?)?;
            let body = self.body(&secrets, len, sealed).await?;
            let share = self.publish(&mut upload, &secrets, held.as_ref(), body, files(&list));
            Ok(share.await?)
        };
        let put = put.await;
        let refused = match &put {
            Err(SealError::NotSmaller(index)) => Some(*index),
            _ => None,
        };
        let ended = end(upload, held, put.map_err(PutError::from)).await;
        match refused {
            Some(index) => Err(SealError::NotSmaller(index)),
            None => Ok(ended?),
        }
    }

    /// Tells how much there is: of the payload, or of the files if nobody knows how small they become.
    pub(super) fn begin(&self, layout: &Layout, cut: Cut) {
        self.progress
            .begin(cut.len.or_else(|| Some(layout.total())));
    }

    /// Keeps what is needed to continue. Without it the put goes on, and is taken back when it fails.
    fn keep(
        &self,
        place: &Place,
        secrets: &Secrets,
        upload: &mut Upload,
        cut: Cut,
        form: String,
    ) -> Option<Held> {
        let saved = Saved {
            share: upload.id(),
            share_key: secrets.share().clone(),
            link_key: self.link.key().clone(),
            owner: secrets.owner().clone(),
            header: *secrets.header().as_bytes(),
            part_size: cut.part_size,
            size: cut.len,
            form,
            list: *place.list(),
        };
        match place.create(&saved) {
            Ok(journal) => {
                upload.keep();
                Some(Held::new(journal))
            }
            Err(error) => {
                self.progress.resumed(&Resumed::NotKept(error));
                None
            }
        }
    }

    /// Sends parts of files. Returns the length of the payload, and its manifest.
    pub(super) async fn put_files(
        &self,
        upload: &Upload,
        secrets: &Secrets,
        layout: &Arc<Layout>,
        reading: Reading,
        work: Work,
    ) -> Result<(u64, Manifest), SealError> {
        let sent = match reading {
            Reading::Placed => self.put_placed(upload, secrets, layout, work).await?,
            Reading::Ordered(choice) => {
                let options = &self.client.options;
                let workers = options.workers.min(layout.files().len());
                let pad = self.options.pads();
                let (ordered, made) = Ordered::start(layout, choice, workers, pad)?;
                let parts = work
                    .cut
                    .most
                    .unwrap_or(u64::MAX)
                    .div_ceil(work.cut.part_size);
                let buffers = usize::try_from(parts).unwrap_or(usize::MAX);
                let buffers = buffers.min(options.parts_in_flight);
                let workers = Workers::start(secrets.cipher(), work, [ordered], buffers)?;
                let (_, len) = upload.send(workers, self.progress).await?;
                // If a worker panicked, not all files are there, or the length is none that they have.
                let files = made.files().ok_or(PutError::Cancelled)?;
                let total = files.last().map_or(0, |last| last.offset + last.stored);
                if plaintext_len(len)? != self.padded(total) {
                    return Err(PutError::Cancelled.into());
                }
                (len, self.list(layout, files.iter().copied()))
            }
        };
        layout.check_empty()?;
        Ok(sent)
    }

    async fn put_placed(
        &self,
        upload: &Upload,
        secrets: &Secrets,
        layout: &Arc<Layout>,
        work: Work,
    ) -> Result<(u64, Manifest), SealError> {
        let len = work.cut.len.ok_or(PutError::Cancelled)?;
        let all = work.all();
        if all.0 > 0 {
            let options = &self.client.options;
            let buffers = usize::try_from(all.0).unwrap_or(usize::MAX);
            let buffers = buffers.min(options.parts_in_flight);
            let workers = options.workers.min(buffers);
            let cursors = (0..workers).map(|_| Cursor::new(Arc::clone(layout)));
            let workers = Workers::start(secrets.cipher(), work, cursors, buffers)?;
            let sent = upload.send(workers, self.progress).await?;
            if sent != all {
                // A worker panicked.
                return Err(PutError::Cancelled.into());
            }
        }
        Ok((len, self.placed_list(layout)))
    }
}

/// How the payload of these files is cut.
pub(super) fn cut(layout: &Layout, reading: Reading, part_size: u64) -> Result<Cut, PutError> {
    let len = CHUNK_SIZE.payload_len(layout.len())?;
    Ok(match reading {
        Reading::Placed => Cut::known(len, part_size),
        // No file gets larger.
        Reading::Ordered(_) => Cut::unknown(Some(len), part_size),
    })
}

/// Length of the plaintext, if it is a length that a payload has.
pub(super) fn plaintext_len(len: u64) -> Result<u64, PutError> {
    CHUNK_SIZE
        .plaintext_len(len)
        .map_err(|_| PutError::Cancelled)
}
