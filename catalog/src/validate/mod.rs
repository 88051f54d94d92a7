//! The rules. Each is a function from the model to problems; none stops another, and none repeats what the reader
//! has already told.

mod examples;
mod ids;
mod matches;
mod pages;
mod references;
mod retry;
mod texts;

use crate::model::Model;
use crate::problem::Problems;

pub use ids::variant;
pub(crate) use ids::{is_variant, well_formed};

type Rule = fn(&Model, &Problems);

/// All rules over a model.
pub(crate) fn validate(model: &Model, problems: &Problems) {
    let rules: [Rule; 19] = [
        ids::form,
        ids::reserved,
        ids::variants,
        references::cases,
        references::sections,
        references::refines,
        references::steps,
        references::coverage,
        references::checklists,
        references::checks,
        references::addresses,
        references::unused,
        pages::names,
        pages::anchors,
        texts::lines,
        texts::inline,
        texts::titles,
        retry::requires,
        matches::codes,
    ];
    for rule in rules {
        rule(model, problems);
    }
    // An example may only seem wrong where something that decides about it is.
    let deciding: [Rule; 4] = [ids::unique, matches::present, matches::reachable, matches::unambiguous];
    let told = problems.count();
    for rule in deciding {
        rule(model, problems);
    }
    if problems.count() == told && !model.matching_in_doubt() {
        examples::examples(model, problems);
    }
}

/// The rule that needs cases to be there: it runs once all others hold.
pub(crate) fn validate_whole(model: &Model, problems: &Problems) {
    ids::count(model, problems);
}
