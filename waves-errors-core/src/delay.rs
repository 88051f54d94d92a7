//! [`RequestedDelay`]: a server-requested delay as it is written, and its format.

/// A delay that a response requests.
#[derive(Clone, PartialEq, Eq)]
pub struct RequestedDelay {
    /// The index of its source in `[wire] retry-after`.
    pub source: usize,
    /// The format; `None` if it is unknown to this version.
    pub format: Option<DelayFormat>,
    /// The value as it is written. Bytes that are not UTF-8 are replaced.
    pub value: String,
    /// Whether the value is from the body, in which numbers can have exponents.
    pub is_field: bool,
}

/// The format of a delay in a header or a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DelayFormat {
    /// A number of seconds, or an HTTP date.
    SecondsOrDate,
    /// A number of seconds.
    Seconds,
    /// A number of milliseconds.
    Milliseconds,
    /// The time of the next attempt, in seconds since 1970.
    UnixTime,
    /// Numbers with units, such as `1m30s` or `250ms`.
    Duration,
    /// The parameter `t` of the IETF `RateLimit` field, in seconds.
    RateLimit,
}

impl DelayFormat {
    /// All formats, in the order of their numbers in a table.
    pub const ALL: [Self; 6] =
        [Self::SecondsOrDate, Self::Seconds, Self::Milliseconds, Self::UnixTime, Self::Duration, Self::RateLimit];

    /// Returns the word that catalogs use.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SecondsOrDate => "seconds-or-date",
            Self::Seconds => "seconds",
            Self::Milliseconds => "milliseconds",
            Self::UnixTime => "unix-time",
            Self::Duration => "duration",
            Self::RateLimit => "rate-limit",
        }
    }
}
