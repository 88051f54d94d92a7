//! The table of a catalog: one packed text with all that a program needs of it at run time. Written by [`write`],
//! read by [`Table`]. Sections stand in the order of [`Section`], their offsets first.

use crate::case::Severity;
use crate::index::{hashed, of_status, slots, write_statuses};
use crate::pack::{Fixed, OFFSET, Reader, Writer, head, tail};
use crate::policy::{Policy, RetryOnly};
use crate::wire::{PackedRule, PackedWire, Rule, Texts, Wire, write_texts};

/// The parts of a table.
#[derive(Clone, Copy)]
enum Section {
    /// The catalog's id.
    Id,
    /// How the API speaks.
    Wire,
    /// How a caller proves who it is.
    Key,
    /// What may be shown.
    Redact,
    /// The addresses of the published pages.
    Pages,
    /// The retry policies.
    Policies,
    /// The checklists.
    Checklists,
    /// Where each case begins.
    CaseIndex,
    /// The cases.
    Cases,
    /// The rules with a code, in a hash table: from the place of its hash on, where each that has a code begins, plus one.
    CodeIndex,
    /// The first status that a rule names, then, for it and each above, the case (from 1) that a status alone makes.
    StatusIndex,
    /// The rules that are in neither index, most specific first: where each begins.
    OtherIndex,
    /// The rules.
    Rules,
}
const SECTIONS: usize = Section::Rules as usize + 1;

/// All that goes into a table.
#[derive(Debug, Clone, Default)]
pub struct Parts {
    /// The catalog's id.
    pub id: String,
    /// `[wire]`.
    pub wire: Wire,
    /// `[key]`.
    pub key: Key,
    /// `[redact]`.
    pub redact: Redact,
    /// The absolute addresses of the published pages.
    pub pages: Vec<String>,
    /// Policies with their ids.
    pub policies: Vec<(String, Policy)>,
    /// The checklists.
    pub checklists: Vec<ChecklistParts>,
    /// The cases.
    pub cases: Vec<CaseParts>,
    /// The rules.
    pub rules: Vec<Rule>,
}

/// `[key]`: how a caller proves who it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Key<S = String> {
    /// The header with the key, in lower case.
    pub header: S,
    /// The scheme before the key.
    pub scheme: S,
    /// What keys start with.
    pub prefixes: Vec<S>,
    /// Query parameters that may hold the key.
    pub query: Vec<S>,
}

/// `[redact]`: what may be shown.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Redact<S = String> {
    /// Headers, in lower case, whose values may be shown.
    pub keep_headers: Vec<S>,
    /// Query parameters whose values may be shown.
    pub keep_query: Vec<S>,
    /// JSON fields of which only the length may be shown.
    pub contents: Vec<S>,
}

/// What a table holds of one case.
#[derive(Debug, Clone, Default)]
pub struct CaseParts {
    /// The id.
    pub id: String,
    /// The Rust name.
    pub variant: String,
    /// The status, or 0.
    pub status: u16,
    /// The code, or nothing.
    pub code: String,
    /// The policy's place plus one, or 0.
    pub policy: usize,
    /// The place of the case that this one refines plus one, or 0.
    pub refines: usize,
    /// The page's place plus one, or 0.
    pub page: usize,
    /// The heading on the page, in Markdown.
    pub title: String,
    /// The anchor on the page.
    pub anchor: String,
    /// The line that `Display` prints.
    pub display: String,
    /// What happened, in Markdown with absolute links.
    pub summary: String,
    /// How bad it is.
    pub severity: Severity,
    /// Further words that find the case.
    pub aliases: Vec<String>,
    /// Why it happens.
    pub causes: Vec<StepParts>,
    /// What to do.
    pub fixes: Vec<StepParts>,
}

/// What a table holds of a cause or a fix.
#[derive(Debug, Clone, Default)]
pub struct StepParts {
    /// The id, or nothing.
    pub id: String,
    /// The text, in Markdown with absolute links.
    pub text: String,
    /// What checks it, as [`Check`](crate::Check) reads it, or nothing.
    pub check: String,
    /// The ids of the causes that a fix is for.
    pub causes: Vec<String>,
}

/// What a table holds of a checklist.
#[derive(Debug, Clone, Default)]
pub struct ChecklistParts {
    /// The id.
    pub id: String,
    /// What stands before the items, or nothing.
    pub intro: String,
    /// The items.
    pub items: Vec<ItemParts>,
}

/// What a table holds of an item of a checklist.
#[derive(Debug, Clone, Default)]
pub struct ItemParts {
    /// What is asked for, in Markdown with absolute links.
    pub text: String,
    /// What is collected for it.
    pub collect: Vec<String>,
}

/// Packs a table.
pub fn write(parts: &Parts) -> String {
    let mut sections: [String; SECTIONS] = Default::default();
    let mut section = |which: Section, fill: &mut dyn FnMut(&mut Writer)| {
        let mut pack = Writer::new();
        fill(&mut pack);
        sections[which as usize] = pack.finish();
    };
    section(Section::Id, &mut |pack| {
        pack.raw(&parts.id);
    });
    section(Section::Wire, &mut |pack| parts.wire.write(pack));
    section(Section::Key, &mut |pack| {
        pack.text(&parts.key.header).text(&parts.key.scheme);
        write_texts(pack, &parts.key.prefixes);
        write_texts(pack, &parts.key.query);
    });
    section(Section::Redact, &mut |pack| {
        write_texts(pack, &parts.redact.contents);
        write_texts(pack, &parts.redact.keep_headers);
        write_texts(pack, &parts.redact.keep_query);
    });
    section(Section::Pages, &mut |pack| write_texts(pack, &parts.pages));
    section(Section::Policies, &mut |pack| {
        pack.list(&parts.policies, |pack, (id, policy)| {
            pack.text(id).number(policy.initial_ms).number(policy.multiplier.into()).number(policy.max_ms);
            pack.number(policy.max_retries.into()).number(policy.jitter.into());
            pack.number(policy.respect_retry_after.into()).number(policy.retry_after_limit_ms);
            pack.number(policy.only.map_or(0, |only| only as u64 + 1));
        });
    });
    section(Section::Checklists, &mut |pack| {
        pack.list(&parts.checklists, |pack, checklist| {
            pack.text(&checklist.id).text(&checklist.intro);
            pack.list(&checklist.items, |pack, item| {
                pack.text(&item.text);
                write_texts(pack, &item.collect);
            });
        });
    });

    let (index, cases) = indexed(&parts.cases, CaseParts::write);
    section(Section::CaseIndex, &mut |pack| pack.offsets(index.iter().copied()));
    section(Section::Cases, &mut |pack| {
        pack.raw(&cases);
    });

    let (index, rules) = indexed(&parts.rules, Rule::write);
    let mut by_code: Vec<_> =
        parts.rules.iter().zip(&index).filter_map(|(rule, &at)| Some((rule.code()?, rule, at))).collect();
    // Of one code the rule with the most conditions is found first.
    by_code.sort_by_key(|&(code, rule, at)| (code, usize::MAX - rule.conditions.len(), at));
    section(Section::CodeIndex, &mut |pack| pack.offsets(hashed(&by_code).into_iter()));
    section(Section::StatusIndex, &mut |pack| write_statuses(pack, &parts.rules));
    let mut others: Vec<_> = parts
        .rules
        .iter()
        .zip(&index)
        .filter(|(rule, _)| rule.code().is_none() && rule.only_statuses().is_none())
        .collect();
    others.sort_by_key(|(rule, at)| (rule.rank(), usize::MAX - rule.conditions.len(), **at));
    section(Section::OtherIndex, &mut |pack| pack.offsets(others.iter().map(|&(_, &at)| at)));
    section(Section::Rules, &mut |pack| {
        pack.raw(&rules);
    });

    let mut pack = Writer::new();
    let mut at = SECTIONS * OFFSET;
    for section in &sections {
        pack.fixed(at, OFFSET);
        at += section.len();
    }
    for section in &sections {
        pack.raw(section);
    }
    pack.finish()
}

/// All items, and where each begins.
fn indexed<T>(items: &[T], fill: impl Fn(&T, &mut Writer)) -> (Vec<usize>, String) {
    let mut pack = Writer::new();
    let index = items
        .iter()
        .map(|item| {
            let at = pack.len();
            fill(item, &mut pack);
            at
        })
        .collect();
    (index, pack.finish())
}

impl CaseParts {
    /// Numbers and what decides first, so that lookups read little.
    fn write(&self, pack: &mut Writer) {
        pack.text(&self.display).text(&self.id).number(self.status.into()).text(&self.code);
        pack.number(self.policy as u64).number(self.refines as u64);
        pack.text(&self.variant).text(&self.title).text(&self.summary);
        pack.number(self.page as u64).text(&self.anchor);
        for steps in [&self.causes, &self.fixes] {
            pack.record(|pack| {
                pack.list(steps, |pack, step| {
                    pack.text(&step.id).text(&step.text).text(&step.check);
                    write_texts(pack, &step.causes);
                });
            });
        }
        write_texts(pack, &self.aliases);
        pack.number(self.severity as u64);
    }
}

/// A packed table, read where it lies. Where its sections are is read once, for a static at compile time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Table<'a> {
    sections: [&'a str; SECTIONS],
}

impl<'a> Table<'a> {
    /// The table in a packed text.
    pub const fn new(packed: &'a str) -> Self {
        let starts = Fixed::<OFFSET>::new(packed);
        let (mut sections, mut section, mut rest) = ([""; SECTIONS], SECTIONS, packed);
        // From the last on: each ends where the next begins.
        while section > 0 {
            section -= 1;
            if let Some(start) = starts.get(section) {
                sections[section] = tail(rest, start);
                rest = head(rest, start);
            }
        }
        Self { sections }
    }

    #[inline]
    const fn section(&self, which: Section) -> &'a str {
        self.sections[which as usize]
    }

    #[inline]
    const fn offsets(&self, which: Section) -> Fixed<'a, OFFSET> {
        Fixed::new(self.section(which))
    }

    pub(crate) const fn id(&self) -> &'a str {
        self.section(Section::Id)
    }

    /// `[wire]`.
    pub fn wire(&self) -> PackedWire<'a> {
        PackedWire::read(Reader::new(self.section(Section::Wire)))
    }

    /// `[key]`.
    pub fn key(&self) -> Key<&'a str> {
        let mut from = Reader::new(self.section(Section::Key));
        let (header, scheme) = (from.text(), from.text());
        let mut texts = || Texts::read(&mut from).iter().collect();
        Key { header, scheme, prefixes: texts(), query: texts() }
    }

    /// The JSON fields of which only the length may be shown.
    pub fn contents(&self) -> Texts<'a> {
        Texts::read(&mut Reader::new(self.section(Section::Redact)))
    }

    /// `[redact]`.
    pub fn redact(&self) -> Redact<&'a str> {
        let mut from = Reader::new(self.section(Section::Redact));
        let mut texts = || Texts::read(&mut from).iter().collect();
        Redact { contents: texts(), keep_headers: texts(), keep_query: texts() }
    }

    pub(crate) fn page(&self, number: usize) -> Option<&'a str> {
        Texts::read(&mut Reader::new(self.section(Section::Pages))).iter().nth(number)
    }

    pub(crate) fn policies(&self) -> impl Iterator<Item = (&'a str, Policy)> + use<'a> {
        Reader::new(self.section(Section::Policies)).list(read_policy)
    }

    pub(crate) const fn checklists(&self) -> Reader<'a> {
        Reader::new(self.section(Section::Checklists))
    }

    pub(crate) const fn len(&self) -> usize {
        self.offsets(Section::CaseIndex).len()
    }

    /// The record of a case, or an empty one where there is no such case.
    #[inline]
    pub(crate) const fn case(&self, index: usize) -> Reader<'a> {
        match self.offsets(Section::CaseIndex).get(index) {
            Some(at) => Reader::new(tail(self.section(Section::Cases), at)),
            None => Reader::new(""),
        }
    }

    /// The rules with this code, in the file's order.
    pub(crate) fn rules_of_code<'c>(&self, code: &'c str) -> impl Iterator<Item = PackedRule<'a>> + use<'a, 'c> {
        let rules = self.section(Section::Rules);
        slots(self.section(Section::CodeIndex), code).filter_map(move |at| {
            let mut from = Reader::new(tail(rules, at));
            (from.text() == code).then(|| PackedRule::read(from))
        })
    }

    /// The case that this status alone makes.
    #[inline]
    pub(crate) const fn case_of_status(&self, status: u16) -> Option<u16> {
        of_status(self.section(Section::StatusIndex), status)
    }

    /// The rules in neither index, most specific first.
    pub(crate) fn other_rules(&self) -> impl Iterator<Item = PackedRule<'a>> + use<'a> {
        let (index, rules) = (self.offsets(Section::OtherIndex), self.section(Section::Rules));
        (0..index.len()).filter_map(move |n| {
            let mut from = Reader::new(tail(rules, index.get(n)?));
            // They have no code.
            from.text();
            Some(PackedRule::read(from))
        })
    }
}

fn read_policy<'a>(from: &mut Reader<'a>) -> (&'a str, Policy) {
    let number = |from: &mut Reader<'a>| u32::try_from(from.number()).unwrap_or(u32::MAX);
    let id = from.text();
    let mut policy = Policy {
        initial_ms: from.number(),
        multiplier: number(from).max(1000),
        max_ms: from.number(),
        max_retries: number(from),
        jitter: number(from).min(1000),
        respect_retry_after: from.number() != 0,
        retry_after_limit_ms: from.number(),
        only: None,
    };
    if let Some(number) = usize::try_from(from.number()).unwrap_or(usize::MAX).checked_sub(1) {
        policy.only = RetryOnly::ALL.get(number).copied();
        // A limit that this version does not know: retrying could exceed it.
        if policy.only.is_none() {
            policy.max_retries = 0;
        }
    }
    (id, policy)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn policy(only: Option<RetryOnly>) -> Policy {
        Policy::builder().initial(Duration::from_millis(500)).max_retries(3).only(only).build().unwrap()
    }

    #[test]
    fn retry_only_survives_writing_and_reading_a_table() {
        let policies = [("all".to_owned(), policy(None)), ("safe".to_owned(), policy(Some(RetryOnly::Idempotent)))];
        let table = write(&Parts { policies: policies.to_vec(), ..Parts::default() });
        let read: Vec<_> = Table::new(&table).policies().map(|(id, policy)| (id.to_owned(), policy)).collect();
        assert_eq!(read, policies);
    }

    #[test]
    fn retry_only_with_an_unknown_number_never_retries() {
        let read = |only: u64| {
            let mut pack = Writer::new();
            pack.text("x").number(500).number(1000).number(500).number(3).number(0).number(1).number(120_000);
            pack.number(only);
            read_policy(&mut Reader::new(&pack.finish())).1
        };
        assert_eq!(read(0), policy(None));
        assert_eq!(read(1), policy(Some(RetryOnly::Idempotent)));
        for unknown in [2, 3, u64::MAX] {
            assert_eq!(read(unknown).max_retries(), 0, "{unknown}");
        }
    }
}
