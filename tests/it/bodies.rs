//! Bodies of successes with each adapter: complete, decoded, in chunks and as a stream.

use std::pin::pin;
use std::time::Duration;

use bytes::Bytes;
use futures_util::{StreamExt, TryStreamExt};
use serde::Deserialize;
use waves_errors::{
    Failure, Retry, StopReason, TransportError, WavesError, reqwest as asynchronous, reqwest_blocking, ureq as ureq3,
};
use waves_errors_tests::server::{Response, Seen, Server, raw};

const KEY: &str = "sk_4f3c2b1a4f3c2b1a4f3c2b1a4f3c2b1a";

#[derive(Debug, Deserialize, PartialEq)]
struct Voices {
    voices: Vec<Voice>,
}

#[derive(Debug, Deserialize, PartialEq)]
struct Voice {
    id: String,
    rate: u32,
}

fn run<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap().block_on(work)
}

type Get<T> = fn(&str) -> Result<T, Failure>;

/// Functions that read a body as JSON and as text, for each adapter.
const ADAPTERS: [(&str, Get<Voices>, Get<String>); 3] = [
    ("reqwest", reqwest_json, reqwest_text),
    ("reqwest-blocking", blocking_json, blocking_text),
    ("ureq", ureq_json, ureq_text),
];

fn reqwest_json(url: &str) -> Result<Voices, Failure> {
    use asynchronous::{ReadChecked, SendChecked};
    run(async { reqwest::Client::new().get(url).bearer_auth(KEY).send_checked().await?.json_checked().await })
}

fn reqwest_text(url: &str) -> Result<String, Failure> {
    use asynchronous::{ReadChecked, SendChecked};
    run(async { reqwest::Client::new().get(url).bearer_auth(KEY).send_checked().await?.text_checked().await })
}

fn blocking_json(url: &str) -> Result<Voices, Failure> {
    use reqwest_blocking::{ReadChecked, SendChecked};
    reqwest::blocking::Client::new().get(url).bearer_auth(KEY).send_checked()?.json_checked()
}

fn blocking_text(url: &str) -> Result<String, Failure> {
    use reqwest_blocking::{ReadChecked, SendChecked};
    reqwest::blocking::Client::new().get(url).bearer_auth(KEY).send_checked()?.text_checked()
}

fn ureq_json(url: &str) -> Result<Voices, Failure> {
    use ureq3::{CallChecked, ReadChecked};
    ureq::get(url).header("authorization", format!("Bearer {KEY}")).call_checked()?.json_checked()
}

fn ureq_text(url: &str) -> Result<String, Failure> {
    use ureq3::{CallChecked, ReadChecked};
    ureq::get(url).header("authorization", format!("Bearer {KEY}")).call_checked()?.text_checked()
}

/// Runs each adapter against a server that sends this response.
fn each(response: Response, check: impl Fn(&str, Result<Voices, Failure>, Result<String, Failure>)) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let server = runtime.block_on(Server::start(move |_| response.clone())).unwrap();
    for (name, json, text) in ADAPTERS {
        check(name, json(&server.url("/voices")), text(&server.url("/voices")));
    }
}

#[test]
fn error_in_a_successful_body_is_a_failure_with_each_adapter() {
    const ERROR: &str = r#"{"status":"error","error_code":"rate_limit_exceeded","message":"slow"}"#;
    let runtime = tokio::runtime::Runtime::new().unwrap();
    // Audio is not inspected.
    let respond = |seen: &Seen| {
        let kind = if seen.path.contains("audio") { "audio/wav" } else { "application/json" };
        Response::new(200, ERROR).header("content-type", kind)
    };
    let server = runtime.block_on(Server::start(respond)).unwrap();
    for (name, json, text) in ADAPTERS {
        for failure in [json(&server.url("/voices")).unwrap_err(), text(&server.url("/voices")).unwrap_err()] {
            assert!(failure.is(WavesError::TooManyRequests) && failure.status() == Some(200), "{name}: {failure}");
        }
        assert_eq!(text(&server.url("/audio")).unwrap(), ERROR, "{name}");
    }
}

#[test]
fn json_and_text_are_decoded() {
    let body = "\u{feff}{\"voices\":[{\"id\":\"magnus\",\"rate\":24000}]}";
    each(Response::new(200, body), |name, json, text| {
        let expected = Voices { voices: vec![Voice { id: "magnus".into(), rate: 24_000 }] };
        assert_eq!(json.unwrap(), expected, "{name}");
        assert_eq!(text.unwrap(), body.trim_start_matches('\u{feff}'), "{name}");
    });
}

#[test]
fn json_type_mismatch_reports_type_location_and_request() {
    let body = format!("{{\"voices\":[{{\"id\":\"magnus\",\"rate\":\"{KEY} said by a user\"}}]}}");
    each(Response::new(200, body).header("x-request-id", "req_1"), |name, json, _| {
        let failure = json.unwrap_err();
        assert_eq!(
            failure.to_string(),
            "the response could not be decoded as `Voices`: invalid type: string, expected u32 at voices[0].rate, line 1 \
             column 85 (status 200, request id req_1)",
            "{name}"
        );
        assert!(failure.is_failure() && failure.kind().is_none());
        assert!(failure.evidence().url().is_some_and(|url| url.ends_with("/voices")), "{name}");
        assert_eq!((failure.evidence().method(), failure.status()), (Some("GET"), Some(200)));
        assert_eq!(failure.raw_field("/voices/0/id").as_deref(), Some("magnus"));
        for output in [format!("{failure:#}"), format!("{failure:?}"), serde_json::to_string(&failure).unwrap()] {
            assert!(!output.contains("4f3c2b") && !output.contains("said by"), "{name}: {output}");
        }
    });
}

#[test]
fn undecodable_bodies_are_failures_without_retry() {
    for (response, problem) in [
        (Response::new(200, "<html>login</html>"), "expected value"),
        (Response::new(200, ""), "unexpected end of the document"),
        (Response::new(200, "{\"voices\":[]} extra"), "trailing characters"),
        (Response::new(200, &b"\x1f\x8b\x08\x00"[..]).header("content-encoding", "zstd"), "(content-encoding: zstd)"),
        (Response::new(200, "[".repeat(1 << 20)), "invalid type: sequence"),
    ] {
        each(response, |name, json, _| {
            let failure = json.unwrap_err();
            let text = failure.to_string();
            assert!(text.contains(problem) && text.contains("decoded as `Voices`"), "{name}: {text}");
            let decision = Retry::new().idempotent().decide(&failure, std::time::SystemTime::UNIX_EPOCH);
            assert_eq!(decision, waves_errors::Decision::Stop(StopReason::NotRetryable), "{name}");
        });
    }
    each(Response::new(200, &b"caf\xe9"[..]), |name, _, text| {
        let failure = text.unwrap_err().to_string();
        assert!(
            failure.starts_with("the response could not be decoded as text: invalid UTF-8 at byte 3"),
            "{name}: {failure}"
        );
    });
}

#[test]
fn body_that_ends_early_is_classified_as_no_answer() {
    each(Response::new(200, "{\"voices\":[").cut(), |name, json, text| {
        for failure in [json.unwrap_err(), text.unwrap_err()] {
            assert_eq!(
                (failure.kind(), failure.evidence().transport_error()),
                (Some(WavesError::NoAnswer), Some(TransportError::Interrupted)),
                "{name}"
            );
            assert_eq!(failure.delivered_bytes(), 0, "{name}");
            assert!(failure.to_string().contains("connection closed early"), "{name}: {failure}");
        }
    });
}

#[test]
fn chunks_after_a_body_failure_fail_with_delivered_bytes() {
    use asynchronous::{ReadChecked, SendChecked};
    run(async {
        let server = Server::start(|_| Response::new(200, "RIFF").times(3).cut()).await.unwrap();
        let client = reqwest::Client::new();
        let get = async || client.get(server.url("/speech")).send_checked().await.unwrap();

        let mut response = get().await;
        let mut received = Vec::new();
        let failure = loop {
            match response.chunk_checked().await {
                Ok(Some(chunk)) => received.extend_from_slice(&chunk),
                Ok(None) => panic!("a body that is cut has no end"),
                Err(failure) => break failure,
            }
        };
        assert_eq!((received.as_slice(), failure.delivered_bytes()), (&b"RIFFRIFFRIFF"[..], 12));
        assert!(failure.to_string().contains("connection closed early, 12 bytes delivered"), "{failure}");
        for _ in 0..3 {
            let failure = response.chunk_checked().await.unwrap_err();
            assert_eq!((failure.kind(), failure.delivered_bytes()), (Some(WavesError::NoAnswer), 12));
        }
        let mut rest = pin!(response.stream_checked());
        assert!(rest.next().await.unwrap().is_err() && rest.next().await.is_none());

        let mut response = get().await;
        while response.chunk_checked().await.is_ok() {}
        assert_eq!(response.bytes_checked().await.unwrap_err().delivered_bytes(), 12);

        let mut stream = pin!(get().await.stream_checked());
        let mut received = 0;
        let failure = loop {
            match stream.next().await {
                Some(Ok(chunk)) => received += chunk.len(),
                Some(Err(failure)) => break failure,
                None => panic!("a body that is cut has no end"),
            }
        };
        assert_eq!((received, failure.delivered_bytes(), failure.kind()), (12, 12, Some(WavesError::NoAnswer)));
        assert!(stream.next().await.is_none());
    });
}

#[test]
fn chunks_and_stream_return_the_whole_body() {
    use asynchronous::{ReadChecked, SendChecked};
    run(async {
        let server = Server::start(|_| Response::new(200, "RIFF").times(1000)).await.unwrap();
        let response = reqwest::Client::new().get(server.url("/speech")).send_checked().await.unwrap();
        let chunks: Vec<Bytes> = response.stream_checked().try_collect().await.unwrap();
        assert_eq!(chunks.concat(), b"RIFF".repeat(1000));
        let mut response = reqwest::Client::new().get(server.url("/speech")).send_checked().await.unwrap();
        let mut length = 0;
        while let Some(chunk) = response.chunk_checked().await.unwrap() {
            length += chunk.len();
        }
        assert_eq!(length, 4000);
        assert!(response.chunk_checked().await.unwrap().is_none());
    });
}

#[test]
fn retry_stops_after_delivered_bytes() {
    use asynchronous::{ReadChecked, SendChecked};
    run(async {
        let server = Server::start(|_| Response::new(200, "RIFF").cut()).await.unwrap();
        let url = server.url("/speech");
        let client = reqwest::Client::new();
        let play = async || {
            let mut response = client.get(&url).send_checked().await?;
            let mut played = 0;
            while let Some(chunk) = response.chunk_checked().await? {
                played += chunk.len();
            }
            Ok::<_, Failure>(played)
        };
        let failure = Retry::new().idempotent().run(play).await.unwrap_err();
        assert_eq!((failure.stop_reason(), server.seen().len()), (Some(StopReason::Delivered { bytes: 4 }), 1));
        assert!(format!("{failure:#}").ends_with("not retried: 4 bytes of the response were already delivered"));

        // The same if a time limit cancels the operation.
        let server = Server::start(|_| Response::new(200, "RIFF").stalled()).await.unwrap();
        let url = server.url("/speech");
        let play = async || {
            let stream = client.get(&url).send_checked().await?.stream_checked();
            stream.try_for_each(|_| std::future::ready(Ok(()))).await
        };
        let failure =
            Retry::new().idempotent().attempt_timeout(Duration::from_millis(200)).run(play).await.unwrap_err();
        assert_eq!((failure.stop_reason(), server.seen().len()), (Some(StopReason::Delivered { bytes: 4 }), 1));
    });
}

#[test]
fn adapter_errors_are_failures_with_a_reason() {
    use asynchronous::SendChecked;
    use ureq3::CallChecked;
    run(async {
        let server = Server::start(|_| Response::new(302, "").header("location", "/again")).await.unwrap();
        let client = reqwest::Client::new();
        let redirected = client.get(server.url("/again")).send_checked().await.unwrap_err();
        let unbuilt = client.get("no address").send_checked().await.unwrap_err();
        let header = client.get(server.url("/")).header("x", "\n").send_checked().await.unwrap_err();
        let garbage = client.get(raw("SSH-2.0-OpenSSH_9.9\r\n").await.unwrap()).send_checked().await.unwrap_err();
        for (failure, start) in [
            (&redirected, "the redirects could not be followed: "),
            (&unbuilt, "the request could not be built: relative URL without a base"),
            (&header, "the request could not be built: "),
            (&garbage, "the response could not be read: invalid HTTP version parsed"),
        ] {
            assert!(failure.is_failure(), "{failure}");
            assert!(failure.to_string().starts_with(start), "{failure}");
        }
    });
    let unbuilt = ureq::get("no address").call_checked().unwrap_err();
    assert!(unbuilt.is_failure() && unbuilt.to_string().starts_with("the request could not be built: "), "{unbuilt}");
}
