//! A fleet in virtual time: ten thousand clients whose requests all come at once, against a server that serves a fixed number
//! a second and answers 429 to the rest. What a backoff costs and how long it takes, ours beside others'.
//!
//! Nothing here waits: the clock is a number, the chance is seeded, and the same table comes out every time. It stands in
//! the documentation of `waves_errors::fleet`.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::time::Duration;

use backon::{BackoffBuilder, ExponentialBuilder};
use tower::retry::backoff::{Backoff, ExponentialBackoffMaker, MakeBackoff};
use tower::util::rng::Rng;
use waves_errors::{Jitter, Policy, Wait, WavesError};

const CLIENTS: usize = 10_000;
/// Requests that the server serves in a second; whoever comes later in that second is refused.
const RATE: usize = 200;
const MS: u64 = 1_000_000;
const SECOND: u64 = 1000 * MS;

/// The delay before a client's next try: its number, how often it was refused, and what the server asked.
type Delays = Box<dyn FnMut(usize, u32, Option<Duration>) -> Duration>;

/// What a fleet did.
struct Outcome {
    requests: usize,
    /// When the last client was served.
    done: u64,
    /// The most requests in a second, after the first.
    peak: usize,
    /// Clients that were refused more often than our policy tries again.
    patient: usize,
}

/// Runs a fleet. The server may say when there is room again: to each refused client the same, which is what servers do.
fn run(mut delays: Delays, asks: bool) -> Outcome {
    let retries = WavesError::TooManyRequests.to_case().retry().map_or(0, |policy| policy.max_retries());
    // They come within one second, in order.
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
            let asked = asks.then(|| Duration::from_secs(1));
            let delay = delays(client, refused, asked);
            let delay = u64::try_from(delay.as_nanos()).unwrap_or(u64::MAX);
            events.push(Reverse((now.saturating_add(delay.max(MS)), client, refused + 1)));
        }
    }
    outcome
}

/// A policy of ours.
fn ours(policy: Policy) -> Delays {
    let mut random = fastrand::Rng::with_seed(1);
    Box::new(move |_, refused, asked| match policy.wait(refused, asked, Jitter::from_bits(random.u32(..))) {
        Wait::Backoff(delay) | Wait::Requested(delay) => delay,
        Wait::TooLong => Duration::MAX,
    })
}

/// backon's exponential backoff with its jitter; what a server asks is not its concern.
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

/// A client's own chance for tower, the same in every run.
#[derive(Debug, Clone)]
struct Seeded(fastrand::Rng);

impl Rng for Seeded {
    fn next_u64(&mut self) -> u64 {
        self.0.u64(..)
    }
}

/// tower's exponential backoff with half of it left to chance; what a server asks is not its concern.
fn by_tower() -> Result<Delays, Box<dyn std::error::Error>> {
    let (low, high) = (Duration::from_millis(500), Duration::from_secs(30));
    let client = |client| {
        let chance = Seeded(fastrand::Rng::with_seed(client as u64));
        ExponentialBackoffMaker::new(low, high, 0.5, chance).map(|mut maker| maker.make_backoff())
    };
    let mut clients = (0..CLIENTS).map(client).collect::<Result<Vec<_>, _>>()?;
    Ok(Box::new(move |client, _, _| {
        // It only tells its delay as a timer.
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
    row("the catalog's policy: `jitter = 0.25`", &run(ours(policy), false));
    row("the same with `jitter = 0`", &run(ours(none), false));
    row("the same with `jitter = 1`", &run(ours(all), false));
    row("backon, its jitter", &run(by_backon(), false));
    row("tower, its jitter at 0.5", &run(by_tower()?, false));
    row("the catalog's policy, `Retry-After: 1` on each 429", &run(ours(policy), true));
    row("the same with `jitter = 0`", &run(ours(none), true));
    row("the same with `jitter = 1`", &run(ours(all), true));
    Ok(())
}
