//! Environment variables of the screenshot host that onekey replaces. An empty one means unset, as there.

use super::Args;

impl Args {
    /// Fills what neither a flag nor a new variable set.
    pub(super) fn take_old_names(&mut self, environment: impl Fn(&str) -> Option<String>) {
        let old = |name: &str| environment(name).filter(|value| !value.is_empty());
        if self.upload_secret.is_none() && self.upload_secret_file.is_none() {
            self.upload_secret = old("UPLOAD_SECRET").map(Into::into);
        }
        if self.data.is_none() {
            self.data = old("CONTENT_DIR").map(Into::into);
        }
    }
}
