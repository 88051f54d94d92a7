//! A problem in a catalog: the message, its location, and how to fix it.

use std::cell::RefCell;
use std::ops::Range;

/// The level of a problem, from low to high.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// The catalog can be used.
    Warning,
    /// The catalog cannot be used.
    Error,
}

/// A location in one of a catalog's files: a range of bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Location {
    /// The index of the file.
    pub file: usize,
    /// The first byte.
    pub start: usize,
    /// The byte after the last.
    pub end: usize,
}

impl Location {
    pub(crate) const fn new(file: usize, range: Range<usize>) -> Self {
        Self { file, start: range.start, end: range.end }
    }
}

/// A problem in a catalog.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The id of the lint that reports it.
    pub lint: &'static str,
    /// Whether it stops the catalog from being used.
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

    /// Suggests the most similar of the known names, or lists them.
    pub(crate) fn suggest<'n>(self, name: &str, known: impl IntoIterator<Item = &'n str>) -> Self {
        let mut known: Vec<_> = known.into_iter().collect();
        known.sort_unstable();
        known.dedup();
        match nearest(name, &known) {
            Some(near) => self.help(format!("did you mean `{near}`?")),
            None if known.is_empty() => self,
            None if known.len() <= 20 => self.help(format!("known here: `{}`", known.join("`, `"))),
            None => self,
        }
    }
}

/// Returns the known name that is most similar to `name`, if it is similar enough to be a likely misspelling.
pub fn nearest<'n>(name: &str, known: &[&'n str]) -> Option<&'n str> {
    let distance = |candidate: &str| {
        let distance = strsim::damerau_levenshtein(name, candidate);
        let longest = candidate.chars().count().max(name.chars().count());
        let is_prefix = name.len() >= 3 && (candidate.starts_with(name) || name.starts_with(candidate));
        (distance * 3 <= longest || is_prefix).then_some(distance)
    };
    known.iter().filter_map(|candidate| Some((distance(candidate)?, *candidate))).min().map(|(_, candidate)| candidate)
}

/// The problems found so far, in any order.
#[derive(Debug, Default)]
pub(crate) struct Problems(RefCell<Vec<Problem>>);

impl Problems {
    pub(crate) fn add(&self, problem: Problem) {
        self.0.borrow_mut().push(problem);
    }

    /// The number of problems.
    pub(crate) fn count(&self) -> usize {
        self.0.borrow().len()
    }

    /// Whether no problem is an error.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nearest_returns_similar_names_only() {
        let known = ["summary", "status", "source", "fixes"];
        assert_eq!(nearest("sumary", &known), Some("summary"));
        assert_eq!(nearest("fix", &known), Some("fixes"));
        assert_eq!(nearest("colour", &known), None);
        assert_eq!(nearest("", &known), None);
    }
}
