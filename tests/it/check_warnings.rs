//! The checker: what could be better. One mistake, one problem, at its place, with the way out.

use expect_test::expect;

use crate::check::bad;

#[test]
fn unused_and_unreachable_items() {
    bad(
        "[links]\nspare = \"https://c.example/\"",
        expect![[r#"
        warning: no text uses the link `spare` [unused]
          --> c.toml:17:1
           |
        17 | spare = "https://c.example/"
           | ^^^^^
    "#]],
    );
    bad(
        "[retry.spare]\ninitial = \"1s\"",
        expect![[r#"
        warning: no case is retried by the policy `spare` [unused]
          --> c.toml:18:8
           |
        18 | [retry.spare]
           |        ^^^^^
    "#]],
    );
    bad(
        "[checklist.spare]\nitems = [{ text = \"I.\", collect = [\"url\"] }]",
        expect![[r#"
        warning: no section shows the checklist `spare` [unused]
          --> c.toml:18:12
           |
        18 | [checklist.spare]
           |            ^^^^^
    "#]],
    );
    bad(
        "code = \"b\"",
        expect![[r#"
            warning: `code` can never match: set `[wire] codes` to the fields that carry it [codes-nowhere]
              --> c.toml:17:8
               |
            17 | code = "b"
               |        ^^^
               |
               = help: add `codes = ["/code"]`, or where they stand, to `[wire]`
        "#]],
    );
    bad(
        "causes = [{ id = \"a\", text = \"A.\" }, { id = \"b\", text = \"B.\" }, \"C.\"]\nfixes = [{ text = \"F.\", for = [\"a\"] }, \"G.\"]",
        expect![[r#"
            warning: no fix addresses this cause [cause-without-fix]
              --> c.toml:18:57
               |
            18 | causes = [{ id = "a", text = "A." }, { id = "b", text = "B." }, "C."]
               |                                                         ^^^^
               |
               = help: give it an id, and name that in the `for` of a fix

            warning: no fix addresses this cause [cause-without-fix]
              --> c.toml:18:65
               |
            18 | causes = [{ id = "a", text = "A." }, { id = "b", text = "B." }, "C."]
               |                                                                 ^^^^
               |
               = help: give it an id, and name that in the `for` of a fix

            warning: this fix does not say which cause it is for [fix-for-no-cause]
              --> c.toml:19:40
               |
            19 | fixes = [{ text = "F.", for = ["a"] }, "G."]
               |                                        ^^^^
               |
               = help: name causes in its `for`, as the other fixes do
        "#]],
    );
}
