//! Published errors through all that a catalog becomes: what is checked, compiled, documented, rendered and compared.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use waves_errors_catalog::render::variant;
use waves_errors_catalog::{check, check_file, report};

use crate::cargo::{cargo, command_line, root, run};
use crate::known::{self, Known, catalog};

/// A fresh crate with these errors as its catalog.
fn written(name: &str, all: &[Known]) -> PathBuf {
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

/// Each of them passes the checker without a remark, compiles and documents without a warning, finds each case by its code,
/// and is rendered in every format; a changed copy differs by the changes.
#[track_caller]
fn becomes_everything(name: &str, all: &[Known], at_least: usize) {
    assert!(all.len() >= at_least, "{name}: {}", all.len());
    println!("{name}: {} cases", all.len());
    let folder = written(name, all);
    let file = folder.join("errors.toml");
    let accepted = check_file(&file, "errors.toml").unwrap();
    let accepted = accepted
        .unwrap_or_else(|rejected| panic!("{}", report::problems(&rejected.sources, &rejected.problems, false)));
    assert_eq!(accepted.warnings, []);

    // In a program.
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
    let built = |arguments: &[&str]| {
        let mut command = cargo(&folder);
        command.args(arguments).arg("--quiet").env("CARGO_TARGET_DIR", &target);
        run(command.env("RUSTDOCFLAGS", "-D warnings -D rustdoc::all"))
    };
    assert_eq!(built(&["run"]), format!("{}\n", all.len()));
    built(&["doc", "--no-deps", "--document-private-items"]);

    // As pages.
    let pages = folder.join("pages");
    run(command_line().arg("doc").arg("--catalog").arg(&file).arg("--out").arg(&pages));
    let markdown = fs::read_to_string(pages.join("errors.md")).unwrap();
    let index = fs::read_to_string(pages.join("errors.html")).unwrap();
    for known in [all.first(), all.last()].into_iter().flatten() {
        let title = waves_errors_catalog::render::title(&accepted.catalog, accepted.catalog.case(&known.id).unwrap());
        assert!(markdown.contains(&title), "{title}");
        assert!(index.contains(&known.id), "{}", known.id);
    }
    if all.len() > 100 {
        assert_eq!(fs::read_dir(pages.join("errors")).unwrap().count(), all.len());
    }

    // Beside a copy with one case less, one more, and one that says something else.
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
    // An id that goes without a note is told, whatever the levels.
    let output = command.output().unwrap();
    let document: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let of = |change: &serde_json::Value| change["case"].as_str().map(str::to_owned);
    let mut cases: Vec<_> = document["changes"].as_array().unwrap().iter().filter_map(of).collect();
    cases.sort();
    cases.dedup();
    let mut wanted = vec!["brand-new-case".to_owned(), all[0].id.clone(), gone.id];
    wanted.sort();
    assert_eq!(cases, wanted);
    assert_eq!((document["required"].as_str(), output.status.code()), (Some("major"), Some(1)));
}

/// What the checker says of a catalog: rule and case.
fn problems(name: &str, all: &[Known]) -> Vec<(&'static str, String)> {
    let nothing = &mut |_: &str| Err(std::io::ErrorKind::NotFound.into());
    match check(name, catalog(name, all).as_bytes(), nothing) {
        Ok(_) => Vec::new(),
        Err(rejected) => rejected.problems.into_iter().map(|problem| (problem.rule, problem.message)).collect(),
    }
}

/// `PostgreSQL` gives one code to two names a dozen times: the checker tells each, and nothing else.
#[test]
#[ignore = "needs postgresql"]
fn postgresql_errors_form_a_valid_catalog() {
    let mut all = known::postgresql();
    let told = problems("postgresql", &all);
    let mut seen = BTreeSet::new();
    let twice: Vec<_> = all.iter().filter(|known| !seen.insert(known.code.clone())).cloned().collect();
    assert!(twice.len() > 5 && told.len() == twice.len(), "{told:?}");
    for (known, (rule, message)) in twice.iter().zip(&told) {
        assert!(*rule == "ambiguous-match" && message.contains(known.code.as_ref().unwrap()), "{message}");
    }
    all.retain(|known| twice.iter().all(|other| other.id != known.id));
    becomes_everything("postgresql", &all, 240);
}

#[test]
#[ignore = "needs the registry"]
fn s3_errors_form_a_valid_catalog() {
    becomes_everything("s3", &known::s3(), 230);
}

#[test]
#[ignore = "takes minutes"]
fn rustc_errors_form_a_valid_catalog() {
    becomes_everything("rustc", &known::rustc(), 450);
}

#[test]
#[ignore = "needs typescript from npm"]
fn typescript_errors_form_a_valid_catalog() {
    becomes_everything("typescript", &known::typescript(), 2000);
}

/// The registry has answers that are no failures: the checker tells each of them.
#[test]
#[ignore = "takes minutes"]
fn http_statuses_form_a_valid_catalog() {
    let mut all = known::http();
    let below = all.iter().filter(|known| known.status < Some(400)).count();
    let told = problems("http", &all);
    assert!(below > 15 && told.len() == below, "{told:?}");
    assert!(told.iter().all(|(rule, _)| *rule == "unreachable-match"), "{told:?}");
    all.retain(|known| known.status >= Some(400));
    becomes_everything("http", &all, 35);
}
