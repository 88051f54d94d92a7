//! The checker: ids and the Rust names that they become. One mistake, one problem, at its place, with the way out.

use expect_test::expect;

use crate::check::bad;

#[test]
fn invalid_ids() {
    bad(
        "[case.too--many]\nstatus = 404\nsummary = \"X.\"",
        expect![[r#"
            error: invalid id `too--many` [bad-id]
              --> c.toml:18:7
               |
            18 | [case.too--many]
               |       ^^^^^^^^^
               |
               = help: ids are lower-case words with dashes: letters, digits and `-`, a letter first
        "#]],
    );
    bad(
        "[case.x-]\nstatus = 404\nsummary = \"X.\"",
        expect![[r#"
            error: invalid id `x-` [bad-id]
              --> c.toml:18:7
               |
            18 | [case.x-]
               |       ^^
               |
               = help: ids are lower-case words with dashes: letters, digits and `-`, a letter first
        "#]],
    );
    bad(
        "[case.1x]\nstatus = 404\nsummary = \"X.\"",
        expect![[r#"
            error: invalid id `1x` [bad-id]
              --> c.toml:18:7
               |
            18 | [case.1x]
               |       ^^
               |
               = help: ids are lower-case words with dashes: letters, digits and `-`, a letter first
        "#]],
    );
    bad(
        "[case.\"größe\"]\nstatus = 404\nsummary = \"X.\"",
        expect![[r#"
            error: invalid id `größe` [bad-id]
              --> c.toml:18:7
               |
            18 | [case."größe"]
               |       ^^^^^^^
               |
               = help: ids are lower-case words with dashes: letters, digits and `-`, a letter first
        "#]],
    );
    bad(
        "[case.\"\"]\nstatus = 404\nsummary = \"X.\"",
        expect![[r#"
            error: invalid id `` [bad-id]
              --> c.toml:18:7
               |
            18 | [case.""]
               |       ^^
               |
               = help: ids are lower-case words with dashes: letters, digits and `-`, a letter first
        "#]],
    );
    bad(
        "[retry.Slow]\ninitial = \"1s\"",
        expect![[r#"
            error: invalid id `Slow` [bad-id]
              --> c.toml:18:8
               |
            18 | [retry.Slow]
               |        ^^^^
               |
               = help: ids are lower-case words with dashes: letters, digits and `-`, a letter first

            warning: no case is retried by the policy `Slow` [unused]
              --> c.toml:18:8
               |
            18 | [retry.Slow]
               |        ^^^^
        "#]],
    );
    bad(
        "[links]\nThe_Docs = \"https://x.example/\"",
        expect![[r#"
            error: invalid id `The_Docs` [bad-id]
              --> c.toml:17:1
               |
            17 | The_Docs = "https://x.example/"
               | ^^^^^^^^
               |
               = help: ids are lower-case words with dashes: letters, digits and `-`, a letter first

            warning: no text uses the link `The_Docs` [unused]
              --> c.toml:17:1
               |
            17 | The_Docs = "https://x.example/"
               | ^^^^^^^^
        "#]],
    );
    bad(
        "causes = [{ id = \"A\", text = \"A.\" }]",
        expect![[r#"
            error: invalid id `A` [bad-id]
              --> c.toml:18:18
               |
            18 | causes = [{ id = "A", text = "A." }]
               |                  ^^^
               |
               = help: ids are lower-case words with dashes: letters, digits and `-`, a letter first
        "#]],
    );
}

#[test]
fn invalid_and_duplicate_names() {
    bad(
        "[case.ba-se]\nstatus = 404\nsummary = \"X.\"\n[case.ba-s-e]\nstatus = 405\nsummary = \"X.\"\nvariant = \"BaSe\"",
        expect![[r#"
            error: two cases with the Rust name `BaSe`: `ba-se` and `ba-s-e` [same-variant]
              --> c.toml:24:11
               |
            18 | [case.ba-se]
               |       ----- the first is here
            ...
            24 | variant = "BaSe"
               |           ^^^^^^
               |
               = help: give one of them another name with `variant = "..."`
        "#]],
    );
    bad(
        "[case.self]\nstatus = 404\nsummary = \"X.\"",
        expect![[r#"
        error: `Self` cannot be the name of a Rust variant [bad-variant]
          --> c.toml:18:7
           |
        18 | [case.self]
           |       ^^^^
           |
           = help: give the case another name with `variant = "..."`: upper camel case, no keyword
    "#]],
    );
    bad(
        "variant = \"no_camel\"",
        expect![[r#"
        error: `no_camel` cannot be the name of a Rust variant [bad-variant]
          --> c.toml:18:11
           |
        18 | variant = "no_camel"
           |           ^^^^^^^^^^
           |
           = help: give the case another name with `variant = "..."`: upper camel case, no keyword
    "#]],
    );
    bad(
        "variant = \"1st\"",
        expect![[r#"
        error: `1st` cannot be the name of a Rust variant [bad-variant]
          --> c.toml:18:11
           |
        18 | variant = "1st"
           |           ^^^^^
           |
           = help: give the case another name with `variant = "..."`: upper camel case, no keyword
    "#]],
    );
    bad(
        "variant = \"Größe\"",
        expect![[r#"
        error: `Größe` cannot be the name of a Rust variant [bad-variant]
          --> c.toml:18:11
           |
        18 | variant = "Größe"
           |           ^^^^^^^
           |
           = help: give the case another name with `variant = "..."`: upper camel case, no keyword
    "#]],
    );
    bad(
        "[case.base]\nstatus = 404",
        expect![[r#"
            error: duplicate key `base` [syntax]
              --> c.toml:18:7
               |
            18 | [case.base]
               |       ^^^^
        "#]],
    );
    bad(
        "causes = [{ id = \"a\", text = \"A.\" }, { id = \"a\", text = \"B.\" }]",
        expect![[r#"
            error: duplicate cause `a` [duplicate-id]
              --> c.toml:18:45
               |
            18 | causes = [{ id = "a", text = "A." }, { id = "a", text = "B." }]
               |                  --- the first is here      ^^^
        "#]],
    );
    bad(
        "fixes = [{ id = \"a\", text = \"A.\" }, { id = \"a\", text = \"B.\" }]",
        expect![[r#"
            error: duplicate fix `a` [duplicate-id]
              --> c.toml:18:44
               |
            18 | fixes = [{ id = "a", text = "A." }, { id = "a", text = "B." }]
               |                 --- the first is here      ^^^
        "#]],
    );
}

#[test]
fn reserved_variant_names() {
    bad(
        "variant = \"ALL\"",
        expect![[r#"
        error: `ALL` cannot be the name of a Rust variant [bad-variant]
          --> c.toml:18:11
           |
        18 | variant = "ALL"
           |           ^^^^^
           |
           = help: give the case another name with `variant = "..."`: upper camel case, no keyword
    "#]],
    );
}
