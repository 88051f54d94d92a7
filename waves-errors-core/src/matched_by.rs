//! [`MatchedBy`]: the kind of condition that selected a case.

/// The kind of the most specific condition that selected a case. More specific kinds are first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum MatchedBy {
    /// The code in the response.
    Code,
    /// The reason of the close.
    Reason,
    /// A value in the JSON body.
    Json,
    /// A header of the response.
    Header,
    /// A phrase in the text of the response.
    Text,
    /// The close code.
    Close,
    /// The status.
    Status,
    /// The transport error.
    TransportError,
}

impl MatchedBy {
    // In the order of their numbers in a table.
    pub(crate) const ALL: [Self; 8] = [
        Self::Code,
        Self::Reason,
        Self::Json,
        Self::Header,
        Self::Text,
        Self::Close,
        Self::Status,
        Self::TransportError,
    ];

    /// Returns a stable identifier: `code`, `reason`, `json`, `header`, `text`, `close`, `status` or `io`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Code => "code",
            Self::Reason => "reason",
            Self::Json => "json",
            Self::Header => "header",
            Self::Text => "text",
            Self::Close => "close",
            Self::Status => "status",
            Self::TransportError => "io",
        }
    }
}
