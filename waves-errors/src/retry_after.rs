//! Server-requested delays: `Retry-After` as in RFC 9110 (10.2.3), from the headers and fields that the catalog names.

use std::time::{Duration, SystemTime};

use waves_errors_core::internal::Facts;
use waves_errors_core::{Catalog, Evidence};

/// A server-requested delay. [`Failure::retry_after`](crate::Failure::retry_after) returns it.
///
/// Values are ordered by length. If a response requests several delays, the longest one is used.
///
/// # Examples
///
/// ```
/// use std::time::{Duration, SystemTime};
/// use waves_errors::{Evidence, Failure, RetryAfter};
///
/// let requested = |value: &str| {
///     let failure = Failure::classify(Evidence::response(429).with_header("Retry-After", value));
///     failure.retry_after(SystemTime::now())
/// };
/// assert_eq!(requested("2"), Some(RetryAfter::Delay(Duration::from_secs(2))));
/// assert_eq!(requested("soon"), Some(RetryAfter::Ignored));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RetryAfter {
    /// A value that is not a delay.
    Ignored,
    /// A delay.
    Delay(Duration),
    /// A delay that does not fit in a `Duration`.
    TooLong,
}

impl RetryAfter {
    /// Returns the delay: `None` for [`Ignored`](Self::Ignored), and [`Duration::MAX`] for [`TooLong`](Self::TooLong).
    pub const fn delay(self) -> Option<Duration> {
        match self {
            Self::Ignored => None,
            Self::Delay(delay) => Some(delay),
            Self::TooLong => Some(Duration::MAX),
        }
    }

    /// Returns the longest delay that a header or a field of the response requests.
    pub(crate) fn of_response(catalog: Catalog, evidence: &Evidence, facts: &Facts, now: SystemTime) -> Option<Self> {
        let date = evidence.header("date").and_then(|date| httpdate::parse_http_date(date).ok());
        let now = date.unwrap_or(now);
        let wire = catalog.table().wire();
        let (in_seconds_headers, in_ms_headers) = (wire.retry_after_headers(), wire.retry_after_headers_ms());
        let in_seconds = |value: &str| value_of(value, now);
        let in_ms = |value: &str| numbers(value, Unit::Milliseconds).unwrap_or(Self::Ignored);
        let text = |bytes: &[u8], parse: &dyn Fn(&str) -> Self| std::str::from_utf8(bytes).map_or(Self::Ignored, parse);
        let headers = evidence.headers().flat_map(|(name, value)| {
            let seconds = in_seconds_headers.contains(name).then(|| text(value, &in_seconds));
            let ms = in_ms_headers.contains(name).then(|| text(value, &in_ms));
            [seconds, ms].into_iter().flatten()
        });
        let seconds = facts.retry_after.iter().map(|value| huge(value).unwrap_or_else(|| in_seconds(value)));
        let ms = facts.retry_after_ms.iter().map(|value| huge(value).unwrap_or_else(|| in_ms(value)));
        headers.chain(seconds).chain(ms).max()
    }
}

/// The unit of a number.
#[derive(Clone, Copy)]
enum Unit {
    Seconds,
    Milliseconds,
}

/// Parses a JSON number with an exponent, which does not fit in an integer.
fn huge(value: &str) -> Option<RetryAfter> {
    let number: f64 = value.parse().ok().filter(|_| value.contains('e'))?;
    Some(if number >= 1e15 { RetryAfter::TooLong } else { RetryAfter::Ignored })
}

/// Parses the value of a header: a number, or a date, which is converted to a delay from `now`.
fn value_of(value: &str, now: SystemTime) -> RetryAfter {
    let at_date = |date: SystemTime| RetryAfter::Delay(date.duration_since(now).unwrap_or_default());
    numbers(value, Unit::Seconds)
        .unwrap_or_else(|| date(value.trim_matches([' ', '\t']), now).map_or(RetryAfter::Ignored, at_date))
}

/// Parses a number, or the largest of several numbers that a proxy has joined with commas. Joined dates cannot be separated, because
/// dates contain commas themselves.
fn numbers(value: &str, unit: Unit) -> Option<RetryAfter> {
    let delay = |value: &str| number(value.trim_matches([' ', '\t']), unit);
    if value.contains(',') && value.bytes().all(|b| b.is_ascii_digit() || b", \t.".contains(&b)) {
        return value.split(',').map(|part| delay(part).unwrap_or(RetryAfter::Ignored)).max();
    }
    delay(value)
}

/// Parses digits with an optional fraction, and rounds up to whole milliseconds.
fn number(value: &str, unit: Unit) -> Option<RetryAfter> {
    let (whole, fraction) = value.split_once('.').map_or((value, None), |(whole, fraction)| (whole, Some(fraction)));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    if !digits(whole) || !fraction.is_none_or(digits) {
        return None;
    }
    // The text consists of digits, so parsing fails only if the number is too large.
    let Ok(whole) = whole.parse::<u64>() else { return Some(RetryAfter::TooLong) };
    let (whole, places) = match unit {
        Unit::Seconds => (Duration::from_secs(whole), 3),
        Unit::Milliseconds => (Duration::from_millis(whole), 0),
    };
    let fraction = fraction.unwrap_or("0");
    let ms = format!("{fraction:0<3}").get(..places).and_then(|digits| digits.parse::<u64>().ok()).unwrap_or(0);
    let more = fraction.bytes().skip(places).any(|b| b != b'0');
    let delay = whole.checked_add(Duration::from_millis(ms + u64::from(more)));
    Some(delay.map_or(RetryAfter::TooLong, RetryAfter::Delay))
}

/// Parses any of the three forms of an HTTP date.
fn date(value: &str, now: SystemTime) -> Option<SystemTime> {
    let value = rfc850(value, now).unwrap_or_else(|| value.to_owned());
    // The library trims all whitespace, also characters that HTTP does not allow.
    (value.trim() == value).then(|| httpdate::parse_http_date(&value).ok()).flatten()
}

/// Rewrites `Sunday, 22-Nov-26 14:00:10 GMT` with a year of four digits. A year that seems more than 50 years in the future is
/// the most recent year with these digits (RFC 9110, 5.6.7). The library's own fixed window would read 2075 as 1975.
fn rfc850(value: &str, now: SystemTime) -> Option<String> {
    let (weekday, rest) = value.split_once(", ")?;
    let weekday = weekday.strip_suffix("day").and_then(|_| weekday.get(..3))?;
    let full = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
    let (date, time) = rest.split_once(' ')?;
    let mut parts = date.split('-');
    let (day, month, year, None) = (parts.next()?, parts.next()?, parts.next()?, parts.next()) else { return None };
    if !full.iter().any(|name| value.starts_with(name)) || year.len() != 2 || day.len() != 2 || month.len() != 3 {
        return None;
    }
    let short: u64 = year.bytes().all(|b| b.is_ascii_digit()).then(|| year.parse().ok())??;
    let this = 1970 + now.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_secs() / 31_556_952;
    let ahead = this - this % 100 + short;
    let year = match ahead {
        year if year > this + 50 => year - 100,
        year if year + 50 <= this => year + 100,
        year => year,
    };
    Some(format!("{weekday}, {day} {month} {year} {time}"))
}

#[cfg(all(test, feature = "waves"))]
mod tests {
    use super::*;
    use crate::{CatalogEnum, WavesError};

    const NOW: u64 = 1_795_356_000; // Sun, 22 Nov 2026 14:00:00 GMT

    fn retry_after(values: &[&[u8]]) -> Option<RetryAfter> {
        let evidence =
            values.iter().fold(Evidence::response(429), |evidence, value| evidence.with_header("Retry-After", value));
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(NOW);
        RetryAfter::of_response(WavesError::CATALOG, &evidence, &Facts::default(), now)
    }

    fn ms(value: &str) -> Option<u128> {
        match retry_after(&[value.as_bytes()]) {
            Some(RetryAfter::Delay(delay)) => Some(delay.as_millis()),
            _ => None,
        }
    }

    #[test]
    fn retry_after_date_is_parsed_in_all_three_forms() {
        assert_eq!(ms("Sun, 22 Nov 2026 14:00:10 GMT"), Some(10_000));
        assert_eq!(ms("Sunday, 22-Nov-26 14:00:10 GMT"), Some(10_000));
        assert_eq!(ms("Sun Nov 22 14:00:10 2026"), Some(10_000));
        assert_eq!(ms("Sunday, 06-Nov-94 08:49:37 GMT"), Some(0), "1994, not 2094");
        assert_eq!(ms("Friday, 22-Nov-75 14:00:00 GMT"), Some(1_546_300_800_000), "2075, not 1975");
        for invalid in [
            "Someday, 22-Nov-26 14:00:10 GMT",
            "Sunday, 22-Nov-2026 14:00:10 GMT",
            "Sunday, é-Nov-26 x",
            "day, --",
            ", -",
        ] {
            assert_eq!(ms(invalid), None, "{invalid}");
        }
    }

    #[test]
    fn longest_of_several_values_is_used() {
        assert_eq!(retry_after(&[b"1", b"soon", b"3", b"2"]), Some(RetryAfter::Delay(Duration::from_secs(3))));
        assert_eq!(retry_after(&[b"1", b"99999999999999999999999"]), Some(RetryAfter::TooLong));
        assert_eq!(retry_after(&[b"\xff\xfe"]), Some(RetryAfter::Ignored));
        assert_eq!(retry_after(&[]), None);
    }
}
