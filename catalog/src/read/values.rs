//! Reads values that occur in several tables: required texts, JSON pointers, statuses, close codes, transport errors.

use std::collections::HashMap;

use waves_errors_core::TransportError;

use crate::keys::Keys;
use crate::location::Located;
use crate::parse::Node;
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
    let mut seen = HashMap::new();
    for text in &texts {
        check_pointer(keys, text);
        if let Some(first) = seen.insert(text.value.as_str(), text.location) {
            let message = format!("duplicate value `{}` in `{key}`", text.value);
            keys.report(Problem::error("duplicate-value", text.location, message).related(first, "first used here"));
        }
    }
    texts.into_iter().map(|text| text.value).collect()
}

/// Checks a JSON pointer, in which a step can be the wildcard `*`.
pub(super) fn check_pointer(keys: &Keys<'_, '_>, text: &Located<String>) {
    let mut steps = text.split('/').skip(1);
    let help = if !text.starts_with('/') {
        format!("write `/{}`", text.value.trim_start_matches("$.").replace('.', "/"))
    } else if steps.clone().any(|step| step.contains('*') && step != "*") {
        "the wildcard `*` is a whole step, as in `/errors/*/code`".to_owned()
    } else if steps.any(|step| step.split('~').skip(1).any(|rest| !rest.starts_with(['0', '1']))) {
        "write `~0` for `~` and `~1` for `/`".to_owned()
    } else {
        return;
    };
    keys.report(
        Problem::error("bad-pointer", text.location, format!("invalid JSON pointer `{}`", text.value)).help(help),
    );
}

/// Checks a JSON pointer to a single value.
pub(super) fn check_single_pointer(keys: &Keys<'_, '_>, text: &Located<String>) {
    if text.split('/').any(|step| step == "*") {
        let message = format!("`{}` cannot contain a wildcard here", text.value);
        keys.report(Problem::error("bad-pointer", text.location, message).help("write a pointer to a single value"));
    } else {
        check_pointer(keys, text);
    }
}

pub(super) fn status(keys: &mut Keys<'_, '_>) -> Option<Located<u16>> {
    let (_, node) = keys.take("status")?;
    as_status(keys, "`status`", &node)
}

pub(super) fn as_status(keys: &Keys<'_, '_>, label: &str, node: &Node<'_>) -> Option<Located<u16>> {
    let status = keys.as_integer(label, node, 100, 599)?;
    Some(Located::new(status.location, u16::try_from(status.value).ok()?))
}

pub(super) fn as_close_code(keys: &Keys<'_, '_>, label: &str, node: &Node<'_>) -> Option<Located<u16>> {
    let code = keys.as_integer(label, node, 1000, 4999)?;
    Some(Located::new(code.location, u16::try_from(code.value).ok()?))
}

pub(super) fn as_transport_error<'s>(
    keys: &Keys<'_, 's>,
    label: &str,
    node: Node<'s>,
) -> Option<Located<TransportError>> {
    let text = keys.as_text(|| label.to_owned(), node)?;
    keys.as_word("io", &text, &TransportError::ALL.map(|error| (error.as_str(), error)))
}

/// Reads a method. Methods are case-sensitive.
pub(super) fn as_method<'s>(keys: &Keys<'_, 's>, label: &str, node: Node<'s>) -> Option<Located<String>> {
    let method = keys.as_text(|| label.to_owned(), node)?;
    if method.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'-') {
        return Some(method);
    }
    let problem = Problem::error("bad-method", method.location, format!("invalid method `{}`", method.value));
    let help = if method.is_ascii() {
        format!("write `{}`", method.to_ascii_uppercase())
    } else {
        "write it in upper-case ASCII letters".to_owned()
    };
    keys.report(problem.help(help));
    None
}
