//! `/uploads`

use bytes::Bytes;
use onekey_core::keys::{OwnerToken, ShareId};
use onekey_core::wire::{
    CreateUpload, MAX_JSON_BODY, SCHEME_OWNER, UploadCompleted, UploadCreated, UploadStatus,
};
use reqwest::Method;
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE};

use super::{Api, JSON, answer, authorize, json};
use crate::client::UploadSecret;
use crate::error::ApiError;

impl Api {
    /// `POST /uploads`
    pub(crate) async fn create_upload(
        &self,
        upload: &CreateUpload,
        secret: Option<&UploadSecret>,
    ) -> Result<UploadCreated, ApiError> {
        let mut request = json(self.request(Method::POST, "/uploads"), upload);
        if let Some(secret) = secret {
            request = request.header(AUTHORIZATION, secret.field().clone());
        }
        answer::json(self.send(request).await?, 201, MAX_JSON_BODY).await
    }

    /// `GET /uploads/{id}`
    pub(crate) async fn upload_status(
        &self,
        upload: &ShareId,
        token: &OwnerToken,
    ) -> Result<UploadStatus, ApiError> {
        let path = format!("/uploads/{}", upload.to_base64url());
        let request = self.request(Method::GET, &path);
        let request = authorize(request, SCHEME_OWNER, &token.to_base64url());
        answer::json(self.send(request).await?, 200, MAX_JSON_BODY).await
    }

    /// `PUT /uploads/{id}/parts/{n}`
    pub(crate) async fn put_part(
        &self,
        upload: &ShareId,
        token: &OwnerToken,
        number: u64,
        digest: &str,
        body: Bytes,
    ) -> Result<(), ApiError> {
        let path = format!("/uploads/{}/parts/{number}", upload.to_base64url());
        let request = authorize(
            self.request(Method::PUT, &path),
            SCHEME_OWNER,
            &token.to_base64url(),
        )
        .header("content-digest", digest)
        .header(CONTENT_TYPE, "application/octet-stream");
        answer::empty(self.send_watched(request, body).await?).await
    }

    /// `POST /uploads/{id}/complete`, with a body that was printed once: a repetition must be the same.
    pub(crate) async fn complete(
        &self,
        upload: &ShareId,
        token: &OwnerToken,
        body: Bytes,
    ) -> Result<UploadCompleted, ApiError> {
        let path = format!("/uploads/{}/complete", upload.to_base64url());
        let request = authorize(
            self.request(Method::POST, &path),
            SCHEME_OWNER,
            &token.to_base64url(),
        )
        .header(CONTENT_TYPE, JSON);
        answer::json(self.send_watched(request, body).await?, 201, MAX_JSON_BODY).await
    }

    /// `DELETE /uploads/{id}`
    pub(crate) async fn abort(&self, upload: &ShareId, token: &OwnerToken) -> Result<(), ApiError> {
        let path = format!("/uploads/{}", upload.to_base64url());
        let request = self.request(Method::DELETE, &path);
        let request = authorize(request, SCHEME_OWNER, &token.to_base64url());
        answer::empty(self.send(request).await?).await
    }
}
