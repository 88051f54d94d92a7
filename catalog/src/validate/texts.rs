//! Texts: one line of inline Markdown each, that reads the same on every page, and names only what exists.

use crate::keys::At;
use crate::model::{Case, Model, Step};
use crate::problem::{Problem, Problems};
use crate::text::{Fault, Kind, Reference, faults, hidden, references};

/// The keys of a policy that a text can print.
const PRINTABLE: [&str; 3] = ["initial", "max", "times"];

/// A text in Markdown.
struct Markdown<'m> {
    text: &'m At<String>,
    /// The case that it belongs to.
    case: Option<&'m Case>,
    references: Vec<Reference<'m>>,
}

/// All texts in Markdown.
fn markdown(model: &Model) -> Vec<Markdown<'_>> {
    let cases = model.cases.iter().flat_map(|case| {
        let steps = case.causes.iter().chain(&case.fixes).map(|step: &Step| &step.text);
        [&case.summary].into_iter().chain(&case.title).chain(steps).map(move |text| (text, Some(case)))
    });
    let pages = model.pages.iter().flat_map(|page| {
        [&page.title].into_iter().chain(&page.intro).chain(page.sections.iter().map(|section| &section.title))
    });
    let checklists = model.checklists.iter().flat_map(|checklist| {
        let words = checklist.links.iter().map(|(words, _)| words);
        checklist.intro.iter().chain(&checklist.outro).chain(checklist.items.iter().map(|item| &item.text)).chain(words)
    });
    let all = cases.chain(pages.chain(checklists).map(|text| (text, None)));
    all.map(|(text, case)| Markdown { text, case, references: references(text) }).collect()
}

/// Texts that are printed as they stand.
fn plain(model: &Model) -> impl Iterator<Item = &At<String>> {
    let cases = model.cases.iter().flat_map(|case| case.code.iter().chain(&case.display).chain(&case.aliases));
    let pages =
        model.pages.iter().flat_map(|page| page.sidebar_title.iter().chain(&page.description).chain(&page.notice));
    cases.chain(pages)
}

/// Every text is one line, without characters that cannot be seen.
pub(super) fn lines(model: &Model, problems: &Problems) {
    for text in plain(model) {
        is_line(text, problems);
    }
}

/// Whether a text is one line; what keeps it from that is told.
fn is_line(text: &At<String>, problems: &Problems) -> bool {
    if let Some((at, c)) = hidden(text) {
        let message = match c {
            '\n' | '\r' => "a text is one line".to_owned(),
            _ => format!("invisible character U+{:04X} in the text", u32::from(c)),
        };
        problems.add(Problem::error("hidden-character", text.part(at..at + c.len_utf8()), message));
        return false;
    }
    let trimmed = text.trim() == text.value;
    if !trimmed {
        problems.add(Problem::error("edge-space", text.at, "the text begins or ends with a space"));
    }
    trimmed
}

/// Every text in Markdown is one such line, reads the same everywhere, and names only what exists.
pub(super) fn inline(model: &Model, problems: &Problems) {
    let texts = markdown(model);
    for Markdown { text, .. } in texts.iter().filter(|one| is_line(one.text, problems)) {
        for Fault { rule, range, message, help } in faults(text) {
            problems.add(Problem::error(rule, text.part(range), message).help(help));
        }
    }
    links(model, &texts, problems);
    placeholders(model, &texts, problems);
    unused_links(model, &texts, problems);
}

/// Titles, and the words of a checklist's links, are linked as a whole, so they hold no link.
pub(super) fn titles(model: &Model, problems: &Problems) {
    let sections = model.pages.iter().flat_map(|page| page.sections.iter().map(|section| &section.title));
    let pages = model.pages.iter().map(|page| &page.title);
    let linked = model.checklists.iter().flat_map(|checklist| checklist.links.iter().map(|(words, _)| words));
    let cases = model.cases.iter().filter_map(|case| case.title.as_ref());
    for title in cases.chain(pages).chain(sections).chain(linked) {
        if let Some(link) = references(title).into_iter().find(|reference| matches!(reference.kind, Kind::Link(_))) {
            problems.add(Problem::error("link-in-title", title.part(link.range), "a title cannot hold a link"));
        }
    }
}

/// Every `link:NAME` is a name of `[links]`.
fn links(model: &Model, texts: &[Markdown<'_>], problems: &Problems) {
    if model.broken.links || model.broken.file {
        return;
    }
    let known = || model.links.iter().map(|(name, _)| name.as_str());
    for Markdown { text, references, .. } in texts {
        for reference in references {
            let Kind::Link(name) = reference.kind else { continue };
            if !known().any(|have| have == name) {
                let message = format!("unknown link `{name}`: it is not in `[links]`");
                let problem = Problem::error("unknown-link", text.part(reference.range.clone()), message);
                problems.add(problem.meant(name, known()));
            }
        }
    }
}

/// Every `{retry.KEY}` is a value of the case's policy.
fn placeholders(model: &Model, texts: &[Markdown<'_>], problems: &Problems) {
    for Markdown { text, case, references } in texts {
        for reference in references {
            let Kind::Retry(key) = reference.kind else { continue };
            let problem =
                |message: String| Problem::error("unknown-placeholder", text.part(reference.range.clone()), message);
            if !PRINTABLE.contains(&key) {
                problems.add(problem(format!("a policy has no `{{retry.{key}}}` to print")).meant(key, PRINTABLE));
                continue;
            }
            match case {
                None => problems.add(problem(format!("`{{retry.{key}}}` outside of a case"))),
                Some(case) if model.policy_of(case).is_none() && !model.policy_in_doubt(case) => {
                    let message = format!("`{{retry.{key}}}` in a case without a retry policy");
                    problems.add(problem(message).help("add `retry = \"...\"` to the case"));
                }
                Some(_) => {}
            }
        }
    }
}

/// Every link is used.
fn unused_links(model: &Model, texts: &[Markdown<'_>], problems: &Problems) {
    let mut used: Vec<&str> = model.checklists.iter().flat_map(|list| &list.links).map(|(_, to)| to.as_str()).collect();
    used.extend(texts.iter().flat_map(|text| &text.references).filter_map(|reference| match reference.kind {
        Kind::Link(name) => Some(name),
        Kind::Retry(_) => None,
    }));
    used.sort_unstable();
    for (name, _) in &model.links {
        if used.binary_search(&name.as_str()).is_err() {
            problems.add(Problem::warning("unused", name.at, format!("no text uses the link `{}`", name.value)));
        }
    }
}
