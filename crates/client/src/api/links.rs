//! `/links`

use onekey_core::keys::{Locator, OwnerToken, Proof};
use onekey_core::wire::{
    ChangeLink, GrantCreated, LinkDescription, LinkOpened, MAX_COMPLETE_BODY, MAX_JSON_BODY,
    SCHEME_OWNER, SCHEME_PROOF, SharedLink,
};
use reqwest::{Method, RequestBuilder};

use super::{Api, answer, authorize, json};
use crate::error::ApiError;

impl Api {
    /// `GET /links/{locator}`
    pub(crate) async fn describe(&self, locator: &Locator) -> Result<LinkDescription, ApiError> {
        let path = format!("/links/{}", locator.to_base64url());
        let response = self.send(self.request(Method::GET, &path)).await?;
        answer::json(response, 200, MAX_JSON_BODY).await
    }

    /// `POST /links/{locator}/open`
    pub(crate) async fn open(
        &self,
        locator: &Locator,
        proof: &Proof,
    ) -> Result<LinkOpened, ApiError> {
        let response = self.send(self.proven(locator, "open", proof)).await?;
        answer::json(response, 200, MAX_COMPLETE_BODY).await
    }

    /// `POST /links/{locator}/grants`: spends one download.
    pub(crate) async fn grant(
        &self,
        locator: &Locator,
        proof: &Proof,
    ) -> Result<GrantCreated, ApiError> {
        let response = self.send(self.proven(locator, "grants", proof)).await?;
        answer::json(response, 201, MAX_JSON_BODY).await
    }

    /// `PATCH /links/{locator}`
    pub(crate) async fn change_link(
        &self,
        locator: &Locator,
        token: &OwnerToken,
        change: &ChangeLink,
    ) -> Result<SharedLink, ApiError> {
        let request = json(self.owned_link(Method::PATCH, locator, token), change);
        answer::json(self.send(request).await?, 200, MAX_JSON_BODY).await
    }

    /// `DELETE /links/{locator}`
    pub(crate) async fn revoke_link(
        &self,
        locator: &Locator,
        token: &OwnerToken,
    ) -> Result<(), ApiError> {
        let request = self.owned_link(Method::DELETE, locator, token);
        answer::empty(self.send(request).await?).await
    }

    fn owned_link(&self, method: Method, locator: &Locator, token: &OwnerToken) -> RequestBuilder {
        let request = self.request(method, &format!("/links/{}", locator.to_base64url()));
        authorize(request, SCHEME_OWNER, &token.to_base64url())
    }

    fn proven(&self, locator: &Locator, action: &str, proof: &Proof) -> RequestBuilder {
        let path = format!("/links/{}/{action}", locator.to_base64url());
        let request = self.request(Method::POST, &path);
        authorize(request, SCHEME_PROOF, &proof.to_base64url())
    }
}
