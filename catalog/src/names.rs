//! Ids, and the Rust names that follow from them.

use heck::{ToSnakeCase, ToUpperCamelCase};

/// Returns whether an id matches `[a-z][a-z0-9-]*`, without a final or a double dash.
pub(crate) fn is_id(id: &str) -> bool {
    id.starts_with(|c: char| c.is_ascii_lowercase())
        && id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        && !id.ends_with('-')
        && !id.contains("--")
}

/// Returns the variant name for an id. A well-formed id, lower-case words with dashes, does not need heck, which is
/// slow in unoptimized macros.
pub(crate) fn variant_name(id: &str) -> String {
    let mut name = String::with_capacity(id.len());
    let mut word_start = true;
    for byte in id.bytes() {
        match byte {
            b'-' => word_start = true,
            b'a'..=b'z' if word_start => name.push(char::from(byte.to_ascii_uppercase())),
            b'a'..=b'z' | b'0'..=b'9' => name.push(char::from(byte)),
            _ => return id.to_upper_camel_case(),
        }
        word_start &= byte == b'-';
    }
    name
}

/// Returns whether a name can be the name of a variant.
pub(crate) fn is_variant_name(name: &str) -> bool {
    // `ALL` is a constant of the enum.
    !matches!(name, "Self" | "ALL")
        && name.starts_with(|c: char| c.is_ascii_uppercase())
        && name.bytes().all(|b| b.is_ascii_alphanumeric())
}

/// Returns the module name of a page: from its title, or from its file name if the title is not a valid name.
pub(crate) fn module_name(title: &str, file_name: &str) -> String {
    let mut names = [title, file_name].into_iter().map(ToSnakeCase::to_snake_case);
    names.find(|name| is_module_name(name)).unwrap_or_else(|| "page".to_owned())
}

fn is_module_name(name: &str) -> bool {
    // The strict and reserved keywords of editions 2015 to 2024 (Rust reference, "Keywords").
    const KEYWORDS: &str = " abstract as async await become box break const continue crate do dyn else enum extern false \
        final fn for gen if impl in let loop macro match mod move mut override priv pub ref return self static struct \
        super trait true try type typeof unsafe unsized use virtual where while yield ";
    name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
        && !KEYWORDS.contains(&format!(" {name} "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variant_name_agrees_with_heck() {
        let letters = ["", "a", "Z", "1", "-", "_", "é"];
        let mut ids = vec![String::new()];
        for _ in 0..5 {
            ids = ids.iter().flat_map(|id| letters.map(|letter| format!("{id}{letter}"))).collect();
        }
        for id in ids {
            assert_eq!(variant_name(&id), id.to_upper_camel_case(), "{id}");
        }
    }
}
