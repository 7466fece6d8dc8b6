//! A form: files, and beside them the secret and the link's limits, in any order.

use std::sync::Arc;

use axum::http::HeaderMap;

use super::field::{self, Field};
use super::incoming::Incoming;
use super::multipart::{Event, MultipartError, Parser};
use super::wishes::Wishes;
use super::{HOW, check_most};
use crate::app::App;
use crate::direct::receive::{Received, Receiver, of_type};
use crate::error::ApiError;
use crate::extract::content_length;
use crate::upload_secret::Gate;

/// Parts of a form, files among them.
const MAX_FORM_PARTS: usize = 1_000;

/// Longest value of a field that we know.
const MAX_VALUE: usize = 1_024;

/// Bytes of all fields that we do not know.
const MAX_IGNORED: usize = 1 << 20;

/// Bytes behind the last boundary that are waited for.
const MAX_EPILOGUE: usize = 64 << 10;

/// What a form may be longer than the files in it, where `Content-Length` is all that is known.
const MAX_AROUND: u64 = 64 << 10;

pub(super) async fn receive(
    app: &Arc<App>,
    fields: &HeaderMap,
    mut incoming: Incoming,
    boundary: &[u8],
    gate: Gate,
    wishes: Wishes,
) -> Result<Received, ApiError> {
    let announced = content_length(fields)?;
    let least = announced.map(|length| length.saturating_sub(MAX_AROUND));
    check_most(app, least.unwrap_or(0)).await?;
    let mut form = Form {
        app,
        gate,
        wishes,
        receiver: Receiver::new(app, None, announced)?,
        part: Part::Ignored,
        parts: 0,
        ignored: 0,
    };
    let mut parser = Parser::new(boundary);
    loop {
        match parser.next().map_err(refusal)? {
            Event::Data(data) => form.data(&data).await?,
            Event::End => break,
            Event::Head(head) => form.begin(field::read(&head))?,
            Event::More => match incoming.next().await? {
                Some(piece) => parser.push(piece),
                None => parser.end(),
            },
        }
    }
    form.end_part()?;
    skip_epilogue(incoming).await?;
    form.finish().await
}

fn refusal(error: MultipartError) -> ApiError {
    ApiError::bad_request(error.to_string())
}

/// Reads what may stand behind the form, so that the answer meets a client that has sent everything.
async fn skip_epilogue(mut incoming: Incoming) -> Result<(), ApiError> {
    let mut skipped = 0;
    while skipped < MAX_EPILOGUE {
        let Some(piece) = incoming.next().await? else {
            break;
        };
        skipped += piece.len();
    }
    Ok(())
}

/// The part that is being read.
enum Part {
    File,
    Ignored,
    /// A file that is there only if it has content: somebody chose none, or sends a text.
    Unnamed(Option<String>),
    Value(Value, Vec<u8>),
}

/// The fields that we know.
#[derive(Clone, Copy)]
enum Value {
    Downloads,
    Expires,
    Secret,
}

struct Form<'a> {
    app: &'a Arc<App>,
    gate: Gate,
    wishes: Wishes,
    receiver: Receiver,
    part: Part,
    parts: usize,
    ignored: usize,
}

impl Form<'_> {
    fn begin(&mut self, field: Field) -> Result<(), ApiError> {
        self.end_part()?;
        self.parts += 1;
        if self.parts > MAX_FORM_PARTS {
            return Err(ApiError::bad_request(format!(
                "a form has at most {MAX_FORM_PARTS} parts"
            )));
        }
        let declared = field.media_type.as_deref();
        self.part = match (field.name.as_deref(), field.file_name.as_deref()) {
            (Some("file"), Some("")) => Part::Unnamed(field.media_type),
            // A field without a file's name is text, unless it says what it is (RFC 7578, section 4.4).
            (Some("file"), None) => Part::Unnamed(Some(declared.unwrap_or("text/plain").into())),
            (Some("file"), Some(name)) => {
                self.receiver.begin_file(name, declared);
                Part::File
            }
            (Some("secret"), _) => Part::Value(Value::Secret, Vec::new()),
            (Some("expires"), _) => Part::Value(Value::Expires, Vec::new()),
            (Some("downloads"), _) => Part::Value(Value::Downloads, Vec::new()),
            _ => Part::Ignored,
        };
        Ok(())
    }

    async fn data(&mut self, data: &[u8]) -> Result<(), ApiError> {
        if let Part::Unnamed(declared) = &self.part {
            let declared = declared.as_deref();
            self.receiver.begin_file(&of_type(declared), declared);
            self.part = Part::File;
        }
        match &mut self.part {
            Part::Value(_, value) if value.len() + data.len() <= MAX_VALUE => {
                value.extend_from_slice(data);
            }
            Part::Value(..) => {
                return Err(ApiError::bad_request(format!(
                    "secret, expires and downloads have at most {MAX_VALUE} bytes"
                )));
            }
            Part::File => self.receiver.push(data).await?,
            Part::Ignored | Part::Unnamed(_) => {
                self.ignored = self.ignored.saturating_add(data.len());
                if self.ignored > MAX_IGNORED {
                    return Err(ApiError::bad_request(
                        "a field that is not known here is too long; a file goes into the field `file`",
                    ));
                }
            }
        }
        Ok(())
    }

    fn end_part(&mut self) -> Result<(), ApiError> {
        match std::mem::replace(&mut self.part, Part::Ignored) {
            Part::File => self.receiver.end_file(),
            Part::Value(Value::Downloads, value) => self.wishes.set_downloads(&value),
            Part::Value(Value::Expires, value) => self.wishes.set_expires(&value),
            Part::Value(Value::Secret, value) => self.gate.show(&value),
            Part::Ignored | Part::Unnamed(_) => Ok(()),
        }
    }

    async fn finish(self) -> Result<Received, ApiError> {
        self.gate.require(HOW)?;
        if self.receiver.files() == 0 {
            return Err(ApiError::bad_request(
                "there is no file: send it in the form's field `file`",
            ));
        }
        let terms = self.wishes.terms(self.app)?;
        self.receiver.finish(terms).await
    }
}
