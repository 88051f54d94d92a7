//! [`Failure`]: a failed exchange and its case.

use std::error::Error;
use std::fmt;
use std::io;
use std::marker::PhantomData;
use std::sync::{Arc, OnceLock};
use std::time::SystemTime;

use waves_errors_core::internal::{Facts, field};
use waves_errors_core::{Case, Catalog, Evidence, MatchedBy, TransportError};

use crate::decision::StopReason;
use crate::display;
use crate::error::{CatalogEnum, CatalogError};
use crate::failure_data::FailureData;
use crate::foreign::Foreign;
use crate::io_error::io_kind;
use crate::retry_after::RetryAfter;

use crate::timeout::TimedOut;
#[cfg(feature = "waves")]
use crate::waves::WavesError;

/// A failed exchange: the case of the catalog, the message of the server, and the evidence.
///
/// One pointer in size, `Send + Sync + 'static`. `Display` and `Debug` are one line; `{:#}` and `{:#?}` are the report, with
/// causes, fixes, retry policy and page. None of them, and no [`source`](Error::source), contains a credential of the exchange.
///
/// # Examples
///
/// ```
/// use waves_errors::{Evidence, Failure, MatchedBy, WavesError};
///
/// let failure = Failure::classify(
///     Evidence::response(429).with_header("x-request-id", "req_7f3a9c").with_body(r#"{"message":"Slow down"}"#),
/// );
/// assert_eq!(failure.kind(), Some(WavesError::TooManyRequests));
/// assert_eq!(failure.matched_by(), Some(MatchedBy::Status));
/// assert_eq!(
///     failure.to_string(),
///     "429 Too Many Requests: The request exceeded the current rate limit \
///      (\"Slow down\", request id req_7f3a9c)"
/// );
/// ```
pub struct Failure<#[cfg(feature = "waves")] K = WavesError, #[cfg(not(feature = "waves"))] K>(
    pub(crate) Box<FailureData>,
    PhantomData<fn() -> K>,
);

#[cfg(feature = "waves")]
impl Failure {
    /// Classifies a failed exchange with the Waves API.
    pub fn classify(evidence: Evidence) -> Self {
        Self::classify_as(evidence)
    }

    /// Creates a failure of this kind without an exchange, for tests and for errors that a program detects itself.
    pub fn of(kind: WavesError) -> Self {
        Self::of_kind(kind)
    }

    /// Creates the failure of a call of the Waves API whose connection ended with this I/O error: see
    /// [`connection_error_as`](Self::connection_error_as).
    ///
    /// # Examples
    ///
    /// ```
    /// use std::io::{Error, ErrorKind};
    /// use waves_errors::{Failure, WavesError};
    ///
    /// let failure = Failure::connection_error(&Error::from(ErrorKind::ConnectionRefused));
    /// assert_eq!(failure.kind(), Some(WavesError::NotConnected));
    /// ```
    pub fn connection_error(error: &io::Error) -> Self {
        Self::connection_error_as(error)
    }

    /// Finds a failure of the Waves API in an error or among its sources: in a `Box<dyn Error>`, an `anyhow::Error` or an
    /// `eyre::Report`. Case, evidence and number of attempts are preserved.
    ///
    /// The failure inside a `transparent` variant of a derived enum is not in the chain: match on the variant, or call
    /// [`case`](CatalogError::case) on the enum.
    ///
    /// `anyhow::Error` and `eyre::Report` are not errors themselves: write `Failure::find(&*error)`.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::error::Error;
    /// use waves_errors::{Failure, WavesError};
    ///
    /// let error: Box<dyn Error + Send + Sync> = Failure::of(WavesError::TooManyRequests).into();
    /// let failure = Failure::find(&*error).expect("a failure in the chain");
    /// assert!(failure.is(WavesError::TooManyRequests));
    /// ```
    pub fn find<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a Self> {
        Self::find_as(error)
    }
}

impl<K: 'static> Failure<K> {
    /// Finds a failure in an error or among its sources: like `find`, for the catalog of `K`.
    pub fn find_as<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a Self>
    where
        Self: Error,
    {
        let found = |error: &'a (dyn Error + 'static)| {
            error
                .downcast_ref::<Self>()
                .or_else(|| error.downcast_ref::<Box<Self>>().map(|error| &**error))
                .or_else(|| error.downcast_ref::<Arc<Self>>().map(|error| &**error))
        };
        std::iter::successors(Some(error), |&error| next_in_chain(error)).take(CHAIN).find_map(found)
    }
}

/// The maximum number of errors that are searched: a chain can be cyclic.
const CHAIN: usize = 1000;

/// Returns the next error of a chain: the source, or the error inside an I/O error, which is not its source.
fn next_in_chain<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a (dyn Error + 'static)> {
    let wrapped = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
    wrapped.map(|error| error as &(dyn Error + 'static)).or_else(|| error.source())
}

impl<K: CatalogEnum> Failure<K> {
    /// Classifies a failed exchange with the catalog of `K`.
    pub fn classify_as(evidence: Evidence) -> Self {
        Self::by(K::CATALOG, evidence)
    }

    /// Creates a failure of this kind without an exchange: like `of`, for the catalog of `K`.
    pub fn of_kind(kind: K) -> Self {
        let mut failure = Self::classify_as(Evidence::new());
        failure.0.case = kind.case();
        failure
    }

    /// Creates the failure of an exchange whose connection ended with this I/O error.
    ///
    /// The kind of the error selects the [`TransportError`]: `Connect` if the connection was never established, `Timeout` for
    /// timeouts, and `Interrupted` for all other kinds. The text of the error becomes the [`source`](Error::source).
    ///
    /// Call this only for errors of a connection: an error of a file or of the program's own output is not a failed exchange.
    pub fn connection_error_as(error: &io::Error) -> Self {
        let io = io_kind(error).unwrap_or(TransportError::Interrupted);
        Self::classify_as(Evidence::no_response(io)).with_source(error)
    }

    /// Returns the variant of the case. `None` if the catalog does not list the error, if the request could not be built, or if the
    /// response could not be decoded; [`evidence`](Self::evidence) and the text of the failure show which of these applies.
    ///
    /// A refined case has a variant of its own: use [`is`](Self::is) to test for a case and everything that refines it.
    pub fn kind(&self) -> Option<K> {
        self.0.case.and_then(K::from_case)
    }

    /// Returns whether the failure has the case of this variant, or a case that refines it.
    ///
    /// # Examples
    ///
    /// ```
    /// use waves_errors::{Evidence, Failure, WavesError};
    ///
    /// let failure = Failure::classify(Evidence::response(429).with_body(r#"{"error":"Concurrency limit reached"}"#));
    /// assert!(failure.is(WavesError::TooManyRequests));
    /// ```
    pub fn is(&self, kind: K) -> bool {
        matches!((self.0.case, kind.case()), (Some(case), Some(other)) if case.is(other))
    }

    /// Classifies a failure that has no case: `classify` inspects it and returns a variant, or `None`. A failure that has a case
    /// is returned unchanged.
    ///
    /// # Examples
    ///
    /// A gateway in front of the API responds with a status that the catalog does not list:
    ///
    /// ```
    /// use waves_errors::{Evidence, Failure, WavesError};
    ///
    /// let failure = Failure::classify(Evidence::response(512).with_header("x-gateway", "overloaded"));
    /// assert_eq!(failure.kind(), None);
    /// let failure = failure.or_classify(|failure| {
    ///     (failure.evidence().header("x-gateway") == Some("overloaded")).then_some(WavesError::ServiceUnavailable)
    /// });
    /// assert_eq!(failure.kind(), Some(WavesError::ServiceUnavailable));
    /// ```
    pub fn or_classify(mut self, classify: impl FnOnce(&Self) -> Option<K>) -> Self {
        if self.0.case.is_none() {
            self.0.case = classify(&self).and_then(|kind| kind.case());
        }
        self
    }
}

/// For catalogs without an enum, which a program reads at run time.
impl Failure<Case> {
    /// Classifies a failed exchange with a catalog.
    pub fn classify_in(catalog: Catalog, evidence: Evidence) -> Self {
        Self::by(catalog, evidence)
    }

    /// Creates a failure with this case, without an exchange.
    pub fn of_case(case: Case) -> Self {
        let mut failure = Self::by(case.catalog(), Evidence::new());
        failure.0.case = Some(case);
        failure
    }
}

impl<K> Failure<K> {
    fn by(catalog: Catalog, evidence: Evidence) -> Self {
        let facts = catalog.classify(&evidence);
        let found = facts.case.and_then(|(index, by)| Some((catalog.at(index)?, by)));
        let data = FailureData {
            catalog,
            case: found.map(|(case, _)| case),
            matched_by: found.map(|(_, by)| by),
            facts,
            evidence,
            attempts: 1,
            stop: None,
            local: None,
            source: None,
            shown: OnceLock::new(),
        };
        Self(Box::new(data), PhantomData)
    }

    /// Returns whether the exchange failed; `false` if the evidence describes a success, such as a status of 200 or a close with
    /// 1000. For errors that this crate returns it is always `true`.
    pub fn is_failure(&self) -> bool {
        self.0.facts.failed || self.0.case.is_some() || self.0.local.is_some()
    }

    /// Returns the case; `None` if the catalog does not list the failure, or if the client failed.
    pub fn case(&self) -> Option<Case> {
        self.0.case
    }

    /// Returns the kind of condition that selected the case; `None` if no condition of the catalog did.
    pub fn matched_by(&self) -> Option<MatchedBy> {
        self.0.matched_by
    }

    /// Returns the status of the response, if there was one.
    pub fn status(&self) -> Option<u16> {
        self.0.evidence.status()
    }

    /// Returns the error code in the response, whether or not the catalog lists it.
    pub fn code(&self) -> Option<&str> {
        self.0.facts.code.as_deref()
    }

    /// Returns the message in the response, not redacted.
    pub fn raw_message(&self) -> Option<&str> {
        self.0.facts.message.as_deref()
    }

    /// Returns the string, number or boolean at a JSON pointer of the response, not redacted.
    ///
    /// # Examples
    ///
    /// ```
    /// use waves_errors::{Evidence, Failure};
    ///
    /// let failure = Failure::classify(Evidence::response(429).with_body(r#"{"limits":{"per_minute":60}}"#));
    /// assert_eq!(failure.raw_field("/limits/per_minute").as_deref(), Some("60"));
    /// ```
    pub fn raw_field(&self, pointer: &str) -> Option<String> {
        field(&self.0.evidence, pointer)
    }

    /// Returns the request id that the server assigned, not redacted.
    pub fn request_id(&self) -> Option<&str> {
        self.0.facts.request_id.as_deref()
    }

    /// Returns the server-requested delay; `None` if the server requested none. A date is converted with the `Date` of the
    /// response, or else with `now`.
    pub fn retry_after(&self, now: SystemTime) -> Option<RetryAfter> {
        RetryAfter::of_response(&self.0.evidence, &self.0.facts, now)
    }

    /// Returns the evidence of the exchange.
    pub fn evidence(&self) -> &Evidence {
        &self.0.evidence
    }

    /// Returns the number of bytes of the HTTP body that the program received in chunks before the failure; 0 if the body is read
    /// as a whole.
    pub fn delivered_bytes(&self) -> u64 {
        self.0.evidence.delivered_bytes().unwrap_or(0)
    }

    /// Returns the number of attempts; 1 without a retry loop.
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// Returns the stop reason of the retry loop; `None` without a loop.
    pub fn stop_reason(&self) -> Option<StopReason> {
        self.0.stop
    }

    /// Sets an error of another library as the [`source`](Error::source). Only its redacted text and those of its own sources are
    /// kept, not their types.
    pub fn with_source(mut self, error: &(dyn Error + 'static)) -> Self {
        self.0.source = Foreign::keep(self.0.catalog, &self.0.evidence, error);
        self
    }

    /// Removes the message: the body of a success has none.
    #[cfg(any(feature = "reqwest", feature = "ureq"))]
    pub(crate) fn without_message(mut self) -> Self {
        self.0.facts.message = None;
        self.0.shown = OnceLock::new();
        self
    }

    /// Marks a failure of the client itself. `reason` is redacted and becomes one line.
    #[cfg(any(feature = "reqwest", feature = "tower", feature = "ureq", feature = "tokio-tungstenite"))]
    pub(crate) fn local(mut self, reason: &str) -> Self {
        self.0.local = Some(crate::redact::Redactor::new(self.0.catalog, &self.0.evidence).line(reason).into_text());
        self
    }

    fn stop(&mut self, attempts: u32, stop: StopReason) {
        self.0.attempts = attempts;
        self.0.stop = Some(stop);
    }
}

impl<K> fmt::Display for Failure<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if f.alternate() { display::write_report(&self.0, f) } else { display::write_line(&self.0, f) }
    }
}

/// Like [`Display`](fmt::Display): one line, or the report with `{:#?}`.
impl<K> fmt::Debug for Failure<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl<K> Error for Failure<K> {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.0.source.as_ref().map(|source| source as _)
    }
}

impl<K> Clone for Failure<K> {
    fn clone(&self) -> Self {
        Self(self.0.clone(), PhantomData)
    }
}

impl<K: CatalogEnum> CatalogError for Failure<K> {
    fn case(&self) -> Option<Case> {
        self.0.case
    }

    fn evidence(&self) -> Option<&Evidence> {
        Some(&self.0.evidence)
    }

    fn facts(&self) -> Option<&Facts> {
        Some(&self.0.facts)
    }

    fn from_timeout(timeout: &TimedOut) -> Option<Self> {
        Some(
            Self::classify_as(timeout.evidence().clone().with_transport_error(TransportError::Timeout))
                .with_source(timeout),
        )
    }

    fn retries_ended(&mut self, attempts: u32, reason: StopReason) {
        self.stop(attempts, reason);
    }
}

/// Has the default [`from_timeout`](CatalogError::from_timeout), which returns `None`: no catalog is known before the first failure.
impl CatalogError for Failure<Case> {
    fn case(&self) -> Option<Case> {
        self.0.case
    }

    fn evidence(&self) -> Option<&Evidence> {
        Some(&self.0.evidence)
    }

    fn facts(&self) -> Option<&Facts> {
        Some(&self.0.facts)
    }

    fn retries_ended(&mut self, attempts: u32, reason: StopReason) {
        self.stop(attempts, reason);
    }
}
