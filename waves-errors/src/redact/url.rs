//! Secrets in URLs: user information, parameters of the path and of the query, the fragment.

use std::ops::Range;

use super::line::{Form, Line};
use super::names::is_name_byte;
use super::value::is_plain;

/// Returns whether a value is too short to be a secret: `en`, `v2`, `true`. A number with three digits or more can be a PIN.
fn is_harmless(value: &str) -> bool {
    value.len() <= 4 && !(value.len() > 2 && value.bytes().all(|b| b.is_ascii_digit()))
}

impl Line<'_, '_> {
    /// Finds the secrets in URLs, or in the text as a URL or a form.
    pub(super) fn find_urls(&mut self, form: Form) {
        match form {
            Form::Id => {}
            Form::Fields => self.fields(0..self.text.trim_end().len()),
            Form::Url => self.url(0..self.text.trim_end().len()),
            Form::Text => {
                let mut end = 0;
                for &at in &self.triggered.positions {
                    if at >= end && self.text[at..].starts_with("://") {
                        end = self.url_at(at);
                    }
                }
            }
        }
    }

    /// Finds the secrets in the URL with `://` at a position of a text. Returns its end.
    fn url_at(&mut self, at: usize) -> usize {
        let ends = |c: char| c.is_whitespace() || "\"'`<>)".contains(c);
        let end = self.text[at..].find(ends).map_or(self.text.len(), |end| at + end);
        // A comma or a period after the URL belongs to the sentence.
        let end = at + self.text[at..end].trim_end_matches([',', '.', ':', ';', ']', '}', '\\']).len();
        self.url(at..end);
        // A URL inside this one has been searched with it.
        end.max(at + 3)
    }

    /// Finds the secrets in the URL at `range`, with or without a scheme.
    fn url(&mut self, range: Range<usize>) {
        let url = &self.text[range.clone()];
        // A URL in the query has been searched with it.
        let host = url.find("://").filter(|&at| !url[..at].contains(['/', '?', '#'])).map(|at| at + "://".len());
        let path = host.map_or(0, |host| url[host..].find(['/', '?', '#']).map_or(url.len(), |at| host + at));
        let end = url[path..].find(['?', '#']).map_or(url.len(), |query| path + query);
        // Parameters of a path segment: `;jsessionid=value`.
        for at in url[path..end].match_indices(';').map(|(at, sign)| path + at + sign.len()) {
            let to = url[at..end].find(['/', ';']).map_or(end, |to| at + to);
            if url[at..to].contains('=') {
                self.fields(range.start + at..range.start + to);
            }
        }
        if end < url.len() {
            self.fields(range.start + end + 1..range.end);
        }
    }

    /// Finds the secret values of `name=value&...` in a query, a fragment or a form.
    fn fields(&mut self, range: Range<usize>) {
        let mut at = range.start;
        for pair in self.text[range].split(['&', '#', '?', ';']) {
            // A part without `=`, or with nothing after it, is a value without a name: base64 can end with `=`.
            let is_name = |name: &str| name.bytes().all(|byte| is_name_byte(byte) || b"%[]+:@".contains(&byte));
            let named = pair.find('=').filter(|&equals| equals + 1 < pair.len() && is_name(&pair[..equals]));
            let (name, start) = named.map_or(("", 0), |equals| (&pair[..equals], equals + 1));
            let value = &pair[start..];
            // The fragment of a page of documentation has words: `#429-too-many-requests`.
            let is_fragment =
                name.is_empty() && at > 0 && self.text.as_bytes()[at - 1] == b'#' && is_plain(value.as_bytes());
            let kept = is_fragment || !name.is_empty() && self.rules.keeps_parameter(name);
            if !kept && !is_harmless(value) {
                self.push(at + start..at + pair.len(), "query", at..at + name.len());
            }
            at += pair.len() + 1;
        }
    }
}
