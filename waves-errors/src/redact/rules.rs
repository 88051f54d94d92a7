//! The rules of a redactor: what its catalog says about secrets, and the secrets of an exchange.

use waves_errors_core::Catalog;
use waves_errors_core::internal::{KeyView, RedactView, WireView};

use super::known::Known;
use super::names::{INPUT, secret_name};
use super::trigger::{Trigger, Triggers};
use super::value::is_common_word;

/// The rules of a redactor.
#[derive(Clone)]
pub(super) struct Rules {
    pub(super) wire: WireView<'static>,
    pub(super) key: KeyView<'static>,
    pub(super) allowed: RedactView<'static>,
    pub(super) known: Known,
}

/// The secrets of an exchange or of a document.
#[derive(Debug, Default)]
pub(super) struct Secrets {
    pub(super) credentials: Vec<Vec<u8>>,
    /// Texts that users sent.
    pub(super) contents: Vec<String>,
}

impl Rules {
    pub(super) fn new(catalog: Catalog) -> Self {
        let table = catalog.table();
        let (key, allowed) = (table.key(), table.redact());
        let names = key.query().chain([key.header()]).chain(key.schemes());
        let known = Known::new(Triggers::new(key.prefixes(), names, allowed.contents()));
        Self { wire: table.wire(), key, allowed, known }
    }

    /// Adds secrets, which are then hidden wherever a text repeats them.
    pub(super) fn add(&mut self, secrets: Secrets) {
        for credential in secrets.credentials {
            // Hiding a common word, or the name of a secret such as `password`, would hide what an error is about.
            if !std::str::from_utf8(&credential).is_ok_and(is_common_word) {
                self.known.add_credential(&credential);
            }
        }
        secrets.contents.iter().for_each(|content| self.known.add_content(content));
    }

    /// Returns whether the catalog allows the values of this query parameter in output.
    pub(super) fn keeps_parameter(&self, name: &str) -> bool {
        self.allowed.keep_query().any(|keep| keep.eq_ignore_ascii_case(name))
    }

    /// Returns whether a parameter or field of this name contains a secret, in the catalog's API or in any API.
    pub(super) fn is_secret_name(&self, name: &str) -> bool {
        let of_catalog = |key: &str| !key.is_empty() && key.eq_ignore_ascii_case(name);
        self.key.query().chain([self.key.header()]).any(of_catalog) || secret_name(name).is_some()
    }

    /// Returns whether a parameter or field of this name contains what a user said. Validators quote it as `input_value`.
    pub(super) fn is_content_name(&self, name: &str) -> bool {
        name == INPUT || self.allowed.contents().any(|content| content.eq_ignore_ascii_case(name))
    }

    /// Returns the kind of a replaced value, with its name unless the name may contain a secret.
    pub(super) fn kind(&self, what: &str, name: &str) -> String {
        let is_plain = name.len() <= 32 && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b));
        let is_shown = is_plain && !name.is_empty() && !self.begins_secret(name);
        if is_shown { format!("{what} {name}") } else { what.to_owned() }
    }

    /// Returns whether a key or a known credential begins in a name.
    fn begins_secret(&self, name: &str) -> bool {
        let bytes = name.as_bytes();
        let mut positions = Vec::new();
        self.known.find(bytes, &mut positions);
        let is_key = |trigger| matches!(trigger, Trigger::Prefix(..) | Trigger::Coded);
        positions.iter().any(|&at| self.known.contains(bytes, at) || self.known.triggers.at(bytes, at).any(is_key))
    }
}
