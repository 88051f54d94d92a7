//! The command `explain`: standard output, standard error and exit codes.

use std::process::{Output, Stdio};

use expect_test::{Expect, expect};

use crate::cargo::command_line;

/// Runs the command line. Returns the exit code, stdout and stderr.
pub(crate) fn run(arguments: &[&str]) -> (i32, String, String) {
    let Output { status, stdout, stderr } = command_line().args(arguments).stdin(Stdio::null()).output().unwrap();
    (status.code().unwrap(), String::from_utf8(stdout).unwrap(), String::from_utf8(stderr).unwrap())
}

#[track_caller]
pub(crate) fn check(arguments: &[&str], code: i32, stdout: &Expect, stderr: &Expect) {
    let (actual, out, err) = run(arguments);
    stdout.assert_eq(&out);
    stderr.assert_eq(&err);
    assert_eq!(actual, code);
}

#[test]
fn explain_prints_list_and_cases_in_each_format() {
    check(
        &["explain"],
        0,
        &expect![[r#"
            401  unauthorized           Missing or invalid Authorization header.
            403  forbidden              The key is valid but lacks permission for this resource.
            429  too-many-requests      The request exceeded the current rate limit.
            500  internal-server-error  A server-side issue.
            -    no-such-key            The audio object referenced in the request does not exist in storage.
            400  invalid-request        The endpoint rejected a parameter, the audio or the body of the request.
            -    content-filtered       The service does not synthesize or process this content.
            413  payload-too-large      The audio or the body is larger than the endpoint accepts.
            404  not-found              The URL or the resource does not exist.
            409  conflict               The request conflicts with the current state: the resource is in use or already exists.
            410  model-retired          The model or the endpoint is permanently retired.
            -    region-not-enabled     The language is not enabled in the region of the response.
            402  insufficient-credits   The workspace has too few credits for this request.
            -    insufficient-quota     The quota of the workspace is used up.
            -    license-expired        The license of the on-premises service has expired.
            -    plan-limit             The workspace's plan does not include the requested feature, or its quota is used up.
            -    storage-access-denied  The storage service denies access to the audio.
            503  service-unavailable    The service, or a part of it, is temporarily unavailable.
            408  request-timeout        The request did not arrive in time, arrived too early, or was abandoned by the client.
            -    operation-timeout      The service cancelled an operation that took too long.
            -    voice-clone-error      The voice could not be cloned from this sample.
            -    tool-response-timeout  The program did not send the result of a tool call in time.
            -    not-connected          The connection could not be established: nothing was sent.
            -    not-processed          The request was refused before it was processed.
            -    no-answer              The request was sent, but no complete response arrived.
            -    gateway-refusal        A gateway in front of the service refused the request.
            -    concurrency-limit      The workspace has more open sockets than its limit allows.
            -    server-full            The server has no capacity for another session.
            -    idle-timeout           The service closed a socket that was idle for too long.
            -    connection-lost        The socket closed before the conversation was complete.
        "#]],
        &expect![[""]],
    );
    check(
        &["explain", "403"],
        0,
        &expect![[r#"
            403 Forbidden

            The key is valid but lacks permission for this resource.

            Common causes.

              - Using a key from a different workspace. Each workspace has its own set of keys.
              - Key scoped to a different product (for example, an Atoms key on a Waves TTS endpoint).
              - Trial or workspace usage limit reached.

            Fix. Confirm the key was generated in the intended workspace at app.smallest.ai/dashboard/api-keys. If limits are the issue, upgrade the workspace or contact support.

            Retry. Never.

            Page. 403 Forbidden <https://docs.smallest.ai/waves/documentation/troubleshooting/error-reference#403-forbidden>

            Names. Catalog id: forbidden. Rust variant: Forbidden.
        "#]],
        &expect![[""]],
    );
    check(
        &["explain", "--format", "markdown", "no-such-key"],
        0,
        &expect![[r#"
            # `NoSuchKey` (from pre-recorded uploads)

            The audio object referenced in the request does not exist in storage. Most common on Pulse STT pre-recorded uploads.

            **Common causes.**

            - Upload has not finished. The object key becomes available only after the PUT completes; polling immediately after starting an upload can return `NoSuchKey`.
            - The key in the request does not match the uploaded object exactly. Keys are case-sensitive.
            - The file was deleted or never uploaded.

            **Fix.** Wait for the upload request to return a 2xx before referencing the key. Re-check the exact spelling, case, and extension.

            **Retry.** Never.

            **Page.** [`NoSuchKey` (from pre-recorded uploads)](https://docs.smallest.ai/waves/documentation/troubleshooting/error-reference#nosuchkey-from-pre-recorded-uploads)

            **Names.** Catalog id: `no-such-key`. Rust variant: `NoSuchKey`.
        "#]],
        &expect![[""]],
    );
    check(
        &["explain", "--format", "json", "InternalServerError"],
        0,
        &expect![[r#"
            {
              "cases": [
                {
                  "aliases": [],
                  "causes": [],
                  "code": null,
                  "deprecated": null,
                  "display": "500 Internal Server Error: A server-side issue",
                  "docs": "https://docs.smallest.ai/waves/documentation/troubleshooting/error-reference#500-internal-server-error",
                  "fixes": [
                    {
                      "check": null,
                      "for": [],
                      "id": "once",
                      "text": "Retry once after a short delay."
                    },
                    {
                      "check": null,
                      "for": [],
                      "id": "ticket",
                      "text": "If it persists, file a support ticket and include the `x-request-id` value from the response headers so the server-side trace can be located."
                    }
                  ],
                  "id": "internal-server-error",
                  "match": [
                    {
                      "status": [
                        500
                      ]
                    },
                    {
                      "code": "internal_error"
                    },
                    {
                      "code": "internal_server_error"
                    },
                    {
                      "code": "upstream_error"
                    },
                    {
                      "code": "server_error",
                      "frame": true
                    },
                    {
                      "frame": true,
                      "text": [
                        "internal server error"
                      ]
                    },
                    {
                      "frame": true,
                      "text": [
                        "internal error"
                      ]
                    }
                  ],
                  "refines": null,
                  "retry": "once",
                  "severity": "error",
                  "status": 500,
                  "summary": "A server-side issue. Not caused by the request payload in most cases.",
                  "title": "500 Internal Server Error",
                  "variant": "InternalServerError"
                }
              ],
              "catalog": "waves",
              "schema": 1
            }
        "#]],
        &expect![[""]],
    );
}

#[test]
fn explain_finds_a_case_by_each_of_its_names() {
    let by = |name| run(&["explain", name]);
    let (code, explained, _) = by("too-many-requests");
    assert_eq!(code, 0);
    for name in ["429", "TooManyRequests", "TOO-MANY-REQUESTS", "rate limit", "retry-after", "exceeded limit rate"] {
        assert_eq!(by(name), (0, explained.clone(), String::new()), "{name}");
    }
}

#[test]
fn explain_unknown_case_exits_1_with_suggestion() {
    check(
        &["explain", "to-many-requests", "403x"],
        1,
        &expect![[""]],
        &expect![[r#"
            no case in `waves` matches `to-many-requests`; did you mean `too-many-requests`?
            no case in `waves` matches `403x`
        "#]],
    );
    let (code, out, err) = run(&["explain", "403", "nothing at all"]);
    assert_eq!((code, out.lines().next(), err.lines().count()), (1, Some("403 Forbidden"), 1));
}

#[test]
fn explain_input_and_usage_errors_exit_2() {
    check(
        &["explain", "--catalog", "tests/ui"],
        2,
        &expect![[""]],
        &expect![[r#"
            error: cannot read the catalog `tests/ui`: Is a directory (os error 21)
        "#]],
    );
    check(
        &["explain", "--catalog", "tests/ui/missing.toml"],
        2,
        &expect![[""]],
        &expect![[r#"
            error: cannot read the catalog `tests/ui/missing.toml`: No such file or directory (os error 2)
        "#]],
    );
    check(
        &["explain", "--catalog", "tests/ui/not-utf8.toml"],
        2,
        &expect![[""]],
        &expect![[r#"
            error: invalid catalog

            error: invalid UTF-8: byte 0xfc at offset 28 [not-utf8]
             --> tests/ui/not-utf8.toml:3:8
              |
            3 | id = "b�ro"
              |        ^
              |
              = help: save the file as UTF-8
        "#]],
    );
    check(
        &["explan"],
        2,
        &expect![[""]],
        &expect![[r#"
        error: unrecognized subcommand 'explan'

          tip: a similar subcommand exists: 'explain'

        Usage: waves-errors [OPTIONS] <COMMAND>

        For more information, try '--help'.
    "#]],
    );
    check(
        &["explain", "--format", "yaml"],
        2,
        &expect![[""]],
        &expect![[r#"
        error: invalid value 'yaml' for '--format <FORMAT>'
          [possible values: human, markdown, json]

        For more information, try '--help'.
    "#]],
    );
}

#[test]
fn explain_reads_catalog_from_option_and_environment() {
    let listed = run(&["explain", "--catalog", "tests/ui/including.toml"]);
    assert_eq!(listed, (0, "429  first   Too many.\n-    second  The quota is used up.\n".to_owned(), String::new()));
    let by_environment =
        command_line().arg("explain").env("WAVES_ERRORS_CATALOG", "tests/ui/including.toml").output().unwrap();
    assert_eq!(String::from_utf8(by_environment.stdout).unwrap(), listed.1);
    let by_nothing = command_line().arg("explain").env("WAVES_ERRORS_CATALOG", "").output().unwrap();
    assert_eq!(String::from_utf8(by_nothing.stdout).unwrap(), run(&["explain"]).1);
}

#[test]
fn closed_pipe_keeps_the_exit_code() {
    for (arguments, code) in
        [(&["explain", "--format", "json"][..], 0), (&["check", "tests/ui/twenty-mistakes.toml"], 1)]
    {
        let mut child = command_line().args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        let Output { status, stderr, .. } = child.wait_with_output().unwrap();
        assert_eq!(status.code(), Some(code));
        assert!(!String::from_utf8(stderr).unwrap().contains("panic"));
    }
}
