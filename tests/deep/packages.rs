//! cargo-semver-checks requires the same version bump for a change of a catalog as the command `diff`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::cargo::{cargo, command_line, root};

const BASE: &str = "schema = 1\n[catalog]\nid = \"shop\"\n[wire]\ncodes = [\"/code\"]\n[retry.busy]\ninitial = \"1s\"\nmax-retries = 3\n\
                    [case.busy]\nstatus = 429\nsummary = \"Too many.\"\nretry = \"busy\"\n\
                    [case.gone]\nstatus = 410\ncode = \"GONE\"\nsummary = \"Gone.\"\n";

/// Creates a crate whose public API is its catalog.
fn package(folder: &str, catalog: &str) -> PathBuf {
    let folder = root().join("target/scratch/semver").join(folder);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(folder.join("src")).unwrap();
    fs::write(folder.join("shop.toml"), catalog).unwrap();
    let manifest = format!(
        "[package]\nname = \"shop\"\nversion = \"1.0.0\"\nedition = \"2024\"\n\n[workspace]\n\n\
         [dependencies]\nwaves-errors = {{ path = \"{}\", default-features = false }}\n",
        root().join("waves-errors").display()
    );
    fs::write(folder.join("Cargo.toml"), manifest).unwrap();
    fs::copy(root().join("Cargo.lock"), folder.join("Cargo.lock")).unwrap();
    let source = "//! A shop.\n\nwaves_errors::error_catalog! {\n    /// What goes wrong.\n    pub enum ShopError = \"shop.toml\";\n}\n";
    fs::write(folder.join("src/lib.rs"), source).unwrap();
    folder
}

/// Returns whether cargo-semver-checks accepts the change as a release of this type.
fn passes(old: &Path, new: &Path, release: &str) -> bool {
    let mut command = cargo(new);
    command.args(["semver-checks", "check-release", "--release-type", release, "--baseline-root"]).arg(old);
    let output = command.output().expect("cargo-semver-checks should be installed");
    let stderr = String::from_utf8_lossy(&output.stderr);
    // Without this line, the command failed for another reason than the change.
    assert!(stderr.contains("Checked ["), "{stderr}");
    output.status.success()
}

/// Returns the version bump that `diff` requires.
fn required(old: &Path, new: &Path) -> String {
    let mut command: Command = command_line();
    command.args(["diff", "--format", "json"]).args([old.join("shop.toml"), new.join("shop.toml")]);
    let output = command.output().unwrap();
    let document: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    document["required"].as_str().unwrap().to_owned()
}

#[test]
#[ignore = "needs cargo-semver-checks"]
fn semver_checks_agrees_with_diff() {
    let old = package("old", BASE);
    let gone = "[case.gone]\nstatus = 410\ncode = \"GONE\"\nsummary = \"Gone.\"\n";
    assert!(BASE.contains(gone));
    let edits = [
        ("nothing", BASE.to_owned(), "none"),
        ("wording", BASE.replace("Too many.", "Far too many."), "patch"),
        ("backoff", BASE.replace("1s", "2s"), "minor"),
        ("added", format!("{BASE}[case.late]\nstatus = 408\nsummary = \"Late.\"\n"), "minor"),
        ("deprecated", BASE.replace("\"Gone.\"\n", "\"Gone.\"\ndeprecated = { use = \"busy\" }\n"), "minor"),
        ("removed", BASE.replace(gone, ""), "major"),
        ("renamed", BASE.replace("[case.gone]", "[case.left]"), "major"),
        ("variant", BASE.replace("[case.gone]", "[case.gone]\nvariant = \"Left\""), "major"),
    ];
    for (name, catalog, level) in edits {
        let new = package(name, &catalog);
        assert_eq!(required(&old, &new), level, "{name}");
        // A major version accepts any change. Changes of texts and delays are invisible to cargo-semver-checks, and always pass.
        assert!(passes(&old, &new, "major"), "{name}");
        assert_eq!(passes(&old, &new, "minor"), level != "major", "{name}");
        assert!(level != "none" || passes(&old, &new, "patch"), "{name}");
    }
}
