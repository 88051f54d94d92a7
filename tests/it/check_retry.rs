//! The checker: policies, and prose about them. One mistake, one problem, at its place, with the way out.

use expect_test::expect;

use crate::check::bad;

#[test]
fn invalid_policies() {
    bad(
        "[retry.x]\ninitial = \"1h\"",
        expect![[r#"
            error: invalid duration `1h` for `initial` [bad-duration]
              --> c.toml:19:11
               |
            19 | initial = "1h"
               |           ^^^^
               |
               = help: write a whole number and a unit: "500ms", "30s" or "2m"
        "#]],
    );
    bad(
        "[retry.x]\ninitial = \"-1s\"",
        expect![[r#"
            error: invalid duration `-1s` for `initial` [bad-duration]
              --> c.toml:19:11
               |
            19 | initial = "-1s"
               |           ^^^^^
               |
               = help: write a whole number and a unit: "500ms", "30s" or "2m"
        "#]],
    );
    bad(
        "[retry.x]\ninitial = \"1.5s\"",
        expect![[r#"
            error: invalid duration `1.5s` for `initial` [bad-duration]
              --> c.toml:19:11
               |
            19 | initial = "1.5s"
               |           ^^^^^^
               |
               = help: write a whole number and a unit: "500ms", "30s" or "2m"
        "#]],
    );
    bad(
        "[retry.x]\ninitial = \"\"",
        expect![[r#"
            error: invalid duration `` for `initial` [bad-duration]
              --> c.toml:19:11
               |
            19 | initial = ""
               |           ^^
               |
               = help: write a whole number and a unit: "500ms", "30s" or "2m"
        "#]],
    );
    bad(
        "[retry.x]\ninitial = \"2s\"\nmax = \"1s\"",
        expect![[r#"
        error: `max` must not be shorter than `initial` [bad-policy]
          --> c.toml:20:7
           |
        20 | max = "1s"
           |       ^^^^
    "#]],
    );
    bad(
        "[retry.x]\ninitial = \"1s\"\nmultiplier = 0.5",
        expect![[r#"
        error: `multiplier` must be a number from 1 to 1000 [bad-policy]
          --> c.toml:20:14
           |
        20 | multiplier = 0.5
           |              ^^^
    "#]],
    );
    bad(
        "[retry.x]\ninitial = \"1s\"\nmultiplier = nan",
        expect![[r#"
        error: `multiplier` must be a number from 1 to 1000 [bad-policy]
          --> c.toml:20:14
           |
        20 | multiplier = nan
           |              ^^^
    "#]],
    );
    bad(
        "[retry.x]\ninitial = \"1s\"\njitter = 2",
        expect![[r#"
        error: `jitter` must be a number from 0 to 1 [bad-policy]
          --> c.toml:20:10
           |
        20 | jitter = 2
           |          ^
    "#]],
    );
    bad(
        "[retry.x]\ninitial = \"1s\"\njitter = -0.1",
        expect![[r#"
        error: `jitter` must be a number from 0 to 1 [bad-policy]
          --> c.toml:20:10
           |
        20 | jitter = -0.1
           |          ^^^^
    "#]],
    );
    bad(
        "[retry.x]\ninitial = \"1s\"\nmax-retries = -1",
        expect![[r#"
        warning: no case is retried by the policy `x` [unused]
          --> c.toml:18:8
           |
        18 | [retry.x]
           |        ^

        error: `max-retries` must be from 0 to 1000000 [out-of-range]
          --> c.toml:20:15
           |
        20 | max-retries = -1
           |               ^^
    "#]],
    );
    bad(
        "[retry.x]\ninitial = \"600000m\"",
        expect![[r#"
        error: `initial` must not be longer than 365 days [bad-policy]
          --> c.toml:19:11
           |
        19 | initial = "600000m"
           |           ^^^^^^^^^
    "#]],
    );
    bad(
        "[retry.x]\ninitial = \"1s\"\nretry-after = { limit = \"600000m\" }",
        expect![[r#"
        error: `retry-after.limit` must not be longer than 365 days [bad-policy]
          --> c.toml:20:25
           |
        20 | retry-after = { limit = "600000m" }
           |                         ^^^^^^^^^
    "#]],
    );
    bad(
        "[retry.x]\ninitial = \"1s\"\nretry-after = { limit = 5, respct = true }",
        expect![[r#"
        warning: no case is retried by the policy `x` [unused]
          --> c.toml:18:8
           |
        18 | [retry.x]
           |        ^

        error: `limit` must be a duration such as "500ms", not an integer [wrong-type]
          --> c.toml:20:25
           |
        20 | retry-after = { limit = 5, respct = true }
           |                         ^

        error: unknown key `respct` in [retry-after] [unknown-key]
          --> c.toml:20:28
           |
        20 | retry-after = { limit = 5, respct = true }
           |                            ^^^^^^
           |
           = help: did you mean `respect`?
    "#]],
    );
}

#[test]
fn only_accepts_idempotent() {
    bad(
        "[retry.x]\ninitial = \"1s\"\nmax-retries = 1\nonly = \"idempotent\"",
        expect![[r#"
        warning: no case is retried by the policy `x` [unused]
          --> c.toml:18:8
           |
        18 | [retry.x]
           |        ^
    "#]],
    );
}

#[test]
fn only_rejects_other_values() {
    bad(
        "[retry.x]\ninitial = \"1s\"\nonly = \"always\"",
        expect![[r#"
        error: `only` cannot be `always` [unknown-word]
          --> c.toml:20:8
           |
        20 | only = "always"
           |        ^^^^^^^^
           |
           = help: known here: `idempotent`
    "#]],
    );
    bad(
        "[retry.x]\ninitial = \"1s\"\nonly = true",
        expect![[r#"
        error: `only` must be a string, not a boolean [wrong-type]
          --> c.toml:20:8
           |
        20 | only = true
           |        ^^^^
    "#]],
    );
    bad(
        "[retry.x]\ninitial = \"1s\"\nonly = \"\"",
        expect![[r#"
        error: `only` is empty [empty-text]
          --> c.toml:20:8
           |
        20 | only = ""
           |        ^^
    "#]],
    );
    // The policy is broken, so a text that requires the limit is not a second problem.
    bad(
        "retry = \"x\"\nfixes = [{ text = \"F.\", requires = { only = \"idempotent\" } }]\n[retry.x]\ninitial = \"1s\"\nonly = \"always\"",
        expect![[r#"
            error: `only` cannot be `always` [unknown-word]
              --> c.toml:22:8
               |
            22 | only = "always"
               |        ^^^^^^^^
               |
               = help: known here: `idempotent`
        "#]],
    );
}

#[test]
fn requires_only_is_compared_with_the_policy() {
    bad(
        "retry = \"once\"\nfixes = [{ text = \"F.\", requires = { only = \"idempotent\" } }]",
        expect![[r#"
        error: the text needs `only` to be idempotent, but the policy `once` has none [requires]
          --> c.toml:19:45
           |
        12 | [retry.once]
           |        ---- the policy is here
        ...
        19 | fixes = [{ text = "F.", requires = { only = "idempotent" } }]
           |                                             ^^^^^^^^^^^^
           |
           = help: change the policy, or the text and its `requires`
    "#]],
    );
    bad(
        "retry = \"once\"\nfixes = [{ text = \"F.\", requires = { only = \"always\" } }]",
        expect![[r#"
            error: `only` cannot be `always` [unknown-word]
              --> c.toml:19:45
               |
            19 | fixes = [{ text = "F.", requires = { only = "always" } }]
               |                                             ^^^^^^^^
               |
               = help: known here: `idempotent`
        "#]],
    );
}

#[test]
fn requires_differs_from_policy() {
    bad(
        "retry = \"once\"\nfixes = [{ text = \"Doubling.\", requires = { multiplier = 2 } }]",
        expect![[r#"
        error: the text needs `multiplier` to be 2, but the policy `once` has 1 [requires]
          --> c.toml:19:58
           |
        12 | [retry.once]
           |        ---- the policy is here
        ...
        19 | fixes = [{ text = "Doubling.", requires = { multiplier = 2 } }]
           |                                                          ^
           |
           = help: change the policy, or the text and its `requires`
    "#]],
    );
    bad(
        "retry = \"once\"\nfixes = [{ text = \"Soon.\", requires = { initial = \"2s\" } }]",
        expect![[r#"
        error: the text needs `initial` to be 2 s, but the policy `once` has 1 s [requires]
          --> c.toml:19:51
           |
        12 | [retry.once]
           |        ---- the policy is here
        ...
        19 | fixes = [{ text = "Soon.", requires = { initial = "2s" } }]
           |                                                   ^^^^
           |
           = help: change the policy, or the text and its `requires`
    "#]],
    );
    bad(
        "retry = \"once\"\nfixes = [{ text = \"Never mind.\", requires = { \"retry-after.respect\" = false } }]",
        expect![[r#"
            error: the text needs `retry-after.respect` to be false, but the policy `once` has true [requires]
              --> c.toml:19:71
               |
            12 | [retry.once]
               |        ---- the policy is here
            ...
            19 | fixes = [{ text = "Never mind.", requires = { "retry-after.respect" = false } }]
               |                                                                       ^^^^^
               |
               = help: change the policy, or the text and its `requires`
        "#]],
    );
    bad(
        "fixes = [{ text = \"Doubling.\", requires = { multiplier = 2 } }]",
        expect![[r#"
        error: `requires` in a case without a retry policy: `multiplier` [requires]
          --> c.toml:18:45
           |
        18 | fixes = [{ text = "Doubling.", requires = { multiplier = 2 } }]
           |                                             ^^^^^^^^^^
           |
           = help: add `retry = "..."` to the case
    "#]],
    );
    bad(
        "retry = \"once\"\nfixes = [{ text = \"F.\", requires = { multiplyer = 2 } }]",
        expect![[r#"
        error: unknown key `multiplyer` in [requires] [unknown-key]
          --> c.toml:19:38
           |
        19 | fixes = [{ text = "F.", requires = { multiplyer = 2 } }]
           |                                      ^^^^^^^^^^
           |
           = help: did you mean `multiplier`?
    "#]],
    );
    bad(
        "retry = \"once\"\nfixes = [{ text = \"F.\", requires = { multiplier = \"two\" } }]",
        expect![[r#"
        error: `multiplier` cannot have this value [wrong-type]
          --> c.toml:19:51
           |
        19 | fixes = [{ text = "F.", requires = { multiplier = "two" } }]
           |                                                   ^^^^^
    "#]],
    );
}

#[test]
fn several_problems_and_inherited_policies() {
    bad(
        "[retry.x]\ninitial = \"2s\"\nmax = \"1s\"\nmultiplier = 0\njitter = 5",
        expect![[r#"
        error: `max` must not be shorter than `initial` [bad-policy]
          --> c.toml:20:7
           |
        20 | max = "1s"
           |       ^^^^

        error: `multiplier` must be a number from 1 to 1000 [bad-policy]
          --> c.toml:21:14
           |
        21 | multiplier = 0
           |              ^

        error: `jitter` must be a number from 0 to 1 [bad-policy]
          --> c.toml:22:10
           |
        22 | jitter = 5
           |          ^
    "#]],
    );
    bad(
        "refines = \"x\"\nfixes = [\"Wait {retry.initial}.\"]\n[case.x]\nstatus = 404\nsummary = \"X.\"",
        expect![[r#"
            error: `{retry.initial}` in a case without a retry policy [unknown-placeholder]
              --> c.toml:19:16
               |
            19 | fixes = ["Wait {retry.initial}."]
               |                ^^^^^^^^^^^^^^^
               |
               = help: add `retry = "..."` to the case
        "#]],
    );
    bad(
        "refines = \"x\"\nretry = \"once\"\n[retry.double]\ninitial = \"1s\"\nmultiplier = 2\nmax-retries = 2\n[case.x]\nstatus = 404\nsummary = \"X.\"\nretry = \"double\"\nfixes = [{ text = \"Doubling.\", requires = { multiplier = 2 } }]",
        expect![[r#"
            error: the text needs `multiplier` to be 2, but the policy `once` has 1 [requires]
              --> c.toml:28:58
               |
            12 | [retry.once]
               |        ---- the policy is here
            ...
            28 | fixes = [{ text = "Doubling.", requires = { multiplier = 2 } }]
               |                                                          ^
               |
               = help: change the policy, or the text and its `requires`
        "#]],
    );
}
