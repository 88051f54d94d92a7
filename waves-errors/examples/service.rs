//! An axum service that calls Waves and responds to its own users: `POST /say` with a text as the body returns speech.
//!
//! ```console
//! $ export WAVES_API_KEY=sk_...
//! $ cargo run --example service --features reqwest -- https://api.smallest.ai
//! $ curl --data "Hello." --output hello.wav http://127.0.0.1:3000/say
//! ```

use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use axum::Router;
use axum::extract::State;
use axum::http::header::{CONTENT_TYPE, HeaderValue, RETRY_AFTER};
use axum::http::{HeaderName, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use waves_errors::reqwest::{Bytes, ReadChecked, SendChecked};
use waves_errors::{CatalogEnum, Failure, Redactor, Retry, RetryAfter, StopReason, TransportError, WavesError};

#[tokio::main]
async fn main() -> std::io::Result<ExitCode> {
    let (Some(base), Ok(key)) = (std::env::args().nth(1), std::env::var("WAVES_API_KEY")) else {
        eprintln!("usage: WAVES_API_KEY=<key> service <base URL of Waves>");
        return Ok(ExitCode::from(2));
    };
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 3000)).await?;
    axum::serve(listener, router(App::new(&base, &key))).await?;
    Ok(ExitCode::SUCCESS)
}

/// The state of the service.
pub struct App {
    client: reqwest::Client,
    url: String,
    key: String,
    /// The time for one attempt.
    pub attempt_timeout: Duration,
    /// The time for a response to the user: all attempts and the delays between them.
    pub deadline: Duration,
}

impl App {
    /// Creates the state with default limits. `base` is the base URL of Waves.
    pub fn new(base: &str, key: &str) -> Self {
        Self {
            client: reqwest::Client::new(), // one client for all requests: they share its connections
            url: format!("{base}/waves/v1/tts"),
            key: key.to_owned(),
            attempt_timeout: Duration::from_secs(10),
            deadline: Duration::from_secs(25),
        }
    }

    async fn synthesize(&self, text: &str) -> Result<Bytes, Failure> {
        let body = serde_json::json!({"text": text, "voice_id": "magnus", "output_format": "wav"}).to_string();
        let request = || self.client.post(&self.url).bearer_auth(&self.key).header(CONTENT_TYPE, "application/json");
        Retry::new()
            .idempotent() // synthesizing a text twice does no harm
            .attempt_timeout(self.attempt_timeout)
            .deadline(self.deadline)
            .run(async || request().body(body.clone()).send_checked().await?.bytes_checked().await)
            .await
    }
}

/// Returns the routes of the service.
pub fn router(app: App) -> Router {
    Router::new().route("/say", post(say)).with_state(Arc::new(app))
}

/// Handles a request. If the user disconnects, axum drops this future, which ends the retry loop.
async fn say(State(app): State<Arc<App>>, text: String) -> Result<impl IntoResponse, Refusal> {
    let audio = app.synthesize(&text).await?;
    Ok(([(CONTENT_TYPE, "audio/wav")], audio))
}

/// A failure of Waves, as a response with a status and a message of this service.
struct Refusal(Failure);

impl From<Failure> for Refusal {
    fn from(failure: Failure) -> Self {
        Self(failure)
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let Self(failure) = self;
        eprintln!("{failure:#}"); // for the operator: with causes and fixes, without credentials
        let (status, message) = status_and_message(&failure);
        let mut response = (status, message).into_response();
        let headers = response.headers_mut();
        if matches!(status, StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE) {
            headers.insert(RETRY_AFTER, HeaderValue::from(seconds_to_wait(&failure)));
        }
        // Users send the request id to support. The server can write any text into it, even a credential.
        let redactor = Redactor::new(WavesError::CATALOG, failure.evidence());
        let id = failure.request_id().filter(|id| id.is_ascii() && redactor.id(id).text() == *id);
        if let Some(Ok(id)) = id.map(HeaderValue::from_str) {
            headers.insert(HeaderName::from_static("x-request-id"), id);
        }
        response
    }
}

/// Returns the status and the message for users. `Failure::is` includes refined cases. Errors that only the operator can fix, such
/// as those of the key, the plan or the voice, are internal errors of this service.
fn status_and_message(failure: &Failure) -> (StatusCode, &'static str) {
    if failure.is(WavesError::TooManyRequests) {
        (StatusCode::TOO_MANY_REQUESTS, "Too many requests. Try again later.\n")
    } else if failure.is(WavesError::ServiceUnavailable) || failure.is(WavesError::NotConnected) {
        (StatusCode::SERVICE_UNAVAILABLE, "Speech is not available at the moment. Try again later.\n")
    } else if failure.evidence().transport_error() == Some(TransportError::Timeout)
        || failure.stop_reason() == Some(StopReason::Deadline)
    {
        (StatusCode::GATEWAY_TIMEOUT, "Speech synthesis took too long. Try again later.\n")
    } else if failure.is(WavesError::PayloadTooLarge) {
        (StatusCode::PAYLOAD_TOO_LARGE, "The text is too long.\n")
    } else if failure.is(WavesError::NoAnswer) || failure.status().is_some_and(|status| status >= 500) {
        (StatusCode::BAD_GATEWAY, "Speech could not be synthesized.\n")
    } else {
        (StatusCode::INTERNAL_SERVER_ERROR, "Internal error.\n")
    }
}

/// Returns the server-requested delay in whole seconds, from 1 second to 1 hour; 10 seconds if the server requested none.
fn seconds_to_wait(failure: &Failure) -> u64 {
    let requested = failure.retry_after(SystemTime::now()).and_then(RetryAfter::delay);
    let delay = requested.unwrap_or(Duration::from_secs(10)).min(Duration::from_secs(3600));
    (delay.as_secs() + u64::from(delay.subsec_nanos() > 0)).max(1)
}
