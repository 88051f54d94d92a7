//! The checker: keys, their types, and what must be there. One mistake, one problem, at its place, with the way out.

use expect_test::expect;

use crate::check::bad;

#[test]
fn unknown_keys() {
    bad(
        "colour = 1",
        expect![[r#"
        error: unknown key `colour` in [case.base] [unknown-key]
          --> c.toml:18:1
           |
        18 | colour = 1
           | ^^^^^^
           |
           = help: known here: `aliases`, `causes`, `code`, `deprecated`, `display`, `examples`, `fixes`, `fixes-as`, `match`, `refines`, `retry`, `severity`, `source`, `status`, `summary`, `title`, `variant`
    "#]],
    );
    bad(
        "aliasses = [\"x\"]",
        expect![[r#"
        error: unknown key `aliasses` in [case.base] [unknown-key]
          --> c.toml:18:1
           |
        18 | aliasses = ["x"]
           | ^^^^^^^^
           |
           = help: did you mean `aliases`?
    "#]],
    );
    bad(
        "[colours]",
        expect![[r#"
        error: unknown key `colours` in the file [unknown-key]
          --> c.toml:18:2
           |
        18 | [colours]
           |  ^^^^^^^
           |
           = help: known here: `case`, `catalog`, `checklist`, `include`, `key`, `links`, `page`, `redact`, `retry`, `schema`, `section`, `wire`
    "#]],
    );
    bad(
        "[catalogue]\nid = \"x\"",
        expect![[r#"
        error: unknown key `catalogue` in the file [unknown-key]
          --> c.toml:18:2
           |
        18 | [catalogue]
           |  ^^^^^^^^^
           |
           = help: did you mean `catalog`?
    "#]],
    );
    bad(
        "schemas = 1",
        expect![[r#"
        error: unknown key `schemas` in [case.base] [unknown-key]
          --> c.toml:18:1
           |
        18 | schemas = 1
           | ^^^^^^^
           |
           = help: known here: `aliases`, `causes`, `code`, `deprecated`, `display`, `examples`, `fixes`, `fixes-as`, `match`, `refines`, `retry`, `severity`, `source`, `status`, `summary`, `title`, `variant`
    "#]],
    );
    bad(
        "[retry.x]\ninitial = \"1s\"\nmax_retries = 3",
        expect![[r#"
        warning: no case is retried by the policy `x` [unused]
          --> c.toml:18:8
           |
        18 | [retry.x]
           |        ^

        error: unknown key `max_retries` in [retry.x] [unknown-key]
          --> c.toml:20:1
           |
        20 | max_retries = 3
           | ^^^^^^^^^^^
           |
           = help: did you mean `max-retries`?
    "#]],
    );
    bad(
        "[page]\ntitle = \"P\"\nside-title = \"P\"",
        expect![[r#"
        error: unknown key `side-title` in [page] [unknown-key]
          --> c.toml:20:1
           |
        20 | side-title = "P"
           | ^^^^^^^^^^
           |
           = help: did you mean `sidebar-title`?
    "#]],
    );
    bad(
        "fixes = [{ text = \"F.\", fro = [] }]",
        expect![[r#"
        error: unknown key `fro` in an item of `fixes` [unknown-key]
          --> c.toml:18:25
           |
        18 | fixes = [{ text = "F.", fro = [] }]
           |                         ^^^
           |
           = help: did you mean `for`?
    "#]],
    );
    bad(
        "causes = [{ text = \"C.\", for = [] }]",
        expect![[r#"
        error: unknown key `for` in an item of `causes` [unknown-key]
          --> c.toml:18:26
           |
        18 | causes = [{ text = "C.", for = [] }]
           |                          ^^^
           |
           = help: known here: `check`, `id`, `text`
    "#]],
    );
    bad(
        "match = [{ stat = 5 }]",
        expect![[r#"
        error: unknown key `stat` in an item of `match` [unknown-key]
          --> c.toml:17:12
           |
        17 | match = [{ stat = 5 }]
           |            ^^^^
           |
           = help: did you mean `status`?
    "#]],
    );
    bad(
        "[wire]\ncode = []",
        expect![[r#"
        error: unknown key `code` in [wire] [unknown-key]
          --> c.toml:19:1
           |
        19 | code = []
           | ^^^^
           |
           = help: did you mean `codes`?
    "#]],
    );
    bad(
        "[key]\nheaders = \"x\"",
        expect![[r#"
        error: unknown key `headers` in [key] [unknown-key]
          --> c.toml:19:1
           |
        19 | headers = "x"
           | ^^^^^^^
           |
           = help: did you mean `header`?
    "#]],
    );
    bad(
        "[redact]\nkeep = []",
        expect![[r#"
        error: unknown key `keep` in [redact] [unknown-key]
          --> c.toml:19:1
           |
        19 | keep = []
           | ^^^^
           |
           = help: did you mean `keep-query`?
    "#]],
    );
    bad(
        "examples = [{ statsu = 400 }]",
        expect![[r#"
            error: unknown key `statsu` in an item of `examples` [unknown-key]
              --> c.toml:18:15
               |
            18 | examples = [{ statsu = 400 }]
               |               ^^^^^^
               |
               = help: did you mean `status`?
        "#]],
    );
    bad(
        "deprecated = { when = \"1\" }",
        expect![[r#"
        error: unknown key `when` in [deprecated] [unknown-key]
          --> c.toml:18:16
           |
        18 | deprecated = { when = "1" }
           |                ^^^^
           |
           = help: known here: `since`, `use`
    "#]],
    );
    bad(
        "[checklist.t]\nitem = []",
        expect![[r#"
        warning: no section shows the checklist `t` [unused]
          --> c.toml:18:12
           |
        18 | [checklist.t]
           |            ^

        error: unknown key `item` in [checklist.t] [unknown-key]
          --> c.toml:19:1
           |
        19 | item = []
           | ^^^^
           |
           = help: did you mean `items`?
    "#]],
    );
    bad(
        "Summary = \"twice\"",
        expect![[r#"
        error: unknown key `Summary` in [case.base] [unknown-key]
          --> c.toml:18:1
           |
        18 | Summary = "twice"
           | ^^^^^^^
           |
           = help: did you mean `summary`?
    "#]],
    );
}

#[test]
fn wrong_types() {
    bad(
        "aliases = \"x\"",
        expect![[r#"
        error: `aliases` must be an array, not a string [wrong-type]
          --> c.toml:18:11
           |
        18 | aliases = "x"
           |           ^^^
    "#]],
    );
    bad(
        "aliases = [1]",
        expect![[r#"
            error: an item of `aliases` must be a string, not an integer [wrong-type]
              --> c.toml:18:12
               |
            18 | aliases = [1]
               |            ^
        "#]],
    );
    bad(
        "fixes = { text = \"F.\" }",
        expect![[r#"
        error: `fixes` must be an array, not a table [wrong-type]
          --> c.toml:18:9
           |
        18 | fixes = { text = "F." }
           |         ^^^^^^^^^^^^^^^
    "#]],
    );
    bad(
        "fixes = [1]",
        expect![[r#"
            error: an item of `fixes` must be a table, not an integer [wrong-type]
              --> c.toml:18:10
               |
            18 | fixes = [1]
               |          ^
        "#]],
    );
    bad(
        "title = true",
        expect![[r#"
        error: `title` must be a string, not a boolean [wrong-type]
          --> c.toml:18:9
           |
        18 | title = true
           |         ^^^^
    "#]],
    );
    bad(
        "deprecated = \"1.0\"",
        expect![[r#"
            error: [deprecated] must be a table, not a string [wrong-type]
              --> c.toml:18:14
               |
            18 | deprecated = "1.0"
               |              ^^^^^
        "#]],
    );
    bad(
        "match = { status = 404 }",
        expect![[r#"
        error: `match` must be an array of tables, not a table [wrong-type]
          --> c.toml:17:9
           |
        17 | match = { status = 404 }
           |         ^^^^^^^^^^^^^^^^
    "#]],
    );
    bad(
        "match = [404]",
        expect![[r#"
            error: an item of `match` must be a table, not an integer [wrong-type]
              --> c.toml:17:10
               |
            17 | match = [404]
               |          ^^^
        "#]],
    );
    bad(
        "examples = [404]",
        expect![[r#"
            error: an item of `examples` must be a table, not an integer [wrong-type]
              --> c.toml:18:13
               |
            18 | examples = [404]
               |             ^^^
        "#]],
    );
    bad(
        "[links]\nx = 1",
        expect![[r#"
        warning: no text uses the link `x` [unused]
          --> c.toml:17:1
           |
        17 | x = 1
           | ^

        error: `x` must be a string, not an integer [wrong-type]
          --> c.toml:17:5
           |
        17 | x = 1
           |     ^
    "#]],
    );
    bad(
        "[retry]\nx = \"1s\"",
        expect![[r#"
            error: [retry.x] must be a table, not a string [wrong-type]
              --> c.toml:19:5
               |
            19 | x = "1s"
               |     ^^^^
        "#]],
    );
    bad(
        "[case]\nx = 1",
        expect![[r#"
            error: [case.x] must be a table, not an integer [wrong-type]
              --> c.toml:19:5
               |
            19 | x = 1
               |     ^
        "#]],
    );
    bad(
        "case = 1",
        expect![[r#"
        error: unknown key `case` in [case.base] [unknown-key]
          --> c.toml:18:1
           |
        18 | case = 1
           | ^^^^
           |
           = help: did you mean `causes`?
    "#]],
    );
    bad(
        "section = 1",
        expect![[r#"
        error: unknown key `section` in [case.base] [unknown-key]
          --> c.toml:18:1
           |
        18 | section = 1
           | ^^^^^^^
           |
           = help: known here: `aliases`, `causes`, `code`, `deprecated`, `display`, `examples`, `fixes`, `fixes-as`, `match`, `refines`, `retry`, `severity`, `source`, `status`, `summary`, `title`, `variant`
    "#]],
    );
    bad(
        "[wire]\nrequest-id = \"x-request-id\"",
        expect![[r#"
            error: [request-id] must be a table, not a string [wrong-type]
              --> c.toml:19:14
               |
            19 | request-id = "x-request-id"
               |              ^^^^^^^^^^^^^^
        "#]],
    );
    bad(
        "[case.x]\nstatus = \"404\"\nsummary = \"X.\"",
        expect![[r#"
        error: `status` must be an integer, not a string [wrong-type]
          --> c.toml:19:10
           |
        19 | status = "404"
           |          ^^^^^
    "#]],
    );
    bad(
        "[case.x]\nstatus = 404.5\nsummary = \"X.\"",
        expect![[r#"
        error: `status` must be an integer, not a float [wrong-type]
          --> c.toml:19:10
           |
        19 | status = 404.5
           |          ^^^^^
    "#]],
    );
    bad(
        "[case.x]\nstatus = 2026-11-22\nsummary = \"X.\"",
        expect![[r#"
        error: `status` must be an integer, not a date [wrong-type]
          --> c.toml:19:10
           |
        19 | status = 2026-11-22
           |          ^^^^^^^^^^
    "#]],
    );
    bad(
        "[retry.x]\ninitial = 1",
        expect![[r#"
        error: `initial` must be a duration such as "500ms", not an integer [wrong-type]
          --> c.toml:19:11
           |
        19 | initial = 1
           |           ^
    "#]],
    );
    bad(
        "[retry.x]\ninitial = \"1s\"\njitter = \"half\"",
        expect![[r#"
        warning: no case is retried by the policy `x` [unused]
          --> c.toml:18:8
           |
        18 | [retry.x]
           |        ^

        error: `jitter` must be a number, not a string [wrong-type]
          --> c.toml:20:10
           |
        20 | jitter = "half"
           |          ^^^^^^
    "#]],
    );
    bad(
        "[retry.x]\ninitial = \"1s\"\nretry-after = { respect = 1 }",
        expect![[r#"
        warning: no case is retried by the policy `x` [unused]
          --> c.toml:18:8
           |
        18 | [retry.x]
           |        ^

        error: `respect` must be true or false, not an integer [wrong-type]
          --> c.toml:20:27
           |
        20 | retry-after = { respect = 1 }
           |                           ^
    "#]],
    );
}

#[test]
fn missing_keys_and_empty_texts() {
    bad(
        "[case.x]\nstatus = 404",
        expect![[r#"
            error: [case.x] has no `summary` [missing-key]
              --> c.toml:18:7
               |
            18 | [case.x]
               |       ^
               |
               = help: add `summary = ...`
        "#]],
    );
    bad(
        "fixes = [{ id = \"a\" }]",
        expect![[r#"
            error: an item of `fixes` has no `text` [missing-key]
              --> c.toml:18:10
               |
            18 | fixes = [{ id = "a" }]
               |          ^^^^^^^^^^^^
               |
               = help: add `text = ...`
        "#]],
    );
    bad(
        "[page]\nintro = \"X.\"",
        expect![[r#"
        error: [page] has no `title` [missing-key]
          --> c.toml:18:2
           |
        18 | [page]
           |  ^^^^
           |
           = help: add `title = ...`
    "#]],
    );
    bad(
        "[retry.x]\nmax-retries = 1",
        expect![[r#"
        error: [retry.x] has no `initial` [missing-key]
          --> c.toml:18:8
           |
        18 | [retry.x]
           |        ^
           |
           = help: add `initial = ...`
    "#]],
    );
    bad(
        "[checklist.t]\nitems = [{ collect = [\"url\"] }]",
        expect![[r#"
            warning: no section shows the checklist `t` [unused]
              --> c.toml:18:12
               |
            18 | [checklist.t]
               |            ^

            error: an item of `items` has no `text` [missing-key]
              --> c.toml:19:10
               |
            19 | items = [{ collect = ["url"] }]
               |          ^^^^^^^^^^^^^^^^^^^^^
               |
               = help: add `text = ...`
        "#]],
    );
    bad(
        "[checklist.t]\nlinks = [{ text = \"L\" }]",
        expect![[r#"
            warning: no section shows the checklist `t` [unused]
              --> c.toml:18:12
               |
            18 | [checklist.t]
               |            ^

            error: an item of `links` has no `to` [missing-key]
              --> c.toml:19:10
               |
            19 | links = [{ text = "L" }]
               |          ^^^^^^^^^^^^^^
               |
               = help: add `to = ...`
        "#]],
    );
    bad(
        "[page]\ntitle = \"P\"\n[[section]]\ncases = [\"base\", \"user\"]",
        expect![[r#"
            error: an item of `section` has no `title` [missing-key]
              --> c.toml:20:1
               |
            20 | [[section]]
               | ^^^^^^^^^^^
               |
               = help: add `title = ...`
        "#]],
    );
    bad(
        "title = \"\"",
        expect![[r#"
        error: `title` is empty [empty-text]
          --> c.toml:18:9
           |
        18 | title = ""
           |         ^^
    "#]],
    );
    bad(
        "aliases = [\" \"]",
        expect![[r#"
            error: an item of `aliases` is empty [empty-text]
              --> c.toml:18:12
               |
            18 | aliases = [" "]
               |            ^^^
        "#]],
    );
}

#[test]
fn invalid_numbers_and_keywords() {
    bad(
        "[case.x]\nstatus = 99\nsummary = \"X.\"",
        expect![[r#"
        error: `status` must be from 100 to 599 [out-of-range]
          --> c.toml:19:10
           |
        19 | status = 99
           |          ^^
    "#]],
    );
    bad(
        "[case.x]\nstatus = 600\nsummary = \"X.\"",
        expect![[r#"
        error: `status` must be from 100 to 599 [out-of-range]
          --> c.toml:19:10
           |
        19 | status = 600
           |          ^^^
    "#]],
    );
    bad(
        "[case.x]\nstatus = 99999999999999999999\nsummary = \"X.\"",
        expect![[r#"
        error: `status` must be from 100 to 599 [out-of-range]
          --> c.toml:19:10
           |
        19 | status = 99999999999999999999
           |          ^^^^^^^^^^^^^^^^^^^^
    "#]],
    );
    bad(
        "fixes-as = \"lines\"",
        expect![[r#"
        error: `fixes-as` cannot be `lines` [unknown-word]
          --> c.toml:18:12
           |
        18 | fixes-as = "lines"
           |            ^^^^^^^
           |
           = help: known here: `list`, `paragraph`
    "#]],
    );
    bad(
        "severity = \"fatal\"",
        expect![[r#"
        error: `severity` cannot be `fatal` [unknown-word]
          --> c.toml:18:12
           |
        18 | severity = "fatal"
           |            ^^^^^^^
           |
           = help: known here: `advice`, `error`, `warning`
    "#]],
    );
    bad(
        "[page]\ntitle = \"P\"\nanchors = \"name\"",
        expect![[r#"
        error: `anchors` cannot be `name` [unknown-word]
          --> c.toml:20:11
           |
        20 | anchors = "name"
           |           ^^^^^^
           |
           = help: known here: `id`, `title`
    "#]],
    );
    bad(
        "[wire]\ncodes = [\"code\"]",
        expect![[r#"
            error: invalid JSON pointer `code` [bad-pointer]
              --> c.toml:19:10
               |
            19 | codes = ["code"]
               |          ^^^^^^
               |
               = help: write `/code`
        "#]],
    );
    bad(
        "[wire]\nretry-after = { body = [\"retry_after\"] }",
        expect![[r#"
            error: invalid JSON pointer `retry_after` [bad-pointer]
              --> c.toml:19:25
               |
            19 | retry-after = { body = ["retry_after"] }
               |                         ^^^^^^^^^^^^^
               |
               = help: write `/retry_after`
        "#]],
    );
}

#[test]
fn no_follow_up_problems() {
    bad(
        "sumary = \"x\"",
        expect![[r#"
        error: unknown key `sumary` in [case.base] [unknown-key]
          --> c.toml:18:1
           |
        18 | sumary = "x"
           | ^^^^^^
           |
           = help: did you mean `summary`?
    "#]],
    );
    bad(
        "[case.x]\nstatus = 404\nsumary = \"X.\"",
        expect![[r#"
        error: unknown key `sumary` in [case.x] [unknown-key]
          --> c.toml:20:1
           |
        20 | sumary = "X."
           | ^^^^^^
           |
           = help: did you mean `summary`?
    "#]],
    );
    bad(
        "retry = 5\nfixes = [{ text = \"Wait {retry.initial}.\", requires = { initial = \"1s\" } }]",
        expect![[r#"
        error: `retry` must be a string, not an integer [wrong-type]
          --> c.toml:18:9
           |
        18 | retry = 5
           |         ^
    "#]],
    );
    bad(
        "refines = \"bbb\"\nfixes = [\"Wait {retry.max}.\"]",
        expect![[r#"
            error: unknown case `bbb` [unknown-reference]
              --> c.toml:18:11
               |
            18 | refines = "bbb"
               |           ^^^^^
               |
               = help: known here: `base`, `user`
        "#]],
    );
    bad(
        "causes = \"c\"\nfixes = [{ text = \"F.\", for = [\"c\"] }]",
        expect![[r#"
        error: `causes` must be an array, not a string [wrong-type]
          --> c.toml:18:10
           |
        18 | causes = "c"
           |          ^^^
    "#]],
    );
    bad(
        "[retry.x]\nintial = \"5s\"\nmax-retrys = 1",
        expect![[r#"
        error: unknown key `intial` in [retry.x] [unknown-key]
          --> c.toml:19:1
           |
        19 | intial = "5s"
           | ^^^^^^
           |
           = help: did you mean `initial`?

        error: unknown key `max-retrys` in [retry.x] [unknown-key]
          --> c.toml:20:1
           |
        20 | max-retrys = 1
           | ^^^^^^^^^^
           |
           = help: did you mean `max-retries`?
    "#]],
    );
    bad(
        "[retry]\nslow = 5\n[case.x]\nstatus = 404\nsummary = \"X.\"\nretry = \"slow\"",
        expect![[r#"
        error: [retry.slow] must be a table, not an integer [wrong-type]
          --> c.toml:19:8
           |
        19 | slow = 5
           |        ^
    "#]],
    );
    bad(
        "[case]\na-b = 5\n[case.x]\nstatus = 404\nsummary = \"X.\"\nrefines = \"a-b\"",
        expect![[r#"
        error: [case.a-b] must be a table, not an integer [wrong-type]
          --> c.toml:19:7
           |
        19 | a-b = 5
           |       ^
    "#]],
    );
    bad(
        "fixes = [\"\", \"F.\"]",
        expect![[r#"
        error: an item of `fixes` is empty [empty-text]
          --> c.toml:18:10
           |
        18 | fixes = ["", "F."]
           |          ^^
    "#]],
    );
    bad(
        "[page]\ntitle = \"P\"\n[[section]]\ntitle = \"S\"\ncases = \"base\"",
        expect![[r#"
        error: `cases` must be an array, not a string [wrong-type]
          --> c.toml:22:9
           |
        22 | cases = "base"
           |         ^^^^^^
    "#]],
    );
    bad(
        "[page]\ntitle = \"P\"\n[[section]]\ntitle = \"S\"\ncases = [\"user\", \"bsae\"]",
        expect![[r#"
            error: unknown case `bsae` [unknown-reference]
              --> c.toml:22:18
               |
            22 | cases = ["user", "bsae"]
               |                  ^^^^^^
               |
               = help: did you mean `base`?
        "#]],
    );
    bad(
        "[page]\ntitle = \"P\"\n[[section]]\ntitle = \"S\"\ncases = [\"user\", \"base\", \"x\", \"x\"]",
        expect![[r#"
            error: unknown case `x` [unknown-reference]
              --> c.toml:22:26
               |
            22 | cases = ["user", "base", "x", "x"]
               |                          ^^^
               |
               = help: known here: `base`, `user`

            error: unknown case `x` [unknown-reference]
              --> c.toml:22:31
               |
            22 | cases = ["user", "base", "x", "x"]
               |                               ^^^
               |
               = help: known here: `base`, `user`
        "#]],
    );
}

#[test]
fn misspelled_tables() {
    bad(
        "[[retry]]\ninitial = \"1s\"",
        expect![[r#"
        error: duplicate key `retry` [syntax]
          --> c.toml:18:3
           |
        18 | [[retry]]
           |   ^^^^^
    "#]],
    );
    bad(
        "[rety.slow]\ninitial = \"1s\"\n[case.x]\nstatus = 404\nsummary = \"X.\"\nretry = \"slow\"",
        expect![[r#"
        error: unknown key `rety` in the file [unknown-key]
          --> c.toml:18:2
           |
        18 | [rety.slow]
           |  ^^^^
           |
           = help: did you mean `retry`?
    "#]],
    );
    bad(
        "rety = \"once\"\nfixes = [{ text = \"Wait {retry.initial}.\", requires = { initial = \"1s\" } }]",
        expect![[r#"
            error: unknown key `rety` in [case.base] [unknown-key]
              --> c.toml:18:1
               |
            18 | rety = "once"
               | ^^^^
               |
               = help: did you mean `retry`?
        "#]],
    );
    bad(
        "causse = [{ id = \"c\", text = \"C.\" }]\nfixes = [{ text = \"F.\", for = [\"c\"] }]",
        expect![[r#"
        error: unknown key `causse` in [case.base] [unknown-key]
          --> c.toml:18:1
           |
        18 | causse = [{ id = "c", text = "C." }]
           | ^^^^^^
           |
           = help: did you mean `causes`?
    "#]],
    );
    bad(
        "[page]\ntitle = \"P\"\n[[section]]\ntitle = \"S\"\ncase = [\"base\"]",
        expect![[r#"
        error: unknown key `case` in an item of `section` [unknown-key]
          --> c.toml:22:1
           |
        22 | case = ["base"]
           | ^^^^
           |
           = help: did you mean `cases`?
    "#]],
    );
}
