//! Lints for ids: their form, their uniqueness, and their Rust names.

use std::collections::BTreeMap;

use crate::location::{Located, Location};
use crate::model::{Case, Model};
use crate::names::{is_id, is_variant_name};
use crate::problem::{Problem, Problems};

/// Checks that every id is well-formed.
pub(super) fn check_form(model: &Model, problems: &Problems) {
    let steps =
        model.cases.iter().flat_map(|case| case.causes.iter().chain(&case.fixes)).filter_map(|step| step.id.as_ref());
    let ids = (model.cases.iter().map(|case| &case.id))
        .chain(Some(&model.id).filter(|id| !id.is_empty()))
        .chain(model.policies.iter().map(|(id, _)| id))
        .chain(model.links.iter().map(|(name, _)| name))
        .chain(model.checklists.iter().map(|checklist| &checklist.id))
        .chain(steps);
    for id in ids.filter(|id| !is_id(id)) {
        let help = "use lowercase letters, digits and single dashes, starting with a letter";
        problems.add(Problem::error("bad-id", id.location, format!("invalid id `{}`", id.value)).help(help));
    }
}

/// Checks that there are cases, and no more than a `u16` can index.
pub(super) fn check_case_count(model: &Model, problems: &Problems) {
    const MAX_CASES: usize = 65_535;
    if model.cases.is_empty() {
        let problem = Problem::error("no-cases", Location::default(), "no cases in the catalog");
        problems.add(problem.help("add a `[case.ID]` with a `status` and a `summary`"));
    }
    if let Some(case) = model.cases.get(MAX_CASES) {
        problems.add(Problem::error("too-many-cases", case.id.location, format!("more than {MAX_CASES} cases")));
    }
}

/// Checks that reserved ids and codes are not used again.
pub(super) fn check_reserved(model: &Model, problems: &Problems) {
    let ids = model.cases.iter().map(|case| ("id", &case.id, &model.reserved_ids));
    let codes = model.cases.iter().filter_map(|case| Some(("code", case.code.as_ref()?, &model.reserved_codes)));
    for (kind, name, reserved) in ids.chain(codes) {
        if let Some(reserved_name) = reserved.iter().find(|reserved| reserved.value == name.value) {
            let message = format!("the {kind} `{}` is reserved", name.value);
            problems.add(
                Problem::error("reserved", name.location, message).related(reserved_name.location, "reserved here"),
            );
        }
    }
}

/// Checks that ids are unique across files. Within a file, TOML rejects duplicates.
pub(super) fn check_unique(model: &Model, problems: &Problems) {
    check_duplicates("case", model.cases.iter().map(|case| &case.id), problems);
    check_duplicates("retry policy", model.policies.iter().map(|(id, _)| id), problems);
    check_duplicates("link", model.links.iter().map(|(name, _)| name), problems);
    check_duplicates("checklist", model.checklists.iter().map(|checklist| &checklist.id), problems);
    for case in &model.cases {
        check_duplicates("cause id", case.causes.iter().filter_map(|cause| cause.id.as_ref()), problems);
        check_duplicates("fix id", case.fixes.iter().filter_map(|fix| fix.id.as_ref()), problems);
    }
}

fn check_duplicates<'m>(kind: &str, ids: impl Iterator<Item = &'m Located<String>>, problems: &Problems) {
    let mut seen = BTreeMap::new();
    for id in ids {
        if let Some(first) = seen.insert(id.value.as_str(), id) {
            let problem = Problem::error("duplicate-id", id.location, format!("duplicate {kind} `{}`", id.value));
            problems.add(problem.related(first.location, "first used here"));
        }
    }
}

/// Checks that every case has a valid and unique Rust name.
pub(super) fn check_variants(model: &Model, problems: &Problems) {
    let mut seen: BTreeMap<&str, &Case> = BTreeMap::new();
    for case in &model.cases {
        let name = case.name.as_str();
        let location = case.variant.as_ref().map_or(case.id.location, |variant| variant.location);
        if !is_variant_name(name) {
            // An invalid id has been reported.
            if is_id(&case.id) || case.variant.is_some() {
                let message = format!("invalid variant name `{name}`");
                let help = "set `variant = \"...\"` to a name in upper camel case that is not a keyword";
                problems.add(Problem::error("bad-variant", location, message).help(help));
            }
            continue;
        }
        let first = *seen.entry(name).or_insert(case);
        if first.id.value != case.id.value {
            let message = format!("duplicate variant name `{name}` for `{}` and `{}`", first.id.value, case.id.value);
            let problem =
                Problem::error("same-variant", location, message).related(first.id.location, "first used here");
            problems.add(problem.help("set `variant = \"...\"` in one of them"));
        }
    }
}
