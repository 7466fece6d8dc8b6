//! Environment variables of the screenshot host that onekey replaces. An empty one means unset, as there.

use super::values::{chunk_size, upload_redirect};
use super::{Args, ArgsError};

impl Args {
    /// Fills what neither a flag nor a new variable set.
    pub(super) fn take_old_names(
        &mut self,
        environment: impl Fn(&str) -> Option<String>,
    ) -> Result<(), ArgsError> {
        self.take_old_data(&environment);
        if self.upload_secret.is_none() && self.upload_secret_file.is_none() {
            self.upload_secret = old(&environment, "UPLOAD_SECRET").map(Into::into);
        }
        if self.direct_chunk_size.is_none() {
            self.direct_chunk_size = read(&environment, "CHUNK_SIZE", chunk_size)?;
        }
        if self.upload_redirect.is_none() {
            self.upload_redirect = read(&environment, "UPLOAD_REDIRECT", upload_redirect)?;
        }
        Ok(())
    }

    /// Fills where the data are.
    pub(super) fn take_old_data(&mut self, environment: impl Fn(&str) -> Option<String>) {
        if self.data.is_none() {
            self.data = old(environment, "CONTENT_DIR").map(Into::into);
        }
    }
}

fn old(environment: impl Fn(&str) -> Option<String>, name: &str) -> Option<String> {
    environment(name).filter(|value| !value.is_empty())
}

fn read<T>(
    environment: impl Fn(&str) -> Option<String>,
    name: &'static str,
    read: impl Fn(&str) -> Result<T, String>,
) -> Result<Option<T>, ArgsError> {
    old(environment, name)
        .map(|value| read(&value).map_err(|reason| ArgsError::new(name, reason)))
        .transpose()
}
