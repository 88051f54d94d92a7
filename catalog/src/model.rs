//! The model of a catalog: the contents of its files, with the locations that lints and messages need.

use std::collections::HashMap;

use waves_errors_core::internal::{Condition, Key, Redact, Rule, TableParts, Wire, encode};
use waves_errors_core::{Evidence, Policy, RetryOnly, Severity};

use crate::location::{Located, Location};

/// The contents of a catalog's files.
#[derive(Debug, Default)]
pub struct Model {
    /// `[catalog] id`.
    pub id: Located<String>,
    /// `[catalog] site`: the base URL of `site:` links.
    pub site: Option<Located<String>>,
    /// Ids that must not be reused.
    pub reserved_ids: Vec<Located<String>>,
    /// Codes that must not be reused.
    pub reserved_codes: Vec<Located<String>>,
    /// `[wire]`.
    pub wire: Wire,
    /// `[key]`.
    pub key: Key,
    /// `[redact]`.
    pub redact: Redact,
    /// `[links]`: names and URLs.
    pub links: Vec<(Located<String>, Located<String>)>,
    /// The `[page]` of each file that has one.
    pub pages: Vec<Page>,
    /// `[retry.ID]`.
    pub policies: Vec<(Located<String>, Policy)>,
    /// `[case.ID]`, in the files' order.
    pub cases: Vec<Case>,
    /// `[checklist.ID]`.
    pub checklists: Vec<Checklist>,
    pub(crate) index: Index,
    pub(crate) broken: Broken,
}

/// Parts with errors that have been reported, so that references to them are not reported as well. Empty in a valid
/// catalog.
#[derive(Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "four independent parts")]
pub(crate) struct Broken {
    pub(crate) policies: Vec<Located<String>>,
    pub(crate) cases: Vec<Located<String>>,
    pub(crate) checklists: Vec<Located<String>>,
    pub(crate) links: bool,
    pub(crate) site: bool,
    /// A whole file, which could define anything.
    pub(crate) file: bool,
    /// `[wire]`, which defines how responses are parsed.
    pub(crate) wire: bool,
}

/// The kind of a page's anchors.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Anchors {
    /// The ids of the cases.
    Id,
    /// The headings of the cases, in lower case with dashes.
    Title,
}

/// A page of the reference.
#[derive(Debug)]
pub struct Page {
    /// The index in the model, which `build_index` sets.
    pub(crate) index: usize,
    /// The index of its file.
    pub file: usize,
    /// The name of that file, without directory and extension.
    pub name: String,
    /// The URL of the published page.
    pub docs: Option<Located<String>>,
    /// The kind of its anchors.
    pub anchors: Anchors,
    /// The title.
    pub title: Located<String>,
    /// The title in a sidebar.
    pub sidebar_title: Option<Located<String>>,
    /// A description in one line.
    pub description: Option<Located<String>>,
    /// A note for programs, at the top of the page.
    pub notice: Option<Located<String>>,
    /// The first paragraph.
    pub intro: Option<Located<String>>,
    /// Its sections. Without sections, the page lists the cases of its file without a heading.
    pub sections: Vec<Section>,
}

/// A section of a page.
#[derive(Debug)]
pub struct Section {
    /// The heading.
    pub title: Located<String>,
    /// The ids of its cases, in order.
    pub cases: Vec<Located<String>>,
    /// The id of its checklist.
    pub checklist: Option<Located<String>>,
    /// Whether its cases have errors.
    pub(crate) broken: bool,
}

/// A case.
#[derive(Debug)]
pub struct Case {
    /// The index in the model, which `build_index` sets.
    pub(crate) index: usize,
    /// The id.
    pub id: Located<String>,
    /// The HTTP status.
    pub status: Option<Located<u16>>,
    /// The code.
    pub code: Option<Located<String>>,
    /// The heading; default: the status and its reason phrase.
    pub title: Option<Located<String>>,
    /// The keys that are present, valid or not.
    pub(crate) present: PresentKeys,
    /// The summary: what happened.
    pub summary: Located<String>,
    /// The possible causes.
    pub causes: Vec<Step>,
    /// The fixes.
    pub fixes: Vec<Step>,
    /// Whether the fixes are rendered as one paragraph instead of a list.
    pub fixes_in_paragraph: bool,
    /// The id of the retry policy.
    pub retry: Option<Located<String>>,
    /// The alternatives of `match`, if present.
    pub matches: Option<Vec<Alternative>>,
    /// The id of the parent case.
    pub refines: Option<Located<String>>,
    /// The line that `Display` prints, if present.
    pub display: Option<Located<String>>,
    /// Further names of the case, for searches.
    pub aliases: Vec<Located<String>>,
    /// The Rust name, if it does not follow from the id.
    pub variant: Option<Located<String>>,
    /// The name of the Rust variant: `variant`, or derived from the id.
    pub(crate) name: String,
    /// The severity.
    pub severity: Severity,
    /// Example responses that must match this case.
    pub examples: Vec<Located<Evidence>>,
    /// The deprecation, if the case is deprecated.
    pub deprecated: Option<Deprecation>,
    /// The URL of its documentation, if it is not on the page of its file.
    pub docs: Option<Located<String>>,
}

impl Case {
    /// Returns the rules of the case and their locations: from its `match`, or else its code, or else its status.
    pub(crate) fn rules(&self) -> Vec<(Rule, Location)> {
        // The checker rejects catalogs with more cases.
        let case = u16::try_from(self.index).unwrap_or(u16::MAX);
        let rule = |conditions: Vec<Condition>, location| (Rule { case, conditions }, location);
        if let Some(alternatives) = &self.matches {
            let valid = alternatives.iter().filter(|alternative| !alternative.broken);
            return valid.map(|alternative| rule(alternative.conditions.clone(), alternative.location)).collect();
        }
        let code = self.code.as_ref().map(|code| rule(vec![Condition::Code(vec![code.value.clone()])], code.location));
        let status =
            |status: &Located<u16>| rule(vec![Condition::Status(vec![(status.value, status.value)])], status.location);
        code.or_else(|| self.status.as_ref().map(status)).into_iter().collect()
    }
}

/// The keys that a case has, valid or not: an invalid key is not reported as missing as well.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PresentKeys {
    /// `status`, `code` or `match`.
    pub(crate) matching: bool,
    /// `retry` or `refines`.
    pub(crate) retry: bool,
    /// `causes`.
    pub(crate) causes: bool,
}

/// An alternative of a `match`: a list of conditions.
#[derive(Debug)]
pub struct Alternative {
    /// The location.
    pub location: Location,
    /// The conditions, which must all hold.
    pub conditions: Vec<Condition>,
    /// Whether a condition has an error; never in a valid catalog.
    pub(crate) broken: bool,
}

/// The deprecation of a case.
#[derive(Debug)]
pub struct Deprecation {
    /// The first version in which it is deprecated.
    pub since: Option<Located<String>>,
    /// The id of the case to use instead.
    pub replacement: Option<Located<String>>,
}

/// A cause or a fix.
#[derive(Debug)]
pub struct Step {
    /// The id.
    pub id: Option<Located<String>>,
    /// The text.
    pub text: Located<String>,
    /// The check that decides whether it applies, in the encoding of the table.
    pub check: Option<Located<String>>,
    /// The ids of the causes that a fix addresses.
    pub causes: Vec<Located<String>>,
    /// The values that the case's policy must have for the text to be true.
    pub requires: Vec<(Located<String>, Located<Required>)>,
}

/// A required value of a policy.
#[derive(Debug, Clone, PartialEq)]
pub enum Required {
    /// A number.
    Number(f64),
    /// A boolean.
    Boolean(bool),
    /// A duration.
    Duration(std::time::Duration),
    /// The requests that the policy is limited to.
    Only(Option<RetryOnly>),
}

/// A checklist for support tickets.
#[derive(Debug)]
pub struct Checklist {
    /// The index in the model, which `build_index` sets.
    pub(crate) index: usize,
    /// The id.
    pub id: Located<String>,
    /// The text before the items.
    pub intro: Option<Located<String>>,
    /// The items.
    pub items: Vec<ChecklistItem>,
    /// The text after the items.
    pub outro: Option<Located<String>>,
    /// Further pages: the text and the name of each link.
    pub links: Vec<(Located<String>, Located<String>)>,
}

/// An item of a checklist.
#[derive(Debug)]
pub struct ChecklistItem {
    /// The text.
    pub text: Located<String>,
    /// The values to collect for it.
    pub collect: Vec<Located<String>>,
}

/// Indexes into the model, built once because a catalog may have thousands of cases.
#[derive(Debug, Default)]
pub(crate) struct Index {
    cases: HashMap<String, usize>,
    policies: HashMap<String, usize>,
}

impl Model {
    /// Builds the index. Of duplicate ids, it contains the first.
    pub(crate) fn build_index(&mut self) {
        let mut index = Index::default();
        for (n, case) in self.cases.iter_mut().enumerate() {
            case.index = n;
            index.cases.entry(case.id.value.clone()).or_insert(n);
        }
        for (n, (id, _)) in self.policies.iter().enumerate() {
            index.policies.entry(id.value.clone()).or_insert(n);
        }
        for (n, page) in self.pages.iter_mut().enumerate() {
            page.index = n;
        }
        for (n, checklist) in self.checklists.iter_mut().enumerate() {
            checklist.index = n;
        }
        self.index = index;
    }

    /// Returns the case with an id.
    pub fn case(&self, id: &str) -> Option<&Case> {
        self.cases.get(self.index_of(id)?)
    }

    /// Returns the index of a case.
    pub fn index_of(&self, id: &str) -> Option<usize> {
        self.index.cases.get(id).copied()
    }

    /// Returns the index of a policy.
    pub(crate) fn policy_index(&self, id: &str) -> Option<usize> {
        self.index.policies.get(id).copied()
    }

    /// Returns the retry policy of a case, with its id: its own, or that of its parent case.
    pub(crate) fn policy_of(&self, case: &Case) -> Option<&(Located<String>, Policy)> {
        let id = self.find_inherited(case, |case| case.retry.as_ref())?;
        self.policies.get(self.policy_index(id)?)
    }

    /// Returns whether a case may lack a policy only because of an error that has been reported.
    pub(crate) fn is_policy_uncertain(&self, case: &Case) -> bool {
        let is_uncertain = |case: &Case| match (&case.retry, &case.refines) {
            (Some(id), _) => self.policy_index(id).is_none(),
            (None, Some(id)) => self.index_of(id).is_none(),
            (None, None) => case.present.retry,
        };
        self.broken.file || self.find_inherited(case, |case| is_uncertain(case).then_some(())).is_some()
    }

    /// Returns whether matching may be wrong because of an error that has been reported.
    pub(crate) fn is_matching_uncertain(&self) -> bool {
        let is_uncertain = |case: &Case| match &case.matches {
            Some(alternatives) => alternatives.iter().any(|alternative| alternative.broken),
            None => case.status.is_none() && case.code.is_none(),
        };
        self.broken.file || self.broken.wire || !self.broken.cases.is_empty() || self.cases.iter().any(is_uncertain)
    }

    /// Returns the case whose fixes apply to a case: itself, or the nearest parent case that has fixes.
    pub(crate) fn case_with_fixes<'m>(&'m self, case: &'m Case) -> &'m Case {
        self.find_inherited(case, |case| (!case.fixes.is_empty()).then_some(case)).unwrap_or(case)
    }

    /// Returns a table with only the parts that classification reads.
    pub(crate) fn rules_table(&self) -> String {
        encode(&TableParts {
            wire: self.wire.clone(),
            redact: self.redact.clone(),
            rules: self.cases.iter().flat_map(Case::rules).map(|(rule, _)| rule).collect(),
            ..TableParts::default()
        })
    }

    /// Returns the first value among a case and its parent cases. Also ends if they form a cycle.
    fn find_inherited<'m, T>(&'m self, case: &'m Case, get: impl Fn(&'m Case) -> Option<T>) -> Option<T> {
        let parent = |case: &&'m Case| self.case(case.refines.as_ref()?);
        std::iter::successors(Some(case), parent).take(self.cases.len()).find_map(get)
    }

    /// Returns the checklist with an id.
    pub fn checklist(&self, id: &str) -> Option<&Checklist> {
        self.checklists.iter().find(|checklist| checklist.id.value == id)
    }

    /// Returns the cases of a section, in order.
    pub fn cases_of<'m>(&'m self, section: &'m Section) -> impl Iterator<Item = &'m Case> {
        section.cases.iter().filter_map(|id| self.case(id))
    }

    /// Returns the cases of a page, in order.
    pub fn cases_on<'m>(&'m self, page: &'m Page) -> Vec<&'m Case> {
        if page.sections.is_empty() {
            return self.cases.iter().filter(|case| case.id.location.file == page.file).collect();
        }
        page.sections.iter().flat_map(|section| self.cases_of(section)).collect()
    }
}
