//! [`Check`] of a cause or a fix. Catalogs name checks, and the runtime evaluates them.

use std::fmt;

/// A named check of a failed exchange. The list is fixed: a catalog selects a predicate by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Predicate {
    /// The header with the key is missing or malformed: a wrong scheme, extra spaces, quotes.
    BearerWellFormed,
    /// The key is malformed: surrounding spaces, a placeholder, a wrong prefix.
    KeyWellFormed,
    /// A browser, which cannot set headers, opened a WebSocket without a key in the query.
    BrowserWebSocketWithoutQueryKey,
    /// A browser's WebSocket closed before it was open. Browsers report nothing else about a refused handshake.
    BrowserHandshakeRefused,
    /// The requested object is not the one that was uploaded.
    ObjectKeyMismatch,
    /// The upload was not complete when the object was requested.
    UploadUnfinished,
    /// The response mentions plans, quotas or credits.
    PlanWordsInBody,
}

impl Predicate {
    /// All predicates.
    pub const ALL: [Self; 7] = [
        Self::BearerWellFormed,
        Self::KeyWellFormed,
        Self::BrowserWebSocketWithoutQueryKey,
        Self::BrowserHandshakeRefused,
        Self::ObjectKeyMismatch,
        Self::UploadUnfinished,
        Self::PlanWordsInBody,
    ];

    /// Returns the name that catalogs use.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::BearerWellFormed => "bearer-well-formed",
            Self::KeyWellFormed => "key-well-formed",
            Self::BrowserWebSocketWithoutQueryKey => "browser-websocket-without-query-key",
            Self::BrowserHandshakeRefused => "browser-handshake-refused",
            Self::ObjectKeyMismatch => "object-key-mismatch",
            Self::UploadUnfinished => "upload-unfinished",
            Self::PlanWordsInBody => "plan-words-in-body",
        }
    }
}

/// A check that decides whether a cause or a fix applies.
///
/// `Display` writes a check as words, such as `header authorization absent`.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum Check<'a> {
    /// A predicate holds.
    Predicate(Predicate),
    /// A part of the request is absent, is present, has a value or is outside a range.
    #[non_exhaustive]
    Part {
        /// The kind of part.
        part: Part,
        /// The name of a header, in lower case, the name of a query parameter, or a JSON pointer into the body.
        name: &'a str,
        /// The expected state.
        is: Is<'a>,
    },
}

/// A kind of part of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Part {
    /// A header.
    Header,
    /// A parameter of the URL's query.
    Query,
    /// A value of the JSON body.
    Json,
}

impl Part {
    /// All kinds.
    pub const ALL: [Self; 3] = [Self::Header, Self::Query, Self::Json];

    /// Returns the key that catalogs use.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Header => "header",
            Self::Query => "query",
            Self::Json => "json",
        }
    }
}

/// The state of a part of a request in which a cause or a fix applies.
///
/// # Examples
///
/// A catalog in which a cause has the check `{ header = "x-tenant", is = "absent" }`:
///
/// ```
/// use waves_errors::checks::{Check, Is};
///
/// fn describe(check: Check<'_>) -> String {
///     match check {
///         Check::Part { name, is: Is::Absent, .. } => format!("add `{name}`"),
///         Check::Part { name, is: Is::Present, .. } => format!("remove `{name}`"),
///         Check::Part { name, is: Is::Value(value), .. } => format!("change `{name}` from `{value}`"),
///         Check::Part { name, is: Is::Outside { low, high }, .. } => format!("set `{name}` to {low} to {high}"),
///         other => other.to_string(),
///     }
/// }
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum Is<'a> {
    /// Absent.
    Absent,
    /// Present, with any value.
    Present,
    /// Present, with this value.
    Value(&'a str),
    /// Present, but not a number in this range.
    Outside {
        /// The lower bound, which is in the range.
        low: f64,
        /// The upper bound, which is in the range.
        high: f64,
    },
}

/// The kind of a state that is a word or a value.
const IS: &str = "is";
/// The kind of a state that is a range.
const OUTSIDE: &str = "outside";

impl<'a> Is<'a> {
    /// Creates the state that a catalog writes as `is`: `absent`, `present` or a value.
    #[doc(hidden)]
    pub fn parse(text: &'a str) -> Self {
        match text {
            "absent" => Self::Absent,
            "present" => Self::Present,
            value => Self::Value(value),
        }
    }

    fn decode(kind: &str, text: &'a str) -> Option<Self> {
        match kind {
            IS => Some(Self::parse(text)),
            OUTSIDE => {
                let (low, high) = text.split_once('\n')?;
                Some(Self::Outside { low: low.parse().ok()?, high: high.parse().ok()? })
            }
            _ => None,
        }
    }
}

impl<'a> Check<'a> {
    /// Decodes a check from its text in a table: the name of a predicate, or lines with the kind of part, its name, the kind of state
    /// and the state.
    #[doc(hidden)]
    pub fn decode(text: &'a str) -> Option<Self> {
        if let Some(predicate) = Predicate::ALL.into_iter().find(|predicate| predicate.as_str() == text) {
            return Some(Self::Predicate(predicate));
        }
        let mut lines = text.splitn(4, '\n');
        let (part, name, kind, state) = (lines.next()?, lines.next()?, lines.next()?, lines.next()?);
        let part = Part::ALL.into_iter().find(|known| known.as_str() == part)?;
        Some(Self::Part { part, name, is: Is::decode(kind, state)? })
    }

    /// Encodes the check of a part.
    #[doc(hidden)]
    pub fn encode(part: Part, name: &str, is: Is<'_>) -> String {
        let state = match is {
            Is::Absent => format!("{IS}\nabsent"),
            Is::Present => format!("{IS}\npresent"),
            Is::Value(value) => format!("{IS}\n{value}"),
            Is::Outside { low, high } => format!("{OUTSIDE}\n{low}\n{high}"),
        };
        format!("{}\n{name}\n{state}", part.as_str())
    }
}

impl fmt::Display for Check<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Predicate(predicate) => f.write_str(predicate.as_str()),
            Self::Part { part, name, is } => {
                write!(f, "{} {name} ", part.as_str())?;
                match is {
                    Is::Absent => f.write_str("absent"),
                    Is::Present => f.write_str("present"),
                    Is::Value(value) => write!(f, "is {value}"),
                    Is::Outside { low, high } => write!(f, "outside {low} to {high}"),
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encoded_checks_decode() {
        for predicate in Predicate::ALL {
            assert_eq!(Check::decode(predicate.as_str()), Some(Check::Predicate(predicate)));
        }
        for (is, written) in [
            (Is::Absent, "json /a:b absent"),
            (Is::Present, "json /a:b present"),
            (Is::Value("x\ny"), "json /a:b is x\ny"),
            (Is::Outside { low: 0.5, high: 10_000.0 }, "json /a:b outside 0.5 to 10000"),
        ] {
            let text = Check::encode(Part::Json, "/a:b", is);
            let check = Check::decode(&text).unwrap();
            assert_eq!(check, Check::Part { part: Part::Json, name: "/a:b", is });
            assert_eq!(check.to_string(), written);
        }
        for invalid in
            ["", "no-such", "header", "header\na", "header\na\nis", "cookie\na\nis\nb", "header\na\noutside\n1"]
        {
            assert_eq!(Check::decode(invalid), None);
        }
    }
}
