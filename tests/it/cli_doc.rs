//! The command `doc`: output to stdout, output to a directory, and `--check`.

use std::fs;
use std::path::PathBuf;

use expect_test::expect;
use serde_json::Value;

use crate::cargo::root;
use crate::cli::{check, run};

fn folder(name: &str) -> PathBuf {
    let folder = root().join("target/scratch").join(name);
    let _ = fs::remove_dir_all(&folder);
    folder
}

#[test]
fn default_output_is_the_documented_page() {
    let page = include_str!("../data/error-reference.md").to_owned();
    for arguments in
        [&["doc"][..], &["doc", "--only", "markdown", "--flavor", "export"], &["doc", "--page", "error-reference"]]
    {
        assert_eq!(run(arguments), (0, page.clone(), String::new()));
    }
}

#[test]
fn flavors_change_only_the_layout() {
    check(
        &["doc", "--flavor", "gfm", "--catalog", "tests/ui/windows.toml"],
        0,
        &expect![[r#"
        # Errors

        ### 409 Conflict

        The item is not in stock.
    "#]],
        &expect![[""]],
    );
    check(
        &["doc", "--flavor", "mdx", "--catalog", "tests/ui/windows.toml"],
        0,
        &expect![[r#"
        ---
        title: "Errors"
        ---

        ### 409 Conflict

        The item is not in stock.
    "#]],
        &expect![[""]],
    );
    let mdx = run(&["doc", "--flavor", "mdx"]).1;
    assert!(mdx.starts_with("---\ntitle: \"Error reference\"\nsidebarTitle: ") && mdx.ends_with("troubleshooting)\n"));
    assert!(!mdx.contains("llms.txt") && mdx.contains("](/waves/documentation/speech-to-text"));
    let gfm = run(&["doc", "--flavor", "gfm"]).1;
    assert!(
        gfm.starts_with("# Error reference\n\nEvery Waves")
            && gfm.contains("](https://docs.smallest.ai/waves/documentation/speech-to-text")
    );
}

#[test]
fn json_has_cases_policies_pages_and_checklists() {
    let (code, text, _) = run(&["doc", "--only", "json"]);
    let document: Value = serde_json::from_str(&text).unwrap();
    assert_eq!((code, document["schema"].as_u64(), document["cases"].as_array().unwrap().len()), (0, Some(1), 30));
    assert_eq!(document["policies"]["rate-limit"]["max_ms"], 30_000);
    assert_eq!(document["pages"][0]["sections"][2]["checklist"], "ticket");
    assert_eq!(document["checklists"][0]["items"][0]["collect"][0], "request-id");
    assert_eq!(
        document["cases"][2]["fixes"][0]["text"],
        "Retry with exponential backoff starting at 500 ms, doubling up to 30 s."
    );
}

#[test]
fn check_fails_if_a_page_is_outdated_missing_or_unknown() {
    let folder = folder("reference");
    let out = folder.to_str().unwrap();
    assert_eq!(run(&["doc", "--out", out]).0, 0);
    let mut names: Vec<_> =
        fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    let pages = ["error-reference", "requests", "service", "websocket"];
    let mut all: Vec<_> = pages.iter().flat_map(|page| [format!("{page}.html"), format!("{page}.md")]).collect();
    all.extend(["llms.txt".to_owned(), "waves.json".to_owned()]);
    all.sort();
    assert_eq!(names, all);
    assert_eq!(
        fs::read_to_string(folder.join("error-reference.md")).unwrap(),
        include_str!("../data/error-reference.md")
    );
    assert_eq!(run(&["doc", "--out", out, "--check"]), (0, String::new(), String::new()));

    // A page differs by one byte.
    let page = folder.join("error-reference.md");
    let changed = fs::read_to_string(&page).unwrap().replace("Trial or workspace", "Trial or Workspace");
    fs::write(&page, changed).unwrap();
    let (code, diff, err) = run(&["doc", "--out", out, "--check"]);
    assert_eq!((code, err.lines().count()), (1, 1));
    // The snapshot cannot contain the trailing space of an empty diff line.
    let diff = diff.replace(out, "DIR");
    let lines: Vec<_> = diff.lines().map(str::trim_end).collect();
    expect![[r#"
        --- DIR/error-reference.md
        +++ the catalog
        @@ -30,7 +30,7 @@

         * Using a key from a different workspace. Each workspace has its own set of keys.
         * Key scoped to a different product (for example, an Atoms key on a Waves TTS endpoint).
        -* Trial or Workspace usage limit reached.
        +* Trial or workspace usage limit reached.

         **Fix.** Confirm the key was generated in the intended workspace at [app.smallest.ai/dashboard/api-keys](https://app.smallest.ai/dashboard/api-keys). If limits are the issue, upgrade the workspace or contact support.
    "#]].assert_eq(&lines.join("\n"));

    // An unknown file, and a missing file.
    assert_eq!(run(&["doc", "--out", out]).0, 0);
    fs::write(folder.join("old.md"), "").unwrap();
    fs::remove_file(folder.join("waves.json")).unwrap();
    let (code, stdout, _) = run(&["doc", "--out", out, "--check"]);
    assert_eq!(code, 1);
    assert!(
        stdout.contains("old.md: not generated from this catalog\n") && stdout.contains("+  \"catalog\": \"waves\","),
        "{stdout}"
    );
}

#[test]
fn usage_errors_exit_2() {
    check(
        &["doc", "--page", "error-refrence"],
        2,
        &expect![[""]],
        &expect![[r#"
            error: unknown page `error-refrence`; did you mean `error-reference`?
        "#]],
    );
    check(
        &["doc", "--catalog", "tests/ui/including.toml"],
        2,
        &expect![[""]],
        &expect![[r#"
            error: no page in the catalog; add a `[page]` with a `title`
        "#]],
    );
    check(
        &["doc", "--only", "markdown,json"],
        2,
        &expect![[""]],
        &expect![[r#"
            error: only one kind can be printed; write several to a directory with --out
        "#]],
    );
    check(
        &["doc", "--check"],
        2,
        &expect![[""]],
        &expect![[r#"
        error: the following required arguments were not provided:
          --out <DIR>

        Usage: waves-errors doc --out <DIR> --check

        For more information, try '--help'.
    "#]],
    );
    check(
        &["doc", "--out", "Cargo.toml"],
        2,
        &expect![[""]],
        &expect![[r#"
        error: `Cargo.toml`: File exists (os error 17)
    "#]],
    );
    check(
        &["doc", "--only", "json", "--page", "error-reference"],
        2,
        &expect![[""]],
        &expect![[r#"
            error: the JSON covers the whole catalog; use --page with Markdown or HTML
        "#]],
    );
    // All files are missing.
    let (code, stdout, _) = run(&["doc", "--out", "target/scratch/nowhere", "--check"]);
    assert_eq!((code, stdout.matches("\n+++ the catalog\n").count()), (1, 10));
}

/// `/dev/full` behaves like a full disk.
#[test]
fn full_disk_keeps_existing_files_and_exits_2() {
    let folder = folder("full");
    let out = folder.to_str().unwrap();
    assert_eq!(run(&["doc", "--out", out, "--only", "markdown"]).0, 0);
    let page = folder.join("requests.md");
    fs::write(&page, "as it was").unwrap();
    std::os::unix::fs::symlink("/dev/full", folder.join("requests.md.new")).unwrap();
    check(
        &["doc", "--out", "target/scratch/full", "--only", "markdown"],
        2,
        &expect![[""]],
        &expect![[r#"
        error: `target/scratch/full/requests.md`: No space left on device (os error 28)
    "#]],
    );
    assert_eq!(fs::read_to_string(&page).unwrap(), "as it was");
    assert!(
        fs::read_dir(&folder).unwrap().all(|entry| entry.unwrap().path().extension().is_some_and(|kind| kind == "md"))
    );
    // Commands that print report the error.
    for arguments in
        [&["doc"][..], &["explain"], &["schema"], &["emit"], &["retry", "429"], &["completions", "bash"], &["--help"]]
    {
        let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        let output = crate::cargo::command_line().args(arguments).stdout(full).output().unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert_eq!(
            (output.status.code(), stderr.as_str()),
            (Some(2), "error: cannot write: No space left on device (os error 28)\n"),
            "{arguments:?}"
        );
    }
}

#[test]
fn llms_index_links_to_the_written_pages() {
    let folder = folder("llms");
    let out = folder.to_str().unwrap();
    assert_eq!(run(&["doc", "--out", out, "--flavor", "gfm"]).0, 0);
    let (code, index, _) = run(&["doc", "--only", "llms"]);
    assert_eq!((code, fs::read_to_string(folder.join("llms.txt")).unwrap()), (0, index.clone()));
    assert!(index.starts_with("# Error reference\n\n> HTTP status codes returned by"), "{index}");
    let mut links = 0;
    for link in index.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
        let (file, anchor) = link.split_once('#').map_or((link, None), |(file, anchor)| (file, Some(anchor)));
        let page = fs::read_to_string(folder.join(file)).unwrap();
        // An anchor is the heading in lower case, with dashes for spaces.
        let slug = |heading: &str| -> String {
            let kept = heading.chars().filter(|c| c.is_alphanumeric() || " -_".contains(*c));
            kept.collect::<String>().to_lowercase().replace(' ', "-")
        };
        let headings: Vec<_> = page.lines().filter_map(|line| line.strip_prefix("### ")).map(slug).collect();
        assert!(anchor.is_none_or(|anchor| headings.iter().any(|heading| heading == anchor)), "{link}: {headings:?}");
        links += 1;
    }
    assert_eq!(links, 4 + 30);
    let (code, _, err) = run(&["doc", "--only", "llms", "--page", "requests"]);
    assert_eq!(
        (code, err.as_str()),
        (2, "error: the index covers the whole catalog; use --page with Markdown or HTML\n")
    );
}
