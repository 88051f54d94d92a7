//! Prose and behaviour: what a fix says of its policy is true.

use std::time::Duration;

use waves_errors_core::{Policy, RetryOnly, format_duration};

use crate::model::{Model, Required};
use crate::problem::{Problem, Problems};

/// Every `requires` holds.
pub(super) fn requires(model: &Model, problems: &Problems) {
    for case in &model.cases {
        // A narrower case inherits fixes, and what they say must be true of its own policy.
        for fix in &model.fixes_of(case).fixes {
            for (key, wanted) in &fix.requires {
                let Some((id, policy)) = model.policy_of(case) else {
                    // A policy that does not exist, or is none, has been told.
                    if !model.policy_in_doubt(case) {
                        let message = format!("`requires` in a case without a retry policy: `{}`", key.value);
                        problems
                            .add(Problem::error("requires", key.at, message).help("add `retry = \"...\"` to the case"));
                    }
                    continue;
                };
                let have = value(policy, key);
                if have != wanted.value {
                    let message = format!(
                        "the text needs `{}` to be {}, but the policy `{}` has {}",
                        key.value,
                        show(wanted),
                        id.value,
                        show(&have)
                    );
                    let problem = Problem::error("requires", wanted.at, message).also(id.at, "the policy is here");
                    problems.add(problem.help("change the policy, or the text and its `requires`"));
                }
            }
        }
    }
}

fn value(policy: &Policy, key: &str) -> Required {
    match key {
        "initial" => Required::Duration(policy.initial()),
        "max" => Required::Duration(policy.max()),
        "multiplier" => Required::Number(policy.multiplier()),
        "max-retries" => Required::Number(policy.max_retries().into()),
        "jitter" => Required::Number(policy.jitter()),
        "retry-after.respect" => Required::Boolean(policy.respects_retry_after()),
        "retry-after.limit" => Required::Duration(policy.retry_after_limit()),
        "only" => Required::Only(policy.only()),
        _ => Required::Duration(Duration::ZERO),
    }
}

fn show(value: &Required) -> String {
    match value {
        Required::Number(number) => number.to_string(),
        Required::Boolean(boolean) => boolean.to_string(),
        Required::Duration(duration) => format_duration(*duration).to_string(),
        Required::Only(only) => only.map_or("none", RetryOnly::as_str).to_owned(),
    }
}
