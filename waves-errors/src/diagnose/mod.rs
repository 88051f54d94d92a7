//! Which documented cause applies: each step of a case that names a check, held against what is known of the exchange.
//! The predicates are small pure functions, a file each kind; they read the catalog's `[key]` and know no API.

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

/// Whether a documented cause or fix applies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Verdict {
    /// The exchange shows it.
    Confirmed,
    /// It speaks for it, and there are other explanations.
    Likely,
    /// The exchange shows that it is not so.
    RuledOut,
    /// It is about another kind of exchange.
    NotApplicable,
    /// More has to be known. That is not to say that all is well.
    #[non_exhaustive]
    CannotTell {
        /// What has to be known.
        needs: &'static str,
    },
}

impl Verdict {
    /// The word for it: `confirmed`, `likely`, `ruled-out`, `not-applicable` or `cannot-tell`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Confirmed => "confirmed",
            Self::Likely => "likely",
            Self::RuledOut => "ruled-out",
            Self::NotApplicable => "not-applicable",
            Self::CannotTell { .. } => "cannot-tell",
        }
    }

    /// Whether it is worth acting on: confirmed or likely.
    pub const fn applies(self) -> bool {
        matches!(self, Self::Confirmed | Self::Likely)
    }
}

/// What a check found.
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

/// One documented step, and whether it applies.
#[derive(Debug, Clone)]
pub struct Finding {
    case: Case,
    step: Step,
    verdict: Verdict,
    evidence: Option<String>,
}

impl Finding {
    /// The case that the step is documented with.
    pub const fn case(&self) -> Case {
        self.case
    }

    /// The step: a cause or a fix.
    pub const fn step(&self) -> &Step {
        &self.step
    }

    /// The documented sentence, word for word, in Markdown.
    pub const fn text(&self) -> &'static str {
        self.step.text()
    }

    /// Whether it applies.
    pub const fn verdict(&self) -> Verdict {
        self.verdict
    }

    /// What shows it, redacted.
    pub fn evidence(&self) -> Option<&str> {
        self.evidence.as_deref()
    }
}

/// What is known of the causes of a failure.
///
/// `Display` says it line by line, words before signs: `FOUND`, `likely`, `ok`, `n/a` and `?`.
///
/// # Examples
///
/// ```
/// use waves_errors::{Evidence, Failure, Verdict};
///
/// let failure = Failure::classify(
///     Evidence::response(401)
///         .with_request("POST", "https://waves-api.smallest.ai/waves/v1/tts")
///         .with_request_header("Authorization", "Token sk_0123456789abcdef0123456789abcdef"),
/// );
/// let diagnosis = failure.diagnose();
/// let found = diagnosis.findings().next().unwrap();
/// assert_eq!((found.step().id(), found.verdict()), (Some("header-form"), Verdict::Confirmed));
/// assert_eq!(found.evidence(), Some("authorization: Token␣sk_‹32 characters› (another scheme than `Bearer`)"));
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

    /// Returns whether a cause is confirmed or likely.
    pub fn is_conclusive(&self) -> bool {
        self.findings.iter().any(|finding| finding.verdict.applies())
    }

    /// Returns the case that a response unseen by the client likely was. A browser reports a refused handshake only as a close.
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
            write!(f, "{word:<6}  {}", finding.text())?;
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

/// Checks which documented causes and fixes of an error's case apply. An error without a case or without evidence has no findings.
pub fn diagnose(error: &(impl CatalogError + ?Sized)) -> Diagnosis {
    let (Some(case), Some(evidence)) = (error.case(), error.evidence()) else {
        return Diagnosis { findings: Vec::new(), likely_case: None };
    };
    let hidden = socket::is_refusal(evidence);
    // 401 is what a handshake is refused with for the key that it came with, or without.
    let likely_case = hidden.then(|| case.catalog().by_status(401)).flatten().filter(|other| *other != case);
    let mut findings = of_case(case, evidence);
    findings.extend(likely_case.into_iter().flat_map(|other| of_case(other, evidence)));
    findings.sort_by_key(|finding| rank(finding.verdict));
    Diagnosis { findings, likely_case }
}

/// What is confirmed, or likely, to be wrong with a request before it is sent, by every check of the catalog of `K`.
///
/// # Examples
///
/// ```
/// use waves_errors::{Evidence, WavesError, preflight};
///
/// let request = Evidence::new()
///     .with_request("POST", "https://waves-api.smallest.ai/waves/v1/tts")
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

/// What matters first.
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
        let found = step
            .check()
            .map_or_else(|| Found::cannot_tell("more than an exchange shows"), |check| exchange.check(check));
        Finding { case, step, verdict: found.verdict, evidence: found.evidence }
    };
    // Where the fixes are checked, each says what may be wrong; elsewhere they only follow from the causes.
    let diagnostic = case.fixes().any(|fix| fix.check().is_some());
    case.causes().chain(case.fixes().filter(|_| diagnostic)).map(finding).collect()
}

/// An exchange, as checks look at it.
pub(crate) struct Exchange<'a> {
    catalog: Catalog,
    evidence: &'a Evidence,
    key: KeyView<'static>,
}

/// What an unknown check needs.
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

    /// Returns the decoded value of the first query parameter with this name, in any case.
    fn parameter(&self, name: &str) -> Option<String> {
        // A fragment is never sent.
        let url = self.evidence.url()?.split('#').next()?;
        let mut pairs = crate::url::query(url);
        let (_, value) = pairs.find(|(other, _)| other.eq_ignore_ascii_case(name))?;
        Some(String::from_utf8_lossy(&crate::url::percent_decoded(value)).into_owned())
    }

    /// Returns the key in the query, under any of the catalog's names, with its name.
    fn query_key(&self) -> Option<(&'static str, String)> {
        self.key.query().find_map(|name| Some((name, self.parameter(name)?)))
    }
}
