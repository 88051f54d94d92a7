//! A fleet in virtual time: ten thousand clients send a request at once. The server serves a fixed number of requests per second,
//! and responds to others with status 429. The program compares the requests and the time of several backoffs.
//!
//! The clock is virtual and the random generators are seeded, so each run prints the same table. The documentation of
//! `waves_errors::guide::many_clients` contains it.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::time::Duration;

use backon::{BackoffBuilder, ExponentialBuilder};
use tower::retry::backoff::{Backoff, ExponentialBackoffMaker, MakeBackoff};
use tower::util::rng::Rng;
use waves_errors::{Jitter, Policy, Wait, WavesError};

const CLIENTS: usize = 10_000;
/// The number of requests that the server serves per second. Further requests in the same second are refused.
const RATE: usize = 200;
const MS: u64 = 1_000_000;
const SECOND: u64 = 1000 * MS;

/// Returns the delay before the next attempt of a client. Parameters: the number of the client, the number of its refused requests,
/// and the delay requested by the server.
type Delays = Box<dyn FnMut(usize, u32, Option<Duration>) -> Duration>;

/// The results of a fleet.
struct Outcome {
    requests: usize,
    /// The time when the last client was served.
    done: u64,
    /// The maximum number of requests in a second, after the first second.
    peak: usize,
    /// The number of clients that were refused more often than the catalog's policy allows retries.
    patient: usize,
}

/// Runs a fleet. With `retry_after`, the server requests the same delay of each refused client, as real servers do.
fn run(mut delays: Delays, retry_after: bool) -> Outcome {
    let retries = WavesError::TooManyRequests.to_case().retry().map_or(0, |policy| policy.max_retries());
    // The requests arrive within the first second, in order.
    let mut events: BinaryHeap<_> =
        (0..CLIENTS).map(|client| Reverse((client as u64 * SECOND / CLIENTS as u64, client, 0_u32))).collect();
    let (mut window, mut used, mut came) = (0, 0, 0);
    let mut outcome = Outcome { requests: 0, done: 0, peak: 0, patient: 0 };
    while let Some(Reverse((now, client, refused))) = events.pop() {
        if now / SECOND != window {
            (window, used, came) = (now / SECOND, 0, 0);
        }
        outcome.requests += 1;
        came += 1;
        if window > 0 {
            outcome.peak = outcome.peak.max(came);
        }
        if used < RATE {
            used += 1;
            outcome.done = now;
            outcome.patient += usize::from(refused > retries);
        } else {
            let requested = retry_after.then(|| Duration::from_secs(1));
            let delay = delays(client, refused, requested);
            let delay = u64::try_from(delay.as_nanos()).unwrap_or(u64::MAX);
            events.push(Reverse((now.saturating_add(delay.max(MS)), client, refused + 1)));
        }
    }
    outcome
}

/// Returns the delays of a policy of waves-errors.
fn by_waves_errors(policy: Policy) -> Delays {
    let mut random = fastrand::Rng::with_seed(1);
    Box::new(move |_, refused, requested| match policy.wait(refused, requested, Jitter::from_bits(random.u32(..))) {
        Wait::Backoff(delay) | Wait::Requested(delay) => delay,
        Wait::TooLong => Duration::MAX,
    })
}

/// Returns the delays of backon: exponential backoff with jitter. It ignores server-requested delays.
fn by_backon() -> Delays {
    let builder = ExponentialBuilder::default()
        .with_min_delay(Duration::from_millis(500))
        .with_max_delay(Duration::from_secs(30))
        .with_factor(2.0)
        .without_max_times()
        .with_jitter();
    let mut clients: Vec<_> = (0..CLIENTS).map(|client| builder.with_jitter_seed(client as u64).build()).collect();
    Box::new(move |client, _, _| clients[client].next().unwrap_or(Duration::MAX))
}

/// A seeded random generator for tower.
#[derive(Debug, Clone)]
struct Seeded(fastrand::Rng);

impl Rng for Seeded {
    fn next_u64(&mut self) -> u64 {
        self.0.u64(..)
    }
}

/// Returns the delays of tower: exponential backoff with 50% jitter. It ignores server-requested delays.
fn by_tower() -> Result<Delays, Box<dyn std::error::Error>> {
    let (low, high) = (Duration::from_millis(500), Duration::from_secs(30));
    let client = |client| {
        let chance = Seeded(fastrand::Rng::with_seed(client as u64));
        ExponentialBackoffMaker::new(low, high, 0.5, chance).map(|mut maker| maker.make_backoff())
    };
    let mut clients = (0..CLIENTS).map(client).collect::<Result<Vec<_>, _>>()?;
    Ok(Box::new(move |client, _, _| {
        // tower returns the delay only as a timer.
        let timer = clients[client].next_backoff();
        timer.deadline().saturating_duration_since(tokio::time::Instant::now())
    }))
}

#[tokio::main(flavor = "current_thread", start_paused = true)]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let policy = WavesError::TooManyRequests.to_case().retry().ok_or("429 has a policy")?;
    println!(
        "| {CLIENTS} clients at once, {RATE} requests a second are served | requests | all served after | most in one second | refused more than {} times |",
        policy.max_retries()
    );
    println!("| --- | ---: | ---: | ---: | ---: |");
    let row = |name: &str, outcome: &Outcome| {
        let seconds = outcome.done.div_ceil(SECOND);
        println!("| {name} | {} | {seconds} s | {} | {} |", outcome.requests, outcome.peak, outcome.patient);
    };
    let [none, all] = [0.0, 1.0].map(|share| policy.to_builder().max_retries(0).jitter(share).build());
    let (none, all) = (none?, all?);
    row("the catalog's policy: `jitter = 0.25`", &run(by_waves_errors(policy), false));
    row("the same with `jitter = 0`", &run(by_waves_errors(none), false));
    row("the same with `jitter = 1`", &run(by_waves_errors(all), false));
    row("backon, its jitter", &run(by_backon(), false));
    row("tower, its jitter at 0.5", &run(by_tower()?, false));
    row("the catalog's policy, `Retry-After: 1` on each 429", &run(by_waves_errors(policy), true));
    row("the same with `jitter = 0`", &run(by_waves_errors(none), true));
    row("the same with `jitter = 1`", &run(by_waves_errors(all), true));
    Ok(())
}
