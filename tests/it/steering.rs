//! Configuration of retry loops: idempotency, policies for cases, time limits, observers.

use std::collections::BTreeMap;
use std::future::Future;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use waves_errors::reqwest::{ReadChecked, SendChecked};
use waves_errors::{
    Case, CatalogEnum, CatalogError, Decision, Evidence, Failure, Jitter, Policy, Retry, RetryEvent, StopReason,
    TransportError, WavesError,
};
use waves_errors_tests::server::{Response, Server};

const fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

fn policy(initial: u64, max_retries: u32) -> Policy {
    Policy::builder().initial(ms(initial)).max_retries(max_retries).build().unwrap()
}

fn decide(retry: Retry, failure: &Failure) -> Decision {
    retry.jitter(Jitter::NONE).decide(failure, SystemTime::UNIX_EPOCH)
}

fn delay(decision: Decision) -> Result<Duration, StopReason> {
    match decision {
        Decision::Retry { after, .. } => Ok(after),
        Decision::Stop(reason) => Err(reason),
    }
}

fn lost(method: &str) -> Failure {
    Failure::classify(
        Evidence::no_response(TransportError::Interrupted).with_request(method, "https://api.smallest.ai/waves/v1/tts"),
    )
}

#[test]
fn no_answer_is_retried_only_if_idempotent() {
    let initial = WavesError::NoAnswer.retry().unwrap().initial();
    for method in ["POST", "PATCH"] {
        assert_eq!(delay(decide(Retry::new(), &lost(method))), Err(StopReason::NotIdempotent), "{method}");
        assert_eq!(delay(decide(Retry::new().idempotent(), &lost(method))), Ok(initial), "{method}");
    }
    for method in ["GET", "HEAD", "PUT", "DELETE"] {
        assert_eq!(delay(decide(Retry::new(), &lost(method))), Ok(initial), "{method}");
    }
    let keyed = Failure::classify(
        Evidence::no_response(TransportError::Timeout)
            .with_request("POST", "https://host/")
            .with_request_header("Idempotency-Key", "8e03978e"),
    );
    assert_eq!(delay(decide(Retry::new(), &keyed)), Ok(initial));
    assert_eq!(delay(decide(Retry::new(), &Failure::of(WavesError::NoAnswer))), Err(StopReason::NotIdempotent));
    assert_eq!(StopReason::NotIdempotent.as_str(), "not-retryable");
}

#[test]
fn policy_for_a_case_applies_to_cases_that_refine_it_and_share_its_policy() {
    let retry = || Retry::new().policy_for(WavesError::TooManyRequests, policy(70, 1));
    assert_eq!(delay(decide(retry(), &Failure::of(WavesError::TooManyRequests))), Ok(ms(70)));
    assert_eq!(delay(decide(retry(), &Failure::of(WavesError::ConcurrencyLimit))), Ok(ms(70)));
    assert_eq!(delay(decide(retry(), &Failure::of(WavesError::InternalServerError))), Ok(ms(500)));
    // The policy of a refined case, and the last of several policies.
    let retry = || {
        retry()
            .policy_for(WavesError::ConcurrencyLimit, policy(80, 1))
            .policy_for(WavesError::ConcurrencyLimit, policy(90, 1))
    };
    assert_eq!(delay(decide(retry(), &Failure::of(WavesError::ConcurrencyLimit))), Ok(ms(90)));
    assert_eq!(delay(decide(retry(), &Failure::of(WavesError::TooManyRequests))), Ok(ms(70)));
    // A case without a policy in the catalog, by variant and by handle.
    let case: Case = WavesError::Forbidden.into();
    for retry in
        [Retry::new().policy_for(case, policy(30, 1)), Retry::new().policy_for(WavesError::Forbidden, policy(30, 1))]
    {
        assert_eq!(delay(decide(retry, &Failure::of(WavesError::Forbidden))), Ok(ms(30)));
    }
    let never = Retry::new().policy_for(WavesError::TooManyRequests, policy(30, 0));
    assert_eq!(delay(decide(never, &Failure::of(WavesError::TooManyRequests))), Err(StopReason::NotRetryable));
}

#[test]
fn policy_for_a_case_counts_its_retries_separately() {
    let now = SystemTime::UNIX_EPOCH;
    let mut retry = Retry::new().policy_for(WavesError::ConcurrencyLimit, policy(1, 1));
    let (socket, request) = (Failure::of(WavesError::ConcurrencyLimit), Failure::of(WavesError::TooManyRequests));
    assert!(matches!(retry.decide(&socket, now), Decision::Retry { .. }));
    assert!(matches!(retry.decide(&request, now), Decision::Retry { .. }));
    assert_eq!(retry.decide(&socket, now), Decision::Stop(StopReason::Exhausted));
    assert!(matches!(retry.decide(&request, now), Decision::Retry { .. }));
    assert_eq!(retry.attempts(), 4);
}

#[test]
fn policies_rejects_unknown_ids_and_constants_name_all() {
    let error = Retry::new().policies(WavesError::CATALOG, [("rate\nlimit", policy(1, 1))]).unwrap_err();
    assert_eq!(error.id(), "rate\nlimit");
    let text = error.to_string();
    assert!(
        text.starts_with("unknown retry policy `rate\\nlimit` in the catalog `waves`; expected one of: "),
        "{text}"
    );
    let constants = [
        WavesError::POLICY_ONCE,
        WavesError::POLICY_RATE_LIMIT,
        WavesError::POLICY_OUTAGE,
        WavesError::POLICY_RECONNECT,
        WavesError::POLICY_RESEND,
        WavesError::POLICY_CAPACITY,
    ];
    let known: BTreeMap<_, _> = WavesError::CATALOG.policies().collect();
    assert_eq!(known.keys().copied().collect::<std::collections::BTreeSet<_>>(), constants.into_iter().collect());
    assert!(text.contains("rate-limit") && Retry::new().policies(WavesError::CATALOG, known).is_ok());
}

/// Returns a log and an observer that writes a line for each event.
fn log() -> (Arc<Mutex<Vec<String>>>, impl FnMut(&RetryEvent<'_>) + Send + 'static) {
    let log = Arc::new(Mutex::new(Vec::new()));
    let into = Arc::clone(&log);
    let observer = move |event: &RetryEvent<'_>| {
        let line = match event {
            RetryEvent::AttemptStarted { attempt, .. } => format!("start {attempt}"),
            RetryEvent::AttemptEnded { attempt, elapsed, error, .. } => {
                format!("end {attempt} after {} ms: {:?}", elapsed.as_millis(), error.and_then(CatalogError::id))
            }
            RetryEvent::Waiting(next) => format!("wait {} ms for {}", next.delay.as_millis(), next.attempt),
            RetryEvent::Finished { attempts, elapsed, reason, .. } => {
                let reason = reason.map(StopReason::as_str);
                format!("finish after {attempts} and {} ms: {reason:?}", elapsed.as_millis())
            }
            other => format!("{other:?}"),
        };
        into.lock().unwrap().push(line);
    };
    (log, observer)
}

#[tokio::test(start_paused = true)]
async fn observers_see_every_step_of_failures_and_successes() {
    let (lines, observer) = log();
    let mut retry = Retry::new().jitter(Jitter::NONE).observe(observer);
    let mut attempts = 0;
    let result = retry
        .run_by_ref(|| {
            attempts += 1;
            async move {
                tokio::time::sleep(ms(20)).await;
                if attempts < 2 { Err(Failure::of(WavesError::InternalServerError)) } else { Ok(attempts) }
            }
        })
        .await;
    assert_eq!((result.unwrap(), retry.attempts()), (2, 2));
    let events = lines.lock().unwrap().split_off(0);
    assert_eq!(
        events,
        [
            "start 1",
            "end 1 after 20 ms: Some(\"internal-server-error\")",
            "wait 500 ms for 2",
            "start 2",
            "end 2 after 20 ms: None",
            "finish after 2 and 540 ms: None",
        ]
    );
    // The state counts attempts until it is reset.
    let failing = || async { Err::<(), _>(Failure::of(WavesError::InternalServerError)) };
    let failure = retry.run_by_ref(failing).await.unwrap_err();
    assert_eq!((failure.attempts(), failure.stop_reason()), (3, Some(StopReason::Exhausted)));
    retry.reset();
    assert_eq!(retry.attempts(), 1);
    let failure = retry.run_by_ref(failing).await.unwrap_err();
    assert_eq!((failure.attempts(), failure.stop_reason()), (2, Some(StopReason::Exhausted)));
    assert_eq!(lines.lock().unwrap().last().unwrap(), "finish after 2 and 500 ms: Some(\"exhausted\")");
}

#[tokio::test(start_paused = true)]
async fn attempt_timeout_fails_as_no_answer_and_its_policy_decides() {
    let calls = AtomicU32::new(0);
    let slow = || async {
        calls.fetch_add(1, Ordering::Relaxed);
        std::future::pending::<Result<(), Failure>>().await
    };
    let failure = Retry::new().attempt_timeout(ms(250)).run(slow).await.unwrap_err();
    assert_eq!(
        (failure.kind(), failure.evidence().transport_error()),
        (Some(WavesError::NoAnswer), Some(TransportError::Timeout))
    );
    assert_eq!((failure.attempts(), failure.stop_reason()), (1, Some(StopReason::NotIdempotent)));
    let report = format!("{failure:#}");
    assert!(report.contains("(timed out)") && report.contains("from: the attempt took longer than 250 ms"), "{report}");
    assert!(report.ends_with("not retried: only idempotent requests are retried after this error"), "{report}");

    calls.store(0, Ordering::Relaxed);
    let started = tokio::time::Instant::now();
    let retry = Retry::new().idempotent().jitter(Jitter::NONE).attempt_timeout(ms(250));
    let failure = retry.run(slow).await.unwrap_err();
    let retries = WavesError::NoAnswer.retry().unwrap().max_retries();
    assert_eq!((failure.attempts(), calls.load(Ordering::Relaxed)), (retries + 1, retries + 1));
    assert_eq!(failure.stop_reason(), Some(StopReason::Exhausted));
    assert_eq!(started.elapsed(), ms(4 * 250 + 500 + 1000 + 2000));
}

#[tokio::test(start_paused = true)]
async fn cancelled_attempt_is_dropped_before_the_delay() {
    struct Running(Arc<AtomicU32>);
    impl Drop for Running {
        fn drop(&mut self) {
            self.0.fetch_sub(1, Ordering::Relaxed);
        }
    }
    let running = Arc::new(AtomicU32::new(0));
    let (counter, operations) = (Arc::clone(&running), Arc::clone(&running));
    let retry = Retry::new().idempotent().attempt_timeout(ms(250)).observe(move |event| {
        if !matches!(event, RetryEvent::AttemptStarted { .. }) {
            assert_eq!(counter.load(Ordering::Relaxed), 0, "{event:?}");
        }
    });
    let slow = async || {
        operations.fetch_add(1, Ordering::Relaxed);
        let _running = Running(Arc::clone(&operations));
        std::future::pending::<Result<(), Failure>>().await
    };
    let failure = retry.run(slow).await.unwrap_err();
    assert_eq!((failure.attempts(), running.load(Ordering::Relaxed)), (4, 0));
}

#[tokio::test(start_paused = true)]
async fn deadline_cancels_a_running_attempt() {
    let started = tokio::time::Instant::now();
    let mut attempts = 0;
    let failure = Retry::new()
        .idempotent()
        .jitter(Jitter::NONE)
        .deadline(ms(900))
        .run(|| {
            attempts += 1;
            async move {
                let work = if attempts == 1 { ms(10) } else { Duration::from_secs(100) };
                tokio::time::sleep(work).await;
                Err::<(), _>(Failure::of(WavesError::TooManyRequests))
            }
        })
        .await
        .unwrap_err();
    assert_eq!(started.elapsed(), ms(900));
    assert_eq!((failure.kind(), failure.attempts()), (Some(WavesError::NoAnswer), 2));
    assert_eq!(failure.stop_reason(), Some(StopReason::Deadline));
    let report = format!("{failure:#}");
    assert!(report.contains("from: the deadline of 900 ms ended the attempt"), "{report}");
    assert!(report.ends_with("stopped after 2 attempts: no time left before the deadline"), "{report}");
    // The first attempt always starts. It succeeds if it is ready at its first poll.
    assert!(Retry::new().deadline(Duration::ZERO).run(async || Ok::<_, Failure>(())).await.is_ok());
}

#[cfg(feature = "macros")]
#[tokio::test(start_paused = true)]
async fn time_limits_hold_for_every_loop_and_error_type() {
    #[derive(Debug, CatalogError)]
    #[catalog(waves)]
    enum Job {
        #[catalog(case = "plan-limit")]
        Disk(#[from] std::num::ParseIntError),
        #[catalog(transparent)]
        Speech(#[from] Failure),
    }
    #[derive(Debug, CatalogError)]
    #[catalog(waves)]
    enum Plain {
        Forbidden,
    }
    let limited = || Retry::new().attempt_timeout(ms(100));
    let failure = limited().run_any(std::future::pending::<Result<(), Job>>).await.unwrap_err();
    assert_eq!(failure.id(), Some("no-answer"), "{failure:?}");
    assert_eq!(limited().run_any(std::future::pending::<Result<(), WavesError>>).await, Err(WavesError::NoAnswer));
    let boxed = limited().run_any(std::future::pending::<Result<(), Box<Failure>>>).await.unwrap_err();
    assert!(boxed.is(WavesError::NoAnswer));
    let failure = limited().run_mut(async || std::future::pending::<Result<(), Failure>>().await).await.unwrap_err();
    assert!(failure.is(WavesError::NoAnswer));
    let slept = Mutex::new(Vec::new());
    let timer = |delay| {
        slept.lock().unwrap().push(delay);
        tokio::time::sleep(delay)
    };
    let failure = limited().run_with(timer, std::future::pending::<Result<(), Failure>>).await.unwrap_err();
    assert!(failure.is(WavesError::NoAnswer) && *slept.lock().unwrap() == [ms(100)]);

    // An error type without a timeout: the attempt may finish.
    let work = async || {
        tokio::time::sleep(ms(300)).await;
        Err::<(), _>(Plain::Forbidden)
    };
    assert!(matches!(limited().run_any(work).await, Err(Plain::Forbidden)));
}

#[tokio::test(start_paused = true)]
async fn panics_and_cancellation_leave_a_usable_state() {
    let mut retry = Retry::new();
    let panicking = async { retry.run_by_ref(async || -> Result<(), Failure> { panic!("by the operation") }).await };
    let caught = futures_util::FutureExt::catch_unwind(std::panic::AssertUnwindSafe(panicking)).await;
    assert!(caught.is_err());
    let cancelled = tokio::time::timeout(ms(10), retry.run_by_ref(std::future::pending::<Result<(), Failure>>)).await;
    assert!(cancelled.is_err());
    assert!(retry.run_by_ref(async || Ok::<_, Failure>(())).await.is_ok());
    assert_eq!(retry.attempts(), 3);
}

async fn server(response: impl Fn(usize) -> Response + Send + Sync + 'static) -> Server {
    Server::start(move |seen| response(seen.nth)).await.unwrap()
}

fn quick() -> Retry {
    Retry::new().policy_for(WavesError::NoAnswer, {
        let only = WavesError::NoAnswer.retry().unwrap().only();
        Policy::builder().initial(ms(10)).max_retries(3).only(only).build().unwrap()
    })
}

#[tokio::test]
async fn cut_gets_are_retried_and_cut_posts_are_not() {
    let client = reqwest::Client::new();
    let flaky = || {
        server(|nth| {
            if nth == 0 {
                Response::none()
            } else if nth == 1 {
                Response::new(200, "RI").cut()
            } else {
                Response::new(200, "RIFF")
            }
        })
    };
    let server = flaky().await;
    let url = server.url("/voices");
    let audio = quick().run(async || client.get(&url).send_checked().await?.bytes_checked().await).await;
    assert_eq!((audio.unwrap().as_ref(), server.seen().len()), (&b"RIFF"[..], 3));

    let server = flaky().await;
    let url = server.url("/tts");
    let post = async || client.post(&url).send_checked().await?.bytes_checked().await;
    let failure = quick().run(post).await.unwrap_err();
    assert_eq!((failure.stop_reason(), server.seen().len()), (Some(StopReason::NotIdempotent), 1));
    assert_eq!(quick().idempotent().run(post).await.unwrap(), "RIFF");
    assert_eq!(server.seen().len(), 3);
}

/// A GET that a limit cancels is recognized as idempotent, and the failure contains the request.
#[tokio::test]
async fn time_limit_failure_contains_the_request() {
    let client = reqwest::Client::new();
    let server =
        server(|nth| if nth == 0 { Response::new(200, "").stalled() } else { Response::new(200, "RIFF") }).await;
    let url = server.url("/voices?token=sk_0123456789abcdef0123456789abcdef");
    let get = async || client.get(&url).send_checked().await?.bytes_checked().await;
    assert_eq!(quick().attempt_timeout(ms(150)).run(get).await.unwrap(), "RIFF");
    assert_eq!(server.seen().len(), 2);

    let server = self::server(|_| Response::new(429, "busy").header("x-request-id", "req_1").stalled()).await;
    let url = server.url("/speech?token=sk_0123456789abcdef0123456789abcdef");
    let started = std::time::Instant::now();
    let post = async || client.post(&url).send_checked().await?.bytes_checked().await;
    let failure = Retry::new().deadline(ms(200)).run(post).await.unwrap_err();
    assert!(started.elapsed() < ms(2000), "the loop waited for the body of the response after the deadline");
    assert_eq!((failure.kind(), failure.status()), (Some(WavesError::TooManyRequests), Some(429)));
    assert_eq!((failure.request_id(), failure.stop_reason()), (Some("req_1"), Some(StopReason::Deadline)));
    assert_eq!(failure.evidence().method(), Some("POST"));
    for output in [format!("{failure:#}"), format!("{failure:?}"), failure.ticket().markdown()] {
        assert!(!output.contains("89abcdef"), "{output}");
    }
}

/// The failure of a later time limit does not contain a response that was read completely.
#[tokio::test]
async fn time_limit_after_a_complete_exchange_has_no_request() {
    let client = reqwest::Client::new();
    let server = server(|_| Response::new(200, "RIFF")).await;
    let url = server.url("/voices");
    let get_then_wait = async || {
        client.get(&url).send_checked().await?.bytes_checked().await?;
        std::future::pending::<Result<(), Failure>>().await
    };
    let failure = quick().attempt_timeout(ms(200)).run(get_then_wait).await.unwrap_err();
    assert_eq!((failure.evidence().url(), failure.status()), (None, None));
    assert_eq!(failure.stop_reason(), Some(StopReason::NotIdempotent));
}

#[tokio::test]
async fn nested_loops_have_separate_records() {
    let client = reqwest::Client::new();
    let server =
        Server::start(
            |seen| if seen.path == "/inner" { Response::new(200, "x") } else { Response::new(200, "").stalled() },
        );
    let server = server.await.unwrap();
    let (outer, inner) = (server.url("/outer"), server.url("/inner"));
    let both = async || {
        let (slow, fast) = tokio::join!(
            async { client.get(&outer).send_checked().await?.bytes_checked().await },
            Retry::new().attempt_timeout(ms(1000)).run(async || client
                .get(&inner)
                .send_checked()
                .await?
                .bytes_checked()
                .await),
        );
        fast?;
        slow
    };
    let failure = Retry::new().attempt_timeout(ms(300)).max_retries(0).run(both).await.unwrap_err();
    assert!(failure.evidence().url().is_some_and(|url| url.ends_with("/outer")), "{:?}", failure.evidence());
}

/// A loop that panics inside an attempt does not change the record of the outer attempt.
#[tokio::test]
async fn panic_in_an_inner_loop_keeps_the_outer_record() {
    let client = reqwest::Client::new();
    let server = server(|_| Response::new(200, "").stalled()).await;
    let url = server.url("/outer");
    let operation = async || {
        let inner = Retry::new().run(async || -> Result<(), Failure> { panic!("in the inner loop") });
        let caught = futures_util::FutureExt::catch_unwind(std::panic::AssertUnwindSafe(inner)).await;
        assert!(caught.is_err());
        client.get(&url).send_checked().await?.bytes_checked().await
    };
    let failure = Retry::new().attempt_timeout(ms(200)).max_retries(0).run(operation).await.unwrap_err();
    assert!(failure.evidence().url().is_some_and(|url| url.ends_with("/outer")), "{:?}", failure.evidence());
}

/// The adapter for tower also records the request, until the head of a success has arrived.
#[tokio::test]
async fn time_limit_failure_contains_the_request_of_tower() {
    use http_body_util::Full;
    use tower::{Layer, ServiceExt};
    use waves_errors::tower::CheckedLayer;
    let client = hyper_util::client::legacy::Client::builder(hyper_util::rt::TokioExecutor::new()).build_http();
    let service = CheckedLayer::<WavesError>::new().layer(client);
    let server = Server::start(|seen| {
        if seen.path == "/busy" { Response::new(429, "").stalled() } else { Response::new(200, "RIFF").stalled() }
    });
    let server = server.await.unwrap();
    let limited = || Retry::new().attempt_timeout(ms(200)).max_retries(0);
    let get = |path| http::Request::get(server.url(path)).body(Full::<bytes::Bytes>::default()).unwrap();
    let busy = limited().run(async || service.clone().oneshot(get("/busy")).await).await.unwrap_err();
    assert_eq!((busy.status(), busy.evidence().method()), (Some(429), Some("GET")));
    let get_and_read = async || {
        let response = service.clone().oneshot(get("/speech")).await?;
        http_body_util::BodyExt::collect(response.into_body())
            .await
            .map_err(|error| Failure::connection_error(&std::io::Error::other(error)))
    };
    let failure = limited().run(get_and_read).await.unwrap_err();
    assert_eq!((failure.kind(), failure.evidence().url()), (Some(WavesError::NoAnswer), None));
}

/// An open WebSocket is not idempotent, although the GET that opened it is.
#[tokio::test]
async fn time_limit_on_an_open_socket_is_not_idempotent() {
    let act = |_| waves_errors_tests::socket::Act::text("hello", waves_errors_tests::socket::Ending::Client);
    let server = waves_errors_tests::socket::SocketServer::start(act).await.unwrap();
    let url = server.url("/waves/v1/tts/live");
    let talk = async || {
        let _open = waves_errors::tokio_tungstenite::connect(url.as_str()).await?;
        std::future::pending::<Result<(), Failure>>().await
    };
    let failure = Retry::new().attempt_timeout(ms(300)).run(talk).await.unwrap_err();
    assert_eq!((failure.kind(), failure.stop_reason()), (Some(WavesError::NoAnswer), Some(StopReason::NotIdempotent)));
}

#[test]
fn blocking_loops_report_the_same_steps_and_cancel_nothing() {
    let (lines, observer) = log();
    let result = Retry::new().attempt_timeout(ms(1)).observe(observer).run_blocking(|| {
        std::thread::sleep(ms(20));
        Ok::<_, Failure>(())
    });
    assert!(result.is_ok());
    let lines = lines.lock().unwrap();
    assert_eq!((lines[0].as_str(), lines.len()), ("start 1", 3));
    assert!(lines[2].starts_with("finish after 1 and ") && lines[2].ends_with("None"), "{lines:?}");
}

#[test]
fn find_searches_the_error_chain() {
    type Dynamic = Box<dyn std::error::Error + Send + Sync>;
    let failure = || Failure::of(WavesError::TooManyRequests).with_source(&std::io::Error::other("socket"));
    let anyhow = anyhow::Error::new(failure()).context("while synthesizing").context("job 7");
    let chains: Vec<Dynamic> = vec![
        failure().into(),
        Box::new(failure()),
        std::io::Error::other(failure()).into(),
        std::io::Error::other(std::io::Error::other(failure())).into(),
        Arc::new(failure()).into(),
        anyhow.into(),
        eyre::Report::new(failure()).wrap_err("while synthesizing").into(),
    ];
    for chain in &chains {
        let found = Failure::find(&**chain).unwrap();
        assert!(found.is(WavesError::TooManyRequests) && found.case().unwrap().retry().is_some(), "{chain:?}");
    }
    assert!(Failure::find(&std::io::Error::other("nothing")).is_none());
    assert!(Failure::find(&WavesError::Forbidden).is_none());
}

#[cfg(feature = "macros")]
#[tokio::test(start_paused = true)]
async fn run_any_records_attempts_and_stop_reason() {
    #[derive(Debug, CatalogError)]
    #[catalog(waves)]
    enum Job {
        Forbidden,
        #[catalog(transparent)]
        Speech(#[from] Failure),
        #[catalog(transparent)]
        Number(std::num::ParseIntError),
    }
    let busy = || Failure::of(WavesError::InternalServerError);
    let recorded = |failure: &Failure| (failure.attempts(), failure.stop_reason());
    let expected = (2, Some(StopReason::Exhausted));
    let plain = Retry::new().run_any(async || Err::<(), _>(busy())).await.unwrap_err();
    let boxed = Retry::new().run_any(async || Err::<(), _>(Box::new(busy()))).await.unwrap_err();
    let derived = Retry::new().run_any(async || Err::<(), Job>(busy().into())).await.unwrap_err();
    let Job::Speech(derived) = derived else { panic!("{derived}") };
    assert_eq!([recorded(&plain), recorded(&boxed), recorded(&derived)], [expected; 3]);
    let blocking = Retry::new().run_any_blocking(|| Err::<(), _>(busy())).unwrap_err();
    assert_eq!(recorded(&blocking), expected);
    for other in [Job::Forbidden, Job::Number("x".parse::<u8>().unwrap_err())] {
        let mut other = Some(other);
        assert!(Retry::new().run_any_blocking(|| Err::<(), _>(other.take().unwrap())).is_err());
    }
}

#[test]
fn display_names_the_transport_error() {
    for (error, words) in [
        (TransportError::Connect, "connection failed"),
        (TransportError::Tls, "TLS handshake failed"),
        (TransportError::Timeout, "timed out"),
        (TransportError::Interrupted, "connection closed early"),
    ] {
        let line = Failure::classify(Evidence::no_response(error)).to_string();
        assert!(line.ends_with(&format!(" ({words})")), "{line}");
    }
}

#[test]
fn display_has_the_status_if_the_title_lacks_it() {
    let line = |status| Failure::classify(Evidence::response(status)).to_string();
    assert!(line(503).ends_with(" (status 503)") && line(504).ends_with(" (status 504)"), "{}", line(503));
    assert!(!line(403).contains("status"), "{}", line(403));
}

/// The compiler infers the catalog and the error of a loop from the operation.
#[tokio::test(start_paused = true)]
async fn run_infers_the_catalog() {
    fn ready<T>(value: T) -> impl Future<Output = T> {
        std::future::ready(value)
    }
    let value = Retry::new().run(|| ready(Ok::<_, Failure>(1))).await.unwrap();
    let failure =
        waves_errors::retry(|| ready(Err::<(), Failure>(Failure::of(WavesError::Forbidden)))).await.unwrap_err();
    assert_eq!((value, failure.kind()), (1, Some(WavesError::Forbidden)));
}
