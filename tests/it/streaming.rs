//! Redaction of streams: lines are written when they arrive, memory is bounded, and no secret is divided.

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, Stdio};

use waves_errors::{CatalogEnum, Evidence, RedactingWriter, Redactor, WavesError};

use crate::cargo::command_line;

const KEY: &str = "sk_0123456789abcdef0123456789abcdef";

fn redactor() -> Redactor {
    Redactor::new(WavesError::CATALOG, &Evidence::new())
}

/// Redacts a text with writes of this size.
fn streamed(text: &[u8], size: usize) -> String {
    let redactor = redactor();
    let mut writer = RedactingWriter::new(&redactor, Vec::new());
    text.chunks(size).for_each(|chunk| writer.write_all(chunk).unwrap());
    String::from_utf8(writer.finish().unwrap()).unwrap()
}

fn spawn() -> Child {
    command_line().arg("redact").stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

#[test]
fn stream_equals_the_whole_text() {
    let pem = format!(
        "-----BEGIN PRIVATE KEY-----\n{}-----END PRIVATE KEY-----\n",
        "MIIBVgIBADANBgkqhkiG9w0BAQEFAASCAT4\n".repeat(9)
    );
    let lines = "MIIBVgIBADANBgkqhkiG9w0BAQEFAASCAT4\n".repeat(9);
    let encrypted = format!(
        "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,01\n\n{lines}abcd\n-----END RSA PRIVATE KEY-----\n"
    );
    for text in [
        format!("before\n{encrypted}after\n"),
        "\"password\": \"Tr0ub4 dor99\r\nhttps://a:b@c/?token=T&x=1\r\n".to_owned(),
        format!("a\nkey {KEY} b\n\n{pem}after\n\"password\": \"a b c\"\nlast without an end"),
        format!("{pem}{pem}"),
        "no secret\n".to_owned(),
        String::new(),
    ] {
        let whole = redactor().text(&text).into_text();
        for size in [1, 7, 64, 4096] {
            assert_eq!(streamed(text.as_bytes(), size), whole, "{size}");
        }
    }
}

#[test]
fn secret_in_a_long_line_is_not_divided() {
    // The key at each position around the end of a part, in words and in one word.
    for filler in ["word ", "word"] {
        for shift in [0, 13, 39, 41, 60] {
            let before = filler.repeat((192 << 10) / filler.len());
            let text =
                format!("{}{} {KEY} {}\n", &before[..before.len() - 40], "x".repeat(shift), filler.repeat(20 << 10));
            let out = streamed(text.as_bytes(), 8192);
            assert!(out.contains("‹35 characters›") && !out.contains("0123456789"), "{shift}");
        }
    }
    // The name or the scheme of a secret, at each position around the end of a part.
    for secret in [
        "{\"password\": \"Tr0ub4dorab12c\"}",
        "Authorization: Bearer Tr0ub4dorab12c",
        "aws_secret_access_key = Tr0ub4dorab12c",
    ] {
        for (shift, filler) in
            [(0, &b"lorem ipsum "[..]), (20, b"lorem ipsum "), (35, b"\xff\xfe a"), (20, b"\xff\xfe a")]
        {
            let before = filler.repeat(60_000);
            let rest = format!(" {secret} {}\n", "word ".repeat(20 << 10));
            let text = [&before[..(192 << 10) - shift], rest.as_bytes()].concat();
            let out = streamed(&text, 8192);
            assert!(!out.contains("ub4dor"), "{secret} {shift}");
        }
    }
    // A secret that is longer than a part.
    let out = streamed(format!("token={} next\n", "s3cret".repeat(60_000)).as_bytes(), 8192);
    assert!(!out.contains("s3cret") && out.ends_with(" next\n"), "{} bytes", out.len());
}

#[test]
fn odd_input_is_passed_on() {
    for text in [&b"\xff\xfe\0\x1b[31m"[..], b"\"", b"'\n'", b"-----BEGIN X-----", b"-----BEGIN \n\n\n", b"\r\r\n"] {
        for size in [1, 100] {
            let out = streamed(text, size);
            assert_eq!(out, redactor().text(&String::from_utf8_lossy(text)).text(), "{text:?}");
        }
    }
    // A key without an end is hidden as far as its lines go.
    let lines = "MIIBVgIBADANBgkqhkiG9w0BAQEFAASCAT4AMIIBOgIBAAJBAL\n".repeat(3000);
    let out = streamed(format!("-----BEGIN PRIVATE KEY-----\n{lines}status=200\n").as_bytes(), 1000);
    assert!(!out.contains("MIIB") && out.contains("status=200"), "{out}");
}

#[test]
fn output_begins_before_the_input_ends() {
    let mut child = spawn();
    let (mut input, output) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
    let mut output = BufReader::new(output);
    for number in 0..3 {
        writeln!(input, "{number} {KEY}").unwrap();
        let mut line = String::new();
        output.read_line(&mut line).unwrap();
        assert_eq!(line, format!("{number} ‹35 characters›\n"));
    }
    drop(input);
    assert!(child.wait().unwrap().success());
    let mut counts = String::new();
    child.stderr.unwrap().read_to_string(&mut counts).unwrap();
    assert_eq!(counts, "redacted: key (3)\n");
}

#[test]
fn reader_that_closes_early_ends_the_command() {
    let mut child = spawn();
    drop(child.stdout.take());
    let mut input = child.stdin.take().unwrap();
    // Otherwise, this would not end.
    while writeln!(input, "a line").is_ok() {}
    assert!(child.wait().unwrap().success());
}

#[cfg(target_os = "linux")]
#[test]
fn memory_is_bounded_and_a_full_disk_is_reported() {
    let mut child = spawn();
    let (mut input, mut output) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
    let reading = std::thread::spawn(move || std::io::copy(&mut output, &mut std::io::sink()).unwrap());
    // A line of 1 MB, which would need 30 MB as a whole.
    input.write_all(&b"one word and ".repeat(80_000)).unwrap();
    let status = std::fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    let peak: u64 = peak.trim().trim_end_matches(" kB").parse().unwrap();
    assert!(peak < 32 << 10, "{peak} kB");
    drop(input);
    assert!(child.wait().unwrap().success());
    assert_eq!(reading.join().unwrap(), 80_000 * 13);

    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let mut child =
        command_line().arg("redact").stdin(Stdio::piped()).stdout(full).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(b"a line\n").unwrap();
    let out = child.wait_with_output().unwrap();
    let message = String::from_utf8_lossy(&out.stderr);
    assert!(out.status.code() == Some(2) && message.contains("No space left"), "{message}");
}
