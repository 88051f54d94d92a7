//! Matches: every case can be told from every other, and every alternative can come true.

use std::collections::HashMap;

use waves_errors_core::MatchedBy;
use waves_errors_core::internal::{Condition, Rule};

use crate::model::{Case, Model};
use crate::problem::{Place, Problem, Problems};
use crate::render::table::rules;

/// A case has something that failures can match, or says that it has nothing.
pub(super) fn present(model: &Model, problems: &Problems) {
    for case in model.cases.iter().filter(|case| !case.says.named) {
        let message = format!("no failure can be `{}`: it has no `status`, `code` or `match`", case.id.value);
        let problem = Problem::error("no-match", case.id.at, message);
        problems.add(problem.help("add one of them, or `match = []` if only programs make it"));
    }
}

/// Every alternative can come true: it is no second copy, and not about what is no failure.
pub(super) fn reachable(model: &Model, problems: &Problems) {
    for case in &model.cases {
        let rules = rules(case, 0);
        for (n, (rule, at)) in rules.iter().enumerate() {
            if let Some((_, first)) = rules[..n].iter().find(|(earlier, _)| earlier == rule) {
                let problem = Problem::error("unreachable-match", *at, "the case says this twice");
                problems.add(problem.also(*first, "the first is here"));
            } else if let Some(why) = no_failure(rule) {
                problems.add(Problem::error("unreachable-match", *at, why).help(
                    "failures are answers from 400 on, error frames, and sockets that were not closed with 1000",
                ));
            }
        }
    }
}

/// Why what a rule asks for is no failure at all.
fn no_failure(rule: &Rule) -> Option<&'static str> {
    if rule.only_statuses().is_some_and(|ranges| ranges.iter().all(|&(_, high)| high < 400)) {
        return Some("a status below 400 is not an error and can never match");
    }
    rule.conditions.contains(&Condition::Close(1000)).then_some("a close with 1000 is not an error and can never match")
}

/// Codes are looked for somewhere.
pub(super) fn codes(model: &Model, problems: &Problems) {
    if !model.wire.codes.is_empty() {
        return;
    }
    let coded = |case: &&Case| case.code.is_some() && case.matches.is_none();
    if let Some(code) = model.cases.iter().find(coded).and_then(|case| case.code.as_ref()) {
        let message = "`code` can never match: set `[wire] codes` to the fields that carry it";
        let help = "add `codes = [\"/code\"]`, or where they stand, to `[wire]`";
        problems.add(Problem::warning("codes-nowhere", code.at, message).help(help));
    }
}

/// No failure makes two cases with equal right: by conditions of the same kind, as many, that can hold together.
pub(super) fn unambiguous(model: &Model, problems: &Problems) {
    let mut buckets: HashMap<(MatchedBy, String), Vec<(&Case, usize)>> = HashMap::with_capacity(model.cases.len());
    let mut all: Vec<(Rule, Place)> = Vec::new();
    for case in &model.cases {
        for (rule, at) in rules(case, 0) {
            let number = all.len();
            let mut told = false;
            for key in keys(&rule) {
                let bucket = buckets.entry((rule.rank(), key)).or_default();
                let other =
                    bucket.iter().find(|(other, n)| other.id.value != case.id.value && overlap(&all[*n].0, &rule));
                if let Some((other, n)) = other.filter(|_| !told) {
                    told = true;
                    problems.add(ambiguous(other, &all[*n], case, &(rule.clone(), at)));
                }
                bucket.push((case, number));
            }
            all.push((rule, at));
        }
    }
}

/// What a rule is filed under, so that only rules that may overlap are compared.
fn keys(rule: &Rule) -> Vec<String> {
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

fn overlap(one: &Rule, other: &Rule) -> bool {
    let apart = |a: &Condition, b: &Condition| match (a, b) {
        (Condition::Status(a), Condition::Status(b)) => {
            !a.iter().any(|&(low, high)| b.iter().any(|&(from, to)| low <= to && from <= high))
        }
        (Condition::Header(name, a), Condition::Header(other, b)) => name == other && !a.eq_ignore_ascii_case(b),
        (Condition::Json(pointer, a), Condition::Json(other, b)) => pointer == other && a != b,
        // Two phrases can stand in one text; the one that comes first in the catalog is then meant.
        (Condition::Text(a), Condition::Text(b)) => a.to_lowercase() != b.to_lowercase(),
        (Condition::Code(_), Condition::Code(_))
        | (Condition::Close(_), Condition::Close(_))
        | (Condition::Reason(_), Condition::Reason(_))
        | (Condition::Frame(_), Condition::Frame(_))
        | (Condition::TransportError(_), Condition::TransportError(_)) => a != b,
        _ => false,
    };
    one.conditions.len() == other.conditions.len()
        && !one.conditions.iter().any(|a| other.conditions.iter().any(|b| apart(a, b)))
}

fn ambiguous(first: &Case, (one, there): &(Rule, Place), second: &Case, (other, here): &(Rule, Place)) -> Problem {
    let both = format!("both `{}` and `{}`", first.id.value, second.id.value);
    let message = match (one.only_statuses(), other.only_statuses(), other.code()) {
        (Some(a), Some(b), _) => {
            let shared =
                a.iter().flat_map(|&(low, high)| b.iter().map(move |&(from, to)| (low.max(from), high.min(to))));
            let shared = shared.filter(|(low, high)| low <= high).map(|(low, _)| low).min();
            format!("status {} matches {both}", shared.unwrap_or_default())
        }
        (.., Some(code)) => format!("code `{code}` matches {both}"),
        _ => format!("a response can match {both}, and neither is more specific"),
    };
    let problem = Problem::error("ambiguous-match", *here, message).also(*there, "the first is here");
    problem.help("add a condition to the more specific one: the match with more conditions wins")
}
