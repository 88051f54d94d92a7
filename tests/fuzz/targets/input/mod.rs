//! The input readers of the command line, included by path because it is not a library.

use std::time::SystemTime;

pub(crate) struct Exchange {
    pub(crate) id: serde_json::Value,
    pub(crate) now: SystemTime,
    pub(crate) evidence: waves_errors::Evidence,
}

#[path = "../../../../waves-errors-cli/src/input/curl.rs"]
pub(crate) mod curl;
#[path = "../../../../waves-errors-cli/src/input/har.rs"]
pub(crate) mod har;
#[path = "../../../../waves-errors-cli/src/input/http.rs"]
pub(crate) mod http;
#[path = "../../../../waves-errors-cli/src/input/json.rs"]
pub(crate) mod json;
