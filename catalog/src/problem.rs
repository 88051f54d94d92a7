//! A problem in a catalog: the message, its location, and how to fix it.

use std::cell::RefCell;

use crate::location::Location;

/// The level of a problem, from low to high.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// A problem in a catalog that can be used.
    Warning,
    /// A problem in a catalog that cannot be used.
    Error,
}

/// A problem in a catalog.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The id of the lint that reports it.
    pub lint: &'static str,
    /// The level.
    pub level: Level,
    /// The location.
    pub location: Location,
    /// The message: lower case, no full stop.
    pub message: String,
    /// Related locations, each with a label.
    pub related: Vec<(Location, String)>,
    /// How to fix it.
    pub help: Option<String>,
}

impl Problem {
    pub(crate) fn error(lint: &'static str, location: Location, message: impl Into<String>) -> Self {
        Self { lint, level: Level::Error, location, message: message.into(), related: Vec::new(), help: None }
    }

    pub(crate) fn warning(lint: &'static str, location: Location, message: impl Into<String>) -> Self {
        Self { level: Level::Warning, ..Self::error(lint, location, message) }
    }

    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    pub(crate) fn related(mut self, location: Location, label: impl Into<String>) -> Self {
        self.related.push((location, label.into()));
        self
    }
}

/// The problems found so far, in any order.
#[derive(Debug, Default)]
pub(crate) struct Problems(RefCell<Vec<Problem>>);

impl Problems {
    pub(crate) fn add(&self, problem: Problem) {
        self.0.borrow_mut().push(problem);
    }

    pub(crate) fn extend(&self, others: Self) {
        self.0.borrow_mut().extend(others.0.into_inner());
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.borrow().is_empty()
    }

    /// Returns whether no problem is an error.
    pub(crate) fn has_no_errors(&self) -> bool {
        self.0.borrow().iter().all(|problem| problem.level == Level::Warning)
    }

    /// Returns all problems without duplicates, sorted by location.
    pub(crate) fn into_sorted(self) -> Vec<Problem> {
        let mut all = self.0.into_inner();
        all.sort_by(|a, b| (a.location, a.lint, &a.message).cmp(&(b.location, b.lint, &b.message)));
        all.dedup();
        all
    }
}
