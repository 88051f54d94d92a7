//! Makes 200 calls to a faulty server, 20 at once, with waves-errors, backon and reqwest-retry. Prints one Markdown table
//! per [`Mode`]: the number of successful calls, the requests per success, and the time.
//!
//! All clients send the same requests with the same attempt timeout. The faults are the same in each run; delays have jitter,
//! so times vary.

#![expect(clippy::cast_precision_loss, reason = "the numbers are small")]

use std::error::Error;
use std::time::{Duration, Instant};

use backon::{ExponentialBuilder, Retryable};
use bytes::Bytes;
use futures_util::{StreamExt, stream};
use reqwest::Client;
use reqwest_middleware::ClientBuilder;
use reqwest_retry::RetryTransientMiddleware;
use reqwest_retry::policies::ExponentialBackoff;
use waves_errors::WavesError;
use waves_errors_tests::batch::{batch, request};
use waves_errors_tests::faulty::{KINDS, Mode, PATH, audio, texts};
use waves_errors_tests::service::KEY;

const CALLS: usize = 200;
const TASKS: usize = 20;
const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(2);
/// The default number of retries of backon, which is also that in the documentation of reqwest-retry.
const USUAL: u32 = 3;
/// The number of kinds of faults: enough retries for each call of [`Mode::AtMostOnce`].
#[expect(clippy::cast_possible_truncation, reason = "there are few kinds")]
const ENOUGH: u32 = KINDS.len() as u32;

/// A text and its audio, if the call succeeded.
type Call = (String, Option<Bytes>);

/// Runs the calls of a client against a new server. Returns the client's row of the table.
async fn row(
    mode: Mode,
    name: &str,
    expected: f64,
    run: impl AsyncFnOnce(&Client, &str) -> Vec<Call>,
) -> Result<String, Box<dyn Error>> {
    let server = mode.start().await?;
    let client = Client::builder().timeout(ATTEMPT_TIMEOUT).build()?;
    let begin = Instant::now();
    let calls = run(&client, &server.url(PATH)).await;
    let seconds = begin.elapsed().as_secs_f64();

    let succeeded =
        calls.iter().filter(|(text, bytes)| bytes.as_ref().is_some_and(|bytes| *bytes == audio(text))).count();
    let requests = server.seen().len();
    let cost = requests as f64 / succeeded as f64;
    let expected = match mode {
        Mode::AtMostOnce => String::new(),
        Mode::Independent => format!(" {expected:.1} |"),
    };
    Ok(format!("| {name} | {succeeded} |{expected} {cost:.2} | {seconds:.0} s |"))
}

/// Makes [`CALLS`] calls, [`TASKS`] at once.
async fn each(call: impl AsyncFn(&str) -> Option<Bytes>) -> Vec<Call> {
    let call = &call;
    let calls = texts(CALLS).into_iter().map(async |text| {
        let audio = call(&text).await;
        (text, audio)
    });
    stream::iter(calls).buffer_unordered(TASKS).collect().await
}

async fn by_waves_errors(client: &Client, url: &str) -> Vec<Call> {
    let results = batch(client, url, KEY, texts(CALLS), TASKS).await;
    texts(CALLS).into_iter().zip(results.into_iter().map(Result::ok)).collect()
}

/// Makes the calls with backon as in its documentation: exponential backoff with jitter, retries after any error.
async fn by_backon(client: &Client, url: &str, retries: u32) -> Vec<Call> {
    let backoff = ExponentialBuilder::default().with_jitter().with_max_times(retries as usize);
    each(async |text| {
        let attempt = async || request(client, url, KEY, text).send().await?.error_for_status()?.bytes().await;
        attempt.retry(backoff).sleep(tokio::time::sleep).await.ok()
    })
    .await
}

/// Makes the calls with reqwest-retry as in its documentation: exponential backoff, retries after transient errors. The
/// middleware returns before the body is read, so it does not retry after a body that ends early.
async fn by_reqwest_retry(client: &Client, url: &str, retries: u32) -> Vec<Call> {
    let policy = ExponentialBackoff::builder().build_with_max_retries(retries);
    let retrying = ClientBuilder::new(client.clone()).with(RetryTransientMiddleware::new_with_policy(policy)).build();
    each(async |text| {
        let request = request(client, url, KEY, text).build().ok()?;
        retrying.execute(request).await.ok()?.error_for_status().ok()?.bytes().await.ok()
    })
    .await
}

/// The probability of each kind of fault in [`Mode::Independent`].
const FAULT: f64 = Mode::PERCENT as f64 / 100.0;
/// The probability that a request meets no fault.
const SUCCESS: f64 = 1.0 - FAULT * KINDS.len() as f64;

/// Returns the expected number of successes of waves-errors in [`Mode::Independent`].
///
/// A call fails when a policy has no retries left, and each policy counts only its own faults. Let p be the probability that
/// a request meets a fault of the policy, and q the probability that it succeeds. Among the requests with one of these
/// results, the share of faults is p / (p + q). With r retries, the policy therefore fails the call with a probability of
/// (p / (p + q))^(r + 1): r + 1 faults before the first success. The sum over all policies counts calls that would fail by
/// two policies twice; their number is negligible.
///
/// Second 500s dominate, because the documented policy allows one retry: (0.03 / 0.79)^2 = 0.14% of the calls.
fn expected_by_policies() -> f64 {
    let cases = [
        WavesError::InternalServerError,
        WavesError::NoAnswer,
        WavesError::ServiceUnavailable,
        WavesError::TooManyRequests,
    ];
    let lost = cases.map(|case| {
        let fault = FAULT * KINDS.iter().filter(|kind| kind[0].case() == case).count() as f64;
        let retries = case.to_case().retry().map_or(0, |policy| policy.max_retries());
        (fault / (fault + SUCCESS)).powf(f64::from(retries) + 1.0)
    });
    CALLS as f64 * (1.0 - lost.iter().sum::<f64>())
}

/// Returns the expected number of successes in [`Mode::Independent`] of a client that counts all retries together and
/// retries after this share of the requests. Any other request is the last one of its call: a success or the final failure.
fn expected_by_count(share: f64, retries: u32) -> f64 {
    let attempts = f64::from(retries) + 1.0;
    CALLS as f64 * SUCCESS * (1.0 - share.powf(attempts)) / (1.0 - share)
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    // backon retries after all faults. reqwest-retry does not retry after faults inside the body: all cuts there, and half of
    // the stalls.
    let (faults_share, transient_share) = (1.0 - SUCCESS, 1.0 - SUCCESS - 1.5 * FAULT);
    for (mode, title, columns) in [
        (Mode::AtMostOnce, "Each call meets each kind of fault at most once, with a probability of 25%.", "succeed"),
        (Mode::Independent, "Each request meets each kind of fault with a probability of 3%.", "succeed | expected"),
    ] {
        let rows = tokio::join!(
            row(mode, "waves-errors", expected_by_policies(), by_waves_errors),
            row(mode, "backon, 3 retries", expected_by_count(faults_share, USUAL), async |client, url| {
                by_backon(client, url, USUAL).await
            }),
            row(mode, "backon, 8 retries", expected_by_count(faults_share, ENOUGH), async |client, url| {
                by_backon(client, url, ENOUGH).await
            }),
            row(mode, "reqwest-retry, 3 retries", expected_by_count(transient_share, USUAL), async |client, url| {
                by_reqwest_retry(client, url, USUAL).await
            }),
            row(mode, "reqwest-retry, 8 retries", expected_by_count(transient_share, ENOUGH), async |client, url| {
                by_reqwest_retry(client, url, ENOUGH).await
            }),
        );
        println!("{title}\n");
        println!("| {CALLS} calls, {TASKS} at once | {columns} | requests per success | time |");
        println!("| --- |{} ---: | ---: |", " ---: |".repeat(columns.split('|').count()));
        for row in <[_; 5]>::from(rows) {
            println!("{}", row?);
        }
        println!();
    }
    Ok(())
}
