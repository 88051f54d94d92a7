//! Pieces of Rust code: the enum's name, string literals, doc attributes.

/// The name and the visibility of the enum to generate.
#[derive(Debug, Clone, Copy)]
pub struct Item<'a> {
    /// The name of the enum.
    pub name: &'a str,
    /// The visibility in Rust syntax: `pub`, or empty.
    pub vis: &'a str,
}

/// Returns a string literal, without escapes if possible, which is shorter and faster to parse.
pub fn string_literal(text: &str) -> String {
    const END: &str = "\"########";
    let contains = |byte: u8| text.as_bytes().contains(&byte);
    // rustc requires escapes for carriage returns and for characters that change the text direction, which start with
    // 0xe2.
    let verbatim = !contains(b'\r') && !contains(0xe2);
    if verbatim && !contains(b'"') && !contains(b'\\') {
        return format!("\"{text}\"");
    }
    match (0..END.len()).find(|&hashes| verbatim && !text.contains(&END[..=hashes])) {
        Some(hashes) => format!("r{}\"{text}{}", &END[1..=hashes], &END[..=hashes]),
        None => format!("{text:?}"),
    }
}

pub(super) fn doc_attribute(markdown: &str) -> String {
    format!("#[doc = {}]", string_literal(markdown))
}

/// Returns an attribute per line, which a formatter prints as `///`.
pub(super) fn doc_line_attributes(markdown: &str) -> String {
    let space = |line: &str| if line.is_empty() { String::new() } else { format!(" {line}") };
    markdown.trim_start().lines().map(|line| doc_attribute(&space(line))).collect()
}
