//! The checker: what is named somewhere, pages, addresses. One mistake, one problem, at its place, with the way out.

use expect_test::expect;

use crate::check::{bad, told};

#[test]
fn unknown_references() {
    bad(
        "retry = \"onze\"",
        expect![[r#"
            error: unknown retry policy `onze` [unknown-reference]
              --> c.toml:18:9
               |
            18 | retry = "onze"
               |         ^^^^^^
               |
               = help: did you mean `once`?
        "#]],
    );
    bad(
        "refines = \"base\"",
        expect![[r#"
        error: `base` refines itself [circle]
          --> c.toml:18:11
           |
        18 | refines = "base"
           |           ^^^^^^
    "#]],
    );
    bad(
        "refines = \"usr\"",
        expect![[r#"
            error: unknown case `usr` [unknown-reference]
              --> c.toml:18:11
               |
            18 | refines = "usr"
               |           ^^^^^
               |
               = help: did you mean `user`?
        "#]],
    );
    bad(
        "deprecated = { use = \"other\" }",
        expect![[r#"
            error: unknown case `other` [unknown-reference]
              --> c.toml:18:22
               |
            18 | deprecated = { use = "other" }
               |                      ^^^^^^^
               |
               = help: known here: `base`, `user`
        "#]],
    );
    bad(
        "[case.x]\nstatus = 404\nsummary = \"X.\"\nrefines = \"y\"\n[case.y]\nstatus = 405\nsummary = \"Y.\"\nrefines = \"x\"",
        expect![[r#"
            error: `x` refines itself [circle]
              --> c.toml:21:11
               |
            21 | refines = "y"
               |           ^^^
        "#]],
    );
    bad(
        "causes = [{ id = \"a\", text = \"A.\" }]\nfixes = [{ text = \"F.\", for = [\"b\", \"a\"] }]",
        expect![[r#"
            error: unknown cause `b` [unknown-reference]
              --> c.toml:19:32
               |
            19 | fixes = [{ text = "F.", for = ["b", "a"] }]
               |                                ^^^
               |
               = help: known here: `a`
        "#]],
    );
    bad(
        "[checklist.t]\nlinks = [{ text = \"L\", to = \"halp\" }]",
        expect![[r#"
            warning: no section shows the checklist `t` [unused]
              --> c.toml:18:12
               |
            18 | [checklist.t]
               |            ^

            error: unknown link `halp` [unknown-reference]
              --> c.toml:19:29
               |
            19 | links = [{ text = "L", to = "halp" }]
               |                             ^^^^^^
               |
               = help: did you mean `help`?
        "#]],
    );
    bad(
        "[checklist.t]\nitems = [{ text = \"I.\", collect = [\"request\", \"header:x\", \"json:x\"] }]",
        expect![[r#"
        warning: no section shows the checklist `t` [unused]
          --> c.toml:18:12
           |
        18 | [checklist.t]
           |            ^

        error: nothing collects `request` [unknown-word]
          --> c.toml:19:36
           |
        19 | items = [{ text = "I.", collect = ["request", "header:x", "json:x"] }]
           |                                    ^^^^^^^^^
           |
           = help: did you mean `request-id`?

        error: nothing collects `json:x` [unknown-word]
          --> c.toml:19:59
           |
        19 | items = [{ text = "I.", collect = ["request", "header:x", "json:x"] }]
           |                                                           ^^^^^^^^
           |
           = help: known here: `header:NAME`, `json:/POINTER`, `method`, `request-body`, `request-id`, `response-body`, `status`, `time`, `url`, `workspace`
    "#]],
    );
}

#[test]
fn invalid_pages_and_sections() {
    bad(
        "[page]\ntitle = \"P\"\n[[section]]\ntitle = \"S\"\ncases = [\"user\", \"base\", \"base\"]",
        expect![[r#"
        error: `base` stands in two sections [case-twice]
          --> c.toml:22:26
           |
        22 | cases = ["user", "base", "base"]
           |                  ------  ^^^^^^
           |                  |
           |                  the first is here
    "#]],
    );
    bad(
        "[page]\ntitle = \"P\"\n[[section]]\ntitle = \"S\"\ncases = [\"user\"]",
        expect![[r#"
            error: `base` is not listed in any section of its page [case-in-no-section]
              --> c.toml:15:7
               |
            15 | [case.base]
               |       ^^^^
               |
               = help: list it in the `cases` of a section
        "#]],
    );
    bad(
        "[page]\ntitle = \"P\"\n[[section]]\ntitle = \"S\"\ncases = [\"user\", \"base\", \"bsae\"]",
        expect![[r#"
            error: unknown case `bsae` [unknown-reference]
              --> c.toml:22:26
               |
            22 | cases = ["user", "base", "bsae"]
               |                          ^^^^^^
               |
               = help: did you mean `base`?
        "#]],
    );
    bad(
        "[page]\ntitle = \"P\"\n[[section]]\ntitle = \"S\"\ncases = [\"user\", \"base\"]\nchecklist = \"t\"\n[checklist.t]",
        expect![[r#"
            error: a section has either `cases` or a `checklist` [section-contents]
              --> c.toml:20:1
               |
            20 | [[section]]
               | ^^^^^^^^^^^
        "#]],
    );
    bad(
        "[page]\ntitle = \"P\"\n[[section]]\ntitle = \"S\"\ncases = [\"user\", \"base\"]\n[[section]]\ntitle = \"T\"\nchecklist = \"t\"",
        expect![[r#"
            error: unknown checklist `t` [unknown-reference]
              --> c.toml:25:13
               |
            25 | checklist = "t"
               |             ^^^
        "#]],
    );
    bad(
        "[[section]]\ntitle = \"X\"\ncases = [\"base\"]",
        expect![[r#"
        error: a section needs a page to stand on [section-without-page]
          --> c.toml:19:9
           |
        19 | title = "X"
           |         ^^^
           |
           = help: add a `[page]` with a `title`
    "#]],
    );
    bad(
        "title = \"Same\"\n[case.x]\nstatus = 404\nsummary = \"X.\"\ntitle = \"same\"\n[page]\ntitle = \"P\"\nanchors = \"title\"",
        expect![[r#"
            error: `base` and `x` have one anchor on the page: `#same` [same-anchor]
              --> c.toml:22:9
               |
            18 | title = "Same"
               |         ------ the first is here
            ...
            22 | title = "same"
               |         ^^^^^^
               |
               = help: give one of them another `title`, or the page `anchors = "id"`
        "#]],
    );
}

#[test]
fn invalid_urls() {
    bad(
        "[links]\nx = \"c.example/x\"",
        expect![[r#"
            warning: no text uses the link `x` [unused]
              --> c.toml:17:1
               |
            17 | x = "c.example/x"
               | ^

            error: not an absolute URL: `c.example/x` [bad-address]
              --> c.toml:17:5
               |
            17 | x = "c.example/x"
               |     ^^^^^^^^^^^^^
               |
               = help: write `https://...`, without spaces, quotes and brackets
        "#]],
    );
    bad(
        "[links]\nx = \"javascript:alert(1)\"",
        expect![[r#"
            warning: no text uses the link `x` [unused]
              --> c.toml:17:1
               |
            17 | x = "javascript:alert(1)"
               | ^

            error: not an absolute URL: `javascript:alert(1)` [bad-address]
              --> c.toml:17:5
               |
            17 | x = "javascript:alert(1)"
               |     ^^^^^^^^^^^^^^^^^^^^^
               |
               = help: write `https://...`, without spaces, quotes and brackets
        "#]],
    );
    bad(
        "[links]\nx = \"https://\"",
        expect![[r#"
            warning: no text uses the link `x` [unused]
              --> c.toml:17:1
               |
            17 | x = "https://"
               | ^

            error: not an absolute URL: `https://` [bad-address]
              --> c.toml:17:5
               |
            17 | x = "https://"
               |     ^^^^^^^^^^
               |
               = help: write `https://...`, without spaces, quotes and brackets
        "#]],
    );
    bad(
        "[links]\nx = \"https://c.example/a b\"",
        expect![[r#"
            warning: no text uses the link `x` [unused]
              --> c.toml:17:1
               |
            17 | x = "https://c.example/a b"
               | ^

            error: not an absolute URL: `https://c.example/a b` [bad-address]
              --> c.toml:17:5
               |
            17 | x = "https://c.example/a b"
               |     ^^^^^^^^^^^^^^^^^^^^^^^
               |
               = help: write `https://...`, without spaces, quotes and brackets
        "#]],
    );
    bad(
        "[links]\nx = \"site:\"",
        expect![[r#"
            warning: no text uses the link `x` [unused]
              --> c.toml:17:1
               |
            17 | x = "site:"
               | ^

            error: not an absolute URL: `site:` [bad-address]
              --> c.toml:17:5
               |
            17 | x = "site:"
               |     ^^^^^^^
               |
               = help: write `https://...`, without spaces, quotes and brackets
        "#]],
    );
    bad(
        "[page]\ntitle = \"P\"\ndocs = \"/errors\"",
        expect![[r#"
            error: not an absolute URL: `/errors` [bad-address]
              --> c.toml:20:8
               |
            20 | docs = "/errors"
               |        ^^^^^^^^^
               |
               = help: write `https://...`, without spaces, quotes and brackets
        "#]],
    );
}

#[test]
fn invalid_checks() {
    let mut all = String::new();
    for step in [
        r#"{ text = "Why.", check = "bearer-wellformed" }"#,
        r#"{ text = "Why.", check = { header = "a", query = "b", is = "absent" } }"#,
        r#"{ text = "Why.", check = { is = "absent" } }"#,
        r#"{ text = "Why.", check = { header = "a" } }"#,
        r#"{ text = "Why.", check = { json = "a", is = "1" } }"#,
        r#"{ text = "Why.", check = { header = "a", is = "absent", not = true } }"#,
        r#"{ text = "Why.", check = 5 }"#,
    ] {
        all.push_str(&told(&format!("causes = [{step}]")));
    }
    expect![[r#"
        error: unknown check `bearer-wellformed` [unknown-reference]
          --> c.toml:18:36
           |
        18 | causes = [{ text = "Why.", check = "bearer-wellformed" }]
           |                                    ^^^^^^^^^^^^^^^^^^^
           |
           = help: did you mean `bearer-well-formed`?
        error: a check looks at one thing: `header`, `query` or `json` [bad-check]
          --> c.toml:18:28
           |
        18 | causes = [{ text = "Why.", check = { header = "a", query = "b", is = "absent" } }]
           |                            ^^^^^
        error: a check looks at one thing: `header`, `query` or `json` [bad-check]
          --> c.toml:18:28
           |
        18 | causes = [{ text = "Why.", check = { is = "absent" } }]
           |                            ^^^^^
        error: [check] has no `is` [missing-key]
          --> c.toml:18:28
           |
        18 | causes = [{ text = "Why.", check = { header = "a" } }]
           |                            ^^^^^
           |
           = help: add `is = ...`
        error: invalid JSON pointer `a` [bad-pointer]
          --> c.toml:18:45
           |
        18 | causes = [{ text = "Why.", check = { json = "a", is = "1" } }]
           |                                             ^^^
           |
           = help: write `/a`
        error: unknown key `not` in [check] [unknown-key]
          --> c.toml:18:67
           |
        18 | causes = [{ text = "Why.", check = { header = "a", is = "absent", not = true } }]
           |                                                                   ^^^
           |
           = help: known here: `header`, `is`, `json`, `query`
        error: [check] must be a table, not an integer [wrong-type]
          --> c.toml:18:36
           |
        18 | causes = [{ text = "Why.", check = 5 }]
           |                                    ^
    "#]]
    .assert_eq(&all);
}
