//! Catalogs of other APIs classify published example responses: see `data/apis`.

use std::fs;

use serde_json::{Value, json};

use crate::cli::run;
use crate::cli_classify::piped;
use crate::data::path;

/// Returns the published responses of an API.
fn published_responses(api: &str) -> Vec<Value> {
    let read = |half: &str| fs::read_to_string(path(&format!("data/apis/{api}-{half}.jsonl"))).unwrap();
    let lines = [read("first"), read("second")].concat();
    lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn catalogs_have_no_problems() {
    for api in ["github", "stripe", "s3"] {
        let file = path(&format!("data/apis/{api}.toml"));
        assert_eq!(run(&["check", "--deny", "warnings", file.to_str().unwrap()]).0, 0, "{api}");
    }
}

#[test]
fn published_responses_match_their_cases() {
    for api in ["github", "stripe", "s3"] {
        let responses = published_responses(api);
        assert!(responses.len() >= 20, "{} responses of {api}", responses.len());
        let exchanges = responses.iter().map(|line| {
            let request = json!({ "method": line["method"], "url": line["url"] });
            let [status, headers, body] = ["status", "headers", "body"].map(|key| &line[key]);
            let response = json!({ "status": status, "headers": headers, "body": body });
            json!({ "id": line["id"], "request": request, "response": response }).to_string()
        });
        let input = exchanges.collect::<Vec<_>>().join("\n");
        let catalog = path(&format!("data/apis/{api}.toml"));
        let arguments = ["--catalog", catalog.to_str().unwrap(), "classify", "--input", "jsonl", "--format", "json"];
        let (code, out, err) = piped(&arguments, input.as_bytes());
        assert_eq!((code, err.as_str()), (0, ""));
        let found: Vec<Value> = out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let found: Vec<_> = found.iter().map(|found| (&found["id"], &found["case"])).collect();
        let expected: Vec<_> = responses.iter().map(|line| (&line["id"], &line["case"])).collect();
        assert_eq!(found, expected, "{api}");
    }
}
