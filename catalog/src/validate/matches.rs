//! Matches: every case can be told from every other.

use std::collections::BTreeMap;

use waves_errors_core::Rule;

use crate::model::{Case, Model};
use crate::problem::{Place, Problem, Problems};
use crate::render::table::rules;

/// A case has something that failures can match, or says that it has nothing.
pub(super) fn present(model: &Model, problems: &Problems) {
    for case in &model.cases {
        if !case.named {
            let message = format!("no failure can be `{}`: it has no `status`, `code` or `match`", case.id.value);
            problems.add(
                Problem::error("no-match", case.id.at, message)
                    .help("add one of them, or `match = []` if only programs make it"),
            );
        }
    }
}

/// No code and no status makes two cases.
pub(super) fn unambiguous(model: &Model, problems: &Problems) {
    let mut seen: BTreeMap<String, (&Case, Place)> = BTreeMap::new();
    for case in &model.cases {
        for (rule, at) in rules(case, 0) {
            for what in makes(&rule) {
                match seen.get(&what) {
                    Some((first, there)) if first.id.value != case.id.value => {
                        let message = format!("{what} is both `{}` and `{}`", first.id.value, case.id.value);
                        problems.add(Problem::error("ambiguous-match", at, message).also(*there, "the first is here"));
                    }
                    Some(_) => {}
                    None => drop(seen.insert(what, (case, at))),
                }
            }
        }
    }
}

/// The codes and statuses that are a rule's only condition, in words.
fn makes(rule: &Rule) -> Vec<String> {
    match (rule.code(), rule.only_statuses(), rule.conditions.len()) {
        (Some(code), _, 1) => vec![format!("the code `{code}`")],
        (_, Some(ranges), _) => {
            ranges.iter().flat_map(|&(low, high)| low..=high).map(|status| format!("the status {status}")).collect()
        }
        _ => Vec::new(),
    }
}
