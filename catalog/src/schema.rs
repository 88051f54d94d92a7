//! The JSON Schema of catalogs, for editors: the keys, their types and their descriptions.
//!
//! Editors underline errors most precisely if a schema is flat: enums of strings, no `oneOf`, and descriptions in the definitions.
//! `check` covers what a schema cannot express.

use serde_json::{Map, Value, json};
use waves_errors_core::internal::DelayFormat;
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
    json!({
        "type": "object",
        "description": description,
        "propertyNames": { "pattern": ID },
        "additionalProperties": reference(definition),
    })
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

/// Returns the schema of a value, or a list of alternative values.
fn one_or_more(value: &Value) -> Value {
    let mut schema = value.clone();
    let mut item = value.clone();
    if let Some(item) = item.as_object_mut() {
        item.remove("description");
    }
    schema["type"] = match value["type"].clone() {
        Value::Array(mut types) => {
            types.push(json!("array"));
            Value::Array(types)
        }
        one => json!([one, "array"]),
    };
    // An enum would forbid lists. Their items still have it, and `check` covers a single value.
    if let Some(schema) = schema.as_object_mut() {
        schema.remove("enum");
    }
    schema["items"] = item;
    schema["minItems"] = json!(1);
    schema["uniqueItems"] = json!(true);
    schema
}

/// Returns the schema of a table with fixed keys, or a list of tables with another definition.
fn table_or_list(description: &str, keys: &[(&str, Value)], item: &str) -> Value {
    let mut schema = object_schema(description, keys, &[]);
    schema["type"] = json!(["object", "array"]);
    schema["items"] = reference(item);
    schema
}

/// Returns the schema of a string, an integer or a boolean.
fn scalar(description: &str) -> Value {
    json!({ "type": ["string", "integer", "boolean"], "description": description })
}

fn pattern(description: &str, pattern: &str) -> Value {
    json!({ "type": "string", "description": description, "pattern": pattern })
}

fn duration(description: &str) -> Value {
    pattern(description, "^[0-9]+(ms|s|m|h)$")
}

/// Returns the schema of a list of JSON pointers.
fn pointers(description: &str) -> Value {
    json!({
        "type": "array",
        "description": description,
        "items": pattern("A JSON pointer", POINTER),
        "uniqueItems": true,
    })
}

/// The pattern of JSON pointers, in which a step can be the wildcard `*`.
const POINTER: &str = r"^(/(\*|([^/~*]|~[01])*))+$";

/// The pattern of paths: `**` is only allowed as the last segment.
const PATH: &str = r"^((/([^?#/*]|\*[^?#/*])*\*?)+(/\*\*)?|/\*\*)$";

/// The pattern of ids.
const ID: &str = "^[a-z][a-z0-9]*(-[a-z0-9]+)*$";

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
        object_schema(
            "The location of a value",
            &[
                ("headers", strings("Headers; the first one found is used")),
                ("body", pointers("JSON pointers; the first with a value is used")),
            ],
            &[],
        ),
    );
    let source = [
        ("header", string("The header")),
        ("body", pattern("A JSON pointer to the field; instead of `header`", POINTER)),
    ];
    let format =
        enumeration("The format of the delay; default `seconds-or-date`", &DelayFormat::ALL.map(DelayFormat::as_str));
    let when = ("when", reference("match"));
    define("delay", object_schema("A source of a delay", &[&source[..], &[("format", format), when]].concat(), &[]));
    define("veto", object_schema("A response that forbids a retry", &veto_keys(), &[]));
    define(
        "key",
        object_schema(
            "How callers authenticate",
            &[
                ("header", string("The header with the key")),
                ("scheme", string("The scheme before the key: `Bearer`")),
                (
                    "schemes",
                    strings("The schemes that may precede the key, the preferred one first; instead of `scheme`"),
                ),
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
                ("initial", duration("The first delay: \"500ms\", \"30s\", \"2m\" or \"1h\"")),
                ("multiplier", number("The factor from each delay to the next; default 1", 1.0, 1000.0)),
                ("max", duration("The longest backoff; default: `initial`")),
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
                ("limit", duration("The longest accepted delay; default \"2m\"")),
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
    define("match", non_empty(object_schema("Conditions that must all hold", &match_conditions(), &[])));
    define("negation", non_empty(object_schema("Conditions that must not all hold", &plain_conditions(), &[])));
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

fn wire() -> Value {
    object_schema(
        "Where the API puts codes, messages, ids and delays",
        &[
            (
                "codes",
                pointers(
                    "JSON pointers to a code. The first code that the catalog lists is used, or else the first one found",
                ),
            ),
            ("code-base", string("A prefix that is removed from codes, such as the base of RFC 9457 `type` URIs")),
            (
                "statuses",
                pointers(
                    "JSON pointers to an HTTP status in a WebSocket frame or in the body of a successful response",
                ),
            ),
            ("messages", pointers("JSON pointers to a message")),
            ("request-id", reference("places")),
            (
                "retry-after",
                table_or_list(
                    "The sources of a delay, in order. The first one with a readable value is used",
                    &[
                        ("headers", strings("Headers with a delay in seconds or a date; default `retry-after`")),
                        ("body", pointers("JSON pointers to a delay in seconds")),
                        ("headers-ms", strings("Headers with a delay in milliseconds")),
                        ("body-ms", pointers("JSON pointers to a delay in milliseconds")),
                    ],
                    "delay",
                ),
            ),
            ("retry-veto", table_or_list("The responses that forbid a retry", &veto_keys(), "veto")),
            (
                "failed-when",
                array_of("The WebSocket frames, and the bodies of successful responses, that report an error", "match"),
            ),
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
            ("docs", string("The URL of its documentation; default: its page")),
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
            "json": pattern("A JSON pointer into the body", POINTER),
            "is": string("`absent`, `present`, or a value"),
            "outside": {
                "type": "array", "items": { "type": "number" }, "minItems": 2, "maxItems": 2,
                "description": "The lower and the upper bound: the step applies to all other values",
            },
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
            ("initial", duration("A duration")),
            ("multiplier", json!({ "type": "number", "description": "A number" })),
            ("max", duration("A duration")),
            ("max-retries", json!({ "type": "integer", "description": "A whole number" })),
            ("jitter", json!({ "type": "number", "description": "A number" })),
            ("retry-after.respect", boolean("True or false")),
            ("retry-after.limit", duration("A duration")),
            ("only", enumeration("The requests that the policy must be limited to", &only_values())),
        ],
        &[],
    )
}

/// Returns the schema of a table or a list that must not be empty.
fn non_empty(mut schema: Value) -> Value {
    schema["minProperties"] = json!(1);
    if schema.get("items").is_some() {
        schema["minItems"] = json!(1);
    }
    schema
}

fn match_conditions() -> Vec<(&'static str, Value)> {
    let not =
        table_or_list("Conditions that must not all hold, or several tables of them", &plain_conditions(), "negation");
    [&plain_conditions()[..], &[("not", non_empty(not))]].concat()
}

/// Returns the conditions on a response that forbids a retry, and the keys of their short form.
fn veto_keys() -> Vec<(&'static str, Value)> {
    let mut keys = match_conditions();
    for (key, schema) in &mut keys {
        // In the short form, `header` is a name.
        if *key == "header" {
            schema["type"] = json!(["object", "string"]);
        }
    }
    keys.push(("body", pattern("In the short form, a JSON pointer to the field; instead of `header`", POINTER)));
    keys.push(("is", scalar("In the short form, the value of the header or the field")));
    keys
}

/// Returns the conditions that can be negated.
fn plain_conditions() -> Vec<(&'static str, Value)> {
    let status = json!({
        "type": ["integer", "string", "array"],
        "description": "A status, several, or a class such as \"5xx\"",
        "items": { "type": "integer", "minimum": 100, "maximum": 599 },
        "minItems": 1,
        "minimum": 100,
        "maximum": 599,
        "pattern": "^[1-5]xx$",
    });
    let mut header = one_or_more(&scalar("A value, several, or a comparison"));
    if let Value::Array(types) = &mut header["type"] {
        types.push(json!("object"));
    }
    let comparisons = object_schema(
        "",
        &[
            ("present", boolean("Whether the header is present")),
            ("prefix", one_or_more(&scalar("The start of the value"))),
            ("contains", one_or_more(&scalar("A part of the value"))),
        ],
        &[],
    );
    for key in ["additionalProperties", "properties"] {
        header[key] = comparisons[key].clone();
    }
    (header["minProperties"], header["maxProperties"]) = (json!(1), json!(1));
    let map = |description: &str, values: Value| json!({ "type": "object", "description": description, "minProperties": 1, "additionalProperties": values });
    let path =
        pattern("The path of the request's URL. `*` matches within a segment, `/**` at the end all paths below", PATH);
    let mut json =
        map("JSON pointers into the response, with their values", one_or_more(&scalar("A value, or several")));
    json["propertyNames"] = json!({ "pattern": POINTER });
    let mut has = pointers("JSON pointers with a value");
    has["minItems"] = json!(1);
    vec![
        ("status", status),
        ("code", one_or_more(&string("The code in the response, or several"))),
        ("close", one_or_more(&integer("The close code of the WebSocket, or several", 1000, 4999))),
        ("reason", one_or_more(&string("The reason of the close, or several; \"\" means without a reason"))),
        (
            "text",
            one_or_more(&string(
                "A phrase in the text of the response, or several that must all occur: whole words, in any case",
            )),
        ),
        ("header", map("Headers of the response, with their values", header)),
        ("json", json),
        ("has", has),
        ("frame", boolean("Whether the exchange has an error frame")),
        (
            "io",
            one_or_more(&enumeration(
                "The transport error, or several",
                &TransportError::ALL.map(TransportError::as_str),
            )),
        ),
        ("method", one_or_more(&pattern("The method of the request, or several", "^[A-Z-]+$"))),
        ("path", one_or_more(&path)),
    ]
}

fn example() -> Value {
    object_schema(
        "A response",
        &[
            ("method", pattern("The method of the request", "^[A-Z-]+$")),
            ("url", string("The URL of the request")),
            ("status", integer("The HTTP status", 100, 599)),
            (
                "header",
                json!({
                    "type": "object",
                    "description": "Headers, with their values",
                    "additionalProperties": { "type": ["string", "integer", "boolean"] },
                }),
            ),
            ("body", string("The body")),
            ("frame", string("A WebSocket frame")),
            ("close", integer("The close code of the WebSocket", 1000, 4999)),
            ("reason", string("The reason of the close")),
            ("io", enumeration("The transport error", &TransportError::ALL.map(TransportError::as_str))),
        ],
        &[],
    )
}
