//! Adapter for reqwest: `send_checked` on its request builder, and `bytes_checked` and others on its response, fail with a [`Failure`]
//! that contains the request and the response.
//!
//! The module records each request before it is sent. It reads up to 64 KiB of the body of an error response, for at most 5
//! seconds. Like reqwest itself, it needs a tokio runtime with timers.
//!
//! Headers that the client adds itself and request bodies that are streams are not recorded. Disable the client's own retries with
//! `retry(reqwest::retry::never())` when you use [`Retry`].
//!
//! Errors of reqwest do not reveal whether a redirect was followed. If the connection to the target of a redirect fails, or its server
//! refuses the request, the failure has [`TransportError::Connect`] or [`TransportError::Refused`], as if nothing had been processed.
//! Disable redirects for requests that must not be repeated.

use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

#[doc(no_inline)]
pub use bytes::Bytes;
use futures_core::{FusedStream, Stream};
use http_body::Body as _;
use reqwest::{Request, RequestBuilder, Response};
use serde_core::de::DeserializeOwned;
use waves_errors_core::{Evidence, TransportError};

use crate::adapter::{Sealed, answered, unanswered};
use crate::attempt::Open;
use crate::client_error::{Meaning, NOT_BUILT, REDIRECTS, UNREADABLE, connect_meaning, established, meaning_in};
use crate::decode;
use crate::diagnose::Finding;
use crate::error::CatalogEnum;
use crate::failure::Failure;
use crate::front;
use crate::http::{record_request, with_headers};
use crate::retry::Retry;
#[cfg(feature = "waves")]
use crate::waves::WavesError;

/// Sends a request, and returns a [`Failure`] for every error.
///
/// # Examples
///
/// ```no_run
/// # async fn example(client: reqwest::Client, url: &str, key: &str) -> Result<(), waves_errors::Failure> {
/// use waves_errors::reqwest::{ReadChecked, SendChecked};
///
/// let audio = waves_errors::retry(async || {
///     let response = client.post(url).bearer_auth(key).send_checked().await?;
///     response.bytes_checked().await
/// })
/// .await?;
/// # Ok(()) }
/// ```
pub trait SendChecked: Sealed + Sized {
    /// Sends the request.
    ///
    /// # Errors
    ///
    /// Fails if the status is 400 or above, if the connection fails, or if the request cannot be built.
    #[cfg(feature = "waves")]
    fn send_checked(self) -> impl Future<Output = Result<Response, Failure>> + Send {
        self.send_checked_as()
    }

    /// Like `send_checked`, for the catalog of `K`.
    ///
    /// # Errors
    ///
    /// Fails like `send_checked`.
    fn send_checked_as<K: CatalogEnum>(self) -> impl Future<Output = Result<Response, Failure<K>>> + Send;

    /// Sends the request, with retries by `retry`. A request whose body is a stream cannot be repeated and is sent once.
    ///
    /// An attempt ends with the head of the response. To retry also after a body that ends early, call [`Retry::run`] with an
    /// operation that reads the body.
    ///
    /// # Errors
    ///
    /// Returns the failure of the last attempt.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// # async fn example(client: reqwest::Client, url: &str) -> Result<(), waves_errors::Failure> {
    /// use waves_errors::{Retry, reqwest::SendChecked};
    ///
    /// let response = client.post(url).body("{}").send_with(Retry::new().max_retries(3)).await?;
    /// # Ok(()) }
    /// ```
    #[cfg(feature = "waves")]
    fn send_with(self, retry: Retry) -> impl Future<Output = Result<Response, Failure>> + Send {
        self.send_with_as(retry)
    }

    /// Like `send_with`, for the catalog of `K`.
    ///
    /// # Errors
    ///
    /// Fails like `send_with`.
    fn send_with_as<K: CatalogEnum>(self, retry: Retry) -> impl Future<Output = Result<Response, Failure<K>>> + Send;
}

impl Sealed for RequestBuilder {}
impl Sealed for Response {}

impl SendChecked for RequestBuilder {
    async fn send_checked_as<K: CatalogEnum>(self) -> Result<Response, Failure<K>> {
        let (client, request) = self.build_split();
        let request = request.map_err(|error| failure_as(Evidence::new(), error))?;
        let evidence = request_evidence(&request);
        let open = Arc::new(Open::new(&evidence));
        let mut response = client.execute(request).await.map_err(|error| failure_as(evidence.clone(), error))?;
        let exchange = Exchange { request: evidence, open: Arc::clone(&open), ..Exchange::default() };
        response.extensions_mut().insert(exchange);
        let evidence = response_evidence(&response);
        open.update(&evidence);
        if response.status().as_u16() < 400 {
            return Ok(response);
        }
        let body = http::Response::<reqwest::Body>::from(response).into_body();
        Err(answered(evidence, front::read_front(body).await.map(reqwest::Error::without_url)))
    }

    async fn send_with_as<K: CatalogEnum>(self, retry: Retry) -> Result<Response, Failure<K>> {
        // A stream cannot be sent twice, and a request that cannot be built fails once.
        let retry = if self.try_clone().is_some() { retry } else { retry.max_retries(0) };
        let mut request = Some(self);
        let operation = move || {
            let request = request.as_ref().and_then(RequestBuilder::try_clone).or_else(|| request.take());
            async move {
                match request {
                    Some(request) => request.send_checked_as().await,
                    None => Err(Failure::classify_as(Evidence::new()).local(NOT_BUILT)),
                }
            }
        };
        retry.run(operation).await
    }
}

/// The exchange of a response, stored in its extensions.
#[derive(Clone, Default)]
pub(crate) struct Exchange {
    pub(crate) request: Evidence,
    /// The number of body bytes that the program received.
    pub(crate) delivered: u64,
    /// The error that ended the body early.
    pub(crate) failed: Option<Arc<reqwest::Error>>,
    /// The exchange in the record of the attempt; it ends with the response.
    pub(crate) open: Arc<Open>,
}

/// Reads the body of a response. Fails if the connection ends before the body is complete.
///
/// A truncated body is detected with HTTP/2, chunked encoding or a `Content-Length`. Otherwise the end of the connection is the
/// end of the body, and a truncated body looks complete.
pub trait ReadChecked: Sealed + Sized {
    /// Reads the whole body. Its length is not limited.
    ///
    /// # Errors
    ///
    /// Fails if the body does not arrive completely, or reports an error as `failed-when` of the catalog describes.
    #[cfg(feature = "waves")]
    fn bytes_checked(self) -> impl Future<Output = Result<Bytes, Failure>> + Send {
        self.bytes_checked_as()
    }

    /// Like `bytes_checked`, for the catalog of `K`.
    ///
    /// # Errors
    ///
    /// Fails like `bytes_checked`.
    fn bytes_checked_as<K: CatalogEnum>(self) -> impl Future<Output = Result<Bytes, Failure<K>>> + Send;

    /// Reads the whole body as UTF-8 text.
    ///
    /// # Errors
    ///
    /// Fails if the body does not arrive completely, reports an error as `failed-when` of the catalog describes, or is not UTF-8.
    #[cfg(feature = "waves")]
    fn text_checked(self) -> impl Future<Output = Result<String, Failure>> + Send {
        self.text_checked_as()
    }

    /// Like `text_checked`, for the catalog of `K`.
    ///
    /// # Errors
    ///
    /// Fails like `text_checked`.
    fn text_checked_as<K: CatalogEnum>(self) -> impl Future<Output = Result<String, Failure<K>>> + Send;

    /// Reads the whole body and decodes it as JSON.
    ///
    /// # Errors
    ///
    /// Fails if the body does not arrive completely, reports an error as `failed-when` of the catalog describes, or cannot be decoded
    /// as a `T`. A decoding failure names the type and the location in the document, and is not retried.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// # async fn example(client: reqwest::Client, url: &str) -> Result<(), waves_errors::Failure> {
    /// use std::collections::BTreeMap;
    /// use waves_errors::{Retry, reqwest::{ReadChecked, SendChecked}};
    ///
    /// let voices: BTreeMap<String, Vec<String>> =
    ///     Retry::new().run(async || client.get(url).send_checked().await?.json_checked().await).await?;
    /// # Ok(()) }
    /// ```
    #[cfg(feature = "waves")]
    fn json_checked<T: DeserializeOwned>(self) -> impl Future<Output = Result<T, Failure>> + Send {
        self.json_checked_as()
    }

    /// Like `json_checked`, for the catalog of `K`.
    ///
    /// # Errors
    ///
    /// Fails like `json_checked`.
    fn json_checked_as<T: DeserializeOwned, K: CatalogEnum>(self)
    -> impl Future<Output = Result<T, Failure<K>>> + Send;

    /// Reads the next chunk of the body; `None` at its end.
    ///
    /// After a failure, every further call returns the same failure. A retry loop does not repeat an operation that fails after a
    /// chunk was delivered: see [`Failure::delivered_bytes`] and the [guide](crate::guide::streaming).
    ///
    /// # Errors
    ///
    /// Fails if the body ends early.
    #[cfg(feature = "waves")]
    fn chunk_checked(&mut self) -> impl Future<Output = Result<Option<Bytes>, Failure>> + Send {
        self.chunk_checked_as()
    }

    /// Like `chunk_checked`, for the catalog of `K`.
    ///
    /// # Errors
    ///
    /// Fails like `chunk_checked`.
    fn chunk_checked_as<K: CatalogEnum>(&mut self) -> impl Future<Output = Result<Option<Bytes>, Failure<K>>> + Send;

    /// Returns the body as a stream of chunks. See [`chunk_checked`](Self::chunk_checked) for failures.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// # async fn example(response: reqwest::Response) -> Result<(), waves_errors::Failure> {
    /// use futures_util::TryStreamExt;
    /// use waves_errors::reqwest::ReadChecked;
    ///
    /// let mut stream = response.stream_checked();
    /// while let Some(chunk) = stream.try_next().await? {
    ///     println!("{} bytes", chunk.len());
    /// }
    /// # Ok(()) }
    /// ```
    #[cfg(feature = "waves")]
    fn stream_checked(self) -> BodyStream {
        self.stream_checked_as()
    }

    /// Like `stream_checked`, for the catalog of `K`.
    fn stream_checked_as<K: CatalogEnum>(self) -> BodyStream<K>;
}

impl ReadChecked for Response {
    async fn bytes_checked_as<K: CatalogEnum>(self) -> Result<Bytes, Failure<K>> {
        whole(self).await.map(|(_, bytes)| bytes)
    }

    async fn text_checked_as<K: CatalogEnum>(self) -> Result<String, Failure<K>> {
        let (evidence, bytes) = whole(self).await?;
        decode::text(evidence, &bytes)
    }

    async fn json_checked_as<T: DeserializeOwned, K: CatalogEnum>(self) -> Result<T, Failure<K>> {
        let (evidence, bytes) = whole(self).await?;
        decode::json(evidence, &bytes)
    }

    async fn chunk_checked_as<K: CatalogEnum>(&mut self) -> Result<Option<Bytes>, Failure<K>> {
        if let Some(failure) = broken(self) {
            return Err(failure);
        }
        match self.chunk().await {
            Ok(Some(chunk)) => {
                let exchange = self.extensions_mut().get_or_insert_default::<Exchange>();
                exchange.delivered += chunk.len() as u64;
                exchange.open.deliver(chunk.len() as u64);
                Ok(Some(chunk))
            }
            Ok(None) => {
                self.extensions_mut().get_or_insert_default::<Exchange>().open.end();
                Ok(None)
            }
            Err(error) => {
                let error = Arc::new(error.without_url());
                let exchange = self.extensions_mut().get_or_insert_default::<Exchange>();
                exchange.failed = Some(Arc::clone(&error));
                exchange.open.end();
                Err(unanswered(response_evidence(self), meaning(&error, false), &*error))
            }
        }
    }

    fn stream_checked_as<K: CatalogEnum>(self) -> BodyStream<K> {
        let failed = broken(&self);
        let evidence = response_evidence(&self);
        let open = open(&self);
        let body = http::Response::<reqwest::Body>::from(self).into_body();
        let delivered = evidence.delivered_bytes().unwrap_or(0);
        BodyStream { body, delivered, evidence, open, failed, ended: false, kind: PhantomData }
    }
}

/// Reads the whole body. Returns it with the evidence of the exchange.
async fn whole<K: CatalogEnum>(response: Response) -> Result<(Evidence, Bytes), Failure<K>> {
    if let Some(failure) = broken(&response) {
        return Err(failure);
    }
    let evidence = response_evidence(&response);
    // reqwest drops the extensions before it reads the body.
    let _open = open(&response);
    match response.bytes().await {
        Ok(bytes) => decode::checked(evidence, bytes),
        Err(error) => Err(failure_as(evidence, error)),
    }
}

/// Returns the exchange of a response in the record of the attempt.
fn open(response: &Response) -> Arc<Open> {
    response.extensions().get::<Exchange>().map(|exchange| Arc::clone(&exchange.open)).unwrap_or_default()
}

/// Returns the failure of a body that has already ended early.
fn broken<K: CatalogEnum>(response: &Response) -> Option<Failure<K>> {
    let error = response.extensions().get::<Exchange>()?.failed.clone()?;
    Some(unanswered(response_evidence(response), meaning(&error, false), &*error))
}

/// The body of a response as a stream. `stream_checked` returns it.
///
/// A failure is the last item; [`Failure::delivered_bytes`] counts the bytes before it.
pub struct BodyStream<#[cfg(feature = "waves")] K = WavesError, #[cfg(not(feature = "waves"))] K> {
    body: reqwest::Body,
    evidence: Evidence,
    open: Arc<Open>,
    delivered: u64,
    /// The failure of a body that ended early before it became a stream.
    failed: Option<Failure<K>>,
    ended: bool,
    kind: PhantomData<fn() -> K>,
}

impl<K> std::fmt::Debug for BodyStream<K> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("BodyStream")
            .field("delivered", &self.delivered)
            .field("ended", &self.ended)
            .finish_non_exhaustive()
    }
}

impl<K: CatalogEnum> Stream for BodyStream<K> {
    type Item = Result<Bytes, Failure<K>>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if let Some(failure) = self.failed.take() {
            self.ended = true;
            return Poll::Ready(Some(Err(failure)));
        }
        while !self.ended {
            match ready!(Pin::new(&mut self.body).poll_frame(context)) {
                Some(Ok(frame)) => {
                    // Skip trailers.
                    if let Ok(chunk) = frame.into_data() {
                        self.delivered += chunk.len() as u64;
                        self.open.deliver(chunk.len() as u64);
                        return Poll::Ready(Some(Ok(chunk)));
                    }
                }
                Some(Err(error)) => {
                    self.ended = true;
                    self.open.end();
                    let mut evidence = self.evidence.clone();
                    if self.delivered > 0 {
                        evidence = evidence.with_delivered_bytes(self.delivered);
                    }
                    return Poll::Ready(Some(Err(failure_as(evidence, error))));
                }
                None => {
                    self.ended = true;
                    self.open.end();
                }
            }
        }
        Poll::Ready(None)
    }
}

impl<K: CatalogEnum> FusedStream for BodyStream<K> {
    fn is_terminated(&self) -> bool {
        self.ended
    }
}

/// Returns the confirmed and likely mistakes of a request before it is sent: see [`preflight`](crate::preflight).
///
/// Headers that the client adds itself are unknown, so a missing header is never confirmed.
///
/// # Examples
///
/// ```
/// use waves_errors::{WavesError, reqwest::preflight};
///
/// let builder = reqwest::Client::new().post("https://api.smallest.ai/waves/v1/tts").header("authorization", "Token x");
/// let found = preflight::<WavesError>(&builder.build().unwrap());
/// assert_eq!(found[0].step().id(), Some("header-form"));
/// ```
pub fn preflight<K: CatalogEnum>(request: &Request) -> Vec<Finding> {
    crate::diagnose::preflight::<K>(&request_evidence(request))
}

/// Returns the evidence of a request: method, URL, headers and body, unless the body is a stream. Default headers of the client
/// are not included.
pub fn request_evidence(request: &Request) -> Evidence {
    let body = request.body().and_then(reqwest::Body::as_bytes);
    record_request(Evidence::new(), request.method(), request.url(), request.headers(), body)
}

/// Returns the evidence of a response: its head and, if `send_checked` returned it, the request.
pub fn response_evidence(response: &Response) -> Evidence {
    head_evidence(response.extensions(), response.url(), response.status().as_u16(), response.headers())
}

pub(crate) fn head_evidence(
    extensions: &http::Extensions,
    url: &reqwest::Url,
    status: u16,
    headers: &http::HeaderMap,
) -> Evidence {
    let exchange = extensions.get::<Exchange>();
    let request = exchange.map(|exchange| exchange.request.clone()).unwrap_or_default().with_redirect(url.as_str());
    let delivered = exchange.map(|exchange| exchange.delivered).filter(|&bytes| bytes > 0);
    delivered.into_iter().fold(with_headers(request.with_status(status), headers), Evidence::with_delivered_bytes)
}

/// Returns the failure for an error of reqwest, for programs that send requests or read bodies without the traits of this module.
///
/// `evidence` describes the exchange: see [`request_evidence`] and [`response_evidence`].
///
/// # Examples
///
/// ```no_run
/// # async fn example(client: reqwest::Client, request: reqwest::Request) -> Result<(), waves_errors::Failure> {
/// use waves_errors::reqwest::{failure, request_evidence};
///
/// let evidence = request_evidence(&request);
/// let response = client.execute(request).await.map_err(|error| failure(evidence, error))?;
/// # Ok(()) }
/// ```
#[cfg(feature = "waves")]
pub fn failure(evidence: Evidence, error: reqwest::Error) -> Failure {
    failure_as(evidence, error)
}

/// Like `failure`, for the catalog of `K`.
pub fn failure_as<K: CatalogEnum>(evidence: Evidence, error: reqwest::Error) -> Failure<K> {
    let is_encrypted = error.url().is_some_and(|url| matches!(url.scheme(), "https" | "wss"));
    // The text of the error must not depend on the words in its URL.
    let error = error.without_url();
    unanswered(evidence, meaning(&error, is_encrypted), &error)
}

fn meaning(error: &reqwest::Error, is_encrypted: bool) -> Meaning {
    if error.is_builder() {
        return Err(NOT_BUILT);
    }
    // A timeout while connecting is a connection error: nothing was sent.
    if error.is_connect() {
        let no_tls = "no TLS support: enable the `rustls` or `native-tls` feature of reqwest";
        return connect_meaning(error, is_encrypted, no_tls);
    }
    if error.is_timeout() {
        return Ok(TransportError::Timeout);
    }
    if error.is_redirect() {
        return Err(REDIRECTS);
    }
    if let Some(meaning) = meaning_in(error) {
        return established(meaning);
    }
    if error.is_request() || error.is_body() || error.is_decode() {
        return Ok(TransportError::Interrupted);
    }
    Err(UNREADABLE)
}
