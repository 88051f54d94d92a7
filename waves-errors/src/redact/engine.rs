//! The engine of the redactor: reads a text line by line, and writes it with placeholders in place of the secrets that are found.

use std::collections::BTreeMap;
use std::ops::Range;

use super::known::{Seen, parts};
use super::line::Form;
use super::names::secret_name;
use super::notation::floor;
use super::pending::Pending;
use super::placeholder::characters;
use super::rules::Rules;
use super::scan::Carry;
use super::search::{Span, merged, search};
use super::shape::is_end;
use super::sibling;
use super::value::{is_credential, is_token};

/// The maximum length of a line, or of a part of a longer one.
pub(super) const WINDOW: usize = 256 << 10;
/// The same for a text of which only the start is needed.
const SHORT: usize = 4 << 10;
/// The maximum length of what precedes a secret and reveals it: its name, its scheme.
const CONTEXT: usize = 256;

/// Redacts the lines of a text in their order.
pub(super) struct Engine<'r> {
    rules: &'r Rules,
    form: Form,
    /// The maximum length of a part of a line.
    window: usize,
    carry: Carry,
    seen: Seen,
    counts: BTreeMap<String, usize>,
}

impl<'r> Engine<'r> {
    pub(super) fn new(rules: &'r Rules, form: Form) -> Self {
        Self { rules, form, window: WINDOW, carry: Carry::default(), seen: Seen::default(), counts: BTreeMap::new() }
    }

    /// Returns the kinds of the values replaced so far, with their number.
    pub(super) fn into_counts(self) -> BTreeMap<String, usize> {
        self.counts
    }

    pub(super) fn counts(&self) -> &BTreeMap<String, usize> {
        &self.counts
    }

    /// Returns the values of secret names, and the keys, in a text.
    pub(super) fn named_values(&mut self, text: &str) -> Vec<String> {
        let mut values = Vec::new();
        self.parts(text, |_, part, spans| {
            let named = spans.into_iter().filter(|span| ["field", "key"].contains(&span.what));
            values.extend(named.map(|span| part[span.range].to_owned()));
            true
        });
        values
    }

    /// Returns the ranges of the secrets in a text.
    pub(super) fn ranges(&mut self, text: &str) -> Vec<Range<usize>> {
        let mut ranges = Vec::new();
        let mut start = 0;
        self.parts(text, |_, part, spans| {
            ranges.extend(spans.into_iter().map(|span| start + span.range.start..start + span.range.end));
            start += part.len();
            true
        });
        ranges
    }

    /// Redacts a text, which ends with a line or with the whole text.
    pub(super) fn text(&mut self, text: &str, out: &mut String) {
        self.parts(text, |engine, part, spans| {
            engine.write(part, &spans, out);
            true
        });
    }

    /// Redacts the start of a text, until the output has more bytes than `limit`.
    pub(super) fn start(&mut self, text: &str, limit: usize, out: &mut String) {
        self.window = SHORT;
        self.parts(text, |engine, part, spans| {
            engine.write(part, &spans, out);
            out.len() <= limit
        });
    }

    /// Calls a function with each line of a text, or each part of a longer line, and its secrets. Ends when it returns `false`.
    fn parts(&mut self, text: &str, mut each: impl FnMut(&mut Self, &str, Vec<Span>) -> bool) {
        let mut lines = text.split_inclusive('\n').peekable();
        while let Some(mut rest) = lines.next() {
            while rest.len() > self.window {
                let (at, spans) = self.first_part(rest);
                if !each(self, &rest[..at], spans) {
                    return;
                }
                rest = &rest[at..];
            }
            let mut spans = self.spans(rest);
            if let Some(value) = lines.peek().and_then(|next| sibling_value(rest, next)) {
                spans.push(Span { range: value, what: "field", name: 0..0 });
                spans = merged(rest, spans);
            }
            if !each(self, rest, spans) {
                return;
            }
        }
    }

    /// Returns whether the line after this one can say that its value is secret.
    pub(super) fn waits_for_next(line: &str) -> bool {
        line.len() < CONTEXT && sibling::next_line(line).is_some()
    }

    /// Redacts the first part of a line that is longer than a window. Returns its length.
    pub(super) fn part(&mut self, line: &str, out: &mut String) -> usize {
        let (at, spans) = self.first_part(line);
        self.write(&line[..at], &spans, out);
        at
    }

    /// Returns the length of the first part of a line that is longer than a window, and its secrets.
    fn first_part(&mut self, line: &str) -> (usize, Vec<Span>) {
        let window = &line[..floor(line, self.window)];
        let mut spans = self.spans(window);
        let at = cut(window, floor(window, self.window / 4 * 3), &spans);
        let divided = spans.iter().find(|span| span.range.start < at && at < span.range.end);
        let pending = divided.map_or(Pending::Nothing, |span| Pending::within(span.what, &line[..span.range.start]));
        spans.retain(|span| span.range.start < at);
        for span in &mut spans {
            span.range.end = span.range.end.min(at);
            // The name of a value can follow it.
            if span.name.end > at {
                span.name = 0..0;
            }
        }
        self.carry = Carry { key: None, pending };
        (at, spans)
    }

    /// Returns the ranges to replace in a line, in their order and without overlaps.
    fn spans(&mut self, line: &str) -> Vec<Span> {
        let known = self.seen.known(&self.rules.known);
        let before = self.carry;
        let (spans, credentials) = search(self.rules, known, self.form, &mut self.carry, line);
        let remembered = self.seen.count();
        for credential in &credentials {
            self.remember(credential);
        }
        if self.seen.count() == remembered {
            return spans;
        }
        // The line can repeat the credentials that it shows first.
        self.carry = before;
        search(self.rules, self.seen.known(&self.rules.known), self.form, &mut self.carry, line).0
    }

    /// Remembers a credential that a text shows, with its parts: later lines can repeat it.
    pub(super) fn remember(&mut self, credential: &str) {
        if self.form == Form::Text {
            let is_word = |part: &[u8]| !part.iter().any(u8::is_ascii_whitespace);
            let is_secret = |part: &[u8]| is_token(part) || std::str::from_utf8(part).is_ok_and(is_credential);
            for part in parts(credential).iter().filter(|part| is_word(part) && is_secret(part)) {
                self.seen.add(&self.rules.known, part);
            }
        }
    }

    fn count(&mut self, what: &str, name: &str) {
        // A name that is counted already needs no second check.
        let kind = if name.is_empty() { what.to_owned() } else { format!("{what} {name}") };
        match self.counts.get_mut(&kind) {
            Some(count) => *count += 1,
            None => *self.counts.entry(self.rules.kind(what, name)).or_default() += 1,
        }
    }

    /// Writes a line with placeholders in place of its spans.
    fn write(&mut self, line: &str, spans: &[Span], out: &mut String) {
        let mut at = 0;
        for Span { range, what, name } in spans {
            out.push_str(&line[at..range.start]);
            out.push_str(&characters(&line[range.clone()]));
            at = range.end;
            self.count(what, &line[name.clone()]);
        }
        out.push_str(&line[at..]);
    }
}

/// Returns the value in a line, if the name in the next line is that of a secret: `value: abc` before `name: token`.
fn sibling_value(line: &str, next: &str) -> Option<Range<usize>> {
    let is_near = line.len() < CONTEXT && next.len() < CONTEXT;
    let name = Some(next).filter(|_| is_near).and_then(sibling::name_in_line)?;
    secret_name(name).and_then(|_| sibling::next_line(line))
}

/// Returns the end of the first part of a long line: between words, outside of secrets, and not between the name of a secret and its value.
/// The part ends at `limit` or before. What follows is not written yet, because a secret in it may continue.
fn cut(window: &str, limit: usize, spans: &[Span]) -> usize {
    let next = spans.partition_point(|span| span.range.end <= limit);
    let before = next.checked_sub(1).map_or(0, |last| spans[last].range.end);
    // A name begins after the secret before it.
    let name = spans.get(next).map_or(limit, |span| span.range.start.saturating_sub(CONTEXT));
    let at = floor(window, limit.min(name.max(before)));
    let end = window.as_bytes()[before..at].iter().rposition(|&byte| is_end(byte)).map(|end| before + end + 1);
    // Within a single word, or else within a single secret.
    end.or(Some(at).filter(|at| *at > 0)).unwrap_or(limit)
}
