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

/// Returns the schema of a table with free names, whose values are strings, integers or booleans.
fn scalar_map(description: &str) -> Value {
    let scalar = json!({ "type": ["string", "integer", "boolean"] });
    json!({ "type": "object", "description": description, "additionalProperties": scalar })
}

/// Returns the schema.
pub fn schema() -> Value {
    let root = object_schema(
        "A catalog of error cases",
        &[
            ("schema", json!({ "type": "integer", "description": "The version of the format", "enum": [1] })),
            ("include", strings("Further files of the catalog, relative to this one; only in the root file")),
            ("catalog", reference("catalog")),
            ("wire", reference("wire")),
            ("key", reference("key")),
            ("redact", reference("redact")),
            (
                "links",
                json!({
                    "type": "object",
                    "description": "Addresses by name, absolute or `site:` and a path; texts say `[words](link:NAME)`",
                    "additionalProperties": { "type": "string" },
                }),
            ),
            ("page", reference("page")),
            ("section", array_of("The sections of the page, in order", "section")),
            ("retry", map_of("Retry policies by id", "retry")),
            ("case", map_of("Error cases by id: lower-case words with dashes", "case")),
            ("checklist", map_of("What a support ticket has to hold, by id", "checklist")),
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
            "What the catalog is",
            &[
                ("id", string("The catalog's id")),
                ("site", string("What `site:` links stand on: an absolute address that ends with `/`")),
                ("reserved", reference("reserved")),
            ],
            &["id"],
        ),
    );
    define(
        "reserved",
        object_schema(
            "What had a meaning once and must not come back",
            &[("ids", strings("Ids of cases")), ("codes", strings("Codes"))],
            &[],
        ),
    );
    define("wire", wire());
    define("places", field_locations("Where it stands", &[]));
    define(
        "delays",
        field_locations(
            "Where it stands, in seconds or in milliseconds",
            &[
                ("headers-ms", strings("Headers with milliseconds")),
                ("body-ms", strings("JSON pointers to milliseconds")),
            ],
        ),
    );
    define(
        "key",
        object_schema(
            "How a caller proves who it is",
            &[
                ("header", string("The header with the key")),
                ("scheme", string("The scheme before the key: `Bearer`")),
                ("prefixes", strings("What keys begin with")),
                ("query", strings("Query parameters that may hold the key")),
            ],
            &[],
        ),
    );
    define(
        "redact",
        object_schema(
            "What may be shown; everything else is replaced by its length",
            &[
                ("keep-headers", strings("Headers whose values may be shown")),
                ("keep-query", strings("Query parameters whose values may be shown")),
                ("contents", strings("Fields that hold what users said: only their length is shown")),
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
            "The reference page that this file is",
            &[
                ("title", string("The title")),
                ("docs", string("Where the page is published")),
                ("anchors", enumeration("How its cases are addressed", &["id", "title"])),
                ("sidebar-title", string("The title in a sidebar")),
                ("description", string("One line on what the page is")),
                ("notice", string("A note for machines, above everything")),
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
            "How often, and how long apart, a case is tried again",
            &[
                ("initial", string("The first delay: \"500ms\", \"30s\" or \"2m\"")),
                ("multiplier", number("What each further delay is multiplied by; default 1", 1.0, 1000.0)),
                ("max", string("The longest delay of our own; default: `initial`")),
                ("max-retries", integer("How often it is tried again; default 0: never", 0, 1_000_000)),
                ("jitter", number("The share of a delay that is left to chance; default 0", 0.0, 1.0)),
                ("retry-after", reference("retry-after")),
                ("only", enumeration("The requests that the policy is limited to; default: all", &only_values())),
            ],
            &["initial"],
        ),
    );
    define(
        "retry-after",
        object_schema(
            "What a server's own delay is worth",
            &[
                ("respect", boolean("Whether it counts; default true")),
                ("limit", string("The longest that is waited for; default \"2m\"")),
            ],
            &[],
        ),
    );
    define(
        "checklist",
        object_schema(
            "What a support ticket has to hold",
            &[
                ("intro", string("What stands before the items")),
                ("items", array_of("What is asked for", "item")),
                ("outro", string("What stands behind the items")),
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
                ("text", string("What is asked for, in Markdown")),
                (
                    "collect",
                    strings(
                        "What is collected: `request-id`, `method`, `url`, `request-body`, `status`, `response-body`, `workspace`, `time`, `header:NAME`, `json:/POINTER`",
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
    define("step", step("A cause, as a sentence or with more", &[]));
    define(
        "fix",
        step(
            "A fix, as a sentence or with more",
            &[("for", strings("The ids of the causes that it is for")), ("requires", reference("requires"))],
        ),
    );
    define("requires", requires());
    define("match", conditions());
    define("example", example());
    define(
        "deprecated",
        object_schema(
            "That the case should no longer be made",
            &[("since", string("Since which version")), ("use", string("The id of the case to use instead"))],
            &[],
        ),
    );
}

fn field_locations(description: &str, additional: &[(&str, Value)]) -> Value {
    let keys = [
        ("headers", strings("Headers, the first that is there")),
        ("body", strings("JSON pointers, the first that leads somewhere")),
    ];
    object_schema(description, &[&keys[..], additional].concat(), &[])
}

fn wire() -> Value {
    object_schema(
        "How the API speaks: what differs from one API to the next",
        &[
            ("codes", strings("JSON pointers to a code: the first that the catalog knows, else the first found")),
            ("code-base", string("A prefix that is taken off a code, as in RFC 9457 `type` URIs")),
            (
                "statuses",
                strings("JSON pointers to an HTTP status, for WebSocket frames, which have none of their own"),
            ),
            ("messages", strings("JSON pointers to a message for people")),
            ("request-id", reference("places")),
            ("retry-after", reference("delays")),
            ("failed-when", array_of("What marks a WebSocket frame as an error", "match")),
        ],
        &[],
    )
}

fn case() -> Value {
    object_schema(
        "An error case",
        &[
            ("status", integer("The HTTP status", 100, 599)),
            ("code", string("The code in the answer")),
            ("title", string("The heading; default: the status and its registered phrase")),
            ("summary", string("What happened, in Markdown")),
            ("causes", array_of("Why", "step")),
            ("fixes", array_of("What to do", "fix")),
            ("fixes-as", enumeration("Whether the fixes are a list or one paragraph", &["list", "paragraph"])),
            ("retry", string("The id of the retry policy; without one it is never tried again")),
            ("match", array_of("Which failures are this case; default: its code, or else its status", "match")),
            ("refines", string("The id of a wider case, whose policy and fixes it inherits")),
            ("display", string("The line that `Display` prints; may hold `{field}` for derived enums")),
            ("aliases", strings("Further words that find the case")),
            ("variant", string("The Rust name, where it is not that of the id")),
            ("severity", enumeration("How bad it is; default `error`", &Severity::ALL.map(Severity::as_str))),
            ("deprecated", reference("deprecated")),
            ("examples", array_of("Answers that must come out as this case", "example")),
            ("source", string("Where it is known from; not rendered")),
        ],
        &["summary"],
    )
}

/// Returns the schema of a cause or a fix: a sentence, or a table.
fn step(description: &str, additional: &[(&str, Value)]) -> Value {
    let predicates = Predicate::ALL.map(Predicate::as_str).join("`, `");
    let check = json!({
        "type": ["string", "object"],
        "description": format!("What tells whether it applies: `{predicates}`; or a look at one part of the request"),
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
        "What the case's policy must be for the text to be true",
        &[
            ("initial", string("A duration")),
            ("multiplier", json!({ "type": "number", "description": "A number" })),
            ("max", string("A duration")),
            ("max-retries", json!({ "type": "integer", "description": "A whole number" })),
            ("jitter", json!({ "type": "number", "description": "A number" })),
            ("retry-after.respect", boolean("Yes or no")),
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
        "description": "A phrase in the answer's text, or several that must all be there: whole words, any case",
        "items": { "type": "string" },
    });
    object_schema(
        "Conditions that must all hold",
        &[
            ("status", status),
            ("code", string("The code in the answer")),
            ("close", integer("The WebSocket's close code", 1000, 4999)),
            ("reason", string("The reason of the close; \"\": none was given")),
            ("text", phrases),
            ("header", scalar_map("Headers of the answer, with their values")),
            ("json", scalar_map("JSON pointers into the answer, with their values")),
            ("has", strings("JSON pointers that lead to a value")),
            ("frame", boolean("Whether it was said in a WebSocket frame, or in an answer")),
            ("io", enumeration("Why there was no answer", &TransportError::ALL.map(TransportError::as_str))),
        ],
        &[],
    )
}

fn example() -> Value {
    object_schema(
        "An answer",
        &[
            ("status", integer("The HTTP status", 100, 599)),
            ("header", scalar_map("Headers, with their values")),
            ("body", string("The body")),
            ("frame", string("A WebSocket frame")),
            ("close", integer("The WebSocket's close code", 1000, 4999)),
            ("reason", string("The reason of the close")),
            ("io", enumeration("Why there was no answer", &TransportError::ALL.map(TransportError::as_str))),
        ],
        &[],
    )
}
