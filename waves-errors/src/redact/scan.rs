//! Finds the secrets of a line that are recognized wherever they are: credentials of the exchange, keys, private keys, personal data.

use std::ops::Range;

use super::line::{Form, Line};
use super::names::WINDOW;
use super::notation::floor;
use super::pending::Pending;
use super::shape::{self, KeyLine};
use super::trigger::{AT, DIGITS, Trigger};

/// What the lines before a line say about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Carry {
    /// The line continues a private key. `true` before its base64.
    pub(super) key: Option<bool>,
    pub(super) pending: Pending,
}

impl Line<'_, '_> {
    /// Finds the user information of URLs, which can look like an email address.
    pub(super) fn find_users(&mut self) {
        for at in self.text.match_indices("://").map(|(at, scheme)| at + scheme.len()) {
            let ends = |byte: &u8| byte.is_ascii_whitespace() || b"/?#\"'<>".contains(byte);
            let bytes = &self.text.as_bytes()[at..];
            let length = bytes.iter().position(ends).unwrap_or(bytes.len());
            if let Some(user) = bytes[..length].iter().rposition(|&byte| byte == b'@') {
                self.push(at..at + user, "user information", 0..0);
            }
        }
    }

    /// Finds secrets that are recognized wherever they are: credentials of the exchange, keys, private keys, personal data.
    pub(super) fn find_shapes(&mut self, form: Form, carry: &mut Carry) {
        let mut from = self.key_line(carry);
        for &at in &self.triggered.positions {
            if at + WINDOW > from
                && let Some(range) = self.credential(at, from)
            {
                from = range.end;
                self.push(range, "credential", 0..0);
            }
            if at < from {
                continue;
            }
            let known = self.known;
            for trigger in known.triggers.at(self.text.as_bytes(), at) {
                let range = match trigger {
                    Trigger::Prefix(prefix, minimum) => shape::key(self.text, at, prefix, minimum),
                    Trigger::Coded => shape::coded_key(self.text, at),
                    Trigger::PrivateKey => self.private_key(at, carry),
                    _ => None,
                };
                if let Some(range) = range {
                    from = range.end;
                    self.push(range, "key", 0..0);
                }
            }
        }
        if form == Form::Id {
            return;
        }
        for range in self.known.contents_in(self.text) {
            self.push(range, "content", 0..0);
        }
        let mut personal = Vec::new();
        if self.triggered.classes & DIGITS != 0 {
            shape::cards(self.text, &mut personal);
            personal.drain(..).for_each(|range| self.push(range, "card number", 0..0));
        }
        if self.triggered.classes & AT != 0 {
            shape::mails(self.text, &mut personal);
            personal.drain(..).for_each(|range| self.push(range, "email address", 0..0));
        }
    }

    /// Returns the range of the credential of the exchange at `at`, with the letters around it. It begins at or after `from`.
    fn credential(&self, at: usize, from: usize) -> Option<Range<usize>> {
        let bytes = self.text.as_bytes();
        let (mut end, mut after) = (at, at);
        while let window @ 1.. = self.known.window_at(bytes, end) {
            after = after.max(end + window);
            end += 1;
        }
        if end == at {
            return None;
        }
        let is_letter = |byte: &&u8| byte.is_ascii_alphanumeric() || b"_-+".contains(*byte) || !byte.is_ascii();
        let before = bytes[from.min(at)..at].iter().rev().take_while(is_letter).count();
        // The letters of an escape do not belong to it.
        let is_escape = bytes[..at - before].last().is_some_and(|byte| b"\\%&#".contains(byte));
        let before = if is_escape { 0 } else { before };
        Some(floor(self.text, at - before)..after + bytes[after..].iter().take_while(is_letter).count())
    }

    /// Hides a line of a private key. Returns the end of its base64.
    fn key_line(&mut self, carry: &mut Carry) -> usize {
        let Some(is_first) = carry.key else { return 0 };
        match shape::key_line(self.text, is_first) {
            KeyLine::Base64(range) => {
                carry.key = Some(false);
                let end = range.end;
                self.push(range, "private key", 0..0);
                end
            }
            KeyLine::Header => 0,
            KeyLine::Other => {
                carry.key = None;
                0
            }
        }
    }

    /// Returns the content of the private key that begins at `at`, if it continues in this line.
    fn private_key(&self, at: usize, carry: &mut Carry) -> Option<Range<usize>> {
        let head = shape::key_label_end(self.text, at)?;
        if self.text[head..].trim_matches(['"', '\'', ',', ' ', '\t', '\r', '\n']).is_empty() {
            carry.key = Some(true);
            return None;
        }
        shape::key_content(self.text, head)
    }
}
