//! Parses TOML into a tree of keys and values with their locations. Only the files below depend on TOML crates.

mod fast;
mod recovering;
#[cfg(test)]
mod tests;
mod tree;

use crate::problem::Problems;
use crate::source::Source;

pub(crate) use tree::{Entry, Node, Value};

/// Parses a file. Reports the first syntax error of each line, and returns the entries that could be parsed.
pub(crate) fn parse<'s>(file: usize, source: &'s Source, problems: &Problems) -> Vec<Entry<'s>> {
    fast::parse(file, source.text()).unwrap_or_else(|| recovering::parse(file, source, problems))
}
