//! Values that continue in the next line: folded headers, pretty-printed documents, blocks of YAML, wrapped words.

use std::ops::Range;

use super::line::Line;
use super::names::SecretName;
use super::notation::{self, Separator, quoted, trimmed, unwrapped, without_punctuation, word_end};
use super::shape::is_end;
use super::sibling;
use super::value::{is_credential, is_mixed, is_plain};

/// What a line expects from the next one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Pending {
    #[default]
    Nothing,
    /// The rest of a word that was too long for one part of a line.
    Word,
    /// The rest of a value in quotes that was too long for one part of a line.
    Quoted(char),
    /// The rest of a private key that was too long for one part of a line.
    Key,
    /// The value of the name at the end of the line, if the next line is indented by more than this, or begins with a quote.
    Value {
        indent: usize,
        /// Whether only a credential is a value: the name is also a common word.
        is_strict: bool,
    },
    /// The items of a list in YAML, at this indentation or more.
    Items(usize),
    /// The lines of a block in YAML, which are indented by more than this.
    Block(usize),
    /// The values of a list or an object with this number of open brackets.
    Group { depth: usize, hides_words: bool },
    /// The value after a name in a list of names and values.
    Pair,
    /// The lines of a part of a form. `true` after the empty line that ends its headers.
    Part(bool),
    /// The rest of a header that continues in indented lines. `true` if it ends with a separator, so that more must follow.
    Folded(bool),
    /// The values of an object in YAML, which are indented by more than this.
    Map(usize),
    /// The text of an element that begins with this line.
    Element,
    /// The lines of a string up to its three closing quotes: `"""` or `'''`.
    Quotes(char),
    /// The rest of a value that fills the line.
    Wrapped,
    /// The rest of a quoted value that fills the line, up to its quote.
    WrappedQuote(char),
    /// The sibling `value` of a name.
    Sibling,
}

/// The maximum length of what follows a name without a value: spaces, a comment.
const COMMENT: usize = 200;
/// The minimum length of a line that was wrapped.
const WRAPPED: usize = 60;
/// The minimum length of a value in a wrapped line.
const PIECE: usize = 8;

impl Pending {
    /// Returns what follows a name whose value is not in its line.
    pub(super) fn after(text: &str, start: usize, name: SecretName, separator: Separator) -> Option<Self> {
        if text.len() - start > COMMENT {
            return None;
        }
        // A comment may follow in YAML.
        let rest = text[start..].split(" #").next().unwrap_or_default().trim_end();
        let rest = if rest.starts_with("# ") { "" } else { rest };
        let indent = indent(text);
        if is_block(rest) {
            return Some(Self::Block(indent));
        }
        if let Some(quote) =
            ['"', '\''].into_iter().find(|quote| rest.len() == 3 && rest.bytes().all(|byte| char::from(byte) == *quote))
        {
            return Some(Self::Quotes(quote));
        }
        // The value after `=>` is not indented in PHP.
        let indent = if separator == Separator::Arrow { 0 } else { indent };
        let is_strict = !name.hides_words() || ["auth", "pin", "session", "sig", "signature"].contains(&name.word);
        rest.is_empty().then_some(Self::Value { indent, is_strict })
    }

    /// Returns what follows a line whose last secret is in this range: a long line may be wrapped within it.
    pub(super) fn after_secret(line: &str, secret: Range<usize>) -> Option<Self> {
        let end = line.trim_end().len();
        if end < WRAPPED || secret.end != end || secret.len() < PIECE {
            return None;
        }
        Some(match line[..secret.start].chars().next_back() {
            Some(quote @ ('"' | '\'')) => Self::WrappedQuote(quote),
            _ => Self::Wrapped,
        })
    }

    /// Returns what continues within a secret that follows a text.
    pub(super) fn within(what: &str, before: &str) -> Self {
        match before.chars().next_back() {
            _ if what.contains("key") => Self::Key,
            Some(quote @ ('"' | '\'')) => Self::Quoted(quote),
            _ => Self::Word,
        }
    }
}

/// Returns whether a value begins a block in YAML: `|`, `>-`, `&anchor |`, `!!binary |`.
fn is_block(value: &str) -> bool {
    let marker = match value.split_once(' ') {
        Some((tag, marker)) if tag.starts_with(['&', '!']) => marker,
        _ => value,
    };
    let rest = marker.strip_prefix(['|', '>']);
    rest.is_some_and(|rest| {
        rest.len() <= 2 && rest.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-' || byte == b'+')
    })
}

/// Returns the indentation of a line, with the `-` of a list in YAML.
fn indent(text: &str) -> usize {
    text.len() - text.trim_start_matches([' ', '-', '\t']).len()
}

impl Line<'_, '_> {
    /// Hides what continues a value of the line before. Returns its end.
    pub(super) fn continued(&mut self, before: Pending, pending: &mut Pending) -> usize {
        let text = self.text;
        let content = trimmed(text, 0..text.len());
        let indent = content.start;
        match before {
            Pending::Nothing => 0,
            Pending::Word => self.rest(before, pending, is_end),
            Pending::Quoted(quote) => self.rest(before, pending, |byte| char::from(byte) == quote),
            Pending::Key => {
                self.rest(before, pending, |byte| !byte.is_ascii_alphanumeric() && !b"+/=\\ ".contains(&byte))
            }
            Pending::Part(is_content) => self.part(is_content, pending),
            // An empty line between the two.
            _ if content.is_empty() => {
                *pending = before;
                0
            }
            Pending::Value { indent: least, is_strict } if indent >= least => {
                self.next_value(indent, indent > least, is_strict, pending)
            }
            Pending::Items(least) if indent >= least && text[indent..].starts_with("- ") => {
                *pending = before;
                self.item(indent + 2..content.end.max(indent + 2))
            }
            Pending::Block(least) if indent > least => {
                *pending = before;
                let end = content.end;
                self.push(content, "field", 0..0);
                end
            }
            Pending::Group { depth, hides_words } => self.group(0..0, hides_words, indent, depth, pending),
            Pending::Pair => match quoted(text, unwrapped(text, indent)) {
                Some(value) if is_mixed(&text[value.content.clone()]) => self.hide(0..0, value.content),
                _ => 0,
            },
            Pending::Folded(is_open) if indent > 0 => self.folded(content, is_open, pending),
            Pending::Map(least) if indent > least => {
                *pending = before;
                self.pair_in_yaml(content)
            }
            Pending::Element if !text[indent..].starts_with('<') => {
                let end = text[indent..].find('<').map_or(content.end, |length| indent + length);
                self.hide(0..0, indent..end)
            }
            Pending::Quotes(quote) => {
                let quotes: String = std::iter::repeat_n(quote, 3).collect();
                let end = text.find(&quotes);
                *pending = if end.is_none() { before } else { Pending::Nothing };
                self.push(trimmed(text, 0..end.unwrap_or(text.len())), "field", 0..0);
                end.unwrap_or(text.len())
            }
            Pending::Wrapped => self.rest_of_wrapped(),
            Pending::WrappedQuote(quote) => {
                let end = text.bytes().take(4096).position(|byte| char::from(byte) == quote).unwrap_or(0);
                self.push(0..end, "field", 0..0);
                end
            }
            // The next item of a list has other names.
            Pending::Sibling if !text[indent..].starts_with("- ") => match sibling::next_line(text) {
                Some(value) if is_block(&text[value.clone()]) => {
                    *pending = Pending::Block(self::indent(text));
                    value.end
                }
                Some(value) => self.hide(0..0, value),
                // Another field between the two.
                None => {
                    let is_field = indent > 0 && text.contains(':') || text[indent..].starts_with('#');
                    *pending = if is_field { before } else { Pending::Nothing };
                    0
                }
            },
            _ => 0,
        }
    }

    /// Hides a line of a part of a form.
    fn part(&mut self, is_content: bool, pending: &mut Pending) -> usize {
        let content = trimmed(self.text, 0..self.text.len());
        if is_content && self.text.starts_with("--") {
            return 0;
        }
        *pending = Pending::Part(is_content || content.is_empty());
        if !is_content {
            return 0;
        }
        let end = content.end;
        self.push(content, "field", 0..0);
        end
    }

    /// Hides the rest of a folded header: all of it after a separator, otherwise a single credential.
    fn folded(&mut self, content: Range<usize>, is_open: bool, pending: &mut Pending) -> usize {
        let line = &self.text[content.clone()];
        if line.contains(": ") || !is_open && (line.contains([' ', ':', '(']) || !is_mixed(line)) {
            return 0;
        }
        *pending = Pending::Folded(line.ends_with([';', ',']));
        let end = content.end;
        self.hide(0..0, content);
        end
    }

    /// Hides the value of a pair in YAML.
    fn pair_in_yaml(&mut self, content: Range<usize>) -> usize {
        let Some(colon) = self.text[content.clone()].find(": ").map(|at| content.start + at + 2) else { return 0 };
        let value = self.quotes(colon).unwrap_or(colon..content.end);
        self.hide(0..0, value)
    }

    /// Hides an item of a list in YAML, unless it is a sentence or a pair.
    fn item(&mut self, item: Range<usize>) -> usize {
        let content = &self.text[item.clone()];
        let is_other = content.contains([' ', ':']) && !content.starts_with(['"', '\'']);
        if is_other {
            return item.start;
        }
        let value = self.quotes(item.start).unwrap_or(item);
        self.hide(0..0, value)
    }

    /// Hides the rest of a value up to the byte that ends it.
    fn rest(&mut self, before: Pending, pending: &mut Pending, ends: impl Fn(u8) -> bool) -> usize {
        let end = self.text.bytes().position(ends).unwrap_or(self.text.len());
        self.push(0..end, "field", 0..0);
        *pending = if end == self.text.len() { before } else { Pending::Nothing };
        end
    }

    /// Hides the value of the name in the line before.
    fn next_value(&mut self, start: usize, is_indented: bool, is_strict: bool, pending: &mut Pending) -> usize {
        let text = self.text;
        if let Some(content) = self.quotes(start) {
            // `"name": value` is the next field.
            let after = text[content.end..].trim_start_matches(['"', '\'', '\\', ' ']);
            return if after.starts_with([':', '=']) { 0 } else { self.hide(0..0, content) };
        }
        if let Some(group) = notation::group_at(text, start).filter(|_| is_indented) {
            return self.group(0..0, !is_strict, group, 0, pending);
        }
        if text[start..].starts_with("- ") && !is_strict {
            *pending = Pending::Items(start);
            return self.item(start + 2..text.trim_end().len().max(start + 2));
        }
        if is_indented && !is_strict && text[start..].contains(": ") && !text[start..].starts_with(['{', '[', '<']) {
            *pending = Pending::Map(start.saturating_sub(1));
            return self.pair_in_yaml(trimmed(text, start..text.len()));
        }
        let value = trimmed(text, start..text.len());
        let mut words = text[value.clone()].split([' ', '\t']);
        let (first, second) = (words.next().unwrap_or_default(), words.next());
        let word = if self.is_scheme(first) { second.unwrap_or_default() } else { first };
        let is_single = words.next().is_none() && (second.is_none() || self.is_scheme(first));
        let is_pair = word.contains([':', '=']) && !word.ends_with('=');
        let is_value = is_single && !is_pair && !word.contains('<') && (is_credential(word) || !is_strict);
        if is_indented && is_value { self.hide(0..0, without_punctuation(text, value)) } else { 0 }
    }

    /// Hides the rest of a wrapped value: a single word, which is not a pair.
    fn rest_of_wrapped(&mut self) -> usize {
        let text = self.text;
        let start = text.len() - text.trim_start().len();
        let word = start..word_end(text, start);
        let rest = text[word.end..].trim_matches(['"', '\'', ',', ')', '}', ']', ' ', '\r', '\n', '\\']);
        let content = &text[word.clone()];
        let is_pair = content.trim_end_matches('=').contains(['=', ':', '(', '{', '[']);
        if !rest.is_empty() || is_pair || content.len() < 4 || is_plain(content.as_bytes()) {
            return 0;
        }
        let end = word.end;
        self.push(word, "field", 0..0);
        end
    }
}
