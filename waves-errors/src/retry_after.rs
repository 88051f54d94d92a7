//! What a server asks to wait: `Retry-After` as RFC 9110 (10.2.3) has it, from the headers and fields that the
//! catalog names.

use std::time::{Duration, SystemTime};

use waves_errors_core::{Catalog, Evidence};

/// What a server asked to wait.
///
/// The order is that of length, so that of several the greatest counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RetryAfter {
    /// It said something that is no delay.
    Ignored,
    /// This long.
    Delay(Duration),
    /// Longer than can be counted.
    TooLong,
}

impl RetryAfter {
    /// The delay; nothing where the words were none, the longest duration where they cannot be counted.
    pub const fn delay(self) -> Option<Duration> {
        match self {
            Self::Ignored => None,
            Self::Delay(delay) => Some(delay),
            Self::TooLong => Some(Duration::MAX),
        }
    }

    /// The longest that any header or field of an answer asks for.
    pub(crate) fn read(catalog: &Catalog, evidence: &Evidence, body: Option<&str>, now: SystemTime) -> Option<Self> {
        let date = evidence.header_text("date").and_then(|date| httpdate::parse_http_date(date).ok());
        let now = date.unwrap_or(now);
        let wire = catalog.table().wire();
        let named = |name: &str| wire.retry_after_headers.contains(&name);
        let headers = evidence.headers().filter(|(name, _)| named(name));
        let headers =
            headers.map(|(_, value)| std::str::from_utf8(value).map_or(Self::Ignored, |value| value_of(value, now)));
        headers.chain(body.map(|value| number(value).unwrap_or_else(|| value_of(value, now)))).max()
    }
}

/// A number of JSON that no integer holds: it is written with an exponent.
fn number(value: &str) -> Option<RetryAfter> {
    let number: f64 = value.parse().ok().filter(|_| value.contains('e'))?;
    Some(if number >= 1e15 { RetryAfter::TooLong } else { RetryAfter::Ignored })
}

/// The delay that a header's value asks for, measured from `now` where it is a date.
fn value_of(value: &str, now: SystemTime) -> RetryAfter {
    let value = value.trim_matches([' ', '\t']);
    if let Some(delay) = seconds(value) {
        return delay;
    }
    // Two headers that a proxy has folded into one. Dates hold commas themselves and cannot be told apart then.
    if value.contains(',') && value.bytes().all(|b| b.is_ascii_digit() || b", \t.".contains(&b)) {
        let parts = value.split(',').map(|part| seconds(part.trim_matches([' ', '\t'])).unwrap_or(RetryAfter::Ignored));
        return parts.max().unwrap_or(RetryAfter::Ignored);
    }
    match date(value, now) {
        Some(date) => RetryAfter::Delay(date.duration_since(now).unwrap_or_default()),
        None => RetryAfter::Ignored,
    }
}

/// Digits, or digits, a point and digits: seconds, rounded up to whole milliseconds.
fn seconds(value: &str) -> Option<RetryAfter> {
    let (whole, fraction) = value.split_once('.').map_or((value, None), |(whole, fraction)| (whole, Some(fraction)));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    if !digits(whole) || !fraction.is_none_or(digits) {
        return None;
    }
    // All digits, so only the size can be wrong.
    let Ok(seconds) = whole.parse::<u64>() else { return Some(RetryAfter::TooLong) };
    let fraction = fraction.unwrap_or("0");
    let thousandths: u64 = format!("{fraction:0<3}").get(..3).and_then(|three| three.parse().ok()).unwrap_or(0);
    let more = fraction.bytes().skip(3).any(|b| b != b'0');
    let delay = Duration::from_secs(seconds).checked_add(Duration::from_millis(thousandths + u64::from(more)));
    Some(delay.map_or(RetryAfter::TooLong, RetryAfter::Delay))
}

/// Any of the three forms of an HTTP date.
fn date(value: &str, now: SystemTime) -> Option<SystemTime> {
    let value = rfc850(value, now).unwrap_or_else(|| value.to_owned());
    // The library trims what is no white space of HTTP; nothing is left to trim here.
    (value.trim() == value).then(|| httpdate::parse_http_date(&value).ok()).flatten()
}

/// `Sunday, 22-Nov-26 14:00:10 GMT` with its year in four digits. A year that seems more than 50 years ahead is the
/// last one with these digits (RFC 9110, 5.6.7); the library's own fixed window would send 2075 to 1975.
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

    fn read(values: &[&[u8]]) -> Option<RetryAfter> {
        let evidence =
            values.iter().fold(Evidence::response(429), |evidence, value| evidence.header("Retry-After", value));
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(NOW);
        RetryAfter::read(WavesError::CATALOG, &evidence, None, now)
    }

    fn ms(value: &str) -> Option<u128> {
        match read(&[value.as_bytes()]) {
            Some(RetryAfter::Delay(delay)) => Some(delay.as_millis()),
            _ => None,
        }
    }

    #[test]
    fn dates_in_all_three_forms() {
        assert_eq!(ms("Sun, 22 Nov 2026 14:00:10 GMT"), Some(10_000));
        assert_eq!(ms("Sunday, 22-Nov-26 14:00:10 GMT"), Some(10_000));
        assert_eq!(ms("Sun Nov 22 14:00:10 2026"), Some(10_000));
        assert_eq!(ms("Sunday, 06-Nov-94 08:49:37 GMT"), Some(0), "1994, not 2094");
        assert_eq!(ms("Friday, 22-Nov-75 14:00:00 GMT"), Some(1_546_300_800_000), "2075, not 1975");
        for bad in [
            "Someday, 22-Nov-26 14:00:10 GMT",
            "Sunday, 22-Nov-2026 14:00:10 GMT",
            "Sunday, é-Nov-26 x",
            "day, --",
            ", -",
        ] {
            assert_eq!(ms(bad), None, "{bad}");
        }
    }

    #[test]
    fn several_values_ask_for_the_longest() {
        assert_eq!(read(&[b"1", b"soon", b"3", b"2"]), Some(RetryAfter::Delay(Duration::from_secs(3))));
        assert_eq!(read(&[b"1", b"99999999999999999999999"]), Some(RetryAfter::TooLong));
        assert_eq!(read(&[b"\xff\xfe"]), Some(RetryAfter::Ignored));
        assert_eq!(read(&[]), None);
    }
}
