//! Headers in a text: `Authorization: Bearer value`, and the lines of `curl -v`.

use std::ops::Range;

use super::line::Line;
use super::names::{ADDRESSES, PROOFS, PSEUDO, SecretName, credentials};
use super::notation::{self, credentials_end, is_line_end, trimmed, without_punctuation};
use super::pending::Pending;
use super::rules::Rules;
use super::value::{is_plain, reveals_nothing};

/// Returns whether a header proves who sends a request. Its value can have several words.
pub(super) fn is_proof(rules: &Rules, name: &str) -> bool {
    // `HTTP_AUTHORIZATION`, `request.headers.authorization`.
    let last = name.rsplit(['.', '_']).next().unwrap_or(name);
    let is = |header: &str| header.eq_ignore_ascii_case(name) || header.eq_ignore_ascii_case(last);
    PROOFS.into_iter().chain([rules.key.header()]).filter(|header| !header.is_empty()).any(is)
}

impl Line<'_, '_> {
    /// Hides the credentials in the value of a header.
    pub(super) fn header(
        &mut self,
        name: Range<usize>,
        secret: SecretName,
        start: usize,
        pending: &mut Pending,
    ) -> usize {
        let text = self.text;
        if let Some(content) = self.quotes(start) {
            return self.hide(name, content);
        }
        if let Some(group) = notation::group_at(text, start) {
            return self.group(name, true, group, 0, pending);
        }
        let end = self.header_end(name.start, start);
        let value = trimmed(text, start..end);
        let content = &text[value.clone()];
        if self.is_scheme(content) && text[end..].trim().is_empty() {
            // A folded header: any indentation.
            *pending = Pending::Value { indent: 0, is_strict: false };
            return end;
        }
        let is_word = |word: &str| {
            word.bytes().all(|byte| byte.is_ascii_lowercase() || b".,;'-".contains(&byte)) && is_plain(word.as_bytes())
        };
        let words = content.split_ascii_whitespace();
        let is_sentence = words.clone().count() > 1
            && !words.clone().next().is_some_and(|first| self.is_scheme(first))
            && words.clone().all(is_word);
        if is_sentence || reveals_nothing(content) || words.count() == 1 && secret.is_common && content.ends_with("::")
        {
            return value.end;
        }
        if end == text.len() {
            *pending = Pending::Folded(content.ends_with([';', ',']));
        }
        self.hide(name, without_punctuation(text, value));
        end
    }

    /// Returns the end of a header's value: of the string that contains the header, or of its line, before other pairs of a log line.
    fn header_end(&mut self, name: usize, start: usize) -> usize {
        let text = self.text;
        // `-H 'Authorization: value'`.
        let before = text[..name].chars().next_back().filter(|quote| "\"'`".contains(*quote));
        let quote = before.or((self.quotes_before(name) > 0).then_some('"'));
        let bytes = text.as_bytes();
        // Escaped line ends: `b'Authorization: value\r\nHost: ...'`.
        let ends = |at: usize| quote.is_some_and(|quote| bytes[at] == quote as u8) || is_line_end(&bytes[at..]);
        let length = credentials_end(&text[start..], |at| ends(start + at));
        start + length
    }

    /// Hides the value of a header that is not allowed, in a line of `curl -v`. Returns the end of the header.
    pub(super) fn curl_header(&mut self) -> usize {
        let content = self.text.trim_end();
        let of_curl = content.strip_prefix("> ").or(content.strip_prefix("< "));
        let remark = content.strip_prefix("* ").and_then(|rest| Some(&rest[rest.rfind('[')? + 1..]));
        let header = of_curl.or(remark.filter(|rest| rest.ends_with(']')));
        let Some((name, value)) = header.and_then(|rest| rest.split_once(": ")) else { return 0 };
        let name = name.trim_start_matches(':');
        let value = if of_curl.is_some() { value } else { value.strip_suffix(']').unwrap_or(value) };
        let is_token = !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b));
        let lower = name.to_ascii_lowercase();
        let (rules, lower) = (self.rules, lower.as_str());
        let is_kept = rules.allowed.keep_headers().contains(lower) || rules.wire.request_id_headers().contains(lower);
        if !is_token || is_kept || ADDRESSES.contains(&lower) || PSEUDO.contains(&lower) {
            return 0;
        }
        let end = content.len() - usize::from(of_curl.is_none());
        let proves = lower == rules.key.header() || PROOFS.contains(&lower);
        let secret = if proves { credentials(value.as_bytes(), rules.key.schemes()).len() } else { value.len() };
        let name_end = end - value.len() - ": ".len();
        self.push(end - secret..end, "header", name_end - name.len()..name_end);
        end
    }
}
