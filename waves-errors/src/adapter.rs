//! Failures that the adapters of HTTP clients share: for a response, and for an exchange without one.

use std::error::Error;
use std::time::SystemTime;

use waves_errors_core::{Evidence, TransportError};

use crate::chain::chain;
use crate::error::CatalogEnum;
use crate::failure::Failure;
#[cfg(any(feature = "reqwest", feature = "tower", feature = "ureq"))]
use crate::front::Front;

/// Supertrait of the extension traits, which only this crate implements.
#[cfg(any(feature = "reqwest", feature = "ureq"))]
pub trait Sealed {}

/// The meaning of a client's error: how the exchange ended, or a reason on the client's side.
pub(crate) type Meaning = Result<TransportError, &'static str>;

#[cfg(any(feature = "reqwest", feature = "ureq", feature = "tokio-tungstenite"))]
pub(crate) const NOT_BUILT: &str = "the request could not be built";

/// A failing response. Its status decides the case; that its body ended early is kept as the source.
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

/// An exchange without a response, or without the end of one.
pub(crate) fn unanswered<K: CatalogEnum>(
    evidence: Evidence,
    meaning: Meaning,
    error: &(dyn Error + 'static),
) -> Failure<K> {
    let evidence = evidence.with_received_at(SystemTime::now());
    let failure = match meaning {
        // With the head of a response, something was sent, whatever ended the body.
        Ok(TransportError::Connect) if evidence.status().is_some() => {
            Failure::classify_as(evidence.with_transport_error(TransportError::Interrupted))
        }
        Ok(io) => Failure::classify_as(evidence.with_transport_error(io)),
        // The first error of a chain often says no more than what kind it is.
        Err(reason) => {
            let cause = chain(error).last().unwrap_or(error);
            Failure::classify_as(evidence).local(&format!("{reason}: {cause}"))
        }
    };
    failure.with_source(error)
}
