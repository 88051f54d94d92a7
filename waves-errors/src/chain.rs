//! The chain of an error and its sources.

use std::error::Error;
use std::iter::successors;

/// The maximum number of errors in a chain: a chain can be cyclic.
const DEPTH: usize = 16;

/// Returns an error and its sources, outermost first.
pub(crate) fn chain<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    successors(Some(error), |&error| error.source()).take(DEPTH)
}
