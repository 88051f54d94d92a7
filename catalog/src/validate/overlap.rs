//! Whether two alternatives can match the same failure, and whether the conditions of one contradict each other.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use waves_errors_core::internal::{Comparison, Condition, Negated, Rule, path_matches};

/// The maximum number of pairs of values of two conditions to compare. Longer lists are taken to overlap.
const MAX_PAIRS: usize = 1_000_000;

/// The conditions of a rule, prepared for comparisons with many other rules.
pub(super) struct Conditions<'r> {
    rule: &'r Rule,
    /// The conditions that can contradict another condition of the same kind on the same value.
    slots: BTreeMap<Slot<'r>, &'r Condition>,
    /// The values of headers, in lower case.
    headers: BTreeMap<&'r str, BTreeSet<String>>,
    /// The phrases, in lower case.
    phrases: BTreeSet<String>,
    all: HashSet<&'r Condition>,
}

/// The value that a condition tests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Slot<'r> {
    Status,
    Code,
    Close,
    Reason,
    Header(&'r str),
    Json(&'r str),
    Frame,
    TransportError,
    Method,
    Path,
}

/// The slots of a rule, with the comparison of each header.
pub(super) type Slots<'r> = Vec<(Slot<'r>, Option<Comparison>)>;

/// Returns the slot of a condition, if its kind has one.
fn slot(condition: &Condition) -> Option<Slot<'_>> {
    Some(match condition {
        Condition::Status(_) => Slot::Status,
        Condition::Code(_) => Slot::Code,
        Condition::Close(_) => Slot::Close,
        Condition::Reason(_) => Slot::Reason,
        Condition::Header(name, ..) => Slot::Header(name),
        // With a wildcard, there can be several values.
        Condition::Json(pointer, _) if !pointer.contains('*') => Slot::Json(pointer),
        Condition::Frame(_) => Slot::Frame,
        Condition::TransportError(_) => Slot::TransportError,
        Condition::Method(_) => Slot::Method,
        Condition::Path(_) => Slot::Path,
        Condition::Json(..) | Condition::Text(_) | Condition::Has(_) | Condition::Not(_) => return None,
    })
}

impl<'r> Conditions<'r> {
    pub(super) fn new(rule: &'r Rule) -> Self {
        let phrases = rule.conditions.iter().filter_map(|condition| match condition {
            Condition::Text(phrase) => Some(phrase.to_lowercase()),
            _ => None,
        });
        let headers = rule.conditions.iter().filter_map(|condition| match condition {
            Condition::Header(name, _, values) => {
                Some((name.as_str(), values.iter().map(|value| value.to_ascii_lowercase()).collect()))
            }
            _ => None,
        });
        Self {
            rule,
            headers: headers.collect(),
            slots: rule.conditions.iter().filter_map(|condition| Some((slot(condition)?, condition))).collect(),
            phrases: phrases.collect(),
            all: rule.conditions.iter().collect(),
        }
    }

    /// Returns the first phrase in alphabetical order.
    pub(super) fn first_phrase(&self) -> Option<&str> {
        self.phrases.first().map(String::as_str)
    }

    /// Returns the slots of the conditions, and the comparison of each header.
    pub(super) fn slots(&self) -> Slots<'r> {
        let comparison = |condition: &Condition| match condition {
            Condition::Header(_, comparison, _) => Some(*comparison),
            _ => None,
        };
        self.slots.iter().map(|(slot, condition)| (*slot, comparison(condition))).collect()
    }

    /// Returns the values in a slot of which two rules with equal slots must share one to overlap, if there is such a slot.
    pub(super) fn decisive_values(&self) -> Option<Vec<&str>> {
        self.slots.values().find_map(|condition| match condition {
            Condition::Json(_, values) => Some(values.iter().map(String::as_str).collect()),
            Condition::Header(name, Comparison::Equals, _) => {
                Some(self.headers.get(name.as_str())?.iter().map(String::as_str).collect())
            }
            _ => None,
        })
    }

    /// Returns the parts of the path patterns before their first `*`, if there is a condition on the path. Of two rules that overlap, one
    /// such part starts with one of the other.
    pub(super) fn path_prefixes(&self) -> Option<Vec<&'r str>> {
        match self.slots.get(&Slot::Path) {
            Some(Condition::Path(patterns)) => {
                Some(patterns.iter().map(|pattern| pattern.split('*').next().unwrap_or_default()).collect())
            }
            _ => None,
        }
    }

    /// Returns whether two rules of equal rank can match the same failure with the same number of conditions.
    pub(super) fn overlap(&self, other: &Self) -> bool {
        let are_disjoint = |(slot, condition): (&Slot<'_>, &&Condition)| {
            other.slots.get(slot).is_some_and(|other_condition| match (slot, condition, other_condition) {
                (
                    Slot::Header(name),
                    Condition::Header(_, comparison, _),
                    Condition::Header(_, other_comparison, _),
                ) => {
                    are_disjoint_headers((*comparison, &self.headers[name]), (*other_comparison, &other.headers[name]))
                }
                _ => are_disjoint(condition, other_condition),
            })
        };
        // A text can contain two phrases; the case that is first in the catalog then matches.
        let have_other_phrases = !self.phrases.is_empty() && !other.phrases.is_empty() && self.phrases != other.phrases;
        self.rule.conditions.len() == other.rule.conditions.len()
            && !have_other_phrases
            && !self.slots.iter().any(are_disjoint)
            && !self.excludes(other)
            && !other.excludes(self)
    }

    /// Returns whether the conditions contradict each other.
    pub(super) fn are_contradictory(&self) -> bool {
        self.excludes(self)
    }

    /// Returns whether a `not` of this rule excludes every failure that the other rule matches.
    fn excludes(&self, other: &Self) -> bool {
        self.rule.conditions.iter().any(|condition| match condition {
            Condition::Not(Negated(negated)) => negated.iter().all(|condition| other.implies(condition)),
            _ => false,
        })
    }

    /// Returns whether a condition on a header holds for every failure that the rule matches.
    fn implies_header(&self, name: &str, comparison: Comparison, values: &[String]) -> bool {
        use Comparison::{Absent, Contains, Equals, Prefix, Present};
        let (Some(Condition::Header(_, own, _)), Some(own_values)) =
            (self.slots.get(&Slot::Header(name)), self.headers.get(name))
        else {
            return false;
        };
        let values: BTreeSet<_> = values.iter().map(|value| value.to_ascii_lowercase()).collect();
        if own_values.len().saturating_mul(values.len()) > MAX_PAIRS {
            return false;
        }
        let all = |is_implied: fn(&str, &str) -> bool| {
            own_values.iter().all(|own| values.iter().any(|value| is_implied(own, value)))
        };
        match (own, comparison) {
            (Absent, other) => other == Absent,
            (_, Present) => true,
            (Equals, Equals) => own_values.is_subset(&values),
            (Equals | Prefix, Prefix) => all(|own, value| own.starts_with(value)),
            (Equals | Prefix | Contains, Contains) => all(|own, value| own.contains(value)),
            _ => false,
        }
    }

    /// Returns whether a condition holds for every failure that the rule matches.
    fn implies(&self, condition: &Condition) -> bool {
        if self.all.contains(condition) {
            return true;
        }
        match condition {
            // A phrase contains shorter ones.
            Condition::Text(phrase) => {
                let phrase = format!(" {} ", phrase.to_lowercase());
                self.phrases.iter().any(|longer| format!(" {longer} ").contains(&phrase))
            }
            Condition::Header(name, comparison, values) => self.implies_header(name, *comparison, values),
            Condition::Has(pointer) => self.slots.contains_key(&Slot::Json(pointer)),
            _ => {
                let other = slot(condition).and_then(|slot| self.slots.get(&slot));
                other.is_some_and(|other| is_implied_by(condition, other))
            }
        }
    }
}

/// Returns whether no value fulfills both of two conditions in the same slot, which is not a header.
fn are_disjoint(first: &Condition, second: &Condition) -> bool {
    match (first, second) {
        (Condition::Status(a), Condition::Status(b)) => {
            !a.iter().any(|&(low, high)| b.iter().any(|&(from, to)| low <= to && from <= high))
        }
        (Condition::Close(a), Condition::Close(b)) => have_no_common(a, b),
        (Condition::Code(a), Condition::Code(b))
        | (Condition::Reason(a), Condition::Reason(b))
        | (Condition::Json(_, a), Condition::Json(_, b))
        | (Condition::Method(a), Condition::Method(b)) => have_no_common(a, b),
        (Condition::Frame(a), Condition::Frame(b)) => a != b,
        (Condition::TransportError(a), Condition::TransportError(b)) => !a.iter().any(|error| b.contains(error)),
        (Condition::Path(a), Condition::Path(b)) => {
            a.len().saturating_mul(b.len()) <= MAX_PAIRS
                && !a.iter().any(|first| b.iter().any(|second| can_match_same_path(first, second)))
        }
        _ => false,
    }
}

/// Returns whether two sorted lists have no common value.
fn have_no_common<T: Ord>(first: &[T], second: &[T]) -> bool {
    !first.iter().any(|value| second.binary_search(value).is_ok())
}

/// Returns whether no header fulfills both comparisons with values in lower case.
fn are_disjoint_headers(first: (Comparison, &BTreeSet<String>), second: (Comparison, &BTreeSet<String>)) -> bool {
    use Comparison::{Absent, Contains, Equals, Prefix, Present};
    // Of all texts, those with a prefix are the range from the prefix on.
    let has_prefixed = |values: &BTreeSet<String>, prefix: &str| {
        values.range(prefix.to_owned()..).next().is_some_and(|value| value.starts_with(prefix))
    };
    match (first, second) {
        ((Absent, _), (other, _)) | ((other, _), (Absent, _)) => other != Absent,
        ((Equals, values), (Contains, parts)) | ((Contains, parts), (Equals, values)) => {
            values.len().saturating_mul(parts.len()) <= MAX_PAIRS
                && !values.iter().any(|value| parts.iter().any(|part| value.contains(part.as_str())))
        }
        ((Present | Contains, _), _) | (_, (Present | Contains, _)) => false,
        ((Equals, a), (Equals, b)) => a.is_disjoint(b),
        ((Prefix, prefixes), (Equals, values)) | ((Equals, values), (Prefix, prefixes)) => {
            !prefixes.iter().any(|prefix| has_prefixed(values, prefix))
        }
        ((Prefix, a), (Prefix, b)) => {
            !a.iter().any(|prefix| has_prefixed(b, prefix)) && !b.iter().any(|prefix| has_prefixed(a, prefix))
        }
    }
}

/// Returns whether a path can match both patterns. Of two segments with `*`, only the parts before the first
/// and after the last `*` are compared, so the result can be a false `true`.
fn can_match_same_path(first: &str, second: &str) -> bool {
    let (mut a, mut b) = (first.split('/'), second.split('/'));
    loop {
        match (a.next(), b.next()) {
            (Some("**"), _) | (_, Some("**")) | (None, None) => return true,
            (Some(a), Some(b)) if a.contains('*') && b.contains('*') => {
                if !has_common_text(a, b) {
                    return false;
                }
            }
            (Some(a), Some(b)) if path_matches(a, b) || path_matches(b, a) => {}
            _ => return false,
        }
    }
}

/// Returns whether a text can match two segments with `*`, by their parts before the first `*` and after the last.
fn has_common_text(first: &str, second: &str) -> bool {
    let parts = |segment| {
        let (prefix, _) = str::split_once(segment, '*').unwrap_or((segment, ""));
        let (_, suffix) = str::rsplit_once(segment, '*').unwrap_or(("", segment));
        (prefix, suffix)
    };
    let ((prefix, suffix), (other_prefix, other_suffix)) = (parts(first), parts(second));
    (prefix.starts_with(other_prefix) || other_prefix.starts_with(prefix))
        && (suffix.ends_with(other_suffix) || other_suffix.ends_with(suffix))
}

/// Returns whether a pattern matches every path that another one matches. The wildcards of the other are read as text, which only a
/// wildcard matches.
fn includes_paths(all: &str, some: &str) -> bool {
    match some.strip_suffix("/**") {
        Some(base) => all.ends_with("/**") && path_matches(base, all),
        None => path_matches(some, all),
    }
}

/// Returns whether each value that fulfills `other` fulfills the condition in the same slot as well.
fn is_implied_by(condition: &Condition, other: &Condition) -> bool {
    match (condition, other) {
        (Condition::Status(all), Condition::Status(some)) => {
            some.iter().all(|&(low, high)| all.iter().any(|&(from, to)| from <= low && high <= to))
        }
        (Condition::Close(all), Condition::Close(some)) => contains_all(all, some),
        (Condition::Code(all), Condition::Code(some))
        | (Condition::Reason(all), Condition::Reason(some))
        | (Condition::Json(_, all), Condition::Json(_, some))
        | (Condition::Method(all), Condition::Method(some)) => contains_all(all, some),
        (Condition::TransportError(all), Condition::TransportError(some)) => {
            some.iter().all(|error| all.contains(error))
        }
        (Condition::Path(all), Condition::Path(some)) => {
            all.len().saturating_mul(some.len()) <= MAX_PAIRS
                && some.iter().all(|some| all.iter().any(|all| includes_paths(all, some)))
        }
        _ => false,
    }
}

/// Returns whether a sorted list contains all values of another.
fn contains_all<T: Ord>(all: &[T], some: &[T]) -> bool {
    some.iter().all(|value| all.binary_search(value).is_ok())
}
