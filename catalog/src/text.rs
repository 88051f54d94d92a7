//! Texts of a catalog: inline Markdown with `[words](link:NAME)` and `{retry.KEY}`.

use std::ops::Range;

use pulldown_cmark::{Event, Parser};

/// A part of a text that stands for something else.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Reference<'t> {
    /// Where it stands in the text.
    pub(crate) range: Range<usize>,
    pub(crate) kind: Kind<'t>,
}

/// What a part of a text stands for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Kind<'t> {
    /// The address of a link: `link:NAME`.
    Link(&'t str),
    /// A value of the case's retry policy: `{retry.KEY}`.
    Retry(&'t str),
}

const LINK: &str = "](link:";
const RETRY: &str = "{retry.";

/// All references of a text, in their order.
pub(crate) fn references(text: &str) -> Vec<Reference<'_>> {
    let between = |marker: &'static str, end: char| {
        text.match_indices(marker).filter_map(move |(at, _)| {
            let name = text[at + marker.len()..].split(end).next()?;
            let close = at + marker.len() + name.len();
            text[close..].starts_with(end).then_some((at, name, close))
        })
    };
    let links = between(LINK, ')').map(|(at, name, close)| Reference { range: at + 2..close, kind: Kind::Link(name) });
    let values =
        between(RETRY, '}').map(|(at, name, close)| Reference { range: at..close + 1, kind: Kind::Retry(name) });
    let mut all: Vec<_> = links.chain(values).collect();
    all.sort_by_key(|reference| reference.range.start);
    all.dedup_by(|later, earlier| later.range.start < earlier.range.end);
    all
}

/// The text with each reference replaced.
pub(crate) fn replace(text: &str, mut value: impl FnMut(&Kind<'_>) -> Option<String>) -> String {
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for reference in references(text) {
        if let Some(value) = value(&reference.kind) {
            out.push_str(&text[at..reference.range.start]);
            out.push_str(&value);
            at = reference.range.end;
        }
    }
    out.push_str(&text[at..]);
    out
}

/// The words alone, without Markdown.
pub(crate) fn words(markdown: &str) -> String {
    // Most texts have nothing that only a Markdown parser could tell from words.
    if !markdown.contains(['`', '*', '_', '[', '<', '&', '\\', '\n']) {
        return markdown.to_owned();
    }
    let mut out = String::with_capacity(markdown.len());
    for event in Parser::new(markdown) {
        match event {
            Event::Text(text) | Event::Code(text) => out.push_str(&text),
            Event::SoftBreak | Event::HardBreak => out.push(' '),
            _ => {}
        }
    }
    out
}

/// The first sentence, with its stop.
pub(crate) fn first_sentence(text: &str) -> &str {
    text.find(". ").map_or(text, |stop| &text[..=stop])
}

/// The anchor that documentation sites make of a heading.
pub(crate) fn slug(heading: &str) -> String {
    let kept = words(heading).to_lowercase();
    kept.chars()
        .filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'))
        .map(|c| if c == ' ' { '-' } else { c })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_found_in_order() {
        let text = "{retry.max} then [a](link:one), {other} and [b](link:two";
        let found: Vec<_> = references(text).into_iter().map(|reference| reference.kind).collect();
        assert_eq!(found, [Kind::Retry("max"), Kind::Link("one")]);
        let replaced = replace(text, |kind| matches!(kind, Kind::Link(_)).then(|| "URL".into()));
        assert_eq!(replaced, "{retry.max} then [a](URL), {other} and [b](link:two");
    }

    #[test]
    fn words_lose_their_markup() {
        assert_eq!(words("Missing `a_b` **now** [here](https://x)."), "Missing a_b now here.");
        assert_eq!(words("plain"), "plain");
        assert_eq!(first_sentence("One. Two."), "One.");
        assert_eq!(first_sentence("Version 1.5 is old."), "Version 1.5 is old.");
    }

    #[test]
    fn slugs_are_those_of_the_live_page() {
        assert_eq!(slug("429 Too Many Requests"), "429-too-many-requests");
        assert_eq!(slug("`NoSuchKey` (from pre-recorded uploads)"), "nosuchkey-from-pre-recorded-uploads");
    }
}
