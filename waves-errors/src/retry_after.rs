//! Server-requested delays: `Retry-After` as in RFC 9110 (10.2.3), from the headers and fields that the catalog names.

use std::time::{Duration, SystemTime};

use waves_errors_core::Evidence;
use waves_errors_core::internal::{DelayFormat, Facts, RequestedDelay};

/// A server-requested delay. [`Failure::retry_after`](crate::Failure::retry_after) returns it.
///
/// Values are ordered by length. The first source in `[wire] retry-after` with a readable value is used, and of its values the longest.
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

    /// Returns the delay that a response requests: that of the first source with a readable value, and of its values the longest.
    pub(crate) fn of_response(evidence: &Evidence, facts: &Facts, now: SystemTime) -> Option<Self> {
        let date = evidence.header("date").and_then(|date| httpdate::parse_http_date(date).ok());
        let now = date.unwrap_or(now);
        let mut found = None;
        for delays in facts.delays.chunk_by(|delay, next| delay.source == next.source) {
            found = found.max(Self::of_source(delays, now));
            if found > Some(Self::Ignored) {
                break;
            }
        }
        found
    }

    /// Returns the longest of the delays of a source.
    fn of_source(delays: &[RequestedDelay], now: SystemTime) -> Option<Self> {
        // Several lines of a list header form one list (RFC 9110, 5.3).
        if let [RequestedDelay { format: Some(format @ DelayFormat::RateLimit), is_field: false, .. }, ..] = delays {
            let lines: Vec<_> = delays.iter().map(|delay| delay.value.as_str()).collect();
            return Some(Self::parse(&lines.join(", "), *format, now));
        }
        let parsed = delays.iter().map(|RequestedDelay { format, value, is_field, .. }| match format {
            None => Self::Ignored,
            Some(format) => {
                let exponent = exponent(value).filter(|_| *is_field);
                exponent.unwrap_or_else(|| Self::parse(value, *format, now))
            }
        });
        parsed.max()
    }

    /// Parses a value. A time is converted to a delay from `now`.
    fn parse(value: &str, format: DelayFormat, now: SystemTime) -> Self {
        let value = value.trim_matches([' ', '\t']);
        let until = |time: SystemTime| Self::Delay(time.duration_since(now).unwrap_or_default());
        let parsed = match format {
            DelayFormat::SecondsOrDate => numbers(value, Unit::SECONDS).or_else(|| Some(until(date(value, now)?))),
            DelayFormat::Seconds => numbers(value, Unit::SECONDS),
            DelayFormat::Milliseconds => numbers(value, Unit::MILLISECONDS),
            DelayFormat::UnixTime => numbers(value, Unit::SECONDS).map(|since_1970| match since_1970 {
                Self::Delay(since_1970) => SystemTime::UNIX_EPOCH.checked_add(since_1970).map_or(Self::TooLong, until),
                other => other,
            }),
            DelayFormat::Duration => duration(value),
            DelayFormat::RateLimit => rate_limit(value),
        };
        parsed.unwrap_or(Self::Ignored)
    }
}

/// The unit of a number, in milliseconds.
#[derive(Clone, Copy)]
struct Unit(u64);

impl Unit {
    const SECONDS: Self = Self(1000);
    const MILLISECONDS: Self = Self(1);
}

/// Parses a JSON number with an exponent, which does not fit in an integer.
fn exponent(value: &str) -> Option<RetryAfter> {
    let number: f64 = value.parse().ok().filter(|_| value.contains('e'))?;
    Some(if number >= 1e15 { RetryAfter::TooLong } else { RetryAfter::Ignored })
}

/// Parses numbers with units, such as `1m30s`, `6h`, `1.5s` or `250ms`: each unit at most once, from large to small.
fn duration(value: &str) -> Option<RetryAfter> {
    let mut units = [("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1000), ("ms", 1)].into_iter();
    let mut rest = value;
    let mut total = Duration::ZERO;
    while !rest.is_empty() {
        let (amount, after) = rest.split_at(rest.find(|c: char| !c.is_ascii_digit() && c != '.')?);
        let (unit, after) = after.split_at(after.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(after.len()));
        let (_, ms) = units.find(|(name, _)| *name == unit)?;
        let RetryAfter::Delay(amount) = number(amount, Unit(ms))? else {
            return Some(RetryAfter::TooLong);
        };
        let Some(sum) = total.checked_add(amount) else { return Some(RetryAfter::TooLong) };
        (total, rest) = (sum, after);
    }
    (!value.is_empty()).then_some(RetryAfter::Delay(total))
}

/// Parses the IETF `RateLimit` field: a list of quota policies, such as `"default";r=0;t=30`. A policy without remaining requests
/// delays the next one by its `t`. If none is used up according to `r`, the longest `t` counts.
fn rate_limit(value: &str) -> Option<RetryAfter> {
    let (mut is_exhausted, mut exhausted, mut all) = (false, None, None);
    for policy in split_unquoted(value, ',') {
        let parameters: Vec<_> = split_unquoted(policy, ';').into_iter().skip(1).collect();
        let parameter = |name: &str| {
            let mut pairs = parameters.iter().filter_map(|parameter| parameter.trim().split_once('='));
            pairs.find(|(key, _)| *key == name).map(|(_, value)| value.trim())
        };
        let delay = parameter("t").and_then(|t| number(t, Unit::SECONDS));
        if parameter("r") == Some("0") {
            is_exhausted = true;
            exhausted = exhausted.max(delay);
        }
        all = all.max(delay);
    }
    if is_exhausted { exhausted } else { all }
}

/// Splits a structured field at a separator, but not within quoted strings.
fn split_unquoted(text: &str, separator: char) -> Vec<&str> {
    let (mut is_quoted, mut is_escaped) = (false, false);
    let is_separator = |c: char| {
        let splits = c == separator && !is_quoted;
        is_quoted ^= c == '"' && !is_escaped;
        is_escaped = c == '\\' && is_quoted && !is_escaped;
        splits
    };
    text.split(is_separator).collect()
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
fn number(value: &str, Unit(unit): Unit) -> Option<RetryAfter> {
    let (whole, fraction) = value.split_once('.').unwrap_or((value, "0"));
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    if !is_number(whole) || !is_number(fraction) {
        return None;
    }
    // The text consists of digits, so parsing fails only if the number is too large.
    let Ok(whole) = whole.parse::<u64>() else { return Some(RetryAfter::TooLong) };
    // A unit has fewer than 10 digits, so that 9 digits of the fraction decide the milliseconds, and further ones only round up.
    let digits = &fraction[..fraction.len().min(9)];
    let rest = fraction[digits.len()..].bytes().any(|b| b != b'0');
    let billionths: u64 = format!("{digits:0<9}").parse().unwrap_or(0);
    let part = (billionths * unit + u64::from(rest)).div_ceil(1_000_000_000);
    let ms = whole.checked_mul(unit).and_then(|ms| ms.checked_add(part));
    Some(ms.map_or(RetryAfter::TooLong, |ms| RetryAfter::Delay(Duration::from_millis(ms))))
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
        RetryAfter::of_response(&evidence, &WavesError::CATALOG.classify(&evidence), now)
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
    fn each_format_has_its_own_values() {
        use DelayFormat::{Duration as Units, Milliseconds, RateLimit, Seconds, SecondsOrDate, UnixTime};

        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(NOW);
        let ms = |value: u64| RetryAfter::Delay(Duration::from_millis(value));
        let (ignored, too_long) = (RetryAfter::Ignored, RetryAfter::TooLong);
        for (format, value, expected) in [
            (SecondsOrDate, "Sun, 22 Nov 2026 14:00:10 GMT", ms(10_000)),
            (Seconds, "Sun, 22 Nov 2026 14:00:10 GMT", ignored),
            (Seconds, " 1.5 ", ms(1500)),
            (Seconds, "1795356010", ms(1_795_356_010_000)),
            (Seconds, "2, 7", ms(7000)),
            (Milliseconds, "1500", ms(1500)),
            (Milliseconds, "0.2", ms(1)),
            (Milliseconds, "1500ms", ignored),
            (UnixTime, "1795356010", ms(10_000)),
            (UnixTime, "1795356010.25", ms(10_250)),
            (UnixTime, "1795355990", ms(0)),
            (UnixTime, "0", ms(0)),
            (UnixTime, "253402300799", ms((253_402_300_799 - NOW) * 1000)), // the year 9999
            (UnixTime, "18446744073709551615", too_long),
            (UnixTime, "99999999999999999999999", too_long),
            (UnixTime, "-5", ignored),
            (UnixTime, "Sun, 22 Nov 2026 14:00:10 GMT", ignored),
            (Units, "1m30s", ms(90_000)),
            (Units, "1d2h", ms(93_600_000)),
            (Units, "6.5s", ms(6500)),
            (Units, "250ms", ms(250)),
            (Units, "0s", ms(0)),
            (Units, "1h1m1s1ms", ms(3_661_001)),
            (Units, "99999999999999999999h", too_long),
            (Units, "9999999999999999d", too_long),
            (RateLimit, "\"default\";r=0;t=30", ms(30_000)),
            (RateLimit, "\"minute\";r=0;t=5, \"day\";r=120;t=3600", ms(5000)),
            (RateLimit, "\"minute\";r=3;t=5, \"day\";r=120;t=3600", ms(3_600_000)),
            (RateLimit, "\"default\"; r=0; t=30;pk=:abc:", ms(30_000)),
            (RateLimit, "\"default\";r=0", ignored),
            (RateLimit, "\"minute\";r=0, \"day\";r=120;t=3600", ignored),
            (RateLimit, "\"a;t=99,\\\"b\";r=0;t=5, \"c;r=0\";r=9;t=100", ms(5000)),
            (RateLimit, "limit=10, remaining=0, reset=7", ignored),
        ] {
            assert_eq!(RetryAfter::parse(value, format, now), expected, "{format:?} {value}");
        }
        for value in ["", "s", "1", "30s1m", "1m1m", "1x", "-1s", "1m 30s", "1e3s", ".5s", "PT5S"] {
            assert_eq!(RetryAfter::parse(value, Units, now), ignored, "{value}");
        }
        for format in DelayFormat::ALL {
            for value in ["", "soon", "é", "\u{0665}", &"t=;".repeat(2000), &"1m".repeat(4000)] {
                assert_eq!(RetryAfter::parse(value, format, now), ignored, "{format:?} {value:.9}");
            }
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
