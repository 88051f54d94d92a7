//! The indexes of a table: they find a rule by its code and a case by its status without decoding the others.

use std::cmp::Ordering;

use crate::encoding::{Decoder, Encoder, FixedWidth};
use crate::layout::{RuleParts, RuleView};

/// The width of an offset: enough for tables of up to 1 GiB.
pub(crate) const OFFSET: usize = 5;
/// The width of a case's index, or of a status, in the index of statuses.
const NUMBER: usize = 3;

/// Compares codes for the index: by length first, which is cheaper than comparing texts.
fn compare(left: &str, right: &str) -> Ordering {
    left.len().cmp(&right.len()).then_with(|| left.cmp(right))
}

/// Encodes the index of codes: the offsets of the rules with a code, sorted by code. Of one code, the rule with the most conditions comes
/// first.
pub(crate) fn encode_codes<'r>(rules: impl Iterator<Item = (&'r RuleParts, usize)>) -> Encoder {
    let mut rules: Vec<_> = rules.filter(|(rule, _)| !rule.code.is_empty()).collect();
    let most_conditions_first = |rule: &RuleParts| usize::MAX - rule.conditions.len();
    rules.sort_by(|(left, _), (right, _)| {
        compare(&left.code, &right.code).then_with(|| most_conditions_first(left).cmp(&most_conditions_first(right)))
    });
    let mut to = Encoder::default();
    for (_, offset) in rules {
        to.fixed::<OFFSET>(offset);
    }
    to
}

/// Returns the offsets of the rules with a code. `rules` is the section that the offsets refer to.
pub(crate) fn offsets_of_code<'a, 'c>(
    index: &'a str,
    rules: &'a str,
    code: &'c str,
) -> impl Iterator<Item = usize> + use<'a, 'c> {
    let index = FixedWidth::<OFFSET>::new(index);
    let compare_with = move |offset: usize| compare(RuleView(Decoder::at(rules, offset)).code(), code);
    // The first rule whose code is not less. A damaged index is not sorted: then the search ends at any rule.
    let (mut low, mut high) = (0, index.len());
    while low < high {
        let middle = low + (high - low) / 2;
        match index.get(middle).map(compare_with) {
            Some(Ordering::Less) => low = middle + 1,
            _ => high = middle,
        }
    }
    (low..index.len()).map_while(move |n| index.get(n).filter(|&offset| compare_with(offset).is_eq()))
}

/// Encodes the index of statuses: the first status, then, for it and each status above, the index plus one of the case that the status
/// alone selects, or zero.
pub(crate) fn encode_statuses(rules: &[(u16, &[(u16, u16)])]) -> Encoder {
    let mut to = Encoder::default();
    let ranges = || rules.iter().flat_map(|(_, ranges)| ranges.iter());
    let (Some(low), Some(high)) = (ranges().map(|range| range.0).min(), ranges().map(|range| range.1).max()) else {
        return to;
    };
    let mut cases = vec![0; usize::from(high.saturating_sub(low)) + 1];
    for (case, ranges) in rules {
        for status in ranges.iter().flat_map(|&(first, last)| first..=last) {
            let number = &mut cases[usize::from(status - low)];
            if *number == 0 {
                *number = usize::from(*case) + 1;
            }
        }
    }
    to.fixed::<NUMBER>(low.into());
    for number in cases {
        to.fixed::<NUMBER>(number);
    }
    to
}

/// Returns the index of the case that a status alone selects.
#[inline]
pub(crate) const fn case_of_status(index: &str, status: u16) -> Option<u16> {
    let index = FixedWidth::<NUMBER>::new(index);
    let Some(low) = index.get(0) else { return None };
    let Some(above) = (status as usize).checked_sub(low) else { return None };
    match index.get(above + 1) {
        None | Some(0) => None,
        #[expect(clippy::cast_possible_truncation, reason = "the encoder writes the index of a case, a u16, plus one")]
        Some(number) => Some((number - 1) as u16),
    }
}
