//! The Markdown that a text may contain: a single paragraph of words, code, emphasis and named links.

use std::ops::Range;

use pulldown_cmark::{BrokenLink, Event, LinkType, Options, Parser, Tag, TagEnd};

use crate::text::{is_absolute_url, is_plain};

/// A problem in a text, before its location is known.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct TextProblem {
    pub(super) lint: &'static str,
    pub(super) range: Range<usize>,
    pub(super) message: &'static str,
    pub(super) help: &'static str,
}

/// Returns the problems of a text. Only a single paragraph of words, code, emphasis and links is allowed.
///
/// Everything else breaks some output. Raw HTML breaks the page and rustdoc, blocks break list items and table cells,
/// and a stray backtick breaks the text after it. Rustdoc warns about bare URLs and stray brackets.
pub(super) fn text_problems(text: &str) -> Vec<TextProblem> {
    if text.is_empty() || is_plain(text) {
        return Vec::new();
    }
    let mut problems = Vec::new();
    let mut stray = Vec::new();
    // Brackets around words that are not a link: rustdoc interprets them as a link to an item.
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
        help: "write `[words](link:NAME)`, put the words in backticks, or escape the bracket: `\\\\[` in a basic string, `\\[` in a literal string",
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
            help: "start it with a word, or escape the first character with `\\`",
        }];
    }
    if text.starts_with("[ ]") {
        problems.push(TextProblem {
            lint: "stray-brackets",
            range: 0..3,
            message: "brackets at the start make a task list",
            help: "start the text with a word",
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
                message: "image in a text",
                help: "link to it: `[words](link:NAME)`",
            }),
            Event::End(TagEnd::Link) => inside_link = false,
            Event::Html(_) | Event::InlineHtml(_) => problems.push(TextProblem {
                lint: "raw-html",
                range,
                message: "raw HTML in a text",
                help: "put it in backticks, or write `&lt;` for `<`",
            }),
            Event::Text(words) => {
                for (at, _) in words.match_indices("://").filter(|_| !inside_link) {
                    let start = words[..at].rfind(|c: char| !c.is_ascii_alphanumeric()).map_or(0, |before| before + 1);
                    let end = words[at..].find(char::is_whitespace).map_or(words.len(), |end| at + end);
                    problems.push(TextProblem {
                        lint: "bare-url",
                        range: range.start + start..range.start + end,
                        message: "bare URL in a text",
                        help: "write `[words](https://...)`, or put it in backticks",
                    });
                }
                let escaped = text[..range.start].ends_with('\\');
                let source = &text[range.clone()];
                if let Some(at) = source.find('`').filter(|&at| at > 0 || !escaped) {
                    problems.push(TextProblem {
                        lint: "stray-backtick",
                        range: range.start + at..range.start + at + 1,
                        message: "unclosed backtick",
                        help: "close it, or write `&#96;` for a literal backtick",
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
            lint: "bare-url",
            range,
            message: "bare URL in a text",
            help: "write `[words](https://...)`, or put it in backticks",
        });
    }
    let is_written = kind == LinkType::Inline && source.ends_with(&format!("]({address})"));
    let is_https = address.starts_with("https://") && is_absolute_url(address);
    (!is_written || !is_https && !address.starts_with("link:")).then_some(TextProblem {
        lint: "bad-link",
        range,
        message: "invalid link in a text",
        help: "write `[words](https://...)`, or add the URL to `[links]` and write `[words](link:NAME)`",
    })
}

/// Returns the URLs of the links in a text that are not named, each with its range.
pub(super) fn direct_links(text: &str) -> Vec<(Range<usize>, &str)> {
    if !text.contains("](https://") {
        return Vec::new();
    }
    let links = Parser::new(text).into_offset_iter().filter_map(|(event, range)| {
        let source = &text[range.clone()];
        let start = source.rfind("](https://").filter(|_| matches!(event, Event::Start(Tag::Link { .. })))? + 2;
        let url = source[start..].strip_suffix(')')?;
        Some((range.start + start..range.start + start + url.len(), url))
    });
    links.collect()
}
