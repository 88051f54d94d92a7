//! Completions, color, terminal output and unknown arguments.

use std::process::Command;

use expect_test::expect;

use crate::cargo::root;
use crate::cli::{check, run};

#[test]
fn completions_have_commands_options_and_cases() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let (code, script, err) = run(&["completions", shell]);
        assert_eq!((code, err.as_str()), (0, ""), "{shell}");
        for word in ["diagnose", "workspace"] {
            assert!(script.contains(word), "{shell}: {word}");
        }
        // The scripts of the other shells complete only options.
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
fn bash_completion_script_works_in_bash() {
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
fn color_follows_option_and_environment() {
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
fn terminal_output_is_wrapped_and_has_links() {
    let program = crate::cargo::command_line().get_program().to_str().unwrap().to_owned();
    // `script` provides a terminal as standard output.
    let printed = |columns: u16, arguments: &str| {
        let line = format!("stty cols {columns} rows 40; exec {program} explain no-such-key {arguments}");
        let mut command = Command::new("script");
        command.args(["-qec", &line, "/dev/null"]).env("TERM", "xterm-256color").env("FORCE_HYPERLINK", "1");
        command.env_remove("NO_COLOR").env_remove("WAVES_ERRORS_CATALOG");
        crate::cargo::run(command.stdin(std::process::Stdio::null()))
    };
    for columns in [40, 72] {
        let text = printed(columns, "");
        assert!(text.contains("\u{1b}[1mCommon causes.\u{1b}[22m"), "{text:?}");
        assert!(text.contains("\u{1b}]8;;https://docs.smallest.ai/waves/"), "{text:?}");
        let widths: Vec<_> = text.lines().map(textwrap::core::display_width).collect();
        let limit = usize::from(columns);
        assert!(widths.iter().all(|width| *width <= limit) && widths.iter().any(|width| *width > limit - 12), "{text}");
    }
    let plain = printed(40, "--color never");
    assert!(!plain.contains('\u{1b}') && plain.contains("<https://docs.smallest.ai/waves/"), "{plain:?}");
    let forced = run(&["explain", "no-such-key", "--color", "always"]).1;
    assert!(forced.contains("\u{1b}[1m") && !forced.contains("\u{1b}]8"), "no hyperlinks in a pipe: {forced:?}");
}

/// Reads the screen of a real terminal emulator.
#[test]
#[ignore = "needs tmux"]
fn tmux_shows_wrapped_and_styled_output() {
    let program = crate::cargo::command_line().get_program().to_str().unwrap().to_owned();
    let tmux = |socket: &str, arguments: &[&str]| {
        let mut command = Command::new("tmux");
        command.args(["-L", socket, "-f", "/dev/null"]).args(arguments).env_remove("NO_COLOR").env_remove("TMUX");
        crate::cargo::run(&mut command)
    };
    for (width, arguments) in
        [("60", "explain too-many-requests"), ("100", "explain no-such-key"), ("40", "--help"), ("70", "explain")]
    {
        let socket = &format!("waves-errors-{}-{width}", std::process::id());
        let line = format!(
            "cd '{}' && '{program}' {arguments}; tmux -L {socket} wait-for -S done; sleep 60",
            root().display()
        );
        tmux(socket, &["new-session", "-d", "-s", "shown", "-x", width, "-y", "50", &line]);
        tmux(socket, &["wait-for", "done"]);
        let plain = tmux(socket, &["capture-pane", "-p", "-t", "shown"]);
        let styled = tmux(socket, &["capture-pane", "-p", "-e", "-t", "shown"]);
        tmux(socket, &["kill-server"]);
        let widest = plain.lines().map(textwrap::core::display_width).max().unwrap();
        let width: usize = width.parse().unwrap();
        assert!(widest <= width && widest > width - 15, "{widest} of {width}: {plain}");
        assert!(styled.contains("\u{1b}[1m") || arguments == "explain", "{styled:?}");
        assert!(!plain.contains('\u{1b}') && !plain.contains("]8;;"), "{plain:?}");
    }
}

#[test]
fn misspelled_arguments_get_suggestions() {
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
