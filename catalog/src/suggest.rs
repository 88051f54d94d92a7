//! Suggestions for unknown names: "did you mean `fixes`?".

use crate::problem::Problem;

/// The maximum number of known names that a help line lists.
const MAX_LISTED: usize = 20;

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

impl Problem {
    /// Suggests the most similar of the known names, or lists them.
    pub(crate) fn suggest<'n>(self, name: &str, known: impl IntoIterator<Item = &'n str>) -> Self {
        let mut known: Vec<_> = known.into_iter().collect();
        known.sort_unstable();
        known.dedup();
        match nearest(name, &known) {
            Some(near) => self.help(format!("did you mean `{near}`?")),
            None if known.is_empty() || known.len() > MAX_LISTED => self,
            None if known.len() == 1 => self.help(format!("expected `{}`", known[0])),
            None => self.help(format!("expected one of: `{}`", known.join("`, `"))),
        }
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
