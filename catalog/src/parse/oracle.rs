//! Both readers of TOML: where the quick one does not give up, the thorough one reads the same and finds nothing wrong.

use super::{plain, thorough};
use crate::problem::Problems;
use crate::source::Sources;

/// Whether the file is plain; if it is, the thorough reader finds nothing wrong in it and reads the same.
#[track_caller]
fn is_plain(text: &str) -> bool {
    let mut sources = Sources::default();
    assert_eq!(sources.add("x", text.as_bytes()), None);
    let source = sources.get(0).unwrap();
    let Some(plain) = plain::entries(0, source.text()) else { return false };
    let problems = Problems::default();
    let thorough = thorough(0, source, &problems);
    assert_eq!(problems.sorted(), [], "{text}");
    assert_eq!(format!("{plain:?}"), format!("{thorough:?}"), "{text}");
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
fn built_in_catalogs_are_plain() {
    assert!(is_plain(ALL_KINDS));
    assert!(is_plain(""));
    for (name, text) in crate::WAVES.files {
        assert!(is_plain(text), "{name}");
    }
}

#[test]
fn corrupted_file_is_not_plain_or_reads_the_same() {
    let (mut plain, mut all) = (0, 0);
    for (at, char) in ALL_KINDS.char_indices() {
        let (before, after) = (&ALL_KINDS[..at], &ALL_KINDS[at + char.len_utf8()..]);
        for with in
            ["", "\n", "\r", "\t", "\0", "\u{7f}", "\\", "\"", "'", "[", "]", "{", ".", "=", ",", "#", "1", "x.y"]
        {
            all += 1;
            plain += usize::from(is_plain(&format!("{before}{with}{after}")));
        }
        is_plain(before);
    }
    assert!(plain > all / 20 && plain < all / 2, "{plain} of {all}");
}

#[test]
fn reopened_tables_read_the_same() {
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
fn distant_tables_dates_and_deep_arrays_are_not_plain() {
    let many: String = (0..40).map(|n| format!("[case.c{n}]\nn = {n}\n")).collect();
    assert!(is_plain(&many));
    assert!(is_plain(&format!("{many}[[case.c39.x]]\n[other]\n[case.c40]\n")));
    assert!(!is_plain(&format!("{many}[case.c0.x]\n")));
    assert!(!is_plain(&format!("{many}[case.c0]\n")));
    assert!(!is_plain("at = 2026-01-01\n"));
    assert!(is_plain(&format!("a = {}1{}", "[".repeat(16), "]".repeat(16))));
    assert!(!is_plain(&format!("a = {}1{}", "[".repeat(17), "]".repeat(17))));
}
