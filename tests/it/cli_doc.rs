//! `doc`: one artefact on stdout, all of them in a directory, and whether those are still true.

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
fn the_documented_page_is_the_default() {
    let page = include_str!("../data/error-reference.md").to_owned();
    for arguments in
        [&["doc"][..], &["doc", "--only", "markdown", "--flavor", "export"], &["doc", "--page", "error-reference"]]
    {
        assert_eq!(run(arguments), (0, page.clone(), String::new()));
    }
}

#[test]
fn flavors_are_layout_only() {
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
fn json_has_everything() {
    let (code, text, _) = run(&["doc", "--only", "json"]);
    let document: Value = serde_json::from_str(&text).unwrap();
    assert_eq!((code, document["schema"].as_u64(), document["cases"].as_array().unwrap().len()), (0, Some(1), 5));
    assert_eq!(document["policies"]["rate-limit"]["max_ms"], 30_000);
    assert_eq!(document["pages"][0]["sections"][2]["checklist"], "ticket");
    assert_eq!(document["checklists"][0]["items"][0]["collect"][0], "request-id");
    assert_eq!(
        document["cases"][2]["fixes"][0]["text"],
        "Retry with exponential backoff starting at 500 ms, doubling up to 30 s."
    );
}

#[test]
fn what_is_written_is_the_same_until_something_changes() {
    let folder = folder("reference");
    let out = folder.to_str().unwrap();
    assert_eq!(run(&["doc", "--out", out]).0, 0);
    let mut names: Vec<_> =
        fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    assert_eq!(names, ["error-reference.md", "waves.json"]);
    assert_eq!(
        fs::read_to_string(folder.join("error-reference.md")).unwrap(),
        include_str!("../data/error-reference.md")
    );
    assert_eq!(run(&["doc", "--out", out, "--check"]), (0, String::new(), String::new()));

    // One byte.
    let page = folder.join("error-reference.md");
    let changed = fs::read_to_string(&page).unwrap().replace("Trial or workspace", "Trial or Workspace");
    fs::write(&page, changed).unwrap();
    let (code, diff, err) = run(&["doc", "--out", out, "--check"]);
    assert_eq!((code, err.lines().count()), (1, 1));
    // Snapshots cannot hold the blank that begins an empty line of a diff.
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

    // A leftover, and a file that is gone.
    assert_eq!(run(&["doc", "--out", out]).0, 0);
    fs::write(folder.join("old.md"), "").unwrap();
    fs::remove_file(folder.join("waves.json")).unwrap();
    let (code, told, _) = run(&["doc", "--out", out, "--check"]);
    assert_eq!(code, 1);
    assert!(
        told.contains("old.md: nothing writes this file\n") && told.contains("+  \"catalog\": \"waves\","),
        "{told}"
    );
}

#[test]
fn wrong_questions_have_no_answer() {
    check(
        &["doc", "--page", "error-refrence"],
        2,
        &expect![[""]],
        &expect![[r#"
        error: the catalog has no page `error-refrence`; did you mean `error-reference`?
    "#]],
    );
    check(
        &["doc", "--catalog", "tests/ui/including.toml"],
        2,
        &expect![[""]],
        &expect![[r#"
        error: the catalog has no page: add a `[page]` with a `title`
    "#]],
    );
    check(
        &["doc", "--only", "markdown,json"],
        2,
        &expect![[""]],
        &expect![[r#"
        error: one artefact goes to stdout; name a directory with --out for more
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
        &["doc", "--out", "target/scratch/nowhere", "--check"],
        2,
        &expect![[r#"
        --- target/scratch/nowhere/error-reference.md
        +++ the catalog
        @@ -0,0 +1,75 @@
        +***
        +
        +title: Error reference
        +sidebarTitle: Error reference
        +description: HTTP status codes returned by Waves TTS and Pulse STT endpoints, with fixes for each.
        +---------------------
        +
        +For clean Markdown of any page, append .md to the page URL. For a complete documentation index, see https://docs.smallest.ai/waves/documentation/troubleshooting/llms.txt. For full documentation content, see https://docs.smallest.ai/waves/documentation/troubleshooting/llms-full.txt.
        +
        +Every Waves REST and WebSocket endpoint returns standard HTTP status codes. Use this page to map a status code to its likely cause and fix. Covers both TTS (Lightning) and STT (Pulse).
        +
        +## Common API errors
        +
        +### 401 Unauthorized
        +
        +Missing or invalid `Authorization` header.
        +
        +**Fix.**
        +
        +* Confirm the header is `Authorization: Bearer <KEY>` with a single space and no quotes.
        +* On WebSocket handshakes in browsers, custom headers aren't allowed. Use the `?token=<KEY>` query parameter instead where the endpoint supports it.
        +* Check the key has not been rotated in the [API Keys dashboard](https://app.smallest.ai/dashboard/api-keys). Rotated keys stop working immediately.
        +* Verify the key string starts with `sk_` and has no trailing whitespace.
        +
        +### 403 Forbidden
        +
        +The key is valid but lacks permission for this resource.
        +
        +**Common causes.**
        +
        +* Using a key from a different workspace. Each workspace has its own set of keys.
        +* Key scoped to a different product (for example, an Atoms key on a Waves TTS endpoint).
        +* Trial or workspace usage limit reached.
        +
        +**Fix.** Confirm the key was generated in the intended workspace at [app.smallest.ai/dashboard/api-keys](https://app.smallest.ai/dashboard/api-keys). If limits are the issue, upgrade the workspace or contact support.
        +
        +### 429 Too Many Requests
        +
        +The request exceeded the current rate limit.
        +
        +**Fix.** Retry with exponential backoff starting at 500 ms, doubling up to 30 s. Respect the `Retry-After` header if present. For sustained higher throughput, contact support to raise the workspace limit.
        +
        +### 500 Internal Server Error
        +
        +A server-side issue. Not caused by the request payload in most cases.
        +
        +**Fix.** Retry once after a short delay. If it persists, file a support ticket and include the `x-request-id` value from the response headers so the server-side trace can be located.
        +
        +## Storage and file errors
        +
        +### `NoSuchKey` (from pre-recorded uploads)
        +
        +The audio object referenced in the request does not exist in storage. Most common on Pulse STT pre-recorded uploads.
        +
        +**Common causes.**
        +
        +* Upload has not finished. The object key becomes available only after the PUT completes; polling immediately after starting an upload can return `NoSuchKey`.
        +* The key in the request does not match the uploaded object exactly. Keys are case-sensitive.
        +* The file was deleted or never uploaded.
        +
        +**Fix.** Wait for the upload request to return a 2xx before referencing the key. Re-check the exact spelling, case, and extension.
        +
        +## When to open a support ticket
        +
        +Include these details whenever you open a ticket:
        +
        +* The `x-request-id` header from the failing response.
        +* The exact HTTP method, URL, and a redacted copy of the request body.
        +* The response status and body.
        +* The workspace ID and the approximate timestamp (UTC).
        +
        +For product-specific troubleshooting (audio quality, WebSocket drops, transcript accuracy), see the feature-level pages:
        +
        +* [Pulse STT pre-recorded troubleshooting](/waves/documentation/speech-to-text-pulse/pre-recorded/troubleshooting)
        +* [Pulse STT realtime troubleshooting](/waves/documentation/speech-to-text-pulse/realtime-web-socket/troubleshooting)
        \ No newline at end of file
        --- target/scratch/nowhere/waves.json
        +++ the catalog
        @@ -0,0 +1,340 @@
        +{
        +  "cases": [
        +    {
        +      "aliases": [
        +        "invalid api key",
        +        "authorization",
        +        "bearer token"
        +      ],
        +      "causes": [],
        +      "code": null,
        +      "deprecated": null,
        +      "display": "401 Unauthorized: Missing or invalid Authorization header",
        +      "docs": "https://docs.smallest.ai/waves/documentation/troubleshooting/error-reference#401-unauthorized",
        +      "fixes": [
        +        {
        +          "check": "bearer-well-formed",
        +          "for": [],
        +          "id": "header-form",
        +          "text": "Confirm the header is `Authorization: Bearer <KEY>` with a single space and no quotes."
        +        },
        +        {
        +          "check": "browser-websocket-without-query-key",
        +          "for": [],
        +          "id": "browser-handshake",
        +          "text": "On WebSocket handshakes in browsers, custom headers aren't allowed. Use the `?token=<KEY>` query parameter instead where the endpoint supports it."
        +        },
        +        {
        +          "check": null,
        +          "for": [],
        +          "id": "rotated",
        +          "text": "Check the key has not been rotated in the [API Keys dashboard](https://app.smallest.ai/dashboard/api-keys). Rotated keys stop working immediately."
        +        },
        +        {
        +          "check": "key-well-formed",
        +          "for": [],
        +          "id": "key-form",
        +          "text": "Verify the key string starts with `sk_` and has no trailing whitespace."
        +        }
        +      ],
        +      "id": "unauthorized",
        +      "refines": null,
        +      "retry": null,
        +      "status": 401,
        +      "summary": "Missing or invalid `Authorization` header.",
        +      "title": "401 Unauthorized",
        +      "variant": "Unauthorized"
        +    },
        +    {
        +      "aliases": [
        +        "wrong workspace",
        +        "usage limit"
        +      ],
        +      "causes": [
        +        {
        +          "check": null,
        +          "for": [],
        +          "id": "other-workspace",
        +          "text": "Using a key from a different workspace. Each workspace has its own set of keys."
        +        },
        +        {
        +          "check": null,
        +          "for": [],
        +          "id": "other-product",
        +          "text": "Key scoped to a different product (for example, an Atoms key on a Waves TTS endpoint)."
        +        },
        +        {
        +          "check": null,
        +          "for": [],
        +          "id": "usage-limit",
        +          "text": "Trial or workspace usage limit reached."
        +        }
        +      ],
        +      "code": null,
        +      "deprecated": null,
        +      "display": "403 Forbidden: The key is valid but lacks permission for this resource",
        +      "docs": "https://docs.smallest.ai/waves/documentation/troubleshooting/error-reference#403-forbidden",
        +      "fixes": [
        +        {
        +          "check": null,
        +          "for": [
        +            "other-workspace",
        +            "other-product"
        +          ],
        +          "id": "workspace",
        +          "text": "Confirm the key was generated in the intended workspace at [app.smallest.ai/dashboard/api-keys](https://app.smallest.ai/dashboard/api-keys)."
        +        },
        +        {
        +          "check": null,
        +          "for": [
        +            "usage-limit"
        +          ],
        +          "id": "limits",
        +          "text": "If limits are the issue, upgrade the workspace or contact support."
        +        }
        +      ],
        +      "id": "forbidden",
        +      "refines": null,
        +      "retry": null,
        +      "status": 403,
        +      "summary": "The key is valid but lacks permission for this resource.",
        +      "title": "403 Forbidden",
        +      "variant": "Forbidden"
        +    },
        +    {
        +      "aliases": [
        +        "rate limit",
        +        "Retry-After"
        +      ],
        +      "causes": [],
        +      "code": null,
        +      "deprecated": null,
        +      "display": "429 Too Many Requests: The request exceeded the current rate limit",
        +      "docs": "https://docs.smallest.ai/waves/documentation/troubleshooting/error-reference#429-too-many-requests",
        +      "fixes": [
        +        {
        +          "check": null,
        +          "for": [],
        +          "id": "backoff",
        +          "text": "Retry with exponential backoff starting at 500 ms, doubling up to 30 s."
        +        },
        +        {
        +          "check": null,
        +          "for": [],
        +          "id": "retry-after",
        +          "text": "Respect the `Retry-After` header if present."
        +        },
        +        {
        +          "check": null,
        +          "for": [],
        +          "id": "raise-limit",
        +          "text": "For sustained higher throughput, contact support to raise the workspace limit."
        +        }
        +      ],
        +      "id": "too-many-requests",
        +      "refines": null,
        +      "retry": "rate-limit",
        +      "status": 429,
        +      "summary": "The request exceeded the current rate limit.",
        +      "title": "429 Too Many Requests",
        +      "variant": "TooManyRequests"
        +    },
        +    {
        +      "aliases": [],
        +      "causes": [],
        +      "code": null,
        +      "deprecated": null,
        +      "display": "500 Internal Server Error: A server-side issue",
        +      "docs": "https://docs.smallest.ai/waves/documentation/troubleshooting/error-reference#500-internal-server-error",
        +      "fixes": [
        +        {
        +          "check": null,
        +          "for": [],
        +          "id": "once",
        +          "text": "Retry once after a short delay."
        +        },
        +        {
        +          "check": null,
        +          "for": [],
        +          "id": "ticket",
        +          "text": "If it persists, file a support ticket and include the `x-request-id` value from the response headers so the server-side trace can be located."
        +        }
        +      ],
        +      "id": "internal-server-error",
        +      "refines": null,
        +      "retry": "once",
        +      "status": 500,
        +      "summary": "A server-side issue. Not caused by the request payload in most cases.",
        +      "title": "500 Internal Server Error",
        +      "variant": "InternalServerError"
        +    },
        +    {
        +      "aliases": [
        +        "missing object",
        +        "audio not found"
        +      ],
        +      "causes": [
        +        {
        +          "check": "upload-unfinished",
        +          "for": [],
        +          "id": "unfinished",
        +          "text": "Upload has not finished. The object key becomes available only after the PUT completes; polling immediately after starting an upload can return `NoSuchKey`."
        +        },
        +        {
        +          "check": "object-key-mismatch",
        +          "for": [],
        +          "id": "mismatch",
        +          "text": "The key in the request does not match the uploaded object exactly. Keys are case-sensitive."
        +        },
        +        {
        +          "check": null,
        +          "for": [],
        +          "id": "deleted",
        +          "text": "The file was deleted or never uploaded."
        +        }
        +      ],
        +      "code": "NoSuchKey",
        +      "deprecated": null,
        +      "display": "NoSuchKey (from pre-recorded uploads): The audio object referenced in the request does not exist in storage",
        +      "docs": "https://docs.smallest.ai/waves/documentation/troubleshooting/error-reference#nosuchkey-from-pre-recorded-uploads",
        +      "fixes": [
        +        {
        +          "check": null,
        +          "for": [
        +            "unfinished"
        +          ],
        +          "id": "wait",
        +          "text": "Wait for the upload request to return a 2xx before referencing the key."
        +        },
        +        {
        +          "check": null,
        +          "for": [
        +            "mismatch",
        +            "deleted"
        +          ],
        +          "id": "recheck",
        +          "text": "Re-check the exact spelling, case, and extension."
        +        }
        +      ],
        +      "id": "no-such-key",
        +      "refines": null,
        +      "retry": null,
        +      "status": null,
        +      "summary": "The audio object referenced in the request does not exist in storage. Most common on Pulse STT pre-recorded uploads.",
        +      "title": "`NoSuchKey` (from pre-recorded uploads)",
        +      "variant": "NoSuchKey"
        +    }
        +  ],
        +  "catalog": "waves",
        +  "checklists": [
        +    {
        +      "id": "ticket",
        +      "intro": "Include these details whenever you open a ticket:",
        +      "items": [
        +        {
        +          "collect": [
        +            "request-id"
        +          ],
        +          "text": "The `x-request-id` header from the failing response."
        +        },
        +        {
        +          "collect": [
        +            "method",
        +            "url",
        +            "request-body"
        +          ],
        +          "text": "The exact HTTP method, URL, and a redacted copy of the request body."
        +        },
        +        {
        +          "collect": [
        +            "status",
        +            "response-body"
        +          ],
        +          "text": "The response status and body."
        +        },
        +        {
        +          "collect": [
        +            "workspace",
        +            "time"
        +          ],
        +          "text": "The workspace ID and the approximate timestamp (UTC)."
        +        }
        +      ],
        +      "links": [
        +        {
        +          "address": "https://docs.smallest.ai/waves/documentation/speech-to-text-pulse/pre-recorded/troubleshooting",
        +          "text": "Pulse STT pre-recorded troubleshooting"
        +        },
        +        {
        +          "address": "https://docs.smallest.ai/waves/documentation/speech-to-text-pulse/realtime-web-socket/troubleshooting",
        +          "text": "Pulse STT realtime troubleshooting"
        +        }
        +      ],
        +      "outro": "For product-specific troubleshooting (audio quality, WebSocket drops, transcript accuracy), see the feature-level pages:"
        +    }
        +  ],
        +  "pages": [
        +    {
        +      "description": "HTTP status codes returned by Waves TTS and Pulse STT endpoints, with fixes for each.",
        +      "docs": "https://docs.smallest.ai/waves/documentation/troubleshooting/error-reference",
        +      "intro": "Every Waves REST and WebSocket endpoint returns standard HTTP status codes. Use this page to map a status code to its likely cause and fix. Covers both TTS (Lightning) and STT (Pulse).",
        +      "name": "error-reference",
        +      "sections": [
        +        {
        +          "cases": [
        +            "unauthorized",
        +            "forbidden",
        +            "too-many-requests",
        +            "internal-server-error"
        +          ],
        +          "checklist": null,
        +          "title": "Common API errors"
        +        },
        +        {
        +          "cases": [
        +            "no-such-key"
        +          ],
        +          "checklist": null,
        +          "title": "Storage and file errors"
        +        },
        +        {
        +          "cases": [],
        +          "checklist": "ticket",
        +          "title": "When to open a support ticket"
        +        }
        +      ],
        +      "title": "Error reference"
        +    }
        +  ],
        +  "policies": {
        +    "once": {
        +      "initial_ms": 500,
        +      "jitter": 0.25,
        +      "max_ms": 500,
        +      "max_retries": 1,
        +      "multiplier": 1.0,
        +      "retry_after": {
        +        "limit_ms": 120000,
        +        "respect": true
        +      },
        +      "text": "once, after 500 ms (less up to 25 % by chance); `Retry-After` is kept up to 2 min"
        +    },
        +    "rate-limit": {
        +      "initial_ms": 500,
        +      "jitter": 0.25,
        +      "max_ms": 30000,
        +      "max_retries": 5,
        +      "multiplier": 2.0,
        +      "retry_after": {
        +        "limit_ms": 120000,
        +        "respect": true
        +      },
        +      "text": "up to 5 times, after 500 ms, 1 s, 2 s, 4 s, 8 s (less up to 25 % by chance); `Retry-After` is kept up to 2 min"
        +    }
        +  },
        +  "reserved": {
        +    "codes": [],
        +    "ids": []
        +  },
        +  "schema": 1
        +}
    "#]],
        &expect![[r#"
        error: `target/scratch/nowhere`: No such file or directory (os error 2)
    "#]],
    );
}
