//! Texts: the links and the policy values that they name exist.

use crate::keys::At;
use crate::model::{Case, Model};
use crate::problem::{Problem, Problems};
use crate::text::{Kind, references};

/// The keys of a policy that a text can print.
const PRINTABLE: [&str; 3] = ["initial", "max", "times"];

/// The texts of a case that may hold references.
fn texts(case: &Case) -> impl Iterator<Item = &At<String>> {
    let steps = case.causes.iter().chain(&case.fixes).map(|step| &step.text);
    [Some(&case.summary), case.title.as_ref()].into_iter().flatten().chain(steps)
}

/// Every `link:NAME` is a name of `[links]`.
pub(super) fn links(model: &Model, problems: &Problems) {
    let known = || model.links.iter().map(|(name, _)| name.as_str());
    let pages = model.pages.iter().filter_map(|page| page.intro.as_ref());
    let checklists = model.checklists.iter().flat_map(|checklist| {
        checklist.intro.iter().chain(&checklist.outro).chain(checklist.items.iter().map(|item| &item.text))
    });
    for text in model.cases.iter().flat_map(texts).chain(pages).chain(checklists) {
        for reference in references(text) {
            let Kind::Link(name) = reference.kind else { continue };
            if !known().any(|have| have == name) {
                let problem =
                    Problem::error("unknown-link", text.at, format!("there is no link `{name}` in `[links]`"));
                problems.add(problem.meant(name, known()));
            }
        }
    }
}

/// Every `{retry.KEY}` is a value of the case's policy.
pub(super) fn placeholders(model: &Model, problems: &Problems) {
    for case in &model.cases {
        for text in texts(case) {
            for reference in references(text) {
                let Kind::Retry(key) = reference.kind else { continue };
                if !PRINTABLE.contains(&key) {
                    let problem = Problem::error(
                        "unknown-placeholder",
                        text.at,
                        format!("a policy has no `{{retry.{key}}}` to print"),
                    );
                    problems.add(problem.meant(key, PRINTABLE));
                } else if case.retry.is_none() && model.policy_of(case).is_none() {
                    let message = format!("`{{retry.{key}}}` in a case without a retry policy");
                    problems.add(
                        Problem::error("unknown-placeholder", text.at, message)
                            .help("add `retry = \"...\"` to the case"),
                    );
                }
            }
        }
    }
}
