//! Lints for texts: each is a line of portable inline Markdown, with valid placeholders.

use std::collections::HashMap;

use crate::location::{Located, Location};
use crate::model::{Model, Step};
use crate::placeholders::{PlaceholderKind, placeholders};
use crate::problem::{Problem, Problems};
use crate::text::find_hidden_char;

use super::markdown::{TextProblem, direct_links, text_problems};
use super::placeholders::{Markdown, check_links, check_retry_values, check_unused_links};

/// Returns all Markdown texts.
fn markdown_texts(model: &Model) -> Vec<Markdown<'_>> {
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
    all.map(|(text, case)| Markdown { text, case, placeholders: placeholders(text) }).collect()
}

/// Returns the texts that are printed literally.
fn plain_texts(model: &Model) -> impl Iterator<Item = &Located<String>> {
    let cases = model.cases.iter().flat_map(|case| case.code.iter().chain(&case.display).chain(&case.aliases));
    let pages =
        model.pages.iter().flat_map(|page| page.sidebar_title.iter().chain(&page.description).chain(&page.notice));
    cases.chain(pages)
}

/// Checks that every plain text is a single line without invisible characters.
pub(super) fn check_plain_texts(model: &Model, problems: &Problems) {
    for text in plain_texts(model) {
        check_line(text, problems);
    }
}

/// Checks a line, and returns whether it is valid.
fn check_line(text: &Located<String>, problems: &Problems) -> bool {
    if let Some((offset, c)) = find_hidden_char(text) {
        let (message, help) = match c {
            '\n' | '\r' => ("line break in a text".to_owned(), "write the text in one line"),
            _ => (format!("invisible character U+{:04X} in a text", u32::from(c)), "remove it"),
        };
        let problem = Problem::error("hidden-character", text.part(offset..offset + c.len_utf8()), message);
        problems.add(problem.help(help));
        return false;
    }
    let trimmed = text.trim() == text.value;
    if !trimmed {
        problems.add(Problem::error("edge-space", text.location, "the text starts or ends with a space"));
    }
    trimmed
}

/// Checks that every Markdown text is a valid line, is portable, and has valid placeholders.
pub(super) fn check_markdown(model: &Model, problems: &Problems) {
    let texts = markdown_texts(model);
    for Markdown { text, .. } in texts.iter().filter(|markdown| check_line(markdown.text, problems)) {
        for TextProblem { lint, range, message, help } in text_problems(text) {
            problems.add(Problem::error(lint, text.part(range), message).help(help));
        }
    }
    check_repeated_urls(model, &texts, problems);
    check_links(model, &texts, problems);
    check_retry_values(model, &texts, problems);
    check_unused_links(model, &texts, problems);
}

/// Checks that no URL is written twice: a name in `[links]` has one URL to update.
fn check_repeated_urls(model: &Model, texts: &[Markdown<'_>], problems: &Problems) {
    let named = model.links.iter().map(|(_, address)| (address.as_str(), address.location));
    let mut seen: HashMap<&str, Location> = named.collect();
    for Markdown { text, .. } in texts {
        for (range, url) in direct_links(text) {
            let location = text.part(range);
            if let Some(first) = seen.get(url) {
                let problem = Problem::warning("repeated-url", location, format!("`{url}` is written twice"));
                let problem = problem.related(*first, "first written here");
                problems.add(problem.help("add it to `[links]` and write `[words](link:NAME)`"));
            }
            seen.entry(url).or_insert(location);
        }
    }
}

/// Checks that titles and the words of a checklist's links, which become links, contain no link.
pub(super) fn check_titles(model: &Model, problems: &Problems) {
    let sections = model.pages.iter().flat_map(|page| page.sections.iter().map(|section| &section.title));
    let pages = model.pages.iter().map(|page| &page.title);
    let linked = model.checklists.iter().flat_map(|checklist| checklist.links.iter().map(|(words, _)| words));
    let cases = model.cases.iter().filter_map(|case| case.title.as_ref());
    for title in cases.chain(pages).chain(sections).chain(linked) {
        let named = placeholders(title).into_iter().filter(|found| matches!(found.kind, PlaceholderKind::Link(_)));
        let direct = direct_links(title).into_iter().map(|(range, _)| range);
        if let Some(range) = named.map(|link| link.range).chain(direct).next() {
            problems.add(Problem::error("link-in-title", title.part(range), "a title cannot contain a link"));
        }
    }
}
