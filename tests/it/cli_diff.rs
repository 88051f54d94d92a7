//! The command `diff`: kinds and levels of changes, input formats and exit codes.

use std::fs;
use std::path::PathBuf;

use expect_test::expect;
use serde_json::Value;

use crate::cargo::root;
use crate::cli::{check, run};
use crate::cli_classify::piped;

const BASE: &str = r#"schema = 1
[catalog]
id = "shop"
[wire]
codes = ["/code"]
[retry.busy]
initial = "1s"
max-retries = 3
[case.busy]
status = 429
summary = "Too many."
retry = "busy"
aliases = ["slow down"]
[case.gone]
status = 410
code = "GONE"
match = [{ status = 410 }, { code = "GONE" }]
summary = "Gone."
[case.wrong]
status = 400
summary = "Wrong."
"#;

/// Writes a catalog to a file.
fn file(name: &str, text: &str) -> PathBuf {
    let folder = root().join("target/scratch/diff");
    fs::create_dir_all(&folder).unwrap();
    let file = folder.join(name);
    fs::write(&file, text).unwrap();
    file
}

/// Compares the base catalog with an edited one. Returns the exit code, the required bump and the changes: `level kind case`.
fn changes(name: &str, edit: impl Fn(&str) -> String) -> (i32, String, Vec<String>) {
    let (old, new) = (file(&format!("{name}.old.toml"), BASE), file(&format!("{name}.new.toml"), &edit(BASE)));
    let (code, out, err) = run(&["diff", old.to_str().unwrap(), new.to_str().unwrap(), "--format", "json"]);
    assert!(err.is_empty(), "{err}");
    let document: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(document["schema"], 1);
    let text = |value: &Value| value.as_str().unwrap_or("-").to_owned();
    let line =
        |change: &Value| format!("{} {} {}", text(&change["level"]), text(&change["kind"]), text(&change["case"]));
    (code, text(&document["required"]), document["changes"].as_array().unwrap().iter().map(line).collect())
}

#[test]
fn each_kind_of_change_has_its_level() {
    let replaced = |from: &'static str, to: &'static str| {
        move |text: &str| {
            assert!(text.contains(from), "{from}");
            text.replace(from, to)
        }
    };
    let added = |lines: &'static str| move |text: &str| format!("{text}{lines}");
    let gone = "[case.gone]\nstatus = 410\ncode = \"GONE\"\nmatch = [{ status = 410 }, { code = \"GONE\" }]\nsummary = \"Gone.\"\n";
    let mut table = String::new();
    let mut row = |name: &str, edit: &dyn Fn(&str) -> String| {
        let (code, required, changes) = changes(name, edit);
        table.push_str(&format!("{name}: {code} {required}\n"));
        for change in changes {
            table.push_str(&format!("  {change}\n"));
        }
    };
    row("nothing", &str::to_owned);
    row("comment", &added("# a remark\n"));
    row("removed", &replaced(gone, ""));
    row("removed-and-reserved", &|text: &str| {
        text.replace(gone, "")
            .replace("id = \"shop\"", "id = \"shop\"\nreserved = { ids = [\"gone\"], codes = [\"GONE\"] }")
    });
    row("renamed", &replaced("[case.wrong]", "[case.bad]"));
    row("status", &replaced("status = 400", "status = 422"));
    row(
        "code",
        &replaced("code = \"GONE\"\nmatch = [{ status = 410 }, { code = \"GONE\" }]", "match = [{ status = 410 }]"),
    );
    row("alias", &replaced("\"slow down\"", "\"calm down\""));
    row("match", &replaced("{ status = 410 }, ", ""));
    row("variant", &replaced("[case.wrong]\n", "[case.wrong]\nvariant = \"Bad\"\n"));
    row("retry-removed", &replaced("retry = \"busy\"\n", ""));
    row("retry-switched-off", &replaced("max-retries = 3", "max-retries = 0"));
    row("retry-added", &replaced("summary = \"Gone.\"", "summary = \"Gone.\"\nretry = \"busy\""));
    row("retry-added-with-only", &|text: &str| {
        text.replace("summary = \"Gone.\"", "summary = \"Gone.\"\nretry = \"safe\"")
            + "[retry.safe]\ninitial = \"1s\"\nmax-retries = 1\nonly = \"idempotent\"\n"
    });
    row("only-added", &replaced("max-retries = 3", "max-retries = 3\nonly = \"idempotent\""));
    row("only-added-and-slower", &|text: &str| {
        text.replace("initial = \"1s\"", "initial = \"2s\"\nonly = \"idempotent\"")
    });
    row("backoff", &replaced("initial = \"1s\"", "initial = \"2s\""));
    row("added", &added("[case.late]\nstatus = 408\nsummary = \"Late.\"\n"));
    row("split", &added("[case.quota]\nmatch = [{ status = 429, text = \"quota\" }]\nsummary = \"Quota.\"\n"));
    row(
        "split-with-refines",
        &added(
            "[case.quota]\nrefines = \"busy\"\nmatch = [{ status = 429, text = \"quota\" }]\nsummary = \"Quota.\"\n",
        ),
    );
    row("split-by-code", &added("[case.quota]\nstatus = 429\ncode = \"QUOTA\"\nsummary = \"Quota.\"\n"));
    row("deprecated", &replaced("summary = \"Gone.\"", "summary = \"Gone.\"\ndeprecated = { use = \"wrong\" }"));
    row("severity", &replaced("summary = \"Gone.\"", "summary = \"Gone.\"\nseverity = \"warning\""));
    row("wording", &replaced("Too many.", "Far too many."));
    row("page", &added("[page]\ntitle = \"Errors\"\n"));
    expect![[r#"
        nothing: 0 none
        comment: 0 none
        removed: 1 major
          major case-removed gone
          major id-not-reserved gone
          major code-not-reserved gone
        removed-and-reserved: 1 major
          major case-removed gone
        renamed: 1 major
          major case-removed wrong
          major id-not-reserved wrong
          minor case-added bad
        status: 1 major
          major status-changed wrong
          major match-changed wrong
          patch wording wrong
        code: 1 major
          major code-changed gone
          major match-changed gone
        alias: 1 major
          major alias-removed busy
          minor alias-added busy
        match: 1 major
          major match-changed gone
        variant: 1 major
          major variant-changed wrong
        retry-removed: 1 major
          major retry-removed busy
        retry-switched-off: 1 major
          major retry-removed busy
        retry-added: 0 minor
          minor retry-added gone
        retry-added-with-only: 0 minor
          minor retry-added gone
        only-added: 1 major
          major only-added busy
        only-added-and-slower: 1 major
          major only-added busy
          minor backoff-changed busy
        backoff: 0 minor
          minor backoff-changed busy
        added: 0 minor
          minor case-added late
        split: 1 major
          major case-split quota
        split-with-refines: 0 minor
          minor case-split quota
        split-by-code: 1 major
          major case-split quota
        deprecated: 0 minor
          minor deprecated gone
        severity: 0 minor
          minor severity-changed gone
        wording: 0 patch
          patch wording busy
        page: 0 patch
          patch wording -
    "#]]
    .assert_eq(&table);
}

#[test]
fn json_catalog_equals_its_toml() {
    let toml = file("same.toml", BASE);
    let (_, json, _) = run(&["--catalog", toml.to_str().unwrap(), "doc", "--only", "json"]);
    let json = file("same.json", &json);
    let (code, out, err) = run(&["diff", json.to_str().unwrap(), toml.to_str().unwrap()]);
    assert_eq!((code, out.as_str(), err.as_str()), (0, "", "required version bump: none\n"));
}

#[test]
fn retry_changes_describe_the_effect_on_callers() {
    let limited = BASE.replace("max-retries = 3", "max-retries = 3\nonly = \"idempotent\"");
    let never = BASE.replace("max-retries = 3", "max-retries = 0");
    let slower = limited.replace("initial = \"1s\"", "initial = \"2s\"");
    let mut all = String::new();
    for (old, new) in [
        (BASE, &*limited),
        (&limited, BASE),
        (&limited, &slower),
        (&slower, BASE),
        (&never, &limited),
        (&never, BASE),
        (&limited, &never),
    ] {
        let (old, new) = (file("retries.old.toml", old), file("retries.new.toml", new));
        let (_, out, err) = run(&["diff", old.to_str().unwrap(), new.to_str().unwrap()]);
        all.push_str(&format!("{out}{err}\n"));
    }
    expect![[r#"
        major  busy: now retried only if the request is idempotent [only-added]
        required version bump: major

        minor  busy: now always retried: its side effects may happen twice [only-removed]
        required version bump: minor

        minor  busy: retry policy changed from "idempotent requests only, up to 3 times, after 1 s each; honors Retry-After up to 2 min" to "idempotent requests only, up to 3 times, after 2 s each; honors Retry-After up to 2 min" [backoff-changed]
        required version bump: minor

        minor  busy: now always retried: its side effects may happen twice [only-removed]
        minor  busy: retry policy changed from "idempotent requests only, up to 3 times, after 2 s each; honors Retry-After up to 2 min" to "up to 3 times, after 1 s each; honors Retry-After up to 2 min" [backoff-changed]
        required version bump: minor

        minor  busy: now retried if the request is idempotent [retry-added]
        required version bump: minor

        minor  busy: now retried: its side effects may happen twice [retry-added]
        required version bump: minor

        major  busy: no longer retried [retry-removed]
        required version bump: major

    "#]].assert_eq(&all);
}

#[test]
fn json_policy_without_only_is_unrestricted() {
    let toml = file("older.toml", BASE);
    let (_, json, _) = run(&["--catalog", toml.to_str().unwrap(), "doc", "--only", "json"]);
    let mut document: Value = serde_json::from_str(&json).unwrap();
    let policy = document["policies"]["busy"].as_object_mut().unwrap();
    assert_eq!(policy.remove("only"), Some(Value::Null));
    policy.insert("text".to_owned(), "in other words".into());
    let json = file("older.json", &document.to_string());
    let (code, out, _) = run(&["diff", json.to_str().unwrap(), toml.to_str().unwrap()]);
    assert_eq!((code, out.as_str()), (0, ""));
}

#[test]
fn changes_of_wire_and_key_have_levels() {
    let old = BASE.replace("[retry.busy]", "[key]\nscheme = \"Bearer\"\n[retry.busy]");
    let before = file("wire.old.toml", &old);
    for (from, to, expected) in [
        (
            "codes = [\"/code\"]",
            "codes = [\"/errors/*/code\"]",
            "major  -: `[wire] codes` changed: responses can match other cases [wire-changed]",
        ),
        (
            "codes = [\"/code\"]",
            "codes = [\"/code\"]\nretry-after = []",
            "minor  -: `[wire] retry-after` changed [wire-changed]",
        ),
        ("scheme = \"Bearer\"", "schemes = [\"Bearer\", \"token\"]", "minor  -: `[key] schemes` changed [key-changed]"),
        (
            "max-retries = 3",
            "max-retries = 3\nonly = \"not-sent\"",
            "major  busy: now retried only if the request was not sent [only-added]",
        ),
    ] {
        let new = file("wire.new.toml", &old.replace(from, to));
        let (_, out, _) = run(&["diff", before.to_str().unwrap(), new.to_str().unwrap()]);
        assert!(out.starts_with(expected), "{out}");
    }
}

#[test]
fn changes_as_text_and_markdown() {
    let old = file("people.old.toml", BASE);
    let new =
        file("people.new.toml", &BASE.replace("status = 400", "status = 422").replace("Too many.", "Far too many."));
    let paths = [old.to_str().unwrap(), new.to_str().unwrap()];
    check(
        &["diff", paths[0], paths[1]],
        1,
        &expect![[r#"
            major  wrong: status changed from 400 to 422 [status-changed]
            major  wrong: match changed: it selects other failures [match-changed]
            patch  busy: wording changed: display, summary [wording]
            patch  wrong: wording changed: title, display [wording]
        "#]],
        &expect![[r#"
            required version bump: major
        "#]],
    );
    check(
        &["diff", paths[0], paths[1], "--format", "markdown"],
        1,
        &expect![[r#"
            Version bump: **major**

            ### major

            - `wrong`: status changed from 400 to 422
            - `wrong`: match changed: it selects other failures

            ### patch

            - `busy`: wording changed: display, summary
            - `wrong`: wording changed: title, display
        "#]],
        &expect![[""]],
    );
}

#[test]
fn fail_on_selects_the_level_except_for_unreserved_ids() {
    let code = |name: &str, edit: &dyn Fn(&str) -> String, fail_on: &str| {
        let (old, new) = (file(&format!("{name}.old.toml"), BASE), file(&format!("{name}.new.toml"), &edit(BASE)));
        run(&["diff", old.to_str().unwrap(), new.to_str().unwrap(), "--fail-on", fail_on]).0
    };
    let backoff = |text: &str| text.replace("initial = \"1s\"", "initial = \"2s\"");
    assert_eq!(["major", "minor", "never"].map(|level| code("fail-backoff", &backoff, level)), [0, 1, 0]);
    let status = |text: &str| text.replace("status = 400", "status = 422");
    assert_eq!(["major", "minor", "never"].map(|level| code("fail-status", &status, level)), [1, 1, 0]);
    let removed = |text: &str| text.replace("[case.wrong]", "[case.other]");
    assert_eq!(["major", "minor", "never"].map(|level| code("fail-removed", &removed, level)), [1, 1, 1]);
}

#[test]
fn standard_input_is_read_once() {
    let catalog = file("piped.toml", BASE);
    for path in ["-", "/dev/stdin"] {
        let (code, out, err) =
            piped(&["diff", path, catalog.to_str().unwrap()], BASE.replace("status = 400", "status = 422").as_bytes());
        assert_eq!(code, 1, "{err}");
        assert!(out.contains("major  wrong: status changed from 422 to 400"), "{out}");
    }
}

#[test]
fn input_errors_exit_2() {
    let valid = file("good.toml", BASE);
    let valid = valid.to_str().unwrap();
    let invalid = file("bad.toml", "schema = 2\n");
    let (code, out, err) = run(&["diff", valid, invalid.to_str().unwrap()]);
    assert!(
        code == 2 && out.is_empty() && err.contains("invalid catalog") && err.contains("`schema` must be 1"),
        "{err}"
    );
    for (name, text, problem) in
        [("odd.json", "{}", "is not a catalog in JSON"), ("broken.json", "{\"schema\":", "invalid JSON in")]
    {
        let invalid = file(name, text);
        let (code, _, err) = run(&["diff", invalid.to_str().unwrap(), valid]);
        assert!(code == 2 && err.contains(problem), "{err}");
    }
    assert_eq!(run(&["diff", valid, "no/such/file"]).0, 2);
    assert_eq!(run(&["diff", valid]).0, 2);
    let folder = root().join("tests");
    assert_eq!(run(&["diff", valid, folder.to_str().unwrap()]).0, 2);
}

#[test]
fn unused_catalog_option_is_rejected() {
    for arguments in [&["diff", "old.toml", "new.toml"][..], &["schema"]] {
        let (code, out, err) = run(&[arguments, &["--catalog", "other.toml"]].concat());
        let message = format!("error: `{}` does not use --catalog\n", arguments[0]);
        assert_eq!((code, out.as_str(), err), (2, "", message));
    }
}
