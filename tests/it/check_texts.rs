//! The checker: texts. One mistake, one problem, at its place, with the way out.

use expect_test::expect;

use crate::check::bad;

#[test]
fn unsupported_markdown() {
    bad(
        "fixes = [\"Use <KEY> here.\"]",
        expect![[r#"
        error: raw HTML in a text [raw-html]
          --> c.toml:18:15
           |
        18 | fixes = ["Use <KEY> here."]
           |               ^^^^^
           |
           = help: put it in backticks, or write `&lt;`
    "#]],
    );
    bad(
        "fixes = [\"Use <b>bold</b>.\"]",
        expect![[r#"
            error: raw HTML in a text [raw-html]
              --> c.toml:18:15
               |
            18 | fixes = ["Use <b>bold</b>."]
               |               ^^^
               |
               = help: put it in backticks, or write `&lt;`
        "#]],
    );
    bad(
        "fixes = [\"See https://c.example/x now.\"]",
        expect![[r#"
        error: a bare address in a text [bare-address]
          --> c.toml:18:15
           |
        18 | fixes = ["See https://c.example/x now."]
           |               ^^^^^^^^^^^^^^^^^^^
           |
           = help: name it in `[links]` and write `[words](link:NAME)`, or put it in backticks
    "#]],
    );
    bad(
        "fixes = [\"See <https://c.example/x>.\"]",
        expect![[r#"
        error: a bare address in a text [bare-address]
          --> c.toml:18:15
           |
        18 | fixes = ["See <https://c.example/x>."]
           |               ^^^^^^^^^^^^^^^^^^^^^
           |
           = help: name it in `[links]` and write `[words](link:NAME)`
    "#]],
    );
    bad(
        "fixes = [\"See [words](https://c.example/x).\"]",
        expect![[r#"
        error: a link that goes past `[links]` [direct-link]
          --> c.toml:18:15
           |
        18 | fixes = ["See [words](https://c.example/x)."]
           |               ^^^^^^^^^^^^^^^^^^^^^^^^^^^^
           |
           = help: name the address in `[links]` and write `[words](link:NAME)`
    "#]],
    );
    bad(
        "fixes = [\"See [words](javascript:alert).\"]",
        expect![[r#"
        error: a link that goes past `[links]` [direct-link]
          --> c.toml:18:15
           |
        18 | fixes = ["See [words](javascript:alert)."]
           |               ^^^^^^^^^^^^^^^^^^^^^^^^^
           |
           = help: name the address in `[links]` and write `[words](link:NAME)`
    "#]],
    );
    bad(
        "fixes = [\"See [words].\"]",
        expect![[r#"
            error: brackets without a link [stray-brackets]
              --> c.toml:18:15
               |
            18 | fixes = ["See [words]."]
               |               ^^^^^^^
               |
               = help: write `[words](link:NAME)`, put the words in backticks, or escape the brackets: `\[`
        "#]],
    );
    bad(
        "fixes = [\"See [words][help].\"]",
        expect![[r#"
            error: brackets without a link [stray-brackets]
              --> c.toml:18:15
               |
            18 | fixes = ["See [words][help]."]
               |               ^^^^^^^^^^^^^
               |
               = help: write `[words](link:NAME)`, put the words in backticks, or escape the brackets: `\[`
        "#]],
    );
    bad(
        "fixes = [\"See a[0].\"]",
        expect![[r#"
            error: brackets without a link [stray-brackets]
              --> c.toml:18:16
               |
            18 | fixes = ["See a[0]."]
               |                ^^^
               |
               = help: write `[words](link:NAME)`, put the words in backticks, or escape the brackets: `\[`
        "#]],
    );
    bad(
        "fixes = [\"An ![image](link:help).\"]",
        expect![[r#"
        error: an image in a text [image]
          --> c.toml:18:14
           |
        18 | fixes = ["An ![image](link:help)."]
           |              ^^^^^^^^^^^^^^^^^^^
           |
           = help: link to it: `[words](link:NAME)`
    "#]],
    );
    bad(
        "fixes = [\"A `tick.\"]",
        expect![[r#"
        error: a backtick without its partner [stray-backtick]
          --> c.toml:18:13
           |
        18 | fixes = ["A `tick."]
           |             ^
           |
           = help: close the code, or escape it: `\``
    "#]],
    );
    bad(
        "fixes = [\"# Heading\"]",
        expect![[r##"
            error: text must be a single paragraph; this starts like a heading, a list, a quote or code [block-syntax]
              --> c.toml:18:11
               |
            18 | fixes = ["# Heading"]
               |           ^^^^^^^^^
               |
               = help: begin it with a word, or escape the first character with `\`
        "##]],
    );
    bad(
        "fixes = [\"- item\"]",
        expect![[r#"
            error: text must be a single paragraph; this starts like a heading, a list, a quote or code [block-syntax]
              --> c.toml:18:11
               |
            18 | fixes = ["- item"]
               |           ^^^^^^
               |
               = help: begin it with a word, or escape the first character with `\`
        "#]],
    );
    bad(
        "fixes = [\"1. item\"]",
        expect![[r#"
            error: text must be a single paragraph; this starts like a heading, a list, a quote or code [block-syntax]
              --> c.toml:18:11
               |
            18 | fixes = ["1. item"]
               |           ^^^^^^^
               |
               = help: begin it with a word, or escape the first character with `\`
        "#]],
    );
    bad(
        "fixes = [\"> quote\"]",
        expect![[r#"
            error: text must be a single paragraph; this starts like a heading, a list, a quote or code [block-syntax]
              --> c.toml:18:11
               |
            18 | fixes = ["> quote"]
               |           ^^^^^^^
               |
               = help: begin it with a word, or escape the first character with `\`
        "#]],
    );
    bad(
        "fixes = [\"```\"]",
        expect![[r#"
            error: text must be a single paragraph; this starts like a heading, a list, a quote or code [block-syntax]
              --> c.toml:18:11
               |
            18 | fixes = ["```"]
               |           ^^^
               |
               = help: begin it with a word, or escape the first character with `\`
        "#]],
    );
    bad(
        "fixes = [\"***\"]",
        expect![[r#"
            error: text must be a single paragraph; this starts like a heading, a list, a quote or code [block-syntax]
              --> c.toml:18:11
               |
            18 | fixes = ["***"]
               |           ^^^
               |
               = help: begin it with a word, or escape the first character with `\`
        "#]],
    );
    bad(
        "fixes = [\"    code\"]",
        expect![[r#"
            error: the text begins or ends with a space [edge-space]
              --> c.toml:18:10
               |
            18 | fixes = ["    code"]
               |          ^^^^^^^^^^
        "#]],
    );
    bad(
        "fixes = [\"[x]: https://c.example/\"]",
        expect![[r#"
            error: text must be a single paragraph; this starts like a heading, a list, a quote or code [block-syntax]
              --> c.toml:18:11
               |
            18 | fixes = ["[x]: https://c.example/"]
               |           ^^^^^^^^^^^^^^^^^^^^^^^
               |
               = help: begin it with a word, or escape the first character with `\`
        "#]],
    );
    bad(
        "fixes = [\"<!-- gone -->\"]",
        expect![[r#"
            error: text must be a single paragraph; this starts like a heading, a list, a quote or code [block-syntax]
              --> c.toml:18:11
               |
            18 | fixes = ["<!-- gone -->"]
               |           ^^^^^^^^^^^^^
               |
               = help: begin it with a word, or escape the first character with `\`
        "#]],
    );
}

#[test]
fn line_breaks_and_control_characters() {
    bad(
        "fixes = [\"One.\\nTwo.\"]",
        expect![[r#"
        error: a text is one line [hidden-character]
          --> c.toml:18:10
           |
        18 | fixes = ["One.\nTwo."]
           |          ^^^^^^^^^^^^
    "#]],
    );
    bad(
        "fixes = [\"One.\\r\"]",
        expect![[r#"
        error: a text is one line [hidden-character]
          --> c.toml:18:10
           |
        18 | fixes = ["One.\r"]
           |          ^^^^^^^^
    "#]],
    );
    bad(
        "fixes = [\"Tab\\there.\"]",
        expect![[r#"
            error: invisible character U+0009 in the text [hidden-character]
              --> c.toml:18:10
               |
            18 | fixes = ["Tab\there."]
               |          ^^^^^^^^^^^^
        "#]],
    );
    bad(
        "fixes = [\"Nul \\u0000.\"]",
        expect![[r#"
            error: invisible character U+0000 in the text [hidden-character]
              --> c.toml:18:10
               |
            18 | fixes = ["Nul \u0000."]
               |          ^^^^^^^^^^^^^
        "#]],
    );
    bad(
        "fixes = [\"Turn \\u202e around.\"]",
        expect![[r#"
            error: invisible character U+202E in the text [hidden-character]
              --> c.toml:18:10
               |
            18 | fixes = ["Turn \u202e around."]
               |          ^^^^^^^^^^^^^^^^^^^^^
        "#]],
    );
    bad(
        "fixes = [\" Space.\"]",
        expect![[r#"
        error: the text begins or ends with a space [edge-space]
          --> c.toml:18:10
           |
        18 | fixes = [" Space."]
           |          ^^^^^^^^^
    "#]],
    );
    bad(
        "aliases = [\"two\\nlines\"]",
        expect![[r#"
        error: a text is one line [hidden-character]
          --> c.toml:18:12
           |
        18 | aliases = ["two\nlines"]
           |            ^^^^^^^^^^^^
    "#]],
    );
    bad(
        "code = \"a\\u001bb\"",
        expect![[r#"
            warning: `code` can never match: set `[wire] codes` to the fields that carry it [codes-nowhere]
              --> c.toml:17:8
               |
            17 | code = "a\u001bb"
               |        ^^^^^^^^^^
               |
               = help: add `codes = ["/code"]`, or where they stand, to `[wire]`

            error: invisible character U+001B in the text [hidden-character]
              --> c.toml:17:8
               |
            17 | code = "a\u001bb"
               |        ^^^^^^^^^^
        "#]],
    );
    bad(
        "fixes = ['''\nOne\nTwo''']",
        expect![[r#"
        error: a text is one line [hidden-character]
          --> c.toml:18:10
           |
        18 | fixes = ['''
           |          ^^^
    "#]],
    );
    bad(
        "[page]\ntitle = \"P\"\ndescription = \"One\\nsneaky: two\"",
        expect![[r#"
        error: a text is one line [hidden-character]
          --> c.toml:20:15
           |
        20 | description = "One\nsneaky: two"
           |               ^^^^^^^^^^^^^^^^^^
    "#]],
    );
}

#[test]
fn unknown_links_and_fields() {
    bad(
        "fixes = [\"Ask [help](link:halp).\"]",
        expect![[r#"
            error: unknown link `halp`: it is not in `[links]` [unknown-link]
              --> c.toml:18:22
               |
            18 | fixes = ["Ask [help](link:halp)."]
               |                      ^^^^^^^^^
               |
               = help: did you mean `help`?
        "#]],
    );
    bad(
        "fixes = [\"Ask \\u005bhelp](link:halp).\"]",
        expect![[r#"
            error: unknown link `halp`: it is not in `[links]` [unknown-link]
              --> c.toml:18:10
               |
            18 | fixes = ["Ask \u005bhelp](link:halp)."]
               |          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
               |
               = help: did you mean `help`?
        "#]],
    );
    bad(
        "title = \"See [help](link:help)\"",
        expect![[r#"
        error: a title cannot hold a link [link-in-title]
          --> c.toml:18:21
           |
        18 | title = "See [help](link:help)"
           |                     ^^^^^^^^^
    "#]],
    );
    bad(
        "fixes = [\"Wait {retry.initial}.\"]",
        expect![[r#"
        error: `{retry.initial}` in a case without a retry policy [unknown-placeholder]
          --> c.toml:18:16
           |
        18 | fixes = ["Wait {retry.initial}."]
           |                ^^^^^^^^^^^^^^^
           |
           = help: add `retry = "..."` to the case
    "#]],
    );
    bad(
        "retry = \"once\"\nfixes = [\"Wait {retry.inital}.\"]",
        expect![[r#"
        error: a policy has no `{retry.inital}` to print [unknown-placeholder]
          --> c.toml:19:16
           |
        19 | fixes = ["Wait {retry.inital}."]
           |                ^^^^^^^^^^^^^^
           |
           = help: did you mean `initial`?
    "#]],
    );
    bad(
        "[page]\ntitle = \"P\"\nintro = \"Wait {retry.initial}.\"",
        expect![[r#"
        error: `{retry.initial}` outside of a case [unknown-placeholder]
          --> c.toml:20:15
           |
        20 | intro = "Wait {retry.initial}."
           |               ^^^^^^^^^^^^^^^
    "#]],
    );
    bad(
        "summary = \"Duplicate\"",
        expect![[r#"
        error: duplicate key `summary` [syntax]
          --> c.toml:18:1
           |
        18 | summary = "Duplicate"
           | ^^^^^^^
    "#]],
    );
}

#[test]
fn invalid_links_and_titles() {
    bad(
        "fixes = [\"See [a](<link:help>).\"]",
        expect![[r#"
        error: a link that goes past `[links]` [direct-link]
          --> c.toml:18:15
           |
        18 | fixes = ["See [a](<link:help>)."]
           |               ^^^^^^^^^^^^^^^^
           |
           = help: name the address in `[links]` and write `[words](link:NAME)`
    "#]],
    );
    bad(
        "fixes = [\"See [a]( link:help).\"]",
        expect![[r#"
        error: a link that goes past `[links]` [direct-link]
          --> c.toml:18:15
           |
        18 | fixes = ["See [a]( link:help)."]
           |               ^^^^^^^^^^^^^^^
           |
           = help: name the address in `[links]` and write `[words](link:NAME)`
    "#]],
    );
    bad(
        "fixes = [\"One https://a.example/ and two https://b.example/.\"]",
        expect![[r#"
            error: a bare address in a text [bare-address]
              --> c.toml:18:15
               |
            18 | fixes = ["One https://a.example/ and two https://b.example/."]
               |               ^^^^^^^^^^^^^^^^^^
               |
               = help: name it in `[links]` and write `[words](link:NAME)`, or put it in backticks

            error: a bare address in a text [bare-address]
              --> c.toml:18:42
               |
            18 | fixes = ["One https://a.example/ and two https://b.example/."]
               |                                          ^^^^^^^^^^^^^^^^^^^
               |
               = help: name it in `[links]` and write `[words](link:NAME)`, or put it in backticks
        "#]],
    );
    bad(
        "fixes = [\"[ ] was sent.\"]",
        expect![[r#"
        error: brackets that make a task of a list's item [stray-brackets]
          --> c.toml:18:11
           |
        18 | fixes = ["[ ] was sent."]
           |           ^^^
           |
           = help: begin the text with a word
    "#]],
    );
    bad(
        "[page]\ntitle = \"Errors <KEY>\"",
        expect![[r#"
        error: raw HTML in a text [raw-html]
          --> c.toml:19:17
           |
        19 | title = "Errors <KEY>"
           |                 ^^^^^
           |
           = help: put it in backticks, or write `&lt;`
    "#]],
    );
    bad(
        "[page]\ntitle = \"P\"\n[[section]]\ntitle = \"[see](link:help)\"\ncases = [\"base\", \"user\"]",
        expect![[r#"
            error: a title cannot hold a link [link-in-title]
              --> c.toml:21:16
               |
            21 | title = "[see](link:help)"
               |                ^^^^^^^^^
        "#]],
    );
    bad(
        "[page]\ntitle = \"P\"\ndocs = \"https://c.example/#top\"",
        expect![[r#"
        error: the address of a page has no `#`: its cases have [bad-address]
          --> c.toml:20:8
           |
        20 | docs = "https://c.example/#top"
           |        ^^^^^^^^^^^^^^^^^^^^^^^^
    "#]],
    );
    bad(
        "deprecated = { use = \"base\" }",
        expect![[r#"
        error: `base` is to be replaced by itself [circle]
          --> c.toml:18:22
           |
        18 | deprecated = { use = "base" }
           |                      ^^^^^^
    "#]],
    );
}
