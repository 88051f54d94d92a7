//! Renders a catalog or a case as JSON, for other programs.

use serde_json::{Map, Value, json};
use waves_errors_core::internal::{Condition, Rule};
use waves_errors_core::{Check, Policy, RetryOnly};

use crate::location::Located;
use crate::model::{Case, Checklist, Model, Page, Step};

use super::case::docs_url;
use super::table::case_rules;
use super::texts::{Links, address, display, fill_case_text, fill_links, title};

/// Returns the whole catalog.
pub fn catalog(model: &Model) -> Value {
    catalog_with_cases(model, &model.cases.iter().map(|item| case(model, item)).collect::<Vec<_>>())
}

/// Returns the whole catalog as text. Serializes case by case, because the value of a large catalog needs many times
/// the memory of its text.
pub fn catalog_text(model: &Model) -> String {
    let empty_document = format!("{:#}\n", catalog_with_cases(model, &[]));
    // At this indentation, the key is unique.
    let (Some((before, after)), false) = (empty_document.split_once("\n  \"cases\": []"), model.cases.is_empty())
    else {
        return empty_document;
    };
    let mut out = format!("{before}\n  \"cases\": [");
    for (n, item) in model.cases.iter().enumerate() {
        out.push_str(if n == 0 { "\n    " } else { ",\n    " });
        out.push_str(&format!("{:#}", case(model, item)).replace('\n', "\n    "));
    }
    out.push_str("\n  ]");
    out.push_str(after);
    out
}

fn catalog_with_cases(model: &Model, cases: &[Value]) -> Value {
    let policies: Map<_, _> = model.policies.iter().map(|(id, item)| (id.value.clone(), policy(item))).collect();
    json!({
        "schema": 1,
        "catalog": model.id.value,
        "reserved": { "ids": texts(&model.reserved_ids), "codes": texts(&model.reserved_codes) },
        "pages": model.pages.iter().map(|item| page(model, item)).collect::<Vec<_>>(),
        "policies": policies,
        "cases": cases,
        "checklists": model.checklists.iter().map(|item| checklist(model, item)).collect::<Vec<_>>(),
    })
}

fn text(text: Option<&Located<String>>) -> Option<&str> {
    text.map(|text| text.value.as_str())
}

fn texts(texts: &[Located<String>]) -> Vec<&str> {
    texts.iter().map(|text| text.value.as_str()).collect()
}

fn page(model: &Model, page: &Page) -> Value {
    let intro = page.intro.as_ref().map(|intro| fill_links(model, intro, Links::Absolute));
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
        "intro": intro,
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
pub fn case(model: &Model, case: &Case) -> Value {
    let fill = |text: &Located<String>| fill_case_text(model, case, text, Links::Absolute);
    let steps = |steps: &[Step]| -> Vec<Value> {
        steps
            .iter()
            .map(|step| {
                json!({
                    "id": text(step.id.as_ref()),
                    "text": fill(&step.text),
                    "check": step.check.as_ref().and_then(|check| Check::decode(check)).map(|check| check.to_string()),
                    "for": texts(&step.causes),
                })
            })
            .collect()
    };
    let deprecated = case.deprecated.as_ref().map(
        |deprecated| json!({ "since": text(deprecated.since.as_ref()), "use": text(deprecated.replacement.as_ref()) }),
    );
    json!({
        "id": case.id.value,
        "variant": case.name,
        "status": case.status.as_ref().map(|status| status.value),
        "code": text(case.code.as_ref()),
        "title": title(model, case),
        "display": display(model, case),
        "summary": fill(&case.summary),
        "causes": steps(&case.causes),
        "fixes": steps(&model.case_with_fixes(case).fixes),
        "retry": model.policy_of(case).map(|(id, _)| &id.value),
        "severity": case.severity.as_str(),
        "match": case_rules(case, 0).into_iter().map(|(rule, _)| alternative(&rule)).collect::<Vec<_>>(),
        "refines": text(case.refines.as_ref()),
        "aliases": texts(&case.aliases),
        "deprecated": deprecated,
        "docs": docs_url(model, case),
    })
}

/// Returns the conditions of a rule, under the keys of a catalog; status ranges are expanded.
fn alternative(rule: &Rule) -> Value {
    let mut object = Map::new();
    for condition in &rule.conditions {
        let (key, value) = match condition {
            Condition::Status(ranges) => {
                let all = ranges.iter().flat_map(|&(low, high)| low..=high);
                ("status", json!(all.collect::<Vec<_>>()))
            }
            Condition::Code(code) => ("code", json!(code)),
            Condition::Close(code) => ("close", json!(code)),
            Condition::Reason(reason) => ("reason", json!(reason)),
            Condition::Text(phrase) => ("text", json!([phrase])),
            Condition::Header(name, value) => ("header", json!({ name: value })),
            Condition::Json(pointer, value) => ("json", json!({ pointer: value })),
            Condition::Has(pointer) => ("has", json!([pointer])),
            Condition::Frame(frame) => ("frame", json!(frame)),
            Condition::TransportError(io) => ("io", json!(io.as_str())),
        };
        match (object.get_mut(key), value) {
            (Some(Value::Object(existing)), Value::Object(additional)) => existing.extend(additional),
            (Some(Value::Array(existing)), Value::Array(additional)) => existing.extend(additional),
            (_, value) => drop(object.insert(key.to_owned(), value)),
        }
    }
    Value::Object(object)
}

fn checklist(model: &Model, checklist: &Checklist) -> Value {
    let fill = |text: &Located<String>| fill_links(model, text, Links::Absolute);
    let items = checklist.items.iter().map(|item| json!({ "text": fill(&item.text), "collect": texts(&item.collect) }));
    let links = checklist.links.iter().map(
        |(words, link_name)| json!({ "text": words.value, "address": address(model, link_name, Links::Absolute) }),
    );
    json!({
        "id": checklist.id.value,
        "intro": checklist.intro.as_ref().map(fill),
        "items": items.collect::<Vec<_>>(),
        "outro": checklist.outro.as_ref().map(fill),
        "links": links.collect::<Vec<_>>(),
    })
}
