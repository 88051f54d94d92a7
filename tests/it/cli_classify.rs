//! The command `classify`: recorded responses, input formats and invalid input.

use std::fs;
use std::io::{ErrorKind, Write};
use std::process::{Output, Stdio};

use expect_test::expect;
use serde_json::{Value, json};

use crate::cargo::{command_line, root};
use crate::classify::expected;
use crate::cli::{check, run};
use crate::data::{lines, path};

/// Runs the command line with this standard input. Returns the exit code, stdout and stderr.
pub(crate) fn piped(arguments: &[&str], input: &[u8]) -> (i32, String, String) {
    let mut command = command_line();
    command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_vec();
    let writing = std::thread::spawn(move || stdin.write_all(&input));
    let Output { status, stdout, stderr } = child.wait_with_output().unwrap();
    // A command that has already finished may leave input unread.
    if let Err(error) = writing.join().unwrap() {
        assert_eq!(error.kind(), ErrorKind::BrokenPipe);
    }
    (status.code().unwrap(), String::from_utf8(stdout).unwrap(), String::from_utf8(stderr).unwrap())
}

fn documents(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn recorded_samples_match_expected_cases() {
    let samples = lines("waves-failures.jsonl");
    let file = path("data/waves-failures.jsonl");
    let (code, out, err) = run(&["classify", file.to_str().unwrap(), "--input", "jsonl", "--format", "json"]);
    assert_eq!((code, err.as_str()), (0, ""));
    let results = documents(&out);
    assert_eq!(results.len(), samples.len());
    for (sample, result) in samples.iter().zip(&results) {
        assert_eq!(result["id"], sample["id"]);
        assert!(expected(sample).contains(&result["case"].as_str()), "{result}");
    }
    // The input format is detected. A single line has the same result.
    assert_eq!(piped(&["classify", "--format", "json"], &fs::read(&file).unwrap()).1, out);
    for (sample, result) in samples.iter().zip(results).take(5) {
        let (code, output, _) = piped(&["classify", "--format", "json"], sample.to_string().as_bytes());
        assert_eq!((code, documents(&output)), (0, vec![result]));
    }
}

#[test]
fn json_output_has_all_fields() {
    let exchange = json!({
        "id": {"any": 1},
        "now": "2026-11-22T14:00:00Z",
        "request": {"method": "POST", "url": "https://host/?token=sk_4f3c2b1a4f3c2b1a", "headers": [["x-secret", "hunter2hunter2"]]},
        "response": {
            "status": 429,
            "headers": [["Retry-After", "Sun, 22 Nov 2026 14:00:02 GMT"], ["x-request-id", "req_1"]],
            "body": {"base64": "eyJtZXNzYWdlIjoiYnVzeSwgaHVudGVyMmh1bnRlcjIifQ=="},
        },
    });
    let (code, out, _) = piped(&["classify", "-", "--format", "json"], exchange.to_string().as_bytes());
    let wanted = json!({
        "schema": 1, "id": {"any": 1}, "case": "too-many-requests", "variant": "TooManyRequests", "matched_by": "status",
        "status": 429, "code": null, "message": "busy, ‹14 characters›", "request_id": "req_1",
        "retry_after": {"delay_ms": 2000}, "retry": {"decision": "retry", "delay_ms": 2000, "source": "retry-after"},
        "docs": "https://docs.smallest.ai/waves/documentation/troubleshooting/error-reference#429-too-many-requests",
    });
    assert_eq!((code, documents(&out)), (0, vec![wanted]));

    let (code, out, _) = piped(&["classify", "--format", "json"], br#"{"response":{"status":418}}"#);
    let wanted = json!({
        "schema": 1, "id": null, "case": null, "variant": null, "matched_by": null, "status": 418, "code": null,
        "message": null, "request_id": null, "retry_after": null, "retry": {"decision": "stop", "reason": "not-retryable"},
        "docs": null,
    });
    assert_eq!((code, documents(&out)), (1, vec![wanted]));
}

#[test]
fn retry_after_vectors_give_expected_delays() {
    let vectors: Vec<_> =
        lines("retry-vectors.jsonl").into_iter().filter(|vector| vector["kind"] == "retry_after").collect();
    let exchanges: String = vectors
        .iter()
        .map(|vector| {
            let response = json!({"status": 429, "headers": vector["headers"]});
            format!("{}\n", json!({"id": vector["id"], "now": vector["now"], "response": response}))
        })
        .collect();
    let (code, out, _) = piped(&["classify", "--input", "jsonl", "--format", "json"], exchanges.as_bytes());
    assert_eq!(code, 0);
    let results = documents(&out);
    assert_eq!((results.len(), vectors.len()), (41, 41));
    for (vector, result) in vectors.iter().zip(results) {
        let wanted = match vector["expect"].as_str() {
            // Delays above the policy's limit count as "over the cap" too.
            Some("over_cap") if result["retry_after"]["delay_ms"].as_u64().is_some_and(|ms| ms > 120_000) => continue,
            Some("over_cap") => json!("too-long"),
            Some("ignored") if result["retry_after"].is_null() => Value::Null,
            _ => vector["expect"].clone(),
        };
        assert_eq!(result["retry_after"], wanted, "{vector}");
    }
}

#[test]
fn recorded_http_responses_match_expected_cases() {
    let case = |name: &str| {
        let (code, out, err) = run(&["classify", &format!("tests/data/http/{name}")]);
        assert_eq!((code, err.as_str()), (0, ""), "{out}");
        out
    };
    expect![[r#"
        no-such-key (by code); no retry: this error is not retryable
        not-found (by status); no retry: this error is not retryable
        too-many-requests (by status); retry in 500 ms (backoff)
        no-such-key (by code); no retry: this error is not retryable
        unauthorized (by code); no retry: this error is not retryable; request id req_ws_2
    "#]]
    .assert_eq(
        &[
            "moto-5.2.5.get-missing.http",
            "moto-5.2.5.head-missing.http",
            "nginx-1.22.1.limit_req-429-default.http",
            "s3s-fs-0.14.1.get-missing.http",
            "tokio-tungstenite-0.30.0.ws-401.http",
        ]
        .map(case)
        .concat(),
    );
}

#[test]
fn unlisted_errors_and_successes_exit_1() {
    let classified = |input: &str| {
        let (code, out, err) = piped(&["classify"], input.as_bytes());
        assert_eq!((code, err.as_str()), (1, ""));
        out
    };
    expect![[r#"
        status 418, not listed in the catalog `waves` ("short and stout")
        not an error
        not an error
    "#]]
    .assert_eq(
        &["HTTP/2 418\n\nshort and stout", "HTTP/1.1 206 Partial Content\r\n\r\n", r#"{"close":{"code":1000}}"#]
            .map(classified)
            .concat(),
    );
}

#[test]
fn bare_frames_and_bodies_are_classified() {
    let note = "read as a WebSocket frame; for the body of a response, add --status\n";
    let frame = r#"{"status":"error","error_code":"rate_limit_exceeded","message":"Rate limit exceeded"}"#;
    let (code, out, err) = piped(&["classify"], frame.as_bytes());
    assert_eq!((code, err.as_str()), (0, note));
    assert!(out.starts_with("too-many-requests (by code)"), "{out}");
    // Frames with keys that an exchange has as well.
    for frame in [
        r#"{"id":"1","status":"ok"}"#,
        r#"{"type":"response.done","response":{"id":"r"}}"#,
        r#"{"type":"response.created","response":{"status":"in_progress","headers":[]}}"#,
    ] {
        let (code, out, err) = piped(&["classify"], frame.as_bytes());
        assert_eq!((code, out.as_str(), err.as_str()), (1, "not an error\n", note), "{frame}");
    }
    for (status, body, expected) in [
        ("404", r#"{"message":"Not found"}"#, "not-found (by status)"),
        ("500", r#"{"error":"Failed","error_code":"voice_clone_error"}"#, "voice-clone-error (by code)"),
        ("404", "<Error><Code>NoSuchKey</Code></Error>", "no-such-key (by code)"),
        ("502", "<html>Bad Gateway</html>", "service-unavailable (by status)"),
        ("429", "", "too-many-requests (by status)"),
        ("400", r#"{"request":{"method":"a key of the API"}}"#, "invalid-request (by status)"),
    ] {
        let (code, out, err) = piped(&["classify", "--status", status], body.as_bytes());
        assert_eq!((code, err.as_str()), (0, ""), "{body}");
        assert!(out.starts_with(expected), "{body}: {out}");
    }
    assert_eq!(piped(&["classify", "--status", "404", "--input", "http"], b"HTTP/1.1 404\n\n").0, 2);
    assert_eq!(piped(&["classify", "--status", "99"], b"").0, 2);
}

#[test]
fn invalid_input_exits_2_and_valid_lines_are_classified() {
    let stderr = |input: &[u8], arguments: &[&str]| {
        let (code, out, err) = piped(&[&["classify"], arguments].concat(), input);
        assert_eq!((code, out.as_str()), (2, ""), "{err}");
        err
    };
    let json = ["--input", "json"];
    let all = [
        stderr(b"", &[]),
        stderr(b"hello", &[]),
        stderr(b"\xff\xfe", &[]),
        stderr(b"HTTP/1.1 nothing", &[]),
        stderr(b"{\"response\":", &[]),
        stderr(b"[]", &json),
        stderr(br#"{"response":{"status":"429"}}"#, &[]),
        stderr(br#"{"response":{"status":99}}"#, &[]),
        stderr(br#"{"response":{"headers":{"a":"b"}}}"#, &[]),
        stderr(br#"{"response":{"body":{"base64":"?"}}}"#, &[]),
        stderr(br#"{"now":"yesterday"}"#, &json),
        stderr(br#"{"io":"gone"}"#, &[]),
        stderr(br#"{"transport":"pigeon"}"#, &json),
        stderr(br#"{"close":{"reason":"x"}}"#, &[]),
        stderr(b"x", &["no/such/file"]),
    ];
    expect![[r#"
        error: unknown input format: an HTTP response starts with `HTTP/`, the output of `curl -v` with `*`, JSON with `{`; set the format with --input, or pass the status of a body with --status; `explain` finds the case of an error message
        error: unknown input format: an HTTP response starts with `HTTP/`, the output of `curl -v` with `*`, JSON with `{`; set the format with --input, or pass the status of a body with --status; `explain` finds the case of an error message
        error: unknown input format: an HTTP response starts with `HTTP/`, the output of `curl -v` with `*`, JSON with `{`; set the format with --input, or pass the status of a body with --status; `explain` finds the case of an error message
        error: invalid status line: the status must be a number from 100 to 999
        error: invalid JSON: EOF while parsing a value at line 1 column 12
        error: expected a JSON object
        error: `status` must be a number from 100 to 999
        error: `status` must be a number from 100 to 999
        error: `headers` must be a list of [name, value]
        error: invalid base64 in `body`: invalid length at 0
        error: `now` must be a time such as "2026-11-22T14:00:00Z"
        error: `io` must be one of "connect", "timeout", "tls", "interrupted", "refused"
        error: `transport` must be one of "http", "websocket", "browser-websocket"
        error: missing `close.code`
        error: cannot read `no/such/file`: No such file or directory (os error 2)
    "#]].assert_eq(&all.concat());

    let (code, out, err) =
        piped(&["classify", "--input", "jsonl"], b"{\"close\":{\"code\":1013}}\n\nnonsense\n{\"io\":\"timeout\"}");
    assert_eq!((code, out.lines().count()), (2, 2));
    expect![[r#"
        line 3: invalid JSON: expected ident at line 1 column 2
        error: cannot read 1 line
    "#]]
    .assert_eq(&err);
}

#[test]
fn catalog_option_selects_another_catalog() {
    let folder = root().join("target/scratch/classify");
    fs::create_dir_all(&folder).unwrap();
    let file = folder.join("own.toml");
    fs::write(&file, "schema = 1\n[catalog]\nid = \"own\"\n[case.tea]\nstatus = 418\nsummary = \"Tea.\"\n").unwrap();
    let (code, out, _) = piped(&["classify", "--catalog", file.to_str().unwrap()], b"HTTP/1.1 418 Tea\r\n\r\n");
    assert_eq!((code, out.as_str()), (0, "tea (by status); no retry: this error is not retryable\n"));
}

#[test]
fn help_documents_the_input_formats() {
    check(
        &["classify", "--input", "telegram"],
        2,
        &expect![[""]],
        &expect![[r#"
            error: invalid value 'telegram' for '--input <INPUT>'
              [possible values: auto, http, curl, har, json, jsonl]

            For more information, try '--help'.
        "#]],
    );
    assert!(run(&["classify", "--help"]).1.contains("\"close\": {\"code\": 1013"));
}

#[test]
fn explanation_shows_conditions_that_hold_and_fail() {
    let explain = |arguments: &[&str], input: &str| {
        let (_, out, err) = piped(&[&["classify", "--explain"], arguments].concat(), input.as_bytes());
        assert_eq!(err, "");
        out
    };
    // Contradicting evidence: a 429 with a code of authentication.
    let body = r#"{"error":{"code":"invalid_api_key","message":"No"}}"#;
    expect![[r#"
        unauthorized (by code); no retry: this error is not retryable
          failure    status 429
          failure    failed-when has = "/error/message"
          failure    failed-when has = "/error/code", not = { json."/error/code" = ["", "0"] }, not = { json."/status" = ["200", "206", "ok", "success"] }
          matched    unauthorized: code = "invalid_api_key"
          outranked  too-many-requests: status = 429; the matched case takes precedence
          no match   not-connected: status = 429; but not method = "CONNECT"
          no match   concurrency-limit: status = 429; but not text = "concurrency limit"
    "#]]
    .assert_eq(&explain(&["--status", "429"], body));
    expect![[r#"
        a storage error with status 503, not listed in the catalog `waves` (code SlowDown)
          failure    status 503
          failure    error document of a storage service
          ignored    service-unavailable: status = 503; errors of other services match only by code
          no match   not-connected: status = 503; but not method = "CONNECT"
    "#]]
    .assert_eq(&explain(&["--status", "503"], "<Error><Code>SlowDown</Code></Error>"));
    let json: Value = serde_json::from_str(&explain(&["--status", "404", "--format", "json"], "")).unwrap();
    assert_eq!(
        json["explain"][0],
        serde_json::json!({ "case": "not-found", "verdict": "matched", "conditions": [{ "condition": "status = 404", "holds": true }] })
    );
}

/// Contradicting and odd evidence: the verdict is the most specific true statement, and the explanation has the reasons.
#[test]
fn explanation_has_the_signs_of_a_failure() {
    let mut all = String::new();
    for (arguments, input) in [
        (&["--status", "200"][..], r#"{"status":"error","error_code":"rate_limit_exceeded"}"#),
        (&["--status", "200"], r#"{"status":"success"}"#),
        (&["--status", "500"], ""),
        (&["--status", "600"], ""),
        (&["--status", "999"], ""),
        (&[], r#"{"close":{"code":1000,"reason":""}}"#),
        // A frame before the close, and one whose code contradicts it.
        (&[], r#"{"frame":"{\"status\":\"error\",\"code\":\"server_full\"}","close":{"code":1013}}"#),
        (
            &[],
            r#"{"frame":"{\"status\":\"error\",\"code\":\"invalid_voice\"}","close":{"code":1008,"reason":"rate_limit_exceeded"}}"#,
        ),
        // The last response counts.
        (&[], "HTTP/2 500\n\nboom\nHTTP/2 200\nx: y\n\n{}"),
        (&[], "HTTP/2 200\n\n{}\nHTTP/2 404\nx: y\n\n"),
        (&[], r#"{"log":{"entries":[{"request":{"url":"https://h/"},"response":{"status":204}}]}}"#),
    ] {
        let (_, out, err) = piped(&[&["classify", "--explain"], arguments].concat(), input.as_bytes());
        all.push_str(&format!("{err}{out}\n"));
    }
    expect![[r#"
        too-many-requests (by code); retry in 500 ms (backoff)
          failure    failed-when json."/status" = ["400", "401", "402", "403", "404", "408", "409", "410", …]
          failure    failed-when has = "/error_code", not = { json."/error_code" = ["", "0"] }, not = { json."/status" = ["200", "206", "ok", "success"] }
          matched    too-many-requests: code = "rate_limit_exceeded"

        not an error
          no sign of a failure: no transport error, no status of 400 or above, no close code other than 1000, and no condition of `failed-when` matches

        internal-server-error (by status); retry in 500 ms (backoff)
          failure    status 500
          matched    internal-server-error: status = 500
          no match   not-connected: status = 500; but not method = "CONNECT"

        status 600, not listed in the catalog `waves`
          failure    status 600

        status 999, not listed in the catalog `waves`
          failure    status 999

        not an error
          no sign of a failure: no transport error, no status of 400 or above, no close code other than 1000, and no condition of `failed-when` matches

        server-full (by code); retry in 1 s (backoff)
          failure    close 1013
          failure    failed-when json."/status" = ["400", "401", "402", "403", "404", "408", "409", "410", …]
          matched    server-full: code = "server_full"
          outranked  server-full: close = 1013; the matched case takes precedence
          no match   concurrency-limit: reason = ""; but not close = 1008

        invalid-request (by code); no retry: this error is not retryable
          failure    close 1008
          failure    failed-when json."/status" = ["400", "401", "402", "403", "404", "408", "409", "410", …]
          matched    invalid-request: code = "invalid_voice"
          outranked  too-many-requests: reason = "rate_limit_exceeded"; the matched case takes precedence
          no match   unauthorized: close = 1008; but not text = "unauthorized"
          no match   unauthorized: close = 1008; but not text = "invalid api key"
          no match   forbidden: close = 1008; but not text = "forbidden"
          no match   too-many-requests: close = 1008; but not text = "rate limit"
          no match   too-many-requests: close = 1008; but not text = "too many requests"
          no match   concurrency-limit: close = 1008; but not reason = ""
          no match   concurrency-limit: close = 1008; but not text = "concurrency limit"
          no match   concurrency-limit: close = 1008; but not text = "concurrency limit", text = "rate limit"

        read the last of 2 responses
        not an error
          no sign of a failure: no transport error, no status of 400 or above, no close code other than 1000, and no condition of `failed-when` matches

        read the last of 2 responses
        not-found (by status); no retry: this error is not retryable
          failure    status 404
          matched    not-found: status = 404
          no match   not-connected: status = 404; but not method = "CONNECT"

        not an error
          no sign of a failure: no transport error, no status of 400 or above, no close code other than 1000, and no condition of `failed-when` matches

    "#]].assert_eq(&all);
    for (status, error) in
        [("0", "0 is not in 100..=999"), ("99", "99 is not in 100..=999"), ("1000", "1000 is not in 100..=999")]
    {
        let (code, _, err) = piped(&["classify", "--status", status], b"");
        assert!(code == 2 && err.contains(error), "{err}");
    }
    for (input, error) in [
        ("HTTP/1.1 000 None\n\n", "invalid status line: the status must be a number from 100 to 999"),
        (r#"{"response":{"status":99}}"#, "`status` must be a number from 100 to 999"),
        (r#"{"log":{"entries":[]}}"#, "no entry with a response in the log"),
    ] {
        let (code, _, err) = piped(&["classify", "--explain"], input.as_bytes());
        assert!(code == 2 && err.contains(error), "{err}");
    }
}

#[test]
fn keys_and_escapes_in_ids_and_queries_are_not_printed() {
    let key = "sk_0123456789abcdef0123456789abcdef";
    for (arguments, input) in [
        (
            &["explain", "error sending request for url (https://h/?token=sk_0123456789abcdef0123456789abcdef)"][..],
            String::new(),
        ),
        (&["retry", "Bearer sk_0123456789abcdef0123456789abcdef"], String::new()),
        (&["classify"], format!("HTTP/1.1 {key}\n")),
        (&["classify"], format!(r#"{{"id":"{key}","response":{{"status":429}}}}"#)),
        (&["classify", "--format", "json"], format!(r#"{{"id":{{"{key}":["{key}"]}},"response":{{"status":429}}}}"#)),
        (
            &["diagnose", "--input", "jsonl", "--format", "json"],
            format!(r#"{{"id":"{key}","response":{{"status":429}}}}"#),
        ),
        (&["retry", "--replay", "-", "--format", "json"], format!(r#"{{"id":"{key}","response":{{"status":429}}}}"#)),
    ] {
        let (_, out, err) = piped(arguments, input.as_bytes());
        assert!(!out.is_empty() || !err.is_empty());
        for window in key.as_bytes().windows(8) {
            let window = std::str::from_utf8(window).unwrap();
            assert!(!out.contains(window) && !err.contains(window), "{arguments:?}: {out}{err}");
        }
    }
    let (_, out, _) = piped(&["classify"], r#"{"id":{"a":"\u009b31m\u202e"},"response":{"status":429}}"#.as_bytes());
    assert!(!out.contains(['\u{9b}', '\u{202e}']) && out.starts_with(r#"{"a":""#), "{out}");
}
