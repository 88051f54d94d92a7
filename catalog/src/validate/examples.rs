//! Examples come out as their case, by the code that runs in users' programs.

use waves_errors_core::internal::classify;
use waves_errors_core::internal::{Table, encode};

use crate::model::Model;
use crate::problem::{Problem, Problems};
use crate::render::table::parts;

/// Classifies every example.
pub(super) fn examples(model: &Model, problems: &Problems) {
    if model.cases.iter().all(|case| case.examples.is_empty()) {
        return;
    }
    let encoded = encode(&parts(model));
    let table = Table::new(&encoded);
    for (index, case) in model.cases.iter().enumerate() {
        for example in &case.examples {
            let found = classify(&table, &example.value).case;
            let Some(other) = found.map(|(found, _)| usize::from(found)) else {
                let message = format!("this example matches no case; expected `{}`", case.id.value);
                problems.add(Problem::error("wrong-example", example.at, message));
                continue;
            };
            if other != index {
                let other = &model.cases[other].id;
                let message = format!("this example is the case `{}`, not `{}`", other.value, case.id.value);
                problems
                    .add(Problem::error("wrong-example", example.at, message).also(other.at, "the case that it is"));
            }
        }
    }
}
