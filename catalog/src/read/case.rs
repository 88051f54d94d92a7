//! Reads a case, with its causes and fixes.

use heck::ToUpperCamelCase;
use waves_errors_core::{Check, Part, RetryOnly, Severity, parse_duration};

use super::conditions::{alternatives, examples};
use super::{POLICY_KEYS, check_pointer, required_text};
use crate::keys::{Keys, Located, collect_exact, item_label};
use crate::model::{Case, Deprecation, PresentKeys, Required, Step};
use crate::parse::{Node, Value};
use crate::problem::Problem;

pub(super) fn case(id: Located<String>, mut keys: Keys<'_, '_>) -> Case {
    let has_any = |names: &[&str]| names.iter().any(|name| keys.has(name));
    let present = PresentKeys {
        matching: has_any(&["status", "code", "match"]),
        retry: has_any(&["retry", "refines"]),
        causes: has_any(&["causes"]),
    };
    let variant = keys.text("variant");
    let fixes_as = keys.word("fixes-as", &[("list", false), ("paragraph", true)]);
    let mut case = Case {
        status: status(&mut keys),
        code: keys.text("code"),
        title: keys.text("title"),
        causes: steps(&mut keys, "causes"),
        fixes: steps(&mut keys, "fixes"),
        fixes_in_paragraph: fixes_as.is_some_and(|paragraph| paragraph.value),
        retry: keys.text("retry"),
        matches: alternatives(&mut keys),
        refines: keys.text("refines"),
        display: keys.text("display"),
        aliases: keys.texts("aliases"),
        name: variant.as_ref().map_or_else(|| upper_camel_case(&id), |variant| variant.value.clone()),
        variant,
        severity: keys
            .word("severity", &Severity::ALL.map(|severity| (severity.as_str(), severity)))
            .map_or(Severity::Error, |severity| severity.value),
        examples: examples(&mut keys),
        deprecated: keys
            .table("deprecated")
            .map(|mut keys| Deprecation { since: keys.text("since"), replacement: keys.text("use") }),
        present,
        summary: required_text(&mut keys, "summary"),
        id,
    };
    keys.text("source");
    case.present.retry |= keys.has_misspelling_of(&["retry", "refines"]);
    case.present.causes |= keys.has_misspelling_of(&["causes"]);
    case.present.matching |= keys.has_misspelling_of(&["status", "code", "match"]);
    case
}

/// Returns the variant name for an id. A well-formed id, lower-case words with dashes, does not need heck, which is
/// slow in unoptimized macros.
fn upper_camel_case(id: &str) -> String {
    let mut name = String::with_capacity(id.len());
    let mut word_start = true;
    for byte in id.bytes() {
        match byte {
            b'-' => word_start = true,
            b'a'..=b'z' if word_start => name.push(char::from(byte.to_ascii_uppercase())),
            b'a'..=b'z' | b'0'..=b'9' => name.push(char::from(byte)),
            _ => return id.to_upper_camel_case(),
        }
        word_start &= byte == b'-';
    }
    name
}

pub(super) fn status(keys: &mut Keys<'_, '_>) -> Option<Located<u16>> {
    let status = keys.integer("status", 100, 599)?;
    Some(Located::new(status.location, u16::try_from(status.value).ok()?))
}

/// Reads causes or fixes: an array of strings and tables.
fn steps(keys: &mut Keys<'_, '_>, key: &'static str) -> Vec<Step> {
    let nodes = keys.list(key);
    collect_exact(nodes.into_iter().filter_map(|node| step(keys, key, node)))
}

fn step(keys: &Keys<'_, '_>, key: &'static str, node: Node<'_>) -> Option<Step> {
    if matches!(node.value, Value::Text(_)) {
        let text = keys.as_text(|| item_label(key), node)?;
        return Some(Step { id: None, text, check: None, causes: Vec::new(), requires: Vec::new() });
    }
    let mut keys = keys.as_table(item_label(key), node.location, node)?;
    let text = required_text(&mut keys, "text");
    let mut step =
        Step { id: keys.text("id"), check: check(&mut keys), causes: Vec::new(), requires: Vec::new(), text };
    if key == "fixes" {
        step.causes = keys.texts("for");
        step.requires = keys.table("requires").map(requires).unwrap_or_default();
    }
    Some(step)
}

/// Reads a check: the name of a predicate, or a table for one part of the request.
fn check(keys: &mut Keys<'_, '_>) -> Option<Located<String>> {
    let is_text = |value: &Value<'_>| matches!(value, Value::Text(_));
    if !keys.has_invalid_value("check", is_text) {
        return keys.text("check");
    }
    let mut keys = keys.table("check")?;
    let parts = Part::ALL.map(|part| (part, keys.text(part.as_str())));
    let is = keys.required("is", Keys::text);
    let mut given = parts.into_iter().filter_map(|(part, name)| Some((part, name?)));
    let (Some((part, name)), None) = (given.next(), given.next()) else {
        let message = "a check looks at one thing: `header`, `query` or `json`";
        keys.report(Problem::error("bad-check", keys.location(), message));
        return None;
    };
    if part == Part::Json {
        check_pointer(&keys, &name);
    }
    let normalized = if part == Part::Header { name.to_ascii_lowercase() } else { name.value.clone() };
    Some(Located::new(name.location, Check::encode(part, &normalized, &is?)))
}

fn requires(mut keys: Keys<'_, '_>) -> Vec<(Located<String>, Located<Required>)> {
    let mut all = Vec::new();
    for key in POLICY_KEYS {
        if key == "only" {
            let only = keys.word(key, &RetryOnly::ALL.map(|only| (only.as_str(), only)));
            all.extend(only.map(|only| {
                (
                    Located::new(only.location, key.to_owned()),
                    Located::new(only.location, Required::Only(Some(only.value))),
                )
            }));
            continue;
        }
        let Some((location, node)) = keys.take(key) else { continue };
        let value = match &node.value {
            #[expect(clippy::cast_precision_loss, reason = "a policy's numbers are small")]
            Value::Integer(Some(number)) => Some(Required::Number(*number as f64)),
            Value::Float(number) => Some(Required::Number(*number)),
            Value::Boolean(boolean) => Some(Required::Boolean(*boolean)),
            Value::Text(text) => parse_duration(text).map(Required::Duration),
            _ => None,
        };
        match value {
            Some(value) => all.push((Located::new(location, key.to_owned()), Located::new(node.location, value))),
            None => keys.report(Problem::error("wrong-type", node.location, format!("`{key}` cannot have this value"))),
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn upper_camel_case_agrees_with_heck() {
        let letters = ["", "a", "Z", "1", "-", "_", "é"];
        let mut ids = vec![String::new()];
        for _ in 0..5 {
            ids = ids.iter().flat_map(|id| letters.map(|letter| format!("{id}{letter}"))).collect();
        }
        for id in ids {
            assert_eq!(upper_camel_case(&id), id.to_upper_camel_case(), "{id}");
        }
    }
}
