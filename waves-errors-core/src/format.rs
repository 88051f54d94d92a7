//! The texts of durations and policies. All output uses these functions.

use std::fmt;
use std::time::Duration;

use crate::policy::{Policy, RetryOnly};

/// Formats a duration for people: `500 ms`, `1.5 s`, `30 s`, `2 min`, `2 h`, `3 days`. Fractions of a millisecond are dropped. From 2 years
/// on, the number of years is rounded down.
///
/// # Examples
///
/// ```
/// use std::time::Duration;
/// use waves_errors::format_duration;
///
/// assert_eq!(format_duration(Duration::from_millis(1500)).to_string(), "1.5 s");
/// assert_eq!(format_duration(Duration::from_secs(120)).to_string(), "2 min");
/// ```
pub fn format_duration(duration: Duration) -> impl fmt::Display {
    const HOUR: u128 = 3_600_000;
    const DAY: u128 = 24 * HOUR;
    const YEAR: u128 = 365 * DAY;
    struct Amount(Duration);
    impl fmt::Display for Amount {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            let ms = self.0.as_millis();
            match ms {
                0 => f.write_str("0 s"),
                _ if ms >= 2 * YEAR => write!(f, "{} years", ms / YEAR),
                _ if ms >= 2 * DAY && ms.is_multiple_of(DAY) => write!(f, "{} days", ms / DAY),
                _ if ms >= 2 * HOUR && ms.is_multiple_of(HOUR) => write!(f, "{} h", ms / HOUR),
                _ if ms >= 120_000 && ms.is_multiple_of(60_000) => write!(f, "{} min", ms / 60_000),
                _ if ms.is_multiple_of(1000) => write!(f, "{} s", ms / 1000),
                _ if ms < 1000 => write!(f, "{ms} ms"),
                _ => {
                    let fraction = format!("{:03}", ms % 1000);
                    write!(f, "{}.{} s", ms / 1000, fraction.trim_end_matches('0'))
                }
            }
        }
    }
    Amount(duration)
}

/// Parses a duration of a catalog: a whole number and `ms`, `s`, `m` or `h`. Returns `None` if it is invalid.
///
/// # Examples
///
/// ```
/// use std::time::Duration;
/// use waves_errors::parse_duration;
///
/// assert_eq!(parse_duration("500ms"), Some(Duration::from_millis(500)));
/// assert_eq!(parse_duration("2m"), Some(Duration::from_secs(120)));
/// assert_eq!(parse_duration("1.5s"), None);
/// ```
pub fn parse_duration(text: &str) -> Option<Duration> {
    let (number, unit) = text.split_at(text.find(|c: char| !c.is_ascii_digit())?);
    let number: u64 = number.parse().ok()?;
    match unit {
        "ms" => Some(Duration::from_millis(number)),
        "s" => Some(Duration::from_secs(number)),
        "m" => number.checked_mul(60).map(Duration::from_secs),
        "h" => number.checked_mul(3600).map(Duration::from_secs),
        _ => None,
    }
}

/// Writes the policy as words: `up to 3 times, after 500 ms, 1 s, 2 s`, or `up to 3 times, after 2 s each`. Documentation, the command line and failures contain this text.
impl fmt::Display for Policy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const SHOWN: u32 = 8;
        if self.max_retries == 0 {
            return f.write_str("never");
        }
        match self.only {
            None => {}
            Some(RetryOnly::Idempotent) => f.write_str("idempotent requests only, ")?,
            Some(RetryOnly::NotSent) => f.write_str("only if the request was not sent, ")?,
        }
        match self.max_retries {
            1 => f.write_str("once, after ")?,
            n => write!(f, "up to {n} times, after ")?,
        }
        let (first, last) = (self.backoff(0), self.backoff(self.max_retries - 1));
        write!(f, "{}", format_duration(first))?;
        if self.max_retries > 1 && first == last {
            f.write_str(" each")?;
        } else {
            for index in 1..self.max_retries.min(SHOWN) {
                write!(f, ", {}", format_duration(self.backoff(index)))?;
            }
            if self.max_retries > SHOWN {
                write!(f, ", … at most {}", format_duration(self.max()))?;
            }
        }
        if self.jitter > 0 {
            write!(f, " (minus up to {}% jitter)", f64::from(self.jitter) / 10.0)?;
        }
        if self.respect_retry_after {
            write!(f, "; honors Retry-After up to {}", format_duration(self.retry_after_limit()))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_durations_have_large_units() {
        for (seconds, text) in [
            (119, "119 s"),
            (3600, "60 min"),
            (7200, "2 h"),
            (7260, "121 min"),
            (86_400, "24 h"),
            (172_800, "2 days"),
            (31_536_000, "365 days"),
            (1_771_764_560, "56 years"),
        ] {
            assert_eq!(format_duration(Duration::from_secs(seconds)).to_string(), text);
        }
        assert_eq!(parse_duration("2h"), Some(Duration::from_secs(7200)));
    }

    #[test]
    fn parse_duration_rejects_invalid_durations() {
        for invalid in ["", "5", "s", "-1s", "1.5s", "5 s", "1d", "99999999999999999999s", "9999999999999999999m"] {
            assert_eq!(parse_duration(invalid), None, "{invalid}");
        }
    }
}
