//! Reads a TOML table key by key. Values of the wrong type are reported, and keys that are never read are unknown. The
//! keys that were requested are the known keys, so no list of them is needed.
//!
//! A closure reads a table through its [`Keys`]. When the closure returns, [`Keys::finish`] reports the keys that it
//! did not read, so no reader can forget that.

use std::cell::Cell;
use std::fmt::{Arguments, Display};
use std::time::Duration;

use waves_errors_core::parse_duration;

use crate::location::{Located, Location};
use crate::parse::{Entry, Node, Value};
use crate::problem::{Problem, Problems};
use crate::suggest::nearest;

/// Proof that a problem of a table has been reported.
#[derive(Debug)]
pub(crate) struct Reported;

/// The keys of a table that have not been read yet.
pub(crate) struct Keys<'r, 's> {
    /// The position of the table in messages: "in `case.unauthorized`".
    position: String,
    location: Location,
    entries: Vec<Entry<'s>>,
    known: Vec<&'static str>,
    /// Required keys that are missing, each with the problem to report.
    missing: Vec<(&'static str, Problem)>,
    problems: &'r Problems,
    /// Whether a problem of this table, or of a table in it, has been reported.
    has_reported: Cell<bool>,
}

/// Reads a file with `read`.
pub(crate) fn read_file<'r, 's, T>(
    file: usize,
    entries: Vec<Entry<'s>>,
    problems: &'r Problems,
    read: impl FnOnce(&mut Keys<'r, 's>) -> T,
) -> T {
    Keys::read("at the top level".to_owned(), Location::new(file, 0..0), entries, problems, read).0
}

impl<'r, 's> Keys<'r, 's> {
    /// Reads a table with `read`, and reports the keys that it did not read.
    fn read<T>(
        position: String,
        location: Location,
        entries: Vec<Entry<'s>>,
        problems: &'r Problems,
        read: impl FnOnce(&mut Self) -> T,
    ) -> (T, Result<(), Reported>) {
        let (known, missing, has_reported) = (Vec::new(), Vec::new(), Cell::new(false));
        let mut keys = Self { position, location, entries, known, missing, problems, has_reported };
        let value = read(&mut keys);
        (value, keys.finish())
    }

    /// Reports every unknown key and every missing key, except a missing key that an unknown key misspells. Fails if
    /// any problem of the table, or of a table in it, has been reported.
    ///
    /// Only readers that reject a table with problems call this. For all others it is called when they return.
    pub(crate) fn finish(&mut self) -> Result<(), Reported> {
        for entry in std::mem::take(&mut self.entries) {
            let message = format!("unknown key `{}` {}", entry.key, self.position);
            let problem =
                Problem::error("unknown-key", entry.location, message).suggest(&entry.key, self.known.iter().copied());
            let meant = nearest(&entry.key, &self.known);
            self.missing.retain(|(key, _)| Some(*key) != meant);
            self.report(problem);
        }
        for (_, problem) in std::mem::take(&mut self.missing) {
            self.report(problem);
        }
        if self.has_reported.get() { Err(Reported) } else { Ok(()) }
    }

    pub(crate) fn report(&self, problem: Problem) -> Reported {
        self.has_reported.set(true);
        self.problems.add(problem);
        Reported
    }

    /// Returns the location of the table's name.
    pub(crate) const fn location(&self) -> Location {
        self.location
    }

    /// Reports a value of the wrong type; `label` names it in the message.
    pub(crate) fn report_wrong_type(&self, node: &Node<'_>, label: &str, expected: &str) {
        let message = format!("{} must be {expected}, not {}", subject(label), node.value.kind());
        self.report(Problem::error("wrong-type", node.location, message));
    }

    /// Removes a key. Returns its location and its value.
    pub(crate) fn take(&mut self, key: &'static str) -> Option<(Location, Node<'s>)> {
        self.known.push(key);
        let index = self.entries.iter().position(|entry| entry.key == key)?;
        let entry = self.entries.remove(index);
        Some((entry.location, entry.node))
    }

    /// Reads a string, an integer or a boolean as text.
    pub(crate) fn scalar(&mut self, key: &'static str) -> Option<Located<String>> {
        let (_, node) = self.take(key)?;
        self.as_scalar(&quote(key), node)
    }

    /// Converts a string, an integer or a boolean to text; `label` names it in messages.
    pub(crate) fn as_scalar(&self, label: &str, node: Node<'s>) -> Option<Located<String>> {
        match node.value {
            Value::Integer(Some(value)) => Some(Located::new(node.location, value.to_string())),
            Value::Boolean(value) => Some(Located::new(node.location, value.to_string())),
            Value::Text(_) => self.as_text(|| label.to_owned(), node),
            Value::Integer(None) => {
                let message = format!("{} must fit in 64 bits", subject(label));
                self.report(Problem::error("out-of-range", node.location, message));
                None
            }
            _ => {
                self.report_wrong_type(&node, label, "a string, an integer or a boolean");
                None
            }
        }
    }

    /// Reads a value, or a list of alternative values, each converted by `convert`, which gets its label.
    pub(crate) fn alternatives<T: Ord + Display>(
        &mut self,
        key: &'static str,
        convert: impl Fn(&Self, &str, Node<'s>) -> Option<Located<T>>,
    ) -> Vec<Located<T>> {
        let Some((_, node)) = self.take(key) else { return Vec::new() };
        self.as_alternatives(key, node, convert)
    }

    /// Converts a value, or each value of a list, with `convert`. Returns the values in ascending order; reports an empty list and
    /// duplicates.
    pub(crate) fn as_alternatives<T: Ord + Display>(
        &self,
        name: &str,
        node: Node<'s>,
        convert: impl Fn(&Self, &str, Node<'s>) -> Option<Located<T>>,
    ) -> Vec<Located<T>> {
        let Value::List(items) = node.value else { return convert(self, &quote(name), node).into_iter().collect() };
        if items.is_empty() {
            self.report_empty(name, node.location);
        }
        let label = item_label(name);
        let mut values: Vec<_> = items.into_iter().filter_map(|node| convert(self, &label, node)).collect();
        values.sort_by(|a, b| (&a.value, a.location).cmp(&(&b.value, b.location)));
        values.dedup_by(|later, first| {
            let is_duplicate = later.value == first.value;
            if is_duplicate {
                let problem = Problem::error(
                    "duplicate-value",
                    later.location,
                    format!("duplicate value `{}` in `{name}`", later.value),
                );
                self.report(problem.related(first.location, "first used here"));
            }
            is_duplicate
        });
        values
    }

    /// Reports a list or a table that must not be empty.
    pub(crate) fn report_empty(&self, name: &str, location: Location) -> Reported {
        let problem = Problem::error("empty-match", location, format!("`{name}` is empty"));
        self.report(problem.help("add at least one value"))
    }

    /// Reads a table of free names, each value converted by `convert`.
    pub(crate) fn named_values<T>(
        &mut self,
        key: &'static str,
        convert: impl Fn(&Self, &Located<String>, Node<'s>) -> Option<T>,
    ) -> Vec<(Located<String>, T)> {
        let read = |table: &mut Self| {
            let entries = std::mem::take(&mut table.entries);
            let convert_entry = |entry: Entry<'s>| {
                let name = Located::new(entry.location, entry.key.into_owned());
                let value = convert(table, &name, entry.node)?;
                Some((name, value))
            };
            entries.into_iter().filter_map(convert_entry).collect()
        };
        self.table(key, read).unwrap_or_default()
    }

    /// Returns whether an unread key is a likely misspelling of one of these names.
    pub(crate) fn has_misspelling_of(&self, names: &[&str]) -> bool {
        self.entries.iter().any(|entry| nearest(&entry.key, &self.known).is_some_and(|meant| names.contains(&meant)))
    }

    /// Returns whether all keys have been read.
    pub(crate) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Returns the value of an unread key.
    pub(crate) fn peek(&self, key: &str) -> Option<&Node<'s>> {
        self.entries.iter().find(|entry| entry.key == key).map(|entry| &entry.node)
    }

    /// Returns whether the key is present and unread.
    pub(crate) fn has(&self, key: &str) -> bool {
        self.peek(key).is_some()
    }

    /// Returns whether the key is present with a value for which `is_valid` returns false.
    pub(crate) fn has_invalid_value(&self, key: &str, is_valid: impl Fn(&Value<'_>) -> bool) -> bool {
        self.peek(key).is_some_and(|node| !is_valid(&node.value))
    }

    /// Reads a required key with `get`. The help of the problem contains the example of a value.
    pub(crate) fn required<T>(
        &mut self,
        key: &'static str,
        get: fn(&mut Self, &'static str) -> Option<T>,
        example: &str,
    ) -> Option<T> {
        self.require(key, format_args!("{key} = {example}"));
        get(self, key)
    }

    /// Reads a required table with `read`.
    pub(crate) fn required_table<T>(&mut self, key: &'static str, read: impl FnOnce(&mut Self) -> T) -> Option<T> {
        self.require(key, format_args!("[{key}]"));
        self.table(key, read)
    }

    fn require(&mut self, key: &'static str, line: Arguments<'_>) {
        if !self.has(key) {
            let message = format!("missing key `{key}` {}", self.position);
            let problem = Problem::error("missing-key", self.location, message).help(format!("add `{line}`"));
            self.missing.push((key, problem));
        }
    }

    /// Reads a string that may be empty.
    pub(crate) fn text_or_empty(&mut self, key: &'static str) -> Option<Located<String>> {
        let is_empty = |entry: &Entry<'s>| matches!(&entry.node.value, Value::Text(text) if text.is_empty());
        if self.entries.iter().any(|entry| entry.key == key && is_empty(entry)) {
            return self.take(key).map(|(_, node)| Located::new(node.location, String::new()));
        }
        self.text(key)
    }

    /// Reads a string that must not be empty.
    pub(crate) fn text(&mut self, key: &'static str) -> Option<Located<String>> {
        let (_, node) = self.take(key)?;
        self.as_text(|| quote(key), node)
    }

    /// Converts a value to a string that is not empty; `label` names it in messages, and is only called for a problem.
    pub(crate) fn as_text(&self, label: impl Fn() -> String, node: Node<'s>) -> Option<Located<String>> {
        match node.value {
            Value::Text(text) if text.trim().is_empty() => {
                self.report(Problem::error(
                    "empty-text",
                    node.location,
                    format!("{} must not be blank", subject(&label())),
                ));
                None
            }
            Value::Text(text) => Some(Located::new(node.location, text.into_owned())),
            _ => {
                self.report_wrong_type(&node, &label(), "a string");
                None
            }
        }
    }

    /// Reads a list of strings; without the key it is empty.
    pub(crate) fn texts(&mut self, key: &'static str) -> Vec<Located<String>> {
        self.list(key).into_iter().filter_map(|node| self.as_text(|| item_label(key), node)).collect()
    }

    /// Reads a list; without the key it is empty.
    pub(crate) fn list(&mut self, key: &'static str) -> Vec<Node<'s>> {
        match self.take(key) {
            None => Vec::new(),
            Some((_, Node { value: Value::List(items), .. })) => items,
            Some((_, node)) => {
                self.report_wrong_type(&node, &quote(key), "a list");
                Vec::new()
            }
        }
    }

    /// Reads an integer in a range.
    pub(crate) fn integer(&mut self, key: &'static str, low: i64, high: i64) -> Option<Located<i64>> {
        let (_, node) = self.take(key)?;
        self.as_integer(&quote(key), &node, low, high)
    }

    pub(crate) fn as_integer(&self, label: &str, node: &Node<'_>, low: i64, high: i64) -> Option<Located<i64>> {
        match node.value {
            Value::Integer(Some(value)) if (low..=high).contains(&value) => Some(Located::new(node.location, value)),
            Value::Integer(_) => {
                let range = if low == high { low.to_string() } else { format!("between {low} and {high}") };
                let message = format!("{} must be {range}", subject(label));
                self.report(Problem::error("out-of-range", node.location, message));
                None
            }
            _ => {
                self.report_wrong_type(node, label, "an integer");
                None
            }
        }
    }

    /// Reads a number.
    pub(crate) fn number(&mut self, key: &'static str) -> Option<Located<f64>> {
        let (_, node) = self.take(key)?;
        self.as_number(&quote(key), &node)
    }

    pub(crate) fn as_number(&self, label: &str, node: &Node<'_>) -> Option<Located<f64>> {
        match node.value {
            #[expect(clippy::cast_precision_loss, reason = "a number that large is out of every range")]
            Value::Integer(Some(value)) => Some(Located::new(node.location, value as f64)),
            Value::Float(value) => Some(Located::new(node.location, value)),
            _ => {
                self.report_wrong_type(node, label, "a number");
                None
            }
        }
    }

    pub(crate) fn boolean(&mut self, key: &'static str) -> Option<Located<bool>> {
        let (_, node) = self.take(key)?;
        if let Value::Boolean(value) = node.value {
            return Some(Located::new(node.location, value));
        }
        self.report_wrong_type(&node, &quote(key), "true or false");
        None
    }

    /// Reads a duration: `"500ms"`, `"30s"` or `"2m"`.
    pub(crate) fn duration(&mut self, key: &'static str) -> Option<Located<Duration>> {
        let (_, node) = self.take(key)?;
        if let Value::Text(text) = &node.value {
            let duration = parse_duration(text);
            if duration.is_none() {
                let message = format!("invalid duration `{text}` for `{key}`");
                let help = "write a whole number followed by a unit, without a space: \"500ms\", \"30s\" or \"2m\"";
                self.report(Problem::error("bad-duration", node.location, message).help(help));
            }
            return Some(Located::new(node.location, duration?));
        }
        self.report_wrong_type(&node, &quote(key), "a duration such as \"500ms\"");
        None
    }

    /// Reads one of a set of words.
    pub(crate) fn word<T: Copy>(&mut self, key: &'static str, words: &[(&'static str, T)]) -> Option<Located<T>> {
        let text = self.text(key)?;
        self.as_word(key, &text, words)
    }

    /// Converts a text to one of a set of words.
    pub(crate) fn as_word<T: Copy>(
        &self,
        key: &str,
        text: &Located<String>,
        words: &[(&'static str, T)],
    ) -> Option<Located<T>> {
        let found = words.iter().find(|(word, _)| *word == text.value);
        if found.is_none() {
            let problem =
                Problem::error("unknown-value", text.location, format!("invalid value `{}` for `{key}`", text.value));
            self.report(problem.suggest(text, words.iter().map(|(word, _)| *word)));
        }
        found.map(|(_, value)| Located::new(text.location, *value))
    }

    /// Reads a table with `read`.
    pub(crate) fn table<T>(&mut self, key: &'static str, read: impl FnOnce(&mut Self) -> T) -> Option<T> {
        let (location, node) = self.take(key)?;
        self.as_table(&quote(key), location, node, read)
    }

    /// Reads a value as a table with `read`; `location` is the location of its name.
    pub(crate) fn as_table<T>(
        &self,
        name: &str,
        location: Location,
        node: Node<'s>,
        read: impl FnOnce(&mut Self) -> T,
    ) -> Option<T> {
        let Value::Table(entries) = node.value else {
            self.report_wrong_type(&node, name, "a table");
            return None;
        };
        let (value, result) = Self::read(format!("in {name}"), location, entries, self.problems, read);
        if result.is_err() {
            self.has_reported.set(true);
        }
        Some(value)
    }

    /// Reads each table of a list with `read`.
    pub(crate) fn tables<T>(&mut self, key: &'static str, read: impl Fn(&mut Self) -> T) -> Vec<T> {
        let nodes = self.list(key).into_iter();
        collect_exact(nodes.filter_map(|node| self.as_table(&item_label(key), node.location, node, &read)))
    }

    /// Reads a table of named tables, such as `[case.ID]`, each with `read`. The result is `None` for a name whose
    /// value is not a table.
    pub(crate) fn named_tables<T>(
        &mut self,
        key: &'static str,
        read: impl Fn(&Located<String>, &mut Self) -> T,
    ) -> Vec<(Located<String>, Option<T>)> {
        self.named_values(key, |keys, name, node| {
            Some(keys.as_table(&format!("`{key}.{}`", name.value), name.location, node, |table| read(name, table)))
        })
    }
}

/// Collects items without spare capacity: most lists of a case have one large item, but a growing `Vec` first reserves
/// space for four.
pub(crate) fn collect_exact<T>(items: impl Iterator<Item = T>) -> Vec<T> {
    let mut all: Vec<T> = items.collect();
    all.shrink_to_fit();
    all
}

fn quote(key: &str) -> String {
    format!("`{key}`")
}

/// Returns the label of a list's item in messages.
pub(crate) fn item_label(key: &str) -> String {
    format!("an item of `{key}`")
}

/// Returns the label of a value as the subject of a requirement: "each item of `examples` must be a table".
fn subject(label: &str) -> String {
    label.replacen("an item", "each item", 1)
}
