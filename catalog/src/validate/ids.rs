//! Ids: their form, their uniqueness, and the Rust names that they become.

use std::collections::BTreeMap;

use crate::keys::At;
use crate::model::{Case, Model};
use crate::problem::{Place, Problem, Problems};

/// `[a-z][a-z0-9-]*`, without a dash at the end or two in a row.
pub(crate) fn well_formed(id: &str) -> bool {
    id.starts_with(|c: char| c.is_ascii_lowercase())
        && id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        && !id.ends_with('-')
        && !id.contains("--")
}

/// Every id has the form of ids.
pub(super) fn form(model: &Model, problems: &Problems) {
    let steps =
        model.cases.iter().flat_map(|case| case.causes.iter().chain(&case.fixes)).filter_map(|step| step.id.as_ref());
    let ids = (model.cases.iter().map(|case| &case.id))
        .chain(Some(&model.id).filter(|id| !id.is_empty()))
        .chain(model.policies.iter().map(|(id, _)| id))
        .chain(model.links.iter().map(|(name, _)| name))
        .chain(model.checklists.iter().map(|checklist| &checklist.id))
        .chain(steps);
    for id in ids.filter(|id| !well_formed(id)) {
        let help = "ids are lower-case words with dashes: letters, digits and `-`, a letter first";
        problems.add(Problem::error("bad-id", id.at, format!("invalid id `{}`", id.value)).help(help));
    }
}

/// There are cases, and no more than an enum of two bytes can tell apart.
pub(super) fn count(model: &Model, problems: &Problems) {
    const MOST: usize = 65_535;
    if model.cases.is_empty() {
        let problem = Problem::error("no-cases", Place::default(), "the catalog has no case");
        problems.add(problem.help("add a `[case.ID]` with a `status` and a `summary`"));
    }
    if let Some(case) = model.cases.get(MOST) {
        problems.add(Problem::error("too-many-cases", case.id.at, format!("a catalog has at most {MOST} cases")));
    }
}

/// Ids and codes that were removed do not come back.
pub(super) fn reserved(model: &Model, problems: &Problems) {
    let ids = model.cases.iter().map(|case| ("id", &case.id, &model.reserved_ids));
    let codes = model.cases.iter().filter_map(|case| Some(("code", case.code.as_ref()?, &model.reserved_codes)));
    for (what, name, reserved) in ids.chain(codes) {
        if let Some(listed) = reserved.iter().find(|have| have.value == name.value) {
            let message = format!("the {what} `{}` is reserved: it had another meaning once", name.value);
            problems.add(Problem::error("reserved", name.at, message).also(listed.at, "reserved here"));
        }
    }
}

/// Ids are unique across files. Within one file TOML itself sees to that.
pub(super) fn unique(model: &Model, problems: &Problems) {
    twice("case", model.cases.iter().map(|case| &case.id), problems);
    twice("retry policy", model.policies.iter().map(|(id, _)| id), problems);
    twice("link", model.links.iter().map(|(name, _)| name), problems);
    twice("checklist", model.checklists.iter().map(|checklist| &checklist.id), problems);
    for case in &model.cases {
        twice("cause", case.causes.iter().filter_map(|cause| cause.id.as_ref()), problems);
        twice("fix", case.fixes.iter().filter_map(|fix| fix.id.as_ref()), problems);
    }
}

fn twice<'m>(what: &str, ids: impl Iterator<Item = &'m At<String>>, problems: &Problems) {
    let mut seen = BTreeMap::new();
    for id in ids {
        if let Some(first) = seen.insert(id.value.as_str(), id) {
            let problem = Problem::error("duplicate-id", id.at, format!("duplicate {what} `{}`", id.value));
            problems.add(problem.also(first.at, "the first is here"));
        }
    }
}

/// The Rust name of a case.
pub fn variant(case: &Case) -> String {
    case.name.clone()
}

/// Whether a name can be a variant's.
pub(crate) fn is_variant(name: &str) -> bool {
    // `ALL` is the enum's own list of its variants.
    !matches!(name, "Self" | "ALL")
        && name.starts_with(|c: char| c.is_ascii_uppercase())
        && name.bytes().all(|b| b.is_ascii_alphanumeric())
}

/// Every case has a Rust name of its own.
pub(super) fn variants(model: &Model, problems: &Problems) {
    let mut seen: BTreeMap<&str, &Case> = BTreeMap::new();
    for case in &model.cases {
        let name = case.name.as_str();
        let at = case.variant.as_ref().map_or(case.id.at, |variant| variant.at);
        if !is_variant(name) {
            // An id that is none has been told.
            if well_formed(&case.id) || case.variant.is_some() {
                let message = format!("`{name}` cannot be the name of a Rust variant");
                let help = "give the case another name with `variant = \"...\"`: upper camel case, no keyword";
                problems.add(Problem::error("bad-variant", at, message).help(help));
            }
            continue;
        }
        let first = *seen.entry(name).or_insert(case);
        if first.id.value != case.id.value {
            let message =
                format!("two cases with the Rust name `{name}`: `{}` and `{}`", first.id.value, case.id.value);
            let problem = Problem::error("same-variant", at, message).also(first.id.at, "the first is here");
            problems.add(problem.help("give one of them another name with `variant = \"...\"`"));
        }
    }
}
