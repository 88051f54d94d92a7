//! Lines without a secret, written by real programs: redaction does not change them.

use std::fs;

use waves_errors::{CatalogEnum, Evidence, Redactor, WavesError};

use crate::data::path;

/// The lines that redaction changes, by a part of them, with the reason.
const CHANGED: [(&str, &str); 4] = [
    ("E   AssertionError: assert {'auth': 'dis...': ['a', 'b']}", "values that pytest cut look like short passwords"),
    ("FAILED test_tok.py::test_auth - AssertionError: assert {'auth': 'dis...", "the same"),
    ("let token = parse...", "code that the compiler cut: nothing says that it is a call"),
    ("<token type=\"word\">hello</token>", "an element with the name of a secret"),
];

#[test]
fn lines_without_secrets_are_not_changed() {
    let mut files: Vec<_> = fs::read_dir(path("data/precision")).unwrap().map(|file| file.unwrap().path()).collect();
    files.sort();
    let redactor = Redactor::new(WavesError::CATALOG, &Evidence::new());
    let (mut lines, mut changed, mut unknown) = (0, 0, Vec::new());
    for file in files {
        let text = fs::read_to_string(&file).unwrap();
        let redacted = redactor.text(&text).into_text();
        assert_eq!(redacted.lines().count(), text.lines().count());
        for (before, after) in text.lines().zip(redacted.lines()) {
            lines += 1;
            if before == after {
                continue;
            }
            changed += 1;
            if !CHANGED.iter().any(|(part, _)| before.contains(part)) {
                unknown.push(format!("{}: {before}\n  became {after}", file.file_name().unwrap().display()));
            }
        }
    }
    println!("{lines} lines, {changed} changed");
    assert!(unknown.is_empty(), "{}", unknown.join("\n"));
    assert!(lines >= 10_000 && changed <= 10, "{lines} lines, {changed} changed");
}
