//! Compares the two TOML parsers: a file that the fast parser accepts has the same tree and no errors in the other.

use super::{parse_with_errors, plain};
use crate::problem::Problems;
use crate::source::Sources;

/// Whether the fast parser accepts the file; if it does, asserts that the other parser agrees.
#[track_caller]
fn is_plain(text: &str) -> bool {
    let mut sources = Sources::default();
    assert_eq!(sources.add("x", text.as_bytes()), None);
    let source = sources.get(0).unwrap();
    let Some(plain) = plain::entries(0, source.text()) else { return false };
    let problems = Problems::default();
    let recovered = parse_with_errors(0, source, &problems);
    assert_eq!(problems.into_sorted(), [], "{text}");
    assert_eq!(format!("{plain:?}"), format!("{recovered:?}"), "{text}");
    true
}

const ALL_KINDS: &str = "\
# a comment \u{e9}
schema = 1 # and one behind
\"a b\" = 'c' \t
big = 0xf_f
dotted.a = [1, -2_0, 3.5e1, true, nan]
dotted.b . c = \"\\u00e9\\n\" # spaces

[x.y]
text = \"\"\"\na \\
  b\"\"\"
raw = \'\'\'\nc\\\'\'\'
[[x.y.z]]
t = { a = 1, b.c = [{}, { d = \"\u{1d11e}\" }],
  e = [ ] }
[[x.y.z]]
[x.y.z.w]
[w]
";

#[test]
fn fast_parser_accepts_valid_files() {
    assert!(is_plain(ALL_KINDS));
    assert!(is_plain(""));
    for (name, text) in crate::WAVES.files {
        assert!(is_plain(text), "{name}");
    }
}

#[test]
fn fast_parser_rejects_or_agrees_on_mutated_files() {
    let (mut plain, mut total) = (0, 0);
    for (at, char) in ALL_KINDS.char_indices() {
        let (before, after) = (&ALL_KINDS[..at], &ALL_KINDS[at + char.len_utf8()..]);
        for replacement in
            ["", "\n", "\r", "\t", "\0", "\u{7f}", "\\", "\"", "'", "[", "]", "{", ".", "=", ",", "#", "1", "x.y"]
        {
            total += 1;
            plain += usize::from(is_plain(&format!("{before}{replacement}{after}")));
        }
        is_plain(before);
    }
    assert!(plain > total / 20 && plain < total / 2, "{plain} of {total}");
}

#[test]
fn fast_parser_agrees_on_reopened_tables() {
    let lines = [
        "[a]",
        "[a.b]",
        "[b]",
        "[[a]]",
        "[[a.b]]",
        "[b.a.b]",
        "a = 1",
        "a.b = 1",
        "a.c = 1",
        "b.a.b = 1",
        "a = { b = 1 }",
        "a = { b.c = 1, b.d = 2 }",
        "a = [[1]]",
        "b = [{}]",
        "[b.a.c]",
        "b.a.c = { a.b = 1 }",
    ];
    let mut plain = 0;
    for first in lines {
        for second in lines {
            for third in lines {
                for fourth in lines {
                    plain += usize::from(is_plain(&format!("{first}\n{second}\n{third}\n{fourth}\n")));
                }
            }
        }
    }
    assert!(plain > 2_000, "{plain}");
}

#[test]
fn fast_parser_rejects_distant_reopened_tables_and_deep_nesting() {
    let many: String = (0..40).map(|n| format!("[case.c{n}]\nn = {n}\n")).collect();
    assert!(is_plain(&many));
    assert!(is_plain(&format!("{many}[[case.c39.x]]\n[other]\n[case.c40]\n")));
    assert!(!is_plain(&format!("{many}[case.c0.x]\n")));
    assert!(!is_plain(&format!("{many}[case.c0]\n")));
    assert!(!is_plain("at = 2026-01-01\n"));
    assert!(is_plain(&format!("a = {}1{}", "[".repeat(16), "]".repeat(16))));
    assert!(!is_plain(&format!("a = {}1{}", "[".repeat(17), "]".repeat(17))));
}
