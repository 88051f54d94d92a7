//! HTML output of the command `doc`: files, the content security policy, and behavior in Chromium.

use std::fs;
use std::process::Command;

use crate::cargo::root;
use crate::cli::run;

#[test]
fn content_security_policy_allows_only_inline_style_and_script() {
    let (code, page, err) = run(&["doc", "--only", "html"]);
    assert_eq!((code, err.as_str()), (0, ""));
    let between = |from: &str, to: &str| page.split(from).nth(1).unwrap().split(to).next().unwrap().to_owned();
    let policy = between("Content-Security-Policy\" content=\"", "\"").replace("&#x2f;", "/");
    assert!(policy.starts_with("default-src 'none'; "), "{policy}");
    for tag in ["style", "script"] {
        assert_eq!(page.matches(&format!("<{tag}")).count(), 1);
        let text = between(&format!("<{tag}>"), &format!("</{tag}>"));
        let hash = sha256(text.as_bytes());
        assert!(policy.contains(&format!("{tag}-src 'sha256-{hash}'")), "{tag} {policy}");
    }
    for text in ["id=\"429\"", "id=\"429-too-many-requests\"", "Retry-After", "When to open a support ticket", "500 ms"]
    {
        assert!(page.contains(text), "{text}");
    }
}

/// Returns the hash for a content security policy, computed by the program `sha256sum`.
fn sha256(text: &[u8]) -> String {
    use std::io::Write;
    let mut child = Command::new("sha256sum")
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(text).unwrap();
    let output = child.wait_with_output().unwrap();
    let hex = String::from_utf8(output.stdout).unwrap();
    data_encoding::BASE64.encode(&data_encoding::HEXLOWER.decode(&hex.as_bytes()[..64]).unwrap())
}

#[test]
fn html_pages_are_written_and_page_option_prints_one() {
    let folder = root().join("target/scratch/html");
    let _ = fs::remove_dir_all(&folder);
    let out = folder.to_str().unwrap();
    assert_eq!(run(&["doc", "--only", "html", "--out", out]).0, 0);
    assert_eq!(run(&["doc", "--only", "html", "--out", out, "--check"]), (0, String::new(), String::new()));
    let (_, printed, _) = run(&["doc", "--only", "html", "--page", "websocket"]);
    assert_eq!(fs::read_to_string(folder.join("websocket.html")).unwrap(), printed);
    assert_eq!(fs::read_dir(&folder).unwrap().count(), 4);
    fs::write(folder.join("websocket.html"), printed.replace("Socket", "Plug")).unwrap();
    assert_eq!(run(&["doc", "--only", "html", "--out", out, "--check"]).0, 1);
}

/// Returns a catalog with a page of this many cases. Two cases refine the first.
fn catalog(cases: usize) -> String {
    let ids = (0..cases).map(|n| format!("\"case-{n}\"")).collect::<Vec<_>>().join(", ");
    let mut toml = format!(
        "schema = 1\n[catalog]\nid = \"large\"\n[page]\ntitle = \"Large\"\n[[section]]\ntitle = \"All\"\ncases = [{ids}]\n"
    );
    for n in 0..cases {
        let refines = if n == 7 || n == 8 { "refines = \"case-0\"\n" } else { "" };
        let status = 400 + n % 100;
        toml.push_str(&format!(
            "[case.case-{n}]\nstatus = {status}\nmatch = [{{ code = \"C{n}\" }}]\nsummary = \"Number {n}.\"\nfixes = [\"Mend it.\"]\n{refines}"
        ));
    }
    toml
}

#[test]
fn more_than_100_cases_have_a_page_each() {
    let folder = root().join("target/scratch/large-html");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    let (toml, out) = (folder.join("large.toml"), folder.join("out"));
    let doc = |more: &[&str]| {
        let arguments = ["--catalog", toml.to_str().unwrap(), "doc", "--only", "html", "--out", out.to_str().unwrap()];
        run(&[&arguments[..], more].concat())
    };
    let files = || fs::read_dir(&out).unwrap().count();
    fs::write(&toml, catalog(100)).unwrap();
    assert_eq!(doc(&[]).0, 0);
    assert_eq!(files(), 1, "100 cases are not split");
    fs::write(&toml, catalog(101)).unwrap();
    assert_eq!(doc(&["--check"]).0, 1);
    assert_eq!(doc(&[]).0, 0);
    assert_eq!((files(), fs::read_dir(out.join("large")).unwrap().count()), (2, 101));
    assert_eq!(doc(&["--check"]), (0, String::new(), String::new()));
    let index = fs::read_to_string(out.join("large.html")).unwrap();
    for anchor in ["id=\"case-100\"", "id=\"429\"", "id=\"429-too-many-requests\"", "href=\"large&#x2f;case-100.html\""]
    {
        assert_eq!(index.matches(anchor).count(), 1, "{anchor}");
    }
    let case = fs::read_to_string(out.join("large/case-0.html")).unwrap();
    for part in ["<title>400 Bad Request – Large</title>", "<a href=\"../large/case-7.html\"><code>case-7</code></a>"]
    {
        assert!(case.contains(part), "{part}");
    }
    // Standard output contains only the index.
    let (code, page, remark) = run(&["--catalog", toml.to_str().unwrap(), "doc", "--only", "html"]);
    assert_eq!((code, page), (0, index));
    assert_eq!(remark, "this page is an index of 101 cases in separate files; write them with --out\n");
    // Unknown files in subfolders are reported.
    fs::write(out.join("large/case-101.html"), "").unwrap();
    let (code, text, _) = doc(&["--check"]);
    assert_eq!(code, 1);
    assert!(text.contains("case-101.html: not generated from this catalog"), "{text}");
}

#[test]
#[ignore = "needs chromium and node"]
fn pages_work_in_chromium() {
    let folder = root().join("target/scratch/browser");
    let _ = fs::remove_dir_all(&folder);
    let out = folder.to_str().unwrap();
    assert_eq!(run(&["doc", "--only", "html", "--out", out]).0, 0);
    let (code, hostile, err) = run(&["--catalog", "tests/data/hostile.toml", "doc", "--only", "html"]);
    assert_eq!(code, 0, "{err}");
    fs::write(folder.join("hostile.html"), hostile).unwrap();
    fs::write(folder.join("large.toml"), catalog(150)).unwrap();
    let large = folder.join("large.toml");
    assert_eq!(run(&["--catalog", large.to_str().unwrap(), "doc", "--only", "html", "--out", out]).0, 0);
    let chromium = crate::cargo::run(Command::new("sh").args(["-c", "command -v chromium"]));
    let mut node = Command::new("node");
    let stdout = crate::cargo::run(node.current_dir(root()).args(["tests/page/check.mjs", out, chromium.trim()]));
    assert!(stdout.contains("checks hold"), "{stdout}");
}
