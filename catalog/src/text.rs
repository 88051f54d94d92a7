//! The texts of a catalog: inline Markdown with `[words](link:NAME)` links and `{retry.KEY}` placeholders.

use std::ops::Range;

use pulldown_cmark::{BrokenLink, Event, LinkType, Options, Parser, Tag, TagEnd};

/// A reference in a text: a link or a placeholder.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Reference<'t> {
    /// Its byte range in the text.
    pub(crate) range: Range<usize>,
    pub(crate) kind: ReferenceKind<'t>,
}

/// The target of a reference.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum ReferenceKind<'t> {
    /// The URL of a link: `link:NAME`.
    Link(&'t str),
    /// A value of the case's retry policy: `{retry.KEY}`.
    Retry(&'t str),
}

const LINK_START: &str = "](link:";
const PLACEHOLDER_START: &str = "{retry.";

/// Returns the references of a text, in order.
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
    let links = between(LINK_START, ')')
        .map(|(at, name, close)| Reference { range: at + 2..close, kind: ReferenceKind::Link(name) });
    let values = between(PLACEHOLDER_START, '}')
        .map(|(at, name, close)| Reference { range: at..close + 1, kind: ReferenceKind::Retry(name) });
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
    let is_outside_code = |reference: &Reference<'_>| !code.iter().any(|code| code.contains(&reference.range.start));
    let mut all: Vec<_> = links.chain(values).filter(is_outside_code).collect();
    all.sort_by_key(|reference| reference.range.start);
    all.dedup_by(|later, earlier| later.range.start < earlier.range.end);
    all
}

/// Replaces each reference for which `value` returns a text.
pub(crate) fn replace_references(text: &str, mut value: impl FnMut(&ReferenceKind<'_>) -> Option<String>) -> String {
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

/// A problem in a text, before its location is known.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct TextProblem {
    pub(crate) lint: &'static str,
    pub(crate) range: Range<usize>,
    pub(crate) message: &'static str,
    pub(crate) help: &'static str,
}

/// Returns the problems of a text. Only a single paragraph of words, code, emphasis and links is allowed.
///
/// Everything else breaks in some output: raw HTML on the page and in rustdoc, blocks inside list items and table
/// cells, bare addresses and stray brackets in rustdoc, which warns about them, and a stray backtick in the text after
/// it.
pub(crate) fn text_problems(text: &str) -> Vec<TextProblem> {
    if text.is_empty() || is_plain(text) {
        return Vec::new();
    }
    let mut problems = Vec::new();
    let mut stray = Vec::new();
    // Brackets around words that are not a link: rustdoc takes them for the name of an item.
    let mut on_broken_link = |link: BrokenLink<'_>| {
        stray.push(link.span);
        None
    };
    let events: Vec<_> = Parser::new_with_broken_link_callback(text, Options::empty(), Some(&mut on_broken_link))
        .into_offset_iter()
        .collect();
    problems.extend(stray.into_iter().map(|range| TextProblem {
        lint: "stray-brackets",
        range,
        message: "brackets without a link",
        help: "write `[words](link:NAME)`, put the words in backticks, or escape the brackets: `\\[`",
    }));
    let is_block_start =
        |event: &Event<'_>| matches!(event, Event::Start(tag) if is_block(tag)) || matches!(event, Event::Rule);
    if events.iter().filter(|(event, _)| is_block_start(event)).count() != 1
        || !matches!(events.first(), Some((Event::Start(Tag::Paragraph), _)))
    {
        return vec![TextProblem {
            lint: "block-syntax",
            range: 0..text.len(),
            message: "text must be a single paragraph; this starts like a heading, a list, a quote or code",
            help: "begin it with a word, or escape the first character with `\\`",
        }];
    }
    if text.starts_with("[ ]") {
        problems.push(TextProblem {
            lint: "stray-brackets",
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
                problems.extend(link_problem(link_type, &dest_url, &text[range.clone()], range));
            }
            Event::Start(Tag::Image { .. }) => problems.push(TextProblem {
                lint: "image",
                range,
                message: "an image in a text",
                help: "link to it: `[words](link:NAME)`",
            }),
            Event::End(TagEnd::Link) => inside_link = false,
            Event::Html(_) | Event::InlineHtml(_) => problems.push(TextProblem {
                lint: "raw-html",
                range,
                message: "raw HTML in a text",
                help: "put it in backticks, or write `&lt;`",
            }),
            Event::Text(words) => {
                for (at, _) in words.match_indices("://").filter(|_| !inside_link) {
                    let start = words[..at].rfind(|c: char| !c.is_ascii_alphanumeric()).map_or(0, |before| before + 1);
                    let end = words[at..].find(char::is_whitespace).map_or(words.len(), |end| at + end);
                    problems.push(TextProblem {
                        lint: "bare-address",
                        range: range.start + start..range.start + end,
                        message: "a bare address in a text",
                        help: "name it in `[links]` and write `[words](link:NAME)`, or put it in backticks",
                    });
                }
                let escaped = text[..range.start].ends_with('\\');
                let source = &text[range.clone()];
                if let Some(at) = source.find('`').filter(|&at| at > 0 || !escaped) {
                    problems.push(TextProblem {
                        lint: "stray-backtick",
                        range: range.start + at..range.start + at + 1,
                        message: "a backtick without its partner",
                        help: "close the code, or escape it: `\\``",
                    });
                }
            }
            _ => {}
        }
    }
    // An opening and a closing tag are reported once.
    let mut has_html = false;
    problems.retain(|problem| problem.lint != "raw-html" || !std::mem::replace(&mut has_html, true));
    problems
}

/// Whether a text is certainly free of Markdown, so that it needs no parser.
fn is_plain(text: &str) -> bool {
    // Most texts have no slash, and a search for a single byte is cheap.
    text.starts_with(char::is_alphabetic)
        && !contains_any(text, &MARKUP)
        && !(text.contains('/') && text.contains("://"))
}

/// Whether a text contains any of a set of bytes. Macros run unoptimized, and this runs for each text of a catalog: a
/// loop over a table takes a tenth of the time of a pattern search.
fn contains_any(text: &str, bytes: &[bool; 256]) -> bool {
    let (text, mut index) = (text.as_bytes(), 0);
    while index < text.len() {
        if bytes[text[index] as usize] {
            return true;
        }
        index += 1;
    }
    false
}

const fn byte_set(ranges: &[(u8, u8)]) -> [bool; 256] {
    let (mut set, mut index) = ([false; 256], 0);
    while index < ranges.len() {
        let (mut byte, last) = ranges[index];
        while byte < last {
            set[byte as usize] = true;
            byte += 1;
        }
        set[last as usize] = true;
        index += 1;
    }
    set
}

const fn single(byte: u8) -> (u8, u8) {
    (byte, byte)
}

/// The bytes with a meaning in inline Markdown.
static MARKUP: [bool; 256] = byte_set(&[
    single(b'`'),
    single(b'*'),
    single(b'_'),
    single(b'['),
    single(b']'),
    single(b'<'),
    single(b'>'),
    single(b'&'),
    single(b'\\'),
    single(b'!'),
    single(b'\n'),
    single(b'\r'),
]);

/// All bytes that are not printable ASCII.
static NOT_PRINTABLE_ASCII: [bool; 256] = byte_set(&[(0, 0x1f), (0x7f, 0xff)]);

/// Returns the first invisible character, or the first that changes the text direction, and its offset.
pub(crate) fn find_hidden_char(text: &str) -> Option<(usize, char)> {
    if !contains_any(text, &NOT_PRINTABLE_ASCII) {
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

fn link_problem(kind: LinkType, address: &str, source: &str, range: Range<usize>) -> Option<TextProblem> {
    if matches!(kind, LinkType::Autolink | LinkType::Email) {
        return Some(TextProblem {
            lint: "bare-address",
            range,
            message: "a bare address in a text",
            help: "name it in `[links]` and write `[words](link:NAME)`",
        });
    }
    let is_named = address.starts_with("link:") && source.ends_with(&format!("]({address})"));
    (kind != LinkType::Inline || !is_named).then_some(TextProblem {
        lint: "direct-link",
        range,
        message: "a link that goes past `[links]`",
        help: "name the address in `[links]` and write `[words](link:NAME)`",
    })
}

/// Returns the text without Markdown.
pub(crate) fn plain_text(markdown: &str) -> String {
    if is_plain(markdown) {
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

/// Escapes a text for MDX, where braces and `<` outside of code start expressions and tags, and `import` and `export`
/// at the start of a line start code.
pub(crate) fn escape_mdx(text: &str) -> String {
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
    for (word, escaped) in [("import ", "&#105;mport "), ("export ", "&#101;xport ")] {
        if let Some(rest) = out.strip_prefix(word) {
            return format!("{escaped}{rest}");
        }
    }
    out
}

/// Returns the first sentence of a Markdown text, with its full stop, which is outside of code, links and emphasis.
pub(crate) fn lead_sentence(markdown: &str) -> &str {
    if is_plain(markdown) {
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
                // At the end of this piece, a full stop may be followed by code.
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

/// Returns the first sentence of a plain text, with its full stop, which is outside of parentheses and followed by a
/// capital, a digit or code.
pub(crate) fn first_sentence(text: &str) -> &str {
    let starts_sentence = |c: char| c.is_uppercase() || c.is_ascii_digit() || c == '`';
    let end = text.match_indices(". ").map(|(at, _)| at).find(|&at| {
        let open = text[..at].chars().fold(0_i32, |depth, c| depth + i32::from(c == '(') - i32::from(c == ')'));
        open == 0 && text[at + 2..].starts_with(starts_sentence)
    });
    end.map_or(text, |stop| &text[..=stop])
}

/// Returns the anchor that documentation sites generate for a heading.
pub(crate) fn slug(heading: &str) -> String {
    let text = plain_text(heading).to_lowercase();
    text.chars()
        .filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'))
        .map(|c| if c == ' ' { '-' } else { c })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_returned_in_order() {
        let text = "{retry.max} then [a](link:first), {other} and [b](link:two";
        let found: Vec<_> = references(text).into_iter().map(|reference| reference.kind).collect();
        assert_eq!(found, [ReferenceKind::Retry("max"), ReferenceKind::Link("first")]);
        let replaced = replace_references(text, |kind| matches!(kind, ReferenceKind::Link(_)).then(|| "URL".into()));
        assert_eq!(replaced, "{retry.max} then [a](URL), {other} and [b](link:two");
    }

    #[test]
    fn plain_text_has_no_markup() {
        assert_eq!(plain_text("Missing `a_b` **now** [here](https://x)."), "Missing a_b now here.");
        assert_eq!(plain_text("plain"), "plain");
        assert_eq!(first_sentence("One. Two."), "One.");
        assert_eq!(first_sentence("Some (e.g. Books) are, e.g. those. More."), "Some (e.g. Books) are, e.g. those.");
        assert_eq!(first_sentence("Version 1.5 is old."), "Version 1.5 is old.");
    }

    #[test]
    fn escape_mdx_escapes_braces_and_keywords() {
        assert_eq!(escape_mdx("a {b} `{c}` [{d}](x)"), "a \\{b\\} `{c}` [\\{d\\}](x)");
        assert_eq!(escape_mdx("export \\{x\\} if a < b"), "&#101;xport \\{x\\} if a \\< b");
    }

    #[test]
    fn lead_sentence_ends_outside_of_code_and_links() {
        assert_eq!(lead_sentence("Send `x. Y` there. More."), "Send `x. Y` there.");
        assert_eq!(lead_sentence("See [one. Two](x) and *a. B* here. More."), "See [one. Two](x) and *a. B* here.");
        assert_eq!(lead_sentence("Only `one`."), "Only `one`.");
    }

    #[test]
    fn slug_agrees_with_published_page() {
        assert_eq!(slug("429 Too Many Requests"), "429-too-many-requests");
        assert_eq!(slug("`NoSuchKey` (from pre-recorded uploads)"), "nosuchkey-from-pre-recorded-uploads");
    }
}
