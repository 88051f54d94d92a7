//! What failures look like: the conditions of `match` and `failed-when`, and the answers of `examples`.

use waves_errors_core::internal::Condition;
use waves_errors_core::{Close, Evidence, TransportError};

use super::case::status;
use super::{is_pointer, pointers};
use crate::keys::{At, Keys, item, short};
use crate::model::Alternative;
use crate::parse::{Node, Value};
use crate::problem::Problem;

pub(super) fn alternatives(keys: &mut Keys<'_, '_>) -> Option<Vec<Alternative>> {
    let (_, node) = keys.take("match")?;
    if !matches!(node.value, Value::List(_)) {
        keys.wrong(&node, "`match`", "an array of tables");
        return Some(vec![Alternative { at: node.at, conditions: Vec::new(), broken: true }]);
    }
    let Value::List(items) = node.value else { return None };
    let table = |node: Node<'_>| keys.as_table(item("match"), node.at, node).map(conditions);
    Some(items.into_iter().filter_map(table).collect())
}

/// A table of conditions that must all hold.
pub(super) fn conditions(mut keys: Keys<'_, '_>) -> Alternative {
    let (at, told) = (keys.at(), keys.told());
    if keys.is_empty() {
        keys.problem(Problem::error("empty-match", at, "no condition: this would be every failure"));
    }
    let mut all = Vec::new();
    all.extend(statuses(&mut keys).map(Condition::Status));
    all.extend(keys.text("code").map(|code| Condition::Code(code.value)));
    all.extend(close(&mut keys).map(Condition::Close));
    all.extend(keys.string("reason").map(|reason| Condition::Reason(reason.value)));
    all.extend(phrases(&mut keys).into_iter().map(Condition::Text));
    let headers = keys.table("header").map(Keys::named_texts).unwrap_or_default();
    all.extend(headers.into_iter().map(|(name, value)| Condition::Header(name.to_ascii_lowercase(), value.value)));
    let fields = keys.table("json").map(Keys::named_scalars).unwrap_or_default();
    for (pointer, _) in &fields {
        is_pointer(&keys, pointer);
    }
    all.extend(fields.into_iter().map(|(pointer, value)| Condition::Json(pointer.value, value.value)));
    all.extend(pointers(&mut keys, "has").into_iter().map(Condition::Has));
    all.extend(keys.boolean("frame").map(|frame| Condition::Frame(frame.value)));
    all.extend(io(&mut keys).map(Condition::TransportError));
    if keys.is_empty() && keys.told() == told && matches!(*all, [Condition::Frame(_)]) {
        let problem =
            Problem::error("empty-match", at, "`frame` says where, not what: this would be every such failure");
        keys.problem(problem.help("add what the frame says: a `code`, a `text`"));
    }
    let broken = keys.told() > told || !keys.is_empty();
    Alternative { at, conditions: all, broken }
}

/// A phrase, or several that must all stand there.
fn phrases(keys: &mut Keys<'_, '_>) -> Vec<String> {
    let Some((_, node)) = keys.take("text") else { return Vec::new() };
    let (at, one) = (node.at, !matches!(node.value, Value::List(_)));
    let items = match node.value {
        Value::List(items) => items,
        value => vec![Node { at, value }],
    };
    if items.is_empty() {
        keys.problem(Problem::error("empty-match", at, "no phrase: this asks for nothing"));
    }
    let what = || if one { "`text`".to_owned() } else { item("text") };
    items.into_iter().filter_map(|node| keys.as_text(what, node)).map(|phrase| phrase.value).collect()
}

fn close(keys: &mut Keys<'_, '_>) -> Option<u16> {
    keys.integer("close", 1000, 4999).and_then(|code| u16::try_from(code.value).ok())
}

fn io(keys: &mut Keys<'_, '_>) -> Option<TransportError> {
    keys.word("io", &TransportError::ALL.map(|io| (io.as_str(), io))).map(|io| io.value)
}

/// A number, a list of numbers, or a class such as `"5xx"`.
fn statuses(keys: &mut Keys<'_, '_>) -> Option<Vec<(u16, u16)>> {
    let (_, node) = keys.take("status")?;
    let one = |node: &Node<'_>| {
        let status = keys.as_integer("status", node, 100, 599)?;
        u16::try_from(status.value).ok().map(|status| (status, status))
    };
    match &node.value {
        Value::List(items) if items.is_empty() => {
            keys.problem(Problem::error("empty-match", node.at, "no status: no failure has none of them"));
            None
        }
        Value::List(items) => Some(items.iter().filter_map(one).collect()),
        Value::Text(class) => {
            let hundred = ["1xx", "2xx", "3xx", "4xx", "5xx"].iter().position(|known| known == class);
            let low = hundred.and_then(|at| u16::try_from((at + 1) * 100).ok());
            if low.is_none() {
                let problem = Problem::error("out-of-range", node.at, format!("invalid status class `{class}`"));
                keys.problem(problem.help("write a number, a list of numbers, or a class such as \"5xx\""));
            }
            low.map(|low| vec![(low, low + 99)])
        }
        _ => one(&node).map(|range| vec![range]),
    }
}

/// Answers that must come out as the case.
pub(super) fn examples(keys: &mut Keys<'_, '_>) -> Vec<At<Evidence>> {
    // One that cannot be read whole is told, and is no example of anything.
    let example = |mut keys: Keys<'_, '_>| {
        let (at, told) = (keys.at(), keys.told());
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
        let reason = keys.string("reason").map(|reason| reason.value).unwrap_or_default();
        if let Some(code) = close(&mut keys) {
            evidence = evidence.with_close(Close::new(code, reason));
        }
        if let Some(io) = io(&mut keys) {
            evidence = evidence.with_transport_error(io);
        }
        (keys.told() == told && keys.is_empty()).then(|| At::new(at, evidence))
    };
    short(keys.tables("examples").into_iter().filter_map(example))
}
