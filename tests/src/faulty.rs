//! A text-to-speech server with faults: lost connections, stalls and error responses.
//!
//! The fault of a request depends only on its text and on the number of earlier requests for that text. Thread scheduling has
//! no influence, so each run meets the same faults.

use std::io;

use bytes::Bytes;
use fastrand::Rng;
use serde_json::Value;
use waves_errors::WavesError;

use crate::server::{Response, Seen, Server};

/// The path of the server's endpoint.
pub const PATH: &str = "/waves/v1/tts";

/// A fault of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Fault {
    /// The connection is cut before the response's head.
    CutBeforeHead,
    /// The connection is cut after half of the announced body.
    CutInBody,
    /// The connection stays open, but the server sends nothing.
    StallBeforeHead,
    /// The connection stays open, but the server sends only half of the announced body.
    StallInBody,
    /// Status 500 with a JSON body.
    InternalServerError,
    /// Status 503 with a JSON body.
    ServiceUnavailable,
    /// Status 502 with a gateway's HTML page.
    BadGateway,
    /// Status 429 with `Retry-After: 1`.
    RateLimitedForASecond,
    /// Status 429 without `Retry-After`.
    RateLimited,
}

impl Fault {
    /// All faults.
    pub const ALL: [Self; 9] = [
        Self::CutBeforeHead,
        Self::CutInBody,
        Self::StallBeforeHead,
        Self::StallInBody,
        Self::InternalServerError,
        Self::ServiceUnavailable,
        Self::BadGateway,
        Self::RateLimitedForASecond,
        Self::RateLimited,
    ];

    /// Returns the case that a client classifies the fault as.
    pub fn case(self) -> WavesError {
        match self {
            Self::CutBeforeHead | Self::CutInBody | Self::StallBeforeHead | Self::StallInBody => WavesError::NoAnswer,
            Self::InternalServerError => WavesError::InternalServerError,
            Self::ServiceUnavailable | Self::BadGateway => WavesError::ServiceUnavailable,
            Self::RateLimitedForASecond | Self::RateLimited => WavesError::TooManyRequests,
        }
    }

    /// Returns the response to a request for `text` with this fault.
    pub fn response(self, text: &str) -> Response {
        let audio = audio(text);
        let json = |status, body: &'static str| Response::new(status, body).header("content-type", "application/json");
        let half =
            || Response::new(200, audio.slice(..audio.len() / 2)).header("content-length", audio.len().to_string());
        match self {
            Self::CutBeforeHead => Response::none(),
            Self::CutInBody => half().cut(),
            Self::StallBeforeHead => Response::silence(),
            Self::StallInBody => half().stalled(),
            Self::InternalServerError => json(500, r#"{"error":"Internal server error"}"#),
            Self::ServiceUnavailable => json(503, r#"{"status":"error","message":"Service unavailable"}"#),
            Self::BadGateway => {
                Response::new(502, "<html><head><title>502 Bad Gateway</title></head><body></body></html>")
                    .header("content-type", "text/html")
            }
            Self::RateLimitedForASecond => json(429, r#"{"error":"Rate limit exceeded"}"#).header("retry-after", "1"),
            Self::RateLimited => json(429, r#"{"error":"Rate limit exceeded"}"#),
        }
    }
}

/// The kinds of faults, each with its variants. Both stalls are one kind, so that a call that meets each kind once loses
/// three connections: the policy for lost connections allows three retries.
pub const KINDS: [&[Fault]; 8] = [
    &[Fault::CutBeforeHead],
    &[Fault::CutInBody],
    &[Fault::StallBeforeHead, Fault::StallInBody],
    &[Fault::InternalServerError],
    &[Fault::ServiceUnavailable],
    &[Fault::BadGateway],
    &[Fault::RateLimitedForASecond],
    &[Fault::RateLimited],
];

/// The distribution of the faults. A call is the sequence of requests for one text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// A call meets each kind of fault at most once, with a probability of 25%. The order of the faults is random.
    AtMostOnce,
    /// A request meets each kind of fault with a probability of 3%, independent of all other requests.
    Independent,
}

impl Mode {
    /// The probability of each kind of fault in [`Independent`](Self::Independent), in percent.
    pub const PERCENT: usize = 3;

    /// Returns the fault of request number `nth` for `text`; the first is 0.
    pub fn fault(self, text: &str, nth: usize) -> Option<Fault> {
        // FNV-1a, because the hash of the standard library may change.
        let hash = |hash: u64, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        let mut random = Rng::with_seed(text.bytes().fold(0xcbf2_9ce4_8422_2325, hash));
        match self {
            Self::AtMostOnce => {
                let mut faults: Vec<Fault> = Vec::new();
                for kind in KINDS {
                    if random.u8(..4) == 0 {
                        faults.extend(random.choice(kind.iter().copied()));
                    }
                }
                random.shuffle(&mut faults);
                faults.get(nth).copied()
            }
            Self::Independent => {
                let draw = (0..=nth).map(|_| random.usize(..100)).last()?;
                random.choice(KINDS.get(draw / Self::PERCENT)?.iter().copied())
            }
        }
    }

    /// Starts a server that sends the [`audio`] of a request's text, or a fault of this mode.
    ///
    /// # Errors
    ///
    /// Fails if no loopback port is free.
    pub async fn start(self) -> io::Result<Server> {
        Server::start(move |seen| {
            let Some(text) = text(seen) else { return Response::new(400, "") };
            match self.fault(&text, seen.nth) {
                Some(fault) => fault.response(&text),
                None => Response::new(200, audio(&text)),
            }
        })
        .await
    }
}

/// Returns the text in the body of a request for speech.
pub fn text(seen: &Seen) -> Option<String> {
    let body: Value = serde_json::from_slice(&seen.body).ok()?;
    (seen.path == PATH).then(|| body["text"].as_str().map(str::to_owned)).flatten()
}

/// Returns the audio of a text: at least 64 KiB, and different for each text.
pub fn audio(text: &str) -> Bytes {
    let times = (64 << 10) / text.len().max(1) + 1;
    format!("RIFF{}", text.repeat(times)).into()
}

/// Returns `count` different texts.
pub fn texts(count: usize) -> Vec<String> {
    (1..=count).map(|number| format!("This is sentence {number} of {count}. ")).collect()
}
