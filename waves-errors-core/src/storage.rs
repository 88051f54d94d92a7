//! Error documents of S3-compatible storage services: XML (`<Error><Code>`) or, from a website endpoint, HTML (`<li>Code: `).

use std::ops::Range;

use serde_json::{Value, json};

use crate::xml::Document;

/// An error document of a storage service.
#[derive(Debug)]
pub(crate) struct StorageError {
    pub(crate) code: Option<String>,
    pub(crate) message: Option<String>,
    /// The document as JSON.
    pub(crate) content: Value,
}

impl StorageError {
    /// Parses an error document: XML with the root element `Error`, or HTML with a list item for the code. Returns `None` for others.
    pub(crate) fn parse(text: &str, document: &Document) -> Option<Self> {
        let item = |label: &str| html_item(text, label).map(|range| text[range].to_owned());
        let content = match item("Code") {
            Some(code) => json!({ "Code": code, "Message": item("Message"), "Key": item("Key") }),
            None if document.root == "Error" => document.content.clone(),
            None => return None,
        };
        let string = |name: &str| content.get(name).and_then(Value::as_str).map(|text| text.trim().to_owned());
        Some(Self { code: string("Code"), message: string("Message"), content })
    }
}

/// Returns the position of a value in an HTML error document: that of `NoSuchKey` in `<li>Code: NoSuchKey</li>` for the label
/// `Code`.
pub fn html_item(text: &str, label: &str) -> Option<Range<usize>> {
    if !text.contains("<html") {
        return None;
    }
    let prefix = format!("<li>{label}: ");
    let start = text.find(&prefix)? + prefix.len();
    let value = &text[start..start + text[start..].find('<').unwrap_or(text.len() - start)];
    let start = start + (value.len() - value.trim_start().len());
    let value = value.trim();
    (!value.is_empty()).then(|| start..start + value.len())
}
