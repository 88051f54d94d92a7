//! Checks, compiles, documents, renders and compares catalogs of published errors.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use waves_errors_catalog::render::variant;
use waves_errors_catalog::{check, check_file, report};

use crate::cargo::{cargo, command_line, root, run};
use crate::known::{self, Known, catalog};

/// Creates a crate with these errors as its catalog.
fn package(name: &str, all: &[Known]) -> PathBuf {
    let folder = root().join("target/scratch").join(format!("known-{name}"));
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(folder.join("src")).unwrap();
    fs::write(folder.join("errors.toml"), catalog(name, all)).unwrap();
    let manifest = format!(
        "[package]\nname = \"known-{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[workspace]\n\n\
         [dependencies]\nwaves-errors = {{ path = \"{}\", default-features = false }}\n",
        root().join("waves-errors").display()
    );
    fs::write(folder.join("Cargo.toml"), manifest).unwrap();
    fs::copy(root().join("Cargo.lock"), folder.join("Cargo.lock")).unwrap();
    folder
}

/// Asserts that the checker accepts these errors as a catalog without warnings, that its crate compiles without warnings and finds
/// each case by its code, that each format renders, and that `diff` reports the changes of a copy.
#[track_caller]
fn assert_valid_catalog(name: &str, all: &[Known], at_least: usize) {
    assert!(all.len() >= at_least, "{name}: {}", all.len());
    println!("{name}: {} cases", all.len());
    let folder = package(name, all);
    let file = folder.join("errors.toml");
    let accepted = check_file(&file, "errors.toml").unwrap();
    let accepted = accepted
        .unwrap_or_else(|rejected| panic!("{}", report::problems(&rejected.sources, &rejected.problems, false)));
    assert_eq!(accepted.warnings, []);

    // A program with the catalog.
    let by_code = |known: &Known| {
        let variant = variant(accepted.catalog.case(&known.id).unwrap());
        let code = known.code.as_ref()?;
        Some(format!("    assert_eq!(Known::from_code({code:?}), Some(Known::{variant}));\n"))
    };
    let by_status = |known: &Known| {
        let variant = variant(accepted.catalog.case(&known.id).unwrap());
        let status = known.status.filter(|_| known.code.is_none())?;
        Some(format!("    assert_eq!(Known::from_status({status}), Some(Known::{variant}));\n"))
    };
    let found: String = all.iter().flat_map(|known| [by_code(known), by_status(known)]).flatten().collect();
    let main = format!(
        "//! Published errors.\n#![deny(warnings, missing_docs)]\n\nwaves_errors::error_catalog! {{\n    /// What is known.\n    pub enum Known = \"errors.toml\";\n\
         \x20   /// Its page.\n    pub mod reference;\n}}\n\nfn main() {{\n    println!(\"{{}}\", Known::ALL.len());\n{found}}}\n"
    );
    fs::write(folder.join("src/main.rs"), main).unwrap();
    let target = root().join("target/scratch/target");
    let cargo_output = |arguments: &[&str]| {
        let mut command = cargo(&folder);
        command.args(arguments).arg("--quiet").env("CARGO_TARGET_DIR", &target);
        run(command.env("RUSTDOCFLAGS", "-D warnings -D rustdoc::all"))
    };
    assert_eq!(cargo_output(&["run"]), format!("{}\n", all.len()));
    cargo_output(&["doc", "--no-deps", "--document-private-items"]);

    // The pages.
    let pages = folder.join("pages");
    run(command_line().arg("doc").arg("--catalog").arg(&file).arg("--out").arg(&pages));
    let markdown = fs::read_to_string(pages.join("errors.md")).unwrap();
    let index = fs::read_to_string(pages.join("errors.html")).unwrap();
    for known in [all.first(), all.last()].into_iter().flatten() {
        let title = waves_errors_catalog::render::title(&accepted.catalog, accepted.catalog.case(&known.id).unwrap());
        assert!(markdown.contains(title), "{title}");
        assert!(index.contains(&known.id), "{}", known.id);
    }
    if all.len() > 100 {
        assert_eq!(fs::read_dir(pages.join("errors")).unwrap().count(), all.len());
    }

    // A copy with a removed, an added and a changed case.
    let mut changed = all.to_vec();
    let gone = changed.remove(all.len() / 2);
    "Something else.".clone_into(&mut changed[0].summary);
    let new =
        Known { id: "brand-new-case".into(), status: None, code: Some("BRAND-NEW".into()), summary: "New.".into() };
    changed.push(new);
    let other = folder.join("changed.toml");
    fs::write(&other, catalog(name, &changed)).unwrap();
    let mut command = command_line();
    command.args(["diff", "--fail-on", "never", "--format", "json"]).arg(&file).arg(&other);
    // A removed id that is not reserved fails at any level.
    let output = command.output().unwrap();
    let document: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let case_of = |change: &serde_json::Value| change["case"].as_str().map(str::to_owned);
    let mut cases: Vec<_> = document["changes"].as_array().unwrap().iter().filter_map(case_of).collect();
    cases.sort();
    cases.dedup();
    let mut expected = vec!["brand-new-case".to_owned(), all[0].id.clone(), gone.id];
    expected.sort();
    assert_eq!(cases, expected);
    assert_eq!((document["required"].as_str(), output.status.code()), (Some("major"), Some(1)));
}

/// Returns the problems that the checker reports: lint and message.
fn problems(name: &str, all: &[Known]) -> Vec<(&'static str, String)> {
    let nothing = &mut |_: &str| Err(std::io::ErrorKind::NotFound.into());
    match check(name, catalog(name, all).as_bytes(), nothing) {
        Ok(_) => Vec::new(),
        Err(rejected) => rejected.problems.into_iter().map(|problem| (problem.lint, problem.message)).collect(),
    }
}

/// `PostgreSQL` has about a dozen codes with two names. The checker reports each of them, and nothing else.
#[test]
#[ignore = "needs postgresql"]
fn postgresql_errors_form_a_valid_catalog() {
    let mut all = known::postgresql();
    let reported = problems("postgresql", &all);
    let mut seen = BTreeSet::new();
    let duplicates: Vec<_> = all.iter().filter(|known| !seen.insert(known.code.clone())).cloned().collect();
    assert!(duplicates.len() > 5 && reported.len() == duplicates.len(), "{reported:?}");
    for (known, (rule, message)) in duplicates.iter().zip(&reported) {
        assert!(*rule == "ambiguous-match" && message.contains(known.code.as_ref().unwrap()), "{message}");
    }
    all.retain(|known| duplicates.iter().all(|other| other.id != known.id));
    assert_valid_catalog("postgresql", &all, 240);
}

#[test]
#[ignore = "needs the registry"]
fn s3_errors_form_a_valid_catalog() {
    assert_valid_catalog("s3", &known::s3(), 230);
}

#[test]
#[ignore = "takes minutes"]
fn rustc_errors_form_a_valid_catalog() {
    assert_valid_catalog("rustc", &known::rustc(), 450);
}

#[test]
#[ignore = "needs typescript from npm"]
fn typescript_errors_form_a_valid_catalog() {
    assert_valid_catalog("typescript", &known::typescript(), 2000);
}

/// The registry contains statuses below 400. The checker reports each of them.
#[test]
#[ignore = "takes minutes"]
fn http_statuses_form_a_valid_catalog() {
    let mut all = known::http();
    let below = all.iter().filter(|known| known.status < Some(400)).count();
    let reported = problems("http", &all);
    assert!(below > 15 && reported.len() == below, "{reported:?}");
    assert!(reported.iter().all(|(rule, _)| *rule == "unreachable-match"), "{reported:?}");
    all.retain(|known| known.status >= Some(400));
    assert_valid_catalog("http", &all, 35);
}
