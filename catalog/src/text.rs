//! Texts of a catalog: inline Markdown with `[words](link:NAME)` and `{retry.KEY}`.

use std::ops::Range;

use pulldown_cmark::{BrokenLink, Event, LinkType, Options, Parser, Tag, TagEnd};

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
    let links = between(LINK, ')').map(|(at, name, close)| Reference { range: at + 2..close, kind: Kind::Link(name) });
    let values =
        between(RETRY, '}').map(|(at, name, close)| Reference { range: at..close + 1, kind: Kind::Retry(name) });
    // What stands in code stands for itself.
    let code: Vec<Range<usize>> = if text.contains('`') {
        Parser::new(text)
            .into_offset_iter()
            .filter(|(event, _)| matches!(event, Event::Code(_)))
            .map(|(_, range)| range)
            .collect()
    } else {
        Vec::new()
    };
    let outside = |reference: &Reference<'_>| !code.iter().any(|code| code.contains(&reference.range.start));
    let mut all: Vec<_> = links.chain(values).filter(outside).collect();
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

/// What keeps a text from reading the same everywhere.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(crate) rule: &'static str,
    pub(crate) range: Range<usize>,
    pub(crate) message: &'static str,
    pub(crate) help: &'static str,
}

/// The faults of a text: everything but one paragraph of words, code, emphasis and links.
///
/// Each breaks somewhere: raw HTML on the page and in rustdoc, blocks inside list items and table cells, bare addresses
/// and stray brackets in rustdoc, where they are lints, and a stray backtick in whatever follows it.
pub(crate) fn faults(text: &str) -> Vec<Fault> {
    if text.is_empty() || is_words(text) {
        return Vec::new();
    }
    let mut faults = Vec::new();
    let mut stray = Vec::new();
    // Brackets around words that are no link: rustdoc takes them for the name of an item.
    let mut no_link = |link: BrokenLink<'_>| {
        stray.push(link.span);
        None
    };
    let events: Vec<_> =
        Parser::new_with_broken_link_callback(text, Options::empty(), Some(&mut no_link)).into_offset_iter().collect();
    faults.extend(stray.into_iter().map(|range| Fault {
        rule: "stray-brackets",
        range,
        message: "brackets without a link",
        help: "write `[words](link:NAME)`, put the words in backticks, or escape the brackets: `\\[`",
    }));
    let blocks =
        |event: &Event<'_>| matches!(event, Event::Start(tag) if is_block(tag)) || matches!(event, Event::Rule);
    if events.iter().filter(|(event, _)| blocks(event)).count() != 1
        || !matches!(events.first(), Some((Event::Start(Tag::Paragraph), _)))
    {
        return vec![Fault {
            rule: "block-syntax",
            range: 0..text.len(),
            message: "text must be a single paragraph; this starts like a heading, a list, a quote or code",
            help: "begin it with a word, or escape the first character with `\\`",
        }];
    }
    if text.starts_with("[ ]") {
        faults.push(Fault {
            rule: "stray-brackets",
            range: 0..3,
            message: "brackets that make a task of a list's item",
            help: "begin the text with a word",
        });
    }
    let mut inside_link = false;
    for (event, range) in events {
        match event {
            Event::Start(Tag::Link { link_type, dest_url, .. }) => {
                inside_link = true;
                faults.extend(link_fault(link_type, &dest_url, &text[range.clone()], range));
            }
            Event::Start(Tag::Image { .. }) => faults.push(Fault {
                rule: "image",
                range,
                message: "an image in a text",
                help: "link to it: `[words](link:NAME)`",
            }),
            Event::End(TagEnd::Link) => inside_link = false,
            Event::Html(_) | Event::InlineHtml(_) => faults.push(Fault {
                rule: "raw-html",
                range,
                message: "raw HTML in a text",
                help: "put it in backticks, or write `&lt;`",
            }),
            Event::Text(words) => {
                for (at, _) in words.match_indices("://").filter(|_| !inside_link) {
                    let start = words[..at].rfind(|c: char| !c.is_ascii_alphanumeric()).map_or(0, |before| before + 1);
                    let end = words[at..].find(char::is_whitespace).map_or(words.len(), |end| at + end);
                    faults.push(Fault {
                        rule: "bare-address",
                        range: range.start + start..range.start + end,
                        message: "a bare address in a text",
                        help: "name it in `[links]` and write `[words](link:NAME)`, or put it in backticks",
                    });
                }
                let escaped = text[..range.start].ends_with('\\');
                let source = &text[range.clone()];
                if let Some(at) = source.find('`').filter(|&at| at > 0 || !escaped) {
                    faults.push(Fault {
                        rule: "stray-backtick",
                        range: range.start + at..range.start + at + 1,
                        message: "a backtick without its partner",
                        help: "close the code, or escape it: `\\``",
                    });
                }
            }
            _ => {}
        }
    }
    // A tag and its end are one mistake.
    let mut html = false;
    faults.retain(|fault| fault.rule != "raw-html" || !std::mem::replace(&mut html, true));
    faults
}

/// Whether a text has nothing that only a Markdown parser could tell from words.
fn is_words(text: &str) -> bool {
    // Most texts have no slash, and to look for one byte costs little.
    text.starts_with(char::is_alphabetic) && !holds(text, &MARKUP) && !(text.contains('/') && text.contains("://"))
}

/// Whether a text holds one of some bytes. Macros run without optimisation, and each text of a catalog comes by here: a plain
/// loop over a table takes a tenth of what a search for patterns does.
fn holds(text: &str, bytes: &[bool; 256]) -> bool {
    let (text, mut at) = (text.as_bytes(), 0);
    while at < text.len() {
        if bytes[text[at] as usize] {
            return true;
        }
        at += 1;
    }
    false
}

const fn table(ranges: &[(u8, u8)]) -> [bool; 256] {
    let (mut table, mut at) = ([false; 256], 0);
    while at < ranges.len() {
        let (mut byte, last) = ranges[at];
        while byte < last {
            table[byte as usize] = true;
            byte += 1;
        }
        table[last as usize] = true;
        at += 1;
    }
    table
}

const fn one(byte: u8) -> (u8, u8) {
    (byte, byte)
}

/// What Markdown gives a meaning within a line.
static MARKUP: [bool; 256] = table(&[
    one(b'`'),
    one(b'*'),
    one(b'_'),
    one(b'['),
    one(b']'),
    one(b'<'),
    one(b'>'),
    one(b'&'),
    one(b'\\'),
    one(b'!'),
    one(b'\n'),
    one(b'\r'),
]);

/// What is not ASCII that can be seen.
static ODD: [bool; 256] = table(&[(0, 0x1f), (0x7f, 0xff)]);

/// The first character that cannot be seen, or that turns the direction of what follows.
pub(crate) fn hidden(text: &str) -> Option<(usize, char)> {
    if !holds(text, &ODD) {
        return None;
    }
    let is_hidden = |c: char| {
        c.is_control()
            || matches!(c, '\u{2028}' | '\u{2029}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    text.char_indices().find(|&(_, c)| is_hidden(c))
}

fn is_block(tag: &Tag<'_>) -> bool {
    !matches!(
        tag,
        Tag::Emphasis
            | Tag::Strong
            | Tag::Strikethrough
            | Tag::Superscript
            | Tag::Subscript
            | Tag::Link { .. }
            | Tag::Image { .. }
    )
}

fn link_fault(kind: LinkType, address: &str, written: &str, range: Range<usize>) -> Option<Fault> {
    if matches!(kind, LinkType::Autolink | LinkType::Email) {
        return Some(Fault {
            rule: "bare-address",
            range,
            message: "a bare address in a text",
            help: "name it in `[links]` and write `[words](link:NAME)`",
        });
    }
    let plain = address.starts_with("link:") && written.ends_with(&format!("]({address})"));
    (kind != LinkType::Inline || !plain).then_some(Fault {
        rule: "direct-link",
        range,
        message: "a link that goes past `[links]`",
        help: "name the address in `[links]` and write `[words](link:NAME)`",
    })
}

/// The words alone, without Markdown.
pub(crate) fn words(markdown: &str) -> String {
    if is_words(markdown) {
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

/// The text for MDX, where braces and `<` outside of code begin expressions and tags, and `import` and `export` at the
/// beginning of a line begin code.
pub(crate) fn for_mdx(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    let mut at = 0;
    for (event, range) in Parser::new(text).into_offset_iter() {
        if matches!(event, Event::Text(_)) && range.start >= at {
            out.push_str(&text[at..range.start]);
            let escaped = text[..range.start].ends_with('\\');
            for (n, c) in text[range.clone()].char_indices() {
                if matches!(c, '{' | '}' | '<') && !(n == 0 && escaped) {
                    out.push('\\');
                }
                out.push(c);
            }
            at = range.end;
        }
    }
    out.push_str(&text[at..]);
    for (word, written) in [("import ", "&#105;mport "), ("export ", "&#101;xport ")] {
        if let Some(rest) = out.strip_prefix(word) {
            return format!("{written}{rest}");
        }
    }
    out
}

/// The first sentence of some Markdown, with its stop; it ends outside of code, links and emphasis.
pub(crate) fn lead(markdown: &str) -> &str {
    if is_words(markdown) {
        return first_sentence(markdown);
    }
    let mut depth = 0;
    for (event, range) in Parser::new(markdown).into_offset_iter() {
        match event {
            Event::Start(Tag::Paragraph) | Event::End(TagEnd::Paragraph) => {}
            Event::Start(_) => depth += 1,
            Event::End(_) => depth -= 1,
            Event::Text(_) if depth == 0 => {
                let sentence = first_sentence(&markdown[range.start..]);
                // A stop at the very end of the text belongs to what follows it, which may be code.
                let end = range.start + sentence.len();
                if end <= range.end && end < markdown.len() {
                    return &markdown[..end];
                }
            }
            _ => {}
        }
    }
    markdown
}

/// The first sentence, with its stop: up to one outside of brackets that a capital, a digit or code follows.
pub(crate) fn first_sentence(text: &str) -> &str {
    let begins = |c: char| c.is_uppercase() || c.is_ascii_digit() || c == '`';
    let end = text.match_indices(". ").map(|(at, _)| at).find(|&at| {
        let open = text[..at].chars().fold(0_i32, |depth, c| depth + i32::from(c == '(') - i32::from(c == ')'));
        open == 0 && text[at + 2..].starts_with(begins)
    });
    end.map_or(text, |stop| &text[..=stop])
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
    fn words_and_first_sentence_have_no_markup() {
        assert_eq!(words("Missing `a_b` **now** [here](https://x)."), "Missing a_b now here.");
        assert_eq!(words("plain"), "plain");
        assert_eq!(first_sentence("One. Two."), "One.");
        assert_eq!(first_sentence("Some (e.g. Books) are, e.g. those. More."), "Some (e.g. Books) are, e.g. those.");
        assert_eq!(first_sentence("Version 1.5 is old."), "Version 1.5 is old.");
    }

    #[test]
    fn for_mdx_escapes_braces_and_keywords() {
        assert_eq!(for_mdx("a {b} `{c}` [{d}](x)"), "a \\{b\\} `{c}` [\\{d\\}](x)");
        assert_eq!(for_mdx("export \\{x\\} if a < b"), "&#101;xport \\{x\\} if a \\< b");
    }

    #[test]
    fn lead_ends_outside_code_and_links() {
        assert_eq!(lead("Send `x. Y` there. More."), "Send `x. Y` there.");
        assert_eq!(lead("See [one. Two](x) and *a. B* here. More."), "See [one. Two](x) and *a. B* here.");
        assert_eq!(lead("Only `one`."), "Only `one`.");
    }

    #[test]
    fn slugs_equal_those_of_the_live_page() {
        assert_eq!(slug("429 Too Many Requests"), "429-too-many-requests");
        assert_eq!(slug("`NoSuchKey` (from pre-recorded uploads)"), "nosuchkey-from-pre-recorded-uploads");
    }
}
