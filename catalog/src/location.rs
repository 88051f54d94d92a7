//! A location in a file of a catalog, and values with their locations.

use std::ops::{Deref, Range};

/// A location in one of a catalog's files: a range of bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Location {
    /// The index of the file.
    pub file: usize,
    /// The first byte.
    pub start: usize,
    /// The byte after the last.
    pub end: usize,
}

impl Location {
    pub(crate) const fn new(file: usize, range: Range<usize>) -> Self {
        Self { file, start: range.start, end: range.end }
    }
}

/// A value and its location.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Located<T> {
    /// The value.
    pub value: T,
    /// The location of the value.
    pub location: Location,
}

impl<T> Located<T> {
    pub(crate) const fn new(location: Location, value: T) -> Self {
        Self { value, location }
    }
}

impl Located<String> {
    /// Returns the location of a part of the string, or that of the whole string if it has escapes, which make the
    /// location of the part unknown.
    pub(crate) fn part(&self, range: Range<usize>) -> Location {
        let Location { file, start, end } = self.location;
        // With escapes or multi-line quotes, the TOML is longer than the text and its two quotes.
        if end - start == self.value.len() + 2 {
            return Location::new(file, start + 1 + range.start..start + 1 + range.end);
        }
        self.location
    }
}

impl<T> Deref for Located<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}
