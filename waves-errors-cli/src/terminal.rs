//! Markdown for a terminal: as wide as it is, run-ins in bold, code in colour, links that can be followed where the terminal
//! knows how; and for pipes the words alone, a paragraph a line.

use std::io::stdout;
use std::mem::take;

use anstream::{AutoStream, ColorChoice};
use pulldown_cmark::{CowStr, Event, Parser, Tag, TagEnd};
use supports_hyperlinks::{Stream, on};
use terminal_size::{Width, terminal_size_of};
use textwrap::core::display_width;
use textwrap::{Options, WordSeparator, WordSplitter, WrapAlgorithm, fill};

// Each ends what it began and nothing else, so that one can stand in another.
const BOLD: [&str; 2] = ["\x1b[1m", "\x1b[22m"];
const CODE: [&str; 2] = ["\x1b[36m", "\x1b[39m"];

/// Wider lines are hard to read.
const WIDEST: usize = 100;

/// What Markdown is rendered for. The styles are always written: the stream drops them where they are not wanted.
pub(crate) struct Terminal {
    /// Columns.
    width: usize,
    /// Whether links are hidden behind their words (OSC 8).
    links: bool,
}

impl Terminal {
    /// What stdout is.
    pub(crate) fn of_stdout() -> Self {
        let width = terminal_size_of(stdout()).map(|(Width(columns), _)| WIDEST.min(columns.into()));
        let styled = AutoStream::choice(&stdout()) != ColorChoice::Never;
        Self { width: width.unwrap_or(usize::MAX), links: styled && on(Stream::Stdout) }
    }

    /// A heading.
    pub(crate) fn heading(&self, markdown: &str) -> String {
        self.render(&format!("# {markdown}"))
    }

    /// Markdown, without a line feed at the end.
    pub(crate) fn render(&self, markdown: &str) -> String {
        let mut out = String::new();
        // What the block holds so far, how many lists it stands in, what begins it.
        let (mut block, mut depth, mut bullet) = (String::new(), 0_usize, "");
        let mut address = String::new();
        for event in Parser::new(markdown) {
            match event {
                Event::Text(text) | Event::Html(text) | Event::InlineHtml(text) => block.push_str(&harmless(&text)),
                Event::Code(text) => block.extend([CODE[0], &harmless(&text), CODE[1]]),
                Event::SoftBreak => block.push(' '),
                Event::HardBreak => block.push('\n'),
                Event::Start(Tag::Strong | Tag::Heading { .. }) => block.push_str(BOLD[0]),
                Event::End(TagEnd::Strong) => block.push_str(BOLD[1]),
                Event::Start(Tag::Link { dest_url, .. }) => {
                    address = harmless(&dest_url);
                    if self.follows(&address) {
                        block.push_str(&hyperlink(&address));
                    }
                }
                Event::End(TagEnd::Link) if self.follows(&address) => block.push_str(&hyperlink("")),
                Event::End(TagEnd::Link) if !block.ends_with(&address) => {
                    block.push_str(&format!(" <{address}>"));
                }
                Event::Start(Tag::List(_)) => {
                    self.end(&mut out, &mut block, depth, take(&mut bullet));
                    depth += 1;
                }
                Event::Start(Tag::Item) => bullet = "- ",
                Event::End(TagEnd::Heading(_)) => {
                    block.push_str(BOLD[1]);
                    self.end(&mut out, &mut block, depth, take(&mut bullet));
                    out.push('\n');
                }
                Event::End(end @ (TagEnd::Paragraph | TagEnd::CodeBlock | TagEnd::HtmlBlock | TagEnd::Item)) => {
                    self.end(&mut out, &mut block, depth, take(&mut bullet));
                    if depth == 0 && end != TagEnd::Item {
                        out.push('\n');
                    }
                }
                Event::End(TagEnd::List(_)) => {
                    depth = depth.saturating_sub(1);
                    if depth == 0 {
                        out.push('\n');
                    }
                }
                _ => {}
            }
        }
        out.truncate(out.trim_end().len());
        out
    }

    /// Whether an address is hidden behind its words.
    fn follows(&self, address: &str) -> bool {
        self.links && ["https://", "http://", "mailto:"].iter().any(|scheme| address.starts_with(scheme))
    }

    /// Ends a block: its lines, below what begins it.
    fn end(&self, out: &mut String, block: &mut String, depth: usize, bullet: &str) {
        let block = take(block);
        if block.is_empty() && bullet.is_empty() {
            return;
        }
        let (outer, inner) = if depth == 0 {
            (String::new(), String::new())
        } else {
            let outer = "    ".repeat(depth.saturating_sub(1)) + "  ";
            (outer.clone() + if bullet.is_empty() { "  " } else { bullet }, outer + "  ")
        };
        out.push_str(&self.fill(&outer, &inner, block.trim_end_matches('\n')));
        out.push('\n');
    }

    /// A line of a table whose last column, plain words, stays a column where it is wrapped.
    pub(crate) fn row(&self, first: &str, last: &str) -> String {
        let room = self.width.saturating_sub(display_width(first));
        // Where hardly any room is left, as much as there is below.
        let below = if room < 20 { "  ".to_owned() } else { " ".repeat(display_width(first)) };
        self.fill(first, &below, last)
    }

    /// Columns for bars behind so many others, `most` at the most.
    pub(crate) fn bars(&self, behind: usize, most: usize) -> usize {
        most.min(self.width.saturating_sub(behind)).max(1)
    }

    /// Nothing is broken within a word: ids and addresses can be copied.
    fn fill(&self, first: &str, below: &str, text: &str) -> String {
        let options = Options::new(self.width)
            .initial_indent(first)
            .subsequent_indent(below)
            .break_words(false)
            .word_separator(WordSeparator::AsciiSpace)
            .word_splitter(WordSplitter::NoHyphenation)
            .wrap_algorithm(WrapAlgorithm::FirstFit);
        fill(text, options)
    }
}

/// A link's begin, or with no address its end, as terminals know them (OSC 8).
fn hyperlink(address: &str) -> String {
    format!("\x1b]8;;{address}\x1b\\")
}

/// A text of a catalog, which could hold what a terminal takes for a command.
fn harmless(text: &CowStr<'_>) -> String {
    text.replace(|char: char| char.is_control() && char != '\n', "\u{fffd}")
}

#[cfg(test)]
mod tests {
    use super::*;

    const MARKDOWN: &str = "One `code`.\n\n**Fix.**\n\n- Use [this](https://x/y) until it works.\n- Or that.\n\nEnd.";

    /// Without styles, as the stream drops them.
    fn unstyled(width: usize, markdown: &str) -> String {
        anstream::adapter::strip_str(&Terminal { width, links: false }.render(markdown)).to_string()
    }

    #[test]
    fn pipe_output_has_urls_and_no_line_breaks() {
        assert_eq!(
            unstyled(usize::MAX, MARKDOWN),
            "One code.\n\nFix.\n\n  - Use this <https://x/y> until it works.\n  - Or that.\n\nEnd."
        );
    }

    #[test]
    fn lines_are_wrapped_at_the_terminal_width() {
        assert_eq!(
            unstyled(19, MARKDOWN),
            "One code.\n\nFix.\n\n  - Use this\n    <https://x/y>\n    until it works.\n  - Or that.\n\nEnd."
        );
        // What fits nowhere stays whole.
        assert_eq!(unstyled(4, "An address-of-something."), "An\naddress-of-something.");
        assert_eq!(unstyled(0, "a b"), "a\nb");
    }

    #[test]
    fn styles_are_reset_and_links_are_hyperlinks() {
        let terminal = Terminal { width: 80, links: true };
        assert_eq!(terminal.heading("A `b`"), "\x1b[1mA \x1b[36mb\x1b[39m\x1b[22m");
        assert_eq!(terminal.render("[this](https://x/y)"), "\x1b]8;;https://x/y\x1b\\this\x1b]8;;\x1b\\");
        assert_eq!(terminal.render("[this](javascript:x)"), "this <javascript:x>");
    }

    #[test]
    fn all_kinds_of_blocks_are_kept() {
        assert_eq!(
            unstyled(80, "# Head\n\n- one\n\n  more\n\n  - deep\n\n```\na\n  b\n```\n\n<KEY>\n\nfor <b>"),
            "Head\n\n  - one\n    more\n      - deep\n\na\n  b\n\n<KEY>\n\nfor <b>"
        );
    }

    #[test]
    fn control_characters_are_not_printed() {
        let text = Terminal { width: 80, links: true }.render("&#27;]0;x&#7; [a](https://x/&#27;[2J)");
        assert!(!text.contains('\u{7}') && text.matches('\x1b').count() == 4, "{text:?}");
    }
}
