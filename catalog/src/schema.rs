//! A JSON Schema of catalogs, for editors: which keys there are, what each may hold, and what it means.
//!
//! Editors underline what is wrong most exactly where a schema is flat: enums of strings, no `oneOf`, no patterns on names, and
//! descriptions within the definitions. What a schema cannot say, `check` does.

use serde_json::{Map, Value, json};
use waves_errors_core::{Predicate, RetryOnly, Severity, TransportError};

/// A table: its keys, and which of them must be there.
fn table(about: &str, keys: &[(&str, Value)], required: &[&str]) -> Value {
    let properties: Map<String, Value> = keys.iter().map(|(key, value)| ((*key).to_owned(), value.clone())).collect();
    let mut table = json!({
        "type": "object", "description": about, "additionalProperties": false, "properties": properties,
    });
    if !required.is_empty() {
        table["required"] = json!(required);
    }
    table
}

/// Tables with free names.
fn named(about: &str, definition: &str) -> Value {
    json!({ "type": "object", "description": about, "additionalProperties": reference(definition) })
}

fn reference(definition: &str) -> Value {
    json!({ "$ref": format!("#/definitions/{definition}") })
}

fn text(about: &str) -> Value {
    json!({ "type": "string", "description": about })
}

fn texts(about: &str) -> Value {
    json!({ "type": "array", "description": about, "items": { "type": "string" } })
}

fn tables(about: &str, definition: &str) -> Value {
    json!({ "type": "array", "description": about, "items": reference(definition) })
}

fn word(about: &str, words: &[&str]) -> Value {
    json!({ "type": "string", "description": about, "enum": words })
}

fn whole(about: &str, low: i64, high: i64) -> Value {
    json!({ "type": "integer", "description": about, "minimum": low, "maximum": high })
}

fn number(about: &str, low: f64, high: f64) -> Value {
    json!({ "type": "number", "description": about, "minimum": low, "maximum": high })
}

fn switch(about: &str) -> Value {
    json!({ "type": "boolean", "description": about })
}

/// The words that `only` of a policy takes.
fn only() -> [&'static str; RetryOnly::ALL.len()] {
    RetryOnly::ALL.map(RetryOnly::as_str)
}

/// A table of free names whose values are strings, numbers or booleans.
fn scalars(about: &str) -> Value {
    json!({ "type": "object", "description": about, "additionalProperties": { "type": ["string", "integer", "boolean"] } })
}

/// The schema.
pub fn schema() -> Value {
    let root = table(
        "A catalog of error cases",
        &[
            ("schema", json!({ "type": "integer", "description": "The version of the format", "enum": [1] })),
            ("include", texts("Further files of the catalog, relative to this one; only in the root file")),
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
            ("section", tables("The sections of the page, in order", "section")),
            ("retry", named("Retry policies by id", "retry")),
            ("case", named("Error cases by id: lower-case words with dashes", "case")),
            ("checklist", named("What a support ticket has to hold, by id", "checklist")),
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
    for group in [api, pages, cases] {
        group(&mut |name, value| drop(all.insert(name.to_owned(), value)));
    }
    Value::Object(all)
}

/// What concerns the whole catalog.
fn api(define: &mut dyn FnMut(&str, Value)) {
    define(
        "catalog",
        table(
            "What the catalog is",
            &[
                ("id", text("The catalog's id")),
                ("site", text("What `site:` links stand on: an absolute address that ends with `/`")),
                ("reserved", reference("reserved")),
            ],
            &["id"],
        ),
    );
    define(
        "reserved",
        table(
            "What had a meaning once and must not come back",
            &[("ids", texts("Ids of cases")), ("codes", texts("Codes"))],
            &[],
        ),
    );
    define("wire", wire());
    define("places", places("Where it stands", &[]));
    define(
        "delays",
        places(
            "Where it stands, in seconds or in milliseconds",
            &[("headers-ms", texts("Headers with milliseconds")), ("body-ms", texts("JSON pointers to milliseconds"))],
        ),
    );
    define(
        "key",
        table(
            "How a caller proves who it is",
            &[
                ("header", text("The header with the key")),
                ("scheme", text("The scheme before the key: `Bearer`")),
                ("prefixes", texts("What keys begin with")),
                ("query", texts("Query parameters that may hold the key")),
            ],
            &[],
        ),
    );
    define(
        "redact",
        table(
            "What may be shown; everything else is replaced by its length",
            &[
                ("keep-headers", texts("Headers whose values may be shown")),
                ("keep-query", texts("Query parameters whose values may be shown")),
                ("contents", texts("Fields that hold what users said: only their length is shown")),
            ],
            &[],
        ),
    );
}

/// What stands on pages.
fn pages(define: &mut dyn FnMut(&str, Value)) {
    define(
        "page",
        table(
            "The reference page that this file is",
            &[
                ("title", text("The title")),
                ("docs", text("Where the page is published")),
                ("anchors", word("How its cases are addressed", &["id", "title"])),
                ("sidebar-title", text("The title in a sidebar")),
                ("description", text("One line on what the page is")),
                ("notice", text("A note for machines, above everything")),
                ("intro", text("The first paragraph")),
            ],
            &["title"],
        ),
    );
    define(
        "section",
        table(
            "A section of the page: cases, or a checklist",
            &[
                ("title", text("The heading")),
                ("cases", texts("The ids of its cases, in order")),
                ("checklist", text("The id of its checklist")),
            ],
            &["title"],
        ),
    );
    define(
        "retry",
        table(
            "How often, and how long apart, a case is tried again",
            &[
                ("initial", text("The first delay: \"500ms\", \"30s\" or \"2m\"")),
                ("multiplier", number("What each further delay is multiplied by; default 1", 1.0, 1000.0)),
                ("max", text("The longest delay of our own; default: `initial`")),
                ("max-retries", whole("How often it is tried again; default 0: never", 0, 1_000_000)),
                ("jitter", number("The share of a delay that is left to chance; default 0", 0.0, 1.0)),
                ("retry-after", reference("retry-after")),
                ("only", word("The requests that the policy is limited to; default: all", &only())),
            ],
            &["initial"],
        ),
    );
    define(
        "retry-after",
        table(
            "What a server's own delay is worth",
            &[
                ("respect", switch("Whether it counts; default true")),
                ("limit", text("The longest that is waited for; default \"2m\"")),
            ],
            &[],
        ),
    );
    define(
        "checklist",
        table(
            "What a support ticket has to hold",
            &[
                ("intro", text("What stands before the items")),
                ("items", tables("What is asked for", "item")),
                ("outro", text("What stands behind the items")),
                ("links", tables("Further pages", "link")),
            ],
            &[],
        ),
    );
    define(
        "item",
        table(
            "An item of a checklist",
            &[
                ("text", text("What is asked for, in Markdown")),
                (
                    "collect",
                    texts(
                        "What is collected: `request-id`, `method`, `url`, `request-body`, `status`, `response-body`, `workspace`, `time`, `header:NAME`, `json:/POINTER`",
                    ),
                ),
            ],
            &["text"],
        ),
    );
    define(
        "link",
        table("A further page", &[("text", text("Its name")), ("to", text("The name of a link"))], &["text", "to"]),
    );
}

/// What makes a case.
fn cases(define: &mut dyn FnMut(&str, Value)) {
    define("case", case());
    define("step", step("A cause, as a sentence or with more", &[]));
    define(
        "fix",
        step(
            "A fix, as a sentence or with more",
            &[("for", texts("The ids of the causes that it is for")), ("requires", reference("requires"))],
        ),
    );
    define("requires", requires());
    define("match", conditions());
    define("example", example());
    define(
        "deprecated",
        table(
            "That the case should no longer be made",
            &[("since", text("Since which version")), ("use", text("The id of the case to use instead"))],
            &[],
        ),
    );
}

fn places(about: &str, more: &[(&str, Value)]) -> Value {
    let keys = [
        ("headers", texts("Headers, the first that is there")),
        ("body", texts("JSON pointers, the first that leads somewhere")),
    ];
    table(about, &[&keys[..], more].concat(), &[])
}

fn wire() -> Value {
    table(
        "How the API speaks: what differs from one API to the next",
        &[
            ("codes", texts("JSON pointers to a code: the first that the catalog knows, else the first found")),
            ("code-base", text("A prefix that is taken off a code, as in RFC 9457 `type` URIs")),
            ("statuses", texts("JSON pointers to an HTTP status, for WebSocket frames, which have none of their own")),
            ("messages", texts("JSON pointers to a message for people")),
            ("request-id", reference("places")),
            ("retry-after", reference("delays")),
            ("failed-when", tables("What marks a WebSocket frame as an error", "match")),
        ],
        &[],
    )
}

fn case() -> Value {
    table(
        "An error case",
        &[
            ("status", whole("The HTTP status", 100, 599)),
            ("code", text("The code in the answer")),
            ("title", text("The heading; default: the status and its registered phrase")),
            ("summary", text("What happened, in Markdown")),
            ("causes", tables("Why", "step")),
            ("fixes", tables("What to do", "fix")),
            ("fixes-as", word("Whether the fixes are a list or one paragraph", &["list", "paragraph"])),
            ("retry", text("The id of the retry policy; without one it is never tried again")),
            ("match", tables("Which failures are this case; default: its code, or else its status", "match")),
            ("refines", text("The id of a wider case, whose policy and fixes it inherits")),
            ("display", text("The line that `Display` prints; may hold `{field}` for derived enums")),
            ("aliases", texts("Further words that find the case")),
            ("variant", text("The Rust name, where it is not that of the id")),
            ("severity", word("How bad it is; default `error`", &Severity::ALL.map(Severity::as_str))),
            ("deprecated", reference("deprecated")),
            ("examples", tables("Answers that must come out as this case", "example")),
            ("source", text("Where it is known from; not rendered")),
        ],
        &["summary"],
    )
}

/// A sentence, or a table with more.
fn step(about: &str, more: &[(&str, Value)]) -> Value {
    let predicates = Predicate::ALL.map(Predicate::as_str).join("`, `");
    let check = json!({
        "type": ["string", "object"],
        "description": format!("What tells whether it applies: `{predicates}`; or a look at one part of the request"),
        "additionalProperties": false,
        "properties": {
            "header": text("A header"),
            "query": text("A parameter of the URL's query"),
            "json": text("A JSON pointer into the body"),
            "is": text("`absent`, `present`, or a value"),
        },
    });
    let keys = [("id", text("The id")), ("text", text("The sentence, in Markdown")), ("check", check)];
    let mut step = table(about, &[&keys[..], more].concat(), &["text"]);
    step["type"] = json!(["string", "object"]);
    step
}

fn requires() -> Value {
    table(
        "What the case's policy must be for the text to be true",
        &[
            ("initial", text("A duration")),
            ("multiplier", json!({ "type": "number", "description": "A number" })),
            ("max", text("A duration")),
            ("max-retries", json!({ "type": "integer", "description": "A whole number" })),
            ("jitter", json!({ "type": "number", "description": "A number" })),
            ("retry-after.respect", switch("Yes or no")),
            ("retry-after.limit", text("A duration")),
            ("only", word("The requests that the policy must be limited to", &only())),
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
    table(
        "Conditions that must all hold",
        &[
            ("status", status),
            ("code", text("The code in the answer")),
            ("close", whole("The WebSocket's close code", 1000, 4999)),
            ("reason", text("The reason of the close; \"\": none was given")),
            ("text", phrases),
            ("header", scalars("Headers of the answer, with their values")),
            ("json", scalars("JSON pointers into the answer, with their values")),
            ("has", texts("JSON pointers that lead to a value")),
            ("frame", switch("Whether it was said in a WebSocket frame, or in an answer")),
            ("io", word("Why there was no answer", &TransportError::ALL.map(TransportError::as_str))),
        ],
        &[],
    )
}

fn example() -> Value {
    table(
        "An answer",
        &[
            ("status", whole("The HTTP status", 100, 599)),
            ("header", scalars("Headers, with their values")),
            ("body", text("The body")),
            ("frame", text("A WebSocket frame")),
            ("close", whole("The WebSocket's close code", 1000, 4999)),
            ("reason", text("The reason of the close")),
            ("io", word("Why there was no answer", &TransportError::ALL.map(TransportError::as_str))),
        ],
        &[],
    )
}
