//! A TOML table, read key by key: wrong types are told at their places, and what is left over is an unknown key.
//! The keys that were asked for are the known ones; they stand nowhere a second time.

use std::fmt::Arguments;
use std::ops::{Deref, Range};
use std::time::Duration;

use waves_errors_core::parse_duration;

use crate::parse::{Entry, Node, Value};
use crate::problem::{Place, Problem, Problems, nearest};

/// A value and the place where it stands.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct At<T> {
    /// The value.
    pub value: T,
    /// Its place.
    pub at: Place,
}

impl<T> At<T> {
    pub(crate) const fn new(at: Place, value: T) -> Self {
        Self { value, at }
    }
}

impl At<String> {
    /// The place of a part of a string. Where escapes keep it from being known, that of the whole string.
    pub(crate) fn part(&self, range: Range<usize>) -> Place {
        let Place { file, start, end } = self.at;
        // Escapes and multi-line quotes make the TOML longer than the text and its two quotes.
        if end - start == self.value.len() + 2 {
            return Place::new(file, start + 1 + range.start..start + 1 + range.end);
        }
        self.at
    }
}

impl<T> Deref for At<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

/// A table on its way through the reader.
pub(crate) struct Keys<'r, 's> {
    /// How messages call the table: `[case.unauthorized]`.
    name: String,
    at: Place,
    left: Vec<Entry<'s>>,
    asked: Vec<&'static str>,
    /// Keys that are not there, and what is told of that.
    missing: Vec<(&'static str, Problem)>,
    problems: &'r Problems,
}

/// At the end, every key that nobody asked for is told, and every one that is missing, but for a missing one whose name
/// is merely misspelt.
impl Drop for Keys<'_, '_> {
    fn drop(&mut self) {
        for entry in std::mem::take(&mut self.left) {
            let message = format!("unknown key `{}` in {}", entry.key, self.name);
            let problem =
                Problem::error("unknown-key", entry.at, message).meant(&entry.key, self.asked.iter().copied());
            let meant = nearest(&entry.key, &self.asked);
            self.missing.retain(|(key, _)| Some(*key) != meant);
            self.problems.add(problem);
        }
        for (_, problem) in std::mem::take(&mut self.missing) {
            self.problems.add(problem);
        }
    }
}

impl<'r, 's> Keys<'r, 's> {
    pub(crate) fn new(name: impl Into<String>, at: Place, entries: Vec<Entry<'s>>, problems: &'r Problems) -> Self {
        Self { name: name.into(), at, left: entries, asked: Vec::new(), missing: Vec::new(), problems }
    }

    /// The place of the table's name.
    pub(crate) const fn at(&self) -> Place {
        self.at
    }

    pub(crate) fn problem(&self, problem: Problem) {
        self.problems.add(problem);
    }

    /// Tells that a value is of the wrong type; `what` is how messages call it.
    pub(crate) fn wrong(&self, node: &Node<'_>, what: &str, wanted: &str) {
        let message = format!("{what} must be {wanted}, not {}", node.value.kind());
        self.problems.add(Problem::error("wrong-type", node.at, message));
    }

    /// The value of a key.
    pub(crate) fn take(&mut self, key: &'static str) -> Option<(Place, Node<'s>)> {
        self.asked.push(key);
        let at = self.left.iter().position(|entry| entry.key == key)?;
        let entry = self.left.remove(at);
        Some((entry.at, entry.node))
    }

    /// A table of free names whose values are strings.
    pub(crate) fn named_texts(self) -> Vec<(At<String>, At<String>)> {
        self.each_named(|keys, name, node| keys.as_text(|| quoted(name), node))
    }

    /// A table of free names whose values are strings, integers or booleans, as they are written.
    pub(crate) fn named_scalars(self) -> Vec<(At<String>, At<String>)> {
        self.each_named(|keys, name, node| match node.value {
            Value::Integer(Some(value)) => Some(At::new(node.at, value.to_string())),
            Value::Boolean(value) => Some(At::new(node.at, value.to_string())),
            _ => keys.as_text(|| quoted(name), node),
        })
    }

    /// A table of free names, each value as `read` takes it.
    pub(crate) fn each_named<T>(mut self, read: impl Fn(&Self, &str, Node<'s>) -> Option<T>) -> Vec<(At<String>, T)> {
        let entries = std::mem::take(&mut self.left);
        let each = |entry: Entry<'s>| {
            let name = At::new(entry.at, entry.key.into_owned());
            let value = read(&self, &name, entry.node)?;
            Some((name, value))
        };
        entries.into_iter().filter_map(each).collect()
    }

    /// How many problems have been told so far, of anything.
    pub(crate) fn told(&self) -> usize {
        self.problems.count()
    }

    /// Whether a key that nobody asks for is a misspelt one of these.
    pub(crate) fn misspells(&self, names: &[&str]) -> bool {
        self.left.iter().any(|entry| nearest(&entry.key, &self.asked).is_some_and(|meant| names.contains(&meant)))
    }

    /// Whether there is no key left.
    pub(crate) fn is_empty(&self) -> bool {
        self.left.is_empty()
    }

    /// Whether there is such a key.
    pub(crate) fn has(&self, key: &str) -> bool {
        self.left.iter().any(|entry| entry.key == key)
    }

    /// Whether there is such a key with a value that is not what it should be.
    pub(crate) fn has_other(&self, key: &str, is: impl Fn(&Value<'_>) -> bool) -> bool {
        self.left.iter().any(|entry| entry.key == key && !is(&entry.node.value))
    }

    /// A key that must be there.
    pub(crate) fn required<T>(
        &mut self,
        key: &'static str,
        read: fn(&mut Self, &'static str) -> Option<T>,
    ) -> Option<T> {
        self.demand(key, format_args!("{key} = ..."));
        read(self, key)
    }

    /// A table that must be there.
    pub(crate) fn required_table(&mut self, key: &'static str) -> Option<Keys<'r, 's>> {
        self.demand(key, format_args!("[{key}]"));
        self.table(key)
    }

    fn demand(&mut self, key: &'static str, line: Arguments<'_>) {
        if !self.has(key) {
            let message = format!("{} has no `{key}`", self.name);
            let problem = Problem::error("missing-key", self.at, message).help(format!("add `{line}`"));
            self.missing.push((key, problem));
        }
    }

    /// A string, which may be empty.
    pub(crate) fn string(&mut self, key: &'static str) -> Option<At<String>> {
        let empty = |entry: &Entry<'s>| matches!(&entry.node.value, Value::Text(text) if text.is_empty());
        if self.left.iter().any(|entry| entry.key == key && empty(entry)) {
            return self.take(key).map(|(_, node)| At::new(node.at, String::new()));
        }
        self.text(key)
    }

    /// A string that is not empty.
    pub(crate) fn text(&mut self, key: &'static str) -> Option<At<String>> {
        let (_, node) = self.take(key)?;
        self.as_text(|| quoted(key), node)
    }

    /// A value that should be a string that is not empty; `what` says how messages call it, which most catalogs never need.
    pub(crate) fn as_text(&self, what: impl Fn() -> String, node: Node<'s>) -> Option<At<String>> {
        match node.value {
            Value::Text(text) if text.trim().is_empty() => {
                self.problems.add(Problem::error("empty-text", node.at, format!("{} is empty", what())));
                None
            }
            Value::Text(text) => Some(At::new(node.at, text.into_owned())),
            _ => {
                self.wrong(&node, &what(), "a string");
                None
            }
        }
    }

    /// An array of strings; without the key an empty one.
    pub(crate) fn texts(&mut self, key: &'static str) -> Vec<At<String>> {
        self.list(key).into_iter().filter_map(|node| self.as_text(|| item(key), node)).collect()
    }

    /// An array; without the key an empty one.
    pub(crate) fn list(&mut self, key: &'static str) -> Vec<Node<'s>> {
        match self.take(key) {
            None => Vec::new(),
            Some((_, Node { value: Value::List(items), .. })) => items,
            Some((_, node)) => {
                self.wrong(&node, &quoted(key), "an array");
                Vec::new()
            }
        }
    }

    /// A whole number in a range.
    pub(crate) fn integer(&mut self, key: &'static str, low: i64, high: i64) -> Option<At<i64>> {
        let (_, node) = self.take(key)?;
        self.as_integer(key, &node, low, high)
    }

    pub(crate) fn as_integer(&self, key: &str, node: &Node<'_>, low: i64, high: i64) -> Option<At<i64>> {
        match node.value {
            Value::Integer(Some(value)) if (low..=high).contains(&value) => Some(At::new(node.at, value)),
            Value::Integer(_) => {
                let range = if low == high { low.to_string() } else { format!("from {low} to {high}") };
                let message = format!("`{key}` must be {range}");
                self.problems.add(Problem::error("out-of-range", node.at, message));
                None
            }
            _ => {
                self.wrong(node, &quoted(key), "an integer");
                None
            }
        }
    }

    /// A number.
    pub(crate) fn number(&mut self, key: &'static str) -> Option<At<f64>> {
        let (_, node) = self.take(key)?;
        match node.value {
            #[expect(clippy::cast_precision_loss, reason = "a number that large is out of every range")]
            Value::Integer(Some(value)) => Some(At::new(node.at, value as f64)),
            Value::Float(value) => Some(At::new(node.at, value)),
            _ => {
                self.wrong(&node, &quoted(key), "a number");
                None
            }
        }
    }

    pub(crate) fn boolean(&mut self, key: &'static str) -> Option<At<bool>> {
        let (_, node) = self.take(key)?;
        if let Value::Boolean(value) = node.value {
            return Some(At::new(node.at, value));
        }
        self.wrong(&node, &quoted(key), "true or false");
        None
    }

    /// A duration: `"500ms"`, `"30s"` or `"2m"`.
    pub(crate) fn duration(&mut self, key: &'static str) -> Option<At<Duration>> {
        let (_, node) = self.take(key)?;
        if let Value::Text(text) = &node.value {
            let duration = parse_duration(text);
            if duration.is_none() {
                let message = format!("invalid duration `{text}` for `{key}`");
                let help = "write a whole number and a unit: \"500ms\", \"30s\" or \"2m\"";
                self.problems.add(Problem::error("bad-duration", node.at, message).help(help));
            }
            return Some(At::new(node.at, duration?));
        }
        self.wrong(&node, &quoted(key), "a duration such as \"500ms\"");
        None
    }

    /// One of some words.
    pub(crate) fn word<T: Copy>(&mut self, key: &'static str, words: &[(&'static str, T)]) -> Option<At<T>> {
        let text = self.text(key)?;
        let found = words.iter().find(|(word, _)| *word == text.value);
        if found.is_none() {
            let problem = Problem::error("unknown-word", text.at, format!("`{key}` cannot be `{}`", text.value));
            self.problems.add(problem.meant(&text, words.iter().map(|(word, _)| *word)));
        }
        found.map(|(_, value)| At::new(text.at, *value))
    }

    /// A table.
    pub(crate) fn table(&mut self, key: &'static str) -> Option<Keys<'r, 's>> {
        let (at, node) = self.take(key)?;
        self.as_table(format!("[{key}]"), at, node)
    }

    /// A node that should be a table; `at` is the place of its name.
    pub(crate) fn as_table(&self, name: impl Into<String>, at: Place, node: Node<'s>) -> Option<Keys<'r, 's>> {
        match node.value {
            Value::Table(entries) => Some(Keys::new(name, at, entries, self.problems)),
            _ => {
                self.wrong(&node, &name.into(), "a table");
                None
            }
        }
    }

    /// The tables of an array of tables.
    pub(crate) fn tables(&mut self, key: &'static str) -> Vec<Keys<'r, 's>> {
        self.list(key).into_iter().filter_map(|node| self.as_table(item(key), node.at, node)).collect()
    }

    /// The tables below a table of free names, with their names: `[case.ID]`. A name whose value is no table has none.
    pub(crate) fn each(&mut self, key: &'static str) -> Vec<(At<String>, Option<Keys<'r, 's>>)> {
        let Some(mut table) = self.table(key) else { return Vec::new() };
        let entries = std::mem::take(&mut table.left);
        let each = |entry: Entry<'s>| {
            let name = At::new(entry.at, entry.key.into_owned());
            let keys = table.as_table(format!("[{key}.{}]", name.value), entry.at, entry.node);
            (name, keys)
        };
        entries.into_iter().map(each).collect()
    }
}

/// A list without room for more. Most lists of a case have one item, and some items are large, and a list that grows begins with
/// room for four.
pub(crate) fn short<T>(items: impl Iterator<Item = T>) -> Vec<T> {
    let mut all: Vec<T> = items.collect();
    all.shrink_to_fit();
    all
}

fn quoted(key: &str) -> String {
    format!("`{key}`")
}

/// How messages call an item of an array.
pub(crate) fn item(key: &str) -> String {
    format!("an item of `{key}`")
}
