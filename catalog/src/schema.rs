//! The JSON Schema of catalogs, for editors: the keys, their types and their descriptions.
//!
//! Editors underline errors most precisely if a schema is flat: enums of strings, no `oneOf`, no patterns on names, and
//! descriptions in the definitions. `check` covers what a schema cannot express.

use serde_json::{Map, Value, json};
use waves_errors_core::{Predicate, RetryOnly, Severity, TransportError};

/// Returns the schema of a table with fixed keys.
fn object_schema(description: &str, keys: &[(&str, Value)], required: &[&str]) -> Value {
    let properties: Map<String, Value> = keys.iter().map(|(key, value)| ((*key).to_owned(), value.clone())).collect();
    let mut schema = json!({
        "type": "object", "description": description, "additionalProperties": false, "properties": properties,
    });
    if !required.is_empty() {
        schema["required"] = json!(required);
    }
    schema
}

/// Returns the schema of a table with free names, whose values have the schema `definition`.
fn map_of(description: &str, definition: &str) -> Value {
    json!({ "type": "object", "description": description, "additionalProperties": reference(definition) })
}

fn reference(definition: &str) -> Value {
    json!({ "$ref": format!("#/definitions/{definition}") })
}

fn string(description: &str) -> Value {
    json!({ "type": "string", "description": description })
}

fn strings(description: &str) -> Value {
    json!({ "type": "array", "description": description, "items": { "type": "string" } })
}

fn array_of(description: &str, definition: &str) -> Value {
    json!({ "type": "array", "description": description, "items": reference(definition) })
}

fn enumeration(description: &str, words: &[&str]) -> Value {
    json!({ "type": "string", "description": description, "enum": words })
}

fn integer(description: &str, min: i64, max: i64) -> Value {
    json!({ "type": "integer", "description": description, "minimum": min, "maximum": max })
}

fn number(description: &str, min: f64, max: f64) -> Value {
    json!({ "type": "number", "description": description, "minimum": min, "maximum": max })
}

fn boolean(description: &str) -> Value {
    json!({ "type": "boolean", "description": description })
}

/// Returns the values of a policy's `only`.
fn only_values() -> [&'static str; RetryOnly::ALL.len()] {
    RetryOnly::ALL.map(RetryOnly::as_str)
}

/// Returns the schema of a table with free names, whose values are of the JSON `types`.
fn scalar_map(types: &[&str], description: &str) -> Value {
    json!({ "type": "object", "description": description, "additionalProperties": { "type": types } })
}

/// Returns the schema.
pub fn schema() -> Value {
    let root = object_schema(
        "A catalog of error cases",
        &[
            ("schema", json!({ "type": "integer", "description": "The version of the format", "enum": [1] })),
            ("include", strings("Further files of the catalog, relative to this one. Only in the root file")),
            ("catalog", reference("catalog")),
            ("wire", reference("wire")),
            ("key", reference("key")),
            ("redact", reference("redact")),
            (
                "links",
                json!({
                    "type": "object",
                    "description": "URLs by name, absolute or `site:` and a path. Texts link to them with `[words](link:NAME)`",
                    "additionalProperties": { "type": "string" },
                }),
            ),
            ("page", reference("page")),
            ("section", array_of("The sections of the page, in order", "section")),
            ("retry", map_of("Retry policies by id", "retry")),
            ("case", map_of("Error cases by id: lowercase words with dashes", "case")),
            ("checklist", map_of("Checklists of support tickets by id", "checklist")),
        ],
        &[],
    );
    let mut schema = json!({ "$schema": "http://json-schema.org/draft-07/schema#", "title": "waves-errors catalog" });
    for (key, value) in root.as_object().into_iter().flatten() {
        schema[key] = value.clone();
    }
    schema["definitions"] = definitions();
    schema
}

fn definitions() -> Value {
    let mut all = Map::new();
    for group in [define_api, define_pages, define_cases] {
        group(&mut |name, value| drop(all.insert(name.to_owned(), value)));
    }
    Value::Object(all)
}

/// Defines the tables for the whole catalog.
fn define_api(define: &mut dyn FnMut(&str, Value)) {
    define(
        "catalog",
        object_schema(
            "The catalog itself",
            &[
                ("id", string("The catalog's id")),
                ("site", string("The base of `site:` links: an absolute URL that ends with `/`")),
                ("reserved", reference("reserved")),
            ],
            &["id"],
        ),
    );
    define(
        "reserved",
        object_schema(
            "Ids and codes that were removed and must not be reused",
            &[("ids", strings("Ids of cases")), ("codes", strings("Codes"))],
            &[],
        ),
    );
    define("wire", wire());
    define(
        "places",
        field_locations(
            "The location of a value",
            "Headers; the first one found is used",
            "JSON pointers; the first with a value is used",
            &[],
        ),
    );
    define(
        "delays",
        field_locations(
            "The locations of a delay. The longest delay is used",
            "Headers with a delay in seconds or a date; default `retry-after`",
            "JSON pointers to a delay in seconds",
            &[
                ("headers-ms", strings("Headers with a delay in milliseconds")),
                ("body-ms", strings("JSON pointers to a delay in milliseconds")),
            ],
        ),
    );
    define(
        "key",
        object_schema(
            "How callers authenticate",
            &[
                ("header", string("The header with the key")),
                ("scheme", string("The scheme before the key: `Bearer`")),
                ("prefixes", strings("The prefixes of keys")),
                ("query", strings("Query parameters that can contain the key")),
            ],
            &[],
        ),
    );
    define(
        "redact",
        object_schema(
            "The values that output may contain. Everything else is replaced by its length",
            &[
                ("keep-headers", strings("Headers whose values are kept")),
                ("keep-query", strings("Query parameters whose values are kept")),
                ("contents", strings("Fields with user content, which are replaced by their length")),
            ],
            &[],
        ),
    );
}

/// Defines the tables for pages, retry policies and checklists.
fn define_pages(define: &mut dyn FnMut(&str, Value)) {
    define(
        "page",
        object_schema(
            "The reference page of this file",
            &[
                ("title", string("The title")),
                ("docs", string("The URL of the published page")),
                ("anchors", enumeration("The anchors of its cases; default `id`", &["id", "title"])),
                ("sidebar-title", string("The title in a sidebar")),
                ("description", string("A description in one line")),
                ("notice", string("A note for programs, at the top")),
                ("intro", string("The first paragraph")),
            ],
            &["title"],
        ),
    );
    define(
        "section",
        object_schema(
            "A section of the page: cases, or a checklist",
            &[
                ("title", string("The heading")),
                ("cases", strings("The ids of its cases, in order")),
                ("checklist", string("The id of its checklist")),
            ],
            &["title"],
        ),
    );
    define(
        "retry",
        object_schema(
            "A retry policy",
            &[
                ("initial", string("The first delay: \"500ms\", \"30s\" or \"2m\"")),
                ("multiplier", number("The factor from each delay to the next; default 1", 1.0, 1000.0)),
                ("max", string("The longest backoff; default: `initial`")),
                ("max-retries", integer("The number of retries; default 0", 0, 1_000_000)),
                ("jitter", number("The random share of a delay; default 0", 0.0, 1.0)),
                ("retry-after", reference("retry-after")),
                ("only", enumeration("The requests that the policy is limited to; default: all", &only_values())),
            ],
            &["initial"],
        ),
    );
    define(
        "retry-after",
        object_schema(
            "How to use a server-requested delay",
            &[
                ("respect", boolean("Whether it is honored; default true")),
                ("limit", string("The longest accepted delay; default \"2m\"")),
            ],
            &[],
        ),
    );
    define(
        "checklist",
        object_schema(
            "A checklist of a support ticket",
            &[
                ("intro", string("The text before the items")),
                ("items", array_of("The items", "item")),
                ("outro", string("The text after the items")),
                ("links", array_of("Further pages", "link")),
            ],
            &[],
        ),
    );
    define(
        "item",
        object_schema(
            "An item of a checklist",
            &[
                ("text", string("The request for the facts, in Markdown")),
                (
                    "collect",
                    strings(
                        "The facts to collect: `request-id`, `method`, `url`, `request-body`, `status`, `response-body`, `workspace`, `time`, `header:NAME`, `json:/POINTER`",
                    ),
                ),
            ],
            &["text"],
        ),
    );
    define(
        "link",
        object_schema(
            "A further page",
            &[("text", string("Its name")), ("to", string("The name of a link"))],
            &["text", "to"],
        ),
    );
}

/// Defines the tables for cases.
fn define_cases(define: &mut dyn FnMut(&str, Value)) {
    define("case", case());
    define("step", step("A cause: a sentence or a table", &[]));
    define(
        "fix",
        step(
            "A fix: a sentence or a table",
            &[("for", strings("The ids of the causes that the fix addresses")), ("requires", reference("requires"))],
        ),
    );
    define("requires", requires());
    define("match", conditions());
    define("example", example());
    define(
        "deprecated",
        object_schema(
            "Marks the case as deprecated",
            &[
                ("since", string("The version since which it is deprecated")),
                ("use", string("The id of the replacement")),
            ],
            &[],
        ),
    );
}

fn field_locations(description: &str, headers: &str, body: &str, additional: &[(&str, Value)]) -> Value {
    let keys = [("headers", strings(headers)), ("body", strings(body))];
    object_schema(description, &[&keys[..], additional].concat(), &[])
}

fn wire() -> Value {
    object_schema(
        "Where the API puts codes, messages, ids and delays",
        &[
            (
                "codes",
                strings(
                    "JSON pointers to a code. The first code that the catalog lists is used, or else the first one found",
                ),
            ),
            ("code-base", string("A prefix that is removed from codes, such as the base of RFC 9457 `type` URIs")),
            ("statuses", strings("JSON pointers to an HTTP status in a WebSocket frame")),
            ("messages", strings("JSON pointers to a message")),
            ("request-id", reference("places")),
            ("retry-after", reference("delays")),
            ("failed-when", array_of("The WebSocket frames that report an error", "match")),
        ],
        &[],
    )
}

fn case() -> Value {
    object_schema(
        "An error case",
        &[
            ("status", integer("The HTTP status", 100, 599)),
            ("code", string("The code in the response")),
            ("title", string("The heading; default: the status and its registered reason, or else the id in words")),
            ("summary", string("The description of what happened, in Markdown")),
            ("causes", array_of("The causes", "step")),
            ("fixes", array_of("The fixes", "fix")),
            ("fixes-as", enumeration("How pages render the fixes; default `list`", &["list", "paragraph"])),
            ("retry", string("The id of the retry policy. Without one the case is never retried")),
            (
                "match",
                array_of("The alternatives that select the case; default: its code, or else its status", "match"),
            ),
            ("refines", string("The id of the parent case, whose policy and fixes the case inherits")),
            ("display", string("The line that `Display` writes. Derived enums can use fields: `{field}`")),
            ("aliases", strings("Further names that find the case")),
            ("variant", string("The name of the Rust variant; default: the id in upper camel case")),
            ("severity", enumeration("The severity; default `error`", &Severity::ALL.map(Severity::as_str))),
            ("deprecated", reference("deprecated")),
            ("examples", array_of("Responses that must be classified as this case", "example")),
            ("source", string("The origin of the information. Not rendered")),
        ],
        &["summary"],
    )
}

/// Returns the schema of a cause or a fix: a sentence, or a table.
fn step(description: &str, additional: &[(&str, Value)]) -> Value {
    let predicates = Predicate::ALL.map(Predicate::as_str).join("`, `");
    let check = json!({
        "type": ["string", "object"],
        "description": format!("The check of whether it applies: `{predicates}`, or a part of the request"),
        "additionalProperties": false,
        "properties": {
            "header": string("A header"),
            "query": string("A parameter of the URL's query"),
            "json": string("A JSON pointer into the body"),
            "is": string("`absent`, `present`, or a value"),
        },
    });
    let keys = [("id", string("The id")), ("text", string("The sentence, in Markdown")), ("check", check)];
    let mut step = object_schema(description, &[&keys[..], additional].concat(), &["text"]);
    step["type"] = json!(["string", "object"]);
    step
}

fn requires() -> Value {
    object_schema(
        "The values that the policy must have for the text to be true",
        &[
            ("initial", string("A duration")),
            ("multiplier", json!({ "type": "number", "description": "A number" })),
            ("max", string("A duration")),
            ("max-retries", json!({ "type": "integer", "description": "A whole number" })),
            ("jitter", json!({ "type": "number", "description": "A number" })),
            ("retry-after.respect", boolean("True or false")),
            ("retry-after.limit", string("A duration")),
            ("only", enumeration("The requests that the policy must be limited to", &only_values())),
        ],
        &[],
    )
}

fn conditions() -> Value {
    let status = json!({
        "type": ["integer", "string", "array"],
        "description": "A status, several, or a class such as \"5xx\"",
        "items": { "type": "integer", "minimum": 100, "maximum": 599 },
        "minimum": 100,
        "maximum": 599,
    });
    let phrases = json!({
        "type": ["string", "array"],
        "description": "A phrase in the text of the response, or several: whole words, in any case",
        "items": { "type": "string" },
    });
    object_schema(
        "Conditions that must all hold",
        &[
            ("status", status),
            ("code", string("The code in the response")),
            ("close", integer("The close code of the WebSocket", 1000, 4999)),
            ("reason", string("The reason of the close; \"\" means without a reason")),
            ("text", phrases),
            ("header", scalar_map(&["string"], "Headers of the response, with their values")),
            (
                "json",
                scalar_map(&["string", "integer", "boolean"], "JSON pointers into the response, with their values"),
            ),
            ("has", strings("JSON pointers with a value")),
            ("frame", boolean("Whether the evidence is a WebSocket frame (true) or a response (false)")),
            ("io", enumeration("The transport error", &TransportError::ALL.map(TransportError::as_str))),
        ],
        &[],
    )
}

fn example() -> Value {
    object_schema(
        "A response",
        &[
            ("status", integer("The HTTP status", 100, 599)),
            ("header", scalar_map(&["string"], "Headers, with their values")),
            ("body", string("The body")),
            ("frame", string("A WebSocket frame")),
            ("close", integer("The close code of the WebSocket", 1000, 4999)),
            ("reason", string("The reason of the close")),
            ("io", enumeration("The transport error", &TransportError::ALL.map(TransportError::as_str))),
        ],
        &[],
    )
}
