//! [`Severity`]: the severity of a case.

/// The severity of a case, from low to high.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Severity {
    /// A recommendation; nothing failed.
    Advice,
    /// An error that may disappear without action.
    Warning,
    /// An error that requires action. The default.
    #[default]
    Error,
}

impl Severity {
    /// All severities.
    // In the order of their numbers in a table.
    pub const ALL: [Self; 3] = [Self::Advice, Self::Warning, Self::Error];

    /// Returns the word that catalogs use: `error`, `warning` or `advice`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Advice => "advice",
        }
    }
}
