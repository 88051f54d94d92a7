//! [`Table`]: the encoded form of a catalog, which programs contain. [`encode`] writes it.
//!
//! [`encoding`](crate::encoding) explains how values are encoded, and [`layout`](crate::layout) defines the records.

use crate::condition::Rule;
use crate::encoding::{Decoder, Encode, Encoder, FixedWidth, List};
use crate::index::{OFFSET, candidates, case_of_status, encode_codes, encode_statuses};
use crate::layout::{
    CaseParts, CaseView, ChecklistParts, ChecklistView, Key, KeyView, PolicyParts, PolicyView, Redact, RedactView,
    RuleParts, RuleView, Texts, Wire, WireView,
};

/// Defines the sections of a table in their order. Each section is encoded as a text with the values that its comment lists.
macro_rules! sections {
    ($($(#[$doc:meta])* $section:ident,)*) => {
        /// An encoded table. `new` only splits it into sections, at compile time for a static. Values are decoded when they are read.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub struct Table<'a> {
            $($(#[$doc])* $section: &'a str,)*
        }

        impl<'a> Table<'a> {
            /// Creates the table of an encoded text.
            pub const fn new(text: &'a str) -> Self {
                let mut from = Decoder::new(text);
                Self { $($section: from.text(),)* }
            }
        }

        struct Sections {
            $($section: Encoder,)*
        }

        impl Sections {
            fn encode(self) -> String {
                let mut to = Encoder::default();
                $(to.text(&self.$section.finish());)*
                to.finish()
            }
        }
    };
}

sections! {
    /// The id of the catalog.
    id,
    /// [`Wire`].
    wire,
    /// [`Key`].
    key,
    /// [`Redact`].
    redact,
    /// The list of the URLs of the published pages.
    pages,
    /// The list of [`PolicyParts`].
    policies,
    /// The list of [`ChecklistParts`].
    checklists,
    /// The offset of each case in the section of cases.
    case_index,
    /// [`CaseParts`], one after another.
    cases,
    /// The hash table of the rules with a code: see [`encode_codes`].
    code_index,
    /// The cases that a status alone selects: see [`encode_statuses`].
    status_index,
    /// The offsets of the other rules, the most specific first.
    other_index,
    /// [`RuleParts`], one after another.
    rules,
}

/// The contents of a table.
#[derive(Debug, Clone, Default)]
pub struct TableParts {
    /// The id of the catalog.
    pub id: String,
    /// The keys of `[wire]`.
    pub wire: Wire,
    /// The keys of `[key]`.
    pub key: Key,
    /// The keys of `[redact]`.
    pub redact: Redact,
    /// The absolute URLs of the published pages.
    pub pages: Vec<String>,
    /// The retry policies.
    pub policies: Vec<PolicyParts>,
    /// The checklists.
    pub checklists: Vec<ChecklistParts>,
    /// The cases.
    pub cases: Vec<CaseParts>,
    /// The rules, in the order of the cases.
    pub rules: Vec<Rule>,
}

/// Encodes a table.
pub fn encode(parts: &TableParts) -> String {
    let (cases, case_offsets) = encode_indexed(&parts.cases);
    let (sources, rule_parts): (Vec<_>, Vec<_>) =
        parts.rules.iter().flat_map(|rule| RuleParts::of_rule(rule).map(move |parts| (rule, parts))).unzip();
    let (rules, rule_offsets) = encode_indexed(&rule_parts);

    let by_status: Vec<_> =
        parts.rules.iter().filter_map(|rule| Some((rule.case, rule.only_statuses()?.as_slice()))).collect();
    let is_other = |rule: &Rule| rule.codes().is_empty() && rule.only_statuses().is_none();
    let mut others: Vec<_> = sources.into_iter().zip(&rule_offsets).filter(|(rule, _)| is_other(rule)).collect();
    others.sort_by_key(|(rule, _)| (rule.rank(), usize::MAX - rule.conditions.len()));

    Sections {
        id: encoded(&parts.id),
        wire: encoded(&parts.wire),
        key: encoded(&parts.key),
        redact: encoded(&parts.redact),
        pages: encoded(&parts.pages),
        policies: encoded(&parts.policies),
        checklists: encoded(&parts.checklists),
        case_index: encode_offsets(case_offsets),
        cases,
        code_index: encode_codes(rule_parts.iter().zip(rule_offsets.iter().copied())),
        status_index: encode_statuses(&by_status),
        other_index: encode_offsets(others.into_iter().map(|(_, &offset)| offset)),
        rules,
    }
    .encode()
}

fn encoded(value: &impl Encode) -> Encoder {
    let mut to = Encoder::default();
    value.encode(&mut to);
    to
}

/// Encodes records one after another, and returns the offset of each.
fn encode_indexed<T: Encode>(records: &[T]) -> (Encoder, Vec<usize>) {
    let mut to = Encoder::default();
    let mut offsets = Vec::with_capacity(records.len());
    for record in records {
        offsets.push(to.len());
        record.encode(&mut to);
    }
    (to, offsets)
}

fn encode_offsets(offsets: impl IntoIterator<Item = usize>) -> Encoder {
    let mut to = Encoder::default();
    offsets.into_iter().for_each(|offset| to.fixed::<OFFSET>(offset));
    to
}

impl<'a> Table<'a> {
    pub(crate) const fn id(&self) -> &'a str {
        Decoder::new(self.id).text()
    }

    /// Returns the keys of `[wire]`.
    pub const fn wire(&self) -> WireView<'a> {
        WireView(Decoder::new(self.wire))
    }

    /// Returns the keys of `[key]`.
    pub const fn key(&self) -> KeyView<'a> {
        KeyView(Decoder::new(self.key))
    }

    /// Returns the keys of `[redact]`.
    pub const fn redact(&self) -> RedactView<'a> {
        RedactView(Decoder::new(self.redact))
    }

    pub(crate) fn page(&self, index: u16) -> Option<&'a str> {
        let mut pages: Texts<'a> = Decoder::new(self.pages).list();
        pages.nth(index.into())
    }

    pub(crate) const fn policies(&self) -> List<'a, PolicyView<'a>> {
        Decoder::new(self.policies).list()
    }

    pub(crate) const fn checklists(&self) -> List<'a, ChecklistView<'a>> {
        Decoder::new(self.checklists).list()
    }

    /// Returns the number of cases.
    pub(crate) const fn len(&self) -> usize {
        FixedWidth::<OFFSET>::new(self.case_index).len()
    }

    /// Returns the case with this index, or one without contents if it does not exist.
    #[inline]
    pub(crate) const fn case(&self, index: u16) -> CaseView<'a> {
        match FixedWidth::<OFFSET>::new(self.case_index).get(index as usize) {
            Some(offset) => CaseView(Decoder::at(self.cases, offset)),
            None => CaseView(Decoder::new("")),
        }
    }

    /// Returns the rules with a code, those with the most conditions first.
    pub(crate) fn rules_of_code<'c>(&self, code: &'c str) -> impl Iterator<Item = RuleView<'a>> + use<'a, 'c> {
        let rules = self.rules;
        let rules = candidates(self.code_index, code).map(move |offset| RuleView(Decoder::at(rules, offset)));
        rules.filter(move |rule| rule.code() == code)
    }

    /// Returns the index of the case that a status alone selects.
    #[inline]
    pub(crate) const fn case_of_status(&self, status: u16) -> Option<u16> {
        case_of_status(self.status_index, status)
    }

    /// Returns all rules, in the order of the cases. A rule with several codes is returned for each of them.
    pub(crate) const fn rules(&self) -> List<'a, RuleView<'a>> {
        List::of(Decoder::new(self.rules))
    }

    /// Returns the rules that are in neither of the two indexes, the most specific first.
    pub(crate) fn other_rules(&self) -> impl Iterator<Item = RuleView<'a>> + use<'a> {
        let (index, rules) = (FixedWidth::<OFFSET>::new(self.other_index), self.rules);
        (0..index.len()).filter_map(move |n| Some(RuleView(Decoder::at(rules, index.get(n)?))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::condition::Condition;

    #[test]
    fn every_code_is_found() {
        let code = |n: usize| format!("code_{}", n / 2);
        let rule = |n: usize| {
            let mut conditions = vec![Condition::Code(vec![code(n)])];
            // The second rule of each code has more conditions.
            conditions.extend((n % 2 == 1).then(|| Condition::Has("/a".to_owned())));
            Rule { case: u16::try_from(n).unwrap(), conditions }
        };
        let encoded = encode(&TableParts { rules: (0..2000).map(rule).collect(), ..TableParts::default() });
        let table = Table::new(&encoded);
        for n in (0..2000).step_by(2) {
            let cases: Vec<_> = table.rules_of_code(&code(n)).map(|rule| usize::from(rule.case())).collect();
            assert_eq!(cases, [n + 1, n]);
        }
        for unknown in ["code_1000", "", "a", "zzzzzzzzzzzzzzzz"] {
            assert_eq!(table.rules_of_code(unknown).count(), 0, "{unknown}");
        }
    }
}
