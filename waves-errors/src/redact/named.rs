//! Named values in a line: finds the names of secrets, and decides which of the values after them are secret.

use std::ops::Range;

use super::header;
use super::line::{Form, Line};
use super::names::{NAME, SCHEMES, SecretName, credentials, is_name_byte, secret_name};
use super::notation::{
    self, Separated, Separator, is_line_end, is_quote, quoted_in, separator, trimmed, unwrapped, value_end,
    without_punctuation, word_end,
};
use super::pending::Pending;
use super::shape::is_end;
use super::sibling;
use super::trigger::Trigger;
use super::value::{is_count, is_credential, is_directory, is_masked, is_mixed, is_plain, is_token, reveals_nothing};

/// The methods whose first arguments are a name and a value: `.header("name", "value")`.
const SETTERS: [&str; 12] =
    ["add", "append", "arg", "env", "field", "form", "header", "insert", "param", "put", "set", "with"];
/// The commands whose arguments are a name and a value.
const COMMANDS: [&str; 5] = ["ARG ", "ENV ", "set ", "setenv ", "setx "];

impl Line<'_, '_> {
    /// Finds the values that are hidden in their place: those of secret names, and headers of `curl -v`.
    pub(super) fn find_named(&mut self, form: Form, pending: &mut Pending) {
        if form == Form::Id {
            return;
        }
        let before = std::mem::take(pending);
        let mut from = self.continued(before, pending);
        if form == Form::Text {
            from = from.max(self.curl_header());
        }
        let known = self.known;
        let mut named = from;
        for &at in &self.triggered.positions {
            for trigger in known.triggers.at(self.text.as_bytes(), at) {
                match trigger {
                    Trigger::Name if at >= named.max(from) => {
                        let name = self.name_at(at, from);
                        named = name.end;
                        from = from.max(self.named(name, pending));
                    }
                    Trigger::Content(name) if at >= from => from = from.max(self.content(at..at + name.len())),
                    Trigger::Option(option) if at >= from => from = from.max(self.option(at, option)),
                    _ => {}
                }
            }
        }
    }

    /// Returns the name around a position. It begins at or after `from`.
    fn name_at(&self, at: usize, from: usize) -> Range<usize> {
        let bytes = self.text.as_bytes();
        let after = bytes[at..].iter().take(NAME).take_while(|byte| is_name_byte(**byte)).count();
        let before = bytes[from..at].iter().rev().take(NAME).take_while(|byte| is_name_byte(**byte)).count();
        let name = self.text[at - before..at + after].trim_end_matches(['.', '-']);
        let end = at - before + name.len();
        let start = end - name.trim_start_matches(['-', '.']).len();
        // A longer name ends in the same way.
        start.max(end.saturating_sub(NAME))..end.max(at + 1)
    }

    /// Hides the value of a name, if it is that of a secret. Returns the end of what was read.
    fn named(&mut self, name: Range<usize>, pending: &mut Pending) -> usize {
        let text = self.text;
        if self.is_scheme(&text[name.clone()])
            && let Some(secret) = self.after_scheme(name.end)
        {
            let end = secret.end;
            self.push(secret, "credential", 0..0);
            return end;
        }
        let name = self.with_word_before(name);
        let secret = match secret_name(&text[name.clone()]) {
            Some(secret) => secret,
            None if self.rules.is_secret_name(&text[name.clone()]) => SecretName::of_catalog(),
            None => return name.end,
        };
        let siblings = sibling::values(text, name.clone());
        if let Some(value) = siblings.value {
            // The value can precede the name.
            let end = name.end.max(value.end);
            match notation::group_at(text, value.start) {
                Some(group) if value.len() <= 1 => return self.group(name, true, group, 0, pending).max(end),
                _ => self.hide(name, value),
            };
            return end;
        }
        if siblings.is_name && is_closed(&text[name.end..]) {
            *pending = if text.contains("form-data") { Pending::Part(false) } else { Pending::Sibling };
            return text.len();
        }
        match separator(text, name.clone()) {
            Some(separated) => self.value(name, secret, separated, pending),
            None => name.end,
        }
    }

    /// Returns a name with the word before it, if it is `key`: `API key`.
    fn with_word_before(&self, name: Range<usize>) -> Range<usize> {
        let before = &self.text[..name.start];
        if !self.text[name.clone()].eq_ignore_ascii_case("key") || !before.ends_with(' ') {
            return name;
        }
        let word =
            before[..before.len() - 1].bytes().rev().take(NAME / 2).take_while(|byte| is_name_byte(*byte)).count();
        name.start - 1 - word..name.end
    }

    /// Returns whether a word is a scheme of credentials. `digest` is also a word for hashes, so only headers have it.
    pub(super) fn is_scheme(&self, word: &str) -> bool {
        let mut schemes = SCHEMES.into_iter().filter(|scheme| *scheme != "digest").chain(self.rules.key.schemes());
        schemes.any(|scheme| scheme.eq_ignore_ascii_case(word))
    }

    /// Returns the credentials after a scheme in a text: `Bearer value`.
    fn after_scheme(&self, end: usize) -> Option<Range<usize>> {
        let rest = &self.text[end..];
        let bytes = self.text.as_bytes();
        let start =
            end + (rest.len() - rest.trim_start_matches(|c: char| c.is_whitespace() || "\"'`<".contains(c)).len());
        if start == end {
            return None;
        }
        let length = (start..bytes.len()).take_while(|&at| !is_end(bytes[at]) && !is_line_end(&bytes[at..])).count();
        let word = without_punctuation(self.text, start..start + length);
        let content = &self.text[word.clone()];
        (is_credential(content) || !content.is_empty() && is_masked(content)).then_some(word)
    }

    /// Hides the value of a secret name, unless it is not one. Returns the end of what was read.
    fn value(&mut self, name: Range<usize>, secret: SecretName, separated: Separated, pending: &mut Pending) -> usize {
        let text = self.text;
        let start = separated.value;
        match separated.separator {
            Separator::Comma => self.pair(name, start, pending),
            Separator::Call => match self.quotes(start) {
                Some(content) if secret.is_password() || is_credential(&text[content.clone()]) => {
                    self.hide(name, content)
                }
                _ => name.end,
            },
            Separator::Space => self.spaced(name, secret, start),
            Separator::Tag => self.element(name, start, pending),
            _ => {
                let is_proof = header::is_proof(self.rules, &text[name.clone()]);
                if let Some(next) = Pending::after(text, start, secret, separated.separator) {
                    let is_folded = is_proof && matches!(next, Pending::Value { .. });
                    *pending = if is_folded { Pending::Folded(true) } else { next };
                    return text.len();
                }
                if is_proof || secret.word == "cookie" && starts_with_pair(&text[start..]) {
                    self.header(name, secret, start, pending)
                } else {
                    self.assigned(name, secret, separated, pending)
                }
            }
        }
    }

    /// Returns the content of the quotes at `at`, also within a wrapper.
    pub(super) fn quotes(&mut self, at: usize) -> Option<Range<usize>> {
        quoted_in(self.text, unwrapped(self.text, at), &mut self.closings).map(|quoted| quoted.content)
    }

    /// Hides a value without its scheme, unless it is not a secret. Returns its end.
    pub(super) fn hide(&mut self, name: Range<usize>, value: Range<usize>) -> usize {
        let text = self.text;
        let end = value.end;
        let value = trimmed(text, value);
        let secret = credentials(text[value.clone()].as_bytes(), self.rules.key.schemes()).len();
        let secret = value.end - secret..value.end;
        let is_count = secret_name(&text[name.clone()]).is_some_and(|name| is_count(&text[value.clone()], name));
        if !is_count && !self.is_scheme(&text[value]) && !reveals_nothing(&text[secret.clone()]) {
            self.push(secret, "field", name);
        }
        end
    }

    /// Hides the text of an element: `<name>value</name>`.
    fn element(&mut self, name: Range<usize>, start: usize, pending: &mut Pending) -> usize {
        let text = self.text;
        let (start, close) = match text[start..].strip_prefix("<![CDATA[") {
            Some(rest) => (text.len() - rest.len(), "]]>"),
            None => (start, "</"),
        };
        // `Vec<Token>` is not an element.
        let end = text[start..].find('<').map_or(text.len(), |end| start + end);
        let end = if close == "</" { end } else { text[start..].find(close).map_or(text.len(), |end| start + end) };
        if !text[end..].starts_with(close) {
            let is_last = text[start..].trim().is_empty() && text.trim_start().starts_with('<');
            let rest = text[start..].trim();
            let is_cut = !rest.contains(['<', ' ']) && is_credential(rest);
            match (is_last, is_cut) {
                (true, _) => *pending = Pending::Element,
                (_, true) => self.push(trimmed(text, start..text.len()), "field", name.clone()),
                _ => {}
            }
            return name.end;
        }
        // The attributes follow.
        let attributes = name.end;
        self.hide(name, start..end);
        attributes
    }

    /// Hides the value of `("name", "value")` or `["name", "value", ...]`.
    fn pair(&mut self, name: Range<usize>, start: usize, pending: &mut Pending) -> usize {
        let text = self.text;
        if text[start..].trim().is_empty() {
            *pending = Pending::Pair;
            return text.len();
        }
        let Some(value) = self.quotes(start) else { return name.end };
        let before = text[..name.start].trim_end_matches(['"', '\'', '\\', 'b', '`']);
        let is_option = before.ends_with('-') && !text[value.clone()].starts_with('-');
        let after = text[value.end..].trim_start_matches(['"', '\'', '\\', '`', ' ']);
        if after.starts_with([':', '=']) || !is_option && !is_tuple(before) && !is_mixed(&text[value.clone()]) {
            return name.end;
        }
        self.hide(name, value)
    }

    /// Hides the value of `--name value`, `ENV NAME value`, `PASSWORD 'value'`, or a credential after the name in a sentence.
    fn spaced(&mut self, name: Range<usize>, secret: SecretName, start: usize) -> usize {
        let text = self.text;
        let before = &text[..name.start];
        let is_option = before.ends_with(" -") || before.ends_with("--") || before == "-";
        let is_set = COMMANDS.iter().any(|command| before.ends_with(command)) && !secret.is_common;
        let is_quoted = is_quote(text, start);
        let quotes = self.quotes(start).filter(|_| is_quoted);
        let value = quotes.unwrap_or_else(|| without_punctuation(text, start..word_end(text, start)));
        let content = &text[value.clone()];
        let is_upper = text[name.clone()].bytes().all(|byte| !byte.is_ascii_lowercase());
        let is_value = if is_option || is_set {
            !content.starts_with(['-', '|', '{', '[', '='])
        } else if is_quoted {
            // SQL: `PASSWORD 'value'`.
            is_upper && secret.is_password() || is_credential(content)
        } else if secret.is_common {
            secret.word == "token" && is_token(content.as_bytes())
        } else {
            is_credential(content)
        };
        if is_value { self.hide(name, value) } else { name.end }
    }

    /// Hides the value after `=`, `:` and similar separators.
    fn assigned(
        &mut self,
        name: Range<usize>,
        secret: SecretName,
        separated: Separated,
        pending: &mut Pending,
    ) -> usize {
        let text = self.text;
        let start = separated.value;
        if let Some(content) = self.quotes(start) {
            // The end of the string around the name: `"password: "`.
            if !separated.is_quoted && is_quote(text, start) && self.is_in_quotes(name.start, start) {
                return start;
            }
            return self.hide(name, content);
        }
        if let Some(group) = notation::group_at(text, start) {
            return self.group(name, secret.hides_words(), group, 0, pending);
        }
        // `password: !!str value` in YAML.
        let start = after_tag(text, start);
        let word = start..self.end_of_value(name.clone(), start);
        let value = without_punctuation(text, word.clone());
        let content = &text[value.clone()];
        if self.is_scheme(content)
            && let Some(secret) = self.after_scheme(value.end)
        {
            return self.hide(name, secret);
        }
        if content.is_empty() || is_directory(content, secret) || is_empty_pair(text, name.end, &word) {
            return start;
        }
        // `speech.auth:MainThread:login`.
        let is_tight = separated.separator == Separator::Colon && text[..start].ends_with(':');
        let content = if is_tight { content.split(':').next().unwrap_or(content) } else { content };
        let needs_credential = match separated.separator {
            Separator::Colon => {
                secret.is_common || is_tight && !secret.is_password() || starts_with_word(&text[word.end..])
            }
            Separator::Arrow | Separator::Bar => secret.is_common,
            Separator::SpacedEquals => is_expression(content, &text[word.end..]),
            _ => false,
        };
        // A generic type: `Vec<u8>`.
        let is_type = text[word.end..].starts_with('<') && content.starts_with(|c: char| c.is_ascii_uppercase());
        if is_type || needs_credential && !is_credential(content) {
            // `invalid token: token=value`.
            return start;
        }
        // `const apiKey: string = "value"`.
        let typed = text[word.end..].strip_prefix(" = ").map(|rest| text.len() - rest.len());
        if let Some(value) = typed.filter(|_| reveals_nothing(content)).and_then(|at| self.quotes(at)) {
            return self.hide(name, value);
        }
        self.hide(name, value)
    }

    /// Returns the end of a value without quotes. Values that overlap end together, so a long one is read only once.
    fn end_of_value(&mut self, name: Range<usize>, start: usize) -> usize {
        if !self.word.contains(&start) {
            self.word = start..value_end(self.text, name.clone(), start);
        }
        self.word.end
    }

    /// Hides the values of a list or an object, of which `depth` brackets are already open. Without `hides_words`, only credentials.
    pub(super) fn group(
        &mut self,
        name: Range<usize>,
        hides_words: bool,
        at: usize,
        depth: usize,
        pending: &mut Pending,
    ) -> usize {
        let group = notation::group(self.text, at, depth);
        for value in group.values {
            let content = &self.text[value.clone()];
            let is_number = content.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
            let is_short = is_number && (content.len() <= 5 || content.contains('.'));
            if !is_short && (hides_words || is_credential(content)) {
                self.hide(name.clone(), value);
            }
        }
        if group.depth > 0 {
            *pending = Pending::Group { depth: group.depth, hides_words };
        }
        group.end
    }

    /// Returns whether the quote at `end` closes the string around the name at `start`: `"password: "`.
    fn is_in_quotes(&mut self, start: usize, end: usize) -> bool {
        let bytes = self.text.as_bytes();
        // A value would begin after the quote: `size=5" token="value"`.
        let is_end = bytes.get(end + 1).is_none_or(|byte| byte.is_ascii_whitespace() || b",;:.)]}>\\".contains(byte));
        is_end
            && (bytes[end] == b'"' && self.quotes_before(start) % 2 == 1 || bytes[..start].last() == Some(&bytes[end]))
    }

    /// Returns the number of double quotes before a position. Positions are passed in their order.
    pub(super) fn quotes_before(&mut self, at: usize) -> usize {
        let (counted, quotes) = &mut self.quotes;
        *quotes += self.text.get(*counted..at).map_or(0, |text| text.matches('"').count());
        *counted = at.max(*counted);
        *quotes
    }

    /// Hides the quoted text of a field with contents.
    fn content(&mut self, name: Range<usize>) -> usize {
        let text = self.text;
        let bytes = text.as_bytes();
        let is_inside = |byte: Option<&u8>| byte.is_some_and(|byte| is_name_byte(*byte));
        if is_inside(bytes[..name.start].last()) || is_inside(bytes.get(name.end)) {
            return name.start;
        }
        let is_assignment = |separated: &Separated| {
            matches!(
                separated.separator,
                Separator::Colon | Separator::Equals | Separator::SpacedEquals | Separator::Arrow
            )
        };
        let Some(separated) = separator(text, name.clone()).filter(is_assignment) else { return name.end };
        if let Some(content) = self.quotes(separated.value) {
            if !separated.is_quoted && is_quote(text, separated.value) && self.is_in_quotes(name.start, separated.value)
            {
                return name.end;
            }
            let end = content.end;
            self.push(content, "content", name);
            return end;
        }
        // The fields of objects in a list have names of their own.
        let list = text[separated.value..].strip_prefix('[').filter(|_| separated.is_quoted);
        if list.is_some_and(|list| !list.trim_start().starts_with('{')) {
            let group = notation::group(text, separated.value, 0);
            group.values.into_iter().for_each(|value| self.push(value, "content", name.clone()));
            return group.end;
        }
        name.end
    }
}

/// Returns whether a text only closes a name: a quote, a comma, a closing tag.
fn is_closed(text: &str) -> bool {
    let rest = text.trim_start_matches(['"', '\'', '\\']).trim();
    rest.trim_matches([',', ' ']).is_empty()
        || rest.starts_with("</") && rest.ends_with('>') && rest.matches('<').count() == 1
}

/// Returns whether a text ends with the start of a pair: `(`, or the call of a method that sets a value.
fn is_tuple(before: &str) -> bool {
    let Some(before) = before.strip_suffix('(') else { return false };
    let length =
        before.bytes().rev().take(NAME).take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_').count();
    let method = before[before.len() - length..].to_ascii_lowercase();
    method.is_empty() || SETTERS.iter().any(|setter| method.contains(setter))
}

/// Returns whether the first word of a text is a pair, such as a cookie.
fn starts_with_pair(text: &str) -> bool {
    let name = text.bytes().take(NAME).take_while(|byte| is_name_byte(*byte)).count();
    name > 0 && text[name..].starts_with('=')
}

/// Returns the start of a value after a tag or an anchor in YAML: `!!str value`, `&name value`.
fn after_tag(text: &str, at: usize) -> usize {
    let is_tag = text[at..].starts_with("!!") || text[at..].starts_with('&') && !text[at..].starts_with("&str");
    if !is_tag {
        return at;
    }
    let length = text[at..].find(' ').map_or(0, |space| space + 1);
    if text[at + length..].trim_start().is_empty() { at } else { at + length }
}

/// Returns whether a name has no value, and the word after it is the next pair: `token= user=x`.
fn is_empty_pair(text: &str, name_end: usize, word: &Range<usize>) -> bool {
    if !text[name_end..word.start].starts_with("= ") {
        return false;
    }
    let length = text[word.clone()].bytes().take(NAME).take_while(|byte| is_name_byte(*byte)).count();
    let (name, value) = text[word.clone()].split_at(length);
    // Base64 can end with `=`.
    let is_pair = value.trim_start_matches('=').len() < value.len();
    length > 0 && is_pair && (!value.trim_matches('=').is_empty() || secret_name(name).is_some())
}

/// Returns whether a value after ` = ` is code: `token = next;`, `token = tokens[i + 1]`, `key = key or other`.
fn is_expression(value: &str, rest: &str) -> bool {
    let length = value.bytes().take_while(|byte| byte.is_ascii_alphabetic() || *byte == b'_').count();
    let is_member = length > 0 && value[length..].starts_with(['[', '.']);
    is_member
        || rest.starts_with(';') && is_plain(value.as_bytes())
        || [" or ", " || ", " ?? "].iter().any(|or| rest.starts_with(or))
}

/// Returns whether a text begins with a word of a sentence: a space and letters, without `=` or `:` after them.
fn starts_with_word(text: &str) -> bool {
    let Some(rest) = text.strip_prefix(' ') else { return false };
    let letters = rest.bytes().take_while(|byte| byte.is_ascii_lowercase() || *byte == b'\'').count();
    let ends = rest[letters..].chars().next().is_none_or(|c| c.is_whitespace() || ".,;!?".contains(c));
    letters > 0 && ends
}
