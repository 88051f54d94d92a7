//! Runs cargo and the programs that it builds.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;

/// Returns the folder of the workspace.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// Returns a cargo command for a folder. Removes the environment variables of the running test, and forbids the network: the
/// build of the workspace has already fetched all dependencies.
pub(crate) fn cargo(folder: &Path) -> Command {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.current_dir(folder).env("CARGO_NET_OFFLINE", "true").env("CARGO_TERM_COLOR", "never");
    for (name, _) in std::env::vars_os() {
        let name = name.to_string_lossy().into_owned();
        if name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_") || name.starts_with("WAVES_ERRORS_") {
            cargo.env_remove(name);
        }
    }
    cargo
}

/// Runs a command that must succeed. Returns its standard output.
#[track_caller]
pub(crate) fn run(command: &mut Command) -> String {
    let Output { status, stdout, stderr } = command.output().unwrap();
    let (stdout, stderr) = (String::from_utf8_lossy(&stdout), String::from_utf8_lossy(&stderr));
    assert!(status.success(), "{command:?}\n{stdout}\n{stderr}");
    stdout.into_owned()
}

/// Returns the folder of the command line and, below `examples`, of the example programs. Builds them in one command, with the
/// features of the workspace: examples make cargo apply the features of dev-dependencies, as for tests, so it builds no
/// dependency twice.
pub(crate) fn programs() -> &'static Path {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    BUILT.get_or_init(|| {
        let arguments = ["build", "--quiet", "--workspace", "--all-features", "--bin", "waves-errors", "--examples"];
        run(cargo(&root()).args(arguments));
        let test = std::env::current_exe().unwrap();
        test.ancestors().nth(2).unwrap().to_owned()
    })
}

/// Returns a command for `waves-errors`.
pub(crate) fn command_line() -> Command {
    let mut command = Command::new(programs().join("waves-errors"));
    command.env_remove("WAVES_ERRORS_CATALOG").env_remove("CLICOLOR_FORCE").current_dir(root());
    command
}
