//! The checker: whole files, and how the other files of its tests ask it.

use expect_test::{Expect, expect};
use waves_errors_catalog::{Accepted, Catalog, check, report};

fn checked(toml: &[u8]) -> Result<Catalog, String> {
    let none = &mut |_: &str| Err(std::io::ErrorKind::NotFound.into());
    match check("c.toml", toml, none) {
        Ok(accepted) => Ok(accepted.catalog),
        Err(rejected) => Err(report::problems(&rejected.sources, &rejected.problems, false)),
    }
}

/// Compares what is told of some lines.
#[track_caller]
#[expect(clippy::needless_pass_by_value, reason = "a snapshot is written in place")]
pub(crate) fn bad(lines: &str, expected: Expect) {
    expected.assert_eq(&told(lines));
}

/// What is told of a catalog that is valid but for the lines at its end, which stand in the case `base`. Tables that
/// must not stand there twice are cut from the front.
#[track_caller]
pub(crate) fn told(lines: &str) -> String {
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
        assert!(problem.location.start <= problem.location.end && problem.location.end <= toml.len(), "{problem:?}");
    }
    assert!(!problems.is_empty(), "nothing is told of {lines}");
    sources
}

#[test]
fn invalid_files() {
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
fn code_in_texts_is_literal() {
    let toml = "schema = 1\n[catalog]\nid = \"c\"\n[case.err]\nstatus = 400\nsummary = \"Write `[words](link:NAME)`, `{retry.x}` or &#96;.\"\n";
    checked(toml.as_bytes()).unwrap();
}

#[test]
fn invalid_includes() {
    let told = |include: &str| {
        let toml = format!(
            "schema = 1\ninclude = {include}\n[catalog]\nid = \"c\"\n[case.a]\nstatus = 400\nsummary = \"A.\"\nretry = \"there\"\n"
        );
        let mut files = |name: &str| match name {
            "empty.toml" => Ok(Vec::new()),
            "x.toml" | "./x.toml" => Ok(b"[retry.there]\ninitial = \"1s\"\n".to_vec()),
            _ => Err(std::io::ErrorKind::NotFound.into()),
        };
        let rejected = check("c.toml", toml.as_bytes(), &mut files).unwrap_err();
        report::problems(&rejected.sources, &rejected.problems, false)
    };
    expect![[r#"
        error: `nowhere.toml` cannot be read: entity not found [include]
         --> c.toml:2:12
          |
        2 | include = ["nowhere.toml"]
          |            ^^^^^^^^^^^^^^
    "#]]
    .assert_eq(&told("[\"nowhere.toml\"]"));
    expect![[r#"
        error: the file is empty [empty-file]
         --> empty.toml:1:1
          |
        1 |
          | ^
          |
          = help: the least catalog has `schema = 1`, a `[catalog]` with an `id`, and one `[case.ID]`
    "#]]
    .assert_eq(&told("[\"empty.toml\"]"));
    expect![[r#"
        error: `./x.toml` is included twice [include]
         --> c.toml:2:22
          |
        2 | include = ["x.toml", "./x.toml"]
          |                      ^^^^^^^^^^
    "#]]
    .assert_eq(&told("[\"x.toml\", \"./x.toml\"]"));
    expect![[r#"
        error: `c.toml` is included twice [include]
         --> c.toml:2:22
          |
        2 | include = ["x.toml", "c.toml"]
          |                      ^^^^^^^^
    "#]]
    .assert_eq(&told("[\"x.toml\", \"c.toml\"]"));
    expect![[r#"
        error: not a relative path with forward slashes: `/etc/passwd` [include]
         --> c.toml:2:22
          |
        2 | include = ["x.toml", "/etc/passwd"]
          |                      ^^^^^^^^^^^^^
    "#]]
    .assert_eq(&told("[\"x.toml\", \"/etc/passwd\"]"));
}

#[test]
fn wrong_table_type_is_one_problem() {
    for table in ["links = 5", "page = 5", "[catalog]\nid = \"c\"\nsite = 5\n[links]\nhelp = \"site:x\""] {
        let rest = if table.contains("[catalog]") { "" } else { "[catalog]\nid = \"c\"\n" };
        let toml = format!(
            "schema = 1\n{table}\n{rest}[[section]]\ntitle = \"S\"\ncases = [\"a\"]\n[case.a]\nstatus = 400\nsummary = \"A.\"\nfixes = [\"Ask [a](link:help) or [b](link:help).\"]\n"
        );
        let toml = if table == "page = 5" {
            toml.replace("[a](link:help) or [b](link:help)", "somebody")
        } else {
            format!("{toml}[page]\ntitle = \"P\"\n")
        };
        let told = checked(toml.as_bytes()).unwrap_err();
        assert_eq!(told.matches("error: ").count(), 1, "{told}");
    }
}

#[test]
fn reserved_names_cannot_be_reused() {
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

        warning: `code` can never match: set `[wire] codes` to the fields that carry it [codes-nowhere]
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
fn deep_nesting() {
    for text in ["[".repeat(100_000), format!("a = {}", "[".repeat(100_000)), format!("a = {}", "{a=".repeat(100_000))]
    {
        let problems = checked(text.as_bytes()).expect_err("a problem");
        assert!(problems.starts_with("error: "), "{}", &problems[..200.min(problems.len())]);
    }
}

/// A catalog of everything, small enough to be spoilt at each of its bytes.
const SMALL: &str = "schema = 1\n[catalog]\nid = \"s\"\n[links]\nl = \"https://l/\"\n[page]\ntitle = \"P\"\n[[section]]\ntitle = \"S\"\n\
    cases = [\"a\", \"b\"]\n[retry.r]\ninitial = \"1s\"\nmax-retries = 2\n[case.a]\nstatus = 429\nsummary = \"A `é`.\"\nretry = \"r\"\n\
    causes = [{ id = \"c\", text = \"C.\" }]\nfixes = [{ text = \"[F](link:l) {retry.times}.\", for = [\"c\"] }]\n\
    [case.b]\nmatch = [{ text = \"b\" }]\nsummary = \"B.\"\nexamples = [{ status = 400, body = \"b\" }]\n";

#[test]
fn corrupted_catalog_never_panics() {
    let good = SMALL.as_bytes();
    checked(good).unwrap();
    let (mut rejected_ones, mut changes) = (0, 0);
    let mut look = |toml: &[u8]| {
        changes += 1;
        let none = &mut |_: &str| Err(std::io::ErrorKind::NotFound.into());
        let Err(rejected) = check("c.toml", toml, none) else { return };
        rejected_ones += 1;
        let length = rejected.sources.get(0).unwrap().text().len();
        for problem in &rejected.problems {
            assert!(
                problem.location.start <= problem.location.end && problem.location.end <= length,
                "{problem:?} of {length}"
            );
        }
        assert!(report::problems(&rejected.sources, &rejected.problems, true).contains("c.toml:"));
    };
    for at in 0..good.len() {
        let (front, back) = good.split_at(at);
        look(front);
        look(&[front, &back[1..]].concat());
        look(&[front, &back[..1], back].concat());
        if back.len() > 1 {
            look(&[front, &back[1..2], &back[..1], &back[2..]].concat());
        }
        for byte in *b"\"[]{}=\n\\\xff\0" {
            look(&[front, &[byte], &back[1..]].concat());
        }
    }
    assert!(changes > 13 * good.len() && rejected_ones > changes / 2, "{rejected_ones} of {changes}");
}

#[test]
fn each_lint_has_an_explanation() {
    let mut used = std::collections::BTreeSet::new();
    let mut folders = vec![crate::cargo::root().join("catalog/src")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let source = std::fs::read_to_string(path).unwrap().replace(char::is_whitespace, "");
            for marker in ["Problem::error(\"", "Problem::warning(\"", "lint:\""] {
                used.extend(source.split(marker).skip(1).filter_map(|rest| rest.split('"').next()).map(str::to_owned));
            }
        }
    }
    let rules = waves_errors_catalog::LINTS.check().unwrap();
    assert_eq!(rules.warnings, []);
    let explained: std::collections::BTreeSet<_> =
        rules.catalog.cases.iter().map(|case| case.id.value.clone()).collect();
    assert_eq!(used, explained);
    assert!(used.len() > 45);
}

#[test]
fn carets_align_with_wide_characters() {
    let told = checked(
        "schema = 1\n[catalog]\nid = \"c\"\n[case.a]\nstatus = 400\nsummary = \"日本語 and <b> é\"\n".as_bytes(),
    );
    expect![[r#"
        error: raw HTML in a text [raw-html]
         --> c.toml:6:20
          |
        6 | summary = "日本語 and <b> é"
          |                       ^^^
          |
          = help: put it in backticks, or write `&lt;`
    "#]]
    .assert_eq(&told.unwrap_err());
}

#[test]
fn colored_report_has_the_same_text() {
    let none = &mut |_: &str| Err(std::io::ErrorKind::NotFound.into());
    let rejected = check("c.toml", b"schema = 2\n", none).unwrap_err();
    let plain = report::problems(&rejected.sources, &rejected.problems, false);
    let coloured = report::problems(&rejected.sources, &rejected.problems, true);
    let mut bare = String::new();
    for (n, part) in coloured.split('\u{1b}').enumerate() {
        bare.push_str(if n == 0 { part } else { part.split_once('m').unwrap().1 });
    }
    assert!(coloured.len() > plain.len());
    assert_eq!(bare, plain);
}
