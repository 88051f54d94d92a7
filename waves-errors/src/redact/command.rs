//! Secrets in command lines: `curl -u user:password`.

use super::line::Line;
use super::notation::{floor, is_quote, word_end};
use super::options::{OPTIONS, Part};

impl Line<'_, '_> {
    /// Hides the secret part of the value of the option at `at`. Returns its end.
    pub(super) fn option(&mut self, at: usize, name: &str) -> usize {
        let text = self.text;
        let end = at + name.len();
        let mut last = end;
        for option in OPTIONS.iter().filter(|option| option.name == name) {
            let has_command =
                option.commands.is_empty() || option.commands.iter().any(|command| self.line_start().contains(command));
            let rest = &text[end..];
            let start = end + (rest.len() - rest.trim_start_matches([' ', '=']).len());
            let fits = match option.secret {
                Part::Attached => start == end,
                Part::Whole => start > end,
                // `-uuser:password`, but not `--username`.
                Part::Password => start > end || name.len() == 3,
            };
            if !has_command || !fits {
                continue;
            }
            let quotes = self.quotes(start).filter(|_| is_quote(text, start));
            let value = quotes.unwrap_or_else(|| start..word_end(text, start));
            let content = &text[value.clone()];
            let secret = match option.secret {
                Part::Password => password(content).map(|length| value.end - length..value.end),
                _ => Some(value.clone()).filter(|_| !content.starts_with('-')),
            };
            if let Some(secret) = secret {
                last = self.hide(at + 1..end, secret);
            }
        }
        last
    }

    /// Returns the start of the line, in which a command precedes its options.
    fn line_start(&self) -> &str {
        &self.text[..floor(self.text, COMMAND)]
    }
}

/// The maximum length of the text with a command before its options.
const COMMAND: usize = 512;

/// Returns the length of the password in `user:password`.
fn password(value: &str) -> Option<usize> {
    let (user, password) = value.split_once(':')?;
    let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    // A URL, a format of dates, a user and a group.
    let is_other =
        password.starts_with("//") || user.starts_with(['+', '/', '-']) || is_number(user) && is_number(password);
    (!is_other && !password.is_empty()).then_some(password.len())
}
