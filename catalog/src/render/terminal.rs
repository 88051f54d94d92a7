//! Markdown as plain text for a terminal: no markup, a dash before items, addresses behind their words.

use pulldown_cmark::{Event, Parser, Tag, TagEnd};

/// The plain text of some Markdown, without a line feed at the end.
pub fn plain(markdown: &str) -> String {
    let mut out = String::new();
    let mut address = String::new();
    for event in Parser::new(markdown) {
        match event {
            Event::Text(text) | Event::Code(text) => out.push_str(&text),
            Event::Start(Tag::Item) => out.push_str("  - "),
            Event::SoftBreak | Event::HardBreak | Event::End(TagEnd::Item | TagEnd::List(_)) => out.push('\n'),
            Event::End(TagEnd::Paragraph) => out.push_str("\n\n"),
            Event::Start(Tag::Link { dest_url, .. }) => address = dest_url.to_string(),
            Event::End(TagEnd::Link) if !out.ends_with(&address) => {
                out.push_str(&format!(" <{address}>"));
            }
            _ => {}
        }
    }
    out.truncate(out.trim_end().len());
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_is_gone_and_addresses_stay() {
        let markdown = "One `code`.\n\n**Fix.**\n\n- Use [this](https://x/y).\n- Or that.\n\nEnd.";
        assert_eq!(plain(markdown), "One code.\n\nFix.\n\n  - Use this <https://x/y>.\n  - Or that.\n\nEnd.");
    }
}
