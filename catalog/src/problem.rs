//! A problem of a catalog: what is wrong, where, and the way out.

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

/// A place in one of a catalog's files: a range of bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Place {
    /// The file, by its number.
    pub file: usize,
    /// The first byte.
    pub start: usize,
    /// The byte behind the last.
    pub end: usize,
}

impl Place {
    pub(crate) const fn new(file: usize, range: Range<usize>) -> Self {
        Self { file, start: range.start, end: range.end }
    }
}

/// One mistake in a catalog.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The rule that it breaks.
    pub rule: &'static str,
    /// Whether it stops the catalog from being used.
    pub level: Level,
    /// Where it is.
    pub at: Place,
    /// What is wrong: lower case, no full stop.
    pub message: String,
    /// Further places that belong to it, and what is there.
    pub also: Vec<(Place, String)>,
    /// The way out.
    pub help: Option<String>,
}

impl Problem {
    pub(crate) fn error(rule: &'static str, at: Place, message: impl Into<String>) -> Self {
        Self { rule, level: Level::Error, at, message: message.into(), also: Vec::new(), help: None }
    }

    pub(crate) fn warning(rule: &'static str, at: Place, message: impl Into<String>) -> Self {
        Self { level: Level::Warning, ..Self::error(rule, at, message) }
    }

    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    pub(crate) fn also(mut self, place: Place, what: impl Into<String>) -> Self {
        self.also.push((place, what.into()));
        self
    }

    /// Proposes the nearest of the known names, or lists them.
    pub(crate) fn meant<'n>(self, name: &str, known: impl IntoIterator<Item = &'n str>) -> Self {
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

/// The name that is most like `name`, if one is near enough to have been meant.
pub fn nearest<'n>(name: &str, known: &[&'n str]) -> Option<&'n str> {
    let close = |&&have: &&&str| {
        let distance = strsim::damerau_levenshtein(name, have);
        let longest = have.chars().count().max(name.chars().count());
        let begins = name.len() >= 3 && (have.starts_with(name) || name.starts_with(have));
        (distance * 3 <= longest || begins).then_some(distance)
    };
    known.iter().filter_map(|have| Some((close(&have)?, *have))).min().map(|(_, have)| have)
}

/// Problems as they are found, in any order.
#[derive(Debug, Default)]
pub(crate) struct Problems(RefCell<Vec<Problem>>);

impl Problems {
    pub(crate) fn add(&self, problem: Problem) {
        self.0.borrow_mut().push(problem);
    }

    /// How many there are.
    pub(crate) fn count(&self) -> usize {
        self.0.borrow().len()
    }

    /// Whether there is no error among them.
    pub(crate) fn has_none(&self) -> bool {
        self.0.borrow().iter().all(|problem| problem.level == Level::Warning)
    }

    /// All of them, sorted by place.
    pub(crate) fn sorted(self) -> Vec<Problem> {
        let mut all = self.0.into_inner();
        all.sort_by(|a, b| (a.at, a.rule, &a.message).cmp(&(b.at, b.rule, &b.message)));
        all.dedup();
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nearest_returns_only_similar_names() {
        let known = ["summary", "status", "source", "fixes"];
        assert_eq!(nearest("sumary", &known), Some("summary"));
        assert_eq!(nearest("fix", &known), Some("fixes"));
        assert_eq!(nearest("colour", &known), None);
        assert_eq!(nearest("", &known), None);
    }
}
