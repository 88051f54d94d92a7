//! Reads the conditions of `match` and `failed-when`.

use waves_errors_core::internal::Condition;

use super::values::{check_pointer, close_code, pointers, transport_error};
use crate::keys::{Keys, Reported, item_label};
use crate::model::Alternative;
use crate::parse::{Node, Value};
use crate::problem::Problem;

/// Reads the alternatives of a `match`.
pub(super) fn alternatives(keys: &mut Keys<'_, '_>) -> Option<Vec<Alternative>> {
    let (_, node) = keys.take("match")?;
    if !matches!(node.value, Value::List(_)) {
        keys.report_wrong_type(&node, "`match`", "a list of tables");
        return Some(vec![Alternative { location: node.location, conditions: Vec::new(), broken: true }]);
    }
    let Value::List(items) = node.value else { return None };
    let alternative = |node: Node<'_>| {
        let location = node.location;
        let conditions = keys.as_table(&item_label("match"), location, node, conditions)?;
        Some(Alternative { location, broken: conditions.is_err(), conditions: conditions.unwrap_or_default() })
    };
    Some(items.into_iter().filter_map(alternative).collect())
}

/// Reads a table of conditions that must all hold.
pub(super) fn conditions(keys: &mut Keys<'_, '_>) -> Result<Vec<Condition>, Reported> {
    let location = keys.location();
    if keys.is_empty() {
        keys.report(Problem::error("empty-match", location, "no condition: this would match every failure"));
    }
    report_empty_values(keys);
    let mut all = Vec::new();
    all.extend(statuses(keys).map(Condition::Status));
    all.extend(keys.text("code").map(|code| Condition::Code(code.value)));
    all.extend(close_code(keys).map(Condition::Close));
    all.extend(keys.text_or_empty("reason").map(|reason| Condition::Reason(reason.value)));
    all.extend(phrases(keys).into_iter().map(Condition::Text));
    let headers = keys.named_texts("header");
    all.extend(headers.into_iter().map(|(name, value)| Condition::Header(name.to_ascii_lowercase(), value.value)));
    let fields = keys.named_scalars("json");
    for (pointer, _) in &fields {
        check_pointer(keys, pointer);
    }
    all.extend(fields.into_iter().map(|(pointer, value)| Condition::Json(pointer.value, value.value)));
    all.extend(pointers(keys, "has").into_iter().map(Condition::Has));
    all.extend(keys.boolean("frame").map(|frame| Condition::Frame(frame.value)));
    all.extend(transport_error(keys).map(Condition::TransportError));
    keys.finish()?;
    if matches!(*all, [Condition::Frame(_)]) {
        let problem = Problem::error("empty-match", location, "`frame` requires another condition");
        return Err(keys.report(problem.help("add a condition on the contents, such as `code` or `text`")));
    }
    Ok(all)
}

/// Reports the keys whose value contains no condition.
fn report_empty_values(keys: &Keys<'_, '_>) {
    for key in ["status", "text", "header", "json", "has"] {
        let Some(node) = keys.peek(key) else { continue };
        let is_empty = match &node.value {
            Value::List(items) => items.is_empty(),
            Value::Table(entries) => entries.is_empty(),
            _ => false,
        };
        if is_empty {
            let problem = Problem::error("empty-match", node.location, format!("`{key}` is empty"));
            keys.report(problem.help("add at least one value"));
        }
    }
}

/// Reads a phrase, or several that must all occur.
fn phrases(keys: &mut Keys<'_, '_>) -> Vec<String> {
    let Some((_, node)) = keys.take("text") else { return Vec::new() };
    let (location, is_single) = (node.location, !matches!(node.value, Value::List(_)));
    let items = match node.value {
        Value::List(items) => items,
        value => vec![Node { location, value }],
    };
    let label = || if is_single { "`text`".to_owned() } else { item_label("text") };
    items.into_iter().filter_map(|node| keys.as_text(label, node)).map(|phrase| phrase.value).collect()
}

/// Reads a number, a list of numbers, or a class such as `"5xx"`, as ranges.
fn statuses(keys: &mut Keys<'_, '_>) -> Option<Vec<(u16, u16)>> {
    let (_, node) = keys.take("status")?;
    let single = |label: &str, node: &Node<'_>| {
        let status = keys.as_integer(label, node, 100, 599)?;
        u16::try_from(status.value).ok().map(|status| (status, status))
    };
    match &node.value {
        Value::List(items) => {
            let label = item_label("status");
            Some(items.iter().filter_map(|node| single(&label, node)).collect())
        }
        Value::Text(class) => {
            let class_index = ["1xx", "2xx", "3xx", "4xx", "5xx"].iter().position(|known| known == class);
            let low = class_index.and_then(|index| u16::try_from((index + 1) * 100).ok());
            if low.is_none() {
                let problem = Problem::error("out-of-range", node.location, format!("invalid status class `{class}`"));
                keys.report(problem.help("write a number, a list of numbers, or a class such as \"5xx\""));
            }
            low.map(|low| vec![(low, low + 99)])
        }
        _ => single("`status`", &node).map(|range| vec![range]),
    }
}
