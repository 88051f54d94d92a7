//! Reads the conditions of `match` and `failed-when`.

use std::collections::HashMap;

use waves_errors_core::TransportError;
use waves_errors_core::internal::{Comparison, Condition, Negated, Statuses};

use super::values::{as_close_code, as_method, as_status, as_transport_error, check_pointer, pointers};
use crate::keys::{Keys, Reported, item_label};
use crate::location::{Located, Location};
use crate::model::Alternative;
use crate::parse::{Node, Value};
use crate::problem::Problem;

/// The maximum number of values of an alternative, each counted once for each of the codes: the table repeats them.
const MAX_VALUES: usize = 100_000;

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

/// Reads a table of conditions that must all hold. One of them must describe a failure.
pub(super) fn conditions(keys: &mut Keys<'_, '_>) -> Result<Vec<Condition>, Reported> {
    let location = keys.location();
    if keys.is_empty() {
        keys.report(Problem::error("empty-match", location, "no condition: this would match every failure"));
    }
    let mut all = plain_conditions(keys);
    all.extend(negations(keys));
    keys.finish()?;
    if all.iter().all(|condition| condition.rank().is_none()) {
        let problem = Problem::error("empty-match", location, "all conditions only narrow a match");
        let help = "add one, such as `status`, `code` or `text`: `frame`, `method`, `path`, `not` and `present = false` only narrow a match";
        return Err(keys.report(problem.help(help)));
    }
    let codes = all.iter().map(|condition| if let Condition::Code(codes) = condition { codes.len() } else { 0 });
    let codes = codes.max().unwrap_or_default();
    let values: usize = all.iter().filter(|condition| !matches!(condition, Condition::Code(_))).map(value_count).sum();
    if codes.saturating_mul(values) > MAX_VALUES {
        let message =
            format!("too many conditions: {codes} codes times {values} other values; the limit is {MAX_VALUES}");
        let problem = Problem::error("too-many-conditions", location, message);
        return Err(keys.report(problem.help("split the alternative, or remove values")));
    }
    Ok(all)
}

/// Reads a table of conditions that must all hold, none of which needs to describe a failure.
pub(super) fn narrowing_conditions(keys: &mut Keys<'_, '_>) -> Vec<Condition> {
    if keys.is_empty() {
        keys.report_empty("when", keys.location());
    }
    let mut all = plain_conditions(keys);
    all.extend(negations(keys));
    all
}

/// Returns the number of values in a condition.
fn value_count(condition: &Condition) -> usize {
    match condition {
        Condition::Code(values) | Condition::Reason(values) | Condition::Method(values) | Condition::Path(values) => {
            values.len()
        }
        Condition::Header(_, _, values) | Condition::Json(_, values) => values.len() + 1,
        Condition::Not(Negated(conditions)) => conditions.iter().map(value_count).sum(),
        Condition::Status(ranges) => ranges.len(),
        Condition::Close(codes) => codes.len(),
        Condition::Text(_) | Condition::TransportError(_) | Condition::Has(_) | Condition::Frame(_) => 1,
    }
}

/// Reads the conditions that can be negated.
fn plain_conditions(keys: &mut Keys<'_, '_>) -> Vec<Condition> {
    report_empty_tables(keys);
    let mut all = Vec::new();
    all.extend(statuses(keys).map(Condition::Status));
    all.extend(listed(keys.alternatives("code", text)).map(Condition::Code));
    all.extend(
        listed(keys.alternatives("close", |keys, label, node| as_close_code(keys, label, &node))).map(Condition::Close),
    );
    all.extend(listed(keys.alternatives("reason", reason)).map(Condition::Reason));
    // Several phrases must all occur.
    all.extend(keys.alternatives("text", text).into_iter().map(|phrase| Condition::Text(phrase.value)));
    let headers = keys.named_values("header", header);
    let mut names: HashMap<String, Location> = HashMap::new();
    for (name, (comparison, values)) in headers {
        let lowercase = name.to_ascii_lowercase();
        if let Some(first) = names.insert(lowercase.clone(), name.location) {
            let message = format!("duplicate header `{lowercase}`");
            keys.report(Problem::error("duplicate-value", name.location, message).related(first, "first used here"));
        }
        all.push(Condition::Header(lowercase, comparison, values));
    }
    let fields = keys.named_values("json", |keys, pointer, node| {
        check_pointer(keys, pointer);
        listed(keys.as_alternatives(&pointer.value, node, field_value))
    });
    all.extend(fields.into_iter().map(|(pointer, values)| Condition::Json(pointer.value, values)));
    all.extend(pointers(keys, "has").into_iter().map(Condition::Has));
    all.extend(keys.boolean("frame").map(|frame| Condition::Frame(frame.value)));
    // In the order of `TransportError::ALL`.
    let io = |keys: &Keys<'_, '_>, label: &str, node: Node<'_>| {
        let error = as_transport_error(keys, label, node)?;
        let index = TransportError::ALL.iter().position(|other| *other == error.value)?;
        Some(Located::new(error.location, index))
    };
    let errors = listed(keys.alternatives("io", io));
    all.extend(
        errors.map(|all| Condition::TransportError(all.into_iter().map(|index| TransportError::ALL[index]).collect())),
    );
    all.extend(listed(keys.alternatives("method", as_method)).map(Condition::Method));
    all.extend(listed(keys.alternatives("path", path)).map(Condition::Path));
    all
}

/// Reports the tables and lists of conditions that contain none.
fn report_empty_tables(keys: &Keys<'_, '_>) {
    for key in ["header", "json", "has"] {
        let Some(node) = keys.peek(key) else { continue };
        let is_empty = match &node.value {
            Value::List(items) => items.is_empty(),
            Value::Table(entries) => entries.is_empty(),
            _ => false,
        };
        if is_empty {
            keys.report_empty(key, node.location);
        }
    }
}

/// Returns the values without their locations; `None` if there are none.
fn listed<T>(values: Vec<Located<T>>) -> Option<Vec<T>> {
    (!values.is_empty()).then(|| values.into_iter().map(|value| value.value).collect())
}

/// Reads `not`: a table of conditions, or a list of such tables.
fn negations(keys: &mut Keys<'_, '_>) -> Vec<Condition> {
    let Some((location, node)) = keys.take("not") else { return Vec::new() };
    let read = |name: &str, node: Node<'_>| {
        let location = node.location;
        keys.as_table(name, location, node, |keys| {
            if keys.is_empty() {
                keys.report_empty("not", location);
            }
            Condition::Not(Negated(plain_conditions(keys)))
        })
    };
    match node.value {
        Value::List(items) => {
            if items.is_empty() {
                keys.report_empty("not", location);
            }
            items.into_iter().filter_map(|node| read(&item_label("not"), node)).collect()
        }
        Value::Table(_) => read("`not`", node).into_iter().collect(),
        _ => {
            keys.report_wrong_type(&node, "`not`", "a table or a list of tables");
            Vec::new()
        }
    }
}

/// Reads the condition on a header: a value, a list of values, or a table with a comparison.
fn header<'s>(keys: &Keys<'_, 's>, name: &Located<String>, node: Node<'s>) -> Option<(Comparison, Vec<String>)> {
    if !matches!(node.value, Value::Table(_)) {
        return Some((Comparison::Equals, listed(keys.as_alternatives(&name.value, node, Keys::as_scalar))?));
    }
    let location = node.location;
    let comparisons = keys.as_table(&format!("`{}`", name.value), location, node, |keys| {
        let presence =
            |present: Located<bool>| (if present.value { Comparison::Present } else { Comparison::Absent }, Vec::new());
        let mut all: Vec<_> = keys.boolean("present").map(presence).into_iter().collect();
        for (key, comparison) in [("prefix", Comparison::Prefix), ("contains", Comparison::Contains)] {
            all.extend(listed(keys.alternatives(key, Keys::as_scalar)).map(|values| (comparison, values)));
        }
        keys.finish().map(|()| all)
    });
    let mut comparisons = comparisons?.ok()?;
    if comparisons.len() != 1 {
        let message = format!("`{}` must have exactly one of `present`, `prefix` and `contains`", name.value);
        keys.report(Problem::error("bad-header", location, message));
        return None;
    }
    comparisons.pop()
}

fn text<'s>(keys: &Keys<'_, 's>, label: &str, node: Node<'s>) -> Option<Located<String>> {
    keys.as_text(|| label.to_owned(), node)
}

/// Reads a reason; an empty one is a close without a reason.
fn reason<'s>(keys: &Keys<'_, 's>, label: &str, node: Node<'s>) -> Option<Located<String>> {
    match node.value {
        Value::Text(text) if text.is_empty() => Some(Located::new(node.location, String::new())),
        _ => text(keys, label, node),
    }
}

/// Reads a value of a field, which can be empty.
fn field_value<'s>(keys: &Keys<'_, 's>, label: &str, node: Node<'s>) -> Option<Located<String>> {
    match node.value {
        Value::Text(text) if text.is_empty() => Some(Located::new(node.location, String::new())),
        _ => keys.as_scalar(label, node),
    }
}

/// Reads the pattern of a path.
fn path<'s>(keys: &Keys<'_, 's>, label: &str, node: Node<'s>) -> Option<Located<String>> {
    let path = text(keys, label, node)?;
    let mut segments = path.split('/').rev();
    let last = segments.next().unwrap_or_default();
    let is_valid = path.starts_with('/')
        && !path.contains(['?', '#'])
        && !segments.any(|segment| segment.contains("**"))
        && (last == "**" || !last.contains("**"));
    if is_valid {
        return Some(path);
    }
    let problem = Problem::error("bad-path", path.location, format!("invalid path `{}`", path.value));
    let help =
        "start with `/` and omit the query; `*` matches within a segment, and `/**` at the end matches all paths below";
    keys.report(problem.help(help));
    None
}

/// Reads a number, a list of numbers, or a class such as `"5xx"`, as ranges.
fn statuses(keys: &mut Keys<'_, '_>) -> Option<Statuses> {
    let class = keys.peek("status").and_then(|node| match &node.value {
        Value::Text(class) => Some(Located::new(node.location, class.to_string())),
        _ => None,
    });
    let Some(class) = class else {
        let statuses = listed(keys.alternatives("status", |keys, label, node| as_status(keys, label, &node)))?;
        return Some(statuses.into_iter().map(|status| (status, status)).collect());
    };
    keys.take("status");
    let class_index = ["1xx", "2xx", "3xx", "4xx", "5xx"].iter().position(|known| *known == class.value);
    let low = class_index.and_then(|index| u16::try_from((index + 1) * 100).ok());
    if low.is_none() {
        let problem = Problem::error("out-of-range", class.location, format!("invalid status class `{}`", class.value));
        keys.report(problem.help("write a number, a list of numbers, or a class such as \"5xx\""));
    }
    low.map(|low| vec![(low, low + 99)])
}
