//! The checker: whole files, and how the other files of its tests ask it.

use std::fmt::Write;

use expect_test::{Expect, expect};
use waves_errors_catalog::{Accepted, Catalog, check, report};

fn checked(toml: &[u8]) -> Result<Catalog, String> {
    let none = &mut |_: &str| Err(std::io::ErrorKind::NotFound.into());
    match check("c.toml", toml, none) {
        Ok(accepted) => Ok(accepted.catalog),
        Err(rejected) => Err(report::problems(&rejected.sources, &rejected.problems, false)),
    }
}

/// What is told of a catalog that is valid but for the lines at its end, which stand in the case `base`. Tables that
/// must not stand there twice are cut from the front.
#[track_caller]
#[expect(clippy::needless_pass_by_value, reason = "a snapshot is written in place")]
pub(crate) fn bad(lines: &str, expected: Expect) {
    let mut front = String::from("schema = 1\n[catalog]\nid = \"c\"\nsite = \"https://c.example/\"\n");
    if !lines.contains("[links]") {
        front.push_str("[links]\nhelp = \"site:help\"\n");
    }
    let help = if lines.contains("[links]") { "" } else { ", or ask for [help](link:help)" };
    front.push_str(&format!(
        "[case.user]\nstatus = 402\nsummary = \"User.\"\nretry = \"once\"\nfixes = [\"Wait{help}.\"]\n\
         [retry.once]\ninitial = \"1s\"\nmax-retries = 1\n[case.base]\nsummary = \"Base.\"\n"
    ));
    if !lines.starts_with("match") && !lines.starts_with("code") {
        front.push_str("status = 400\n");
    }
    let toml = format!("{front}{lines}");
    let none = &mut |_: &str| Err(std::io::ErrorKind::NotFound.into());
    let (sources, problems) = match check("c.toml", toml.as_bytes(), none) {
        Ok(Accepted { catalog, warnings }) => (report::problems(catalog.sources(), &warnings, false), warnings),
        Err(rejected) => (report::problems(&rejected.sources, &rejected.problems, false), rejected.problems),
    };
    for problem in &problems {
        assert!(problem.at.start <= problem.at.end && problem.at.end <= toml.len(), "{problem:?}");
    }
    assert!(!problems.is_empty(), "nothing is told of {lines}");
    expected.assert_eq(&sources);
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

        warning: codes are found in the documents of storage services alone: no `[wire] codes` says where else [codes-nowhere]
         --> c.toml:7:8
          |
        7 | code = "OLD"
          |        ^^^^^
          |
          = help: add `codes = ["/code"]`, or where they stand, to `[wire]`

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
