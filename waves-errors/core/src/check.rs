//! What tells whether a cause or a fix applies: a predicate of a closed list, or a look at one part of the request.
//! How they are evaluated is the runtime's; here they are only named.

use std::fmt;

/// A predicate over a failed exchange. The list is closed: a catalog names one by its [`name`](Self::name).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Predicate {
    /// The header with the key is missing or malformed: another scheme, more than a space, quotes.
    BearerWellFormed,
    /// The key itself is malformed: edge spaces, a placeholder, another beginning.
    KeyWellFormed,
    /// A browser opened a WebSocket, which cannot carry headers, and gave no key in the query.
    BrowserWebSocketWithoutQueryKey,
    /// A browser's WebSocket ended before it was open: all that a browser tells of a refused handshake.
    BrowserHandshakeRefused,
    /// The object that was asked for is not the one that was uploaded.
    ObjectKeyMismatch,
    /// The upload had not ended well when the object was asked for.
    UploadUnfinished,
    /// The answer speaks of plans, quotas or credits.
    PlanWordsInBody,
}

impl Predicate {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::BearerWellFormed,
        Self::KeyWellFormed,
        Self::BrowserWebSocketWithoutQueryKey,
        Self::BrowserHandshakeRefused,
        Self::ObjectKeyMismatch,
        Self::UploadUnfinished,
        Self::PlanWordsInBody,
    ];

    /// The name that catalogs use.
    pub const fn name(self) -> &'static str {
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

/// What tells whether a cause or a fix applies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Check<'a> {
    /// A predicate.
    Predicate(Predicate),
    /// A part of the request is as said.
    Part {
        /// Which part.
        part: Part,
        /// Its name: of a header, in lower case, or of a query parameter; or a JSON pointer into the body.
        name: &'a str,
        /// How it is.
        is: Is<'a>,
    },
}

/// A part of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Part {
    /// A header.
    Header,
    /// A parameter of the URL's query.
    Query,
    /// A value of the JSON body.
    Json,
}

impl Part {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Header, Self::Query, Self::Json];

    /// The key that catalogs use.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Header => "header",
            Self::Query => "query",
            Self::Json => "json",
        }
    }
}

/// How a part of a request is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Is<'a> {
    /// Not there.
    Absent,
    /// There, whatever it says.
    Present,
    /// There, with this value.
    Value(&'a str),
}

impl<'a> Is<'a> {
    /// `absent`, `present`, or a value.
    pub fn read(text: &'a str) -> Self {
        match text {
            "absent" => Self::Absent,
            "present" => Self::Present,
            value => Self::Value(value),
        }
    }
}

impl<'a> Check<'a> {
    /// The check in a table's text: a predicate's name, or a part, its name and how it is, a line each.
    pub fn read(text: &'a str) -> Option<Self> {
        if let Some(predicate) = Predicate::ALL.into_iter().find(|predicate| predicate.name() == text) {
            return Some(Self::Predicate(predicate));
        }
        let mut lines = text.splitn(3, '\n');
        let (part, name, is) = (lines.next()?, lines.next()?, lines.next()?);
        let part = Part::ALL.into_iter().find(|known| known.name() == part)?;
        Some(Self::Part { part, name, is: Is::read(is) })
    }

    /// The text of a table for a look at a part.
    pub fn write(part: Part, name: &str, is: &str) -> String {
        format!("{}\n{name}\n{is}", part.name())
    }
}

impl fmt::Display for Check<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Predicate(predicate) => f.write_str(predicate.name()),
            Self::Part { part, name, is } => {
                write!(f, "{} {name} ", part.name())?;
                match is {
                    Is::Absent => f.write_str("absent"),
                    Is::Present => f.write_str("present"),
                    Is::Value(value) => write!(f, "is {value}"),
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        for predicate in Predicate::ALL {
            assert_eq!(Check::read(predicate.name()), Some(Check::Predicate(predicate)));
        }
        let text = Check::write(Part::Json, "/a:b", "x\ny");
        assert_eq!(Check::read(&text).unwrap().to_string(), "json /a:b is x\ny");
        for (text, is) in [("header\na\nabsent", Is::Absent), ("query\na\npresent", Is::Present)] {
            assert!(matches!(Check::read(text), Some(Check::Part { is: have, .. }) if have == is));
        }
        for bad in ["", "no-such", "header", "header\na", "cookie\na\nb"] {
            assert_eq!(Check::read(bad), None);
        }
    }
}
