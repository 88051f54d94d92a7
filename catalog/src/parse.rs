//! TOML text to a tree in which every key and value knows its place. Only this file and the one below know TOML's crates.

#[cfg(test)]
mod oracle;
mod plain;

use std::borrow::Cow;

use toml::de::{DeTable, DeValue};

use crate::problem::{Place, Problem, Problems};
use crate::source::Source;

/// A value and its place.
#[derive(Debug)]
pub(crate) struct Node<'s> {
    pub(crate) at: Place,
    pub(crate) value: Value<'s>,
}

/// A TOML value.
#[derive(Debug)]
pub(crate) enum Value<'s> {
    Text(Cow<'s, str>),
    Integer(Option<i64>),
    Float(f64),
    Boolean(bool),
    Date,
    List(Vec<Node<'s>>),
    /// In the file's order.
    Table(Vec<Entry<'s>>),
}

/// A key, its place, and its value.
#[derive(Debug)]
pub(crate) struct Entry<'s> {
    pub(crate) key: Cow<'s, str>,
    pub(crate) at: Place,
    pub(crate) node: Node<'s>,
}

impl Value<'_> {
    /// What kind of value it is, for messages.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::Text(_) => "a string",
            Self::Integer(_) => "an integer",
            Self::Float(_) => "a float",
            Self::Boolean(_) => "a boolean",
            Self::Date => "a date",
            Self::List(_) => "an array",
            Self::Table(_) => "a table",
        }
    }
}

/// Reads a file; syntax errors are all told, the first of each line, and what could be read is returned.
pub(crate) fn parse<'s>(file: usize, source: &'s Source, problems: &Problems) -> Vec<Entry<'s>> {
    plain::entries(file, source.text()).unwrap_or_else(|| thorough(file, source, problems))
}

/// Reads any file at all, with all that is wrong in it.
fn thorough<'s>(file: usize, source: &'s Source, problems: &Problems) -> Vec<Entry<'s>> {
    let (table, errors) = DeTable::parse_recoverable(source.text());
    let mut last = 0;
    // A table that is there twice has each of its keys twice as well.
    let mut twice = 0;
    for error in errors {
        let range = source.inside(error.span().unwrap_or(0..0));
        let line = source.position(range.start).0;
        if std::mem::replace(&mut last, line) == line || range.start < twice {
            continue;
        }
        let message = match error.message() {
            "duplicate key" => {
                if source.line(line).starts_with('[') {
                    twice = source.text()[range.end..].find("\n[").map_or(usize::MAX, |next| range.end + next);
                }
                format!("duplicate key `{}`", &source.text()[range.clone()])
            }
            message => message.to_owned(),
        };
        problems.add(Problem::error("syntax", Place::new(file, range), message));
    }
    entries(file, table.into_inner())
}

fn entries(file: usize, table: DeTable<'_>) -> Vec<Entry<'_>> {
    let mut entries: Vec<_> = table
        .into_iter()
        .map(|(key, value)| {
            let at = Place::new(file, key.span());
            Entry { key: key.into_inner(), at, node: node(file, value.span(), value.into_inner()) }
        })
        .collect();
    entries.sort_by_key(|entry| entry.at);
    entries
}

fn node(file: usize, span: std::ops::Range<usize>, value: DeValue<'_>) -> Node<'_> {
    let value = match value {
        DeValue::String(text) => Value::Text(text),
        DeValue::Integer(integer) => Value::Integer(i64::from_str_radix(integer.as_str(), integer.radix()).ok()),
        DeValue::Float(float) => Value::Float(float.as_str().parse().unwrap_or(f64::NAN)),
        DeValue::Boolean(boolean) => Value::Boolean(boolean),
        DeValue::Datetime(_) => Value::Date,
        DeValue::Array(items) => {
            Value::List(items.into_iter().map(|item| node(file, item.span(), item.into_inner())).collect())
        }
        DeValue::Table(table) => Value::Table(entries(file, table)),
    };
    Node { at: Place::new(file, span), value }
}
