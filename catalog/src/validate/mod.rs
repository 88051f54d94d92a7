//! The lints. Each is a function that reports problems of the model. All lints run, and none repeats a problem that the
//! reader has reported.

mod examples;
mod ids;
mod markdown;
mod matches;
mod overlap;
mod pages;
mod placeholders;
mod references;
mod retry;
mod texts;
mod urls;

use crate::model::Model;
use crate::problem::Problems;

type Lint = fn(&Model, &Problems);

/// Runs all lints on a model.
pub(crate) fn validate(model: &Model, problems: &Problems) {
    let lints: [Lint; 19] = [
        ids::check_form,
        ids::check_reserved,
        ids::check_variants,
        references::check_cases,
        references::check_sections,
        references::check_refinement_cycles,
        references::check_fix_causes,
        references::check_cause_coverage,
        references::check_checklists,
        references::check_predicates,
        urls::check_urls,
        references::check_unused,
        pages::check_names,
        pages::check_anchors,
        texts::check_plain_texts,
        texts::check_markdown,
        texts::check_titles,
        retry::check_requirements,
        matches::check_codes,
    ];
    for lint in lints {
        lint(model, problems);
    }
    // An error in matching can make an example seem wrong.
    let matching_lints: [Lint; 4] =
        [ids::check_unique, matches::check_present, matches::check_reachable, matches::check_ambiguity];
    let matching_problems = Problems::default();
    for lint in matching_lints {
        lint(model, &matching_problems);
    }
    if matching_problems.is_empty() && !model.is_matching_uncertain() {
        examples::check_examples(model, problems);
    }
    problems.extend(matching_problems);
}

/// Runs the lint that requires cases, after all others have passed.
pub(crate) fn validate_case_count(model: &Model, problems: &Problems) {
    ids::check_case_count(model, problems);
}
