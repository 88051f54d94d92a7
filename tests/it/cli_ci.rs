//! The example script `catalog-ci.sh`, which checks a change in a repository with a catalog.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::cargo::{command_line, root, run};

const CATALOG: &str = r#"schema = 1
[catalog]
id = "shop"
[case.busy]
status = 429
summary = "Too many."
[case.gone]
status = 410
summary = "Gone."
"#;

/// A repository with a catalog and its pages in `main`. The branch `change` is checked out.
struct Repository(PathBuf);

impl Repository {
    fn new(name: &str) -> Self {
        let folder = root().join("target/scratch/ci").join(name);
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        let repository = Self(folder);
        repository.git(&["init", "--quiet", "--initial-branch", "main"]);
        repository.write(CATALOG);
        repository.pages();
        repository.commit();
        repository.git(&["checkout", "--quiet", "-b", "change"]);
        repository
    }

    fn command(&self, program: impl AsRef<Path>) -> Command {
        let mut command = Command::new(program.as_ref());
        command.current_dir(&self.0).env_remove("GIT_DIR").env_remove("GIT_INDEX_FILE").env_remove("GITHUB_ACTIONS");
        for role in ["AUTHOR", "COMMITTER"] {
            command.env(format!("GIT_{role}_NAME"), "A").env(format!("GIT_{role}_EMAIL"), "a@example.com");
        }
        command
    }

    fn git(&self, arguments: &[&str]) -> String {
        run(self.command("git").args(arguments))
    }

    fn write(&self, catalog: &str) {
        fs::write(self.0.join("catalog.toml"), catalog).unwrap();
    }

    fn pages(&self) {
        run(command_line()
            .current_dir(&self.0)
            .args(["--catalog", "catalog.toml", "doc", "--out", "docs"])
            .args(["--flavor", "gfm"]));
    }

    fn commit(&self) {
        self.git(&["add", "--all"]);
        self.git(&["commit", "--quiet", "--message", "Change"]);
    }

    /// Runs the script. Returns the exit code and the output. Asserts that the script leaves no files and no worktree.
    fn check(&self, arguments: &[&str]) -> (i32, String) {
        let built = command_line();
        let folder = Path::new(built.get_program()).parent().unwrap();
        let path = std::env::join_paths(
            [folder.to_owned()].into_iter().chain(std::env::split_paths(&std::env::var_os("PATH").unwrap())),
        );
        let script = root().join("waves-errors-cli/examples/catalog-ci.sh");
        let output = self.command(script).args(arguments).env("PATH", path.unwrap()).output().unwrap();
        assert_eq!(self.git(&["worktree", "list"]).lines().count(), 1);
        assert_eq!(self.git(&["status", "--porcelain"]), "");
        let text = String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap();
        (output.status.code().unwrap(), text)
    }
}

const ARGUMENTS: [&str; 3] = ["catalog.toml", "docs", "main"];

#[test]
fn valid_change_passes() {
    let repository = Repository::new("good");
    repository.write(&CATALOG.replace("Too many.", "Too many requests."));
    repository.pages();
    repository.commit();
    let (code, text) = repository.check(&ARGUMENTS);
    assert_eq!(code, 0, "{text}");
    assert!(text.contains("busy: wording changed"), "{text}");
}

#[test]
fn outdated_pages_and_removed_cases_are_reported_together() {
    let repository = Repository::new("bad");
    repository.write(&CATALOG.replace("[case.gone]\nstatus = 410\nsummary = \"Gone.\"\n", ""));
    repository.commit();
    let (code, text) = repository.check(&ARGUMENTS);
    assert_eq!(code, 1, "{text}");
    assert!(text.contains("docs/"), "stale pages: {text}");
    assert!(text.contains("gone"), "a removed case: {text}");
    // With current pages: a removed id fails at any level unless it is reserved; then it fails only as a major change.
    repository.pages();
    repository.commit();
    assert_eq!(repository.check(&["catalog.toml", "docs", "main", "never"]).0, 1);
    let reserved =
        CATALOG.replace("[case.gone]\nstatus = 410\nsummary = \"Gone.\"\n", "[catalog.reserved]\nids = [\"gone\"]\n");
    repository.write(&reserved);
    repository.pages();
    repository.commit();
    assert_eq!(repository.check(&ARGUMENTS).0, 1);
    assert_eq!(repository.check(&["catalog.toml", "docs", "main", "never"]).0, 0);
}

#[test]
fn later_changes_on_the_base_branch_are_ignored() {
    let repository = Repository::new("since");
    repository.git(&["checkout", "--quiet", "main"]);
    repository.write(&format!("{CATALOG}[case.new]\nstatus = 503\nsummary = \"New.\"\n"));
    repository.pages();
    repository.commit();
    repository.git(&["checkout", "--quiet", "change"]);
    let (code, text) = repository.check(&ARGUMENTS);
    assert_eq!(code, 0, "{text}");
    assert!(!text.contains("new"), "{text}");
}

#[test]
fn new_catalog_passes() {
    let repository = Repository::new("first");
    fs::rename(repository.0.join("catalog.toml"), repository.0.join("errors.toml")).unwrap();
    repository.commit();
    let (code, text) = repository.check(&["errors.toml", "docs", "main"]);
    assert_eq!(code, 0, "{text}");
    assert!(text.contains("errors.toml is new"), "{text}");
}

#[test]
fn input_errors_exit_2() {
    let repository = Repository::new("unread");
    assert_eq!(repository.check(&["catalog.toml", "docs"]).0, 2);
    assert_eq!(repository.check(&["catalog.toml", "docs", "nowhere"]).0, 2);
    assert_eq!(repository.check(&["missing.toml", "docs", "main"]).0, 2);
    repository.write("schema = 1\n[case.x\n");
    repository.commit();
    assert_eq!(repository.check(&ARGUMENTS).0, 2);
}
