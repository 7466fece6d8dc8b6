//! `/shares`

use onekey_core::keys::{OwnerToken, ShareId};
use onekey_core::wire::{SCHEME_OWNER, ShareDescription};
use reqwest::{Method, RequestBuilder};

use super::{Api, answer, authorize};
use crate::error::ApiError;

/// Most bytes of a share's description: 256 links with sealed labels of up to 284 bytes.
const MAX_DESCRIPTION: usize = 1 << 20;

impl Api {
    /// `GET /shares/{id}`
    pub(crate) async fn share(
        &self,
        share: &ShareId,
        token: &OwnerToken,
    ) -> Result<ShareDescription, ApiError> {
        let response = self.send(self.owned(Method::GET, share, token)).await?;
        answer::json(response, 200, MAX_DESCRIPTION).await
    }

    /// `DELETE /shares/{id}`
    pub(crate) async fn delete_share(
        &self,
        share: &ShareId,
        token: &OwnerToken,
    ) -> Result<(), ApiError> {
        answer::empty(self.send(self.owned(Method::DELETE, share, token)).await?).await
    }

    fn owned(&self, method: Method, share: &ShareId, token: &OwnerToken) -> RequestBuilder {
        let request = self.request(method, &format!("/shares/{}", share.to_base64url()));
        authorize(request, SCHEME_OWNER, &token.to_base64url())
    }
}
