//! The checker: matches and examples. One mistake, one problem, at its place, with the way out.

use expect_test::expect;

use crate::check::bad;

#[test]
fn ambiguous_matches() {
    bad(
        "[case.x]\nstatus = 400\nsummary = \"X.\"",
        expect![[r#"
            error: status 400 matches both `base` and `x` [ambiguous-match]
              --> c.toml:19:10
               |
            17 | status = 400
               |          --- the first is here
            18 | [case.x]
            19 | status = 400
               |          ^^^
               |
               = help: add a condition to the more specific one: the match with more conditions wins
        "#]],
    );
    bad(
        "[case.x]\nmatch = [{ status = \"4xx\" }]\nsummary = \"X.\"",
        expect![[r#"
            error: status 400 matches both `base` and `x` [ambiguous-match]
              --> c.toml:19:10
               |
            17 | status = 400
               |          --- the first is here
            18 | [case.x]
            19 | match = [{ status = "4xx" }]
               |          ^^^^^^^^^^^^^^^^^^
               |
               = help: add a condition to the more specific one: the match with more conditions wins
        "#]],
    );
    bad(
        "code = \"b\"\n[case.x]\ncode = \"b\"\nsummary = \"X.\"\n[wire]\ncodes = [\"/code\"]",
        expect![[r#"
            error: code `b` matches both `base` and `x` [ambiguous-match]
              --> c.toml:19:8
               |
            17 | code = "b"
               |        --- the first is here
            18 | [case.x]
            19 | code = "b"
               |        ^^^
               |
               = help: add a condition to the more specific one: the match with more conditions wins
        "#]],
    );
    bad(
        "match = [{ close = 1008 }]\n[case.x]\nmatch = [{ close = 1008 }]\nsummary = \"X.\"",
        expect![[r#"
            error: a response can match both `base` and `x`, and neither is more specific [ambiguous-match]
              --> c.toml:19:10
               |
            17 | match = [{ close = 1008 }]
               |          ---------------- the first is here
            18 | [case.x]
            19 | match = [{ close = 1008 }]
               |          ^^^^^^^^^^^^^^^^
               |
               = help: add a condition to the more specific one: the match with more conditions wins
        "#]],
    );
    bad(
        "match = [{ text = \"Too large\" }]\n[case.x]\nmatch = [{ text = \"too LARGE\" }]\nsummary = \"X.\"",
        expect![[r#"
            error: a response can match both `base` and `x`, and neither is more specific [ambiguous-match]
              --> c.toml:19:10
               |
            17 | match = [{ text = "Too large" }]
               |          ---------------------- the first is here
            18 | [case.x]
            19 | match = [{ text = "too LARGE" }]
               |          ^^^^^^^^^^^^^^^^^^^^^^
               |
               = help: add a condition to the more specific one: the match with more conditions wins
        "#]],
    );
    bad(
        "match = [{ json = { \"/a\" = 1 } }]\n[case.x]\nmatch = [{ json = { \"/b\" = true } }]\nsummary = \"X.\"",
        expect![[r#"
            error: a response can match both `base` and `x`, and neither is more specific [ambiguous-match]
              --> c.toml:19:10
               |
            17 | match = [{ json = { "/a" = 1 } }]
               |          ----------------------- the first is here
            18 | [case.x]
            19 | match = [{ json = { "/b" = true } }]
               |          ^^^^^^^^^^^^^^^^^^^^^^^^^^
               |
               = help: add a condition to the more specific one: the match with more conditions wins
        "#]],
    );
    bad(
        "match = [{ header = { X-Kind = \"a\" }, status = 400 }]\n[case.x]\nmatch = [{ header = { x-kind = \"A\" }, status = [400, 401] }]\nsummary = \"X.\"",
        expect![[r#"
            error: a response can match both `base` and `x`, and neither is more specific [ambiguous-match]
              --> c.toml:19:10
               |
            17 | match = [{ header = { X-Kind = "a" }, status = 400 }]
               |          ------------------------------------------- the first is here
            18 | [case.x]
            19 | match = [{ header = { x-kind = "A" }, status = [400, 401] }]
               |          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
               |
               = help: add a condition to the more specific one: the match with more conditions wins
        "#]],
    );
    bad(
        "match = [{ io = \"timeout\" }]\n[case.x]\nmatch = [{ io = \"timeout\" }]\nsummary = \"X.\"",
        expect![[r#"
            error: a response can match both `base` and `x`, and neither is more specific [ambiguous-match]
              --> c.toml:19:10
               |
            17 | match = [{ io = "timeout" }]
               |          ------------------ the first is here
            18 | [case.x]
            19 | match = [{ io = "timeout" }]
               |          ^^^^^^^^^^^^^^^^^^
               |
               = help: add a condition to the more specific one: the match with more conditions wins
        "#]],
    );
    bad(
        "match = [{ reason = \"full\" }]\n[case.x]\nmatch = [{ reason = \"full\" }]\nsummary = \"X.\"",
        expect![[r#"
            error: a response can match both `base` and `x`, and neither is more specific [ambiguous-match]
              --> c.toml:19:10
               |
            17 | match = [{ reason = "full" }]
               |          ------------------- the first is here
            18 | [case.x]
            19 | match = [{ reason = "full" }]
               |          ^^^^^^^^^^^^^^^^^^^
               |
               = help: add a condition to the more specific one: the match with more conditions wins
        "#]],
    );
}

#[test]
fn unreachable_matches() {
    bad(
        "[case.x]\nsummary = \"X.\"",
        expect![[r#"
        error: no failure can be `x`: it has no `status`, `code` or `match` [no-match]
          --> c.toml:18:7
           |
        18 | [case.x]
           |       ^
           |
           = help: add one of them, or `match = []` if only programs make it
    "#]],
    );
    bad(
        "match = [{ status = 418 }, { status = 418 }]",
        expect![[r#"
        error: the case says this twice [unreachable-match]
          --> c.toml:17:28
           |
        17 | match = [{ status = 418 }, { status = 418 }]
           |          ----------------  ^^^^^^^^^^^^^^^^
           |          |
           |          the first is here
    "#]],
    );
    bad(
        "match = [{ status = 206 }]",
        expect![[r#"
            error: a status below 400 is not an error and can never match [unreachable-match]
              --> c.toml:17:10
               |
            17 | match = [{ status = 206 }]
               |          ^^^^^^^^^^^^^^^^
               |
               = help: failures are answers from 400 on, error frames, and sockets that were not closed with 1000
        "#]],
    );
    bad(
        "match = [{ close = 1000 }]",
        expect![[r#"
            error: a close with 1000 is not an error and can never match [unreachable-match]
              --> c.toml:17:10
               |
            17 | match = [{ close = 1000 }]
               |          ^^^^^^^^^^^^^^^^
               |
               = help: failures are answers from 400 on, error frames, and sockets that were not closed with 1000
        "#]],
    );
    bad(
        "[case.x]\nstatus = 204\nsummary = \"X.\"",
        expect![[r#"
            error: a status below 400 is not an error and can never match [unreachable-match]
              --> c.toml:19:10
               |
            19 | status = 204
               |          ^^^
               |
               = help: failures are answers from 400 on, error frames, and sockets that were not closed with 1000
        "#]],
    );
    bad(
        "match = [{}]",
        expect![[r#"
        error: no condition: this would be every failure [empty-match]
          --> c.toml:17:10
           |
        17 | match = [{}]
           |          ^^
    "#]],
    );
    bad(
        "match = [{ status = \"6xx\" }]",
        expect![[r#"
            error: invalid status class `6xx` [out-of-range]
              --> c.toml:17:21
               |
            17 | match = [{ status = "6xx" }]
               |                     ^^^^^
               |
               = help: write a number, a list of numbers, or a class such as "5xx"
        "#]],
    );
    bad(
        "match = [{ close = 5000 }]",
        expect![[r#"
        error: `close` must be from 1000 to 4999 [out-of-range]
          --> c.toml:17:20
           |
        17 | match = [{ close = 5000 }]
           |                    ^^^^
    "#]],
    );
    bad(
        "match = [{ io = \"dns\" }]",
        expect![[r#"
        error: `io` cannot be `dns` [unknown-word]
          --> c.toml:17:17
           |
        17 | match = [{ io = "dns" }]
           |                 ^^^^^
           |
           = help: known here: `connect`, `interrupted`, `timeout`, `tls`
    "#]],
    );
    bad(
        "match = [{ status = [404, \"5xx\"] }]",
        expect![[r#"
        error: `status` must be an integer, not a string [wrong-type]
          --> c.toml:17:27
           |
        17 | match = [{ status = [404, "5xx"] }]
           |                           ^^^^^
    "#]],
    );
    bad(
        "match = [{ json = { \"/a\" = [1] } }]",
        expect![[r#"
        error: `/a` must be a string, not an array [wrong-type]
          --> c.toml:17:28
           |
        17 | match = [{ json = { "/a" = [1] } }]
           |                            ^^^
    "#]],
    );
}

#[test]
fn wrong_examples() {
    bad(
        "examples = [{ status = 401 }]",
        expect![[r#"
            error: this example matches no case; expected `base` [wrong-example]
              --> c.toml:18:13
               |
            18 | examples = [{ status = 401 }]
               |             ^^^^^^^^^^^^^^^^
        "#]],
    );
    bad(
        "examples = [{ status = 402 }]",
        expect![[r#"
        error: this example is the case `user`, not `base` [wrong-example]
          --> c.toml:18:13
           |
         7 | [case.user]
           |       ---- the case that it is
        ...
        18 | examples = [{ status = 402 }]
           |             ^^^^^^^^^^^^^^^^
    "#]],
    );
    bad(
        "examples = [{ status = 400, header = { x = 1 } }]",
        expect![[r#"
        error: `x` must be a string, not an integer [wrong-type]
          --> c.toml:18:44
           |
        18 | examples = [{ status = 400, header = { x = 1 } }]
           |                                            ^
    "#]],
    );
    bad(
        "[case.x]\ncode = \"x\"\nsummary = \"X.\"\nexamples = [{ status = 400, body = '{\"code\":\"y\"}' }]\n[wire]\ncodes = [\"/code\"]",
        expect![[r#"
            error: this example is the case `base`, not `x` [wrong-example]
              --> c.toml:21:13
               |
            15 | [case.base]
               |       ---- the case that it is
            ...
            21 | examples = [{ status = 400, body = '{"code":"y"}' }]
               |             ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
        "#]],
    );
    bad(
        "[case.x]\nmatch = [{ close = 1008 }]\nsummary = \"X.\"\nexamples = [{ close = 1009 }]",
        expect![[r#"
            error: this example matches no case; expected `x` [wrong-example]
              --> c.toml:21:13
               |
            21 | examples = [{ close = 1009 }]
               |             ^^^^^^^^^^^^^^^^
        "#]],
    );
}

#[test]
fn status_ranges_and_empty_conditions() {
    bad(
        "match = [{ status = \"5xx\" }]\n[case.x]\nmatch = [{ status = \"5xx\" }]\nsummary = \"X.\"",
        expect![[r#"
            error: status 500 matches both `base` and `x` [ambiguous-match]
              --> c.toml:19:10
               |
            17 | match = [{ status = "5xx" }]
               |          ------------------ the first is here
            18 | [case.x]
            19 | match = [{ status = "5xx" }]
               |          ^^^^^^^^^^^^^^^^^^
               |
               = help: add a condition to the more specific one: the match with more conditions wins
        "#]],
    );
    bad(
        "match = [{ status = [] }]",
        expect![[r#"
        error: no status: no failure has none of them [empty-match]
          --> c.toml:17:21
           |
        17 | match = [{ status = [] }]
           |                     ^^
    "#]],
    );
    bad(
        "match = [{ text = [] }]",
        expect![[r#"
        error: no phrase: this asks for nothing [empty-match]
          --> c.toml:17:19
           |
        17 | match = [{ text = [] }]
           |                   ^^
    "#]],
    );
    bad(
        "match = [{ text = [\"a\", 1] }, { text = 2 }]",
        expect![[r#"
        error: an item of `text` must be a string, not an integer [wrong-type]
          --> c.toml:17:25
           |
        17 | match = [{ text = ["a", 1] }, { text = 2 }]
           |                         ^

        error: `text` must be a string, not an integer [wrong-type]
          --> c.toml:17:40
           |
        17 | match = [{ text = ["a", 1] }, { text = 2 }]
           |                                        ^
    "#]],
    );
    bad(
        "match = [{ frame = true }]",
        expect![[r#"
        error: `frame` says where, not what: this would be every such failure [empty-match]
          --> c.toml:17:10
           |
        17 | match = [{ frame = true }]
           |          ^^^^^^^^^^^^^^^^
           |
           = help: add what the frame says: a `code`, a `text`
    "#]],
    );
    bad(
        "match = [{ frame = 1, text = \"a\" }]",
        expect![[r#"
        error: `frame` must be true or false, not an integer [wrong-type]
          --> c.toml:17:20
           |
        17 | match = [{ frame = 1, text = "a" }]
           |                    ^
    "#]],
    );
    bad(
        "match = [{ json = { code = 1 } }]",
        expect![[r#"
            error: invalid JSON pointer `code` [bad-pointer]
              --> c.toml:17:21
               |
            17 | match = [{ json = { code = 1 } }]
               |                     ^^^^
               |
               = help: write `/code`
        "#]],
    );
}

#[test]
fn invalid_condition_is_one_problem() {
    bad(
        "match = [{ status = 429, txt = \"quota\" }]\n[case.x]\nstatus = 429\nsummary = \"X.\"",
        expect![[r#"
        error: unknown key `txt` in an item of `match` [unknown-key]
          --> c.toml:17:26
           |
        17 | match = [{ status = 429, txt = "quota" }]
           |                          ^^^
           |
           = help: did you mean `text`?
    "#]],
    );
    bad(
        "match = [{ status = [\"404\"] }]",
        expect![[r#"
        error: `status` must be an integer, not a string [wrong-type]
          --> c.toml:17:22
           |
        17 | match = [{ status = ["404"] }]
           |                      ^^^^^
    "#]],
    );
    bad(
        "match = [{ status = 404, text = 5 }]\n[case.x]\nstatus = 404\nsummary = \"X.\"",
        expect![[r#"
        error: `text` must be a string, not an integer [wrong-type]
          --> c.toml:17:33
           |
        17 | match = [{ status = 404, text = 5 }]
           |                                 ^
    "#]],
    );
    bad(
        "match = [{ statu = 400 }]\n[case.x]\nmatch = [{}]\nsummary = \"X.\"",
        expect![[r#"
        error: unknown key `statu` in an item of `match` [unknown-key]
          --> c.toml:17:12
           |
        17 | match = [{ statu = 400 }]
           |            ^^^^^
           |
           = help: did you mean `status`?

        error: no condition: this would be every failure [empty-match]
          --> c.toml:19:10
           |
        19 | match = [{}]
           |          ^^
    "#]],
    );
}

#[test]
fn wrong_example_beside_other_problems() {
    bad(
        "examples = [{ status = 402 }]\nfixes = [\"Send <KEY>.\"]\nretry = \"onze\"",
        expect![[r#"
            error: this example is the case `user`, not `base` [wrong-example]
              --> c.toml:18:13
               |
             7 | [case.user]
               |       ---- the case that it is
            ...
            18 | examples = [{ status = 402 }]
               |             ^^^^^^^^^^^^^^^^

            error: raw HTML in a text [raw-html]
              --> c.toml:19:16
               |
            19 | fixes = ["Send <KEY>."]
               |                ^^^^^
               |
               = help: put it in backticks, or write `&lt;`

            error: unknown retry policy `onze` [unknown-reference]
              --> c.toml:20:9
               |
            20 | retry = "onze"
               |         ^^^^^^
               |
               = help: did you mean `once`?
        "#]],
    );
    // Not where it may be right: what decides about it is itself wrong.
    bad(
        "examples = [{ status = 402 }]\n[wire]\ncode = []",
        expect![[r#"
        error: unknown key `code` in [wire] [unknown-key]
          --> c.toml:20:1
           |
        20 | code = []
           | ^^^^
           |
           = help: did you mean `codes`?
    "#]],
    );
    bad(
        "examples = [{ status = 418 }]\n[case.x]\nmatch = [{ statu = 418 }]\nsummary = \"X.\"",
        expect![[r#"
        error: unknown key `statu` in an item of `match` [unknown-key]
          --> c.toml:20:12
           |
        20 | match = [{ statu = 418 }]
           |            ^^^^^
           |
           = help: did you mean `status`?
    "#]],
    );
}

#[test]
fn distant_locations_in_two_excerpts() {
    let between: String = (0..300).map(|n| format!("[case.c{n}]\nmatch = []\nsummary = \"Between.\"\n")).collect();
    bad(
        &format!("{between}[case.x]\nstatus = 400\nsummary = \"X.\""),
        expect![[r#"
            error: status 400 matches both `base` and `x` [ambiguous-match]
               --> c.toml:919:10
                |
            919 | status = 400
                |          ^^^
                |
               ::: c.toml:17:10
                |
             17 | status = 400
                |          --- the first is here
                |
                = help: add a condition to the more specific one: the match with more conditions wins
        "#]],
    );
}
