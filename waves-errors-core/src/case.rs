//! What a program holds of a catalog: [`Catalog`], [`Case`] and its [`Step`]s, all read from the packed table.

use std::fmt;
use std::hash::{Hash, Hasher};

use crate::check::Check;
use crate::checklist::Checklist;
use crate::classify::classify;
use crate::evidence::Evidence;
use crate::pack::Reader;
use crate::policy::Policy;
use crate::table::Table;
use crate::wire::PackedRule;

/// A catalog of error cases: a small `Copy` handle. [`error_catalog!`] makes one for each enum.
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

    /// Creates the handle of a table that is encoded at run time. Leaks it.
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

    /// Returns the case that a code selects, whatever the status. Does not allocate.
    pub fn by_code(self, code: &str) -> Option<Case> {
        let rule = self.table.rules_of_code(code).find(PackedRule::is_alone)?;
        self.at(rule.case)
    }

    /// Returns the case that a status selects if nothing else is known. Does not allocate.
    #[inline]
    pub const fn by_status(self, status: u16) -> Option<Case> {
        match self.table.case_of_status(status) {
            Some(index) => Some(self.nth(index)),
            None => None,
        }
    }

    /// Returns the case with this name: an id, a code, a Rust variant or a status.
    pub fn by_name(self, name: &str) -> Option<Case> {
        self.by_id(name)
            .or_else(|| self.by_code(name))
            .or_else(|| self.cases().find(|case| case.variant() == name))
            .or_else(|| self.by_status(name.parse().ok()?))
    }

    /// Returns the retry policies with their ids, in the catalog's order.
    pub fn policies(self) -> impl Iterator<Item = (&'static str, Policy)> {
        self.table.policies()
    }

    /// Returns the checklists of support tickets, in the catalog's order.
    pub fn checklists(self) -> impl Iterator<Item = Checklist> {
        self.table.checklists().list(Checklist::decode)
    }

    /// Classifies a failed exchange, and extracts what the response says about it.
    #[doc(hidden)]
    pub fn classify(self, evidence: &Evidence) -> crate::Facts {
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

/// One case of a catalog: what happened, why, what to do about it, and whether trying again can help.
///
/// A small `Copy` handle. All texts are Markdown with absolute links.
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

/// The fields of a case's record, in their order, up to the one that is asked for.
impl Case {
    #[inline]
    const fn record(self) -> Reader<'static> {
        self.catalog.table.case(self.index as usize)
    }

    #[inline]
    const fn after_display(self) -> Reader<'static> {
        let mut from = self.record();
        from.text();
        from
    }

    #[inline]
    const fn after_id(self) -> Reader<'static> {
        let mut from = self.after_display();
        from.text();
        from
    }

    const fn after_code(self) -> Reader<'static> {
        let mut from = self.after_id();
        from.number();
        from.text();
        from
    }

    const fn after_refines(self) -> Reader<'static> {
        let mut from = self.after_code();
        from.number();
        from.number();
        from
    }

    const fn after_summary(self) -> Reader<'static> {
        let mut from = self.after_refines();
        from.text();
        from.text();
        from.text();
        from
    }

    const fn after_page(self) -> Reader<'static> {
        let mut from = self.after_summary();
        from.number();
        from.text();
        from
    }
}

impl Case {
    /// The catalog that the case stands in.
    pub const fn catalog(self) -> Catalog {
        self.catalog
    }

    /// The case's place in its catalog.
    pub const fn index(self) -> u16 {
        self.index
    }

    /// The id, for logs and comparisons; it never changes its meaning.
    #[inline]
    pub const fn id(self) -> &'static str {
        self.after_display().text()
    }

    /// The name of the variant that stands for the case.
    pub const fn variant(self) -> &'static str {
        self.after_refines().text()
    }

    /// The HTTP status that the case is documented under.
    pub const fn status(self) -> Option<u16> {
        match self.after_id().number() {
            0 => None,
            #[expect(clippy::cast_possible_truncation, reason = "a status is a u16 where it is written")]
            status => Some(status as u16),
        }
    }

    /// The code that the case is documented under.
    pub const fn code(self) -> Option<&'static str> {
        let mut from = self.after_id();
        from.number();
        let code = from.text();
        if code.is_empty() { None } else { Some(code) }
    }

    /// The heading on the reference page.
    pub const fn title(self) -> &'static str {
        let mut from = self.after_refines();
        from.text();
        from.text()
    }

    /// What happened.
    pub const fn summary(self) -> &'static str {
        let mut from = self.after_refines();
        from.text();
        from.text();
        from.text()
    }

    /// The line that `Display` prints: plain text.
    #[inline]
    pub const fn display(self) -> &'static str {
        self.record().text()
    }

    /// Why it happens.
    pub fn causes(self) -> Steps {
        Steps(self.after_page().record().list(read_step))
    }

    /// What to do.
    pub fn fixes(self) -> Steps {
        let mut from = self.after_page();
        from.record();
        Steps(from.record().list(read_step))
    }

    /// Further words that find the case.
    pub fn aliases(self) -> Words {
        let mut from = self.after_page();
        from.record();
        from.record();
        Words(from.record().list(Reader::text))
    }

    /// How bad it is.
    pub fn severity(self) -> Severity {
        let mut from = self.after_page();
        from.record();
        from.record();
        from.record();
        usize::try_from(from.number()).ok().and_then(|number| Severity::ALL.get(number)).copied().unwrap_or_default()
    }

    /// The retry policy; without one the case is never retried.
    pub fn retry(self) -> Option<Policy> {
        self.policy().map(|(_, policy)| policy)
    }

    /// The retry policy and its id.
    pub fn policy(self) -> Option<(&'static str, Policy)> {
        let number = usize::try_from(self.after_code().number()).ok()?;
        self.catalog.policies().nth(number.checked_sub(1)?)
    }

    /// The wider case that this one refines.
    pub fn refines(self) -> Option<Case> {
        let mut from = self.after_code();
        from.number();
        let number = u16::try_from(from.number()).ok()?;
        self.catalog.at(number.checked_sub(1)?)
    }

    /// Whether this is `other` or, at any distance, refines it.
    pub fn is(self, other: Case) -> bool {
        // The checker refuses circles; the bound holds for a damaged table as well.
        std::iter::successors(Some(self), |case| case.refines()).take(self.catalog.len()).any(|case| case == other)
    }

    /// The address of the case on the published page.
    pub fn docs_url(self) -> Option<String> {
        let mut from = self.after_summary();
        let number = usize::try_from(from.number()).ok()?;
        let page = self.catalog.table.page(number.checked_sub(1)?)?;
        Some(format!("{page}#{}", from.text()))
    }
}

/// How bad a case is, from low to high.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Severity {
    /// Nothing is wrong; something could be better.
    Advice,
    /// The error may disappear by itself.
    Warning,
    /// Somebody has to act.
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

/// A cause or a fix.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    id: &'static str,
    text: &'static str,
    check: &'static str,
    causes: Reader<'static>,
}

impl Step {
    /// The id, where it has one.
    pub const fn id(&self) -> Option<&'static str> {
        if self.id.is_empty() { None } else { Some(self.id) }
    }

    /// The documented sentence, in Markdown.
    pub const fn text(&self) -> &'static str {
        self.text
    }

    /// What tells whether the step applies, where something does.
    pub fn check(&self) -> Option<Check<'static>> {
        Check::decode(self.check)
    }

    /// The ids of the causes that a fix is for; none where it is for all.
    pub fn causes(&self) -> Words {
        Words(self.causes.list(Reader::text))
    }
}

fn read_step(from: &mut Reader<'static>) -> Step {
    let (id, text, check) = (from.text(), from.text(), from.text());
    Step { id, text, check, causes: from.record() }
}

/// Causes or fixes, in the catalog's order.
#[derive(Debug, Clone)]
pub struct Steps(crate::pack::List<'static, Step>);

impl Iterator for Steps {
    type Item = Step;

    fn next(&mut self) -> Option<Step> {
        self.0.next()
    }
}

/// Words, in the catalog's order.
#[derive(Debug, Clone)]
pub struct Words(crate::pack::List<'static, &'static str>);

impl Iterator for Words {
    type Item = &'static str;

    fn next(&mut self) -> Option<&'static str> {
        self.0.next()
    }
}
