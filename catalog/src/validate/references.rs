//! References: every id that is named somewhere exists, and cases stand on their page once.

use std::collections::BTreeMap;

use crate::keys::At;
use crate::model::{Model, Step};
use crate::problem::{Problem, Problems};

/// What a checklist can collect, besides `header:NAME` and `json:POINTER`.
const COLLECT: [&str; 8] =
    ["request-id", "method", "url", "request-body", "status", "response-body", "workspace", "time"];

fn resolve<'m>(what: &str, id: &At<String>, known: impl Iterator<Item = &'m str> + Clone, problems: &Problems) {
    if !known.clone().any(|have| have == id.value) {
        let problem = Problem::error("unknown-reference", id.at, format!("there is no {what} `{}`", id.value));
        problems.add(problem.meant(id, known));
    }
}

fn ids(model: &Model) -> impl Iterator<Item = &str> + Clone {
    model.cases.iter().map(|case| case.id.as_str())
}

/// What cases name: policies, wider cases, and what to use instead.
pub(super) fn cases(model: &Model, problems: &Problems) {
    for case in &model.cases {
        if let Some(id) = &case.retry {
            let known = model.policies.iter().map(|(id, _)| id).chain(&model.broken_policies);
            resolve("retry policy", id, known.map(|id| id.as_str()), problems);
        }
        if let Some(id) = &case.refines {
            resolve("case", id, ids(model), problems);
        }
        if let Some(id) = case.deprecated.as_ref().and_then(|deprecated| deprecated.instead.as_ref()) {
            resolve("case", id, ids(model), problems);
        }
    }
}

/// What sections name; each case stands in one section, and in one at least where its page has sections.
pub(super) fn sections(model: &Model, problems: &Problems) {
    let mut seen: BTreeMap<&str, &At<String>> = BTreeMap::new();
    for section in model.pages.iter().flat_map(|page| &page.sections) {
        if let Some(id) = &section.checklist {
            resolve("checklist", id, model.checklists.iter().map(|checklist| checklist.id.as_str()), problems);
        }
        for id in &section.cases {
            resolve("case", id, ids(model), problems);
            if let Some(first) = seen.insert(id, id) {
                let problem = Problem::error("case-twice", id.at, format!("`{}` stands in two sections", id.value));
                problems.add(problem.also(first.at, "the first is here"));
            }
        }
    }
    for case in &model.cases {
        let page = model.pages.iter().find(|page| page.file == case.id.at.file && !page.sections.is_empty());
        if page.is_some() && !seen.contains_key(case.id.as_str()) {
            let message = format!("`{}` stands in no section of its page", case.id.value);
            problems.add(
                Problem::error("case-in-no-section", case.id.at, message).help("list it in the `cases` of a section"),
            );
        }
    }
}

/// No case refines itself, at any distance.
pub(super) fn refines(model: &Model, problems: &Problems) {
    for case in &model.cases {
        let Some(named) = &case.refines else { continue };
        let mut wider = model.case(named);
        for _ in 0..model.cases.len() {
            let Some(next) = wider else { break };
            if next.id.value == case.id.value {
                problems.add(Problem::error("circle", named.at, format!("`{}` refines itself", case.id.value)));
                break;
            }
            wider = next.refines.as_ref().and_then(|id| model.case(id));
        }
    }
}

/// Fixes name causes of their own case.
pub(super) fn steps(model: &Model, problems: &Problems) {
    for case in &model.cases {
        let causes = case.causes.iter().filter_map(|cause| cause.id.as_ref()).map(|id| id.as_str());
        for id in case.fixes.iter().flat_map(|fix: &Step| &fix.causes) {
            resolve("cause", id, causes.clone(), problems);
        }
    }
}

fn collectable(collect: &str) -> bool {
    COLLECT.contains(&collect) || collect.starts_with("header:") || collect.starts_with("json:/")
}

/// Checklists collect what there is, and link to what is known.
pub(super) fn checklists(model: &Model, problems: &Problems) {
    for checklist in &model.checklists {
        for word in checklist.items.iter().flat_map(|item| &item.collect).filter(|word| !collectable(word)) {
            let problem = Problem::error("unknown-word", word.at, format!("nothing collects `{}`", word.value));
            problems.add(problem.meant(word, COLLECT.into_iter().chain(["header:NAME", "json:/POINTER"])));
        }
        for (_, to) in &checklist.links {
            resolve("link", to, model.links.iter().map(|(name, _)| name.as_str()), problems);
        }
    }
}

/// Addresses are absolute, and `site:` has something to stand on.
pub(super) fn addresses(model: &Model, problems: &Problems) {
    let absolute = |address: &str| {
        let rest = address.strip_prefix("https://").or_else(|| address.strip_prefix("http://"));
        rest.is_some_and(|rest| {
            !rest.is_empty() && !rest.contains(|c: char| c.is_whitespace() || c.is_control() || "()<>\"".contains(c))
        })
    };
    let on_site =
        |address: &str| address.strip_prefix("site:").is_some_and(|rest| absolute(&format!("https://{rest}")));
    let docs = model.pages.iter().filter_map(|page| page.docs.as_ref());
    for address in model.site.iter().chain(docs).filter(|address| !absolute(address)) {
        problems.add(bad_address(address));
    }
    for (_, address) in model.links.iter().filter(|(_, address)| !address.is_empty()) {
        if on_site(address) && model.site.is_none() {
            let problem = Problem::error("no-site", address.at, "`site:` needs the `site` of `[catalog]`");
            problems.add(problem.help("add `site = \"https://...\"` to `[catalog]`"));
        } else if !on_site(address) && !absolute(address) {
            problems.add(bad_address(address));
        }
    }
    if let Some(site) = model.site.as_ref().filter(|site| absolute(site) && !site.ends_with('/')) {
        problems.add(Problem::error("bad-address", site.at, "`site` must end with `/`"));
    }
}

fn bad_address(address: &At<String>) -> Problem {
    let message = format!("`{}` is no absolute address", address.value);
    Problem::error("bad-address", address.at, message).help("write `https://...`, without spaces, quotes and brackets")
}
