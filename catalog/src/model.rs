//! The model of a catalog: what its files say, with the places that rules and messages need.

use std::collections::HashMap;
use std::ops::Deref;

use waves_errors_core::internal::{Condition, Wire};
use waves_errors_core::internal::{Key, Redact};
use waves_errors_core::{Evidence, Policy, RetryOnly, Severity};

use crate::keys::At;
use crate::problem::Place;
use crate::source::Sources;

/// A catalog that has passed every check: in `check`, or, for what is built in, in this crate's tests.
#[derive(Debug)]
pub struct Catalog {
    pub(crate) model: Model,
    pub(crate) sources: Sources,
}

impl Deref for Catalog {
    type Target = Model;

    fn deref(&self) -> &Model {
        &self.model
    }
}

impl Catalog {
    /// The files that the catalog was read from, the root first.
    pub fn sources(&self) -> &Sources {
        &self.sources
    }
}

/// What a catalog's files say.
#[derive(Debug, Default)]
pub struct Model {
    /// `[catalog] id`.
    pub id: At<String>,
    /// `[catalog] site`: what `site:` links stand on.
    pub site: Option<At<String>>,
    /// Ids that may not be used again.
    pub reserved_ids: Vec<At<String>>,
    /// Codes that may not be used again.
    pub reserved_codes: Vec<At<String>>,
    /// `[wire]`.
    pub wire: Wire,
    /// `[key]`.
    pub key: Key,
    /// `[redact]`.
    pub redact: Redact,
    /// `[links]`: names and addresses.
    pub links: Vec<(At<String>, At<String>)>,
    /// One a file that has a `[page]`.
    pub pages: Vec<Page>,
    /// `[retry.ID]`.
    pub policies: Vec<(At<String>, Policy)>,
    /// `[case.ID]`, in the files' order.
    pub cases: Vec<Case>,
    /// `[checklist.ID]`.
    pub checklists: Vec<Checklist>,
    pub(crate) index: Index,
    pub(crate) broken: Broken,
}

/// What could not be read, and has been told: whatever refers to it is no further problem. Empty in a valid catalog.
#[derive(Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "four things that can be broken each for itself")]
pub(crate) struct Broken {
    pub(crate) policies: Vec<At<String>>,
    pub(crate) cases: Vec<At<String>>,
    pub(crate) checklists: Vec<At<String>>,
    pub(crate) links: bool,
    pub(crate) site: bool,
    /// A whole file: anything could be in it.
    pub(crate) file: bool,
    /// `[wire]`: how answers are read.
    pub(crate) wire: bool,
}

/// How a page's cases are addressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Anchors {
    /// By the case's id.
    Id,
    /// By its heading, in lower case with dashes.
    Title,
}

/// A page of the reference.
#[derive(Debug)]
pub struct Page {
    /// The file that it is.
    pub file: usize,
    /// The name of that file, without folder and ending.
    pub name: String,
    /// Where it is published.
    pub docs: Option<At<String>>,
    /// How its cases are addressed.
    pub anchors: Anchors,
    /// The title.
    pub title: At<String>,
    /// The title in a sidebar.
    pub sidebar_title: Option<At<String>>,
    /// One line on what the page is.
    pub description: Option<At<String>>,
    /// A note for machines, above everything.
    pub notice: Option<At<String>>,
    /// The first paragraph.
    pub intro: Option<At<String>>,
    /// Its sections; none: one without a heading, with the file's cases.
    pub sections: Vec<Section>,
}

/// A section of a page.
#[derive(Debug)]
pub struct Section {
    /// The heading.
    pub title: At<String>,
    /// The ids of its cases, in order.
    pub cases: Vec<At<String>>,
    /// The id of its checklist.
    pub checklist: Option<At<String>>,
    /// Whether its cases could not be read.
    pub(crate) broken: bool,
}

/// A case.
#[derive(Debug)]
pub struct Case {
    /// The id.
    pub id: At<String>,
    /// The HTTP status.
    pub status: Option<At<u16>>,
    /// The code.
    pub code: Option<At<String>>,
    /// The heading, where it is not the status and its phrase.
    pub title: Option<At<String>>,
    /// Which keys it has, whether they could be read or not.
    pub(crate) says: Says,
    /// What happened.
    pub summary: At<String>,
    /// Why.
    pub causes: Vec<Step>,
    /// What to do.
    pub fixes: Vec<Step>,
    /// Whether the fixes are one paragraph or a list.
    pub fixes_in_paragraph: bool,
    /// The id of the retry policy.
    pub retry: Option<At<String>>,
    /// Which failures are this case, where that is said.
    pub matches: Option<Vec<Alternative>>,
    /// The id of the wider case.
    pub refines: Option<At<String>>,
    /// The line that `Display` prints, where it is said.
    pub display: Option<At<String>>,
    /// Further words that find the case.
    pub aliases: Vec<At<String>>,
    /// The Rust name, where it is not that of the id.
    pub variant: Option<At<String>>,
    /// The Rust name: the one that is given, or that of the id.
    pub(crate) name: String,
    /// How bad it is.
    pub severity: Severity,
    /// Answers that must come out as this case.
    pub examples: Vec<At<Evidence>>,
    /// Since when, and what to use instead.
    pub deprecated: Option<Deprecated>,
}

/// Which keys a case has, whether they could be read or not: what is there and wrong is not also missing.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Says {
    /// By what it is known: a status, a code or a `match`.
    pub(crate) named: bool,
    /// By what it is retried: a policy, or a wider case.
    pub(crate) retried: bool,
    /// Why it happens.
    pub(crate) caused: bool,
}

/// One alternative of a `match`.
#[derive(Debug)]
pub struct Alternative {
    /// The place.
    pub at: Place,
    /// What must all hold.
    pub conditions: Vec<Condition>,
    /// Whether a condition could not be read; never in a valid catalog.
    pub(crate) broken: bool,
}

/// That a case should no longer be made.
#[derive(Debug)]
pub struct Deprecated {
    /// Since which version.
    pub since: Option<At<String>>,
    /// The id of the case to use instead.
    pub instead: Option<At<String>>,
}

/// A cause or a fix.
#[derive(Debug)]
pub struct Step {
    /// The id.
    pub id: Option<At<String>>,
    /// The text.
    pub text: At<String>,
    /// What tells whether it applies, as a table holds it.
    pub check: Option<At<String>>,
    /// The causes that a fix is for.
    pub causes: Vec<At<String>>,
    /// What the case's policy must be for the text to be true.
    pub requires: Vec<(At<String>, At<Required>)>,
}

/// What a policy's value must be.
#[derive(Debug, Clone, PartialEq)]
pub enum Required {
    /// A number.
    Number(f64),
    /// Yes or no.
    Boolean(bool),
    /// A duration.
    Duration(std::time::Duration),
    /// The operations that the policy is limited to.
    Only(Option<RetryOnly>),
}

/// What a support ticket needs.
#[derive(Debug)]
pub struct Checklist {
    /// The id.
    pub id: At<String>,
    /// Before the items.
    pub intro: Option<At<String>>,
    /// The items and what is collected for each.
    pub items: Vec<Item>,
    /// Behind the items.
    pub outro: Option<At<String>>,
    /// Further pages: words and the name of a link.
    pub links: Vec<(At<String>, At<String>)>,
}

/// An item of a checklist.
#[derive(Debug)]
pub struct Item {
    /// The text.
    pub text: At<String>,
    /// What is collected for it.
    pub collect: Vec<At<String>>,
}

/// Where things stand, found once: a catalog may have thousands of cases.
#[derive(Debug, Default)]
pub(crate) struct Index {
    cases: HashMap<String, usize>,
    policies: HashMap<String, usize>,
    /// The page of each case.
    pages: Vec<Option<usize>>,
    /// The cases that refine a case, by the place of that.
    narrower: HashMap<usize, Vec<usize>>,
}

impl Model {
    /// Notes where things stand. The first of two with one id counts.
    pub(crate) fn index(&mut self) {
        let mut index = Index::default();
        for (n, case) in self.cases.iter().enumerate() {
            index.cases.entry(case.id.value.clone()).or_insert(n);
        }
        for (n, (id, _)) in self.policies.iter().enumerate() {
            index.policies.entry(id.value.clone()).or_insert(n);
        }
        for (n, case) in self.cases.iter().enumerate() {
            if let Some(&wider) = case.refines.as_ref().and_then(|id| index.cases.get(&id.value)) {
                index.narrower.entry(wider).or_default().push(n);
            }
        }
        index.pages = vec![None; self.cases.len()];
        for (n, page) in self.pages.iter().enumerate() {
            for id in page.sections.iter().flat_map(|section| &section.cases) {
                if let Some(&case) = index.cases.get(&id.value) {
                    index.pages[case].get_or_insert(n);
                }
            }
            if page.sections.is_empty() {
                for (case, place) in self.cases.iter().zip(&mut index.pages) {
                    if case.id.at.file == page.file {
                        place.get_or_insert(n);
                    }
                }
            }
        }
        self.index = index;
    }

    /// The case with an id.
    pub fn case(&self, id: &str) -> Option<&Case> {
        self.cases.get(self.index_of(id)?)
    }

    /// The place of a case in the catalog's order.
    pub fn index_of(&self, id: &str) -> Option<usize> {
        self.index.cases.get(id).copied()
    }

    /// The place of a policy in the catalog's order.
    pub(crate) fn policy_index(&self, id: &str) -> Option<usize> {
        self.index.policies.get(id).copied()
    }

    /// The retry policy of a case: its own, or that of the case it refines.
    pub fn policy_of(&self, case: &Case) -> Option<&(At<String>, Policy)> {
        let id = self.inherited(case, |case| case.retry.as_ref())?;
        self.policies.get(self.policy_index(id)?)
    }

    /// Whether a case has no policy only because something about it could not be read or found, which has been told.
    pub(crate) fn policy_in_doubt(&self, case: &Case) -> bool {
        let doubtful = |case: &Case| match (&case.retry, &case.refines) {
            (Some(id), _) => self.policy_index(id).is_none(),
            (None, Some(id)) => self.index_of(id).is_none(),
            (None, None) => case.says.retried,
        };
        self.broken.file || self.inherited(case, |case| doubtful(case).then_some(())).is_some()
    }

    /// Whether something that decides which failure is which case could not be read, which has been told.
    pub(crate) fn matching_in_doubt(&self) -> bool {
        let doubtful = |case: &Case| match &case.matches {
            Some(alternatives) => alternatives.iter().any(|one| one.broken),
            None => case.status.is_none() && case.code.is_none(),
        };
        self.broken.file || self.broken.wire || !self.broken.cases.is_empty() || self.cases.iter().any(doubtful)
    }

    /// The fixes of a case: its own, or those of the case it refines.
    pub fn fixes_of<'m>(&'m self, case: &'m Case) -> &'m Case {
        self.inherited(case, |case| (!case.fixes.is_empty()).then_some(case)).unwrap_or(case)
    }

    /// What the nearest of a case and those it refines has. Circles end.
    fn inherited<'m, T>(&'m self, case: &'m Case, has: impl Fn(&'m Case) -> Option<T>) -> Option<T> {
        let wider = |case: &&'m Case| self.case(case.refines.as_ref()?);
        std::iter::successors(Some(case), wider).take(self.cases.len()).find_map(has)
    }

    /// Whether a case is `wider` or refines it, at any distance.
    pub fn is(&self, case: &Case, wider: &str) -> bool {
        case.id.value == wider
            || self.inherited(case, |case| (case.refines.as_ref()?.value == wider).then_some(())).is_some()
    }

    /// The cases that refine a case, in the catalog's order.
    pub fn narrower(&self, case: &Case) -> impl Iterator<Item = &Case> {
        let all = self.index_of(&case.id).and_then(|place| self.index.narrower.get(&place));
        all.into_iter().flatten().filter_map(|&place| self.cases.get(place))
    }

    /// The place of the page that a case stands on.
    pub fn page_of(&self, case: &Case) -> Option<usize> {
        *self.index.pages.get(self.index_of(&case.id)?)?
    }

    /// The checklist with an id.
    pub fn checklist(&self, id: &str) -> Option<&Checklist> {
        self.checklists.iter().find(|checklist| checklist.id.value == id)
    }

    /// The cases of a page's section, in order.
    pub fn cases_of<'m>(&'m self, section: &'m Section) -> impl Iterator<Item = &'m Case> {
        section.cases.iter().filter_map(|id| self.case(id))
    }

    /// The cases of a page, in order.
    pub fn cases_on<'m>(&'m self, page: &'m Page) -> Vec<&'m Case> {
        if page.sections.is_empty() {
            return self.cases.iter().filter(|case| case.id.at.file == page.file).collect();
        }
        page.sections.iter().flat_map(|section| self.cases_of(section)).collect()
    }
}
