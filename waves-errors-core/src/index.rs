//! How a table finds a rule without reading all of them: by its code, by its status.

use crate::pack::{Fixed, OFFSET, Writer};
use crate::wire::Rule;

/// How many characters a case's number takes in the index of statuses.
const NUMBER: usize = 3;

/// A hash table with open addresses, three quarters full at the most: rules of one code stay in their order.
pub(crate) fn hashed(rules: &[(&String, &Rule, usize)]) -> Vec<usize> {
    let mut slots = vec![0; if rules.is_empty() { 0 } else { (rules.len() * 4 / 3 + 1).next_power_of_two() }];
    for &(code, _, at) in rules {
        let free = probe(code, slots.len()).find(|&slot| slots[slot] == 0);
        if let Some(slot) = free {
            slots[slot] = at + 1;
        }
    }
    slots
}

/// The slots where a code may stand, in the order in which they are taken.
fn probe(code: &str, slots: usize) -> impl Iterator<Item = usize> + use<> {
    #[expect(clippy::cast_possible_truncation, reason = "as good a hash in 32 bits")]
    let first = hash(code.as_bytes()) as usize;
    // A power of two, unless the table is damaged.
    let mask = slots.wrapping_sub(1);
    (0..slots).map(move |step| first.wrapping_add(step) & mask)
}

fn hash(code: &[u8]) -> u64 {
    // Fibonacci hashing: the odd number next to 2^64 by the golden ratio.
    let mix = |hash: u64, word: u64| {
        let product = (hash ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        product ^ product >> 32
    };
    let (words, rest) = code.as_chunks();
    let hash = words.iter().fold(code.len() as u64, |hash, word| mix(hash, u64::from_le_bytes(*word)));
    mix(hash, rest.iter().fold(0, |word, byte| word << 8 | u64::from(*byte)))
}

/// Writes the index of statuses: the first, then, for it and each above, the case (from 1) that a status alone makes.
pub(crate) fn write_statuses(pack: &mut Writer, rules: &[Rule]) {
    let named = || rules.iter().filter_map(|rule| Some((rule.case, rule.only_statuses()?)));
    let ranges = || named().flat_map(|(_, ranges)| ranges.iter().copied());
    let (Some(low), Some(high)) = (ranges().map(|r| r.0).min(), ranges().map(|r| r.1).max()) else { return };
    let mut cases = vec![0; usize::from(high.saturating_sub(low)) + 1];
    for (case, ranges) in named() {
        for status in ranges.iter().flat_map(|&(from, to)| from..=to) {
            let place = &mut cases[usize::from(status - low)];
            if *place == 0 {
                *place = usize::from(case) + 1;
            }
        }
    }
    pack.fixed(low.into(), NUMBER);
    for case in cases {
        pack.fixed(case, NUMBER);
    }
}

/// Where the rules begin that may have a code, from the index of codes.
pub(crate) fn slots<'a, 'c>(index: &'a str, code: &'c str) -> impl Iterator<Item = usize> + use<'a, 'c> {
    let index = Fixed::<OFFSET>::new(index);
    probe(code, index.len()).map_while(move |slot| index.get(slot)?.checked_sub(1))
}

/// The case that a status alone makes, from the index of statuses.
#[inline]
pub(crate) const fn of_status(index: &str, status: u16) -> Option<u16> {
    let index = Fixed::<NUMBER>::new(index);
    let Some(first) = index.get(0) else { return None };
    let Some(place) = (status as usize).checked_sub(first) else { return None };
    match index.get(place + 1) {
        None | Some(0) => None,
        #[expect(clippy::cast_possible_truncation, reason = "a case's number is a u16 where it is written")]
        Some(number) => Some((number - 1) as u16),
    }
}

#[cfg(test)]
mod tests {
    use crate::table::{Parts, Table, write};
    use crate::wire::{Condition, Rule};

    #[test]
    fn every_code_is_found_and_rules_of_one_stay_in_their_order() {
        let code = |n: usize| format!("code_{}", n / 2);
        let rule = |n: usize| {
            let mut conditions = vec![Condition::Code(code(n))];
            // The second of each pair has more conditions.
            conditions.extend((n % 2 == 1).then(|| Condition::Has("/a".to_owned())));
            Rule { case: u16::try_from(n).unwrap(), conditions }
        };
        let packed = write(&Parts { rules: (0..2000).map(rule).collect(), ..Parts::default() });
        let table = Table::new(&packed);
        for n in (0..2000).step_by(2) {
            let cases: Vec<_> = table.rules_of_code(&code(n)).map(|rule| usize::from(rule.case)).collect();
            assert_eq!(cases, [n + 1, n]);
        }
        assert_eq!(table.rules_of_code("code_1000").count() + table.rules_of_code("").count(), 0);
        assert_eq!(Table::new("").rules_of_code("code_1").count(), 0);
        // However a table is damaged, looking ends.
        for end in (0..packed.len()).step_by(97) {
            let damaged = packed.get(..end).unwrap_or_default();
            Table::new(damaged).rules_of_code("code_1").for_each(drop);
        }
    }
}
