//! Lints for references: every referenced id exists, and each case is listed once on its page.

use std::collections::{BTreeMap, HashSet};

use waves_errors_core::{Check, Collect, Predicate};

use crate::location::Located;
use crate::model::{Case, Model, Page, Step};
use crate::problem::{Problem, Problems};

/// Reports an unknown reference, unless `found` is true.
fn check_reference<'m>(
    found: bool,
    kind: &str,
    id: &Located<String>,
    known: impl Iterator<Item = &'m Located<String>>,
    problems: &Problems,
) {
    if !found {
        let problem = Problem::error("unknown-reference", id.location, format!("unknown {kind} `{}`", id.value));
        let mut known = known.peekable();
        problems.add(match (known.peek(), kind) {
            (Some(_), _) => problem.suggest(id, known.map(|name| name.as_str())),
            (None, "retry policy") => problem.help(format!("add `[retry.{}]`", id.value)),
            (None, "cause") => problem.help(format!("add `id = \"{}\"` to a cause", id.value)),
            (None, table) => problem.help(format!("add `[{table}.{}]`", id.value)),
        });
    }
}

fn check_case_reference(model: &Model, id: &Located<String>, problems: &Problems) {
    let known = || model.cases.iter().map(|case| &case.id).chain(&model.broken.cases);
    check_reference(is_case(model, id), "case", id, known(), problems);
}

fn is_case(model: &Model, id: &Located<String>) -> bool {
    model.broken.file || model.index_of(id).is_some() || is_broken(&model.broken.cases, id)
}

/// Returns whether the id is defined, but its definition has errors.
fn is_broken(broken: &[Located<String>], id: &Located<String>) -> bool {
    broken.iter().any(|other| other.value == id.value)
}

/// Checks the references of cases: policies, parent cases and replacements.
pub(super) fn check_cases(model: &Model, problems: &Problems) {
    for case in &model.cases {
        if let Some(id) = &case.retry {
            let broken = &model.broken;
            let found = broken.file || model.policy_index(id).is_some() || is_broken(&broken.policies, id);
            let known = model.policies.iter().map(|(id, _)| id).chain(&broken.policies);
            check_reference(found, "retry policy", id, known, problems);
        }
        let replacement = case.deprecated.as_ref().and_then(|deprecated| deprecated.replacement.as_ref());
        for id in case.refines.iter().chain(replacement) {
            check_case_reference(model, id, problems);
        }
        if let Some(id) = replacement.filter(|id| id.value == case.id.value) {
            problems.add(Problem::error(
                "cycle",
                id.location,
                format!("`{}` names itself as its replacement", case.id.value),
            ));
        }
    }
}

/// Checks the references of sections, and that each case of a page with sections is listed in exactly one.
pub(super) fn check_sections(model: &Model, problems: &Problems) {
    let mut seen: BTreeMap<&str, &Located<String>> = BTreeMap::new();
    for section in model.pages.iter().flat_map(|page| &page.sections) {
        if let Some(id) = &section.checklist {
            let broken = &model.broken;
            let found = broken.file || model.checklist(id).is_some() || is_broken(&broken.checklists, id);
            let known = model.checklists.iter().map(|checklist| &checklist.id).chain(&broken.checklists);
            check_reference(found, "checklist", id, known, problems);
        }
        for id in &section.cases {
            check_case_reference(model, id, problems);
            if let Some(first) = seen.insert(id, id).filter(|_| is_case(model, id)) {
                let problem = Problem::error("case-twice", id.location, format!("`{}` is listed twice", id.value));
                problems.add(problem.related(first.location, "first used here"));
            }
        }
    }
    // If a section has errors or an unknown case, it may be the section of the missing case.
    let is_complete = |page: &&Page| {
        let ids = page.sections.iter().flat_map(|section| &section.cases);
        !page.sections.is_empty()
            && !page.sections.iter().any(|section| section.broken)
            && ids.clone().all(|id| is_case(model, id))
    };
    let complete_pages: Vec<_> = model.pages.iter().filter(is_complete).map(|page| page.file).collect();
    for case in &model.cases {
        if complete_pages.contains(&case.id.location.file) && !seen.contains_key(case.id.as_str()) {
            let message = format!("`{}` is not listed in any section of its page", case.id.value);
            let problem = Problem::error("case-in-no-section", case.id.location, message);
            problems.add(problem.help("add it to the `cases` of a section"));
        }
    }
}

/// Checks that no case refines itself, directly or indirectly. A cycle is reported once, at its first case.
pub(super) fn check_refinement_cycles(model: &Model, problems: &Problems) {
    let next = |n: usize| model.index_of(model.cases[n].refines.as_ref()?);
    for (n, case) in model.cases.iter().enumerate() {
        let Some(parent) = &case.refines else { continue };
        let path = std::iter::successors(next(n), |&n| next(n)).take(model.cases.len());
        // The path returns to its start only in a cycle. It contains only later cases if it starts at the first one.
        let path: Vec<_> = path.take_while(|&other| other > n).collect();
        if path.last().map_or(next(n), |&last| next(last)) == Some(n) {
            let through = path.iter().map(|&other| format!("`{}`", model.cases[other].id.value)).collect::<Vec<_>>();
            let through =
                if through.is_empty() { String::new() } else { format!(" through {}", through.join(" and ")) };
            let message = format!("`{}` refines itself{through}", case.id.value);
            problems.add(Problem::error("cycle", parent.location, message));
        }
    }
}

/// Checks that fixes name causes of their own case.
pub(super) fn check_fix_causes(model: &Model, problems: &Problems) {
    let has_readable_causes = |case: &&Case| !(case.present.causes && case.causes.is_empty());
    for case in model.cases.iter().filter(has_readable_causes) {
        let causes = || case.causes.iter().filter_map(|cause| cause.id.as_ref());
        for id in case.fixes.iter().flat_map(|fix: &Step| &fix.causes) {
            check_reference(causes().any(|other| other.value == id.value), "cause", id, causes(), problems);
        }
    }
}

/// Checks that, if any fix of a case names causes, every fix does, and every cause has a fix.
pub(super) fn check_cause_coverage(model: &Model, problems: &Problems) {
    for case in &model.cases {
        let addressed: Vec<_> = case.fixes.iter().flat_map(|fix| &fix.causes).map(|id| id.as_str()).collect();
        if addressed.is_empty() {
            continue;
        }
        let is_unaddressed = |cause: &&Step| !cause.id.as_ref().is_some_and(|id| addressed.contains(&id.as_str()));
        for cause in case.causes.iter().filter(is_unaddressed) {
            let problem = Problem::warning("cause-without-fix", cause.text.location, "no fix addresses this cause");
            problems.add(problem.help(match &cause.id {
                Some(id) => format!("add `\"{}\"` to the `for` of a fix", id.value),
                None => "add an `id` to the cause, and add the id to the `for` of a fix".to_owned(),
            }));
        }
        for fix in case.fixes.iter().filter(|fix| fix.causes.is_empty()) {
            let problem = Problem::warning(
                "fix-for-no-cause",
                fix.text.location,
                "this fix has no `for`, unlike another fix of the case",
            );
            problems.add(problem.help("add the ids of the causes that it addresses: `for = [\"...\"]`"));
        }
    }
}

/// Checks that every policy and every checklist is used.
pub(super) fn check_unused(model: &Model, problems: &Problems) {
    let policies: HashSet<_> =
        model.cases.iter().filter_map(|case| case.retry.as_ref()).map(|id| id.as_str()).collect();
    for (id, _) in model.policies.iter().filter(|(id, _)| !policies.contains(id.as_str())) {
        problems.add(Problem::warning("unused", id.location, format!("unused retry policy `{}`", id.value)));
    }
    let sections = model.pages.iter().flat_map(|page| &page.sections);
    let checklists: HashSet<_> =
        sections.filter_map(|section| section.checklist.as_ref()).map(|id| id.as_str()).collect();
    for id in model.checklists.iter().map(|checklist| &checklist.id).filter(|id| !checklists.contains(id.as_str())) {
        problems.add(Problem::warning("unused", id.location, format!("unused checklist `{}`", id.value)));
    }
}

/// Returns whether a checklist can collect a value.
fn is_collectable(collect: &str) -> bool {
    Collect::KEYWORDS.iter().any(|(word, _)| *word == collect)
        || collect.starts_with("header:")
        || collect.starts_with("json:/")
}

/// Checks that every `check` is valid.
pub(super) fn check_predicates(model: &Model, problems: &Problems) {
    let steps = model.cases.iter().flat_map(|case| case.causes.iter().chain(&case.fixes));
    for check in steps.filter_map(|step| step.check.as_ref()).filter(|check| Check::decode(check).is_none()) {
        let message = format!("unknown check `{}`", check.value);
        let problem = Problem::error("unknown-reference", check.location, message);
        problems.add(problem.suggest(check, Predicate::ALL.map(Predicate::as_str)));
    }
}

/// Checks that checklists collect known values and use known links.
pub(super) fn check_checklists(model: &Model, problems: &Problems) {
    for checklist in &model.checklists {
        for word in checklist.items.iter().flat_map(|item| &item.collect).filter(|word| !is_collectable(word)) {
            let problem = Problem::error("unknown-value", word.location, format!("unknown fact `{}`", word.value));
            problems.add(problem.suggest(
                word,
                Collect::KEYWORDS.into_iter().map(|(word, _)| word).chain(["header:NAME", "json:/POINTER"]),
            ));
        }
        for (_, link_name) in &checklist.links {
            let known = || model.links.iter().map(|(name, _)| name);
            let found = model.broken.links || model.broken.file || known().any(|name| name.value == link_name.value);
            if !found {
                let message = format!("unknown link `{}`", link_name.value);
                let problem = Problem::error("unknown-link", link_name.location, message);
                problems.add(problem.suggest(link_name, known().map(|name| name.as_str())));
            }
        }
    }
}
