//! The command `retry`: schedules, and decisions for recorded responses.

use expect_test::expect;
use serde_json::{Value, json};

use crate::cli::{check, run};
use crate::cli_classify::piped;
use crate::data::lines;

#[test]
fn schedule_as_text() {
    check(
        &["retry", "server-full", "--jitter", "none"],
        0,
        &expect![[r#"
            server-full (policy capacity): up to 6 times, after 1 s, 2 s, 4 s, 8 s, 16 s, 32 s (minus up to 50% jitter); honors Retry-After up to 2 min

            retry      after      total
                1        1 s        1 s  ██
                2        2 s        3 s  ███
                3        4 s        7 s  █████
                4        8 s       15 s  ██████████
                5       16 s       31 s  ████████████████████
                6       32 s       63 s  ████████████████████████████████████████
        "#]],
        &expect![[""]],
    );
    check(
        &["retry", "403"],
        0,
        &expect![[r#"
        forbidden: never
    "#]],
        &expect![[""]],
    );
    check(
        &["retry", "no-answer", "--jitter", "none"],
        0,
        &expect![[r#"
            no-answer (policy resend): idempotent requests only, up to 3 times, after 500 ms, 1 s, 2 s (minus up to 50% jitter); honors Retry-After up to 2 min

            retry      after      total
                1     500 ms     500 ms  ██████████
                2        1 s      1.5 s  ████████████████████
                3        2 s      3.5 s  ████████████████████████████████████████
        "#]],
        &expect![[""]],
    );
    check(
        &["retry", "too-many-reqests"],
        1,
        &expect![[""]],
        &expect![[r#"
            no case in `waves` matches `too-many-reqests`; did you mean `too-many-requests`?
        "#]],
    );
    check(
        &["retry"],
        2,
        &expect![[""]],
        &expect![[r#"
        error: the following required arguments were not provided:
          <CASE>

        Usage: waves-errors retry <CASE>

        For more information, try '--help'.
    "#]],
    );
    check(
        &["retry", "429", "--attempts", "0"],
        2,
        &expect![[""]],
        &expect![[r#"
        error: invalid value '0' for '--attempts <N>': 0 is not in 1..=1000

        For more information, try '--help'.
    "#]],
    );
}

fn schedule(arguments: &[&str]) -> Value {
    let (code, out, _) = run(&[&["retry"], arguments, &["--format", "json"]].concat());
    assert_eq!(code, 0);
    serde_json::from_str(&out).unwrap()
}

fn delays(schedule: &Value) -> Vec<u64> {
    schedule["attempts"].as_array().unwrap().iter().map(|attempt| attempt["delay_ms"].as_u64().unwrap()).collect()
}

#[test]
fn schedule_as_json() {
    let nominal = schedule(&["429", "--jitter", "none"]);
    assert_eq!((&nominal["schema"], &nominal["case"]), (&json!(1), &json!("too-many-requests")));
    assert_eq!((&nominal["policy"]["id"], &nominal["policy"]["max_ms"]), (&json!("rate-limit"), &json!(30_000)));
    assert_eq!(nominal["attempts"][2], json!({"attempt": 3, "delay_ms": 2000, "total_ms": 3500}));
    assert_eq!(delays(&nominal), [500, 1000, 2000, 4000, 8000]);
    assert_eq!(delays(&schedule(&["429", "--jitter", "most"])), [375, 750, 1500, 3000, 6000]);
    let longer = schedule(&["429", "--jitter", "none", "--attempts", "8"]);
    assert_eq!(delays(&longer), [500, 1000, 2000, 4000, 8000, 16000, 30000, 30000]);
    let random = [delays(&schedule(&["429"])), delays(&schedule(&["429"]))];
    assert_ne!(random[0], random[1]);
    for (random, nominal) in random.iter().flat_map(|delays| delays.iter().zip(delays_of_429())) {
        assert!((nominal * 3 / 4..=nominal).contains(random), "{random}");
    }
    assert_eq!(nominal["policy"]["only"], Value::Null);
    let limited = schedule(&["no-answer", "--jitter", "none"]);
    assert_eq!((&limited["policy"]["only"], delays(&limited)), (&json!("idempotent"), vec![500, 1000, 2000]));
    let never = schedule(&["403"]);
    assert_eq!((&never["policy"], &never["attempts"]), (&Value::Null, &json!([])));
}

fn delays_of_429() -> [u64; 5] {
    [500, 1000, 2000, 4000, 8000]
}

/// Replays the responses of a vector. Returns the last decision.
fn replayed(vector: &Value, jitter: &str) -> Value {
    let responses = vector["responses"].as_array().unwrap().iter().enumerate();
    let responses: String = responses
        .map(|(n, response)| format!("{}\n", json!({"id": n, "now": vector["now"], "response": response})))
        .collect();
    let arguments = ["retry", "--replay", "-", "--format", "json", "--jitter", jitter];
    let (code, out, _) = piped(&arguments, responses.as_bytes());
    assert_eq!(code, 0);
    let last: Value = serde_json::from_str(out.lines().last().unwrap()).unwrap();
    assert_eq!(last["schema"], 1);
    last["retry"].clone()
}

#[test]
fn replayed_decision_vectors_give_expected_decisions() {
    let mut ran = 0;
    for vector in lines("retry-vectors.jsonl").iter().filter(|vector| vector["kind"] == "decision") {
        // The command has no deadline.
        if vector["remaining_ms"].is_u64() {
            continue;
        }
        let expect = &vector["expect"];
        match expect["stop"].as_str() {
            Some(reason) => {
                let reason = match reason {
                    "RetryAfterTooLong" => "too-long",
                    "Exhausted" => "exhausted",
                    "NotRetryable" => "not-retryable",
                    other => panic!("{other}"),
                };
                assert_eq!(replayed(vector, "none"), json!({"decision": "stop", "reason": reason}), "{vector}");
            }
            None => {
                assert_eq!(replayed(vector, "none")["delay_ms"], expect["nominal_ms"], "{vector}");
                assert_eq!(replayed(vector, "most")["delay_ms"], expect["full_jitter_ms"], "{vector}");
            }
        }
        ran += 1;
    }
    assert!(ran > 15, "{ran}");
}

#[test]
fn replay_counts_attempts_until_a_success() {
    let responses = "{\"response\":{\"status\":500}}\n{\"response\":{\"status\":500}}\n{\"response\":{\"status\":200}}\n\
                   {\"response\":{\"status\":500}}\n{\"response\":{\"status\":418}}\n";
    let (code, out, err) = piped(&["retry", "--replay", "-", "--jitter", "none"], responses.as_bytes());
    assert_eq!((code, err.as_str()), (0, ""));
    expect![[r#"
        internal-server-error: retry in 500 ms (backoff)
        internal-server-error: no retry: no retries left
        not an error: the loop ends
        internal-server-error: retry in 500 ms (backoff)
        not in the catalog: no retry: this error is not retryable
    "#]]
    .assert_eq(&out);
    let (code, _, err) = piped(&["retry", "--replay", "-"], b"nonsense\n");
    assert_eq!(code, 2);
    expect![[r#"
        line 1: invalid JSON: expected ident at line 1 column 2
        error: cannot read 1 line
    "#]]
    .assert_eq(&err);
}

#[test]
fn only_idempotent_is_shown_by_explain_doc_and_emit() {
    let (_, explained, _) = run(&["explain", "no-answer"]);
    assert!(
        explained.contains("Retry. Idempotent requests only, up to 3 times, after 500 ms, 1 s, 2 s"),
        "{explained}"
    );
    let (_, page, _) = run(&["doc", "--page", "service", "--only", "html"]);
    assert!(page.contains("Idempotent requests only, up to 3 times"), "{page}");
    let (_, code, _) = run(&["emit"]);
    assert!(code.contains("| 3 times, if idempotent |"), "{code}");
}
