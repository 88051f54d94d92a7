//! The words of a case: its texts with links and policy values filled in, its title, its line for `Display`.

use waves_errors_core::{Policy, format_duration};

use crate::model::{Anchors, Case, Model, Page};
use crate::phrase::phrase;
use crate::text::{Kind, first_sentence, replace, slug, words};

/// How `site:` links are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Links {
    /// As paths on their host, for a page that is served there.
    OnHost,
    /// As whole addresses, for every other place.
    Absolute,
}

/// The address of a link.
pub(crate) fn address(model: &Model, name: &str, links: Links) -> Option<String> {
    let (_, address) = model.links.iter().find(|(have, _)| have.value == name)?;
    let Some(rest) = address.strip_prefix("site:") else { return Some(address.value.clone()) };
    let site = model.site.as_ref().map_or("", |site| site.as_str());
    let base = match links {
        Links::Absolute => site,
        Links::OnHost => site.split_once("://").and_then(|(_, rest)| Some(&rest[rest.find('/')?..])).unwrap_or("/"),
    };
    Some(format!("{base}{rest}"))
}

/// A text with its links filled in.
pub(crate) fn linked(model: &Model, text: &str, links: Links) -> String {
    filled(model, text, links, None)
}

/// A text of a case with its links and policy values filled in.
pub(crate) fn said(model: &Model, case: &Case, text: &str, links: Links) -> String {
    filled(model, text, links, model.policy_of(case).map(|(_, policy)| policy))
}

fn filled(model: &Model, text: &str, links: Links, policy: Option<&Policy>) -> String {
    replace(text, |kind| match (kind, policy) {
        (Kind::Link(name), _) => address(model, name, links),
        (Kind::Retry("initial"), Some(policy)) => Some(format_duration(policy.initial()).to_string()),
        (Kind::Retry("max"), Some(policy)) => Some(format_duration(policy.max()).to_string()),
        (Kind::Retry("times"), Some(policy)) => Some(times(policy.max_retries())),
        _ => None,
    })
}

/// How often something is tried again, in words.
fn times(retries: u32) -> String {
    match retries {
        0 => "never".into(),
        1 => "once".into(),
        2 => "twice".into(),
        n => format!("{n} times"),
    }
}

/// Returns how often a case is retried, as the cell of a table.
pub(crate) fn retried(model: &Model, case: &Case) -> String {
    let policy = model.policy_of(case).map(|(_, policy)| policy).filter(|policy| policy.max_retries() > 0);
    let times = times(policy.map_or(0, Policy::max_retries));
    match policy.and_then(Policy::only) {
        Some(only) => format!("{times}, if {}", only.as_str()),
        None => times,
    }
}

/// The heading of a case, in Markdown.
pub fn title(model: &Model, case: &Case) -> String {
    if let Some(title) = &case.title {
        return said(model, case, title, Links::Absolute);
    }
    match case.status.as_ref().map(|status| status.value) {
        Some(status) => phrase(status).map_or(status.to_string(), |phrase| format!("{status} {phrase}")),
        None => sentence_case(&case.id.replace('-', " ")),
    }
}

/// What happened, in Markdown with whole addresses.
pub fn summary(model: &Model, case: &Case) -> String {
    said(model, case, &case.summary, Links::Absolute)
}

/// What happened, in one plain sentence.
pub fn headline(model: &Model, case: &Case) -> String {
    first_sentence(&words(&summary(model, case))).to_owned()
}

/// The line that `Display` prints: plain words, no final stop. A template with fields is for enums that have them; the
/// others print the default.
pub fn display(model: &Model, case: &Case) -> String {
    if let Some(line) = case.display.as_ref().and_then(|template| without_fields(template)) {
        return line;
    }
    let line = format!("{}: {}", words(&title(model, case)), headline(model, case));
    line.strip_suffix('.').unwrap_or(&line).to_owned()
}

/// The line that `Display` prints, as a template for an enum with fields: what the catalog says, or the default.
pub fn template(model: &Model, case: &Case) -> String {
    case.display
        .as_ref()
        .map_or_else(|| display(model, case).replace('{', "{{").replace('}', "}}"), |template| template.value.clone())
}

/// The text of a template, if it has no fields: `{{` and `}}` are braces.
fn without_fields(template: &str) -> Option<String> {
    if !template.contains('{') && !template.contains('}') {
        return Some(template.to_owned());
    }
    let rest = template.replace("{{", "").replace("}}", "");
    (!rest.contains(['{', '}'])).then(|| template.replace("{{", "{").replace("}}", "}"))
}

/// The anchor of a case on its page.
pub(crate) fn anchor(model: &Model, page: &Page, case: &Case) -> String {
    match page.anchors {
        Anchors::Id => case.id.value.clone(),
        Anchors::Title => slug(&title(model, case)),
    }
}

/// The text with its first letter in upper case.
pub(crate) fn sentence_case(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_fields_returns_only_templates_without_fields() {
        assert_eq!(without_fields("a {{b}} c").as_deref(), Some("a {b} c"));
        assert_eq!(without_fields("only {left} left"), None);
    }
}
