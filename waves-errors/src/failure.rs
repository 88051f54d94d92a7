//! [`Failure`]: a failed exchange that knows which case it is.

use std::error::Error;
use std::fmt;
use std::io::{self, ErrorKind};
use std::marker::PhantomData;
use std::time::SystemTime;

use waves_errors_core::{Case, Catalog, Evidence, Facts, Io, MatchedBy, field};

use crate::error::{CatalogEnum, CatalogError};
use crate::foreign::Foreign;
use crate::retry::StopReason;
use crate::retry_after::RetryAfter;
use crate::show;
#[cfg(feature = "waves")]
use crate::waves::WavesError;

/// A failed exchange: which case of the catalog it is, in which words the server said so, and what is known of it.
///
/// One pointer, `Send + Sync + 'static`. `Display` is one line with what decides; `{:#}` and `Debug` add causes, fixes,
/// retry policy and page. Neither they nor any [`source`](Error::source) hold a credential of the exchange.
///
/// # Examples
///
/// ```
/// use waves_errors::{Evidence, Failure, MatchedBy, WavesError};
///
/// let failure = Failure::classify(
///     Evidence::response(429).header("x-request-id", "req_7f3a9c").body(r#"{"message":"Concurrency limit reached"}"#),
/// );
/// assert_eq!(failure.kind(), Some(WavesError::TooManyRequests));
/// assert_eq!(failure.matched_by(), Some(MatchedBy::Status));
/// assert_eq!(
///     failure.to_string(),
///     "429 Too Many Requests: The request exceeded the current rate limit \
///      (\"Concurrency limit reached\", request id req_7f3a9c)"
/// );
/// ```
pub struct Failure<#[cfg(feature = "waves")] K = WavesError, #[cfg(not(feature = "waves"))] K>(
    pub(crate) Box<Inner>,
    PhantomData<fn() -> K>,
);

/// All of a failure; the same for every catalog.
pub(crate) struct Inner {
    pub(crate) catalog: &'static Catalog,
    pub(crate) case: Option<Case>,
    pub(crate) matched_by: Option<MatchedBy>,
    pub(crate) facts: Facts,
    pub(crate) evidence: Evidence,
    pub(crate) attempts: u32,
    pub(crate) stop: Option<StopReason>,
    pub(crate) source: Option<Foreign>,
}

#[cfg(feature = "waves")]
impl Failure {
    /// What a failed exchange with the Waves API is.
    pub fn classify(evidence: Evidence) -> Self {
        Self::classify_as(evidence)
    }

    /// A failure of this kind, without an exchange: for tests and for programs that find one themselves.
    pub fn of(kind: WavesError) -> Self {
        Self::of_kind(kind)
    }
}

impl<K: CatalogEnum> Failure<K> {
    /// What a failed exchange is, by the catalog of `K`.
    pub fn classify_as(evidence: Evidence) -> Self {
        Self::by(K::CATALOG, evidence)
    }

    /// A failure of this kind, without an exchange.
    pub fn of_kind(kind: K) -> Self {
        let mut failure = Self::classify_as(Evidence::new());
        failure.0.case = kind.case();
        failure
    }

    /// The variant of the case; `None` for what the catalog does not list, so that listing it later breaks nobody.
    pub fn kind(&self) -> Option<K> {
        self.0.case.and_then(K::from_case)
    }

    /// Whether the failure is of this kind, or of one that refines it.
    pub fn is(&self, kind: K) -> bool {
        matches!((self.0.case, kind.case()), (Some(own), Some(other)) if own.is(other))
    }

    /// Where the catalog does not list the failure: lets `find` look at it and name its kind.
    pub fn or_classify(mut self, find: impl FnOnce(&Self) -> Option<K>) -> Self {
        if self.0.case.is_none() {
            self.0.case = find(&self).and_then(|kind| kind.case());
        }
        self
    }
}

/// By a catalog that is no enum: one that a program has read while it runs.
impl Failure<Case> {
    /// What a failed exchange is, by a catalog.
    pub fn classify_in(catalog: &'static Catalog, evidence: Evidence) -> Self {
        Self::by(catalog, evidence)
    }

    /// A failure of this case, without an exchange.
    pub fn of_case(case: Case) -> Self {
        let mut failure = Self::by(case.catalog(), Evidence::new());
        failure.0.case = Some(case);
        failure
    }
}

impl<K> Failure<K> {
    fn by(catalog: &'static Catalog, evidence: Evidence) -> Self {
        let facts = catalog.classify(&evidence);
        let found = facts.case.and_then(|(index, by)| Some((catalog.at(index)?, by)));
        let inner = Inner {
            catalog,
            case: found.map(|(case, _)| case),
            matched_by: found.map(|(_, by)| by),
            facts,
            evidence,
            attempts: 1,
            stop: None,
            source: None,
        };
        Self(Box::new(inner), PhantomData)
    }

    /// Whether it is a failure at all: a success, or a close with 1000, that was classified all the same is none.
    pub fn is_failure(&self) -> bool {
        self.0.facts.failed || self.0.case.is_some()
    }

    /// The case.
    pub fn case(&self) -> Option<Case> {
        self.0.case
    }

    /// What made the failure this case; `None` where no rule of the catalog did.
    pub fn matched_by(&self) -> Option<MatchedBy> {
        self.0.matched_by
    }

    /// The status of the answer, where there was one.
    pub fn status(&self) -> Option<u16> {
        self.0.evidence.status()
    }

    /// The code that the server gave, known to the catalog or not.
    pub fn code(&self) -> Option<&str> {
        self.0.facts.code.as_deref()
    }

    /// The server's own words, as they came: not redacted.
    pub fn message(&self) -> Option<&str> {
        self.0.facts.message.as_deref()
    }

    /// The string, number or boolean at a JSON pointer of the answer, as it came: not redacted.
    pub fn field(&self, pointer: &str) -> Option<String> {
        field(&self.0.evidence, pointer)
    }

    /// The id under which the server knows the request.
    pub fn request_id(&self) -> Option<&str> {
        self.0.facts.request_id.as_deref()
    }

    /// What the server asked to wait; `None` where it asked nothing. A date counts from the answer's own `Date`, or
    /// else from `now`.
    pub fn retry_after(&self, now: SystemTime) -> Option<RetryAfter> {
        RetryAfter::read(self.0.catalog, &self.0.evidence, &self.0.facts, now)
    }

    /// What is known of the exchange.
    pub fn evidence(&self) -> &Evidence {
        &self.0.evidence
    }

    /// How often the operation was tried; 1 where no retry loop ran.
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// Why a retry loop gave up.
    pub fn stop_reason(&self) -> Option<StopReason> {
        self.0.stop
    }

    /// Keeps the error of another library as the [`source`](Error::source): its texts, redacted, without its type.
    pub fn with_source(mut self, error: &(dyn Error + 'static)) -> Self {
        self.0.source = Foreign::keep(self.0.catalog, &self.0.evidence, error);
        self
    }

    pub(crate) fn stopped(mut self, attempts: u32, stop: StopReason) -> Self {
        self.stop(attempts, stop);
        self
    }

    /// A retry loop has ended with this failure.
    pub(crate) fn stop(&mut self, attempts: u32, stop: StopReason) {
        self.0.attempts = attempts;
        self.0.stop = Some(stop);
    }
}

impl<K> fmt::Display for Failure<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if f.alternate() { show::full(&self.0, f) } else { show::line(&self.0, f) }
    }
}

impl<K> fmt::Debug for Failure<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        show::full(&self.0, f)
    }
}

impl<K> Error for Failure<K> {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.0.source.as_ref().map(|source| source as _)
    }
}

impl<K> CatalogError for Failure<K> {
    fn case(&self) -> Option<Case> {
        self.0.case
    }

    fn evidence(&self) -> Option<&Evidence> {
        Some(&self.0.evidence)
    }
}

/// An I/O error that kept an answer from coming. One that has nothing to do with a connection (a missing file, say) is
/// no case, and its text is the [`source`](Error::source).
impl<K: CatalogEnum> From<io::Error> for Failure<K> {
    fn from(error: io::Error) -> Self {
        let evidence = io_kind(&error).map_or_else(Evidence::new, Evidence::no_answer);
        Self::classify_as(evidence).with_source(&error)
    }
}

/// What the first I/O error among an error and its causes means for an exchange.
#[cfg(any(feature = "reqwest", feature = "tower"))]
pub(crate) fn io_in(error: &(dyn Error + 'static)) -> Option<Io> {
    std::iter::successors(Some(error), |&error| error.source()).find_map(|cause| io_kind(cause.downcast_ref()?))
}

/// What an I/O error of a connection means: what a TLS library cannot read or does not trust is invalid data to it.
#[cfg(any(feature = "tokio-tungstenite", feature = "ureq"))]
pub(crate) fn connection_kind(error: &io::Error) -> Option<Io> {
    io_kind(error).or_else(|| (error.kind() == ErrorKind::InvalidData).then_some(Io::Tls))
}

/// What an I/O error means for an exchange.
pub(crate) fn io_kind(error: &io::Error) -> Option<Io> {
    match error.kind() {
        ErrorKind::TimedOut => Some(Io::Timeout),
        ErrorKind::ConnectionRefused
        | ErrorKind::HostUnreachable
        | ErrorKind::NetworkUnreachable
        | ErrorKind::NetworkDown
        | ErrorKind::AddrNotAvailable
        | ErrorKind::NotConnected => Some(Io::Connect),
        ErrorKind::ConnectionReset
        | ErrorKind::ConnectionAborted
        | ErrorKind::BrokenPipe
        | ErrorKind::UnexpectedEof => Some(Io::Interrupted),
        _ => None,
    }
}
