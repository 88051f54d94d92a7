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

/// A catalog of error cases, as `error_catalog!` builds it into a program.
pub struct Catalog {
    table: Table<'static>,
}

impl Catalog {
    /// The catalog in a packed text. For the macro's output.
    #[doc(hidden)]
    pub const fn from_packed(text: &'static str) -> Self {
        Self { table: Table::new(text) }
    }

    /// The packed table. For the runtime's own rooms.
    #[doc(hidden)]
    pub const fn table(&self) -> Table<'static> {
        self.table
    }

    /// The catalog's id.
    pub const fn id(&self) -> &'static str {
        self.table.id()
    }

    /// How many cases it has.
    #[expect(clippy::len_without_is_empty, reason = "a catalog without cases is refused")]
    pub const fn len(&self) -> usize {
        self.table.len()
    }

    /// All cases, in the catalog's order.
    pub fn cases(&'static self) -> impl ExactSizeIterator<Item = Case> {
        (0..u16::try_from(self.len()).unwrap_or(u16::MAX)).map(move |index| Case { catalog: self, index })
    }

    /// The case at a place in the catalog's order.
    pub fn at(&'static self, index: u16) -> Option<Case> {
        (usize::from(index) < self.len()).then_some(Case { catalog: self, index })
    }

    /// The case at a place in the catalog's order. For the macro's output, which knows that there is one.
    #[doc(hidden)]
    #[inline]
    pub const fn nth(&'static self, index: u16) -> Case {
        Case { catalog: self, index }
    }

    /// The case with an id.
    pub fn by_id(&'static self, id: &str) -> Option<Case> {
        self.cases().find(|case| case.id() == id)
    }

    /// The case that a code makes, whatever the status. Allocates nothing.
    pub fn by_code(&'static self, code: &str) -> Option<Case> {
        let rule = self.table.rules_of_code(code).find(PackedRule::is_alone)?;
        self.at(rule.case)
    }

    /// The case that a status makes where nothing else is known. Allocates nothing.
    #[inline]
    pub const fn by_status(&'static self, status: u16) -> Option<Case> {
        match self.table.case_of_status(status) {
            Some(index) => Some(Case { catalog: self, index }),
            None => None,
        }
    }

    /// The case that a word names: an id, a code, a Rust variant or a status.
    pub fn by_name(&'static self, name: &str) -> Option<Case> {
        self.by_id(name)
            .or_else(|| self.by_code(name))
            .or_else(|| self.cases().find(|case| case.variant() == name))
            .or_else(|| self.by_status(name.parse().ok()?))
    }

    /// The retry policies and their ids, in the catalog's order.
    pub fn policies(&self) -> impl Iterator<Item = (&'static str, Policy)> {
        self.table.policies()
    }

    /// The checklists of support tickets, in the catalog's order.
    pub fn checklists(&self) -> impl Iterator<Item = Checklist> {
        self.table.checklists().list(Checklist::read)
    }

    /// Which case a failed exchange is, and what its answer says of itself.
    #[doc(hidden)]
    pub fn classify(&'static self, evidence: &Evidence) -> crate::Facts {
        classify(self.table, evidence)
    }
}

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
#[derive(Clone, Copy)]
pub struct Case {
    catalog: &'static Catalog,
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
    pub const fn catalog(self) -> &'static Catalog {
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

impl PartialEq for Case {
    fn eq(&self, other: &Self) -> bool {
        self.index == other.index && std::ptr::eq(self.catalog, other.catalog)
    }
}

impl Eq for Case {}

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
        Check::read(self.check)
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
