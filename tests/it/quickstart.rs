//! The output of the quickstart, without times.

use std::process::Command;

use expect_test::expect_file;

#[test]
fn quickstart_output_equals_the_snapshot() {
    let output = crate::cargo::run(&mut Command::new(env!("CARGO_BIN_EXE_quickstart")));
    let without_times: String = output
        .lines()
        .map(|line| match line.strip_prefix("  attempt ").and_then(|rest| rest.split_once(" in ")) {
            Some((attempt, time)) => {
                assert!(time.ends_with('s') && time.starts_with(|c: char| c.is_ascii_digit()), "{line}");
                format!("  attempt {attempt} in <time>\n")
            }
            None => format!("{line}\n"),
        })
        .collect();
    expect_file!["../data/quickstart.txt"].assert_eq(&without_times);
}
