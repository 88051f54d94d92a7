//! The checker: files that are damaged, large or generated. `ui.rs` tests its reports.

use std::collections::BTreeSet;
use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use waves_errors_catalog::{Accepted, LINTS, Rejected, check, report};

/// Checks a file that includes no others.
fn checked(toml: &[u8]) -> Result<Accepted, Box<Rejected>> {
    check("c.toml", toml, &mut |_| Err(ErrorKind::NotFound.into()))
}

/// Returns the report about an invalid catalog.
fn rejected_report(toml: &[u8], styled: bool) -> String {
    let rejected = checked(toml).unwrap_err();
    report::problems(&rejected.sources, &rejected.problems, styled)
}

/// Returns a valid catalog with this number of cases, which no response matches.
fn catalog_with_cases(count: usize) -> String {
    let cases: String = (0..count).map(|n| format!("[case.c{n}]\nmatch = []\nsummary = \"C.\"\n")).collect();
    format!("schema = 1\n[catalog]\nid = \"c\"\n{cases}")
}

#[test]
fn deep_nesting_is_rejected() {
    for text in ["[".repeat(100_000), format!("a = {}", "[".repeat(100_000)), format!("a = {}", "{a=".repeat(100_000))]
    {
        let report = rejected_report(text.as_bytes(), false);
        assert!(report.starts_with("error: "), "{}", &report[..200.min(report.len())]);
    }
}

/// A small catalog that uses every kind of table.
const SMALL: &str = "schema = 1\n[catalog]\nid = \"s\"\n[links]\nl = \"https://l/\"\n[page]\ntitle = \"P\"\n[[section]]\ntitle = \"S\"\n\
    cases = [\"a\", \"b\"]\n[retry.r]\ninitial = \"1s\"\nmax-retries = 2\n[case.a]\nstatus = 429\nsummary = \"A `é`.\"\nretry = \"r\"\n\
    causes = [{ id = \"c\", text = \"C.\" }]\nfixes = [{ text = \"[F](link:l) {retry.times}.\", for = [\"c\"] }]\n\
    [case.b]\nmatch = [{ text = \"b\" }]\nsummary = \"B.\"\nexamples = [{ status = 400, body = \"b\" }]\n";

#[test]
fn corrupted_catalog_never_panics() {
    let good = SMALL.as_bytes();
    checked(good).unwrap();
    let (mut rejected_count, mut changes) = (0, 0);
    let mut check_changed = |toml: &[u8]| {
        changes += 1;
        let Err(rejected) = checked(toml) else { return };
        rejected_count += 1;
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
        check_changed(front);
        check_changed(&[front, &back[1..]].concat());
        check_changed(&[front, &back[..1], back].concat());
        if back.len() > 1 {
            check_changed(&[front, &back[1..2], &back[..1], &back[2..]].concat());
        }
        for byte in *b"\"[]{}=\n\\\xff\0" {
            check_changed(&[front, &[byte], &back[1..]].concat());
        }
    }
    assert!(changes > 13 * good.len() && rejected_count > changes / 2, "{rejected_count} of {changes}");
}

#[test]
fn file_above_the_maximum_size_is_rejected() {
    let report = rejected_report(&vec![b'\n'; (64 << 20) + 1], false);
    assert!(
        report.starts_with("error: the file has 67108865 bytes, more than the limit of 67108864 [file-size]\n"),
        "{report}"
    );
}

#[test]
fn catalog_above_the_maximum_number_of_cases_is_rejected() {
    let report = rejected_report(catalog_with_cases(65_536).as_bytes(), false);
    assert!(report.starts_with("error: more than 65535 cases [too-many-cases]\n"), "{report}");
    assert!(report.contains(" --> c.toml:196609:7\n"), "{report}");
}

#[test]
fn distant_locations_are_in_two_excerpts() {
    let toml = format!(
        "schema = 1\n[catalog]\nid = \"c\"\n[case.base]\nstatus = 400\nsummary = \"Base.\"\n{}[case.x]\nstatus = 400\nsummary = \"X.\"\n",
        "# A line between the two cases.\n".repeat(300)
    );
    let expected = "\
error: status 400 matches both `base` and `x` [ambiguous-match]
   --> c.toml:308:10
    |
308 | status = 400
    |          ^^^
    |
   ::: c.toml:5:10
    |
  5 | status = 400
    |          --- match of `base`
    |
    = help: add a condition to one of them: the match with more conditions wins
";
    assert_eq!(rejected_report(toml.as_bytes(), false), expected);
}

#[test]
fn colored_report_has_the_same_text() {
    let plain = rejected_report(b"schema = 2\n", false);
    let colored = rejected_report(b"schema = 2\n", true);
    let mut text = String::new();
    for (n, part) in colored.split('\u{1b}').enumerate() {
        text.push_str(if n == 0 { part } else { part.split_once('m').unwrap().1 });
    }
    assert!(colored.len() > plain.len());
    assert_eq!(text, plain);
}

#[test]
fn each_lint_has_an_explanation() {
    let mut used = BTreeSet::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let source = fs::read_to_string(path).unwrap().replace(char::is_whitespace, "");
            for marker in ["Problem::error(\"", "Problem::warning(\"", "lint:\""] {
                used.extend(source.split(marker).skip(1).filter_map(|rest| rest.split('"').next()).map(str::to_owned));
            }
        }
    }
    let lints = LINTS.check().unwrap();
    assert_eq!(lints.warnings, []);
    let explained: BTreeSet<_> = lints.catalog.cases.iter().map(|case| case.id.value.clone()).collect();
    assert_eq!(used, explained);
    assert!(used.len() > 45);
}

/// Returns a catalog with two cases, each with an alternative of these conditions.
fn catalog_with_conditions(first: &str, second: &str) -> String {
    let case = |id: &str, conditions: &str| format!("[case.{id}]\nsummary = \"S.\"\nmatch = [{{ {conditions} }}]\n");
    format!(
        "schema = 1\n[catalog]\nid = \"c\"\n[wire]\ncodes = [\"/errors/*/code\"]\n{}{}",
        case("one", first),
        case("two", second)
    )
}

/// Returns a list of `count` values, all different from those of another `prefix`.
fn list(prefix: &str, count: usize) -> String {
    let values: Vec<_> = (0..count).map(|n| format!("\"{prefix}{n}\"")).collect();
    format!("[{}]", values.join(", "))
}

/// With comparisons of all pairs, each of these would take minutes.
#[test]
fn alternatives_with_ten_thousand_values_are_compared() {
    for key in [
        "code = LIST",
        "text = LIST",
        "json = { \"/a\" = LIST }",
        "header = { a = LIST }",
        "header = { a = { prefix = LIST } }",
    ] {
        let conditions = |prefix| key.replace("LIST", &list(prefix, 10_000));
        let toml = catalog_with_conditions(&conditions("a"), &conditions("b"));
        let result = check("c.toml", toml.as_bytes(), &mut |_| unreachable!());
        assert!(result.is_ok_and(|accepted| accepted.warnings.is_empty()), "{key}");
    }
}

#[test]
fn alternative_with_many_codes_and_conditions_is_rejected() {
    let conditions = format!("code = {}, text = {}", list("a", 1000), list("b", 101));
    let report = rejected_report(catalog_with_conditions(&conditions, "status = 400").as_bytes(), false);
    let message =
        "error: too many conditions: 1000 codes times 101 other values; the limit is 100000 [too-many-conditions]\n";
    assert!(report.starts_with(message), "{report}");
}
