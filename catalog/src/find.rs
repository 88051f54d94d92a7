//! Finds cases by their names and words.

use crate::model::{Case, Model};
use crate::render::{summary, title};
use crate::suggest::nearest;
use crate::text::plain_text;

impl Model {
    /// Returns the cases with a name equal to the query, ignoring upper and lower case: an id, a status, a Rust
    /// variant, a code or an alias. If there are none, returns the cases whose names, title and summary contain all
    /// words of the query.
    pub fn find(&self, query: &str) -> Vec<&Case> {
        let query = query.trim().to_lowercase();
        if query.is_empty() {
            return Vec::new();
        }
        let exact: Vec<_> =
            self.cases.iter().filter(|case| names(case).iter().any(|name| name.to_lowercase() == query)).collect();
        if !exact.is_empty() {
            return exact;
        }
        let contains_words = |case: &&Case| {
            let text = format!("{} {} {}", names(case).join(" "), title(self, case), plain_text(&summary(self, case)))
                .to_lowercase();
            query.split_whitespace().all(|word| text.contains(word))
        };
        self.cases.iter().filter(contains_words).collect()
    }

    /// Returns the name of a case that is most similar to the query, if it is similar enough.
    pub fn nearest(&self, query: &str) -> Option<String> {
        let all: Vec<_> = self.cases.iter().flat_map(names).collect();
        nearest(query, &all.iter().map(String::as_str).collect::<Vec<_>>()).map(str::to_owned)
    }
}

/// Returns all names of a case.
fn names(case: &Case) -> Vec<String> {
    let status = case.status.as_ref().map(|status| status.to_string());
    let others = case.code.iter().chain(&case.aliases).map(|name| name.value.clone());
    [Some(case.id.value.clone()), status, Some(case.name.clone())].into_iter().flatten().chain(others).collect()
}
