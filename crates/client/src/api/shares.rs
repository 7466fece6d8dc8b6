//! `/shares`

use onekey_core::keys::{OwnerToken, ShareId};
use onekey_core::wire::{
    ChangeShare, LinkAdded, MAX_JSON_BODY, NewLink, SCHEME_OWNER, ShareDescription,
};
use reqwest::{Method, RequestBuilder};

use super::{Api, answer, authorize, json};
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

    /// `PATCH /shares/{id}`
    pub(crate) async fn change_share(
        &self,
        share: &ShareId,
        token: &OwnerToken,
        change: &ChangeShare,
    ) -> Result<ShareDescription, ApiError> {
        let request = json(self.owned(Method::PATCH, share, token), change);
        answer::json(self.send(request).await?, 200, MAX_DESCRIPTION).await
    }

    /// `POST /shares/{id}/links`
    pub(crate) async fn add_link(
        &self,
        share: &ShareId,
        token: &OwnerToken,
        link: &NewLink,
    ) -> Result<LinkAdded, ApiError> {
        let path = format!("/shares/{}/links", share.to_base64url());
        let request = json(self.request(Method::POST, &path), link);
        let request = authorize(request, SCHEME_OWNER, &token.to_base64url());
        answer::json(self.send(request).await?, 201, MAX_JSON_BODY).await
    }

    fn owned(&self, method: Method, share: &ShareId, token: &OwnerToken) -> RequestBuilder {
        let request = self.request(method, &format!("/shares/{}", share.to_base64url()));
        authorize(request, SCHEME_OWNER, &token.to_base64url())
    }
}
