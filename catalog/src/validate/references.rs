//! References: every id that is named somewhere exists, and cases stand on their page once.

use std::collections::{BTreeMap, HashSet};

use waves_errors_core::{Check, Collect, Predicate};

use crate::keys::At;
use crate::model::{Case, Model, Page, Step};
use crate::problem::{Problem, Problems};

/// Tells that `id` names nothing, unless it does.
fn resolve<'m>(
    found: bool,
    what: &str,
    id: &At<String>,
    known: impl Iterator<Item = &'m At<String>>,
    problems: &Problems,
) {
    if !found {
        let problem = Problem::error("unknown-reference", id.at, format!("unknown {what} `{}`", id.value));
        problems.add(problem.meant(id, known.map(|name| name.as_str())));
    }
}

fn resolve_case(model: &Model, id: &At<String>, problems: &Problems) {
    let known = || model.cases.iter().map(|case| &case.id).chain(&model.broken.cases);
    resolve(is_case(model, id), "case", id, known(), problems);
}

fn is_case(model: &Model, id: &At<String>) -> bool {
    model.broken.file || model.index_of(id).is_some() || is_broken(&model.broken.cases, id)
}

/// Whether there is such a thing, which could not be read.
fn is_broken(broken: &[At<String>], id: &At<String>) -> bool {
    broken.iter().any(|have| have.value == id.value)
}

/// What cases name: policies, wider cases, and what to use instead.
pub(super) fn cases(model: &Model, problems: &Problems) {
    for case in &model.cases {
        if let Some(id) = &case.retry {
            let broken = &model.broken;
            let found = broken.file || model.policy_index(id).is_some() || is_broken(&broken.policies, id);
            let known = model.policies.iter().map(|(id, _)| id).chain(&broken.policies);
            resolve(found, "retry policy", id, known, problems);
        }
        let instead = case.deprecated.as_ref().and_then(|deprecated| deprecated.instead.as_ref());
        for id in case.refines.iter().chain(instead) {
            resolve_case(model, id, problems);
        }
        if let Some(id) = instead.filter(|id| id.value == case.id.value) {
            problems.add(Problem::error("circle", id.at, format!("`{}` is to be replaced by itself", case.id.value)));
        }
    }
}

/// What sections name; each case stands in one section, and in one at least where its page has sections.
pub(super) fn sections(model: &Model, problems: &Problems) {
    let mut seen: BTreeMap<&str, &At<String>> = BTreeMap::new();
    for section in model.pages.iter().flat_map(|page| &page.sections) {
        if let Some(id) = &section.checklist {
            let broken = &model.broken;
            let found = broken.file || model.checklist(id).is_some() || is_broken(&broken.checklists, id);
            let known = model.checklists.iter().map(|checklist| &checklist.id).chain(&broken.checklists);
            resolve(found, "checklist", id, known, problems);
        }
        for id in &section.cases {
            resolve_case(model, id, problems);
            if let Some(first) = seen.insert(id, id).filter(|_| is_case(model, id)) {
                let problem = Problem::error("case-twice", id.at, format!("`{}` stands in two sections", id.value));
                problems.add(problem.also(first.at, "the first is here"));
            }
        }
    }
    // Where a section could not be read, or names a case that does not exist, the case that is missed may be meant.
    let readable = |page: &&Page| {
        let ids = page.sections.iter().flat_map(|section| &section.cases);
        !page.sections.is_empty()
            && !page.sections.iter().any(|section| section.broken)
            && ids.clone().all(|id| is_case(model, id))
    };
    let with_sections: Vec<_> = model.pages.iter().filter(readable).map(|page| page.file).collect();
    for case in &model.cases {
        if with_sections.contains(&case.id.at.file) && !seen.contains_key(case.id.as_str()) {
            let message = format!("`{}` is not listed in any section of its page", case.id.value);
            let problem = Problem::error("case-in-no-section", case.id.at, message);
            problems.add(problem.help("list it in the `cases` of a section"));
        }
    }
}

/// No case refines itself, at any distance. A circle is told where its first case names the next.
pub(super) fn refines(model: &Model, problems: &Problems) {
    let next = |n: usize| model.index_of(model.cases[n].refines.as_ref()?);
    for (n, case) in model.cases.iter().enumerate() {
        let Some(named) = &case.refines else { continue };
        let way = std::iter::successors(next(n), |&n| next(n)).take(model.cases.len());
        // Only a circle comes back to where it began, and only from its first case are all others later.
        let way: Vec<_> = way.take_while(|&other| other > n).collect();
        if way.last().map_or(next(n), |&last| next(last)) == Some(n) {
            problems.add(Problem::error("circle", named.at, format!("`{}` refines itself", case.id.value)));
        }
    }
}

/// Fixes name causes of their own case.
pub(super) fn steps(model: &Model, problems: &Problems) {
    let told = |case: &&Case| !(case.says.caused && case.causes.is_empty());
    for case in model.cases.iter().filter(told) {
        let causes = || case.causes.iter().filter_map(|cause| cause.id.as_ref());
        for id in case.fixes.iter().flat_map(|fix: &Step| &fix.causes) {
            resolve(causes().any(|have| have.value == id.value), "cause", id, causes(), problems);
        }
    }
}

/// Where fixes say what they are for, each does, and every cause has one.
pub(super) fn coverage(model: &Model, problems: &Problems) {
    for case in &model.cases {
        let named: Vec<_> = case.fixes.iter().flat_map(|fix| &fix.causes).map(|id| id.as_str()).collect();
        if named.is_empty() {
            continue;
        }
        let missing = |cause: &&Step| !cause.id.as_ref().is_some_and(|id| named.contains(&id.as_str()));
        for cause in case.causes.iter().filter(missing) {
            let problem = Problem::warning("cause-without-fix", cause.text.at, "no fix addresses this cause");
            problems.add(problem.help("give it an id, and name that in the `for` of a fix"));
        }
        for fix in case.fixes.iter().filter(|fix| fix.causes.is_empty()) {
            let problem =
                Problem::warning("fix-for-no-cause", fix.text.at, "this fix does not say which cause it is for");
            problems.add(problem.help("name causes in its `for`, as the other fixes do"));
        }
    }
}

/// Every policy and every checklist is used.
pub(super) fn unused(model: &Model, problems: &Problems) {
    let policies: HashSet<_> =
        model.cases.iter().filter_map(|case| case.retry.as_ref()).map(|id| id.as_str()).collect();
    for (id, _) in model.policies.iter().filter(|(id, _)| !policies.contains(id.as_str())) {
        problems.add(Problem::warning("unused", id.at, format!("no case is retried by the policy `{}`", id.value)));
    }
    let sections = model.pages.iter().flat_map(|page| &page.sections);
    let checklists: HashSet<_> =
        sections.filter_map(|section| section.checklist.as_ref()).map(|id| id.as_str()).collect();
    for id in model.checklists.iter().map(|checklist| &checklist.id).filter(|id| !checklists.contains(id.as_str())) {
        problems.add(Problem::warning("unused", id.at, format!("no section shows the checklist `{}`", id.value)));
    }
}

/// Whether a checklist can collect that.
fn collectable(collect: &str) -> bool {
    Collect::KEYWORDS.iter().any(|(word, _)| *word == collect)
        || collect.starts_with("header:")
        || collect.starts_with("json:/")
}

/// Checks name predicates that there are.
pub(super) fn checks(model: &Model, problems: &Problems) {
    let steps = model.cases.iter().flat_map(|case| case.causes.iter().chain(&case.fixes));
    for check in steps.filter_map(|step| step.check.as_ref()).filter(|check| Check::decode(check).is_none()) {
        let message = format!("unknown check `{}`", check.value);
        let problem = Problem::error("unknown-reference", check.at, message);
        problems.add(problem.meant(check, Predicate::ALL.map(Predicate::as_str)));
    }
}

/// Checklists collect what there is, and link to what is known.
pub(super) fn checklists(model: &Model, problems: &Problems) {
    for checklist in &model.checklists {
        for word in checklist.items.iter().flat_map(|item| &item.collect).filter(|word| !collectable(word)) {
            let problem = Problem::error("unknown-word", word.at, format!("nothing collects `{}`", word.value));
            problems.add(problem.meant(
                word,
                Collect::KEYWORDS.into_iter().map(|(word, _)| word).chain(["header:NAME", "json:/POINTER"]),
            ));
        }
        for (_, to) in &checklist.links {
            let known = || model.links.iter().map(|(name, _)| name);
            let found = model.broken.links || model.broken.file || known().any(|name| name.value == to.value);
            resolve(found, "link", to, known(), problems);
        }
    }
}

/// Addresses are absolute, and `site:` has something to stand on.
pub(super) fn addresses(model: &Model, problems: &Problems) {
    let absolute = |address: &str| {
        let rest = address.strip_prefix("https://").or_else(|| address.strip_prefix("http://"));
        rest.is_some_and(|rest| {
            !rest.is_empty() && !rest.contains(|c: char| c.is_whitespace() || c.is_control() || "()<>\"\\".contains(c))
        })
    };
    let on_site =
        |address: &str| address.strip_prefix("site:").is_some_and(|rest| absolute(&format!("https://{rest}")));
    let docs = model.pages.iter().filter_map(|page| page.docs.as_ref());
    for address in model.site.iter().chain(docs).filter(|address| !absolute(address)) {
        problems.add(bad_address(address));
    }
    for (_, address) in model.links.iter().filter(|(_, address)| !address.is_empty()) {
        if on_site(address) && model.site.is_none() && model.broken.site {
            continue;
        }
        if on_site(address) && model.site.is_none() {
            let problem = Problem::error("no-site", address.at, "`site:` needs the `site` of `[catalog]`");
            problems.add(problem.help("add `site = \"https://...\"` to `[catalog]`"));
        } else if !on_site(address) && !absolute(address) {
            problems.add(bad_address(address));
        }
    }
    for docs in model.pages.iter().filter_map(|page| page.docs.as_ref()).filter(|docs| docs.contains('#')) {
        problems.add(Problem::error("bad-address", docs.at, "the address of a page has no `#`: its cases have"));
    }
    if let Some(site) = model.site.as_ref().filter(|site| absolute(site) && !site.ends_with('/')) {
        problems.add(Problem::error("bad-address", site.at, "`site` must end with `/`"));
    }
}

fn bad_address(address: &At<String>) -> Problem {
    let message = format!("not an absolute URL: `{}`", address.value);
    Problem::error("bad-address", address.at, message).help("write `https://...`, without spaces, quotes and brackets")
}
