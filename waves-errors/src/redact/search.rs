//! Finds the secrets of one line, in the line and in its decoded forms.
//!
//! Lines in which the prefilter finds nothing end here. In other lines, secrets are first found by their shape and masked. Then the named values
//! are found, in which a masked secret is like one word. The order makes redaction idempotent: a placeholder of an earlier redaction is
//! masked in the same way.

use std::ops::Range;

use super::decode::View;
use super::header;
use super::known::Known;
use super::line::{Form, Found, Line, Triggered};
use super::names::secret_name;
use super::notation::Closings;
use super::pending::Pending;
use super::placeholder::placeholder;
use super::rules::Rules;
use super::scan::Carry;
use super::trigger::{AT, DIGITS, ESCAPE, ODD};

/// The maximum number of decoded layers of escapes.
const LAYERS: usize = 3;

/// A range of a line to replace.
#[derive(Clone)]
pub(super) struct Span {
    pub(super) range: Range<usize>,
    /// The kind of value, such as `key`.
    pub(super) what: &'static str,
    /// The range of the value's name, or an empty range.
    pub(super) name: Range<usize>,
}

/// What is searched for in a line.
#[derive(Clone, Copy)]
enum Stage {
    /// The user information of URLs.
    Users,
    /// Secrets with a known shape.
    Shapes,
    /// Values of secret names.
    Names,
    /// Parameters of URLs.
    Urls,
}

/// Returns the ranges to replace in a line, in their order and without overlaps, and the credentials of headers, which later lines can
/// repeat. `carry` is what the lines before say about this one, and then what this line says about the next one.
pub(super) fn search(
    rules: &Rules,
    known: &Known,
    form: Form,
    carry: &mut Carry,
    line: &str,
) -> (Vec<Span>, Vec<String>) {
    let mut positions = Vec::new();
    let classes = known.find(line.as_bytes(), &mut positions);
    let is_quiet = positions.is_empty() && classes & (AT | DIGITS) == 0 && is_quiet(known, form, *carry, line);
    if is_quiet && classes == 0 {
        return Default::default();
    }
    let mut views = vec![View::plain(line)];
    if classes & (ESCAPE | ODD) != 0 {
        while views.len() <= LAYERS
            && let Some(view) = views.last().and_then(View::decoded)
        {
            views.push(view);
        }
    }
    if is_quiet && views.len() == 1 && views[0].is_source() {
        return Default::default();
    }
    let lines = lines(known, &views);
    let mut search = Search { rules, known, form, views, lines, spans: Vec::new(), credentials: Vec::new() };
    let has_user = |view: &View<'_>| view.text.contains('@') && view.text.contains("://");
    if search.views.iter().any(has_user) {
        search.run(Stage::Users, carry);
        search.mask(line);
    }
    search.run(Stage::Shapes, carry);
    search.mask(line);
    search.run(Stage::Names, carry);
    // A value can contain what ends a URL.
    search.mask(line);
    search.run(Stage::Urls, carry);
    let spans = merged(line, search.spans);
    let is_value = |span: &&Span| ["credential", "field", "key"].contains(&span.what);
    if matches!(carry.pending, Pending::Nothing | Pending::Folded(false))
        && form == Form::Text
        && let Some(last) = spans.last().filter(is_value)
    {
        carry.pending = Pending::after_secret(line, last.range.clone()).unwrap_or(carry.pending);
    }
    (spans, search.credentials)
}

/// Returns whether a value of this kind and name is a credential of a request, which later lines can repeat.
fn can_repeat(rules: &Rules, what: &str, name: &str) -> bool {
    let is_lasting = |name: &str| {
        secret_name(name)
            .is_some_and(|name| !["session", "sig", "signature", "csrf", "otp", "pin"].contains(&name.word))
    };
    match what {
        "credential" | "header" | "user information" => true,
        "field" | "query" => header::is_proof(rules, name) || is_lasting(name) || name.starts_with('-'),
        _ => false,
    }
}

/// Returns whether only its triggers can make a line secret.
fn is_quiet(known: &Known, form: Form, carry: Carry, line: &str) -> bool {
    let is_header = ["> ", "< ", "* "].iter().any(|start| line.starts_with(start));
    form == Form::Text && carry == Carry::default() && !is_header && !known.has_contents()
}

/// A line of a view: the index of the view, the range of the line in it, and its triggers. They remain valid while the view is masked.
type ViewLine = (usize, Range<usize>, Triggered);

/// Returns the lines of all views.
fn lines(known: &Known, views: &[View<'_>]) -> Vec<ViewLine> {
    let mut lines = Vec::new();
    for (layer, view) in views.iter().enumerate() {
        let mut start = 0;
        for text in view.text.split_inclusive('\n') {
            let mut positions = Vec::new();
            let classes = known.find(text.as_bytes(), &mut positions);
            lines.push((layer, start..start + text.len(), Triggered { positions, classes }));
            start += text.len();
        }
    }
    lines
}

/// The search of one line.
struct Search<'r, 's> {
    rules: &'r Rules,
    known: &'r Known,
    form: Form,
    /// The line, and its decoded forms.
    views: Vec<View<'s>>,
    lines: Vec<ViewLine>,
    spans: Vec<Span>,
    credentials: Vec<String>,
}

impl Search<'_, '_> {
    /// Runs a stage on each line of each view. The carry is that of the source.
    fn run(&mut self, stage: Stage, carry: &mut Carry) {
        let (mut decoded, mut last_layer, mut key) = (Carry::default(), 0, None);
        for (layer, range, triggered) in &self.lines {
            if *layer != last_layer {
                (decoded, last_layer, key) = (Carry::default(), *layer, None);
            }
            let view = &self.views[*layer];
            let text = &view.text[range.clone()];
            let mut line = Line {
                rules: self.rules,
                known: self.known,
                text,
                triggered,
                quotes: (0, 0),
                closings: Closings::default(),
                word: 0..0,
                found: Vec::new(),
            };
            let carry = if *layer == 0 { &mut *carry } else { &mut decoded };
            match stage {
                Stage::Users => line.find_users(),
                Stage::Shapes => line.find_shapes(self.form, carry),
                Stage::Names => line.find_named(self.form, &mut carry.pending),
                Stage::Urls => line.find_urls(self.form),
            }
            for Found { range: found, what, name } in line.found {
                if can_repeat(self.rules, what, &text[name.clone()]) {
                    self.credentials.push(text[found.clone()].to_owned());
                }
                let source = |part: Range<usize>| view.source(&(range.start + part.start..range.start + part.end));
                let name = if name.is_empty() { 0..0 } else { source(name) };
                let mut found = source(found);
                // The lines of a private key within a line are one value.
                match what {
                    "private key" => found.start = *key.get_or_insert(found.start),
                    _ => key = None,
                }
                self.spans.push(Span { range: found, what, name });
            }
        }
    }

    /// Masks what has been found in all views. A part of a credential can be a word such as `secret`, which names another secret: it
    /// remains.
    fn mask(&mut self, line: &str) {
        let is_letter = |byte: u8| byte.is_ascii_alphabetic() || byte == b'_';
        let is_name = |span: &Span| span.what == "credential" && line[span.range.clone()].bytes().all(is_letter);
        let spans = merged(line, self.spans.clone());
        let ranges: Vec<_> = spans.into_iter().filter(|span| !is_name(span)).map(|span| span.range).collect();
        if !ranges.is_empty() {
            for view in &mut self.views {
                view.mask(&ranges);
            }
        }
    }
}

/// Sorts and joins spans. Drops those of placeholders.
pub(super) fn merged(line: &str, mut spans: Vec<Span>) -> Vec<Span> {
    spans.retain(|span| !span.range.is_empty() && placeholder(&line[span.range.clone()]) != Some(span.range.len()));
    spans.sort_by_key(|span| span.range.start);
    let mut merged: Vec<Span> = Vec::with_capacity(spans.len());
    for span in spans {
        match merged.last_mut().filter(|last| span.range.start <= last.range.end) {
            Some(last) => {
                last.range.end = last.range.end.max(span.range.end);
                // A named value says more than a credential.
                if last.name.is_empty() && !span.name.is_empty() {
                    (last.what, last.name) = (span.what, span.name);
                }
            }
            None => merged.push(span),
        }
    }
    merged
}
