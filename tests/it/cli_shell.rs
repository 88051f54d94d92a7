//! What surrounds the commands: completions, colour, unknown flags.

use std::process::Command;

use expect_test::expect;

use crate::cargo::root;
use crate::cli::{check, run};

#[test]
fn completions_know_commands_options_and_cases() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let (code, script, err) = run(&["completions", shell]);
        assert_eq!((code, err.as_str()), (0, ""), "{shell}");
        for word in ["diagnose", "workspace"] {
            assert!(script.contains(word), "{shell}: {word}");
        }
        // The others' scripts complete options only.
        assert_eq!(script.contains("too-many-requests"), ["bash", "zsh"].contains(&shell), "{shell}");
    }
    check(
        &["completions", "tcsh"],
        2,
        &expect![[""]],
        &expect![[r#"
        error: invalid value 'tcsh' for '<SHELL>'
          [possible values: bash, elvish, fish, powershell, zsh]

          tip: a similar value exists: 'zsh'

        For more information, try '--help'.
    "#]],
    );
}

#[test]
fn bash_completes_with_the_script() {
    let (_, script, _) = run(&["completions", "bash"]);
    let completed = |words: &str| {
        let test = format!(
            "{script}\nCOMP_WORDS=({words})\nCOMP_CWORD=$((${{#COMP_WORDS[@]}}-1))\nCOMPREPLY=()\n\
             _waves__errors waves-errors \"${{COMP_WORDS[COMP_CWORD]}}\" \"${{COMP_WORDS[COMP_CWORD-1]}}\"\necho \"${{COMPREPLY[@]}}\""
        );
        crate::cargo::run(Command::new("bash").args(["--norc", "-c", &test])).trim().to_owned()
    };
    assert_eq!(completed("waves-errors dia"), "diagnose");
    assert_eq!(completed("waves-errors explain too-m"), "too-many-requests");
    assert_eq!(completed("waves-errors ticket --str"), "--strict");
}

#[test]
fn colour_comes_where_it_is_asked_for() {
    let file = root().join("tests/ui/unknown-key.toml");
    let file = file.to_str().unwrap();
    let colored = |arguments: &[&str]| run(&[&["check", file], arguments].concat()).1.contains("\u{1b}[");
    assert!(colored(&["--color", "always"]));
    assert!(!colored(&[]) && !colored(&["--color", "auto"]) && !colored(&["--color", "never"]));
    let forced = crate::cargo::command_line().args(["check", file]).env("CLICOLOR_FORCE", "1").output().unwrap();
    assert!(String::from_utf8_lossy(&forced.stdout).contains("\u{1b}["));
    check(
        &["check", "--color", "blue"],
        2,
        &expect![[""]],
        &expect![[r#"
        error: invalid value 'blue' for '--color <WHEN>'
          [possible values: auto, always, never]

        For more information, try '--help'.
    "#]],
    );
}

#[test]
fn what_is_misspelt_is_suggested() {
    check(
        &["diagnos"],
        2,
        &expect![[""]],
        &expect![[r#"
        error: unrecognized subcommand 'diagnos'

          tip: a similar subcommand exists: 'diagnose'

        Usage: waves-errors [OPTIONS] <COMMAND>

        For more information, try '--help'.
    "#]],
    );
    check(
        &["ticket", "--workspac", "x"],
        2,
        &expect![[""]],
        &expect![[r#"
        error: unexpected argument '--workspac' found

          tip: a similar argument exists: '--workspace'

        Usage: waves-errors ticket --workspace <ID> [FILE]

        For more information, try '--help'.
    "#]],
    );
}
