//! The built-in catalogs: one for the Waves API, and one for the checker's lints.

use crate::catalog::Catalog;
use crate::check::{Accepted, Rejected, check_texts, load_texts};

/// A catalog that is built into this crate.
#[derive(Debug, Clone, Copy)]
pub struct Embedded {
    /// Display names and texts, the root first.
    pub(crate) files: &'static [(&'static str, &'static str)],
}

/// The errors of the Waves API.
pub const WAVES: Embedded = Embedded {
    files: &[
        ("catalog/waves/error-reference.toml", include_str!("../waves/error-reference.toml")),
        ("catalog/waves/requests.toml", include_str!("../waves/requests.toml")),
        ("catalog/waves/service.toml", include_str!("../waves/service.toml")),
        ("catalog/waves/websocket.toml", include_str!("../waves/websocket.toml")),
    ],
};

/// The lints of the checker, each with its cause and fix.
pub const LINTS: Embedded = Embedded { files: &[("catalog/rules.toml", include_str!("../rules.toml"))] };

impl Embedded {
    /// Reads and checks the catalog.
    ///
    /// # Errors
    ///
    /// Never fails in a released version, whose built-in catalogs have been tested.
    pub fn check(self) -> Result<Accepted, Box<Rejected>> {
        check_texts(self.files)
    }

    /// Loads the catalog without lints, for commands that only print it: this crate's tests run the lints, which would
    /// take longer than the rest of the command.
    ///
    /// # Errors
    ///
    /// Never fails in a released version, as for [`check`](Self::check).
    pub fn load(self) -> Result<Catalog, Box<Rejected>> {
        load_texts(self.files).map(|accepted| accepted.catalog)
    }
}
