//! Lints for placeholders: links are defined and used, and a text prints values of its case's retry policy only.

use crate::location::Located;
use crate::model::{Case, Model};
use crate::placeholders::{Placeholder, PlaceholderKind, RETRY_KEYS};
use crate::problem::{Problem, Problems};

/// A Markdown text.
pub(super) struct Markdown<'m> {
    pub(super) text: &'m Located<String>,
    /// The case that contains it.
    pub(super) case: Option<&'m Case>,
    pub(super) placeholders: Vec<Placeholder<'m>>,
}

/// Checks that every `link:NAME` is defined in `[links]`.
pub(super) fn check_links(model: &Model, texts: &[Markdown<'_>], problems: &Problems) {
    if model.broken.links || model.broken.file {
        return;
    }
    let known = || model.links.iter().map(|(name, _)| name.as_str());
    for Markdown { text, placeholders, .. } in texts {
        for placeholder in placeholders {
            let PlaceholderKind::Link(name) = placeholder.kind else { continue };
            if !known().any(|known_name| known_name == name) {
                let message = format!("unknown link `{name}`");
                let problem = Problem::error("unknown-link", text.part(placeholder.range.clone()), message);
                problems.add(problem.suggest(name, known()));
            }
        }
    }
}

/// Checks that every `{retry.KEY}` is a value of the case's policy.
pub(super) fn check_retry_values(model: &Model, texts: &[Markdown<'_>], problems: &Problems) {
    for Markdown { text, case, placeholders } in texts {
        for placeholder in placeholders {
            let PlaceholderKind::Retry(key) = placeholder.kind else { continue };
            let problem =
                |message: String| Problem::error("unknown-placeholder", text.part(placeholder.range.clone()), message);
            if !RETRY_KEYS.contains(&key) {
                let known = RETRY_KEYS.map(|known| format!("{{retry.{known}}}"));
                let written = format!("{{retry.{key}}}");
                let problem = problem(format!("unknown placeholder `{written}`"));
                problems.add(problem.suggest(&written, known.iter().map(String::as_str)));
                continue;
            }
            match case {
                None => problems.add(problem(format!("`{{retry.{key}}}` outside of a case"))),
                Some(case) if model.policy_of(case).is_none() && !model.is_policy_uncertain(case) => {
                    let message = format!("`{{retry.{key}}}` in a case without a retry policy");
                    problems.add(problem(message).help("add `retry = \"...\"` to the case"));
                }
                Some(_) => {}
            }
        }
    }
}

/// Checks that every link is used.
pub(super) fn check_unused_links(model: &Model, texts: &[Markdown<'_>], problems: &Problems) {
    let mut used: Vec<&str> =
        model.checklists.iter().flat_map(|list| &list.links).map(|(_, link_name)| link_name.as_str()).collect();
    used.extend(texts.iter().flat_map(|text| &text.placeholders).filter_map(|placeholder| match placeholder.kind {
        PlaceholderKind::Link(name) => Some(name),
        PlaceholderKind::Retry(_) => None,
    }));
    used.sort_unstable();
    for (name, _) in &model.links {
        if used.binary_search(&name.as_str()).is_err() {
            problems.add(Problem::warning("unused", name.location, format!("unused link `{}`", name.value)));
        }
    }
}
