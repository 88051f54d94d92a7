//! The explanation of a classification: the conditions of each alternative, and whether they hold.

use std::io::Write;

use serde_json::{Value, json};
use waves_errors::{Case, Catalog, Failure, MatchedBy};

use crate::outcome::CliError;

/// The result of an alternative of a case's `match`.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Verdict {
    /// It selects the case.
    Matched,
    /// All of its conditions hold, but the match takes precedence.
    Outranked,
    /// All of its conditions hold, but the error document of another service is only matched by its code.
    NotApplied,
    /// Some of its conditions hold.
    Failed,
}

impl Verdict {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Matched => "matched",
            Self::Outranked => "outranked",
            Self::NotApplied => "ignored",
            Self::Failed => "no match",
        }
    }
}

/// An alternative with the result of each condition.
struct Tested {
    case: &'static str,
    verdict: Verdict,
    conditions: Vec<(String, bool)>,
}

/// Returns the alternatives of which at least one condition that describes the failure holds, those that hold completely first.
fn tested(catalog: Catalog, failure: &Failure<Case>) -> Vec<Tested> {
    if !failure.is_failure() {
        return Vec::new();
    }
    let selected = failure.case().zip(failure.matched_by());
    let verdict = |case: Case, rank: MatchedBy, holds: bool| match selected {
        _ if !holds => Verdict::Failed,
        Some((other, by)) if case == other && rank == by => Verdict::Matched,
        Some(_) => Verdict::Outranked,
        None => Verdict::NotApplied,
    };
    let rules = catalog.test_rules(failure.evidence()).into_iter().filter_map(|rule| {
        let case = catalog.at(rule.case)?;
        let holds = rule.conditions.iter().all(|(_, holds)| *holds);
        let verdict = verdict(case, rule.rank, holds);
        rule.is_near.then(|| Tested { case: case.id(), verdict, conditions: rule.conditions })
    });
    let mut all: Vec<_> = rules.collect();
    all.sort_by_key(|tested| tested.verdict as u8);
    all
}

/// Writes a line for each sign of a failure, and for each alternative.
pub(crate) fn write(catalog: Catalog, failure: &Failure<Case>, out: &mut impl Write) -> Result<(), CliError> {
    if !failure.is_failure() {
        writeln!(out, "  no sign of a failure: {NO_SIGNS}")?;
    }
    for sign in catalog.signs(failure.evidence()) {
        writeln!(out, "  {:<9}  {sign}", "failure")?;
    }
    for veto in catalog.vetoes(failure.evidence()) {
        writeln!(out, "  {:<9}  retry-veto {veto}", "no retry")?;
    }
    for Tested { case, verdict, conditions } in tested(catalog, failure) {
        let texts = |expected: bool| {
            let texts: Vec<_> =
                conditions.iter().filter(|(_, holds)| *holds == expected).map(|(text, _)| text.as_str()).collect();
            texts.join(", ")
        };
        let reason = match verdict {
            Verdict::Matched => String::new(),
            Verdict::Outranked => "; the matched case takes precedence".to_owned(),
            Verdict::NotApplied => "; errors of other services match only by code".to_owned(),
            Verdict::Failed => format!("; but not {}", texts(false)),
        };
        writeln!(out, "  {:<9}  {case}: {}{reason}", verdict.as_str(), texts(true))?;
    }
    Ok(())
}

/// The absent signs of a failure.
const NO_SIGNS: &str = "no transport error, no status of 400 or above, no close code other than 1000, and no condition of `failed-when` matches";

/// Returns the alternatives as JSON.
pub(crate) fn json(catalog: Catalog, failure: &Failure<Case>) -> Value {
    let tested = tested(catalog, failure).into_iter().map(|Tested { case, verdict, conditions }| {
        let conditions: Vec<_> =
            conditions.iter().map(|(text, holds)| json!({ "condition": text, "holds": holds })).collect();
        json!({ "case": case, "verdict": verdict.as_str(), "conditions": conditions })
    });
    tested.collect()
}
