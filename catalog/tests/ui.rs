//! The reports of the checker: `ui/THEME/NAME.stderr` is the report about `ui/THEME/NAME.toml`, and is empty if there are no
//! problems. The files that a catalog includes are in the folder `ui/THEME/NAME/`.
//!
//! `UPDATE_EXPECT=1 cargo test -p waves-errors-catalog --test ui` writes the `.stderr` files.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use similar::TextDiff;
use waves_errors_catalog::{LINTS, check, report};

/// Lints whose files would be too large. `check.rs` tests them.
const TESTED_ELSEWHERE: [&str; 3] = ["file-size", "too-many-cases", "too-many-conditions"];

fn ui() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/ui")
}

/// Returns the files below a folder, sorted.
fn files_below(folder: &Path) -> BTreeSet<PathBuf> {
    let mut files = BTreeSet::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.append(&mut files_below(&path));
        } else {
            files.insert(path);
        }
    }
    files
}

/// The files of the folder `ui`.
struct Files {
    /// The catalogs to check.
    catalogs: BTreeSet<PathBuf>,
    /// The files that one of the catalogs includes.
    included: BTreeSet<PathBuf>,
    expectations: BTreeSet<PathBuf>,
}

fn files() -> Files {
    let mut files = Files { catalogs: BTreeSet::new(), included: BTreeSet::new(), expectations: BTreeSet::new() };
    for path in files_below(&ui()) {
        let is_included = path.ancestors().skip(1).any(|folder| folder.with_extension("toml").is_file());
        let group = match path.extension().and_then(OsStr::to_str) {
            Some("toml") if is_included => &mut files.included,
            Some("toml") => &mut files.catalogs,
            Some("stderr") => &mut files.expectations,
            _ => panic!("{} is neither a .toml nor a .stderr", path.display()),
        };
        group.insert(path);
    }
    files
}

/// Returns the report about a catalog. Adds the files that the catalog includes to `included`.
fn checked(catalog: &Path, included: &mut BTreeSet<PathBuf>) -> String {
    let folder = catalog.parent().unwrap();
    let name = catalog.strip_prefix(ui()).unwrap().iter().map(|part| part.to_str().unwrap()).collect::<Vec<_>>();
    let result = check(&name.join("/"), &fs::read(catalog).unwrap(), &mut |file| {
        let path = folder.join(file);
        // The message of the operating system differs between platforms.
        let bytes = fs::read(&path).map_err(|error| error.kind())?;
        included.insert(path);
        Ok(bytes)
    });
    let (sources, problems) = match &result {
        Ok(accepted) => (accepted.catalog.sources(), &accepted.warnings),
        Err(rejected) => (&rejected.sources, &rejected.problems),
    };
    for problem in problems {
        let location = problem.location;
        let length = sources.get(location.file).unwrap().text().len();
        assert!(location.start <= location.end && location.end <= length, "{}: {problem:?}", catalog.display());
    }
    report::problems(sources, problems, false)
}

#[test]
fn reports_equal_their_expectations() {
    let Files { catalogs, included, mut expectations } = files();
    assert!(catalogs.len() >= 250, "only {} catalogs in {}", catalogs.len(), ui().display());
    let update = std::env::var_os("UPDATE_EXPECT").is_some_and(|value| value == "1");
    let (mut failures, mut read) = (Vec::new(), BTreeSet::new());
    for catalog in &catalogs {
        let actual = checked(catalog, &mut read);
        let file = catalog.with_extension("stderr");
        let expected = expectations.take(&file).map(|file| fs::read_to_string(file).unwrap());
        if expected.as_ref() == Some(&actual) {
            continue;
        }
        if update {
            fs::write(&file, actual).unwrap();
            continue;
        }
        let reason = if expected.is_some() { "differs from the report:" } else { "is missing. The report:" };
        let diff = TextDiff::from_lines(expected.as_deref().unwrap_or_default(), &actual).unified_diff().to_string();
        failures.push(format!("{} {reason}\n{diff}", file.display()));
    }
    failures.extend(expectations.iter().map(|file| format!("{} has no .toml\n", file.display())));
    failures.extend(included.difference(&read).map(|file| format!("no catalog includes {}\n", file.display())));
    let help = "UPDATE_EXPECT=1 writes the .stderr files; read the diff before you commit it";
    assert!(failures.is_empty(), "{} of {} failed\n{}{help}", failures.len(), catalogs.len(), failures.join("\n"));
}

#[test]
fn each_lint_has_a_report() {
    let reports: String = files().catalogs.iter().map(|catalog| checked(catalog, &mut BTreeSet::new())).collect();
    let lints = LINTS.check().unwrap();
    let ids: Vec<_> = lints.catalog.cases.iter().map(|case| case.id.value.as_str()).collect();
    assert!(ids.len() > 45, "only {} lints", ids.len());
    let has_report = |id: &str| reports.lines().any(|line| line.ends_with(&format!(" [{id}]")));
    let untested: Vec<_> = ids.into_iter().filter(|id| !has_report(id) && !TESTED_ELSEWHERE.contains(id)).collect();
    assert!(
        untested.is_empty(),
        "no report about a catalog in {} has these lints: {}",
        ui().display(),
        untested.join(", ")
    );
}
