//! Renders Markdown for a terminal: wrapped to its width, with bold headings, colored code, and hyperlinks if the
//! terminal supports them; for pipes as plain text with one line per paragraph.

use std::io::stdout;
use std::mem::take;

use anstream::{AutoStream, ColorChoice};
use pulldown_cmark::{CowStr, Event, Parser, Tag, TagEnd};
use supports_hyperlinks::{Stream, on};
use terminal_size::{Width, terminal_size_of};
use textwrap::core::display_width;
use textwrap::{Options, WordSeparator, WordSplitter, WrapAlgorithm, fill};

// Each style only resets itself, so that styles can be nested.
const BOLD: [&str; 2] = ["\x1b[1m", "\x1b[22m"];
const CODE: [&str; 2] = ["\x1b[36m", "\x1b[39m"];

/// The maximum width of lines in columns: wider lines are hard to read.
const MAX_WIDTH: usize = 100;

/// The properties of the terminal. Styles are always written: the stream removes them if they are not wanted.
pub(crate) struct Terminal {
    /// The width in columns.
    width: usize,
    /// Whether links are hyperlinks (OSC 8) instead of printed URLs.
    links: bool,
}

impl Terminal {
    /// Returns the properties of stdout.
    pub(crate) fn for_stdout() -> Self {
        let width = terminal_size_of(stdout()).map(|(Width(columns), _)| MAX_WIDTH.min(columns.into()));
        let styled = AutoStream::choice(&stdout()) != ColorChoice::Never;
        Self { width: width.unwrap_or(usize::MAX), links: styled && on(Stream::Stdout) }
    }

    /// Renders a heading.
    pub(crate) fn heading(&self, markdown: &str) -> String {
        self.render(&format!("# {markdown}"))
    }

    /// Renders Markdown, without a line feed at the end.
    pub(crate) fn render(&self, markdown: &str) -> String {
        let mut out = String::new();
        // The text of the current block, its list depth, and its bullet.
        let (mut block, mut depth, mut bullet) = (String::new(), 0_usize, "");
        // The URL of the current link, and the offset of its words.
        let (mut address, mut words) = (String::new(), 0);
        for event in Parser::new(markdown) {
            match event {
                Event::Text(text) | Event::Html(text) | Event::InlineHtml(text) => block.push_str(&sanitize(&text)),
                Event::Code(text) => block.extend([CODE[0], &sanitize(&text), CODE[1]]),
                Event::SoftBreak => block.push(' '),
                Event::HardBreak => block.push('\n'),
                Event::Start(Tag::Strong | Tag::Heading { .. }) => block.push_str(BOLD[0]),
                Event::End(TagEnd::Strong) => block.push_str(BOLD[1]),
                Event::Start(Tag::Link { dest_url, .. }) => {
                    address = sanitize(&dest_url);
                    if self.hides_url(&address) {
                        block.push_str(&hyperlink(&address));
                    }
                    words = block.len();
                }
                Event::End(TagEnd::Link) if self.hides_url(&address) => block.push_str(&hyperlink("")),
                Event::End(TagEnd::Link) => {
                    // The words can be the URL.
                    let words = &block[words..];
                    if words != address && Some(words) != address.strip_prefix("https://") {
                        block.push_str(&format!(" <{address}>"));
                    }
                }
                Event::Start(Tag::List(_)) => {
                    self.end_block(&mut out, &mut block, depth, take(&mut bullet));
                    depth += 1;
                }
                Event::Start(Tag::Item) => bullet = "- ",
                Event::End(TagEnd::Heading(_)) => {
                    block.push_str(BOLD[1]);
                    self.end_block(&mut out, &mut block, depth, take(&mut bullet));
                    out.push('\n');
                }
                Event::End(end @ (TagEnd::Paragraph | TagEnd::CodeBlock | TagEnd::HtmlBlock | TagEnd::Item)) => {
                    self.end_block(&mut out, &mut block, depth, take(&mut bullet));
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

    /// Returns whether a link to the URL is a hyperlink, so that the URL is not printed.
    fn hides_url(&self, address: &str) -> bool {
        self.links && ["https://", "http://", "mailto:"].iter().any(|scheme| address.starts_with(scheme))
    }

    /// Writes a block, indented below its bullet.
    fn end_block(&self, out: &mut String, block: &mut String, depth: usize, bullet: &str) {
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

    /// Returns a row of a table whose last column, plain text, is wrapped within the column.
    pub(crate) fn row(&self, first: &str, last: &str) -> String {
        let remaining = self.width.saturating_sub(display_width(first));
        // If the remaining width is too small, the following lines have the full width.
        let indent = if remaining < 20 { "  ".to_owned() } else { " ".repeat(display_width(first)) };
        self.fill(first, &indent, last)
    }

    /// Returns the width for bars after the given columns, at most `max`.
    pub(crate) fn bar_width(&self, columns_before: usize, max: usize) -> usize {
        max.min(self.width.saturating_sub(columns_before)).max(1)
    }

    /// Wraps a text between words only, so that ids and URLs can be copied.
    fn fill(&self, first: &str, indent: &str, text: &str) -> String {
        let options = Options::new(self.width)
            .initial_indent(first)
            .subsequent_indent(indent)
            .break_words(false)
            .word_separator(WordSeparator::AsciiSpace)
            .word_splitter(WordSplitter::NoHyphenation)
            .wrap_algorithm(WrapAlgorithm::FirstFit);
        fill(text, options)
    }
}

/// Returns the escape sequence that starts a link, or ends it if the address is empty (OSC 8).
fn hyperlink(address: &str) -> String {
    format!("\x1b]8;;{address}\x1b\\")
}

/// Replaces control characters of a catalog's text, which could be terminal escape sequences.
fn sanitize(text: &CowStr<'_>) -> String {
    text.replace(|char: char| char.is_control() && char != '\n', "\u{fffd}")
}

#[cfg(test)]
mod tests {
    use super::*;

    const MARKDOWN: &str = "One `code`.\n\n**Fix.**\n\n- Use [this](https://x/y) until it works.\n- Or that.\n\nEnd.";

    /// Renders without styles, which the stream removes.
    fn plain_text(width: usize, markdown: &str) -> String {
        anstream::adapter::strip_str(&Terminal { width, links: false }.render(markdown)).to_string()
    }

    #[test]
    fn pipe_gets_plain_text_with_urls() {
        assert_eq!(
            plain_text(usize::MAX, MARKDOWN),
            "One code.\n\nFix.\n\n  - Use this <https://x/y> until it works.\n  - Or that.\n\nEnd."
        );
    }

    #[test]
    fn lines_are_wrapped_to_terminal_width() {
        assert_eq!(
            plain_text(19, MARKDOWN),
            "One code.\n\nFix.\n\n  - Use this\n    <https://x/y>\n    until it works.\n  - Or that.\n\nEnd."
        );
        // A word that does not fit is not broken.
        assert_eq!(plain_text(4, "An address-of-something."), "An\naddress-of-something.");
        assert_eq!(plain_text(0, "a b"), "a\nb");
    }

    #[test]
    fn styles_are_reset_and_links_are_hyperlinks() {
        let terminal = Terminal { width: 80, links: true };
        assert_eq!(terminal.heading("A `b`"), "\x1b[1mA \x1b[36mb\x1b[39m\x1b[22m");
        assert_eq!(terminal.render("[this](https://x/y)"), "\x1b]8;;https://x/y\x1b\\this\x1b]8;;\x1b\\");
        assert_eq!(terminal.render("[this](javascript:x)"), "this <javascript:x>");
    }

    #[test]
    fn all_kinds_of_blocks_are_rendered() {
        assert_eq!(
            plain_text(80, "# Head\n\n- one\n\n  more\n\n  - deep\n\n```\na\n  b\n```\n\n<KEY>\n\nfor <b>"),
            "Head\n\n  - one\n    more\n      - deep\n\na\n  b\n\n<KEY>\n\nfor <b>"
        );
    }

    #[test]
    fn control_characters_are_replaced() {
        let text = Terminal { width: 80, links: true }.render("&#27;]0;x&#7; [a](https://x/&#27;[2J)");
        assert!(!text.contains('\u{7}') && text.matches('\x1b').count() == 4, "{text:?}");
    }
}
