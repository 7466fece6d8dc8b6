//! One get from its plan to its files: what an earlier one left, the grant, the chunks that are missing.

use std::ops::Range;
use std::os::unix::ffi::OsStrExt;
use std::path;
use std::sync::Arc;

use onekey_core::keys::Grant;

use super::blocking::{blocking, drain};
use super::chosen::{Chosen, Place};
use super::fetch::Fetch;
use super::journal::{First, Journal, Opened};
use super::restore::{Keep, Restore};
use super::{Continued, GetOptions, GetState, Got};
use crate::client::Inner;
use crate::error::{ApiError, GetError};
use crate::open::OpenedShare;
use crate::progress::Progress;
use crate::retry::repeat;

impl OpenedShare {
    pub(super) async fn restore(
        &self,
        chosen: Chosen,
        place: Place,
        options: GetOptions,
        progress: &dyn Progress,
    ) -> Result<Got, GetError> {
        let takes_all = chosen.files.len() == self.manifest.files.len();
        let unfinished = &self.client.unfinished;
        let (keep, mut earlier) = match &options.state {
            Some(state) => self.keep(state, &chosen, &place, progress).await?,
            None => (None, None),
        };
        let journal = keep.as_ref().map(|keep| Arc::clone(keep.journal()));
        let manifest = Arc::clone(&self.manifest);
        let prepared = blocking(unfinished, move || {
            Restore::prepare(manifest, chosen, place, options.overwrite, keep)
        });
        let mut restore = prepared.await?;
        if earlier.is_some() {
            let (there, size) = restore.sizes();
            progress.continued(&Continued::Continues { there, size });
        }
        loop {
            let runs = self.missing(&restore, takes_all);
            if runs.is_empty() {
                break;
            }
            self.begin(&runs, progress);
            let grant = match &earlier {
                Some(grant) => Arc::clone(grant),
                None => self.recorded_grant(journal.as_ref(), progress).await?,
            };
            let fetch = Fetch::new(self, grant, runs);
            let (back, failed) = drain(unfinished, fetch, restore, progress, Restore::take).await?;
            restore = back;
            match failed {
                None => break,
                Some(error) if error.is_end() && earlier.is_some() => {
                    // What is on disk is verified, and bound to the header: it counts under any grant.
                    earlier = None;
                    self.recorded_grant(journal.as_ref(), progress).await?;
                    progress.continued(&Continued::NewGrant);
                }
                Some(error) => {
                    blocking(unfinished, move || {
                        drop(restore);
                        Ok(())
                    })
                    .await?;
                    return Err(error);
                }
            }
        }
        let got = blocking(unfinished, move || restore.finish()).await?;
        progress.finish();
        Ok(got)
    }

    /// Opens the state of a get. Where that is not possible, the get goes on without.
    async fn keep(
        &self,
        state: &GetState,
        chosen: &Chosen,
        place: &Place,
        progress: &dyn Progress,
    ) -> Result<(Option<Keep>, Option<Arc<Grant>>), GetError> {
        let target = match path::absolute(place.folder()) {
            Ok(target) => target,
            Err(error) => {
                progress.continued(&Continued::NotKept(error));
                return Ok((None, None));
            }
        };
        // Without the `/` at the end that shells add.
        let target: path::PathBuf = target.components().collect();
        let name = match place {
            Place::File { name, .. } => Some(name),
            Place::Folder(_) => None,
        };
        let target = target.as_os_str().as_bytes().to_vec();
        let choice = serde_json::to_vec(&(&target, name, &chosen.files, chosen.empty_folders))
            .expect("bytes and numbers can be printed");
        let first = First {
            id: 0,
            locator: self.locator,
            target,
            password: self.has_password(),
            answer: self.answer.clone(),
        };
        let (folder, kept) = (state.folder().to_owned(), Arc::clone(state.kept()));
        let opened = blocking(&self.client.unfinished, move || {
            Ok(Journal::open(&folder, first, &choice, &kept))
        });
        match opened.await? {
            Ok(Opened::InUse) => Err(GetError::InUse),
            Ok(Opened::Journal(journal, mut earlier, over)) => {
                if let Some(reason) = over {
                    progress.continued(&Continued::StartedOver(reason));
                }
                let grant = earlier.grant.take().map(Arc::new);
                Ok((Some(Keep::new(journal, earlier)), grant))
            }
            Err(error) => {
                progress.continued(&Continued::NotKept(error));
                Ok((None, None))
            }
        }
    }

    /// The chunks that are still to be fetched.
    fn missing(&self, restore: &Restore, takes_all: bool) -> Vec<Range<u64>> {
        if !takes_all {
            return self.runs_of(restore.places());
        }
        if restore.is_untouched() {
            return self.runs_from(0);
        }
        let files = self.manifest.files.iter();
        let end = files.map(|file| file.offset + file.stored).max();
        let first = restore.places().map(|place| place.start).min();
        self.runs_from(first.or(end).unwrap_or_default())
    }

    /// Begins to fetch, with the grant that all gets of this share use.
    pub(super) async fn fetch(
        &self,
        runs: Vec<Range<u64>>,
        progress: &dyn Progress,
    ) -> Result<Fetch, GetError> {
        self.begin(&runs, progress);
        let grant = self.grant(progress).await?;
        Ok(Fetch::new(self, grant, runs))
    }

    fn begin(&self, runs: &[Range<u64>], progress: &dyn Progress) {
        let places = runs
            .iter()
            .map(|run| self.cipher.chunk_size().place_of(run, self.size));
        progress.begin(Some(places.map(|place| place.end - place.start).sum()));
    }

    /// Returns the grant once it is in the state too.
    async fn recorded_grant(
        &self,
        journal: Option<&Arc<Journal>>,
        progress: &dyn Progress,
    ) -> Result<Arc<Grant>, GetError> {
        let grant = self.grant(progress).await?;
        if let Some(journal) = journal {
            let (journal, recorded) = (Arc::clone(journal), Arc::clone(&grant));
            let recorded = blocking(
                &self.client.unfinished,
                move || Ok(journal.grant(&recorded)),
            );
            if let Err(error) = recorded.await? {
                progress.continued(&Continued::NotKept(error));
            }
        }
        Ok(grant)
    }

    /// Returns the grant, which is made by the first call and spends one download.
    async fn grant(&self, progress: &dyn Progress) -> Result<Arc<Grant>, GetError> {
        let mut made = self.grant.lock().await;
        if let Some(grant) = &*made {
            return Ok(Arc::clone(grant));
        }
        let Inner { api, options, .. } = &*self.client;
        let created = repeat(options.retry, ApiError::had_no_effect, progress, || {
            api.grant(&self.locator, &self.proof)
        });
        let created = created.await.map_err(|error| {
            if error.outcome_unknown() {
                GetError::GrantLost(error)
            } else {
                error.into()
            }
        })?;
        let grant = Arc::new(created.grant);
        *made = Some(Arc::clone(&grant));
        Ok(grant)
    }
}
