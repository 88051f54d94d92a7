//! The commands `diagnose`, `ticket` and `redact`, also with the output of curl.

use std::fs;
use std::process::Command;

use expect_test::expect;
use serde_json::{Value, json};
use waves_errors_tests::server::Server;
use waves_errors_tests::service::{KEY, respond};

use crate::cargo::root;
use crate::cli::{check, run};
use crate::cli_classify::piped;

fn exchange() -> String {
    json!({
        "id": "x", "now": "2026-11-22T14:00:00Z",
        "request": {
            "method": "POST", "url": format!("https://api.smallest.ai/waves/v1/tts?token={KEY}&model=lightning"),
            "headers": [["Authorization", format!("Bearer  \"{KEY}\"")], ["Content-Type", "application/json"]],
            "body": "{\"text\":\"Hello Jane.\",\"voice_id\":\"emily\"}",
        },
        "response": {"status": 401, "headers": [["x-request-id", "req_7f3a9c"]], "body": "{\"message\":\"Unauthorized\"}"},
    })
    .to_string()
}

#[test]
fn diagnose_as_text_and_json() {
    let (code, out, err) = piped(&["diagnose"], exchange().as_bytes());
    assert_eq!((code, err.as_str()), (0, ""));
    expect![[r#"
        401 Unauthorized: Missing or invalid Authorization header ("Unauthorized", request id req_7f3a9c)

        FOUND   Confirm the header is Authorization: Bearer <KEY> with a single space and no quotes.
                authorization: Bearer␣␣"sk_‹32 characters›" (2 spaces instead of one; quotes)
        ?       Check the key has not been rotated in the API Keys dashboard <https://app.smallest.ai/dashboard/api-keys>. Rotated keys stop working immediately.
                cannot tell without more information
        ok      Verify the key string starts with sk_ and has no trailing whitespace.
        n/a     On WebSocket handshakes in browsers, custom headers aren't allowed. Use the ?token=<KEY> query parameter instead where the endpoint supports it.
    "#]].assert_eq(&out);
    let (code, out, _) = piped(&["diagnose", "--format", "json"], exchange().as_bytes());
    let document: Value = serde_json::from_str(&out).unwrap();
    assert_eq!((code, &document["schema"], &document["case"]), (0, &json!(1), &json!("unauthorized")));
    let first = &document["findings"][0];
    assert_eq!((&first["step"], &first["verdict"]), (&json!("header-form"), &json!("confirmed")));
    assert!(first["text"].as_str().unwrap().starts_with("Confirm the header is `Authorization: Bearer <KEY>`"));
    assert_eq!(first["evidence"], "authorization: Bearer␣␣\"sk_‹32 characters›\" (2 spaces instead of one; quotes)");
}

#[test]
fn diagnose_without_findings_exits_1() {
    let (code, out, err) = piped(&["diagnose"], br#"{"response":{"status":409}}"#);
    assert_eq!((code, out.lines().count()), (1, 1));
    assert_eq!(err, "no documented cause can be checked\n");
    assert_eq!(piped(&["diagnose"], br#"{"response":{"status":200}}"#), (1, "not an error\n".into(), String::new()));
    assert_eq!(piped(&["diagnose"], b"what").0, 2);
    let two = format!("{}\n{{\"id\":2,\"response\":{{\"status\":409}}}}\n", exchange());
    let (code, out, _) = piped(&["diagnose", "--format", "json"], two.as_bytes());
    let ids: Vec<Value> = out.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()["id"].clone()).collect();
    assert_eq!((code, ids), (0, vec![json!("x"), json!(2)]));
}

#[test]
fn ticket_in_each_format() {
    let (code, out, err) = piped(&["ticket", "--workspace", "ws_42"], exchange().as_bytes());
    assert_eq!(code, 0);
    expect![[r##"
        # 401 Unauthorized: Missing or invalid Authorization header ("Unauthorized", request id req\_7f3a9c)

        Include these details whenever you open a ticket:

        - The `x-request-id` header from the failing response.
          - request id: `req_7f3a9c`
        - The exact HTTP method, URL, and a redacted copy of the request body.
          - method: `POST`
          - URL: `https://api.smallest.ai/waves/v1/tts?token=‹35 characters›&model=lightning`
          - request body: `{"text":"‹11 characters›","voice_id":"emily"}`
        - The response status and body.
          - status: `401`
          - response body: `{"message":"Unauthorized"}`
        - The workspace ID and the approximate timestamp (UTC).
          - workspace: `ws_42`
          - time: `2026-11-22 14:00:00 UTC`
        ---
        kept: request id, method, URL, request body, status, response body, workspace, time
        redacted: content text, field token
    "##]]
    .assert_eq(&format!("{out}---\n{err}"));
    let (_, out, _) = piped(&["ticket", "--format", "text"], exchange().as_bytes());
    expect![[r#"
        401 Unauthorized: Missing or invalid Authorization header ("Unauthorized", request id req_7f3a9c)
        request id: req_7f3a9c
        method: POST
        URL: https://api.smallest.ai/waves/v1/tts?token=‹35 characters›&model=lightning
        request body: {"text":"‹11 characters›","voice_id":"emily"}
        status: 401
        response body: {"message":"Unauthorized"}
        workspace: missing: see the dashboard
        time: 2026-11-22 14:00:00 UTC
    "#]]
    .assert_eq(&out);
    let (_, out, _) = piped(&["ticket", "--format", "json"], exchange().as_bytes());
    let document: Value = serde_json::from_str(&out).unwrap();
    assert_eq!((&document["schema"], &document["missing"]), (&json!(1), &json!(["workspace"])));
    assert_eq!(document["items"][0]["collected"][0], json!({"what": "request-id", "value": "req_7f3a9c"}));
}

#[test]
fn ticket_names_missing_items_and_strict_exits_1() {
    let response = b"HTTP/1.1 500 Oops\r\n\r\n{\"error\":\"Internal server error\"}";
    let (code, out, err) = piped(&["ticket", "--strict"], response);
    assert_eq!(code, 1);
    assert!(out.contains("request id: missing: not in the response"), "{out}");
    expect![[r#"
        kept: status, response body
        redacted: nothing
        missing: request id, method, URL, request body, workspace, time
    "#]]
    .assert_eq(&err);
    assert_eq!(piped(&["ticket"], response).0, 0);
    let folder = root().join("target/scratch/ticket");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("request.json"), r#"{"text":"secret words","voice_id":"emily"}"#).unwrap();
    fs::write(folder.join("all.json"), exchange()).unwrap();
    let body = folder.join("request.json");
    let arguments = [
        "ticket",
        "--strict",
        "--workspace",
        "ws_42",
        "--request-body",
        body.to_str().unwrap(),
        "--at",
        "2026-11-22T15:00:00+01:00",
    ];
    let (code, out, _) = run(&[&arguments[..], &[folder.join("all.json").to_str().unwrap()]].concat());
    assert_eq!(code, 0);
    assert!(
        out.contains("time: `2026-11-22 14:00:00 UTC`")
            && out.contains("‹12 characters›")
            && !out.contains("secret words"),
        "{out}"
    );
}

#[test]
fn usage_errors_exit_2() {
    check(
        &["ticket", "--at", "yesterday", "Cargo.toml"],
        2,
        &expect![[""]],
        &expect![[r#"
            error: invalid time for --at; write it as in 2026-11-22T14:00:00Z
        "#]],
    );
    check(
        &["ticket", "--request-body", "no/such/file", "Cargo.toml"],
        2,
        &expect![[""]],
        &expect![[r#"
            error: cannot read `no/such/file`: No such file or directory (os error 2)
        "#]],
    );
    check(
        &["redact", "--content-type", "x", "Cargo.toml"],
        2,
        &expect![[""]],
        &expect![[r#"
            error: --content-type requires `--as body`
        "#]],
    );
    let (code, _, err) = piped(&["ticket", "--input", "jsonl"], b"{}\n{}");
    assert_eq!((code, err.as_str()), (2, "error: expected one exchange, found JSON lines\n"));
    let (code, _, err) = piped(&["ticket", "--catalog", "tests/data/ledger.toml"], exchange().as_bytes());
    assert_eq!((code, err.as_str()), (2, "error: no checklist in the catalog `ledger`\n"));
}

#[test]
fn redact_handles_logs_headers_and_private_keys() {
    let log = format!("GET /tts?token={KEY}&language=en\r\nAuthorization: Bearer {KEY}\nno secret here");
    let (code, out, err) = piped(&["redact"], log.as_bytes());
    assert_eq!((code, err.as_str()), (0, "redacted: field Authorization (1), field token (1)\n"));
    assert_eq!(
        out,
        "GET /tts?token=‹35 characters›&language=en\r\nAuthorization: Bearer ‹35 characters›\nno secret here"
    );
    let headers = format!("x-request-id: req_1\nX-Api-Key: {KEY}\nnot a header");
    let (_, out, err) = piped(&["redact", "--as", "header"], headers.as_bytes());
    assert_eq!(out, "x-request-id: req_1\nX-Api-Key: ‹35 characters›\nnot a header");
    assert_eq!(err, "redacted: header x-api-key\n");
    assert_eq!(piped(&["redact"], b"nothing").2, "redacted: nothing\n");
    // A long log that ends with a private key on several lines.
    let lines = format!(
        "{}-----BEGIN PRIVATE KEY-----\n{}-----END PRIVATE KEY-----\n",
        "a line of a log\n".repeat(100_000),
        "MIIJRAIBADANBgkq\n".repeat(40)
    );
    let (code, out, _) = piped(&["redact"], lines.as_bytes());
    assert!(code == 0 && !out.contains("MIIJRA") && out.starts_with("a line of a log\n") && out.len() > 1_600_000);
}

#[test]
fn terminal_as_standard_input_prints_help() {
    let program = crate::cargo::command_line().get_program().to_str().unwrap().to_owned();
    for command in ["classify", "diagnose", "ticket", "redact"] {
        // `script` provides a terminal as standard input.
        let line = format!("{program} {command}");
        let output =
            Command::new("script").args(["-qec", &line, "/dev/null"]).stdin(std::process::Stdio::null()).output();
        let output = output.unwrap();
        let printed = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(printed.contains(&format!("Usage: waves-errors {command}")), "{printed}");
        assert_eq!(output.status.code(), Some(2));
    }
}

/// Sends a request to the server of the quickstart with curl. Returns its output.
fn curl(server: &Server, arguments: &[&str], path: &str) -> Vec<u8> {
    let script = "exec curl -sv \"$@\" 2>&1";
    let url = server.url(path);
    let output = Command::new("sh").args(["-c", script, "sh"]).args(arguments).arg(&url).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    output.stdout
}

#[tokio::test(flavor = "multi_thread")]
async fn curl_output_is_diagnosed_and_redacted_in_tickets() {
    let server = Server::start(respond).await.unwrap();
    let header = format!("Authorization: Bearer  '{KEY}'");
    let body = r#"{"text":"Hello Jane."}"#;
    let printed =
        tokio::task::block_in_place(|| curl(&server, &["-H", &header, "-d", body], "/waves/v1/tts?model=lightning"));
    assert!(String::from_utf8_lossy(&printed).contains(KEY), "curl prints the key");
    let (code, out, err) = piped(&["diagnose"], &printed);
    assert_eq!((code, err.as_str()), (0, ""), "{out}");
    assert!(
        out.starts_with("401 Unauthorized: ")
            && out.contains("FOUND   Confirm the header is Authorization: Bearer <KEY> "),
        "{out}"
    );
    assert!(out.contains("Bearer␣␣'sk_‹32 characters›' (2 spaces instead of one; quotes)"), "{out}");
    let (code, ticket, err) = piped(&["ticket", "--workspace", "ws_42"], &printed);
    assert!(
        code == 0 && ticket.contains("request id: `req_7f3a9c`") && ticket.contains("workspace: `ws_42`"),
        "{ticket}"
    );
    assert!(ticket.contains("/waves/v1/tts?model=lightning`") && ticket.contains("method: `POST`"), "{ticket}");
    assert!(err.contains("missing: request body"), "{err}");
    for text in [out, ticket, err, piped(&["redact"], &printed).1] {
        assert!(!text.contains(&KEY[3..9]), "{text}");
    }

    // A request with `-i` and without a key, and a request to the storage.
    let without_key = tokio::task::block_in_place(|| curl(&server, &["-i"], "/waves/v1/pulse/get_text"));
    let (code, out, _) = piped(&["diagnose"], &without_key);
    assert!(code == 0 && out.contains("no header `authorization`"), "{out}");
    let correct_header = format!("Authorization: Bearer {KEY}");
    let storage = tokio::task::block_in_place(|| curl(&server, &["-H", &correct_header], "/bucket/calls/a.WAV"));
    assert_eq!(piped(&["classify"], &storage).1, "no-such-key (by code); no retry: this error is not retryable\n");
    // A request without a mistake has no confirmed cause.
    let without_mistake =
        tokio::task::block_in_place(|| curl(&server, &["-H", &correct_header], "/waves/v1/voice-cloning"));
    let (code, out, _) = piped(&["diagnose"], &without_mistake);
    assert!(code == 1 && !out.contains("FOUND"), "{out}");
}
