//! Secrets in URLs: user information, parameters of the path and of the query, the fragment.

use std::ops::Range;

use super::decode::MASKED;
use super::redactor::Redaction;

/// Returns whether a value is too short to be a secret: `en`, `v2`, `true`. A number with three digits or more can be a PIN.
fn is_harmless(value: &str) -> bool {
    value.len() <= 4 && !(value.len() > 2 && value.bytes().all(|b| b.is_ascii_digit()))
}

impl Redaction<'_> {
    /// Marks the secrets in each URL of a text.
    pub(super) fn addresses(&self, text: &str, marks: &mut Vec<Range<usize>>) {
        let mut from = 0;
        while let Some(at) = text[from..].find("://").map(|at| from + at) {
            let ends = |c: char| c.is_whitespace() || "\"'`<>)".contains(c);
            let end = text[at..].find(ends).map_or(text.len(), |end| at + end);
            self.address(text, at..end, marks);
            // A URL inside this one has been checked with it.
            from = end.max(at + 3);
        }
    }

    /// Marks the secrets in the URL at `range`, with or without a scheme.
    pub(super) fn address(&self, text: &str, range: Range<usize>, marks: &mut Vec<Range<usize>>) {
        let url = &text[range.clone()];
        let path_of = |host: usize| url[host..].find(['/', '?', '#']).map_or(url.len(), |at| host + at);
        let mut path = None;
        for host in url.match_indices("://").map(|(at, scheme)| at + scheme.len()) {
            let end = path_of(host);
            if let Some(user) = url[host..end].rfind('@') {
                push(url, host..host + user, range.start, marks);
            }
            path.get_or_insert(end);
        }
        let path = path.unwrap_or(0);
        let end = url[path..].find(['?', '#']).map_or(url.len(), |query| path + query);
        // Parameters of a path segment: `;jsessionid=value`.
        for (at, sign) in url[path..end].match_indices(';').map(|(at, sign)| (path + at, sign)) {
            let from = at + sign.len();
            let to = url[from..end].find(['/', ';']).map_or(end, |to| from + to);
            if url[from..to].contains('=') {
                self.pairs(url, from..to, range.start, marks);
            }
        }
        if end < url.len() {
            self.pairs(url, end + 1..url.len(), range.start, marks);
        }
    }

    /// Marks the secret values of `name=value&...` in a query, a fragment or a form.
    pub(super) fn pairs(&self, text: &str, range: Range<usize>, offset: usize, marks: &mut Vec<Range<usize>>) {
        let mut at = range.start;
        for pair in text[range].split(['&', '#', '?', ';']) {
            // A part without `=`, or with nothing after it, is a value without a name: base64 can end with `=`.
            let named = pair.find('=').filter(|equals| equals + 1 < pair.len());
            let (name, start) = named.map_or(("", 0), |equals| (&pair[..equals], equals + 1));
            let value = &pair[start..];
            let kept = !name.is_empty() && self.rules.keeps_parameter(name);
            let hidden = !kept && !is_harmless(value);
            if hidden && push(text, at + start..at + pair.len(), offset, marks) {
                self.note("query", name);
            }
            at += pair.len() + 1;
        }
    }
}

/// Marks a part of a text, unless it is empty or already redacted. Returns whether it was marked.
fn push(text: &str, range: Range<usize>, offset: usize, marks: &mut Vec<Range<usize>>) -> bool {
    let mut chars = text[range.clone()].chars();
    let masked = chars.next().is_none_or(|c| c == MASKED) && chars.next().is_none();
    if !masked {
        marks.push(range.start + offset..range.end + offset);
    }
    !masked
}
