//! The checker: one mistake, one problem, at its place, with the way out.

use std::fmt::Write;

use expect_test::{Expect, expect};
use waves_errors_catalog::{Catalog, check, report};

fn checked(toml: &[u8]) -> Result<Catalog, String> {
    let none = &mut |_: &str| Err(std::io::ErrorKind::NotFound.into());
    match check("c.toml", toml, none) {
        Ok(accepted) => Ok(accepted.catalog),
        Err(rejected) => Err(report::problems(&rejected.sources, &rejected.problems)),
    }
}

/// What is told of a catalog that is valid but for the lines at its end.
#[track_caller]
#[expect(clippy::needless_pass_by_value, reason = "a snapshot is written in place")]
fn bad(lines: &str, expected: Expect) {
    let toml = format!(
        "schema = 1\n[catalog]\nid = \"c\"\nsite = \"https://c.example/\"\n[links]\nhelp = \"site:help\"\n\
         [retry.once]\ninitial = \"1s\"\nmax-retries = 1\n\
         [case.base]\nstatus = 400\nsummary = \"Base.\"\n{lines}"
    );
    expected.assert_eq(&checked(toml.as_bytes()).expect_err("a problem"));
}

#[test]
fn keys_and_types() {
    bad(
        "colour = 1",
        expect![[r#"
        error: unknown key `colour` in [case.base] [unknown-key]
          --> c.toml:13:1
           |
        13 | colour = 1
           | ^^^^^^
           |
           = help: known here: `aliases`, `causes`, `code`, `deprecated`, `display`, `examples`, `fixes`, `fixes-as`, `match`, `refines`, `retry`, `severity`, `source`, `status`, `summary`, `title`, `variant`
    "#]],
    );
    bad(
        "aliasses = [\"x\"]",
        expect![[r#"
        error: unknown key `aliasses` in [case.base] [unknown-key]
          --> c.toml:13:1
           |
        13 | aliasses = ["x"]
           | ^^^^^^^^
           |
           = help: did you mean `aliases`?
    "#]],
    );
    bad(
        "aliases = \"x\"",
        expect![[r#"
        error: `aliases` must be an array, not a string [wrong-type]
          --> c.toml:13:11
           |
        13 | aliases = "x"
           |           ^^^
    "#]],
    );
    bad(
        "aliases = [1]",
        expect![[r#"
        error: `aliases` must be a string, not an integer [wrong-type]
          --> c.toml:13:12
           |
        13 | aliases = [1]
           |            ^
    "#]],
    );
    bad(
        "title = \"\"",
        expect![[r#"
        error: `title` is empty [empty-text]
          --> c.toml:13:9
           |
        13 | title = ""
           |         ^^
    "#]],
    );
    bad(
        "fixes = [{ id = \"a\" }]",
        expect![[r#"
        error: an item of `fixes` has no `text` [missing-key]
          --> c.toml:13:10
           |
        13 | fixes = [{ id = "a" }]
           |          ^^^^^^^^^^^^
           |
           = help: add `text = ...`
    "#]],
    );
    bad(
        "fixes-as = \"lines\"",
        expect![[r#"
        error: `fixes-as` cannot be `lines` [unknown-word]
          --> c.toml:13:12
           |
        13 | fixes-as = "lines"
           |            ^^^^^^^
           |
           = help: known here: `list`, `paragraph`
    "#]],
    );
    bad(
        "[case.x]\nstatus = \"400\"\nsummary = \"X.\"",
        expect![[r#"
        error: `status` must be an integer, not a string [wrong-type]
          --> c.toml:14:10
           |
        14 | status = "400"
           |          ^^^^^
    "#]],
    );
    bad(
        "[case.x]\nstatus = 404.5\nsummary = \"X.\"",
        expect![[r#"
        error: `status` must be an integer, not a float [wrong-type]
          --> c.toml:14:10
           |
        14 | status = 404.5
           |          ^^^^^
    "#]],
    );
    bad(
        "[case.x]\nstatus = 99999999999999999999\nsummary = \"X.\"",
        expect![[r#"
        error: `status` must be from 100 to 599 [out-of-range]
          --> c.toml:14:10
           |
        14 | status = 99999999999999999999
           |          ^^^^^^^^^^^^^^^^^^^^
    "#]],
    );
    bad(
        "[case.x]\nsummary = \"X.\"",
        expect![[r#"
        error: no failure can be `x`: it has no `status`, `code` or `match` [no-match]
          --> c.toml:13:7
           |
        13 | [case.x]
           |       ^
           |
           = help: add one of them, or `match = []` if only programs make it
    "#]],
    );
    bad(
        "[page]\nintro = \"X.\"",
        expect![[r#"
        error: [page] has no `title` [missing-key]
          --> c.toml:13:2
           |
        13 | [page]
           |  ^^^^
           |
           = help: add `title = ...`
    "#]],
    );
    bad(
        "[[section]]\ntitle = \"X\"\ncases = [\"base\"]",
        expect![[r#"
        error: a section needs a page to stand on [section-without-page]
          --> c.toml:14:9
           |
        14 | title = "X"
           |         ^^^
           |
           = help: add a `[page]` with a `title`
    "#]],
    );
    bad(
        "[wire]\ncodes = [\"code\"]",
        expect![[r#"
        error: `code` is no JSON pointer [bad-pointer]
          --> c.toml:14:10
           |
        14 | codes = ["code"]
           |          ^^^^^^
           |
           = help: write `/code`
    "#]],
    );
    bad(
        "[case]\nx = 1",
        expect![[r#"
        error: `x` must be a table, not an integer [wrong-type]
          --> c.toml:14:5
           |
        14 | x = 1
           |     ^
    "#]],
    );
}

#[test]
fn ids_and_names() {
    bad(
        "[case.too--many]\nstatus = 404\nsummary = \"X.\"",
        expect![[r#"
        error: `too--many` is no id [bad-id]
          --> c.toml:13:7
           |
        13 | [case.too--many]
           |       ^^^^^^^^^
           |
           = help: ids are lower-case words with dashes: letters, digits and `-`, a letter first
    "#]],
    );
    bad(
        "[case.ba-se]\nstatus = 404\nsummary = \"X.\"\n[case.ba-s-e]\nstatus = 405\nsummary = \"X.\"\nvariant = \"BaSe\"",
        expect![[r#"
            error: two cases with the Rust name `BaSe`: `ba-se` and `ba-s-e` [same-variant]
              --> c.toml:19:11
               |
            13 | [case.ba-se]
               |       ----- the first is here
            ...
            19 | variant = "BaSe"
               |           ^^^^^^
               |
               = help: give one of them another name with `variant = "..."`
        "#]],
    );
    bad(
        "[case.self]\nstatus = 404\nsummary = \"X.\"",
        expect![[r#"
        error: `Self` cannot be the name of a Rust variant [bad-variant]
          --> c.toml:13:7
           |
        13 | [case.self]
           |       ^^^^
           |
           = help: give the case another name with `variant = "..."`: upper camel case, no keyword
    "#]],
    );
    bad(
        "variant = \"no_camel\"",
        expect![[r#"
        error: `no_camel` cannot be the name of a Rust variant [bad-variant]
          --> c.toml:13:11
           |
        13 | variant = "no_camel"
           |           ^^^^^^^^^^
           |
           = help: give the case another name with `variant = "..."`: upper camel case, no keyword
    "#]],
    );
    bad(
        "[case.base]\nstatus = 404",
        expect![[r#"
            error: duplicate key `base` [syntax]
              --> c.toml:13:7
               |
            13 | [case.base]
               |       ^^^^

            error: duplicate key `status` [syntax]
              --> c.toml:14:1
               |
            14 | status = 404
               | ^^^^^^
        "#]],
    );
    bad(
        "causes = [{ id = \"a\", text = \"A.\" }, { id = \"a\", text = \"B.\" }]",
        expect![[r#"
        error: a second cause `a` [duplicate-id]
          --> c.toml:13:45
           |
        13 | causes = [{ id = "a", text = "A." }, { id = "a", text = "B." }]
           |                  --- the first is here      ^^^
    "#]],
    );
}

#[test]
fn references() {
    bad(
        "retry = \"onze\"",
        expect![[r#"
        error: there is no retry policy `onze` [unknown-reference]
          --> c.toml:13:9
           |
        13 | retry = "onze"
           |         ^^^^^^
           |
           = help: did you mean `once`?
    "#]],
    );
    bad(
        "refines = \"base\"",
        expect![[r#"
        error: `base` refines itself [circle]
          --> c.toml:13:11
           |
        13 | refines = "base"
           |           ^^^^^^
    "#]],
    );
    bad(
        "refines = \"bse\"",
        expect![[r#"
        error: there is no case `bse` [unknown-reference]
          --> c.toml:13:11
           |
        13 | refines = "bse"
           |           ^^^^^
           |
           = help: did you mean `base`?
    "#]],
    );
    bad(
        "deprecated = { use = \"other\" }",
        expect![[r#"
        error: there is no case `other` [unknown-reference]
          --> c.toml:13:22
           |
        13 | deprecated = { use = "other" }
           |                      ^^^^^^^
           |
           = help: known here: `base`
    "#]],
    );
    bad(
        "causes = [{ id = \"a\", text = \"A.\" }]\nfixes = [{ text = \"F.\", for = [\"b\"] }]",
        expect![[r#"
        error: there is no cause `b` [unknown-reference]
          --> c.toml:14:32
           |
        14 | fixes = [{ text = "F.", for = ["b"] }]
           |                                ^^^
           |
           = help: known here: `a`
    "#]],
    );
    bad(
        "fixes = [\"Ask [help](link:halp).\"]",
        expect![[r#"
        error: there is no link `halp` in `[links]` [unknown-link]
          --> c.toml:13:10
           |
        13 | fixes = ["Ask [help](link:halp)."]
           |          ^^^^^^^^^^^^^^^^^^^^^^^^
           |
           = help: did you mean `help`?
    "#]],
    );
    bad(
        "[page]\ntitle = \"P\"\n[[section]]\ntitle = \"S\"\ncases = [\"base\", \"base\"]",
        expect![[r#"
        error: `base` stands in two sections [case-twice]
          --> c.toml:17:18
           |
        17 | cases = ["base", "base"]
           |          ------  ^^^^^^
           |          |
           |          the first is here
    "#]],
    );
    bad(
        "[page]\ntitle = \"P\"\n[[section]]\ntitle = \"S\"\nchecklist = \"ticket\"",
        expect![[r#"
        error: `base` stands in no section of its page [case-in-no-section]
          --> c.toml:10:7
           |
        10 | [case.base]
           |       ^^^^
           |
           = help: list it in the `cases` of a section

        error: there is no checklist `ticket` [unknown-reference]
          --> c.toml:17:13
           |
        17 | checklist = "ticket"
           |             ^^^^^^^^
    "#]],
    );
    bad(
        "[checklist.t]\nitems = [{ text = \"I.\", collect = [\"request\"] }]\nlinks = [{ text = \"L\", to = \"x\" }]",
        expect![[r#"
            error: nothing collects `request` [unknown-word]
              --> c.toml:14:36
               |
            14 | items = [{ text = "I.", collect = ["request"] }]
               |                                    ^^^^^^^^^
               |
               = help: did you mean `request-id`?

            error: there is no link `x` [unknown-reference]
              --> c.toml:15:29
               |
            15 | links = [{ text = "L", to = "x" }]
               |                             ^^^
               |
               = help: known here: `help`
        "#]],
    );
}

#[test]
fn matches_and_examples() {
    bad(
        "[case.x]\nstatus = 400\nsummary = \"X.\"",
        expect![[r#"
        error: the status 400 is both `base` and `x` [ambiguous-match]
          --> c.toml:14:10
           |
        11 | status = 400
           |          --- the first is here
        ...
        14 | status = 400
           |          ^^^
    "#]],
    );
    bad(
        "[case.x]\nmatch = [{ status = \"4xx\" }]\nsummary = \"X.\"",
        expect![[r#"
        error: the status 400 is both `base` and `x` [ambiguous-match]
          --> c.toml:14:10
           |
        11 | status = 400
           |          --- the first is here
        ...
        14 | match = [{ status = "4xx" }]
           |          ^^^^^^^^^^^^^^^^^^
    "#]],
    );
    bad(
        "[case.x]\nmatch = [{ status = \"6xx\" }, { close = 5000 }, { io = \"dns\" }, {}]\nsummary = \"X.\"",
        expect![[r#"
            error: `6xx` is no class of statuses [out-of-range]
              --> c.toml:14:21
               |
            14 | match = [{ status = "6xx" }, { close = 5000 }, { io = "dns" }, {}]
               |                     ^^^^^
               |
               = help: write a number, a list of numbers, or a class such as "5xx"

            error: `close` must be from 1000 to 4999 [out-of-range]
              --> c.toml:14:40
               |
            14 | match = [{ status = "6xx" }, { close = 5000 }, { io = "dns" }, {}]
               |                                        ^^^^

            error: `io` cannot be `dns` [unknown-word]
              --> c.toml:14:55
               |
            14 | match = [{ status = "6xx" }, { close = 5000 }, { io = "dns" }, {}]
               |                                                       ^^^^^
               |
               = help: known here: `connect`, `interrupted`, `timeout`, `tls`

            error: no condition: this would be every failure [empty-match]
              --> c.toml:14:64
               |
            14 | match = [{ status = "6xx" }, { close = 5000 }, { io = "dns" }, {}]
               |                                                                ^^
        "#]],
    );
    bad(
        "examples = [{ status = 401 }]",
        expect![[r#"
        error: this example is no case of the catalog, not `base` [wrong-example]
          --> c.toml:13:13
           |
        13 | examples = [{ status = 401 }]
           |             ^^^^^^^^^^^^^^^^
    "#]],
    );
    bad(
        "[case.x]\ncode = \"x\"\nsummary = \"X.\"\nexamples = [{ status = 400, body = '{\"code\":\"x\"}' }]",
        expect![[r#"
            error: this example is the case `base`, not `x` [wrong-example]
              --> c.toml:16:13
               |
            10 | [case.base]
               |       ---- the case that it is
            ...
            16 | examples = [{ status = 400, body = '{"code":"x"}' }]
               |             ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
        "#]],
    );
}

#[test]
fn policies_and_prose() {
    bad(
        "fixes = [\"Wait {retry.initial}.\"]",
        expect![[r#"
        error: `{retry.initial}` in a case without a retry policy [unknown-placeholder]
          --> c.toml:13:10
           |
        13 | fixes = ["Wait {retry.initial}."]
           |          ^^^^^^^^^^^^^^^^^^^^^^^
           |
           = help: add `retry = "..."` to the case
    "#]],
    );
    bad(
        "retry = \"once\"\nfixes = [\"Wait {retry.inital}.\"]",
        expect![[r#"
        error: a policy has no `{retry.inital}` to print [unknown-placeholder]
          --> c.toml:14:10
           |
        14 | fixes = ["Wait {retry.inital}."]
           |          ^^^^^^^^^^^^^^^^^^^^^^
           |
           = help: did you mean `initial`?
    "#]],
    );
    bad(
        "retry = \"once\"\nfixes = [{ text = \"Doubling.\", requires = { multiplier = 2 } }]",
        expect![[r#"
        error: the text needs `multiplier` to be 2, but the policy `once` has 1 [requires]
          --> c.toml:14:58
           |
         7 | [retry.once]
           |        ---- the policy is here
        ...
        14 | fixes = [{ text = "Doubling.", requires = { multiplier = 2 } }]
           |                                                          ^
           |
           = help: change the policy, or the text and its `requires`
    "#]],
    );
    bad(
        "[retry.x]\ninitial = \"1h\"",
        expect![[r#"
        error: `initial` is no duration: `1h` [bad-duration]
          --> c.toml:14:11
           |
        14 | initial = "1h"
           |           ^^^^
           |
           = help: write a whole number and a unit: "500ms", "30s" or "2m"
    "#]],
    );
    bad(
        "[retry.x]\ninitial = \"1s\"\nmultiplier = 0.5",
        expect![[r#"
        error: `multiplier` must be a number from 1 to 1000 [bad-policy]
          --> c.toml:15:14
           |
        15 | multiplier = 0.5
           |              ^^^
    "#]],
    );
    bad(
        "[retry.x]\ninitial = \"1s\"\njitter = 2",
        expect![[r#"
        error: `jitter` must be a number from 0 to 1 [bad-policy]
          --> c.toml:15:10
           |
        15 | jitter = 2
           |          ^
    "#]],
    );
    bad(
        "[retry.x]\ninitial = \"1s\"\nmax-retries = -1",
        expect![[r#"
        error: `max-retries` must be from 0 to 1000000 [out-of-range]
          --> c.toml:15:15
           |
        15 | max-retries = -1
           |               ^^
    "#]],
    );
    bad(
        "[retry.x]\ninitial = \"600000m\"\nretry-after = { limit = 5, respct = true }",
        expect![[r#"
        error: `initial` must not be longer than 365 days [bad-policy]
          --> c.toml:14:11
           |
        14 | initial = "600000m"
           |           ^^^^^^^^^

        error: `limit` must be a duration such as "500ms", not an integer [wrong-type]
          --> c.toml:15:25
           |
        15 | retry-after = { limit = 5, respct = true }
           |                         ^

        error: unknown key `respct` in [retry-after] [unknown-key]
          --> c.toml:15:28
           |
        15 | retry-after = { limit = 5, respct = true }
           |                            ^^^^^^
           |
           = help: did you mean `respect`?
    "#]],
    );
}

#[test]
fn whole_files() {
    let told = |toml: &[u8]| checked(toml).expect_err("a problem");
    expect![[r#"
        error: the file is empty [empty-file]
         --> c.toml:1:1
          |
        1 |
          | ^
          |
          = help: the least catalog has `schema = 1`, a `[catalog]` with an `id`, and one `[case.ID]`
    "#]]
    .assert_eq(&told(b""));
    expect![[r#"
        error: `schema` must be 1 [out-of-range]
         --> c.toml:1:10
          |
        1 | schema = 2
          |          ^
    "#]]
    .assert_eq(&told(b"schema = 2\n[catalog]\nid = \"c\"\n"));
    expect![[r#"
        error: the catalog has no case [no-cases]
         --> c.toml:1:1
          |
        1 | schema = 1
          | ^
          |
          = help: add a `[case.ID]` with a `status` and a `summary`
    "#]]
    .assert_eq(&told(b"schema = 1\n[catalog]\nid = \"c\"\n"));
    expect![[r#"
        error: `x.toml` cannot be read: entity not found [include]
         --> c.toml:2:12
          |
        2 | include = ["x.toml"]
          |            ^^^^^^^^
    "#]]
    .assert_eq(&told(
        b"schema = 1\ninclude = [\"x.toml\"]\n[catalog]\nid = \"c\"\n[case.a]\nstatus = 400\nsummary = \"A.\"\n",
    ));
    expect![[r#"
        error: the file is not UTF-8: the byte 0xff at offset 29 [not-utf8]
         --> c.toml:3:7
          |
        3 | id = "�"
          |       ^
          |
          = help: save the file as UTF-8
    "#]]
    .assert_eq(&told(b"schema = 1\r\n[catalog]\r\nid = \"\xff\"\r\n"));
    expect![[r#"
        error: unclosed table, expected `]` [syntax]
         --> c.toml:2:9
          |
        2 | [catalog
          |         ^
    "#]]
    .assert_eq(&told(b"schema = 1\n[catalog\nid = \"c\"\nid = \"d\"\n"));
}

#[test]
fn reserved_names_do_not_come_back() {
    let toml = "schema = 1\n[catalog]\nid = \"c\"\nreserved = { ids = [\"old\"], codes = [\"OLD\"] }\n\
                [case.old]\nsummary = \"Old.\"\ncode = \"OLD\"\n";
    expect![[r#"
        error: the id `old` is reserved: it had another meaning once [reserved]
         --> c.toml:5:7
          |
        4 | reserved = { ids = ["old"], codes = ["OLD"] }
          |                     ----- reserved here
        5 | [case.old]
          |       ^^^

        error: the code `OLD` is reserved: it had another meaning once [reserved]
         --> c.toml:7:8
          |
        4 | reserved = { ids = ["old"], codes = ["OLD"] }
          |                                      ----- reserved here
        ...
        7 | code = "OLD"
          |        ^^^^^
    "#]]
    .assert_eq(&checked(toml.as_bytes()).expect_err("a problem"));
}

#[test]
fn deep_nesting_is_a_problem_and_no_crash() {
    for text in ["[".repeat(100_000), format!("a = {}", "[".repeat(100_000)), format!("a = {}", "{a=".repeat(100_000))]
    {
        let problems = checked(text.as_bytes()).expect_err("a problem");
        assert!(problems.starts_with("error: "), "{}", &problems[..200.min(problems.len())]);
    }
}

#[test]
fn a_valid_catalog_survives_no_change_silently() {
    let toml = std::fs::read_to_string(crate::data::path("ui/including.toml"))
        .unwrap()
        .replace("include = [\"included.toml\"]\n", "");
    checked(toml.as_bytes()).unwrap();
    let mut told = String::new();
    // Whatever is cut off: no panic, and each problem lies in the file.
    for end in 0..toml.len() {
        let none = &mut |_: &str| Err(std::io::ErrorKind::NotFound.into());
        if let Err(rejected) = check("c.toml", &toml.as_bytes()[..end], none) {
            for problem in &rejected.problems {
                assert!(problem.at.start <= problem.at.end && problem.at.end <= end, "{problem:?} of {end}");
                write!(told, "{}", report::problem(&rejected.sources, problem)).unwrap();
            }
        }
    }
    assert!(told.len() > 1000);
}
