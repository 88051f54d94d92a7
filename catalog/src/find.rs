//! Finds cases by what people know of them.

use crate::model::{Case, Model};
use crate::problem::nearest;
use crate::render::{summary, title, variant};
use crate::text::words;

impl Model {
    /// The cases that a query names: an id, a status, a Rust variant, a code or an alias in any case; or else those
    /// whose names, title and summary hold all its words.
    pub fn find(&self, query: &str) -> Vec<&Case> {
        let query = query.trim().to_lowercase();
        if query.is_empty() {
            return Vec::new();
        }
        let named: Vec<_> =
            self.cases.iter().filter(|case| names(case).iter().any(|name| name.to_lowercase() == query)).collect();
        if !named.is_empty() {
            return named;
        }
        let holds = |case: &&Case| {
            let text = format!("{} {} {}", names(case).join(" "), title(self, case), words(&summary(self, case)))
                .to_lowercase();
            query.split_whitespace().all(|word| text.contains(word))
        };
        self.cases.iter().filter(holds).collect()
    }

    /// The name of a case that is most like the query, if one is near.
    pub fn nearest(&self, query: &str) -> Option<String> {
        let all: Vec<_> = self.cases.iter().flat_map(names).collect();
        nearest(query, &all.iter().map(String::as_str).collect::<Vec<_>>()).map(str::to_owned)
    }
}

/// All names of a case.
fn names(case: &Case) -> Vec<String> {
    let status = case.status.as_ref().map(|status| status.to_string());
    let said = case.code.iter().chain(&case.aliases).map(|name| name.value.clone());
    [Some(case.id.value.clone()), status, Some(variant(case))].into_iter().flatten().chain(said).collect()
}
