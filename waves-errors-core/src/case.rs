//! [`Catalog`], [`Case`] and [`Step`]: handles into a table.

use std::fmt;
use std::hash::{Hash, Hasher};

use crate::check::Check;
use crate::checklist::Checklist;
use crate::classify::{Facts, TestedRule, classify, signs, test_rules, vetoes};
use crate::encoding::List;
use crate::evidence::Evidence;
use crate::layout::{CaseView, StepView, Texts};
use crate::policy::Policy;
use crate::severity::Severity;
use crate::table::Table;

/// A catalog of error cases: a small `Copy` handle. [`error_catalog!`] generates one for each enum.
///
/// [`error_catalog!`]: https://docs.rs/waves-errors/latest/waves_errors/macro.error_catalog.html
///
/// # Examples
///
/// ```
/// use waves_errors::{CatalogEnum, WavesError};
///
/// let catalog = WavesError::CATALOG;
/// assert_eq!(catalog.by_status(403), Some(WavesError::Forbidden.to_case()));
/// assert_eq!(catalog.by_id("forbidden"), catalog.by_name("Forbidden"));
/// ```
#[derive(Clone, Copy)]
pub struct Catalog {
    table: &'static Table<'static>,
}

impl Catalog {
    /// Creates the handle of a table. For the macro's output.
    #[doc(hidden)]
    pub const fn new(table: &'static Table<'static>) -> Self {
        Self { table }
    }

    /// Creates the handle of a table that was encoded at run time. Leaks the table.
    #[doc(hidden)]
    pub fn leak(table: String) -> Self {
        Self::new(Box::leak(Box::new(Table::new(table.leak()))))
    }

    /// Returns the table. For the runtime.
    #[doc(hidden)]
    pub const fn table(self) -> &'static Table<'static> {
        self.table
    }

    /// Returns the catalog's id.
    pub const fn id(self) -> &'static str {
        self.table.id()
    }

    /// Returns the number of cases.
    #[expect(clippy::len_without_is_empty, reason = "the checker rejects a catalog without cases")]
    pub const fn len(self) -> usize {
        self.table.len()
    }

    /// Returns all cases, in the catalog's order.
    pub fn cases(self) -> impl ExactSizeIterator<Item = Case> {
        (0..u16::try_from(self.len()).unwrap_or(u16::MAX)).map(move |index| self.nth(index))
    }

    /// Returns the case with this [index](Case::index).
    pub fn at(self, index: u16) -> Option<Case> {
        (usize::from(index) < self.len()).then_some(self.nth(index))
    }

    /// Returns the case with this index, which must exist. For the macro's output.
    #[doc(hidden)]
    #[inline]
    pub const fn nth(self, index: u16) -> Case {
        Case { catalog: self, index }
    }

    /// Returns the case with this id.
    pub fn by_id(self, id: &str) -> Option<Case> {
        self.cases().find(|case| case.id() == id)
    }

    /// Returns the case that a code selects independently of the status. Does not allocate.
    pub fn by_code(self, code: &str) -> Option<Case> {
        let rule = self.table.rules_of_code(code).find(|rule| rule.conditions().next().is_none())?;
        self.at(rule.case())
    }

    /// Returns the case that a status alone selects. Does not allocate.
    #[inline]
    pub const fn by_status(self, status: u16) -> Option<Case> {
        match self.table.case_of_status(status) {
            Some(index) => Some(self.nth(index)),
            None => None,
        }
    }

    /// Returns the case with this name: an id, a code, a Rust variant or a status, in this order of precedence.
    ///
    /// # Examples
    ///
    /// ```
    /// use waves_errors::{CatalogEnum, WavesError};
    ///
    /// let case = Some(WavesError::TooManyRequests.to_case());
    /// for name in ["too-many-requests", "TooManyRequests", "429"] {
    ///     assert_eq!(WavesError::CATALOG.by_name(name), case);
    /// }
    /// assert_eq!(WavesError::CATALOG.by_name("no-such-case"), None);
    /// ```
    pub fn by_name(self, name: &str) -> Option<Case> {
        self.by_id(name)
            .or_else(|| self.by_code(name))
            .or_else(|| self.cases().find(|case| case.variant() == name))
            .or_else(|| self.by_status(name.parse().ok()?))
    }

    /// Returns the retry policies with their ids, in the catalog's order.
    pub fn policies(self) -> impl Iterator<Item = (&'static str, Policy)> {
        self.table.policies().map(|view| (view.id(), view.policy()))
    }

    /// Returns the checklists of support tickets, in the catalog's order.
    pub fn checklists(self) -> impl Iterator<Item = Checklist> {
        self.table.checklists().map(Checklist::new)
    }

    /// Tests each alternative of each case with an exchange.
    #[doc(hidden)]
    pub fn test_rules(self, evidence: &Evidence) -> Vec<TestedRule> {
        test_rules(self.table, evidence)
    }

    /// Returns the signs of a failure in an exchange, as texts. Without any, the exchange did not fail.
    #[doc(hidden)]
    pub fn signs(self, evidence: &Evidence) -> Vec<String> {
        signs(self.table, evidence)
    }

    /// Returns the conditions of `retry-veto` that hold for an exchange, as texts.
    #[doc(hidden)]
    pub fn vetoes(self, evidence: &Evidence) -> Vec<String> {
        vetoes(self.table, evidence)
    }

    /// Classifies a failed exchange, and extracts facts from the response.
    #[doc(hidden)]
    pub fn classify(self, evidence: &Evidence) -> Facts {
        classify(self.table, evidence)
    }
}

/// Two handles are equal if they refer to the same table.
impl PartialEq for Catalog {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.table, other.table)
    }
}

impl Eq for Catalog {}

impl fmt::Debug for Catalog {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Catalog({}, {} cases)", self.id(), self.len())
    }
}

/// A case of a catalog: a documented error with its causes, fixes and retry policy. A small `Copy` handle.
///
/// Texts are Markdown with absolute links. Two cases are equal if they have the same catalog and index.
///
/// # Examples
///
/// ```
/// use waves_errors::WavesError;
///
/// let case = WavesError::TooManyRequests.to_case();
/// assert_eq!(case.status(), Some(429));
/// assert!(case.retry().is_some());
/// ```
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Case {
    catalog: Catalog,
    index: u16,
}

impl Case {
    #[inline]
    const fn view(self) -> CaseView<'static> {
        self.catalog.table.case(self.index)
    }

    /// Returns the catalog of the case.
    pub const fn catalog(self) -> Catalog {
        self.catalog
    }

    /// Returns the index of the case in its catalog, from 0.
    pub const fn index(self) -> u16 {
        self.index
    }

    /// Returns the id, for logs and comparisons. Ids are stable across releases.
    #[inline]
    pub const fn id(self) -> &'static str {
        self.view().id()
    }

    /// Returns the name of the Rust variant.
    pub const fn variant(self) -> &'static str {
        self.view().variant()
    }

    /// Returns the HTTP status that the case is documented with.
    pub const fn status(self) -> Option<u16> {
        match self.view().status() {
            0 => None,
            status => Some(status),
        }
    }

    /// Returns the code that the case is documented with.
    pub const fn code(self) -> Option<&'static str> {
        let code = self.view().code();
        if code.is_empty() { None } else { Some(code) }
    }

    /// Returns the heading on the reference page, in Markdown.
    pub const fn title(self) -> &'static str {
        self.view().title()
    }

    /// Returns the description of the error: one or more sentences in Markdown.
    pub const fn summary(self) -> &'static str {
        self.view().summary()
    }

    /// Returns the line that `Display` of the enum writes: plain text, such as `403 Forbidden: The key is valid but ...`.
    #[inline]
    pub const fn display(self) -> &'static str {
        self.view().display()
    }

    /// Returns the causes, in the catalog's order.
    pub fn causes(self) -> Steps {
        Steps(self.view().causes())
    }

    /// Returns the fixes, in the catalog's order.
    pub fn fixes(self) -> Steps {
        Steps(self.view().fixes())
    }

    /// Returns the alternative names of the case for searches.
    pub fn aliases(self) -> Words {
        Words(self.view().aliases())
    }

    /// Returns the severity.
    pub fn severity(self) -> Severity {
        self.view().severity_or_default()
    }

    /// Returns the retry policy; `None` if the case is never retried.
    pub fn retry(self) -> Option<Policy> {
        self.policy().map(|(_, policy)| policy)
    }

    /// Returns the id of the retry policy, and the policy.
    pub fn policy(self) -> Option<(&'static str, Policy)> {
        self.catalog.policies().nth(self.view().policy()?.into())
    }

    /// Returns the parent case that this one refines.
    pub fn refines(self) -> Option<Case> {
        self.catalog.at(self.view().refines()?)
    }

    /// Returns whether this case is `other` or refines it, directly or indirectly.
    ///
    /// # Examples
    ///
    /// ```
    /// use waves_errors::WavesError;
    ///
    /// let (refined, parent) = (WavesError::ConcurrencyLimit.to_case(), WavesError::TooManyRequests.to_case());
    /// assert!(refined.is(parent) && !parent.is(refined));
    /// ```
    pub fn is(self, other: Case) -> bool {
        // The checker rejects cycles. The bound is for a damaged table.
        std::iter::successors(Some(self), |case| case.refines()).take(self.catalog.len()).any(|case| case == other)
    }

    /// Returns the URL of the case on the published page, if its page is published.
    pub fn docs_url(self) -> Option<String> {
        if !self.view().docs().is_empty() {
            return Some(self.view().docs().to_owned());
        }
        let page = self.catalog.table.page(self.view().page()?)?;
        Some(format!("{page}#{}", self.view().anchor()))
    }
}

impl Hash for Case {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.index.hash(state);
    }
}

impl fmt::Debug for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Case({}/{})", self.catalog.id(), self.id())
    }
}

/// A documented cause or fix.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    id: &'static str,
    text: &'static str,
    plain_text: &'static str,
    check: &'static str,
    causes: Texts<'static>,
}

impl Step {
    fn new(view: StepView<'static>) -> Self {
        let plain_text = if view.plain_text().is_empty() { view.text() } else { view.plain_text() };
        Self { id: view.id(), text: view.text(), plain_text, check: view.check(), causes: view.causes() }
    }

    /// Returns the id, if the step has one.
    pub const fn id(&self) -> Option<&'static str> {
        if self.id.is_empty() { None } else { Some(self.id) }
    }

    /// Returns the documented sentence, in Markdown.
    pub const fn text(&self) -> &'static str {
        self.text
    }

    /// Returns the documented sentence as plain text: code without backticks, and links as their words and, in `<>`, their URL.
    ///
    /// # Examples
    ///
    /// ```
    /// use waves_errors::WavesError;
    ///
    /// let fix = WavesError::Unauthorized.to_case().fixes().last().unwrap();
    /// assert_eq!(fix.text(), "Verify the key string starts with `sk_` and has no trailing whitespace.");
    /// assert_eq!(fix.plain_text(), "Verify the key string starts with sk_ and has no trailing whitespace.");
    /// ```
    pub const fn plain_text(&self) -> &'static str {
        self.plain_text
    }

    /// Returns the check that decides whether the step applies, if the catalog names one.
    pub fn check(&self) -> Option<Check<'static>> {
        Check::decode(self.check)
    }

    /// Returns the ids of the causes that a fix addresses; none if it addresses all.
    pub fn causes(&self) -> Words {
        Words(self.causes)
    }
}

/// An iterator over causes or fixes, in the catalog's order. [`Case::causes`] and [`Case::fixes`] return it.
#[derive(Debug, Clone)]
pub struct Steps(List<'static, StepView<'static>>);

impl Iterator for Steps {
    type Item = Step;

    fn next(&mut self) -> Option<Step> {
        self.0.next().map(Step::new)
    }
}

/// An iterator over names or ids, in the catalog's order. [`Case::aliases`] and [`Step::causes`] return it.
///
/// # Examples
///
/// ```
/// use waves_errors::WavesError;
///
/// let aliases: Vec<&str> = WavesError::TooManyRequests.to_case().aliases().collect();
/// assert!(aliases.contains(&"rate limit"));
/// ```
#[derive(Debug, Clone)]
pub struct Words(Texts<'static>);

impl Iterator for Words {
    type Item = &'static str;

    fn next(&mut self) -> Option<&'static str> {
        self.0.next()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::condition::{Condition, Rule};
    use crate::layout::CaseParts;
    use crate::table::{TableParts, encode};

    /// Reads all parts of a table.
    fn read_all(text: &str) -> usize {
        let catalog = Catalog::leak(text.to_owned());
        let mut total = catalog.checklists().flat_map(|checklist| checklist.items().collect::<Vec<_>>()).count();
        for case in catalog.cases() {
            let steps = case.causes().chain(case.fixes());
            total += steps.map(|step| step.text().len() + step.causes().count()).sum::<usize>();
            total += [case.id(), case.variant(), case.title(), case.summary(), case.display()]
                .map(str::len)
                .iter()
                .sum::<usize>();
            total += usize::from(case.status().is_some()) + case.aliases().count() + case.severity() as usize;
            let _ = (case.code(), case.policy(), case.docs_url(), case.refines(), case.is(case));
        }
        let evidence =
            Evidence::response(409).with_body(r#"{"code":"OUT1","status":"error","a":"b"}"#).with_frame("{}");
        total + usize::from(catalog.classify(&evidence).failed) + usize::from(catalog.by_name("OUT1").is_some())
    }

    #[test]
    fn damaged_tables_are_read_without_panicking() {
        // A table in the previous layout.
        let previous = "1100071000K2000g20000300013000F3000G3000V3000G8000[8000[8000`8000orders715/code0:18/message\
            1<x-request-id=1;/request_id=1;retry-after00001167/status5error=authorization6Bearer513sk_0614text00015later\
            d?XOd?301PVe31000000J2000g3000V1409 Conflict: The item is not in stock<out-of-stocki<3OUT10:OutOfStock<409 \
            ConflictIThe item is not in stock.0010J10EOrder something else.00:18sold out2FSold: The item is sold4sold00\
            114Sold4SoldAThe item is sold.0010J10EOrder something else.0002ALost: No response4lost00004Lost4Lost<No resp\
            onse.0010100200000100008000000000E00003OUT0004SOLD10162/a1b02717";
        read_all(previous);
        let rules = (0..40).map(|n| Rule {
            case: n,
            conditions: vec![
                if n % 3 == 0 {
                    Condition::Status(vec![(400 + n, 420)])
                } else {
                    Condition::Code(vec![format!("OUT{n}")])
                },
                Condition::Json("/a".into(), vec!["b".into()]),
            ],
        });
        let case =
            |n: u16| CaseParts { id: format!("case-{n}"), status: 400 + n, page: Some(n), ..CaseParts::default() };
        let encoded =
            encode(&TableParts { rules: rules.collect(), cases: (0..40).map(case).collect(), ..TableParts::default() });
        assert!(read_all(&encoded) > 40);
        for end in (0..encoded.len()).step_by(7).filter(|&end| encoded.is_char_boundary(end)) {
            read_all(&encoded[..end]);
            read_all(&encoded[end..]);
        }
    }
}
