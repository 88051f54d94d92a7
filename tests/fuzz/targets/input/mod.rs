//! The input parsers of the command line, which has no library target.

use std::time::SystemTime;

pub(crate) struct Exchange {
    pub(crate) id: serde_json::Value,
    pub(crate) received_at: SystemTime,
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
