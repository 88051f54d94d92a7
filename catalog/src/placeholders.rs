//! The placeholders of texts, `[words](link:NAME)` and `{retry.KEY}`: finds them, and fills in the URL of a link or the
//! value of a case's retry policy.

use std::borrow::Cow;
use std::ops::Range;

use pulldown_cmark::{Event, Parser};
use waves_errors_core::{Policy, format_duration};

use crate::model::Model;

/// The values of a policy that a text can print: the `KEY`s of `{retry.KEY}`.
pub(crate) const RETRY_KEYS: [&str; 7] =
    ["initial", "multiplier", "max", "max-retries", "times", "jitter", "retry-after.limit"];

/// A placeholder in a text.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Placeholder<'t> {
    /// Its byte range in the text.
    pub(crate) range: Range<usize>,
    pub(crate) kind: PlaceholderKind<'t>,
}

/// The meaning of a placeholder.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum PlaceholderKind<'t> {
    /// The URL of a link: `link:NAME`.
    Link(&'t str),
    /// A value of the case's retry policy: `{retry.KEY}`.
    Retry(&'t str),
}

/// Returns the placeholders of a text, in order.
pub(crate) fn placeholders(text: &str) -> Vec<Placeholder<'_>> {
    // Most texts have none.
    if !text.contains('(') && !text.contains('{') {
        return Vec::new();
    }
    let between = |marker: &'static str, end: char| {
        text.match_indices(marker).filter_map(move |(at, _)| {
            let name = text[at + marker.len()..].split(end).next()?;
            let close = at + marker.len() + name.len();
            text[close..].starts_with(end).then_some((at, name, close))
        })
    };
    let links = between("](link:", ')')
        .map(|(at, name, close)| Placeholder { range: at + 2..close, kind: PlaceholderKind::Link(name) });
    let values = between("{retry.", '}')
        .map(|(at, key, close)| Placeholder { range: at..close + 1, kind: PlaceholderKind::Retry(key) });
    // Code is literal.
    let code: Vec<Range<usize>> = if text.contains('`') {
        Parser::new(text)
            .into_offset_iter()
            .filter(|(event, _)| matches!(event, Event::Code(_)))
            .map(|(_, range)| range)
            .collect()
    } else {
        Vec::new()
    };
    let is_outside_code = |found: &Placeholder<'_>| !code.iter().any(|code| code.contains(&found.range.start));
    let mut all: Vec<_> = links.chain(values).filter(is_outside_code).collect();
    all.sort_by_key(|found| found.range.start);
    all.dedup_by(|later, earlier| later.range.start < earlier.range.end);
    all
}

/// The form of links to the catalog's own site.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Links {
    /// Paths on their host, for a page that is served there.
    OnHost,
    /// Absolute URLs, for all other output.
    Absolute,
}

/// A Markdown text whose placeholders are filled in, or a URL.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Text {
    /// The text with absolute URLs.
    absolute: String,
    /// The ranges of the origin, such as `https://docs.example`, in URLs of the catalog's own site.
    origins: Vec<Range<usize>>,
}

impl Text {
    /// Returns the text with absolute URLs.
    pub(crate) fn absolute(&self) -> &str {
        &self.absolute
    }

    pub(crate) fn into_absolute(self) -> String {
        self.absolute
    }

    pub(crate) fn with_links(&self, links: Links) -> Cow<'_, str> {
        if links == Links::Absolute || self.origins.is_empty() {
            return Cow::Borrowed(&self.absolute);
        }
        let (mut out, mut at) = (String::with_capacity(self.absolute.len()), 0);
        for origin in &self.origins {
            out.push_str(&self.absolute[at..origin.start]);
            at = origin.end;
        }
        out.push_str(&self.absolute[at..]);
        Cow::Owned(out)
    }

    fn push(&mut self, other: &Self) {
        let offset = self.absolute.len();
        self.absolute.push_str(&other.absolute);
        self.origins.extend(other.origins.iter().map(|origin| origin.start + offset..origin.end + offset));
    }
}

/// Fills in the placeholders of a text. Placeholders without a value are unchanged.
pub(crate) fn fill(model: &Model, text: &str, policy: Option<&Policy>) -> Text {
    let mut filled = Text { absolute: String::with_capacity(text.len()), origins: Vec::new() };
    let mut at = 0;
    for Placeholder { range, kind } in placeholders(text) {
        let value = match kind {
            PlaceholderKind::Link(name) => url(model, name),
            PlaceholderKind::Retry(key) => policy.and_then(|policy| policy_value(policy, key)),
        };
        if let Some(value) = value {
            filled.absolute.push_str(&text[at..range.start]);
            filled.push(&value);
            at = range.end;
        }
    }
    filled.absolute.push_str(&text[at..]);
    filled
}

/// Returns the URL of a link.
pub(crate) fn url(model: &Model, name: &str) -> Option<Text> {
    let (_, address) = model.links.iter().find(|(known_name, _)| known_name.value == name)?;
    let Some(path) = address.strip_prefix("site:") else {
        return Some(Text { absolute: address.value.clone(), origins: Vec::new() });
    };
    let site = model.site.as_ref().map_or("", |site| site.as_str());
    let host = site.find("://").map_or(0, |scheme| scheme + 3);
    let origin = 0..host + site[host..].find('/').unwrap_or(0);
    Some(Text { absolute: format!("{site}{path}"), origins: vec![origin] })
}

fn policy_value(policy: &Policy, key: &str) -> Option<Text> {
    let absolute = match key {
        "initial" => format_duration(policy.initial()).to_string(),
        "multiplier" => policy.multiplier().to_string(),
        "max" => format_duration(policy.max()).to_string(),
        "max-retries" => policy.max_retries().to_string(),
        "times" => count_words(policy.max_retries()),
        // Rounds to the precision of a policy, thousandths.
        "jitter" => format!("{}%", (policy.jitter() * 1000.0).round() / 10.0),
        "retry-after.limit" => format_duration(policy.retry_after_limit()).to_string(),
        _ => return None,
    };
    Some(Text { absolute, origins: Vec::new() })
}

/// Returns a number of retries in words.
pub(crate) fn count_words(retries: u32) -> String {
    match retries {
        0 => "never".into(),
        1 => "once".into(),
        2 => "twice".into(),
        n => format!("{n} times"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::location::{Located, Location};

    #[test]
    fn placeholders_are_returned_in_order() {
        let text = "{retry.max} then [a](link:first), {other} and [b](link:two";
        let found: Vec<_> = placeholders(text).into_iter().map(|found| found.kind).collect();
        assert_eq!(found, [PlaceholderKind::Retry("max"), PlaceholderKind::Link("first")]);
    }

    #[test]
    fn every_retry_key_has_a_value() {
        let policy = Policy::builder().initial(std::time::Duration::from_secs(1)).max_retries(3).jitter(0.125);
        let policy = policy.multiplier(1.5).max(std::time::Duration::from_secs(9)).build().unwrap();
        let values = RETRY_KEYS.map(|key| policy_value(&policy, key).unwrap().into_absolute());
        assert_eq!(values, ["1 s", "1.5", "9 s", "3", "3 times", "12.5%", "2 min"]);
    }

    #[test]
    fn links_to_the_site_are_paths_on_its_host() {
        let located = |text: &str| Located::new(Location::default(), text.to_owned());
        let links = [("on", "site:a#b"), ("off", "https://x.example/c")];
        let model = Model {
            site: Some(located("https://docs.example/v1/")),
            links: links.map(|(name, address)| (located(name), located(address))).into(),
            ..Model::default()
        };
        let text = fill(&model, "[é](link:on), [y](link:off), [z](link:on), {retry.max} [w](link:none)", None);
        let rest = "{retry.max} [w](link:none)";
        let (on, off) = ("https://docs.example/v1/a#b", "[y](https://x.example/c)");
        assert_eq!(text.absolute(), format!("[é]({on}), {off}, [z]({on}), {rest}"));
        assert_eq!(text.with_links(Links::OnHost), format!("[é](/v1/a#b), {off}, [z](/v1/a#b), {rest}"));
    }
}
