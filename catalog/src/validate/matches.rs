//! Lints for matching: no two cases are ambiguous, and every alternative can match.

use std::collections::HashMap;

use waves_errors_core::MatchedBy;
use waves_errors_core::internal::{Condition, Rule};

use crate::location::Location;
use crate::model::{Case, Model};
use crate::problem::{Problem, Problems};

/// Checks that every case can match, or has an empty `match`.
pub(super) fn check_present(model: &Model, problems: &Problems) {
    for case in model.cases.iter().filter(|case| !case.present.matching) {
        let message = format!("`{}` can never match: it has no `status`, `code` or `match`", case.id.value);
        let problem = Problem::error("no-match", case.id.location, message);
        problems.add(problem.help("add one of them, or write `match = []` if only your program creates this error"));
    }
}

/// Checks that every alternative can match: it is not a duplicate, and not limited to successful responses.
pub(super) fn check_reachable(model: &Model, problems: &Problems) {
    for case in &model.cases {
        let rules = case.rules();
        for (n, (rule, location)) in rules.iter().enumerate() {
            if let Some((_, first)) = rules[..n].iter().find(|(earlier, _)| earlier == rule) {
                let problem = Problem::error("unreachable-match", *location, "duplicate alternative");
                problems.add(problem.related(*first, "first used here"));
            } else if let Some(reason) = impossible_reason(rule) {
                problems.add(
                    Problem::error("unreachable-match", *location, reason)
                        .help("failures are statuses of 400 and above, error frames, and closes other than 1000"),
                );
            }
        }
    }
}

/// Returns the reason why a rule can never match a failure.
fn impossible_reason(rule: &Rule) -> Option<&'static str> {
    if rule.only_statuses().is_some_and(|ranges| ranges.iter().all(|&(_, high)| high < 400)) {
        return Some("a status below 400 is not an error and can never match");
    }
    rule.conditions.contains(&Condition::Close(1000)).then_some("a close with 1000 is not an error and can never match")
}

/// Checks that codes can be found in a response.
pub(super) fn check_codes(model: &Model, problems: &Problems) {
    if !model.wire.codes.is_empty() {
        return;
    }
    let needs_code = |case: &&Case| case.code.is_some() && case.matches.is_none();
    if let Some(code) = model.cases.iter().find(needs_code).and_then(|case| case.code.as_ref()) {
        let message = "`code` can never match, because `[wire]` has no `codes`";
        let help = "add the location of codes to `[wire]`, such as `codes = [\"/code\"]`";
        problems.add(Problem::warning("codes-nowhere", code.location, message).help(help));
    }
}

/// Checks that no failure matches two cases with equal precedence: by conditions of the same kind and number that can
/// hold together.
pub(super) fn check_ambiguity(model: &Model, problems: &Problems) {
    let mut buckets: HashMap<(MatchedBy, String), Vec<(&Case, usize)>> = HashMap::with_capacity(model.cases.len());
    let mut rules: Vec<(Rule, Location)> = Vec::new();
    for case in &model.cases {
        for (rule, location) in case.rules() {
            let index = rules.len();
            let mut reported = false;
            for key in bucket_keys(&rule) {
                let bucket = buckets.entry((rule.rank(), key)).or_default();
                let other =
                    bucket.iter().find(|(other, n)| other.id.value != case.id.value && overlaps(&rules[*n].0, &rule));
                if let Some((other, n)) = other.filter(|_| !reported) {
                    reported = true;
                    problems.add(ambiguity_problem(other, &rules[*n], case, &(rule.clone(), location)));
                }
                bucket.push((case, index));
            }
            rules.push((rule, location));
        }
    }
}

/// Returns the buckets of a rule. Only rules in the same bucket can overlap, so only those are compared.
fn bucket_keys(rule: &Rule) -> Vec<String> {
    if let Some(ranges) = rule.only_statuses() {
        return ranges.iter().flat_map(|&(low, high)| low..=high).map(|status| status.to_string()).collect();
    }
    let rank = rule.rank();
    let key = rule.conditions.iter().find_map(|condition| match condition {
        Condition::Code(code) if rank == MatchedBy::Code => Some(code.clone()),
        Condition::Reason(reason) if rank == MatchedBy::Reason => Some(reason.clone()),
        Condition::Text(phrase) if rank == MatchedBy::Text => Some(phrase.to_lowercase()),
        _ => None,
    });
    vec![key.unwrap_or_default()]
}

/// Returns whether two rules of equal rank can match the same failure.
fn overlaps(first: &Rule, second: &Rule) -> bool {
    let are_disjoint = |a: &Condition, b: &Condition| match (a, b) {
        (Condition::Status(a), Condition::Status(b)) => {
            !a.iter().any(|&(low, high)| b.iter().any(|&(from, to)| low <= to && from <= high))
        }
        (Condition::Header(name, a), Condition::Header(other, b)) => name == other && !a.eq_ignore_ascii_case(b),
        (Condition::Json(pointer, a), Condition::Json(other, b)) => pointer == other && a != b,
        // A text can contain two phrases; the case that is first in the catalog then matches.
        (Condition::Text(a), Condition::Text(b)) => a.to_lowercase() != b.to_lowercase(),
        (Condition::Code(_), Condition::Code(_))
        | (Condition::Close(_), Condition::Close(_))
        | (Condition::Reason(_), Condition::Reason(_))
        | (Condition::Frame(_), Condition::Frame(_))
        | (Condition::TransportError(_), Condition::TransportError(_)) => a != b,
        _ => false,
    };
    first.conditions.len() == second.conditions.len()
        && !first.conditions.iter().any(|a| second.conditions.iter().any(|b| are_disjoint(a, b)))
}

fn ambiguity_problem(
    first: &Case,
    (first_rule, first_location): &(Rule, Location),
    second: &Case,
    (second_rule, second_location): &(Rule, Location),
) -> Problem {
    let both = format!("both `{}` and `{}`", first.id.value, second.id.value);
    let message = match (first_rule.only_statuses(), second_rule.only_statuses(), second_rule.code()) {
        (Some(a), Some(b), _) => {
            let shared =
                a.iter().flat_map(|&(low, high)| b.iter().map(move |&(from, to)| (low.max(from), high.min(to))));
            let shared = shared.filter(|(low, high)| low <= high).map(|(low, _)| low).min();
            format!("status {} matches {both}", shared.unwrap_or_default())
        }
        (.., Some(code)) => format!("code `{code}` matches {both}"),
        _ => format!("a response can match {both}, and neither is more specific"),
    };
    let problem = Problem::error("ambiguous-match", *second_location, message)
        .related(*first_location, format!("match of `{}`", first.id.value));
    problem.help("add a condition to one of them: the match with more conditions wins")
}
