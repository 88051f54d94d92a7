//! Reads a case, with its causes and fixes.

use waves_errors_core::{Check, Is, Part, Severity};

use super::conditions::alternatives;
use super::examples::examples;
use super::policy::requires;
use super::values::{check_single_pointer, required_text, status};
use crate::keys::{Keys, collect_exact, item_label};
use crate::location::Located;
use crate::model::{Case, Deprecation, PresentKeys, Step};
use crate::names::variant_name;
use crate::parse::{Node, Value};
use crate::problem::Problem;

pub(super) fn case(id: &Located<String>, keys: &mut Keys<'_, '_>) -> Case {
    let has_any = |names: &[&str]| names.iter().any(|name| keys.has(name));
    let present = PresentKeys {
        matching: has_any(&["status", "code", "match"]),
        retry: has_any(&["retry", "refines"]),
        causes: has_any(&["causes"]),
    };
    let variant = keys.text("variant");
    let fixes_as = keys.word("fixes-as", &[("list", false), ("paragraph", true)]);
    let mut case = Case {
        index: 0,
        status: status(keys),
        code: keys.text("code"),
        title: keys.text("title"),
        causes: steps(keys, "causes"),
        fixes: steps(keys, "fixes"),
        fixes_in_paragraph: fixes_as.is_some_and(|paragraph| paragraph.value),
        retry: keys.text("retry"),
        matches: alternatives(keys),
        refines: keys.text("refines"),
        display: keys.text("display"),
        aliases: keys.texts("aliases"),
        name: variant.as_ref().map_or_else(|| variant_name(id), |variant| variant.value.clone()),
        variant,
        severity: keys
            .word("severity", &Severity::ALL.map(|severity| (severity.as_str(), severity)))
            .map_or(Severity::Error, |severity| severity.value),
        examples: examples(keys),
        deprecated: keys
            .table("deprecated", |keys| Deprecation { since: keys.text("since"), replacement: keys.text("use") }),
        docs: keys.text("docs"),
        present,
        summary: required_text(keys, "summary"),
        id: id.clone(),
    };
    keys.text("source");
    case.present.retry |= keys.has_misspelling_of(&["retry", "refines"]);
    case.present.causes |= keys.has_misspelling_of(&["causes"]);
    case.present.matching |= keys.has_misspelling_of(&["status", "code", "match"]);
    case
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
    if !matches!(node.value, Value::Table(_)) {
        keys.report_wrong_type(&node, &item_label(key), "a string or a table");
        return None;
    }
    keys.as_table(&item_label(key), node.location, node, |keys| {
        let text = required_text(keys, "text");
        let mut step = Step { id: keys.text("id"), check: check(keys), causes: Vec::new(), requires: Vec::new(), text };
        if key == "fixes" {
            step.causes = keys.texts("for");
            step.requires = keys.table("requires", requires).unwrap_or_default();
        }
        step
    })
}

/// Reads a check: the name of a predicate, or a table for one part of the request.
fn check(keys: &mut Keys<'_, '_>) -> Option<Located<String>> {
    let (location, node) = keys.take("check")?;
    match node.value {
        Value::Table(_) => keys.as_table("`check`", location, node, part_check)?,
        Value::Text(_) => keys.as_text(|| "`check`".to_owned(), node),
        _ => {
            keys.report_wrong_type(&node, "`check`", "a string or a table");
            None
        }
    }
}

fn part_check(keys: &mut Keys<'_, '_>) -> Option<Located<String>> {
    let parts = Part::ALL.map(|part| (part, keys.text(part.as_str())));
    let has_range = keys.has("outside");
    if has_range && keys.has("is") {
        keys.report(Problem::error("bad-check", keys.location(), "a check must not have both `is` and `outside`"));
    }
    let is = if has_range { keys.text("is") } else { keys.required("is", Keys::text, "\"absent\"") };
    let range = range(keys);
    let mut given = parts.into_iter().filter_map(|(part, name)| Some((part, name?)));
    let (Some((part, name)), None) = (given.next(), given.next()) else {
        let message = "a check must have exactly one of `header`, `query` and `json`";
        keys.report(Problem::error("bad-check", keys.location(), message));
        return None;
    };
    if part == Part::Json {
        check_single_pointer(keys, &name);
    }
    let normalized = if part == Part::Header { name.to_ascii_lowercase() } else { name.value.clone() };
    let state = range.or_else(|| is.as_ref().map(|is| Is::parse(is)))?;
    Some(Located::new(name.location, Check::encode(part, &normalized, state)))
}

/// Reads the range of a check: `outside = [LOW, HIGH]`.
fn range(keys: &mut Keys<'_, '_>) -> Option<Is<'static>> {
    let (location, node) = keys.take("outside")?;
    let Value::List(items) = &node.value else {
        keys.report_wrong_type(&node, "`outside`", "a list of two numbers");
        return None;
    };
    let numbers: Vec<_> = items.iter().filter_map(|item| keys.as_number(&item_label("outside"), item)).collect();
    match numbers[..] {
        _ if numbers.len() < items.len() => None,
        [ref low, ref high] if low.value <= high.value => Some(Is::Outside { low: low.value, high: high.value }),
        _ => {
            let message = "`outside` must contain the lower and the upper bound";
            keys.report(Problem::error("bad-check", location, message));
            None
        }
    }
}
