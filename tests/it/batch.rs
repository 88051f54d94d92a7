//! The example `batch` against a faulty server.

use std::collections::HashSet;
use std::time::{Duration, SystemTime};

use waves_errors::RetryAfter;
use waves_errors::reqwest::{ReadChecked, SendChecked};
use waves_errors_tests::batch::batch;
use waves_errors_tests::faulty::{Fault, Mode, PATH, audio, text, texts};
use waves_errors_tests::server::Server;
use waves_errors_tests::service::KEY;

#[tokio::test(flavor = "multi_thread")]
async fn batch_succeeds_when_each_call_meets_each_fault_at_most_once() {
    let mode = Mode::AtMostOnce;
    let server = mode.start().await.unwrap();
    let client = reqwest::Client::builder().timeout(Duration::from_secs(1)).build().unwrap();
    let texts = texts(40);
    let results = batch(&client, &server.url(PATH), KEY, texts.clone(), 20).await;

    assert_eq!(results.len(), texts.len());
    for (text, result) in texts.iter().zip(results) {
        match result {
            Ok(bytes) => assert_eq!(bytes, audio(text), "{text}"),
            Err(failure) => panic!("{text}: {failure:#}"),
        }
    }
    let seen = server.seen();
    let faults: Vec<_> = seen.iter().filter_map(|seen| mode.fault(&text(seen)?, seen.nth)).collect();
    assert_eq!(seen.len(), faults.len() + texts.len());
    assert_eq!(faults.into_iter().collect::<HashSet<_>>(), HashSet::from(Fault::ALL));
}

#[tokio::test]
async fn faults_are_classified_as_their_cases() {
    for fault in Fault::ALL {
        let server = Server::start(move |_| fault.response("Hello.")).await.unwrap();
        let request = reqwest::Client::new().post(server.url(PATH)).timeout(Duration::from_secs(1));
        let result = async { request.send_checked().await?.bytes_checked().await }.await;
        let failure = result.expect_err("a failure");
        assert_eq!(failure.kind(), Some(fault.case()), "{fault:?}");
        let delay = failure.retry_after(SystemTime::now()).and_then(RetryAfter::delay);
        assert_eq!(delay.is_some(), fault == Fault::RateLimitedForASecond, "{fault:?}");
    }
}
