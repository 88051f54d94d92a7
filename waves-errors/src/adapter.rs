//! What the adapters of HTTP clients have in common: the failure of an answer, and of an exchange without one.

use std::error::Error;
use std::time::SystemTime;

use http::HeaderMap;
use waves_errors_core::{Evidence, Io};

use crate::error::CatalogEnum;
use crate::failure::Failure;
use crate::front::Front;
use crate::http::with_headers;

/// A failing answer. Its status tells the case; that its body ended early is kept beside it.
pub(crate) fn answered<K: CatalogEnum, E: Into<Box<dyn Error + Send + Sync>>>(
    asked: Evidence,
    status: u16,
    headers: &HeaderMap,
    front: Front<E>,
) -> Failure<K> {
    let answer = with_headers(asked.with_status(status), headers).body_part(front.body);
    let failure = Failure::classify_as(answer.received(SystemTime::now()));
    match front.error {
        Some(error) => failure.with_source(&*error.into()),
        None => failure,
    }
}

/// An exchange without an answer, or without the end of one; without `io`, one that was never begun.
pub(crate) fn unanswered<K: CatalogEnum>(asked: Evidence, io: Option<Io>, error: &(dyn Error + 'static)) -> Failure<K> {
    let evidence = io.into_iter().fold(asked, Evidence::with_io);
    Failure::classify_as(evidence.received(SystemTime::now())).with_source(error)
}
