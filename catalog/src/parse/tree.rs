//! The tree of a TOML file: keys and values with their locations.

use std::borrow::Cow;

use crate::location::Location;

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
    /// Returns the type of the value, for messages.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::Text(_) => "a string",
            Self::Integer(_) => "an integer",
            Self::Float(_) => "a float",
            Self::Boolean(_) => "a boolean",
            Self::Date => "a date",
            Self::List(_) => "a list",
            Self::Table(_) => "a table",
        }
    }
}
