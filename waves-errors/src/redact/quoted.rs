//! Named values in a text: parameters and headers.

use std::ops::Range;

use super::names::{ADDRESSES, PROOFS, PSEUDO, credentials, words_of};
use super::redactor::Redactor;
use super::shape::{self, is_end};

impl Redactor {
    /// Marks the values of parameters that contain secrets, anywhere in a text: `token=value`, `"token": "value"`,
    /// `api_key: value`, `API key: value`.
    pub(super) fn parameters(&self, text: &str, marks: &mut Vec<Range<usize>>) {
        let bytes = text.as_bytes();
        let mut from = 0;
        // The end of the last unquoted value: values that overlap end together, so that the text is searched only once.
        let mut unquoted = 0;
        while let Some(sign) = text[from..].find(['=', ':']).map(|at| from + at) {
            let before = text[from.min(sign)..sign].trim_end_matches(' ');
            let quoted = before.ends_with(['"', '\'']);
            let end = from.min(sign) + before.len() - usize::from(quoted);
            let word = |b: &&u8| b.is_ascii_alphanumeric() || b"-_".contains(b);
            let length = bytes[from.min(end)..end].iter().rev().take(64).take_while(word).count();
            let mut name = &text[end - length..end];
            // `API key: value`.
            if name.eq_ignore_ascii_case("key") && text[from.min(end)..end - length].ends_with(' ') {
                let before = bytes[from.min(end)..end - length - 1].iter().rev().take(64).take_while(word).count();
                name = &text[end - length - 1 - before..end];
            }
            from = sign + 1;
            let is_content = !name.is_empty() && self.is_content_name(name);
            if name.is_empty() || !is_content && !self.is_secret_name(name) {
                continue;
            }
            let open = text[from..].len() - text[from..].trim_start_matches([' ', '\\']).len();
            let start = from + open;
            let quote = text[start..].chars().next().filter(|c| matches!(c, '"' | '\''));
            let value = match quote {
                // Without its second quote, the value ends with the line.
                Some(quote) => {
                    let end = text[start + 1..].find([quote, '\n', '\r']);
                    start + 1..end.map_or(text.len(), |length| start + 1 + length)
                }
                // Only a quoted text is what a user said.
                None if is_content => continue,
                None => {
                    if start >= unquoted {
                        let ends = |c: char| "&#".contains(c) || u8::try_from(c).is_ok_and(is_end);
                        unquoted = text[start..].find(ends).map_or(text.len(), |length| start + length);
                    }
                    start..unquoted
                }
            };
            // In a sentence such as `invalid token: none given`, the value is a secret only if it looks like a credential.
            let sentence =
                !quoted && quote.is_none() && (name.contains(' ') || bytes[sign] == b':' && words_of(name).len() == 1);
            if sentence && !shape::is_credential(&text[value.clone()]) {
                continue;
            }
            from = value.end;
            if !value.is_empty() {
                marks.push(value);
            }
        }
    }

    /// Marks the header values to redact: in lines of `curl -v`, those of all headers that are not allowed; in other lines, only
    /// credentials.
    pub(super) fn header_lines(&self, text: &str, marks: &mut Vec<Range<usize>>) {
        let mut at = 0;
        for line in text.split('\n') {
            let content = line.trim_end();
            let of_curl = content.strip_prefix("> ").or(content.strip_prefix("< "));
            let remark = content.strip_prefix("* ").and_then(|rest| Some(&rest[rest.rfind('[')? + 1..]));
            let header = of_curl.or(remark.filter(|rest| rest.ends_with(']'))).and_then(|rest| {
                let (name, value) = rest.split_once(": ")?;
                let name = name.trim_start_matches(':');
                let token = !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b));
                token.then(|| (name.to_ascii_lowercase(), value.trim_end_matches(']')))
            });
            if let Some((name, value)) = header {
                let start = at + (value.as_ptr() as usize - line.as_ptr() as usize);
                marks.extend(self.header_mark(&name, value).map(|mark| start + mark.start..start + mark.end));
            } else if let Some(mark) = self.proof(content) {
                marks.push(at + mark.start..at + mark.end);
            }
            at += line.len() + 1;
        }
    }

    /// Returns the part of a header's value to redact, if there is one.
    fn header_mark(&self, name: &str, value: &str) -> Option<Range<usize>> {
        let kept = self.allowed.keep_headers().contains(name) || self.wire.request_id_headers().contains(name);
        if kept || ADDRESSES.contains(&name) || PSEUDO.contains(&name) || value.is_empty() {
            return None;
        }
        let proves = name == self.key.header() || PROOFS.contains(&name);
        let secret = if proves { credentials(value.as_bytes(), self.key.schemes()).len() } else { value.len() };
        (secret > 0).then(|| value.len() - secret..value.len())
    }

    /// Finds the credentials in the first header with credentials in a line. If a quote precedes its value, the value ends at the
    /// next quote, otherwise at the end of the line.
    fn proof(&self, line: &str) -> Option<Range<usize>> {
        let lower = line.to_ascii_lowercase();
        let names = PROOFS.into_iter().chain([self.key.header()]).filter(|name| !name.is_empty());
        let found = names.filter_map(|name| {
            let at = lower.find(&format!("{name}:"))?;
            (!lower[..at].ends_with(|c: char| c.is_alphanumeric())).then_some(at + name.len() + 1)
        });
        let start = found.min()?;
        let length =
            line[start..].find(['"', '\'', '`']).filter(|&at| !line[start..start + at].trim().is_empty() && at > 0);
        let quoted = line[..start].contains(['"', '\'', '`']);
        let end = length.filter(|_| quoted).map_or(line.len(), |length| start + length);
        let end = start + line[start..end].len().min(credentials_end(&line[start..end]));
        let value = line[start..end].trim_end();
        let secret = credentials(value.as_bytes(), self.key.schemes()).len();
        // A scheme without credentials is not secret.
        (secret > 0).then(|| start + value.len() - secret..start + value.len())
    }
}

/// Returns the end of a header's credentials in a log line, in which other pairs can follow: `Bearer X status=401`. The pairs of a cookie
/// follow after `; `, and those of Digest and AWS4 after a comma.
fn credentials_end(value: &str) -> usize {
    let mut end = 0;
    let mut words = 0;
    for word in value.split_inclusive([' ', '\t']) {
        let content = word.trim_end();
        let name = content.split_once('=').map_or("", |(name, _)| name);
        let is_pair = name.starts_with(|c: char| c.is_ascii_alphabetic())
            && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-.".contains(&b));
        let continues = value[..end].trim_end().ends_with([';', ',']);
        // The first word can be a cookie, and the second one the first parameter of Digest.
        if is_pair && words >= 2 && !continues {
            break;
        }
        words += usize::from(!content.is_empty());
        end += word.len();
    }
    end
}
