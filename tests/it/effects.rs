//! Retry loops consider all effects of an attempt (the requests that it sent and the bytes that it delivered) and the remaining time.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant, SystemTime};

use bytes::Bytes;
use http_body_util::StreamBody;
use waves_errors::reqwest::{ReadChecked, SendChecked};
use waves_errors::{Decision, Failure, Jitter, Policy, Retry, RetryEvent, StopReason, WavesError};
use waves_errors_tests::server::{Response, Server};

const fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

/// Returns a loop without delays that is limited as in the catalog.
fn quick() -> Retry {
    let only = WavesError::NoAnswer.retry().unwrap().only();
    let policy = Policy::builder().max_retries(3).only(only).build().unwrap();
    Retry::new().policy_for(WavesError::NoAnswer, policy)
}

/// Starts a server. It responds by the path: `/lost`, `/stalled`, `/busy`, or a body for others.
async fn server() -> Server {
    Server::start(|seen| match seen.path.as_str() {
        "/lost" => Response::none(),
        "/stalled" => Response::silence(),
        "/busy" => Response::new(429, "").stalled(),
        _ => Response::new(200, "RIFF"),
    })
    .await
    .unwrap()
}

fn count(server: &Server, method: &str) -> usize {
    server.seen().iter().filter(|seen| seen.method == method).count()
}

#[tokio::test]
async fn lost_get_after_a_post_is_not_idempotent() {
    let (client, server) = (reqwest::Client::new(), server().await);
    for second in ["/lost", "/stalled"] {
        let before = count(&server, "POST");
        let pay_then_get = async || {
            client.post(server.url("/pay")).send_checked().await?.bytes_checked().await?;
            client.get(server.url(second)).send_checked().await?.bytes_checked().await
        };
        let failure = quick().attempt_timeout(ms(300)).run(pay_then_get).await.unwrap_err();
        assert_eq!(failure.stop_reason(), Some(StopReason::NotIdempotent), "{second}");
        assert_eq!(count(&server, "POST"), before + 1, "{second}");
        assert!(failure.evidence().url().is_some_and(|url| url.ends_with(second)), "{:?}", failure.evidence());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn lost_get_after_a_post_is_not_idempotent_in_blocking_loops() {
    let server = server().await;
    let (pay, lost) = (server.url("/pay"), server.url("/lost"));
    let reasons = tokio::task::spawn_blocking(move || {
        let by_ureq = quick().run_blocking(|| {
            use waves_errors::ureq::{CallChecked, SendChecked};
            ureq::post(&pay).send_checked("{}")?;
            ureq::get(&lost).call_checked().map(drop)
        });
        let client = reqwest::blocking::Client::new();
        let by_reqwest = quick().run_blocking(|| {
            use waves_errors::reqwest_blocking::SendChecked;
            client.post(&pay).send_checked()?;
            client.get(&lost).send_checked().map(drop)
        });
        [by_ureq, by_reqwest].map(|result| result.unwrap_err().stop_reason())
    });
    assert_eq!(reasons.await.unwrap(), [Some(StopReason::NotIdempotent); 2]);
    assert_eq!(count(&server, "POST"), 2);
}

#[tokio::test]
async fn concurrent_requests_of_a_cancelled_attempt_are_all_counted() {
    let (client, server) = (reqwest::Client::new(), server().await);
    for (first, second) in [("/stalled", "/stalled"), ("/stalled", "/busy")] {
        let before = count(&server, "POST");
        let both = async || {
            let (posted, got) = tokio::join!(
                client.post(server.url(first)).send_checked(),
                client.get(server.url(second)).send_checked(),
            );
            posted?;
            got.map(drop)
        };
        let failure = quick().attempt_timeout(ms(300)).run(both).await.unwrap_err();
        assert_eq!(
            (failure.kind(), failure.stop_reason()),
            (Some(WavesError::NoAnswer), Some(StopReason::NotIdempotent))
        );
        assert_eq!(count(&server, "POST"), before + 1);
    }
}

type Operation<'a> = std::pin::Pin<Box<dyn Future<Output = ()> + 'a>>;

#[tokio::test]
async fn failure_does_not_contain_completed_exchanges() {
    let (client, server) = (reqwest::Client::new(), server().await);
    let operations: [(&str, Operation<'_>); 4] = [
        ("dropped", Box::pin(async { drop(client.get(server.url("/voices")).send_checked().await) })),
        ("refused", Box::pin(async { drop(client.get(server.url("/lost")).send_checked().await) })),
        (
            "read by other means",
            Box::pin(async {
                drop(client.get(server.url("/voices")).send_checked().await.unwrap().bytes().await);
            }),
        ),
        (
            "read in chunks",
            Box::pin(async {
                let mut response = client.get(server.url("/voices")).send_checked().await.unwrap();
                while response.chunk_checked().await.unwrap().is_some() {}
                std::mem::forget(response);
            }),
        ),
    ];
    for (name, operation) in operations {
        let mut operation = Some(operation);
        let then_wait = || {
            let operation = operation.take();
            async move {
                operation.unwrap().await;
                std::future::pending::<Result<(), Failure>>().await
            }
        };
        let failure = Retry::new().attempt_timeout(ms(300)).max_retries(0).run(then_wait).await.unwrap_err();
        assert_eq!((failure.evidence().url(), failure.status()), (None, None), "{name}");
    }
}

#[tokio::test]
async fn bytes_delivered_by_another_request_forbid_a_retry() {
    let (client, server) = (reqwest::Client::new(), server().await);
    let played = AtomicU32::new(0);
    for second in ["/lost", "/busy"] {
        let play_then_get = async || {
            let mut response = client.get(server.url("/speech")).send_checked().await?;
            while let Some(chunk) = response.chunk_checked().await? {
                played.fetch_add(u32::try_from(chunk.len()).unwrap(), Ordering::Relaxed);
            }
            client.get(server.url(second)).send_checked().await.map(drop)
        };
        let failure = quick().idempotent().attempt_timeout(ms(300)).run(play_then_get).await.unwrap_err();
        assert_eq!(failure.stop_reason(), Some(StopReason::Delivered { bytes: 4 }), "{second}");
        assert_eq!(played.swap(0, Ordering::Relaxed), 4, "{second}");
    }
}

#[tokio::test]
async fn deadline_holds_without_delays() {
    let busy = || Failure::of(WavesError::TooManyRequests);
    let policy = Policy::builder().max_retries(1_000_000).build().unwrap();
    let retry = || Retry::new().policy_for(WavesError::TooManyRequests, policy).deadline(ms(100));
    let started = Instant::now();
    let failure = retry().run_blocking(|| Err::<(), _>(busy())).unwrap_err();
    assert_eq!(failure.stop_reason(), Some(StopReason::Deadline));
    let failure = retry().run(async || Err::<(), _>(busy())).await.unwrap_err();
    assert_eq!(failure.stop_reason(), Some(StopReason::Deadline));
    assert!(started.elapsed() < ms(5000));
    let mut state = retry();
    assert!(matches!(state.decide(&busy(), SystemTime::UNIX_EPOCH), Decision::Retry { .. }));
    assert_eq!(state.decide(&busy(), SystemTime::UNIX_EPOCH + ms(100)), Decision::Stop(StopReason::Deadline));
}

#[tokio::test(start_paused = true)]
async fn no_attempt_starts_after_the_deadline() {
    let attempts = AtomicU32::new(0);
    let failing = async || {
        attempts.fetch_add(1, Ordering::Relaxed);
        Err::<(), _>(Failure::of(WavesError::InternalServerError))
    };
    let finished = std::sync::Arc::new(AtomicU32::new(0));
    let counter = std::sync::Arc::clone(&finished);
    let retry = Retry::new().jitter(Jitter::NONE).deadline(ms(500)).observe(move |event| {
        if let RetryEvent::Finished { attempts, reason, .. } = event {
            assert_eq!((*attempts, *reason), (1, Some(StopReason::Deadline)));
            counter.fetch_add(1, Ordering::Relaxed);
        }
    });
    let failure = retry.run(failing).await.unwrap_err();
    assert_eq!(
        (failure.kind(), failure.stop_reason()),
        (Some(WavesError::InternalServerError), Some(StopReason::Deadline))
    );
    assert_eq!((failure.attempts(), attempts.load(Ordering::Relaxed), finished.load(Ordering::Relaxed)), (1, 1, 1));
}

#[tokio::test]
async fn attempt_timeout_holds_for_an_operation_that_is_never_idle() {
    let started = Instant::now();
    let busy = async || {
        while started.elapsed() < ms(5000) {
            tokio::task::consume_budget().await;
        }
        Ok::<_, Failure>(())
    };
    let failure = Retry::new().attempt_timeout(ms(200)).run(busy).await.unwrap_err();
    assert!(failure.is(WavesError::NoAnswer) && started.elapsed() < ms(2000), "{:?}", started.elapsed());
}

#[tokio::test]
async fn send_with_limits_and_observes_a_streamed_request() {
    let (client, server) = (reqwest::Client::new(), server().await);
    let frames = [Ok::<_, std::io::Error>(hyper::body::Frame::data(Bytes::from("audio")))];
    let body = reqwest::Body::wrap(StreamBody::new(futures_util::stream::iter(frames)));
    let events = std::sync::Arc::new(AtomicU32::new(0));
    let counter = std::sync::Arc::clone(&events);
    let retry = quick().idempotent().attempt_timeout(ms(200)).observe(move |_| {
        counter.fetch_add(1, Ordering::Relaxed);
    });
    let failure = client.post(server.url("/stalled")).body(body).send_with(retry).await.unwrap_err();
    assert_eq!((failure.kind(), failure.attempts()), (Some(WavesError::NoAnswer), 1));
    assert_eq!((failure.stop_reason(), events.load(Ordering::Relaxed)), (Some(StopReason::Exhausted), 3));
}

#[cfg(feature = "macros")]
#[tokio::test(start_paused = true)]
async fn attempt_timeout_works_for_recursive_error_types() {
    use waves_errors::CatalogError;

    // The transparent variant comes last.
    #[derive(Debug, CatalogError)]
    #[catalog(waves)]
    enum Ordered {
        Forbidden(#[from] std::sync::Arc<Failure>),
        #[catalog(transparent)]
        Speech(#[from] Failure),
    }
    #[derive(Debug, CatalogError)]
    #[catalog(waves)]
    enum Outer {
        #[catalog(transparent)]
        Again(#[from] Box<Outer>),
        #[catalog(transparent)]
        Inner(#[from] Box<Inner>),
    }
    #[derive(Debug, CatalogError)]
    #[catalog(waves)]
    enum Inner {
        #[catalog(transparent)]
        Outer(#[from] Box<Outer>),
        #[catalog(transparent)]
        Speech(#[from] std::sync::Arc<Failure>),
    }
    let error =
        Retry::new().attempt_timeout(ms(10)).run_any(std::future::pending::<Result<(), Outer>>).await.unwrap_err();
    assert_eq!(error.id(), Some("no-answer"));
    let error =
        Retry::new().attempt_timeout(ms(10)).run_any(std::future::pending::<Result<(), Ordered>>).await.unwrap_err();
    assert!(matches!(error, Ordered::Speech(_)));
}
