//! Lint for retry policies: the values that a fix mentions are those of the policy.

use std::time::Duration;

use waves_errors_core::{Policy, RetryOnly, format_duration};

use crate::model::{Model, Required};
use crate::problem::{Problem, Problems};

/// Checks that every `requires` holds.
pub(super) fn check_requirements(model: &Model, problems: &Problems) {
    for case in &model.cases {
        // A refined case inherits fixes, which must be true of its own policy.
        for fix in &model.case_with_fixes(case).fixes {
            for (key, required) in &fix.requires {
                let Some((id, policy)) = model.policy_of(case) else {
                    // A missing or invalid policy has been reported.
                    if !model.is_policy_uncertain(case) {
                        let message = format!("the text requires `{}`, but the case has no retry policy", key.value);
                        problems.add(
                            Problem::error("requires", key.location, message).help("add `retry = \"...\"` to the case"),
                        );
                    }
                    continue;
                };
                let actual = policy_value(policy, key);
                if actual != required.value {
                    let (key, required_value, actual) = (&key.value, display(required), display(&actual));
                    let message = format!(
                        "the text requires `{key}` to be {required_value}, but it is {actual} in the policy `{}`",
                        id.value
                    );
                    let problem = Problem::error("requires", required.location, message)
                        .related(id.location, format!("the policy `{}`", id.value));
                    problems.add(problem.help("change the policy, or the text and its `requires`"));
                }
            }
        }
    }
}

fn policy_value(policy: &Policy, key: &str) -> Required {
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

fn display(value: &Required) -> String {
    match value {
        Required::Number(number) => number.to_string(),
        Required::Boolean(boolean) => boolean.to_string(),
        Required::Duration(duration) => format_duration(*duration).to_string(),
        Required::Only(only) => only.map_or("none", RetryOnly::as_str).to_owned(),
    }
}
