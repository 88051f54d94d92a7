//! The indexes of a table: they find a rule by its code and a case by its status without decoding the others.

use crate::encoding::{Encoder, FixedWidth};
use crate::layout::RuleParts;

/// The width of an offset: enough for tables of up to 1 GiB.
pub(crate) const OFFSET: usize = 5;
/// The width of a case's index, or of a status, in the index of statuses.
const NUMBER: usize = 3;

/// Encodes the index of codes: a hash table of the rules with a code, with open addressing. A slot contains the rule's offset
/// plus one, or zero. Of the rules with the same code, the one with the most conditions is first.
///
/// A sorted index would need no hash function, but is slower: 50 ns instead of 30 at 16 codes, 210 instead of 77 at 5,000.
pub(crate) fn encode_codes<'r>(rules: impl Iterator<Item = (&'r RuleParts, usize)>) -> Encoder {
    let mut rules: Vec<_> = rules.filter(|(rule, _)| !rule.code.is_empty()).collect();
    rules.sort_by_key(|(rule, _)| usize::MAX - rule.conditions.len());
    // At most three quarters of the slots are used.
    let mut slots = vec![0; if rules.is_empty() { 0 } else { (rules.len() * 4 / 3 + 1).next_power_of_two() }];
    for (rule, offset) in rules {
        let free = probe(&rule.code, slots.len()).find(|&slot| slots[slot] == 0);
        if let Some(slot) = free {
            slots[slot] = offset + 1;
        }
    }
    let mut to = Encoder::default();
    for slot in slots {
        to.fixed::<OFFSET>(slot);
    }
    to
}

/// Returns the offsets of the rules that may have a code: the slots from its hash on, up to the first free one.
pub(crate) fn candidates<'a, 'c>(index: &'a str, code: &'c str) -> impl Iterator<Item = usize> + use<'a, 'c> {
    let index = FixedWidth::<OFFSET>::new(index);
    probe(code, index.len()).map_while(move |slot| index.get(slot)?.checked_sub(1))
}

/// Returns the slots in which a code may be, in the order in which they are filled.
fn probe(code: &str, slots: usize) -> impl Iterator<Item = usize> + use<> {
    #[expect(clippy::cast_possible_truncation, reason = "32 bits are as good a hash")]
    let first = hash(code.as_bytes()) as usize;
    // The number of slots is a power of two, unless the table is damaged: then some slots are never probed.
    let mask = slots.wrapping_sub(1);
    (0..slots).map(move |step| first.wrapping_add(step) & mask)
}

fn hash(code: &[u8]) -> u64 {
    // Fibonacci hashing: the odd number next to 2^64 divided by the golden ratio.
    let mix = |hash: u64, word: u64| {
        let product = (hash ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        product ^ product >> 32
    };
    let (words, rest) = code.as_chunks();
    let hash = words.iter().fold(code.len() as u64, |hash, word| mix(hash, u64::from_le_bytes(*word)));
    mix(hash, rest.iter().fold(0, |word, byte| word << 8 | u64::from(*byte)))
}

/// Encodes the index of statuses: the first status, then, for it and each status above, the index plus one of the case that the
/// status alone selects, or zero.
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
