//! A line in which secrets are searched, and what has been found in it.

use std::ops::Range;

use super::known::Known;
use super::notation::Closings;
use super::rules::Rules;

/// A range of a line to hide.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) range: Range<usize>,
    /// The kind of value, such as `key`.
    pub(super) what: &'static str,
    /// The range of the value's name, or an empty range.
    pub(super) name: Range<usize>,
}

/// The form of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// Any text, such as a log.
    Text,
    /// A single URL.
    Url,
    /// The fields of a form: `name=value&name=value`.
    Fields,
    /// An id, of which only the shape counts.
    Id,
}

/// The positions of a line's triggers, and the classes of its characters.
pub(super) struct Triggered {
    pub(super) positions: Vec<usize>,
    pub(super) classes: u8,
}

/// A line, or a decoded line, with its triggers.
pub(super) struct Line<'r, 't> {
    pub(super) rules: &'r Rules,
    pub(super) known: &'t Known,
    pub(super) text: &'t str,
    pub(super) triggered: &'t Triggered,
    /// The number of double quotes up to a position.
    pub(super) quotes: (usize, usize),
    pub(super) closings: Closings,
    /// The last value without quotes that was read.
    pub(super) word: Range<usize>,
    pub(super) found: Vec<Found>,
}

impl Line<'_, '_> {
    pub(super) fn push(&mut self, range: Range<usize>, what: &'static str, name: Range<usize>) {
        if !range.is_empty() {
            self.found.push(Found { range, what, name });
        }
    }
}
