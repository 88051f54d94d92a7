//! Parses a file that may have syntax errors with the `toml` crate, and reports them.

use toml::de::{DeTable, DeValue};

use super::tree::{Entry, Node, Value};
use crate::location::Location;
use crate::problem::{Problem, Problems};
use crate::source::Source;

/// Parses a file. Reports the first syntax error of each line, and returns the entries that could be parsed.
pub(super) fn parse<'s>(file: usize, source: &'s Source, problems: &Problems) -> Vec<Entry<'s>> {
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
