//! Lint for examples: each matches its case, according to the same code that runs in users' programs.

use waves_errors_core::internal::{Table, classify};

use crate::model::Model;
use crate::problem::{Problem, Problems};

/// Checks that every example matches its case.
pub(super) fn check_examples(model: &Model, problems: &Problems) {
    if model.cases.iter().all(|case| case.examples.is_empty()) {
        return;
    }
    let table_text = model.rules_table();
    let table = Table::new(&table_text);
    for (index, case) in model.cases.iter().enumerate() {
        for example in &case.examples {
            let found = classify(&table, &example.value).case;
            let Some(matched) = found.map(|(found, _)| usize::from(found)) else {
                let message = format!("this example matches no case; expected `{}`", case.id.value);
                let problem = Problem::error("wrong-example", example.location, message);
                let is_created_only = case.matches.as_ref().is_some_and(Vec::is_empty);
                let help = "a case with `match = []` matches no response: remove the example, or add a match";
                problems.add(if is_created_only { problem.help(help) } else { problem });
                continue;
            };
            if matched != index {
                let matched = &model.cases[matched].id;
                let message = format!("this example matches `{}`; expected `{}`", matched.value, case.id.value);
                problems.add(
                    Problem::error("wrong-example", example.location, message)
                        .related(matched.location, "the matched case"),
                );
            }
        }
    }
}
