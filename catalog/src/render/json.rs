//! Renders a catalog or a case as JSON, for other programs.

use serde_json::{Map, Value, json};
use waves_errors_core::internal::{Comparison, Condition, DelayFormat, DelayParts, Negated, Wire};
use waves_errors_core::{Check, Policy, RetryOnly};

use crate::catalog::Catalog;
use crate::location::Located;
use crate::model::{Case, Checklist, Page, Step};
use crate::placeholders::Text;

/// Returns the whole catalog.
pub fn catalog(catalog: &Catalog) -> Value {
    catalog_with_cases(catalog, &catalog.cases.iter().map(|item| case(catalog, item)).collect::<Vec<_>>())
}

/// Returns the whole catalog as text. Serializes case by case, because the value of a large catalog needs many times
/// the memory of its text.
pub fn catalog_text(catalog: &Catalog) -> String {
    let empty_document = format!("{:#}\n", catalog_with_cases(catalog, &[]));
    // At this indentation, the key is unique.
    let (Some((before, after)), false) = (empty_document.split_once("\n  \"cases\": []"), catalog.cases.is_empty())
    else {
        return empty_document;
    };
    let mut out = format!("{before}\n  \"cases\": [");
    for (n, item) in catalog.cases.iter().enumerate() {
        out.push_str(if n == 0 { "\n    " } else { ",\n    " });
        out.push_str(&format!("{:#}", case(catalog, item)).replace('\n', "\n    "));
    }
    out.push_str("\n  ]");
    out.push_str(after);
    out
}

fn catalog_with_cases(catalog: &Catalog, cases: &[Value]) -> Value {
    let policies: Map<_, _> = catalog.policies.iter().map(|(id, item)| (id.value.clone(), policy(item))).collect();
    json!({
        "schema": 1,
        "catalog": catalog.id.value,
        "reserved": { "ids": texts(&catalog.reserved_ids), "codes": texts(&catalog.reserved_codes) },
        "wire": wire(&catalog.wire),
        "key": {
            "header": some_text(&catalog.key.header),
            "schemes": catalog.key.schemes,
            "prefixes": catalog.key.prefixes,
            "query": catalog.key.query,
        },
        "redact": {
            "keep_headers": catalog.redact.keep_headers,
            "keep_query": catalog.redact.keep_query,
            "contents": catalog.redact.contents,
        },
        "pages": catalog.pages.iter().map(|item| page(catalog, item)).collect::<Vec<_>>(),
        "policies": policies,
        "cases": cases,
        "checklists": catalog.checklists.iter().map(|item| checklist(catalog, item)).collect::<Vec<_>>(),
    })
}

/// Returns a text, or none if it is empty.
fn some_text(text: &str) -> Option<&str> {
    Some(text).filter(|text| !text.is_empty())
}

fn wire(wire: &Wire) -> Value {
    let delay = |delay: &DelayParts| {
        let format = DelayFormat::ALL.get(usize::from(delay.format)).copied().map(DelayFormat::as_str);
        let when = Some(&delay.when).filter(|when| !when.is_empty()).map(|when| conditions(when));
        json!({ "header": some_text(&delay.header), "body": some_text(&delay.pointer), "format": format, "when": when })
    };
    let alternatives = |all: &[Vec<Condition>]| all.iter().map(|all| conditions(all)).collect::<Vec<_>>();
    json!({
        "codes": wire.codes,
        "code_base": some_text(&wire.code_base),
        "statuses": wire.statuses,
        "messages": wire.messages,
        "request_id": { "headers": wire.request_id_headers, "body": wire.request_id_body },
        "retry_after": wire.delays.iter().map(delay).collect::<Vec<_>>(),
        "retry_veto": alternatives(&wire.retry_veto),
        "failed_when": alternatives(&wire.failed_when),
    })
}

fn text(text: Option<&Located<String>>) -> Option<&str> {
    text.map(|text| text.value.as_str())
}

fn texts(texts: &[Located<String>]) -> Vec<&str> {
    texts.iter().map(|text| text.value.as_str()).collect()
}

fn page(catalog: &Catalog, page: &Page) -> Value {
    let sections = page.sections.iter().map(|section| {
        json!({
            "title": section.title.value,
            "cases": texts(&section.cases),
            "checklist": text(section.checklist.as_ref()),
        })
    });
    json!({
        "name": page.name,
        "title": page.title.value,
        "description": text(page.description.as_ref()),
        "docs": text(page.docs.as_ref()),
        "intro": catalog.resolved_page(page).intro.as_ref().map(Text::absolute),
        "sections": sections.collect::<Vec<_>>(),
    })
}

/// Returns a retry policy.
pub fn policy(policy: &Policy) -> Value {
    let ms = |duration: std::time::Duration| u64::try_from(duration.as_millis()).unwrap_or(u64::MAX);
    json!({
        "initial_ms": ms(policy.initial()),
        "multiplier": policy.multiplier(),
        "max_ms": ms(policy.max()),
        "max_retries": policy.max_retries(),
        "jitter": policy.jitter(),
        "retry_after": { "respect": policy.respects_retry_after(), "limit_ms": ms(policy.retry_after_limit()) },
        "only": policy.only().map(RetryOnly::as_str),
        "text": policy.to_string(),
    })
}

/// Returns a case.
pub fn case(catalog: &Catalog, case: &Case) -> Value {
    let resolved = catalog.resolved(case);
    let step = |(step, filled): (&Step, &Text)| {
        json!({
            "id": text(step.id.as_ref()),
            "text": filled.absolute(),
            "check": step.check.as_ref().and_then(|check| Check::decode(check)).map(|check| check.to_string()),
            "for": texts(&step.causes),
        })
    };
    let deprecated = case.deprecated.as_ref().map(
        |deprecated| json!({ "since": text(deprecated.since.as_ref()), "use": text(deprecated.replacement.as_ref()) }),
    );
    json!({
        "id": case.id.value,
        "variant": case.name,
        "status": case.status.as_ref().map(|status| status.value),
        "code": text(case.code.as_ref()),
        "title": resolved.title,
        "display": resolved.display,
        "summary": resolved.summary.absolute(),
        "causes": catalog.causes(case).map(step).collect::<Vec<_>>(),
        "fixes": catalog.fixes(case).map(step).collect::<Vec<_>>(),
        "retry": catalog.policy(case).map(|(id, _)| &id.value),
        "severity": case.severity.as_str(),
        "match": case.rules().into_iter().map(|(rule, _)| conditions(&rule.conditions)).collect::<Vec<_>>(),
        "refines": text(case.refines.as_ref()),
        "aliases": texts(&case.aliases),
        "deprecated": deprecated,
        "docs": resolved.docs(),
    })
}

/// Returns conditions under the keys of a catalog; status ranges are expanded.
fn conditions(conditions: &[Condition]) -> Value {
    let mut object = Map::new();
    for condition in conditions {
        let (key, value) = match condition {
            Condition::Status(ranges) => {
                let all = ranges.iter().flat_map(|&(low, high)| low..=high);
                ("status", json!(all.collect::<Vec<_>>()))
            }
            Condition::Code(codes) => ("code", one_or_more(codes)),
            Condition::Close(codes) => ("close", one_or_more(codes)),
            Condition::Reason(reasons) => ("reason", one_or_more(reasons)),
            Condition::Text(phrase) => ("text", json!([phrase])),
            Condition::Header(name, comparison, values) => ("header", json!({ name: header(*comparison, values) })),
            Condition::Json(pointer, values) => ("json", json!({ pointer: one_or_more(values) })),
            Condition::Has(pointer) => ("has", json!([pointer])),
            Condition::Frame(frame) => ("frame", json!(frame)),
            Condition::TransportError(errors) => {
                ("io", one_or_more(&errors.iter().map(|error| error.as_str()).collect::<Vec<_>>()))
            }
            Condition::Method(methods) => ("method", one_or_more(methods)),
            Condition::Path(patterns) => ("path", one_or_more(patterns)),
            Condition::Not(Negated(negated)) => ("not", json!([self::conditions(negated)])),
        };
        match (object.get_mut(key), value) {
            (Some(Value::Object(existing)), Value::Object(additional)) => existing.extend(additional),
            (Some(Value::Array(existing)), Value::Array(additional)) => existing.extend(additional),
            (_, value) => drop(object.insert(key.to_owned(), value)),
        }
    }
    Value::Object(object)
}

/// Returns a single value as it is, and several as an array.
fn one_or_more<T: Clone + Into<Value>>(values: &[T]) -> Value {
    match values {
        [value] => value.clone().into(),
        values => values.iter().cloned().map(Into::into).collect(),
    }
}

fn header(comparison: Comparison, values: &[String]) -> Value {
    match comparison {
        Comparison::Equals => one_or_more(values),
        Comparison::Prefix => json!({ "prefix": one_or_more(values) }),
        Comparison::Contains => json!({ "contains": one_or_more(values) }),
        Comparison::Present => json!({ "present": true }),
        Comparison::Absent => json!({ "present": false }),
    }
}

fn checklist(catalog: &Catalog, checklist: &Checklist) -> Value {
    let resolved = catalog.resolved_checklist(checklist);
    let items = checklist.items.iter().zip(&resolved.items);
    let items = items.map(|(item, text)| json!({ "text": text.absolute(), "collect": texts(&item.collect) }));
    let links = checklist.links.iter().zip(&resolved.urls);
    let links = links.map(|((words, _), url)| json!({ "text": words.value, "address": url.absolute() }));
    json!({
        "id": checklist.id.value,
        "intro": resolved.intro.as_ref().map(Text::absolute),
        "items": items.collect::<Vec<_>>(),
        "outro": resolved.outro.as_ref().map(Text::absolute),
        "links": links.collect::<Vec<_>>(),
    })
}
