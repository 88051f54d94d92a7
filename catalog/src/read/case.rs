//! A case, with its causes and fixes.

use heck::ToUpperCamelCase;
use waves_errors_core::{Check, Part, RetryOnly, Severity, parse_duration};

use super::conditions::{alternatives, examples};
use super::{POLICY_KEYS, is_pointer, required_text};
use crate::keys::{At, Keys, item, short};
use crate::model::{Case, Deprecated, Required, Says, Step};
use crate::parse::{Node, Value};
use crate::problem::Problem;

pub(super) fn case(id: At<String>, mut keys: Keys<'_, '_>) -> Case {
    let any = |names: &[&str]| names.iter().any(|name| keys.has(name));
    let says = Says {
        named: any(&["status", "code", "match"]),
        retried: any(&["retry", "refines"]),
        caused: any(&["causes"]),
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
            .map(|mut keys| Deprecated { since: keys.text("since"), instead: keys.text("use") }),
        says,
        summary: required_text(&mut keys, "summary"),
        id,
    };
    keys.text("source");
    case.says.retried |= keys.misspells(&["retry", "refines"]);
    case.says.caused |= keys.misspells(&["causes"]);
    case.says.named |= keys.misspells(&["status", "code", "match"]);
    case
}

/// An id as the name of a variant. What ids should be, lower-case words with dashes, needs none of the care that heck takes,
/// which macros pay for without optimisation.
fn upper_camel_case(id: &str) -> String {
    let mut name = String::with_capacity(id.len());
    let mut begins = true;
    for byte in id.bytes() {
        match byte {
            b'-' => begins = true,
            b'a'..=b'z' if begins => name.push(char::from(byte.to_ascii_uppercase())),
            b'a'..=b'z' | b'0'..=b'9' => name.push(char::from(byte)),
            _ => return id.to_upper_camel_case(),
        }
        begins &= byte == b'-';
    }
    name
}

pub(super) fn status(keys: &mut Keys<'_, '_>) -> Option<At<u16>> {
    let status = keys.integer("status", 100, 599)?;
    Some(At::new(status.at, u16::try_from(status.value).ok()?))
}

/// Each a string or a table.
fn steps(keys: &mut Keys<'_, '_>, key: &'static str) -> Vec<Step> {
    let nodes = keys.list(key);
    short(nodes.into_iter().filter_map(|node| step(keys, key, node)))
}

fn step(keys: &Keys<'_, '_>, key: &'static str, node: Node<'_>) -> Option<Step> {
    if matches!(node.value, Value::Text(_)) {
        let text = keys.as_text(|| item(key), node)?;
        return Some(Step { id: None, text, check: None, causes: Vec::new(), requires: Vec::new() });
    }
    let mut keys = keys.as_table(item(key), node.at, node)?;
    let text = required_text(&mut keys, "text");
    let mut step =
        Step { id: keys.text("id"), check: check(&mut keys), causes: Vec::new(), requires: Vec::new(), text };
    if key == "fixes" {
        step.causes = keys.texts("for");
        step.requires = keys.table("requires").map(requires).unwrap_or_default();
    }
    Some(step)
}

/// The name of a predicate, or a look at one part of the request.
fn check(keys: &mut Keys<'_, '_>) -> Option<At<String>> {
    let table = |value: &Value<'_>| matches!(value, Value::Text(_));
    if !keys.has_other("check", table) {
        return keys.text("check");
    }
    let mut keys = keys.table("check")?;
    let parts = Part::ALL.map(|part| (part, keys.text(part.as_str())));
    let is = keys.required("is", Keys::text);
    let mut given = parts.into_iter().filter_map(|(part, name)| Some((part, name?)));
    let (Some((part, name)), None) = (given.next(), given.next()) else {
        let message = "a check looks at one thing: `header`, `query` or `json`";
        keys.problem(Problem::error("bad-check", keys.at(), message));
        return None;
    };
    if part == Part::Json {
        is_pointer(&keys, &name);
    }
    let name_of = if part == Part::Header { name.to_ascii_lowercase() } else { name.value.clone() };
    Some(At::new(name.at, Check::encode(part, &name_of, &is?)))
}

fn requires(mut keys: Keys<'_, '_>) -> Vec<(At<String>, At<Required>)> {
    let mut all = Vec::new();
    for key in POLICY_KEYS {
        if key == "only" {
            let only = keys.word(key, &RetryOnly::ALL.map(|only| (only.as_str(), only)));
            all.extend(
                only.map(|only| (At::new(only.at, key.to_owned()), At::new(only.at, Required::Only(Some(only.value))))),
            );
            continue;
        }
        let Some((at, node)) = keys.take(key) else { continue };
        let value = match &node.value {
            #[expect(clippy::cast_precision_loss, reason = "a policy's numbers are small")]
            Value::Integer(Some(number)) => Some(Required::Number(*number as f64)),
            Value::Float(number) => Some(Required::Number(*number)),
            Value::Boolean(boolean) => Some(Required::Boolean(*boolean)),
            Value::Text(text) => parse_duration(text).map(Required::Duration),
            _ => None,
        };
        match value {
            Some(value) => all.push((At::new(at, key.to_owned()), At::new(node.at, value))),
            None => keys.problem(Problem::error("wrong-type", node.at, format!("`{key}` cannot have this value"))),
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn upper_camel_case_equals_heck() {
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
