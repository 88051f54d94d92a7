//! Diagnosis: evaluates the checks of a case's causes and fixes on an exchange.
//!
//! The predicates are small pure functions, one file for each kind. They are independent of any API: the catalog's `[key]` defines
//! the form of keys.

mod key;
mod part;
mod plan;
mod socket;
mod upload;

use std::fmt;

use waves_errors_core::internal::KeyView;
use waves_errors_core::{Case, Catalog, Check, Evidence, Predicate, Step};

use crate::error::{CatalogEnum, CatalogError};
use crate::failure::Failure;

/// The result of the check of a documented cause or fix.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Verdict {
    /// The step applies: the exchange proves it.
    Confirmed,
    /// The step probably applies, but there are other explanations.
    Likely,
    /// The step does not apply: the exchange disproves it.
    RuledOut,
    /// The step concerns another kind of exchange.
    NotApplicable,
    /// The exchange does not contain the information that the check needs. The step may apply.
    #[non_exhaustive]
    CannotTell {
        /// The missing information.
        needs: &'static str,
    },
}

impl Verdict {
    /// Returns a stable identifier: `confirmed`, `likely`, `ruled-out`, `not-applicable` or `cannot-tell`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Confirmed => "confirmed",
            Self::Likely => "likely",
            Self::RuledOut => "ruled-out",
            Self::NotApplicable => "not-applicable",
            Self::CannotTell { .. } => "cannot-tell",
        }
    }

    /// Returns whether the step applies or probably applies: `Confirmed` or `Likely`.
    pub const fn applies(self) -> bool {
        matches!(self, Self::Confirmed | Self::Likely)
    }
}

/// The result of a check, with the redacted evidence.
pub(crate) struct Found {
    verdict: Verdict,
    evidence: Option<String>,
}

impl Found {
    fn cannot_tell(needs: &'static str) -> Self {
        Self { verdict: Verdict::CannotTell { needs }, evidence: None }
    }

    fn ruled_out() -> Self {
        Self { verdict: Verdict::RuledOut, evidence: None }
    }

    fn not_applicable() -> Self {
        Self { verdict: Verdict::NotApplicable, evidence: None }
    }

    fn confirmed(evidence: impl Into<String>) -> Self {
        Self { verdict: Verdict::Confirmed, evidence: Some(evidence.into()) }
    }

    fn likely(evidence: impl Into<String>) -> Self {
        Self { verdict: Verdict::Likely, evidence: Some(evidence.into()) }
    }
}

/// A documented cause or fix, with the result of its check.
#[derive(Debug, Clone)]
pub struct Finding {
    case: Case,
    step: Step,
    verdict: Verdict,
    evidence: Option<String>,
}

impl Finding {
    /// Returns the case that documents the step.
    pub const fn case(&self) -> Case {
        self.case
    }

    /// Returns the step: a cause or a fix.
    pub const fn step(&self) -> &Step {
        &self.step
    }

    /// Returns the documented sentence of the step, in Markdown.
    pub const fn text(&self) -> &'static str {
        self.step.text()
    }

    /// Returns the result of the check.
    pub const fn verdict(&self) -> Verdict {
        self.verdict
    }

    /// Returns the part of the exchange that supports the verdict, redacted.
    pub fn evidence(&self) -> Option<&str> {
        self.evidence.as_deref()
    }
}

/// The diagnosis of a failure: one finding for each checked cause and fix. [`Failure::diagnose`] returns it.
///
/// `Display` writes one paragraph per finding. It starts with `FOUND`, `likely`, `ok`, `n/a` or `?`.
///
/// # Examples
///
/// ```
/// use waves_errors::{Evidence, Failure, Verdict};
///
/// let failure = Failure::classify(
///     Evidence::response(401)
///         .with_request("POST", "https://api.smallest.ai/waves/v1/tts")
///         .with_request_header("Authorization", "Token sk_0123456789abcdef0123456789abcdef"),
/// );
/// let diagnosis = failure.diagnose();
/// let found = diagnosis.findings().next().unwrap();
/// assert_eq!((found.step().id(), found.verdict()), (Some("header-form"), Verdict::Confirmed));
/// assert_eq!(found.evidence(), Some("authorization: Token␣sk_‹32 characters› (a scheme other than `Bearer`)"));
/// ```
#[derive(Debug, Clone)]
pub struct Diagnosis {
    findings: Vec<Finding>,
    likely_case: Option<Case>,
}

impl Diagnosis {
    /// Returns the findings: confirmed ones first, then likely ones, then the others, each in the catalog's order.
    pub fn findings(&self) -> impl ExactSizeIterator<Item = &Finding> {
        self.findings.iter()
    }

    /// Returns whether a cause or fix is confirmed or likely.
    pub fn is_conclusive(&self) -> bool {
        self.findings.iter().any(|finding| finding.verdict.applies())
    }

    /// Returns the probable case of a response that the client could not read: a browser reports a refused handshake only as a
    /// close.
    pub const fn likely_case(&self) -> Option<Case> {
        self.likely_case
    }
}

impl fmt::Display for Diagnosis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(case) = self.likely_case {
            writeln!(f, "probably {}: a browser does not show why a handshake was refused", case.title())?;
        }
        for (n, finding) in self.findings.iter().enumerate() {
            if n > 0 {
                writeln!(f)?;
            }
            let word = match finding.verdict {
                Verdict::Confirmed => "FOUND",
                Verdict::Likely => "likely",
                Verdict::RuledOut => "ok",
                Verdict::NotApplicable => "n/a",
                Verdict::CannotTell { .. } => "?",
            };
            write!(f, "{word:<6}  {}", finding.step.plain_text())?;
            if let Some(evidence) = &finding.evidence {
                write!(f, "\n        {}", evidence.replace('\n', "\n        "))?;
            }
            if let Verdict::CannotTell { needs } = finding.verdict {
                write!(f, "\n        cannot tell without {needs}")?;
            }
        }
        Ok(())
    }
}

impl<K> Failure<K>
where
    Self: CatalogError,
{
    /// Checks which documented causes and fixes of the case apply.
    pub fn diagnose(&self) -> Diagnosis {
        diagnose(self)
    }
}

/// Checks which documented causes and fixes of an error's case apply. An error without a case or without evidence has no
/// findings.
pub fn diagnose(error: &(impl CatalogError + ?Sized)) -> Diagnosis {
    let (Some(case), Some(evidence)) = (error.case(), error.evidence()) else {
        return Diagnosis { findings: Vec::new(), likely_case: None };
    };
    let hidden = socket::is_refusal(evidence);
    // Servers refuse a handshake without a valid key with 401.
    let likely_case = hidden.then(|| case.catalog().by_status(401)).flatten().filter(|other| *other != case);
    let mut findings = of_case(case, evidence);
    findings.extend(likely_case.into_iter().flat_map(|other| of_case(other, evidence)));
    findings.sort_by_key(|finding| rank(finding.verdict));
    Diagnosis { findings, likely_case }
}

/// Runs the checks of the catalog of `K` on a request before it is sent. Returns the confirmed and likely mistakes, confirmed ones
/// first.
///
/// # Examples
///
/// ```
/// use waves_errors::{Evidence, WavesError, preflight};
///
/// let request = Evidence::new()
///     .with_request("POST", "https://api.smallest.ai/waves/v1/tts")
///     .with_request_header("Authorization", "Bearer YOUR_API_KEY");
/// let found = preflight::<WavesError>(&request);
/// assert_eq!(found[0].step().id(), Some("key-form"));
/// ```
pub fn preflight<K: CatalogEnum>(request: &Evidence) -> Vec<Finding> {
    let all = K::CATALOG.cases().filter(|case| case.refines().is_none());
    let mut findings: Vec<_> = all.flat_map(|case| of_case(case, request)).collect();
    findings.retain(|finding| finding.verdict.applies());
    findings.sort_by_key(|finding| rank(finding.verdict));
    findings
}

/// Returns the rank of a verdict in a diagnosis. Findings with the lowest rank are first.
fn rank(verdict: Verdict) -> u8 {
    match verdict {
        Verdict::Confirmed => 0,
        Verdict::Likely => 1,
        Verdict::CannotTell { .. } => 2,
        Verdict::RuledOut => 3,
        Verdict::NotApplicable => 4,
    }
}

fn of_case(case: Case, evidence: &Evidence) -> Vec<Finding> {
    let exchange = Exchange::new(case.catalog(), evidence);
    let finding = |step: Step| {
        let found = step.check().map_or_else(|| Found::cannot_tell("more information"), |check| exchange.check(check));
        Finding { case, step, verdict: found.verdict, evidence: found.evidence }
    };
    // If any fix has a check, fixes describe possible mistakes, as causes do. Otherwise they only follow from the causes.
    let diagnostic = case.fixes().any(|fix| fix.check().is_some());
    case.causes().chain(case.fixes().filter(|_| diagnostic)).map(finding).collect()
}

/// The input of checks: an exchange and its catalog.
pub(crate) struct Exchange<'a> {
    catalog: Catalog,
    evidence: &'a Evidence,
    key: KeyView<'static>,
}

/// The missing information for an unknown check.
const NEWER_VERSION: &str = "a newer version of this library";

impl<'a> Exchange<'a> {
    fn new(catalog: Catalog, evidence: &'a Evidence) -> Self {
        Self { catalog, evidence, key: catalog.table().key() }
    }

    fn check(&self, check: Check<'_>) -> Found {
        match check {
            Check::Predicate(Predicate::BearerWellFormed) => self.bearer_well_formed(),
            Check::Predicate(Predicate::KeyWellFormed) => self.key_well_formed(),
            Check::Predicate(Predicate::BrowserWebSocketWithoutQueryKey) => self.browser_without_query_key(),
            Check::Predicate(Predicate::BrowserHandshakeRefused) => self.browser_handshake_refused(),
            Check::Predicate(Predicate::ObjectKeyMismatch) => self.object_key_mismatch(),
            Check::Predicate(Predicate::UploadUnfinished) => self.upload_unfinished(),
            Check::Predicate(Predicate::PlanWordsInBody) => self.plan_words_in_body(),
            Check::Part { part, name, is, .. } => self.part(part, name, is),
            _ => Found::cannot_tell(NEWER_VERSION),
        }
    }

    /// Returns the values of the request's headers with this name.
    fn request_header(&self, name: &str) -> Vec<&'a [u8]> {
        self.evidence.request_headers().filter(|(other, _)| *other == name).map(|(_, value)| value).collect()
    }

    /// Returns the decoded value of the first query parameter with this name, ignoring upper and lower case.
    fn parameter(&self, name: &str) -> Option<String> {
        // A fragment is never sent.
        let url = self.evidence.url()?.split('#').next()?;
        let mut pairs = crate::url::query(url);
        let (_, value) = pairs.find(|(other, _)| other.eq_ignore_ascii_case(name))?;
        Some(String::from_utf8_lossy(&crate::url::percent_decoded(value)).into_owned())
    }

    /// Returns the key in the query, and the name of its parameter: one of those in the catalog.
    fn query_key(&self) -> Option<(&'static str, String)> {
        self.key.query().find_map(|name| Some((name, self.parameter(name)?)))
    }
}
