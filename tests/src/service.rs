//! Responses of the Waves API, for a server on loopback.

use crate::server::{Response, Seen};

/// The only valid key.
pub const KEY: &str = "sk_0123456789abcdef0123456789abcdef";
const NO_SUCH_KEY: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>NoSuchKey</Code>\
    <Message>The specified key does not exist.</Message><Key>calls/a.WAV</Key></Error>";

/// Returns the response of the Waves API, or of the storage with the uploads, to a request.
pub fn respond(seen: &Seen) -> Response {
    let json = |status, body: &'static str| {
        Response::new(status, body).header("content-type", "application/json").header("x-request-id", "req_7f3a9c")
    };
    let audio = Response::new(200, &b"RIFF"[..]);
    match seen.header("authorization") {
        None => return json(401, r#"{"message":"Unauthorized: No tokens provided"}"#),
        Some(key) if key != format!("Bearer {KEY}") => {
            return json(401, r#"{"error":"Unauthorized","message":"Bearer token is missing or invalid."}"#);
        }
        Some(_) => {}
    }
    match (seen.path.as_str(), seen.nth) {
        ("/waves/v1/voice-cloning", _) => json(403, r#"{"status":"error","message":"Forbidden"}"#),
        ("/waves/v1/tts?busy", 0) => {
            json(429, r#"{"error":{"message":"Concurrency limit reached","type":"rate_limit_error"}}"#)
                .header("retry-after", "1")
        }
        ("/waves/v1/tts?hiccup", 0) | ("/waves/v1/tts?broken", _) => json(500, r#"{"error":"Internal server error"}"#),
        ("/waves/v1/tts?hour", _) => json(429, r#"{"error":"Rate limit exceeded"}"#).header("retry-after", "3600"),
        ("/bucket/calls/a.WAV", _) => Response::new(404, NO_SUCH_KEY).header("content-type", "application/xml"),
        ("/waves/v1/tts?cut", _) => Response::none(),
        _ => audio,
    }
}
