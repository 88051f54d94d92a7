//! Failures of the HTTP adapters: for an error response, and for an exchange without a complete response.

use std::error::Error;
use std::time::SystemTime;

use waves_errors_core::{Evidence, TransportError};

use crate::chain::chain;
use crate::client_error::Meaning;
use crate::error::CatalogEnum;
use crate::failure::Failure;
#[cfg(any(feature = "reqwest", feature = "tower", feature = "ureq"))]
use crate::front::Front;

/// Supertrait of the extension traits, which only this crate implements.
#[cfg(any(feature = "reqwest", feature = "ureq"))]
pub trait Sealed {}

/// Returns the failure for an error response. The status decides the case; if the body ended early, that error becomes the
/// source.
#[cfg(any(feature = "reqwest", feature = "tower", feature = "ureq"))]
pub(crate) fn answered<K: CatalogEnum, E: Into<Box<dyn Error + Send + Sync>>>(
    evidence: Evidence,
    front: Front<E>,
) -> Failure<K> {
    let failure = Failure::classify_as(evidence.with_body(front.body).with_received_at(SystemTime::now()));
    match front.error {
        Some(error) => failure.with_source(&*error.into()),
        None => failure,
    }
}

/// Returns the failure for an exchange without a complete response.
pub(crate) fn unanswered<K: CatalogEnum>(
    evidence: Evidence,
    meaning: Meaning,
    error: &(dyn Error + 'static),
) -> Failure<K> {
    let evidence = evidence.with_received_at(SystemTime::now());
    let failure = match meaning {
        // The head of a response arrived, so the request was sent and processed.
        Ok(TransportError::Connect | TransportError::Tls | TransportError::Refused) if evidence.status().is_some() => {
            Failure::classify_as(evidence.with_transport_error(TransportError::Interrupted))
        }
        Ok(io) => Failure::classify_as(evidence.with_transport_error(io)),
        // The outermost error of a chain often names only its kind.
        Err(reason) => {
            let cause = chain(error).last().unwrap_or(error);
            Failure::classify_as(evidence).local(&format!("{reason}: {cause}"))
        }
    };
    failure.with_source(error)
}
