//! Renders the texts of a case: with links and policy values filled in, its title, its line for `Display`.

use waves_errors_core::{Policy, format_duration};

use crate::model::{Anchors, Case, Model, Page};
use crate::phrase::reason_phrase;
use crate::text::{ReferenceKind, first_sentence, plain_text, replace_references, slug};

/// How `site:` links are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Links {
    /// As paths on their host, for a page that is served there.
    OnHost,
    /// As absolute URLs, for all other output.
    Absolute,
}

/// Returns the URL of a link.
pub(crate) fn address(model: &Model, name: &str, links: Links) -> Option<String> {
    let (_, address) = model.links.iter().find(|(known_name, _)| known_name.value == name)?;
    let Some(rest) = address.strip_prefix("site:") else { return Some(address.value.clone()) };
    let site = model.site.as_ref().map_or("", |site| site.as_str());
    let base = match links {
        Links::Absolute => site,
        Links::OnHost => site.split_once("://").and_then(|(_, rest)| Some(&rest[rest.find('/')?..])).unwrap_or("/"),
    };
    Some(format!("{base}{rest}"))
}

/// Fills in the links of a text.
pub(crate) fn fill_links(model: &Model, text: &str, links: Links) -> String {
    fill(model, text, links, None)
}

/// Fills in the links and policy values of a case's text.
pub(crate) fn fill_case_text(model: &Model, case: &Case, text: &str, links: Links) -> String {
    fill(model, text, links, model.policy_of(case).map(|(_, policy)| policy))
}

fn fill(model: &Model, text: &str, links: Links, policy: Option<&Policy>) -> String {
    replace_references(text, |kind| match (kind, policy) {
        (ReferenceKind::Link(name), _) => address(model, name, links),
        (ReferenceKind::Retry("initial"), Some(policy)) => Some(format_duration(policy.initial()).to_string()),
        (ReferenceKind::Retry("max"), Some(policy)) => Some(format_duration(policy.max()).to_string()),
        (ReferenceKind::Retry("times"), Some(policy)) => Some(retry_count_words(policy.max_retries())),
        _ => None,
    })
}

/// Returns a number of retries in words.
fn retry_count_words(retries: u32) -> String {
    match retries {
        0 => "never".into(),
        1 => "once".into(),
        2 => "twice".into(),
        n => format!("{n} times"),
    }
}

/// Returns how often a case is retried, as the cell of a table.
pub(crate) fn retry_cell(model: &Model, case: &Case) -> String {
    let policy = model.policy_of(case).map(|(_, policy)| policy).filter(|policy| policy.max_retries() > 0);
    let times = retry_count_words(policy.map_or(0, Policy::max_retries));
    match policy.and_then(Policy::only) {
        Some(only) => format!("{times}, if {}", only.as_str()),
        None => times,
    }
}

/// Returns the heading of a case, in Markdown.
pub fn title(model: &Model, case: &Case) -> String {
    if let Some(title) = &case.title {
        return fill_case_text(model, case, title, Links::Absolute);
    }
    match case.status.as_ref().map(|status| status.value) {
        Some(status) => reason_phrase(status).map_or(status.to_string(), |phrase| format!("{status} {phrase}")),
        None => sentence_case(&case.id.replace('-', " ")),
    }
}

/// Returns the summary of a case, in Markdown with absolute URLs.
pub fn summary(model: &Model, case: &Case) -> String {
    fill_case_text(model, case, &case.summary, Links::Absolute)
}

/// Returns the first sentence of a case's summary, as plain text.
pub fn headline(model: &Model, case: &Case) -> String {
    first_sentence(&plain_text(&summary(model, case))).to_owned()
}

/// Returns the line that `Display` prints: plain text without a full stop. A template with fields only applies to
/// derived enums; others print the default.
pub fn display(model: &Model, case: &Case) -> String {
    if let Some(line) = case.display.as_ref().and_then(|template| static_line(template)) {
        return line;
    }
    let line = format!("{}: {}", plain_text(&title(model, case)), headline(model, case));
    line.strip_suffix('.').unwrap_or(&line).to_owned()
}

/// Returns the `Display` template for a derived enum: that of the catalog, or the default.
pub fn template(model: &Model, case: &Case) -> String {
    case.display
        .as_ref()
        .map_or_else(|| display(model, case).replace('{', "{{").replace('}', "}}"), |template| template.value.clone())
}

/// Returns the text of a template that has no fields, with `{{` and `}}` unescaped.
fn static_line(template: &str) -> Option<String> {
    if !template.contains('{') && !template.contains('}') {
        return Some(template.to_owned());
    }
    let rest = template.replace("{{", "").replace("}}", "");
    (!rest.contains(['{', '}'])).then(|| template.replace("{{", "{").replace("}}", "}"))
}

/// Returns the anchor of a case on its page.
pub(crate) fn anchor(model: &Model, page: &Page, case: &Case) -> String {
    match page.anchors {
        Anchors::Id => case.id.value.clone(),
        Anchors::Title => slug(&title(model, case)),
    }
}

/// Returns the text with its first letter in upper case.
pub(crate) fn sentence_case(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn static_line_requires_no_fields() {
        assert_eq!(static_line("a {{b}} c").as_deref(), Some("a {b} c"));
        assert_eq!(static_line("only {left} left"), None);
    }
}
