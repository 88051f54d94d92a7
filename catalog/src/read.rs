//! The tree of a file to the model: which keys there are, and what each may hold.

mod case;
mod conditions;

use waves_errors_core::internal::Wire;
use waves_errors_core::internal::{Key, Redact};
use waves_errors_core::{Policy, RetryOnly};

use case::case;
use conditions::conditions;

use crate::keys::{At, Keys};
use crate::model::{Anchors, Checklist, Item, Model, Page, Section};
use crate::parse::{Entry, Node, Value};
use crate::problem::{Place, Problem, Problems};

/// The keys of a policy, as `requires` names them.
pub(crate) const POLICY_KEYS: [&str; 8] =
    ["initial", "multiplier", "max", "max-retries", "jitter", "retry-after.respect", "retry-after.limit", "only"];

/// Reads one file into the model; the first file is the root. Returns the names of the files that it includes.
pub(crate) fn read(
    file: usize,
    name: &str,
    entries: Vec<Entry<'_>>,
    model: &mut Model,
    problems: &Problems,
) -> Vec<At<String>> {
    let mut keys = Keys::new("the file", Place::new(file, 0..0), entries, problems);
    let mut include = Vec::new();
    let table = |value: &Value<'_>| matches!(value, Value::Table(_));
    let wrong = keys.has_other("include", |value| matches!(value, Value::List(_)))
        || ["case", "retry", "checklist"].iter().any(|key| keys.has_other(key, table));
    if file == 0 {
        schema(&mut keys);
        include = keys.texts("include");
        root(&mut keys, model);
    } else {
        keys.integer("schema", 1, 1);
    }
    model.broken.links |= keys.has_other("links", |value| matches!(value, Value::Table(_)));
    // A link whose address is none has been told; it stays, so that texts that name it are no further problem.
    let address = |keys: &Keys<'_, '_>, name: &str, node: Node<'_>| {
        let at = node.at;
        Some(keys.as_text(|| format!("`{name}`"), node).unwrap_or_else(|| At::new(at, String::new())))
    };
    model.links.extend(keys.table("links").into_iter().flat_map(|links| links.each_named(address)));
    let paged = keys.has("page");
    let sections: Vec<_> = keys.tables("section").into_iter().map(section).collect();
    if let Some(page) = keys.table("page").map(|keys| page(file, name, keys)) {
        model.pages.push(Page { sections, ..page });
    } else if let Some(section) = sections.first().filter(|_| !paged) {
        let help = "add a `[page]` with a `title`";
        problems.add(
            Problem::error("section-without-page", section.title.at, "a section needs a page to stand on").help(help),
        );
    }
    for (id, keys) in keys.each("retry") {
        match keys.and_then(policy) {
            Some(policy) => model.policies.push((id, policy)),
            None => model.broken.policies.push(id),
        }
    }
    for (id, keys) in keys.each("case") {
        match keys {
            Some(keys) => model.cases.push(case(id, keys)),
            None => model.broken.cases.push(id),
        }
    }
    for (id, keys) in keys.each("checklist") {
        match keys {
            Some(keys) => model.checklists.push(checklist(id, keys)),
            None => model.broken.checklists.push(id),
        }
    }
    // A table that is misspelt, or none, may hold whatever seems to be missing elsewhere.
    model.broken.file |= wrong || keys.misspells(&["include", "case", "retry", "links", "checklist", "section"]);
    include
}

fn schema(keys: &mut Keys<'_, '_>) {
    keys.required("schema", |keys, key| keys.integer(key, 1, 1));
}

fn root(keys: &mut Keys<'_, '_>, model: &mut Model) {
    if let Some(mut keys) = keys.required_table("catalog") {
        model.id = required_text(&mut keys, "id");
        model.broken.site = keys.has("site");
        model.site = keys.text("site");
        model.broken.site &= model.site.is_none();
        if let Some(mut keys) = keys.table("reserved") {
            model.reserved_ids = keys.texts("ids");
            model.reserved_codes = keys.texts("codes");
        }
    }
    // RFC 9110, 10.2.3: the header is HTTP's own, whatever else an API has.
    model.wire.retry_after_headers = vec!["retry-after".to_owned()];
    let told = keys.told();
    if let Some(keys) = keys.table("wire") {
        model.wire = wire(keys);
    }
    model.broken.wire = keys.told() > told || keys.misspells(&["wire"]);
    if let Some(mut keys) = keys.table("key") {
        model.key = Key {
            header: keys.text("header").map(|name| name.to_ascii_lowercase()).unwrap_or_default(),
            scheme: keys.text("scheme").map(|scheme| scheme.value).unwrap_or_default(),
            prefixes: plain(keys.texts("prefixes")),
            query: plain(keys.texts("query")),
        };
    }
    if let Some(mut keys) = keys.table("redact") {
        model.redact = Redact {
            keep_headers: lower(keys.texts("keep-headers")),
            keep_query: plain(keys.texts("keep-query")),
            contents: plain(keys.texts("contents")),
        };
    }
}

fn plain(texts: Vec<At<String>>) -> Vec<String> {
    texts.into_iter().map(|text| text.value).collect()
}

fn lower(texts: Vec<At<String>>) -> Vec<String> {
    texts.into_iter().map(|text| text.to_ascii_lowercase()).collect()
}

/// JSON pointers.
fn pointers(keys: &mut Keys<'_, '_>, key: &'static str) -> Vec<String> {
    let texts = keys.texts(key);
    for text in &texts {
        is_pointer(keys, text);
    }
    plain(texts)
}

fn is_pointer(keys: &Keys<'_, '_>, text: &At<String>) {
    if !text.starts_with('/') {
        let message = format!("invalid JSON pointer `{}`", text.value);
        keys.problem(Problem::error("bad-pointer", text.at, message).help(format!("write `/{}`", text.value)));
    }
}

fn wire(mut keys: Keys<'_, '_>) -> Wire {
    let mut wire = Wire {
        retry_after_headers: vec!["retry-after".to_owned()],
        codes: pointers(&mut keys, "codes"),
        code_base: keys.text("code-base").map(|base| base.value).unwrap_or_default(),
        messages: pointers(&mut keys, "messages"),
        ..Wire::default()
    };
    wire.statuses = pointers(&mut keys, "statuses");
    if let Some(mut keys) = keys.table("request-id") {
        wire.request_id_headers = lower(keys.texts("headers"));
        wire.request_id_body = pointers(&mut keys, "body");
    }
    if let Some(mut keys) = keys.table("retry-after") {
        let given = keys.has("headers");
        let headers = lower(keys.texts("headers"));
        if given {
            wire.retry_after_headers = headers;
        }
        wire.retry_after_body = pointers(&mut keys, "body");
        wire.retry_after_headers_ms = lower(keys.texts("headers-ms"));
        wire.retry_after_body_ms = pointers(&mut keys, "body-ms");
    }
    wire.failed_when = keys.tables("failed-when").into_iter().map(|keys| conditions(keys).conditions).collect();
    wire
}

/// A text that must be there. Where it is not, that has been told; an empty one stands for it, so that what holds it
/// stays, and what refers to that is no further problem.
fn required_text(keys: &mut Keys<'_, '_>, key: &'static str) -> At<String> {
    keys.required(key, Keys::text).unwrap_or_else(|| At::new(keys.at(), String::new()))
}

fn page(file: usize, name: &str, mut keys: Keys<'_, '_>) -> Page {
    let file_name = name.rsplit('/').next().unwrap_or_default();
    let stem = file_name.rsplit_once('.').map_or(file_name, |(stem, _)| stem);
    let stem = if stem.is_empty() { "page" } else { stem };

    Page {
        file,
        name: stem.to_owned(),
        docs: keys.text("docs"),
        anchors: keys
            .word("anchors", &[("id", Anchors::Id), ("title", Anchors::Title)])
            .map_or(Anchors::Id, |anchors| anchors.value),
        sidebar_title: keys.text("sidebar-title"),
        description: keys.text("description"),
        notice: keys.text("notice"),
        intro: keys.text("intro"),
        title: required_text(&mut keys, "title"),
        sections: Vec::new(),
    }
}

fn section(mut keys: Keys<'_, '_>) -> Section {
    let title = required_text(&mut keys, "title");
    let said = [keys.has("cases"), keys.has("checklist")];
    let (cases, checklist) = (keys.texts("cases"), keys.text("checklist"));
    let misspelt = keys.misspells(&["cases", "checklist"]);
    if said[0] == said[1] && !misspelt {
        let message = "a section has either `cases` or a `checklist`";
        keys.problem(Problem::error("section-contents", keys.at(), message));
    }
    Section { broken: misspelt || said[0] && cases.is_empty(), title, cases, checklist }
}

fn policy(mut keys: Keys<'_, '_>) -> Option<Policy> {
    let initial = keys.required("initial", Keys::duration);
    let multiplier = keys.number("multiplier");
    let max = keys.duration("max");
    let retries = keys.integer("max-retries", 0, 1_000_000);
    let jitter = keys.number("jitter");
    let (mut respect, mut limit) = (None, None);
    if let Some(mut keys) = keys.table("retry-after") {
        respect = keys.boolean("respect");
        limit = keys.duration("limit");
    }
    // A policy with an invalid `only` is rejected: without it, the policy would apply to all requests.
    let limited = keys.has("only");
    let only = keys.word("only", &RetryOnly::ALL.map(|only| (only.as_str(), only)));
    let initial = initial?;
    let mut builder = Policy::builder().initial(initial.value).only(only.as_ref().map(|only| only.value));
    if let Some(multiplier) = &multiplier {
        builder = builder.multiplier(multiplier.value);
    }
    if let Some(max) = &max {
        builder = builder.max(max.value);
    }
    if let Some(retries) = retries.and_then(|retries| u32::try_from(retries.value).ok()) {
        builder = builder.max_retries(retries);
    }
    if let Some(jitter) = &jitter {
        builder = builder.jitter(jitter.value);
    }
    if let Some(respect) = respect {
        builder = builder.respect_retry_after(respect.value);
    }
    if let Some(limit) = &limit {
        builder = builder.retry_after_limit(limit.value);
    }
    for error in builder.errors() {
        let at = match error.key() {
            "multiplier" => multiplier.as_ref().map(|at| at.at),
            "max" => max.as_ref().map(|at| at.at),
            "jitter" => jitter.as_ref().map(|at| at.at),
            "retry-after.limit" => limit.as_ref().map(|at| at.at),
            _ => Some(initial.at),
        };
        keys.problem(Problem::error("bad-policy", at.unwrap_or(keys.at()), error.to_string()));
    }
    builder.build().ok().filter(|_| !limited || only.is_some())
}

fn checklist(id: At<String>, mut keys: Keys<'_, '_>) -> Checklist {
    let item = |mut keys: Keys<'_, '_>| {
        let text = keys.required("text", Keys::text);
        let collect = keys.texts("collect");
        Some(Item { text: text?, collect })
    };
    let link = |mut keys: Keys<'_, '_>| {
        let (text, to) = (keys.required("text", Keys::text), keys.required("to", Keys::text));
        Some((text?, to?))
    };

    Checklist {
        intro: keys.text("intro"),
        items: keys.tables("items").into_iter().filter_map(item).collect(),
        outro: keys.text("outro"),
        links: keys.tables("links").into_iter().filter_map(link).collect(),
        id,
    }
}
