//! Retry decisions and retry loops.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use waves_errors::{
    CatalogEnum, CatalogError, Decision, Evidence, Failure, Jitter, Policy, Retry, StopReason, WavesError, retry,
};

use crate::data::{headers, lines, ms, time};

#[test]
fn backoff_vectors_give_expected_delays() {
    let mut ran = 0;
    for vector in lines("retry-vectors.jsonl").iter().filter(|vector| vector["kind"] == "backoff") {
        let (initial, cap) = (ms(&vector["base_ms"]), ms(&vector["cap_ms"]));
        // `PolicyBuilder::build` rejects an initial delay above the maximum.
        let policy = Policy::builder().initial(initial.min(cap)).multiplier(2.0).max(cap).build();
        let index = u32::try_from(vector["retry_index"].as_u64().unwrap()).unwrap();
        assert_eq!(policy.unwrap().backoff(index), ms(&vector["expect"]["delay_ms"]), "{vector}");
        ran += 1;
    }
    assert_eq!(ran, 14);
}

#[test]
fn decision_vectors_give_expected_decisions() {
    let mut ran = 0;
    for vector in lines("retry-vectors.jsonl").iter().filter(|vector| vector["kind"] == "decision") {
        let now = time(&vector["now"]);
        let decide = |jitter| {
            let mut state = Retry::new().jitter(jitter);
            if vector["remaining_ms"].is_u64() {
                state = state.deadline(ms(&vector["remaining_ms"]));
            }
            let responses = vector["responses"].as_array().unwrap().iter().map(|response| {
                let evidence = Evidence::response(u16::try_from(response["status"].as_u64().unwrap()).unwrap());
                headers(&response["headers"])
                    .iter()
                    .fold(evidence, |evidence, (name, value)| evidence.with_header(name, value))
            });
            responses.map(|evidence| state.decide(&Failure::classify(evidence), now)).last().unwrap()
        };
        let expect = &vector["expect"];
        let delay = |decision| match decision {
            Decision::Retry { after, .. } => after,
            Decision::Stop(reason) => panic!("stopped ({reason}): {vector}"),
        };
        if let Some(reason) = expect["stop"].as_str() {
            let Decision::Stop(stop) = decide(Jitter::NONE) else { panic!("retried: {vector}") };
            let name = match stop {
                StopReason::TooLong { .. } => "RetryAfterTooLong",
                StopReason::Exhausted => "Exhausted",
                StopReason::NotRetryable => "NotRetryable",
                StopReason::Deadline => "Deadline",
                other => panic!("unexpected reason: {other}"),
            };
            assert_eq!(name, reason, "{vector}");
        } else {
            assert_eq!(delay(decide(Jitter::NONE)), ms(&expect["nominal_ms"]), "{vector}");
            assert_eq!(delay(decide(Jitter::FULL)), ms(&expect["full_jitter_ms"]), "{vector}");
            let range = ms(&expect["min_ms"])..=ms(&expect["max_ms"]);
            for bits in [1, 1 << 16, u32::MAX / 3, u32::MAX - 1] {
                assert!(range.contains(&delay(decide(Jitter::from_bits(bits)))), "{vector}");
            }
        }
        ran += 1;
    }
    assert_eq!(ran, 20);
}

#[test]
fn jitter_differs_between_loops() {
    let failure = Failure::of(WavesError::TooManyRequests);
    let first = |_| match Retry::new().decide(&failure, std::time::SystemTime::UNIX_EPOCH) {
        Decision::Retry { after, .. } => after,
        Decision::Stop(reason) => panic!("{reason}"),
    };
    let delays: std::collections::BTreeSet<Duration> = (0..100).map(first).collect();
    assert!(delays.len() > 95, "{} different delays of 100", delays.len());
}

#[tokio::test(start_paused = true)]
async fn loop_notifies_waits_and_returns_the_last_failure() {
    let notices = Arc::new(Mutex::new(Vec::new()));
    let (mut attempts, sink) = (0, Arc::clone(&notices));
    let started = tokio::time::Instant::now();
    let result: Result<(), Failure> = Retry::new()
        .jitter(Jitter::NONE)
        .notify(move |next| sink.lock().unwrap().push((next.attempt, next.delay.as_millis(), next.error.id())))
        .run_mut(async || {
            attempts += 1;
            Err(Failure::of(if attempts == 2 { WavesError::InternalServerError } else { WavesError::TooManyRequests }))
        })
        .await;
    let failure = result.unwrap_err();
    assert_eq!((failure.attempts(), failure.stop_reason()), (7, Some(StopReason::Exhausted)));
    assert_eq!(started.elapsed(), Duration::from_secs(1 + 1 + 2 + 4 + 8));
    let (busy, broken) = (Some("too-many-requests"), Some("internal-server-error"));
    let expected =
        [(2, 500, busy), (3, 500, broken), (4, 1000, busy), (5, 2000, busy), (6, 4000, busy), (7, 8000, busy)];
    assert_eq!(*notices.lock().unwrap(), expected);
}

#[tokio::test(start_paused = true)]
async fn dropping_the_future_stops_the_loop() {
    let mut attempts = 0;
    let endless = retry(|| {
        attempts += 1;
        async { Err::<(), _>(Failure::of(WavesError::TooManyRequests)) }
    });
    assert!(tokio::time::timeout(Duration::from_millis(100), endless).await.is_err());
    assert_eq!(attempts, 1);
}

#[tokio::test(start_paused = true)]
async fn deadline_uses_the_clock_of_tokio() {
    let started = tokio::time::Instant::now();
    let mut last_attempt = Duration::ZERO;
    let result: Result<(), Failure> = Retry::new()
        .jitter(Jitter::NONE)
        .deadline(Duration::from_secs(3))
        .run_mut(async || {
            last_attempt = started.elapsed();
            Err(Failure::of(WavesError::TooManyRequests))
        })
        .await;
    assert_eq!(result.unwrap_err().stop_reason(), Some(StopReason::Deadline));
    assert_eq!(last_attempt, Duration::from_millis(1500));
}

#[test]
fn blocking_loop_waits_and_respects_its_deadline() {
    let started = std::time::Instant::now();
    let result: Result<(), Failure> = Retry::new()
        .deadline(Duration::from_millis(200))
        .run_blocking(|| Err(Failure::of(WavesError::TooManyRequests)));
    assert_eq!(result.unwrap_err().stop_reason(), Some(StopReason::Deadline));
    assert!(started.elapsed() < Duration::from_millis(300), "the loop waited although the delay exceeds the deadline");

    let quick = Policy::builder().initial(Duration::from_millis(20)).max_retries(3).build().unwrap();
    let (started, mut attempts) = (std::time::Instant::now(), 0);
    let result = Retry::new().policies(WavesError::CATALOG, [("rate-limit", quick)]).unwrap().run_any_blocking(|| {
        attempts += 1;
        if attempts < 3 { Err(WavesError::TooManyRequests) } else { Ok(attempts) }
    });
    assert_eq!(result, Ok(3));
    assert!(started.elapsed() >= Duration::from_millis(40));
}

#[test]
fn policies_and_max_retries_override_the_catalog() {
    let now = std::time::SystemTime::UNIX_EPOCH;
    let busy = Failure::of(WavesError::TooManyRequests);
    let never = Policy::builder().build().unwrap();
    let mut off = Retry::new().policies(WavesError::CATALOG, [("rate-limit", never)]).unwrap();
    assert_eq!(off.decide(&busy, now), Decision::Stop(StopReason::NotRetryable));

    let mut once = Retry::new().max_retries(1);
    assert!(matches!(once.decide(&busy, now), Decision::Retry { .. }));
    assert_eq!(once.decide(&Failure::of(WavesError::InternalServerError), now), Decision::Stop(StopReason::Exhausted));
    once.reset();
    assert!(matches!(once.decide(&busy, now), Decision::Retry { .. }));
}

#[test]
fn catalog_error_trait_returns_the_case_id() {
    fn id(error: &dyn CatalogError) -> Option<&'static str> {
        error.id()
    }
    assert_eq!(id(&Failure::of(WavesError::Forbidden)), Some("forbidden"));
    assert_eq!(id(&WavesError::NoSuchKey), Some("no-such-key"));
}
