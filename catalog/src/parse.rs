//! Parses TOML into a tree of keys and values with their locations. Only this file depends on a TOML crate.

use std::borrow::Cow;

use toml::de::{DeTable, DeValue};

use crate::location::Location;
use crate::problem::{Problem, Problems};
use crate::source::Source;

/// A value and its location.
#[derive(Debug)]
pub(crate) struct Node<'s> {
    pub(crate) location: Location,
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
    /// The entries in the order of the file.
    Table(Vec<Entry<'s>>),
}

/// A key, its location, and its value.
#[derive(Debug)]
pub(crate) struct Entry<'s> {
    pub(crate) key: Cow<'s, str>,
    pub(crate) location: Location,
    pub(crate) node: Node<'s>,
}

impl Value<'_> {
    /// The type of the value, for messages.
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

/// Parses a file. Reports the first syntax error of each line, and returns the entries that could be parsed.
pub(crate) fn parse<'s>(file: usize, source: &'s Source, problems: &Problems) -> Vec<Entry<'s>> {
    let (table, errors) = DeTable::parse_recoverable(source.text());
    let mut last_line = 0;
    // After a duplicate table header, the duplicate keys of that table are not reported as well.
    let mut skip_until = 0;
    for error in errors {
        let range = source.clamp(error.span().unwrap_or(0..0));
        let line = source.position(range.start).0;
        if std::mem::replace(&mut last_line, line) == line || range.start < skip_until {
            continue;
        }
        let message = match error.message() {
            "duplicate key" => {
                if source.line(line).starts_with('[') {
                    skip_until = source.text()[range.end..].find("\n[").map_or(usize::MAX, |next| range.end + next);
                }
                format!("duplicate key `{}`", &source.text()[range.clone()])
            }
            message => message.to_owned(),
        };
        problems.add(Problem::error("syntax", Location::new(file, range), message));
    }
    entries(file, table.into_inner())
}

fn entries(file: usize, table: DeTable<'_>) -> Vec<Entry<'_>> {
    let mut entries: Vec<_> = table
        .into_iter()
        .map(|(key, value)| {
            let location = Location::new(file, key.span());
            Entry { key: key.into_inner(), location, node: node(file, value.span(), value.into_inner()) }
        })
        .collect();
    entries.sort_by_key(|entry| entry.location);
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
    Node { location: Location::new(file, span), value }
}
