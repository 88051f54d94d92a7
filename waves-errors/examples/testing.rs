//! Tests of a program's own error handling, without a server and without waiting. The results are scripted, and tokio's clock is
//! paused: it jumps to the next timer when all tasks are idle.
//!
//! ```console
//! $ cargo test --example testing --features tokio
//! $ cargo run --example testing --features tokio
//! ```

use std::future::{Future, Ready, ready};
use std::time::Duration;

use waves_errors::{Evidence, Failure, Retry, StopReason, WavesError};

/// An announcement in a station.
#[derive(Debug, PartialEq)]
pub enum Announcement {
    /// The text as audio.
    Speech(&'static str),
    /// A chime; the text is only displayed.
    Chime,
}

/// Returns the retry configuration of the program, which the tests use as well.
pub fn policy() -> Retry {
    Retry::new().idempotent().attempt_timeout(Duration::from_secs(10)).deadline(Duration::from_secs(60))
}

/// Returns the announcement of a text: speech, or a chime if Waves is not available in time. `synthesize` makes one attempt.
///
/// # Errors
///
/// Fails if an error is not retryable, such as the one for a wrong key.
pub async fn announce<F>(retry: Retry, synthesize: impl FnMut() -> F) -> Result<Announcement, Failure>
where
    F: Future<Output = Result<&'static str, Failure>>,
{
    match retry.run(synthesize).await {
        Ok(audio) => Ok(Announcement::Speech(audio)),
        Err(failure) => match failure.stop_reason() {
            Some(StopReason::Exhausted | StopReason::TooLong { .. } | StopReason::Deadline) => Ok(Announcement::Chime),
            _ => Err(failure),
        },
    }
}

type Answer = Result<&'static str, Failure>;

/// Returns an operation with one of `answers` as the result of each attempt. Later attempts cannot connect.
pub fn script(answers: impl IntoIterator<Item = Answer>) -> impl FnMut() -> Ready<Answer> {
    let mut answers = answers.into_iter();
    move || ready(answers.next().unwrap_or_else(|| Err(Failure::of(WavesError::NotConnected))))
}

#[tokio::main(flavor = "current_thread", start_paused = true)]
async fn main() -> Result<(), Failure> {
    let busy = Failure::classify(Evidence::response(429).with_header("retry-after", "2"));
    let retry = policy().notify(|next| println!("{}; attempt {} in {:?}", next.error, next.attempt, next.delay));
    println!("{:?}", announce(retry, script([Err(busy), Ok("audio")])).await?);
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU32, Ordering};
    use std::time::SystemTime;

    use tokio::time::Instant;
    use waves_errors::{Decision, Jitter, RetryEvent};

    use super::*;

    /// Makes an announcement without jitter. Returns it with the number of attempts and the elapsed virtual time.
    async fn observe<F>(synthesize: impl FnMut() -> F) -> (Result<Announcement, Failure>, u32, Duration)
    where
        F: Future<Output = Answer>,
    {
        let attempts = Arc::new(AtomicU32::new(0));
        let counter = Arc::clone(&attempts);
        let retry = policy().jitter(Jitter::NONE).observe(move |event| {
            if let RetryEvent::AttemptStarted { .. } = event {
                counter.fetch_add(1, Ordering::Relaxed);
            }
        });
        let started = Instant::now();
        let announcement = announce(retry, synthesize).await;
        (announcement, attempts.load(Ordering::Relaxed), started.elapsed())
    }

    #[tokio::test(start_paused = true)]
    async fn announce_retries_after_the_requested_delay() {
        let busy = Failure::classify(Evidence::response(429).with_header("retry-after", "7"));
        let (announcement, attempts, elapsed) = observe(script([Err(busy), Ok("audio")])).await;
        assert_eq!(announcement.unwrap(), Announcement::Speech("audio"));
        assert_eq!((attempts, elapsed), (2, Duration::from_secs(7)));
    }

    #[tokio::test(start_paused = true)]
    async fn announce_returns_chime_if_no_retries_are_left() {
        let busy = || Err(Failure::of(WavesError::TooManyRequests));
        let (announcement, attempts, elapsed) = observe(script(std::iter::repeat_with(busy))).await;
        assert_eq!(announcement.unwrap(), Announcement::Chime);
        // 0.5 + 1 + 2 + 4 + 8 s
        assert_eq!((attempts, elapsed), (6, Duration::from_millis(15_500)));
    }

    #[tokio::test(start_paused = true)]
    async fn announce_returns_chime_if_every_attempt_times_out() {
        let (announcement, attempts, elapsed) = observe(std::future::pending::<Answer>).await;
        assert_eq!(announcement.unwrap(), Announcement::Chime);
        // 4 attempts of 10 s, and 0.5 + 1 + 2 s between them
        assert_eq!((attempts, elapsed), (4, Duration::from_millis(43_500)));
    }

    #[tokio::test(start_paused = true)]
    async fn announce_does_not_retry_a_wrong_key() {
        let (announcement, attempts, elapsed) = observe(script([Err(Failure::of(WavesError::Unauthorized))])).await;
        assert!(announcement.unwrap_err().is(WavesError::Unauthorized));
        assert_eq!((attempts, elapsed), (1, Duration::ZERO));
    }

    /// `decide` takes the time as an argument, so this test needs no runtime.
    #[test]
    fn decide_stops_at_the_deadline() {
        let start = SystemTime::UNIX_EPOCH;
        let mut retry = policy().jitter(Jitter::NONE);
        let down = Failure::of(WavesError::ServiceUnavailable);
        assert!(matches!(retry.decide(&down, start), Decision::Retry { after, .. } if after == Duration::from_secs(1)));
        let late = start + Duration::from_secs(59);
        assert_eq!(retry.decide(&down, late), Decision::Stop(StopReason::Deadline));
    }
}
