//! The styles of Markdown: the forms of lists, links and special characters.

use std::borrow::Cow;

use pulldown_cmark::{Event, Parser};

use crate::placeholders::{Links, Text};

/// A style of Markdown.
#[derive(Debug, Clone, Copy)]
pub(super) struct Style {
    pub(super) bullet: &'static str,
    pub(super) links: Links,
    /// Whether the output is MDX.
    pub(super) mdx: bool,
}

/// The style of all output but the published page.
pub(super) const PLAIN: Style = Style { bullet: "- ", links: Links::Absolute, mdx: false };

impl Style {
    /// Writes a text.
    pub(super) fn text(self, text: &Text) -> String {
        self.escape(&text.with_links(self.links))
    }

    /// Escapes a text for MDX, if the style requires that.
    pub(super) fn escape(self, text: &str) -> String {
        if self.mdx { escape_mdx(text) } else { text.to_owned() }
    }

    /// Writes a list with one item per line.
    pub(super) fn list(self, items: impl Iterator<Item = String>) -> String {
        join(items.map(|item| format!("{}{item}", self.bullet)), "\n")
    }
}

/// Joins texts with a separator. In unoptimized macros, `join` of the standard library takes three times as long.
pub(super) fn join(texts: impl IntoIterator<Item = String>, separator: &str) -> String {
    let mut out = String::new();
    for text in texts {
        if !out.is_empty() {
            out.push_str(separator);
        }
        out.push_str(&text);
    }
    out
}

/// Escapes a text for a cell of a Markdown table.
pub(super) fn escape_cell(text: &str) -> Cow<'_, str> {
    if text.contains('|') || text.contains('\n') {
        return text.replace('|', "\\|").replace('\n', " ").into();
    }
    text.into()
}

/// Escapes a text for MDX, where braces and `<` outside of code start expressions and tags, and `import` and `export`
/// at the start of a line start code.
fn escape_mdx(text: &str) -> String {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escape_mdx_escapes_braces_and_keywords() {
        assert_eq!(escape_mdx("a {b} `{c}` [{d}](x)"), "a \\{b\\} `{c}` [\\{d\\}](x)");
        assert_eq!(escape_mdx("export \\{x\\} if a < b"), "&#101;xport \\{x\\} if a \\< b");
    }
}
