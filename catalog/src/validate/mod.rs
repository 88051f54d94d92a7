//! The rules. Each is a function from the model to problems; none stops another, and none repeats what the reader
//! has already told.

mod examples;
mod ids;
mod matches;
mod references;
mod retry;
mod texts;

use crate::model::Model;
use crate::problem::Problems;

pub(crate) use ids::is_variant;
pub use ids::variant;

/// All rules over a model.
pub(crate) fn validate(model: &Model, problems: &Problems) {
    ids::form(model, problems);
    ids::reserved(model, problems);
    ids::unique(model, problems);
    ids::variants(model, problems);
    references::cases(model, problems);
    references::sections(model, problems);
    references::refines(model, problems);
    references::steps(model, problems);
    references::checklists(model, problems);
    references::addresses(model, problems);
    texts::links(model, problems);
    texts::placeholders(model, problems);
    retry::requires(model, problems);
    matches::present(model, problems);
    matches::unambiguous(model, problems);
}

/// The rules that need a whole catalog: they run once all others hold.
pub(crate) fn validate_whole(model: &Model, problems: &Problems) {
    ids::count(model, problems);
    examples::examples(model, problems);
}
