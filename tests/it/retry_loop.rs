//! Retry loops against a real server that records the time of each request.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, Full, StreamBody};
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use tower::retry::RetryLayer;
use tower::{Layer, Service, ServiceExt};
use waves_errors::reqwest::SendChecked;
use waves_errors::tower::{CheckedLayer, RetryPolicy};
use waves_errors::{CatalogEnum, Failure, Policy, Retry, StopReason, WavesError};
use waves_errors_tests::server::{Response, Server};

const fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

/// Returns a loop with short delays for status 429.
fn quick(max: u64) -> Retry {
    let policy = Policy::builder().initial(ms(40)).multiplier(2.0).max(ms(max)).max_retries(4).jitter(0.5).build();
    Retry::new().policies(WavesError::CATALOG, [(WavesError::POLICY_RATE_LIMIT, policy.unwrap())]).unwrap()
}

/// Returns the times between the requests to a server.
fn gaps(server: &Server) -> Vec<Duration> {
    server.seen().windows(2).map(|pair| pair[1].at - pair[0].at).collect()
}

async fn busy(times: usize) -> Server {
    Server::start(move |seen| if seen.nth < times { Response::new(429, "") } else { Response::new(200, "RIFF") })
        .await
        .unwrap()
}

#[tokio::test]
async fn waits_the_notified_delay_up_to_the_maximum() {
    let server = busy(9).await;
    let waits = Arc::new(Mutex::new(Vec::new()));
    let notified = Arc::clone(&waits);
    let client = reqwest::Client::new();
    let retry = quick(100).notify(move |next| notified.lock().unwrap().push(next.delay));
    let failure = client.get(server.url("/")).send_with(retry).await.unwrap_err();
    assert_eq!((failure.attempts(), failure.stop_reason()), (5, Some(StopReason::Exhausted)));
    let (waits, gaps) = (waits.lock().unwrap().clone(), gaps(&server));
    assert_eq!((waits.len(), gaps.len()), (4, 4));
    for ((wait, gap), nominal) in waits.iter().zip(gaps).zip([40, 80, 100, 100]) {
        assert!((ms(nominal / 2)..=ms(nominal)).contains(wait), "{wait:?}");
        assert!(gap >= *wait, "{gap:?} after {wait:?}");
    }
}

#[tokio::test]
async fn jitter_differs_between_loops() {
    let first = |_| {
        let mut state = quick(100);
        match state.decide(&Failure::of(WavesError::TooManyRequests), std::time::SystemTime::UNIX_EPOCH) {
            waves_errors::Decision::Retry { after, .. } => after,
            waves_errors::Decision::Stop(reason) => panic!("{reason}"),
        }
    };
    let delays: std::collections::BTreeSet<_> = (0..50).map(first).collect();
    assert!(delays.len() > 45);
}

#[tokio::test]
async fn deadline_is_respected() {
    let server = busy(9).await;
    let client = reqwest::Client::new();
    let started = std::time::Instant::now();
    let failure = client.get(server.url("/")).send_with(quick(2000).deadline(ms(150))).await.unwrap_err();
    assert_eq!(failure.stop_reason(), Some(StopReason::Deadline));
    assert!(started.elapsed() < ms(1000) && server.seen().len() < 5);
    let last = server.seen().last().unwrap().at - started;
    assert!(last <= ms(150) + ms(100), "{last:?}");
}

#[tokio::test]
async fn dropping_the_future_stops_requests() {
    let server = busy(9).await;
    let client = reqwest::Client::new();
    let sending = client.get(server.url("/")).send_with(quick(100));
    assert!(tokio::time::timeout(ms(30), sending).await.is_err());
    // Requests that were sent before the end of the loop have arrived by then.
    tokio::time::sleep(ms(50)).await;
    let seen = server.seen().len();
    tokio::time::sleep(ms(300)).await;
    assert!(server.seen().len() == seen && seen < 5, "{seen}");
}

#[tokio::test(flavor = "multi_thread")]
async fn streamed_request_body_is_sent_once() {
    let server = busy(1).await;
    let client = reqwest::Client::new();
    let stream = || {
        let frames = [Ok::<_, std::io::Error>(hyper::body::Frame::data(Bytes::from("audio")))];
        reqwest::Body::wrap(StreamBody::new(futures_util::stream::iter(frames)))
    };
    let failure = client.post(server.url("/stream")).body(stream()).send_with(quick(100)).await.unwrap_err();
    assert_eq!(
        (failure.kind(), failure.attempts(), failure.stop_reason()),
        (Some(WavesError::TooManyRequests), 1, Some(StopReason::Exhausted))
    );
    assert_eq!(server.seen().len(), 1);
    // A request with a buffered body is retried.
    assert!(client.post(server.url("/bytes")).body("audio").send_with(quick(100)).await.is_ok());
    assert_eq!(server.seen().len(), 3);
    // An invalid request is never sent.
    let broken = client.get(server.url("/")).header("x", "\n").send_with(quick(100)).await.unwrap_err();
    assert_eq!((broken.attempts(), server.seen().len()), (1, 3));

    let url = server.url("/blocking");
    let blocking = std::thread::spawn(move || {
        use waves_errors::reqwest_blocking::SendChecked;
        let client = reqwest::blocking::Client::new();
        let stream = reqwest::blocking::Body::new(std::io::Cursor::new("audio"));
        let once = client.post(format!("{url}/stream")).body(stream).send_with(quick(100)).map(drop);
        let twice = client.post(format!("{url}/bytes")).body("audio").send_with(quick(100)).map(drop);
        (once.unwrap_err().attempts(), twice.is_ok())
    });
    let blocking = tokio::task::spawn_blocking(|| blocking.join().unwrap()).await.unwrap();
    assert_eq!((blocking, server.seen().len()), ((1, true), 6));
}

/// Returns a tower service with checks and retries.
fn service(
    make: impl Fn() -> Retry + Clone,
) -> impl Service<http::Request<Full<Bytes>>, Response = http::Response<hyper::body::Incoming>, Error = Failure> + Clone
{
    let client = Client::builder(TokioExecutor::new()).build_http();
    RetryLayer::new(RetryPolicy::new(make)).layer(CheckedLayer::<WavesError>::new().layer(client))
}

fn get(url: &str) -> http::Request<Full<Bytes>> {
    http::Request::get(url).body(Full::default()).unwrap()
}

#[tokio::test]
async fn tower_retries_by_the_catalog_policy() {
    let server = busy(2).await;
    let response = service(|| quick(100)).oneshot(get(&server.url("/"))).await.unwrap();
    assert_eq!(response.into_body().collect().await.unwrap().to_bytes(), "RIFF");
    let gaps = gaps(&server);
    assert!(gaps.len() == 2 && gaps[0] >= ms(20) && gaps[1] >= ms(40), "{gaps:?}");
}

#[tokio::test]
async fn tower_counts_attempts_per_request() {
    let server = Server::start(|_| Response::new(429, "").header("retry-after", "0")).await.unwrap();
    let service = service(|| quick(100));
    for round in 1..=2 {
        let failure = service.clone().oneshot(get(&server.url("/"))).await.unwrap_err();
        assert_eq!((failure.attempts(), failure.stop_reason()), (5, Some(StopReason::Exhausted)));
        assert_eq!(server.seen().len(), round * 5);
    }
}

#[tokio::test]
async fn tower_respects_deadline_and_not_retryable_cases() {
    let server = Server::start(|seen| Response::new(if seen.path == "/403" { 403 } else { 429 }, "")).await.unwrap();
    let service = service(|| quick(5000).deadline(ms(100)));
    let failure = service.clone().oneshot(get(&server.url("/429"))).await.unwrap_err();
    assert_eq!(failure.stop_reason(), Some(StopReason::Deadline));
    let before = server.seen().len();
    let failure = service.oneshot(get(&server.url("/403"))).await.unwrap_err();
    assert_eq!((failure.stop_reason(), server.seen().len()), (Some(StopReason::NotRetryable), before + 1));
}

#[tokio::test]
async fn tower_service_error_becomes_a_failure() {
    let refusing = tower::service_fn(async |_: http::Request<Full<Bytes>>| {
        Err::<http::Response<Full<Bytes>>, _>(std::io::Error::from(std::io::ErrorKind::ConnectionRefused))
    });
    let failure = CheckedLayer::<WavesError>::new().layer(refusing).oneshot(get("http://h/")).await.unwrap_err();
    assert_eq!((failure.kind(), failure.evidence().method()), (Some(WavesError::NotConnected), Some("GET")));
    // An error that is already a failure is returned unchanged.
    let failing = tower::service_fn(async |_: http::Request<Full<Bytes>>| {
        Err::<http::Response<Full<Bytes>>, _>(Failure::of(WavesError::PlanLimit))
    });
    let failure = CheckedLayer::<WavesError>::new().layer(failing).oneshot(get("http://h/")).await.unwrap_err();
    assert_eq!(failure.kind(), Some(WavesError::PlanLimit));
}
