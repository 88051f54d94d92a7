//! Reads the conditions of `match` and `failed-when`, and the responses of `examples`.

use waves_errors_core::internal::Condition;
use waves_errors_core::{Close, Evidence, TransportError};

use super::case::status;
use super::{check_pointer, pointers};
use crate::keys::{Keys, Located, collect_exact, item_label};
use crate::model::Alternative;
use crate::parse::{Node, Value};
use crate::problem::Problem;

pub(super) fn alternatives(keys: &mut Keys<'_, '_>) -> Option<Vec<Alternative>> {
    let (_, node) = keys.take("match")?;
    if !matches!(node.value, Value::List(_)) {
        keys.report_wrong_type(&node, "`match`", "an array of tables");
        return Some(vec![Alternative { location: node.location, conditions: Vec::new(), broken: true }]);
    }
    let Value::List(items) = node.value else { return None };
    let alternative = |node: Node<'_>| keys.as_table(item_label("match"), node.location, node).map(conditions);
    Some(items.into_iter().filter_map(alternative).collect())
}

/// Reads a table of conditions that must all hold.
pub(super) fn conditions(mut keys: Keys<'_, '_>) -> Alternative {
    let (location, problems_before) = (keys.location(), keys.problem_count());
    if keys.is_empty() {
        keys.report(Problem::error("empty-match", location, "no condition: this would be every failure"));
    }
    let mut all = Vec::new();
    all.extend(statuses(&mut keys).map(Condition::Status));
    all.extend(keys.text("code").map(|code| Condition::Code(code.value)));
    all.extend(close(&mut keys).map(Condition::Close));
    all.extend(keys.text_or_empty("reason").map(|reason| Condition::Reason(reason.value)));
    all.extend(phrases(&mut keys).into_iter().map(Condition::Text));
    let headers = keys.table("header").map(Keys::named_texts).unwrap_or_default();
    all.extend(headers.into_iter().map(|(name, value)| Condition::Header(name.to_ascii_lowercase(), value.value)));
    let fields = keys.table("json").map(Keys::named_scalars).unwrap_or_default();
    for (pointer, _) in &fields {
        check_pointer(&keys, pointer);
    }
    all.extend(fields.into_iter().map(|(pointer, value)| Condition::Json(pointer.value, value.value)));
    all.extend(pointers(&mut keys, "has").into_iter().map(Condition::Has));
    all.extend(keys.boolean("frame").map(|frame| Condition::Frame(frame.value)));
    all.extend(transport_error(&mut keys).map(Condition::TransportError));
    if keys.is_empty() && keys.problem_count() == problems_before && matches!(*all, [Condition::Frame(_)]) {
        let problem =
            Problem::error("empty-match", location, "`frame` says where, not what: this would be every such failure");
        keys.report(problem.help("add what the frame says: a `code`, a `text`"));
    }
    let broken = keys.problem_count() > problems_before || !keys.is_empty();
    Alternative { location, conditions: all, broken }
}

/// Reads a phrase, or several that must all occur.
fn phrases(keys: &mut Keys<'_, '_>) -> Vec<String> {
    let Some((_, node)) = keys.take("text") else { return Vec::new() };
    let (location, is_single) = (node.location, !matches!(node.value, Value::List(_)));
    let items = match node.value {
        Value::List(items) => items,
        value => vec![Node { location, value }],
    };
    if items.is_empty() {
        keys.report(Problem::error("empty-match", location, "no phrase: this asks for nothing"));
    }
    let label = || if is_single { "`text`".to_owned() } else { item_label("text") };
    items.into_iter().filter_map(|node| keys.as_text(label, node)).map(|phrase| phrase.value).collect()
}

fn close(keys: &mut Keys<'_, '_>) -> Option<u16> {
    keys.integer("close", 1000, 4999).and_then(|code| u16::try_from(code.value).ok())
}

fn transport_error(keys: &mut Keys<'_, '_>) -> Option<TransportError> {
    keys.word("io", &TransportError::ALL.map(|error| (error.as_str(), error))).map(|error| error.value)
}

/// Reads a number, a list of numbers, or a class such as `"5xx"`, as ranges.
fn statuses(keys: &mut Keys<'_, '_>) -> Option<Vec<(u16, u16)>> {
    let (_, node) = keys.take("status")?;
    let single = |node: &Node<'_>| {
        let status = keys.as_integer("status", node, 100, 599)?;
        u16::try_from(status.value).ok().map(|status| (status, status))
    };
    match &node.value {
        Value::List(items) if items.is_empty() => {
            keys.report(Problem::error("empty-match", node.location, "no status: no failure has none of them"));
            None
        }
        Value::List(items) => Some(items.iter().filter_map(single).collect()),
        Value::Text(class) => {
            let class_index = ["1xx", "2xx", "3xx", "4xx", "5xx"].iter().position(|known| known == class);
            let low = class_index.and_then(|index| u16::try_from((index + 1) * 100).ok());
            if low.is_none() {
                let problem = Problem::error("out-of-range", node.location, format!("invalid status class `{class}`"));
                keys.report(problem.help("write a number, a list of numbers, or a class such as \"5xx\""));
            }
            low.map(|low| vec![(low, low + 99)])
        }
        _ => single(&node).map(|range| vec![range]),
    }
}

/// Reads the example responses of a case.
pub(super) fn examples(keys: &mut Keys<'_, '_>) -> Vec<Located<Evidence>> {
    // An example with an error is skipped; the error has been reported.
    let example = |mut keys: Keys<'_, '_>| {
        let (location, problems_before) = (keys.location(), keys.problem_count());
        let mut evidence = match keys.text("frame") {
            Some(frame) => Evidence::error_frame(&frame.value),
            None => Evidence::new(),
        };
        if let Some(status) = status(&mut keys) {
            evidence = evidence.with_status(status.value);
        }
        for (name, value) in keys.table("header").map(Keys::named_texts).unwrap_or_default() {
            evidence = evidence.with_header(&name, &value.value);
        }
        if let Some(body) = keys.text("body") {
            evidence = evidence.with_body(&body.value);
        }
        let reason = keys.text_or_empty("reason").map(|reason| reason.value).unwrap_or_default();
        if let Some(code) = close(&mut keys) {
            evidence = evidence.with_close(Close::new(code, reason));
        }
        if let Some(error) = transport_error(&mut keys) {
            evidence = evidence.with_transport_error(error);
        }
        (keys.problem_count() == problems_before && keys.is_empty()).then(|| Located::new(location, evidence))
    };
    collect_exact(keys.tables("examples").into_iter().filter_map(example))
}
