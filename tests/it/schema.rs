//! The JSON Schema of catalogs: its file, its keys, its form, and validation by other programs.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};

use serde_json::Value;
use waves_errors::checks::Predicate;
use waves_errors_catalog::schema::schema;

use crate::cargo::root;
use crate::cli::run;

#[test]
fn schema_equals_the_checked_in_file() {
    let (code, printed, _) = run(&["schema"]);
    assert_eq!(code, 0);
    expect_test::expect_file!["../../catalog/catalog.schema.json"].assert_eq(&printed);
}

/// Returns the keys that the reader accepts in the table with the unknown key.
fn known(toml: &str) -> BTreeSet<String> {
    let none = &mut |_: &str| Err(std::io::ErrorKind::NotFound.into());
    let rejected = waves_errors_catalog::check("c.toml", toml.as_bytes(), none).unwrap_err();
    let problem = rejected
        .problems
        .iter()
        .find(|problem| problem.message.contains("`zzqqxx`"))
        .unwrap_or_else(|| panic!("{toml}"));
    let help = problem.help.as_ref().unwrap().strip_prefix("expected one of: ").unwrap();
    help.split(", ").map(|key| key.trim_matches('`').to_owned()).collect()
}

#[test]
fn schema_keys_equal_those_of_the_reader() {
    let front = "schema = 1\n[catalog]\nid = \"c\"\n[case.a]\nstatus = 400\nsummary = \"A.\"\n";
    let schema = schema();
    let keys =
        |table: &Value| -> BTreeSet<String> { table["properties"].as_object().unwrap().keys().cloned().collect() };
    let rows = [
        ("", "zzqqxx = 1\n".to_owned() + front),
        ("catalog", front.replace("id = \"c\"", "id = \"c\"\nzzqqxx = 1")),
        ("reserved", front.replace("id = \"c\"", "id = \"c\"\nreserved = { zzqqxx = 1 }")),
        ("wire", format!("{front}[wire]\nzzqqxx = 1\n")),
        ("places", format!("{front}[wire]\nrequest-id = {{ zzqqxx = 1 }}\n")),
        ("delay", format!("{front}[wire]\nretry-after = [{{ zzqqxx = 1 }}]\n")),
        ("veto", format!("{front}[wire]\nretry-veto = [{{ zzqqxx = 1 }}]\n")),
        ("key", format!("{front}[key]\nzzqqxx = 1\n")),
        ("redact", format!("{front}[redact]\nzzqqxx = 1\n")),
        ("page", format!("{front}[page]\ntitle = \"P\"\nzzqqxx = 1\n")),
        ("section", format!("{front}[page]\ntitle = \"P\"\n[[section]]\ntitle = \"S\"\ncases = [\"a\"]\nzzqqxx = 1\n")),
        ("retry", format!("{front}[retry.r]\ninitial = \"1s\"\nzzqqxx = 1\n")),
        ("retry-after", format!("{front}[retry.r]\ninitial = \"1s\"\nretry-after = {{ zzqqxx = 1 }}\n")),
        ("case", format!("{front}zzqqxx = 1\n")),
        ("step", format!("{front}causes = [{{ text = \"T.\", zzqqxx = 1 }}]\n")),
        ("fix", format!("{front}fixes = [{{ text = \"T.\", zzqqxx = 1 }}]\n")),
        ("requires", format!("{front}fixes = [{{ text = \"T.\", requires = {{ zzqqxx = 1 }} }}]\n")),
        ("match", format!("{front}match = [{{ status = 400, zzqqxx = 1 }}]\n")),
        ("negation", format!("{front}match = [{{ status = 400, not = [{{ zzqqxx = 1 }}] }}]\n")),
        ("example", format!("{front}examples = [{{ status = 400, zzqqxx = 1 }}]\n")),
        ("deprecated", format!("{front}deprecated = {{ zzqqxx = 1 }}\n")),
        ("checklist", format!("{front}[checklist.t]\nzzqqxx = 1\n")),
        ("item", format!("{front}[checklist.t]\nitems = [{{ text = \"T.\", zzqqxx = 1 }}]\n")),
        ("link", format!("{front}[checklist.t]\nlinks = [{{ text = \"T.\", to = \"x\", zzqqxx = 1 }}]\n")),
    ];
    let defined: BTreeSet<_> = schema["definitions"].as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(rows.iter().map(|(name, _)| *name).filter(|name| !name.is_empty()).collect::<BTreeSet<_>>(), defined);
    for (name, toml) in &rows {
        let table = if name.is_empty() { &schema } else { &schema["definitions"][*name] };
        assert_eq!(keys(table), known(toml), "{name}");
    }
    // Tables in a value that can have another type.
    for (table, key, toml) in [
        ("step", "check", "causes = [{ text = \"T.\", check = { header = \"a\", is = \"b\", zzqqxx = 1 } }]"),
        ("wire", "retry-after", "[wire]\nretry-after = { zzqqxx = 1 }"),
        ("wire", "retry-veto", "[wire]\nretry-veto = { zzqqxx = 1 }"),
        ("match", "not", "match = [{ status = 400, not = { zzqqxx = 1 } }]"),
    ] {
        let schema = &schema["definitions"][table]["properties"][key];
        assert_eq!(keys(schema), known(&format!("{front}{toml}\n")), "{key}");
    }
    let header = &schema["definitions"]["match"]["properties"]["header"]["additionalProperties"];
    assert_eq!(keys(header), known(&format!("{front}match = [{{ header = {{ x = {{ zzqqxx = 1 }} }} }}]\n")));
}

/// Returns the rows of the tables below each heading of a Markdown text: the texts of the first cell in backticks, and the row.
fn documented_keys(markdown: &str) -> BTreeMap<&str, BTreeMap<String, &str>> {
    let mut sections: BTreeMap<&str, BTreeMap<String, &str>> = BTreeMap::new();
    let mut heading = "";
    for line in markdown.lines() {
        if line.starts_with('#') {
            heading = line.trim_start_matches('#').trim();
        } else if let Some(key) = line.strip_prefix("| `").and_then(|rest| rest.split('`').next()) {
            let before = sections.entry(heading).or_default().insert(key.to_owned(), line);
            assert_eq!(before, None, "two rows for `{key}` below {heading}");
        }
    }
    sections
}

/// `schema_keys_equal_those_of_the_reader` compares the schema with the reader.
#[test]
fn catalog_readme_documents_each_key() {
    let readme = fs::read_to_string(root().join("catalog/README.md")).unwrap();
    let mut documented = documented_keys(readme.split("## Reference").nth(1).unwrap());
    let mut schema = schema();
    let mut definitions = schema["definitions"].take();
    let formats = definitions["delay"]["properties"]["format"]["enum"].as_array().unwrap();
    let mut formats: Vec<_> = formats.iter().map(|format| format.as_str().unwrap().to_owned()).collect();
    formats.sort();
    let mut keys = |name: &str| -> BTreeSet<String> {
        let table = definitions.as_object_mut().unwrap().remove(name).unwrap();
        table["properties"].as_object().unwrap().keys().cloned().collect()
    };
    // The small tables are documented in the row of their key.
    let inline = [
        ("`[catalog]`", "reserved", "reserved"),
        ("`[wire]`", "request-id", "places"),
        ("`[retry.ID]`", "retry-after", "retry-after"),
        ("`[case.ID]`", "deprecated", "deprecated"),
        ("`[case.ID]`", "examples", "example"),
        ("Steps: `causes` and `fixes`", "requires", "requires"),
        ("`[checklist.ID]`", "items", "item"),
        ("`[checklist.ID]`", "links", "link"),
    ];
    for (heading, key, definition) in inline {
        let row = documented[heading][key];
        for inner in keys(definition) {
            let is_documented =
                row.split('`').skip(1).step_by(2).any(|code| {
                    code.split(|c: char| !c.is_alphanumeric() && !"-.".contains(c)).any(|word| word == inner)
                });
            assert!(is_documented, "the row of `{key}` below {heading} does not document `{inner}`");
        }
    }
    let tables = [
        ("`[catalog]`", "catalog"),
        ("`[wire]`", "wire"),
        ("`[key]`", "key"),
        ("`[redact]`", "redact"),
        ("`[page]`", "page"),
        ("`[[section]]`", "section"),
        ("`[retry.ID]`", "retry"),
        ("`[case.ID]`", "case"),
        ("Steps: `causes` and `fixes`", "fix"),
        ("`[checklist.ID]`", "checklist"),
        ("Matching", "match"),
    ];
    let mut match_keys = None;
    for (heading, definition) in tables {
        let documented: BTreeSet<_> = documented.remove(heading).unwrap().into_keys().collect();
        assert_eq!(documented, keys(definition), "{heading}");
        match_keys = Some(documented).filter(|_| definition == "match").or(match_keys);
    }
    let documented_formats: Vec<_> = documented.remove("Delays").unwrap().into_keys().collect();
    assert_eq!(documented_formats, formats);
    let checks: BTreeSet<_> = documented.remove("Checks").unwrap().into_keys().collect();
    assert_eq!(checks, Predicate::ALL.map(|predicate| predicate.as_str().to_owned()).into());
    let top: BTreeSet<_> = documented.remove("Top level").unwrap().into_keys().collect();
    assert_eq!(top, schema["properties"].as_object().unwrap().keys().cloned().collect());
    assert_eq!(documented, BTreeMap::new());
    // Causes have the same keys as fixes, except those that are documented for fixes. The conditions in `not` are those of a match.
    // A delay is documented below the table.
    for (name, expected) in [("step", &["check", "id", "text"][..]), ("delay", &["body", "format", "header", "when"])] {
        assert_eq!(keys(name).into_iter().collect::<Vec<_>>(), expected);
    }
    let mut negated = keys("negation");
    negated.insert("not".to_owned());
    assert_eq!(Some(&negated), match_keys.as_ref());
    negated.extend(["body", "is"].map(str::to_owned));
    assert_eq!(negated, keys("veto"));
    assert_eq!(definitions, serde_json::json!({}), "undocumented tables");
}

/// Editors underline the exact location of a problem only with a schema of this form.
#[test]
fn schema_has_no_combinators() {
    fn walk(value: &Value, within: &str) {
        if let Some(object) = value.as_object() {
            assert!(!object.contains_key("$ref") || object.len() == 1, "keys beside a reference: {within}");
            for (key, value) in object {
                assert!(!["oneOf", "anyOf", "allOf", "patternProperties"].contains(&key.as_str()), "{within}/{key}");
                walk(value, &format!("{within}/{key}"));
            }
        }
        value.as_array().into_iter().flatten().for_each(|item| walk(item, within));
    }
    let schema = schema();
    walk(&schema, "");
    for (name, table) in schema["definitions"].as_object().unwrap() {
        assert!(table["description"].is_string(), "{name}");
        for (key, value) in table["properties"].as_object().unwrap() {
            assert!(value["description"].is_string() || value["$ref"].is_string(), "{name}.{key}");
        }
    }
}

/// Returns a command for a program of `tests/data/requirements.txt`.
fn installed(name: &str) -> Command {
    let installed: PathBuf = root().join("target/python/bin").join(name);
    let mut command = Command::new(if installed.exists() { installed } else { name.into() });
    command.current_dir(root());
    command
}

/// Validates a file with a TOML validator. Returns whether the file is valid, and the output.
fn validate(checker: &str, file: &str) -> (bool, String) {
    let schema = root().join("catalog/catalog.schema.json");
    let mut command = installed(checker);
    let text = fs::read_to_string(root().join(file)).unwrap();
    let folder = root().join("target/scratch/schema").join(checker);
    fs::create_dir_all(&folder).unwrap();
    let copy = folder.join(file.replace('/', "-"));
    fs::write(&copy, format!("#:schema {}\n{text}", schema.display())).unwrap();
    match checker {
        "taplo" => command.args(["lint", "--schema"]).arg(format!("file://{}", schema.display())).arg(&copy),
        _ => command.args(["lint", "--offline"]).arg(&copy),
    };
    let Output { status, stdout, stderr } = command.env("NO_COLOR", "1").output().unwrap();
    (status.success(), format!("{}{}", String::from_utf8_lossy(&stdout), String::from_utf8_lossy(&stderr)))
}

const VALID: [&str; 9] = [
    "catalog/waves/error-reference.toml",
    "catalog/waves/requests.toml",
    "catalog/waves/service.toml",
    "catalog/waves/websocket.toml",
    "catalog/rules.toml",
    "tests/data/shop.toml",
    "tests/data/ledger.toml",
    "tests/data/parts.toml",
    "waves-errors/examples/orders.toml",
];

/// Files with a mistake that the schema finds, and a word that the output must contain.
const INVALID: [(&str, &str); 2] =
    [("tests/ui/unknown-key.toml", "fixs"), ("tests/ui/missing-summary.toml", "summary")];

#[test]
#[ignore = "needs taplo and tombi"]
fn taplo_and_tombi_agree() {
    for checker in ["taplo", "tombi"] {
        for file in VALID {
            let (valid, output) = validate(checker, file);
            assert!(valid, "{checker} {file}: {output}");
        }
        for (file, word) in INVALID {
            let (valid, output) = validate(checker, file);
            assert!(!valid && output.contains(word), "{checker} {file}: {output}");
        }
    }
}
