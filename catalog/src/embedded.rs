//! The catalogs that are built in: that of the Waves API, and that of the checker's own rules.

use crate::check::{Accepted, Rejected, check_texts, read_texts};
use crate::model::Catalog;

/// A catalog that is built into this crate.
#[derive(Debug, Clone, Copy)]
pub struct Embedded {
    /// Names, as they are shown, and texts; the root first.
    pub(crate) files: &'static [(&'static str, &'static str)],
}

/// The Waves API's errors.
pub const WAVES: Embedded = Embedded {
    files: &[
        ("catalog/waves/error-reference.toml", include_str!("../waves/error-reference.toml")),
        ("catalog/waves/requests.toml", include_str!("../waves/requests.toml")),
        ("catalog/waves/service.toml", include_str!("../waves/service.toml")),
        ("catalog/waves/websocket.toml", include_str!("../waves/websocket.toml")),
    ],
};

/// The rules of the checker: what each is about, and the way out.
pub const RULES: Embedded = Embedded { files: &[("catalog/rules.toml", include_str!("../rules.toml"))] };

impl Embedded {
    /// Reads and checks it.
    ///
    /// # Errors
    ///
    /// None in a released version: its tests check what is built in.
    pub fn check(self) -> Result<Accepted, Box<Rejected>> {
        check_texts(self.files)
    }

    /// Reads it, for commands that show it: the rules have been applied where this crate was tested, and take longer
    /// than all else that such a command does.
    ///
    /// # Errors
    ///
    /// None in a released version, as for [`check`](Self::check).
    pub fn read(self) -> Result<Catalog, Box<Rejected>> {
        read_texts(self.files).map(|accepted| accepted.catalog)
    }
}
