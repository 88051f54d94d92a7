//! The commands `check` and `emit`.

use std::fs;

use expect_test::expect;
use serde_json::Value;

use crate::cargo::{root, run as succeed};
use crate::cli::{check, run};
use crate::scratch::{scratch, scratch_cargo};

#[test]
fn valid_catalog_has_no_problems() {
    check(
        &["check"],
        0,
        &expect![[""]],
        &expect![[r#"
        0 errors, 0 warnings
    "#]],
    );
    check(
        &["check", "--deny", "warnings", "tests/ui/windows.toml", "catalog/rules.toml"],
        0,
        &expect![[""]],
        &expect![[r#"
            0 errors, 0 warnings
        "#]],
    );
    check(
        &["check", "--format", "json"],
        0,
        &expect![[r#"
        {
          "problems": [],
          "schema": 1
        }
    "#]],
        &expect![[""]],
    );
}

#[test]
fn problems_as_text_json_and_github_annotations() {
    check(
        &["check", "tests/ui/in-an-included-file.toml"],
        1,
        &expect![[r#"
            error: duplicate case `one` [duplicate-id]
             --> tests/ui/included-bad.toml:1:7
              |
            1 | [case.one]
              |       ^^^
              |
             ::: tests/ui/in-an-included-file.toml:7:7
              |
            7 | [case.one]
              |       --- first used here

        "#]],
        &expect![[r#"
        1 error, 0 warnings
    "#]],
    );
    check(
        &["check", "--format", "json", "tests/ui/raw-html.toml"],
        1,
        &expect![[r#"
            {
              "problems": [
                {
                  "column": 16,
                  "file": "tests/ui/raw-html.toml",
                  "help": "put it in backticks, or write `&lt;` for `<`",
                  "level": "error",
                  "line": 9,
                  "message": "raw HTML in a text",
                  "rule": "raw-html"
                }
              ],
              "schema": 1
            }
        "#]],
        &expect![[""]],
    );
    check(
        &["check", "--format", "github", "tests/ui/unknown-key.toml", "tests/ui/cycle.toml"],
        1,
        &expect![[r#"
            ::error file=tests/ui/unknown-key.toml,line=9,col=1,title=unknown-key::unknown key `fixs` in `case.one`%0Adid you mean `fixes`?
            ::error file=tests/ui/cycle.toml,line=9,col=11,title=cycle::`one` refines itself through `two`
        "#]],
        &expect![[r#"
            2 errors, 0 warnings
        "#]],
    );
}

#[test]
fn warnings_exit_1_only_if_denied() {
    let folder = root().join("target/scratch/warned");
    fs::create_dir_all(&folder).unwrap();
    let file = folder.join("c.toml");
    fs::write(&file, "schema = 1\n[catalog]\nid = \"c\"\n[links]\nx = \"https://x.example/\"\n[case.a]\nstatus = 400\nsummary = \"A.\"\n").unwrap();
    let file = file.to_str().unwrap();
    let (code, out, err) = run(&["check", file]);
    assert_eq!(
        (code, out.lines().next(), err.as_str()),
        (0, Some("warning: unused link `x` [unused]"), "0 errors, 1 warning\n")
    );
    assert_eq!(run(&["check", "--deny", "warnings", file]).0, 1);
}

#[test]
fn missing_catalog_exits_2() {
    check(
        &["check", "tests/ui/windows.toml", "tests/ui/nowhere.toml"],
        2,
        &expect![[""]],
        &expect![[r#"
            0 errors, 0 warnings
            error: cannot read the catalog `tests/ui/nowhere.toml`: No such file or directory (os error 2)
        "#]],
    );
}

#[test]
fn catalog_from_standard_input() {
    use std::io::Write;
    let mut child = crate::cargo::command_line()
        .args(["check", "-"])
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::null())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(b"schema = 2\n").unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8(output.stdout).unwrap().contains(" --> stdin.toml:1:10"));
}

#[test]
fn problems_equal_those_of_the_macro() {
    let document: Value =
        serde_json::from_str(&run(&["check", "--format", "json", "tests/ui/twenty-mistakes.toml"]).1).unwrap();
    let problems = document["problems"].as_array().unwrap().iter().filter(|problem| problem["level"] == "error");
    let messages: Vec<_> = problems
        .map(|problem| format!("{} [{}]", problem["message"].as_str().unwrap(), problem["rule"].as_str().unwrap()))
        .collect();
    assert_eq!(messages, rust_errors("twenty-mistakes"));
    assert_eq!(messages.len(), 20);
}

/// Returns the messages of a compile-fail expectation, in order.
fn rust_errors(name: &str) -> Vec<String> {
    let stderr = fs::read_to_string(root().join("tests/ui").join(name).with_extension("stderr")).unwrap();
    stderr.lines().filter_map(|line| line.strip_prefix("error: ")).map(str::to_owned).collect()
}

#[test]
fn explain_describes_each_reported_lint() {
    let document: Value =
        serde_json::from_str(&run(&["check", "--format", "json", "tests/ui/twenty-mistakes.toml"]).1).unwrap();
    for problem in document["problems"].as_array().unwrap() {
        assert_eq!(run(&["explain", problem["rule"].as_str().unwrap()]).0, 0);
    }
    check(
        &["explain", "ambiguous-match"],
        0,
        &expect![[r#"
            Ambiguous match

            A response can match two cases, and neither is more specific.

            Fix.

              - Add a condition to the more specific one: the match with more conditions wins.
              - Use the status or the code in one of them only.
        "#]],
        &expect![[""]],
    );
}

#[test]
fn emitted_source_replaces_the_macro() {
    check(
        &["emit", "--catalog", "tests/ui/windows.toml", "--enum", "Shop Error"],
        2,
        &expect![[""]],
        &expect![[r#"
            error: invalid enum name `Shop Error`
        "#]],
    );
    let (code, source, err) = run(&["emit", "--catalog", "tests/ui/windows.toml", "--enum", "ShopError"]);
    assert_eq!((code, err.as_str()), (0, ""));
    expect![[r#"
        // Generated by `waves-errors emit` from the catalog `windows`.

        /// The cases of the catalog `windows`.
        ///
        /// | Variant | Status or code | Retry | Summary |
        /// | --- | --- | --- | --- |
        /// | [`OutOfStock`](Self::OutOfStock) | 409 | never | The item is not in stock. |
        #[derive(
            ::core::clone::Clone,
            ::core::marker::Copy,
            ::core::cmp::PartialEq,
            ::core::cmp::Eq,
            ::core::cmp::PartialOrd,
            ::core::cmp::Ord,
            ::core::hash::Hash
        )]
        #[non_exhaustive]
        #[allow(clippy::enum_variant_names, clippy::deprecated_semver)]
        pub enum ShopError {
            /// The item is not in stock.
            ///
            /// **Retry.** Never.
            ///
            /// Case `out-of-stock`, `tests/ui/windows.toml:6`.
            #[doc(alias("409", "Conflict", "out-of-stock"))]
            OutOfStock,
        }
    "#]]
    .assert_eq(&source[..source.find("const _").unwrap()]);
    let folder = scratch(
        "emitted",
        "//! The emitted source.\n#![deny(warnings, missing_docs)]\ninclude!(\"shop.rs\");\n\
        fn main() { println!(\"{} {:?}\", ShopError::OutOfStock, \"409\".parse::<ShopError>()); }\n",
    );
    fs::write(folder.join("src/shop.rs"), source).unwrap();
    assert_eq!(
        succeed(scratch_cargo(&folder).args(["run", "--quiet"])),
        "409 Conflict: The item is not in stock Ok(OutOfStock)\n"
    );
}

#[test]
fn valid_catalog_with_5000_cases() {
    let folder = root().join("target/scratch/thousands");
    fs::create_dir_all(&folder).unwrap();
    let mut toml = String::from(
        "schema = 1\n[catalog]\nid = \"large\"\n[wire]\ncodes = [\"/code\"]\n[links]\nhelp = \"https://help.example/\"\n[retry.r]\ninitial = \"1s\"\nmax-retries = 1\n",
    );
    for n in 0..5000 {
        toml.push_str(&format!(
            "[case.case-{n}]\ncode = \"CODE_{n}\"\nsummary = \"The `thing` number {n} went wrong.\"\nretry = \"r\"\naliases = [\"thing {n}\"]\n\
             causes = [{{ id = \"a\", text = \"It was **not** there.\" }}]\nfixes = [{{ text = \"Wait {{retry.initial}}, or [ask](link:help).\", for = [\"a\"] }}]\n\
             examples = [{{ status = 400, body = '{{\"code\":\"CODE_{n}\"}}' }}]\n"
        ));
    }
    let file = folder.join("thousands.toml");
    fs::write(&file, toml).unwrap();
    assert_eq!(
        run(&["check", "--deny", "warnings", file.to_str().unwrap()]),
        (0, String::new(), "0 errors, 0 warnings\n".into())
    );
}
