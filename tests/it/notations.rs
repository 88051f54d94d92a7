//! Redaction of texts in the notations of many languages and programs, by the command line: each line of the data has an input, the texts
//! that its output must not contain, and those that it must keep.

use std::fmt::Write;

use serde_json::Value;

use crate::cli_classify::piped;
use crate::data::lines;

fn texts(value: &Value) -> Vec<&str> {
    value.as_array().unwrap().iter().map(|text| text.as_str().unwrap()).collect()
}

#[test]
fn notations_have_no_secrets_and_keep_facts() {
    let cases = lines("notations.jsonl");
    let (mut secrets, mut facts) = (0, 0);
    let mut problems = String::new();
    for case in &cases {
        let input = case["input"].as_str().unwrap();
        let (code, out, err) = piped(&[case["command"].as_str().unwrap()], input.as_bytes());
        assert!(matches!(code, 0 | 1), "{}: exit code {code}: {err}", case["id"]);
        let all = format!("{out}{err}");
        for secret in texts(&case["lacks"]) {
            secrets += 1;
            if all.contains(secret) {
                writeln!(problems, "{} shows {secret}", case["id"]).unwrap();
            }
        }
        for fact in texts(&case["contains"]) {
            facts += 1;
            if !all.contains(fact) {
                writeln!(problems, "{} lacks {fact}", case["id"]).unwrap();
            }
        }
    }
    println!("{} inputs, {secrets} texts of secrets, {facts} facts", cases.len());
    assert!(problems.is_empty(), "{problems}");
    assert!(cases.len() >= 800 && secrets > 2000 && facts > 1000);
}
