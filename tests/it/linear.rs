//! Redaction takes linear time for hostile inputs: twice the input takes at most 2.2 times as many instructions, which valgrind counts.

use std::io::Write;
use std::process::{Command, Stdio};
use std::thread;

use crate::cargo::command_line;

/// The size of an input, in bytes.
const SIZE: usize = 4 << 10;

/// Texts that are repeated: each separator, quote, escape, prefix and scheme, and names with separators.
fn families() -> Vec<String> {
    let mut families: Vec<String> = [
        "auth:",
        "auth:auth=",
        "\"",
        "'",
        "`",
        "\\",
        "\\\"",
        "\\u0041",
        "%41",
        "%25",
        "%2525",
        "&amp;",
        "&#65;",
        "&amp;amp;",
        "://",
        "a://b@",
        "@",
        "a@b.",
        "a@b.cd ",
        "sk_",
        "sk_a",
        "sk_abcdefgh ",
        "eyJ",
        "AKIA",
        "xoxb-",
        "ghp_0",
        "c2tf",
        "-----BEGIN ",
        "-----BEGIN A-----\n",
        "-----BEGIN A----- ab",
        "Authorization: ",
        "authorization=",
        "Authorization: Bearer\n ",
        "cookie: a=b; ",
        "{\"a\":",
        "[",
        "{",
        "<a>",
        "</a>",
        "<password>",
        "<password a",
        "4111 ",
        "4111-",
        "1 ",
        "1",
        "=",
        "==",
        "/",
        "a/",
        "a=",
        "Bearer ",
        "Bearer a1b2c3d4",
        "basic:",
        "-u ",
        "-u a:b ",
        " -p",
        "mysql -p",
        "key ",
        "key:",
        "API key: ",
        "> a: b\n",
        "* [a: b]\n",
        "\n",
        "\r",
        " ",
        "\t",
        ";",
        "a;b=c;",
        "?a=b&",
        "#",
        "\u{2039}",
        "\u{2039}1 characters\u{203a}",
        "\u{1b}[",
        "\u{1b}]",
        "\u{e9}",
        "\u{200b}",
        "\u{0}",
        "input_value='",
        "text=\"",
        "\"text\":[\"",
        "token: '",
        "data: ",
        "x",
        "AB",
        "aGVsbG8gd29ybGQ=",
        "aGVsbG8gd29ybGQ/",
        "password=Some(",
        "password: map[",
        "[password:protected]",
        "{\"name\":\"token\",",
        "\"value\":\"x\",\"name\":\"token\"",
        "value: a\nname: token\n",
        "password:\n",
        "password: |\n a\n",
        "tokens: [\n",
        "\"token\",\n",
        "form-data; name=\"token\"\n",
        "secret = \"\"\"\n",
        "=> Send header, 1 bytes (0x1)\n0000: a\n",
        "0000: 61 62  ab\n",
        "\\r\\n",
        "\\n",
        "auth:)",
        "auth=,",
        "token(\u{201c}",
        "'token', \u{201c}",
        "name=token v=\u{201c}",
        "\"text\":[1,",
        "?token=a",
        "QmVhcmVyI/",
        "ghp_",
        "a-sk-b-",
    ]
    .map(str::to_owned)
    .into();
    for name in ["password", "token", "name"] {
        for separator in [
            ":",
            "=",
            " = ",
            "=>",
            "->",
            "|",
            ",",
            " ",
            "(",
            "[\"",
            "\\\"",
            "'",
            ">",
            "<",
            ":\"",
            "={",
            "=[",
            "(\"",
            "\"name\":\"",
        ] {
            families.push(format!("{name}{separator}"));
        }
    }
    families
}

/// Returns the number of instructions that `redact` executes for an input.
fn instructions(input: &str) -> u64 {
    let program = command_line().get_program().to_owned();
    let mut child = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(program)
        .arg("redact")
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("valgrind is installed");
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let report = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{report}");
    let line = report.lines().find_map(|line| line.split_once("Collected : ")).unwrap_or_else(|| panic!("{report}"));
    line.1.trim().parse().unwrap()
}

#[test]
#[ignore = "needs valgrind"]
fn redaction_takes_linear_time() {
    let idle = instructions("");
    // In percent.
    let ratio = |family: &String| {
        let count = |size: usize| instructions(&family.repeat(size / family.len())).saturating_sub(idle);
        let (one, two) = (count(SIZE), count(2 * SIZE));
        // Inputs that the prefilter passes on cost next to nothing.
        if two < 1_000_000 { 0 } else { 100 * two / one.max(1) }
    };
    let families = families();
    // The machine of a test has two cores or more.
    let (first, second) = families.split_at(families.len() / 2);
    let ratios: Vec<u64> = thread::scope(|scope| {
        let first = scope.spawn(|| first.iter().map(ratio).collect::<Vec<_>>());
        let second: Vec<_> = second.iter().map(ratio).collect();
        first.join().unwrap().into_iter().chain(second).collect()
    });
    let worst = ratios.iter().zip(&families).max_by_key(|(ratio, _)| **ratio).unwrap();
    let problems: Vec<_> = families.iter().zip(&ratios).filter(|(_, ratio)| **ratio > 220).collect();
    println!("{} families, the highest ratio is {}% for {:?}", families.len(), worst.0, worst.1);
    assert!(problems.is_empty(), "{problems:?}");
}
