//! `miette::Diagnostic` for failures and for every other error with a case: code, help, URL and severity from the catalog.

use std::error::Error;
use std::fmt;

use miette::{Diagnostic, Severity};
use waves_errors_core::{Case, Severity as OfCase};

use crate::error::CatalogError;
use crate::failure::Failure;

type Text<'a> = Option<Box<dyn fmt::Display + 'a>>;

/// Returns the id of the catalog and of the case, such as `waves::too-many-requests`.
fn code(case: Option<Case>) -> Text<'static> {
    case.map(|case| Box::new(format!("{}::{}", case.catalog().id(), case.id())) as _)
}

/// Returns the causes, the fixes and the retry policy as plain text, with a bullet for each.
fn help(case: Option<Case>) -> Text<'static> {
    let case = case?;
    let mut lines = Vec::new();
    let causes: Vec<_> = case.causes().map(|cause| cause.plain_text()).collect();
    let fixes: Vec<_> = case.fixes().map(|fix| fix.plain_text()).collect();
    for (title, steps) in [("Causes", causes), ("Fixes", fixes)] {
        if !steps.is_empty() {
            lines.push(format!("{title}:"));
            lines.extend(steps.iter().map(|step| format!("• {step}")));
        }
    }
    lines.push(case.retry().map_or_else(|| "Retry: never".to_owned(), |policy| format!("Retry: {policy}")));
    (!lines.is_empty()).then(|| Box::new(lines.join("\n")) as _)
}

fn url(case: Option<Case>) -> Text<'static> {
    Some(Box::new(case?.docs_url()?))
}

fn severity(case: Option<Case>) -> Severity {
    match case.map(Case::severity) {
        None | Some(OfCase::Error) => Severity::Error,
        Some(OfCase::Warning) => Severity::Warning,
        Some(OfCase::Advice) => Severity::Advice,
    }
}

/// # Examples
///
/// ```
/// use miette::Diagnostic;
/// use waves_errors::{Failure, WavesError};
///
/// let failure = Failure::of(WavesError::TooManyRequests);
/// assert_eq!(failure.code().map(|code| code.to_string()), None, "the response had no code");
/// assert_eq!(Diagnostic::code(&failure).unwrap().to_string(), "waves::too-many-requests");
/// let report = miette::Report::new(failure);
/// ```
impl<K> Diagnostic for Failure<K> {
    fn code(&self) -> Text<'_> {
        code(self.case())
    }

    fn severity(&self) -> Option<Severity> {
        Some(severity(self.case()))
    }

    fn help(&self) -> Text<'_> {
        help(self.case())
    }

    fn url(&self) -> Text<'_> {
        url(self.case())
    }
}

/// Wraps an error with a case as a `Diagnostic`.
///
/// # Examples
///
/// ```
/// use miette::Diagnostic;
/// use waves_errors::{WavesError, miette::Diagnosed};
///
/// assert!(Diagnosed(WavesError::Forbidden).help().unwrap().to_string().contains("upgrade the workspace"));
/// ```
pub struct Diagnosed<E>(pub E);

impl<E: fmt::Debug> fmt::Debug for Diagnosed<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl<E: fmt::Display> fmt::Display for Diagnosed<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl<E: Error> Error for Diagnosed<E> {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.0.source()
    }
}

impl<E: CatalogError> Diagnostic for Diagnosed<E> {
    fn code(&self) -> Text<'_> {
        code(self.0.case())
    }

    fn severity(&self) -> Option<Severity> {
        Some(severity(self.0.case()))
    }

    fn help(&self) -> Text<'_> {
        help(self.0.case())
    }

    fn url(&self) -> Text<'_> {
        url(self.0.case())
    }
}
