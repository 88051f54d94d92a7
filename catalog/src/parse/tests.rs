//! Compares the two TOML parsers: a file that the fast parser accepts has the same tree and no errors in the other.

use std::time::Instant;

use super::{fast, recovering};
use crate::problem::Problems;
use crate::source::Sources;

/// Returns whether the fast parser accepts the file; if it does, asserts that the other parser returns the same tree.
#[track_caller]
fn is_fast(text: &str) -> bool {
    let mut sources = Sources::default();
    assert_eq!(sources.add("x", text.as_bytes()), None);
    let source = sources.get(0).unwrap();
    let Some(fast) = fast::parse(0, source.text()) else { return false };
    let problems = Problems::default();
    let recovered = recovering::parse(0, source, &problems);
    assert_eq!(problems.into_sorted(), [], "{text}");
    assert_eq!(format!("{fast:?}"), format!("{recovered:?}"), "{text}");
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
    assert!(is_fast(ALL_KINDS));
    assert!(is_fast(""));
    for (name, text) in crate::WAVES.files {
        assert!(is_fast(text), "{name}");
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
            plain += usize::from(is_fast(&format!("{before}{replacement}{after}")));
        }
        is_fast(before);
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
                    plain += usize::from(is_fast(&format!("{first}\n{second}\n{third}\n{fourth}\n")));
                }
            }
        }
    }
    assert!(plain > 2_000, "{plain}");
}

#[test]
fn fast_parser_rejects_distant_reopened_tables_and_deep_nesting() {
    let many: String = (0..40).map(|n| format!("[case.c{n}]\nn = {n}\n")).collect();
    assert!(is_fast(&many));
    assert!(is_fast(&format!("{many}[[case.c39.x]]\n[other]\n[case.c40]\n")));
    assert!(!is_fast(&format!("{many}[case.c0.x]\n")));
    assert!(!is_fast(&format!("{many}[case.c0]\n")));
    assert!(!is_fast("at = 2026-01-01\n"));
    assert!(is_fast(&format!("a = {}1{}", "[".repeat(16), "]".repeat(16))));
    assert!(!is_fast(&format!("a = {}1{}", "[".repeat(17), "]".repeat(17))));
}

/// Prints the time of each parser for catalogs of several sizes.
#[test]
#[ignore = "measures"]
fn time_of_both_parsers() {
    for count in [30, 100, 1_000, 5_000] {
        let case = |n| {
            format!(
                "[case.case-{n}]\ncode = \"CODE_{n}\"\nsummary = \"The request with the number {n} was refused.\"\n\
                 causes = [{{ id = \"a\", text = \"A parameter of the request {n} is missing; the answer names it.\" }}]\n\
                 fixes = [{{ text = \"Read the answer, correct the parameter {n}, and send it again.\", for = [\"a\"] }}]\n"
            )
        };
        let text: String = (0..count).map(case).collect();
        let mut sources = Sources::default();
        assert_eq!(sources.add("x", text.as_bytes()), None);
        let source = sources.get(0).unwrap();
        let time = |parse: &dyn Fn() -> usize| {
            let measure = |_| {
                let start = Instant::now();
                assert_eq!(parse(), 1);
                start.elapsed()
            };
            (0..9).map(measure).min().unwrap_or_default()
        };
        let fast = time(&|| fast::parse(0, source.text()).unwrap().len());
        let recovering = time(&|| recovering::parse(0, source, &Problems::default()).len());
        println!("{count} cases: {fast:?} instead of {recovering:?}");
    }
}
