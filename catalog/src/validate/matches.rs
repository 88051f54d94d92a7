//! Lints for matching: no two cases are ambiguous, and every alternative can match.

use std::cell::LazyCell;
use std::collections::{BTreeMap, HashMap};

use waves_errors_core::MatchedBy;
use waves_errors_core::internal::{Condition, Rule};

use super::overlap::{Conditions, Slots};
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

/// Checks that every alternative can match: it is not a duplicate, its conditions do not contradict each other, and it is not limited to
/// successful responses.
pub(super) fn check_reachable(model: &Model, problems: &Problems) {
    for case in &model.cases {
        let rules = case.rules();
        let mut seen: HashMap<&Rule, Location> = HashMap::with_capacity(rules.len());
        for (rule, location) in &rules {
            let problem = |message| Problem::error("unreachable-match", *location, message);
            if let Some(first) = seen.get(rule) {
                problems.add(problem("duplicate alternative").related(*first, "first used here"));
            } else if has_negation(rule) && Conditions::new(rule).are_contradictory() {
                let message = "`not` excludes all responses that the other conditions select";
                problems
                    .add(problem(message).help("remove a condition from `not`, or from the rest of the alternative"));
            } else if let Some(message) = success_reason(model, rule) {
                let help = "failures are statuses of 400 and above, error frames, and closes other than 1000";
                problems.add(problem(message).help(help));
            }
            seen.entry(rule).or_insert(*location);
        }
    }
}

fn has_negation(rule: &Rule) -> bool {
    rule.conditions.iter().any(|condition| matches!(condition, Condition::Not(_)))
}

/// Returns the reason why a rule only matches successful exchanges.
fn success_reason(model: &Model, rule: &Rule) -> Option<&'static str> {
    // With `failed-when`, the body of a successful response can report an error.
    let is_success = rule.only_statuses().is_some_and(|ranges| ranges.iter().all(|&(_, high)| high < 400));
    if is_success && model.wire.failed_when.is_empty() {
        return Some("a status below 400 is not an error and can never match");
    }
    // A close with 1000 can follow a frame that `failed-when` describes.
    if !model.wire.failed_when.is_empty() && rule.conditions.len() > 1 {
        return None;
    }
    let is_normal_close =
        |condition: &Condition| matches!(condition, Condition::Close(codes) if codes.iter().all(|&code| code == 1000));
    let message = "a close with 1000 is not an error and can never match";
    rule.conditions.iter().any(is_normal_close).then_some(message)
}

/// Checks that codes can be found in a response.
pub(super) fn check_codes(model: &Model, problems: &Problems) {
    if !model.wire.codes.is_empty() {
        return;
    }
    let has_code = |(rule, _): &(Rule, Location)| !rule.codes().is_empty();
    if let Some((_, location)) = model.cases.iter().flat_map(Case::rules).find(has_code) {
        let message = "`code` only matches documents of storage services, because `[wire]` has no `codes`";
        let help = "add the location of codes to `[wire]`, such as `codes = [\"/code\"]`";
        problems.add(Problem::warning("codes-nowhere", location, message).help(help));
    }
}

/// Checks that no failure matches two cases with equal precedence: by conditions of the same kind and number that can
/// hold together.
pub(super) fn check_ambiguity(model: &Model, problems: &Problems) {
    let rules: Vec<_> =
        model.cases.iter().flat_map(|case| case.rules().into_iter().map(move |rule| (case, rule))).collect();
    // Most rules share no value with another one and are never compared.
    let conditions: Vec<_> = rules.iter().map(|(_, (rule, _))| LazyCell::new(move || Conditions::new(rule))).collect();
    let mut groups: HashMap<(MatchedBy, usize), Group<'_>> = HashMap::new();
    for (index, (case, (rule, location))) in rules.iter().enumerate() {
        let group = groups.entry((rule.rank(), rule.conditions.len())).or_default();
        let can_be_both = |earlier: &usize| {
            rules[*earlier].0.id.value != case.id.value && conditions[*earlier].overlap(&conditions[index])
        };
        let candidates = group.candidates_and_insert(index, rule, || &conditions[index]);
        if let Some(earlier) = candidates.into_iter().find(can_be_both) {
            let (first, (first_rule, first_location)) = &rules[earlier];
            problems.add(ambiguity_problem((first, first_rule, *first_location), (case, rule, *location)));
        }
    }
}

/// The alternatives with the same rank and number of conditions. To keep the check linear for the usual catalogs, two alternatives are
/// only compared if they test different slots, or share a value in a slot.
#[derive(Default)]
struct Group<'r> {
    values: HashMap<Value<'r>, Vec<usize>>,
    /// The rules by the parts of their path patterns before the first `*`.
    paths: HashMap<Slots<'r>, BTreeMap<&'r str, Vec<usize>>>,
    slots: HashMap<Slots<'r>, Vec<usize>>,
}

/// A value that two rules must share to overlap.
#[derive(PartialEq, Eq, Hash)]
enum Value<'r> {
    Status(u16),
    /// A code, a reason, or the first phrase.
    Text(&'r str),
    /// A value of a rule with these slots.
    OfSlots(Slots<'r>, &'r str),
}

impl<'r> Group<'r> {
    /// Returns the earlier rules that can overlap with a rule, in their order, and adds the rule.
    fn candidates_and_insert(
        &mut self,
        index: usize,
        rule: &'r Rule,
        conditions: impl FnOnce() -> &'r Conditions<'r>,
    ) -> Vec<usize> {
        let texts = |texts: &'r [String]| texts.iter().map(|text| Value::Text(text)).collect::<Vec<_>>();
        let reasons = rule.conditions.iter().find_map(|condition| match condition {
            Condition::Reason(reasons) => Some(reasons),
            _ => None,
        });
        let values = match (rule.only_statuses(), rule.rank(), reasons) {
            (Some(ranges), ..) => ranges.iter().flat_map(|&(low, high)| low..=high).map(Value::Status).collect(),
            (_, MatchedBy::Code, _) => texts(rule.codes()),
            (_, MatchedBy::Reason, Some(reasons)) => texts(reasons),
            // Rules with other phrases do not overlap.
            (_, MatchedBy::Text, _) => conditions().first_phrase().map(Value::Text).into_iter().collect(),
            _ => return self.candidates_by_slots(index, conditions()),
        };
        sorted(self.candidates_by_value(index, values))
    }

    fn candidates_by_value(&mut self, index: usize, values: Vec<Value<'r>>) -> Vec<usize> {
        let mut candidates = Vec::new();
        for value in values {
            let rules = self.values.entry(value).or_default();
            candidates.extend_from_slice(rules);
            rules.push(index);
        }
        candidates
    }

    /// Returns the rules with a path prefix that starts with one of these, or that one of these starts with.
    fn candidates_by_path(&mut self, index: usize, slots: &Slots<'r>, prefixes: Vec<&'r str>) -> Vec<usize> {
        let rules = self.paths.entry(slots.clone()).or_default();
        let mut candidates = Vec::new();
        for prefix in &prefixes {
            let longer = rules.range(*prefix..).take_while(|(other, _)| other.starts_with(prefix));
            candidates.extend(longer.flat_map(|(_, rules)| rules));
            let shorter = prefix.char_indices().filter_map(|(end, _)| rules.get(&prefix[..end]));
            candidates.extend(shorter.flatten());
        }
        for prefix in prefixes {
            rules.entry(prefix).or_default().push(index);
        }
        candidates
    }

    /// Returns the earlier alternatives with other slots, and those with the same slots that share a value. Without values to compare,
    /// returns all.
    fn candidates_by_slots(&mut self, index: usize, conditions: &'r Conditions<'r>) -> Vec<usize> {
        let slots = conditions.slots();
        let same_slots = match (conditions.decisive_values(), conditions.path_prefixes()) {
            (Some(values), _) => {
                let values = values.into_iter().map(|value| Value::OfSlots(slots.clone(), value)).collect();
                Some(self.candidates_by_value(index, values))
            }
            (None, Some(prefixes)) => Some(self.candidates_by_path(index, &slots, prefixes)),
            (None, None) => None,
        };
        let others = self.slots.iter().filter(|(other, _)| same_slots.is_none() || **other != slots);
        let others: Vec<_> = others.flat_map(|(_, rules)| rules).copied().collect();
        self.slots.entry(slots).or_default().push(index);
        sorted([same_slots.unwrap_or_default(), others].concat())
    }
}

/// Returns indexes in ascending order, without duplicates.
fn sorted(mut indexes: Vec<usize>) -> Vec<usize> {
    indexes.sort_unstable();
    indexes.dedup();
    indexes
}

fn ambiguity_problem(first: (&Case, &Rule, Location), second: (&Case, &Rule, Location)) -> Problem {
    let ((first, first_rule, first_location), (second, second_rule, location)) = (first, second);
    let both = format!("both `{}` and `{}`", first.id.value, second.id.value);
    let shared_code = second_rule.codes().iter().find(|code| first_rule.codes().contains(code));
    let message = match (first_rule.only_statuses(), second_rule.only_statuses(), shared_code) {
        (Some(a), Some(b), _) => {
            let shared =
                a.iter().flat_map(|&(low, high)| b.iter().map(move |&(from, to)| (low.max(from), high.min(to))));
            let shared = shared.filter(|(low, high)| low <= high).map(|(low, _)| low).min();
            format!("status {} matches {both}", shared.unwrap_or_default())
        }
        (.., Some(code)) => format!("code `{code}` matches {both}"),
        _ => format!("a response can match {both}, and neither is more specific"),
    };
    let problem = Problem::error("ambiguous-match", location, message)
        .related(first_location, format!("match of `{}`", first.id.value));
    problem.help("add a condition to one of them: the match with more conditions wins")
}
