//! Reads values that occur in several tables: required texts, JSON pointers, statuses, close codes, transport errors.

use waves_errors_core::TransportError;

use crate::keys::Keys;
use crate::location::Located;
use crate::problem::Problem;

/// Reads a required text. If it is missing, reports that and returns an empty text, so that its table is kept and
/// references to the table are not reported as well.
pub(super) fn required_text(keys: &mut Keys<'_, '_>, key: &'static str) -> Located<String> {
    keys.required(key, Keys::text, "\"...\"").unwrap_or_else(|| Located::new(keys.location(), String::new()))
}

/// Reads an array of strings, without their locations.
pub(super) fn strings(keys: &mut Keys<'_, '_>, key: &'static str) -> Vec<String> {
    keys.texts(key).into_iter().map(|text| text.value).collect()
}

/// Reads an array of header names, in lower case.
pub(super) fn headers(keys: &mut Keys<'_, '_>, key: &'static str) -> Vec<String> {
    keys.texts(key).into_iter().map(|text| text.to_ascii_lowercase()).collect()
}

/// Reads an array of JSON pointers.
pub(super) fn pointers(keys: &mut Keys<'_, '_>, key: &'static str) -> Vec<String> {
    let texts = keys.texts(key);
    for text in &texts {
        check_pointer(keys, text);
    }
    texts.into_iter().map(|text| text.value).collect()
}

pub(super) fn check_pointer(keys: &Keys<'_, '_>, text: &Located<String>) {
    if !text.starts_with('/') {
        let message = format!("invalid JSON pointer `{}`", text.value);
        let help = format!("write `/{}`", text.value.trim_start_matches("$.").replace('.', "/"));
        keys.report(Problem::error("bad-pointer", text.location, message).help(help));
    }
}

pub(super) fn status(keys: &mut Keys<'_, '_>) -> Option<Located<u16>> {
    let status = keys.integer("status", 100, 599)?;
    Some(Located::new(status.location, u16::try_from(status.value).ok()?))
}

pub(super) fn close_code(keys: &mut Keys<'_, '_>) -> Option<u16> {
    keys.integer("close", 1000, 4999).and_then(|code| u16::try_from(code.value).ok())
}

pub(super) fn transport_error(keys: &mut Keys<'_, '_>) -> Option<TransportError> {
    keys.word("io", &TransportError::ALL.map(|error| (error.as_str(), error))).map(|error| error.value)
}
