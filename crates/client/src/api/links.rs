//! `/links`

use onekey_core::keys::{Locator, Proof};
use onekey_core::wire::{
    GrantCreated, LinkDescription, LinkOpened, MAX_COMPLETE_BODY, MAX_JSON_BODY, SCHEME_PROOF,
};
use reqwest::{Method, RequestBuilder};

use super::{Api, answer, authorize};
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

    fn proven(&self, locator: &Locator, action: &str, proof: &Proof) -> RequestBuilder {
        let path = format!("/links/{}/{action}", locator.to_base64url());
        let request = self.request(Method::POST, &path);
        authorize(request, SCHEME_PROOF, &proof.to_base64url())
    }
}
