//! Checks the body of a success for an error, and decodes it as JSON or text. A decoding failure names the expected type and the location, but no values of
//! the document.

use std::time::SystemTime;

use bytes::Bytes;
use serde_core::de::DeserializeOwned;
use serde_json::error::Category;
use serde_path_to_error::{Path, Segment};
use waves_errors_core::{Body, Evidence};

use crate::error::CatalogEnum;
use crate::failure::Failure;

/// Decodes a JSON document as a `T`.
pub(crate) fn json<T: DeserializeOwned, K: CatalogEnum>(evidence: Evidence, body: &Bytes) -> Result<T, Failure<K>> {
    let mut document = serde_json::Deserializer::from_slice(without_bom(body));
    let decoded = serde_path_to_error::deserialize(&mut document).map_err(|error| {
        let location = location::<K>(error.path());
        (error.into_inner(), location)
    });
    let whole = decoded.and_then(|value| document.end().map(|()| value).map_err(|error| (error, String::new())));
    whole.map_err(|(error, location)| {
        let (line, column, name) = (error.line(), error.column(), short_name(std::any::type_name::<T>()));
        let problem = format!("as `{name}`: {} at {location}line {line} column {column}", description(&error));
        failure(evidence, body, &problem)
    })
}

/// Decodes UTF-8 text without a byte order mark.
pub(crate) fn text<K: CatalogEnum>(evidence: Evidence, body: &Bytes) -> Result<String, Failure<K>> {
    match std::str::from_utf8(without_bom(body)) {
        Ok(text) => Ok(text.to_owned()),
        Err(error) => {
            let at = error.valid_up_to() + (body.len() - without_bom(body).len());
            Err(failure(evidence, body, &format!("as text: invalid UTF-8 at byte {at}")))
        }
    }
}

/// Fails if the body of a success reports an error, as `failed-when` of the catalog describes.
pub(crate) fn checked<K: CatalogEnum>(evidence: Evidence, body: Bytes) -> Result<(Evidence, Bytes), Failure<K>> {
    // Audio reports no errors, and takes longer to classify.
    let is_document = evidence.header("content-type").is_none_or(|kind| {
        let kind = kind.to_ascii_lowercase();
        ["json", "xml", "text"].iter().any(|document| kind.contains(document))
    });
    if is_document && K::CATALOG.table().wire().failed_when().next().is_some() {
        let evidence = evidence.clone().with_body(Body::whole(&body)).with_received_at(SystemTime::now());
        let failure = Failure::classify_as(evidence);
        if failure.is_failure() {
            return Err(failure);
        }
    }
    Ok((evidence, body))
}

fn failure<K: CatalogEnum>(evidence: Evidence, body: &Bytes, problem: &str) -> Failure<K> {
    // A client without decompression returns the compressed bytes.
    let coding = evidence.header("content-encoding").map(|coding| format!(" (content-encoding: {coding})"));
    let reason = format!("the response could not be decoded {problem}{}", coding.unwrap_or_default());
    Failure::classify_as(evidence.with_body(Body::whole(body))).without_message().local(&reason)
}

fn without_bom(body: &[u8]) -> &[u8] {
    body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body)
}

/// Describes an error without values of the document. Serde's messages quote such values, and custom types can put any text into
/// their messages, so only the parts that come from the program's own types are kept.
fn description(error: &serde_json::Error) -> String {
    match error.classify() {
        Category::Eof => return "unexpected end of the document".to_owned(),
        Category::Syntax | Category::Io => return without_position(&error.to_string()).to_owned(),
        Category::Data => {}
    }
    let message = error.to_string();
    let message = without_position(&message);
    // `missing field` and `duplicate field` name a field of the type.
    if ["missing field `", "duplicate field `"].iter().any(|start| message.starts_with(start)) {
        return shortened(message, DESCRIPTION);
    }
    let kinds = [
        "invalid type: string",
        "invalid type: integer",
        "invalid type: floating point",
        "invalid type: boolean",
        "invalid type: null",
        "invalid type: sequence",
        "invalid type: map",
        "invalid value: string",
        "invalid value: integer",
        "invalid value: floating point",
        "invalid length",
        "unknown variant",
        "unknown field",
    ];
    let Some(kind) = kinds.into_iter().find(|kind| message.starts_with(kind)) else {
        return "unexpected value".to_owned();
    };
    // The last occurrence, because a value of the document can contain these words, too.
    match message.rfind(", expected ") {
        Some(expected) => shortened(&format!("{kind}{}", &message[expected..]), DESCRIPTION),
        None => kind.to_owned(),
    }
}

fn without_position(message: &str) -> &str {
    message.rsplit_once(" at line ").map_or(message, |(message, _)| message)
}

/// Returns the location of an error in the document, such as `voices[0].id, `. Keys of a document can be user input: the location
/// contains only plain keys, and ends at a field whose contents the catalog redacts.
fn location<K: CatalogEnum>(path: &Path) -> String {
    let plain = |key: &str| {
        key.len() <= KEY && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
    };
    let mut location = String::new();
    for segment in path.iter().take(SEGMENTS) {
        match segment {
            Segment::Seq { index } => location.push_str(&format!("[{index}]")),
            Segment::Map { key } | Segment::Enum { variant: key } => {
                let dot = if location.is_empty() { "" } else { "." };
                location.push_str(&format!("{dot}{}", if plain(key) { key } else { "?" }));
                if K::CATALOG.table().redact().contents().contains(key) {
                    break;
                }
            }
            Segment::Unknown => break,
        }
    }
    if location.is_empty() { location } else { location + ", " }
}

/// The maximum length of a description, in characters.
const DESCRIPTION: usize = 120;
/// The maximum length of a type name, in characters.
const NAME: usize = 60;
/// The maximum length of a key, in bytes.
const KEY: usize = 40;
/// The maximum number of segments in a location.
const SEGMENTS: usize = 8;

/// Returns the name of a type without its modules: `Vec<Voice>`.
fn short_name(name: &str) -> String {
    let mut short = String::new();
    for part in name.split_inclusive(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':')) {
        short.push_str(part.rsplit("::").next().unwrap_or(part));
    }
    shortened(&short, NAME)
}

fn shortened(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}...", &text[..end]),
        None => text.to_owned(),
    }
}

#[cfg(all(test, feature = "waves"))]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::WavesError;

    fn decoded<T: DeserializeOwned>(body: &'static str) -> Result<T, String> {
        let context = Evidence::response(200).with_request("GET", "https://host/voices");
        json::<T, WavesError>(context, &Bytes::from(body)).map_err(|failure| {
            assert!(failure.is_failure() && failure.kind().is_none());
            assert_eq!(failure.evidence().method(), Some("GET"));
            failure.to_string()
        })
    }

    #[test]
    fn json_errors_name_type_and_location_without_values() {
        let wrong = decoded::<BTreeMap<String, Vec<u32>>>(r#"{"a":[1],"b":[2,"said by a user"]}"#).unwrap_err();
        assert_eq!(
            wrong,
            "the response could not be decoded as `BTreeMap<String, Vec<u32>>`: invalid type: string, expected u32 at b[1], line 1 column 32 (status 200)"
        );
        let cut = decoded::<Vec<u32>>("[1, 2").unwrap_err();
        assert!(cut.contains("unexpected end of the document at "), "{cut}");
        let more = decoded::<u32>("1 2").unwrap_err();
        assert!(more.contains("trailing characters at line 1 column 3 "), "{more}");
        assert_eq!(decoded::<u32>("\u{feff}7"), Ok(7));
        assert!(decoded::<serde_json::Value>(Box::leak("[".repeat(100_000).into_boxed_str())).is_err());
    }

    #[test]
    fn json_errors_do_not_contain_values() {
        #[derive(Debug)]
        struct Picky;
        impl<'de> serde_core::Deserialize<'de> for Picky {
            fn deserialize<D: serde_core::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                let value = <std::borrow::Cow<'de, str>>::deserialize(from)?;
                Err(serde_core::de::Error::custom(format!("no such voice: {value}, expected another")))
            }
        }
        for (failure, description) in [
            (decoded::<Picky>(r#""said by Alice""#).unwrap_err(), "unexpected value at line"),
            (
                decoded::<Vec<bool>>("[4155551234567]").unwrap_err(),
                "invalid type: integer, expected a boolean at [0], line",
            ),
            (decoded::<BTreeMap<String, u8>>(r#"{"said by Alice": "x"}"#).unwrap_err(), "at ?, line"),
            (
                decoded::<BTreeMap<String, BTreeMap<String, u8>>>(r#"{"words": {"Alice": "x"}}"#).unwrap_err(),
                "expected u8 at words, line",
            ),
            (
                decoded::<u8>(r#""said by Alice, expected by Bob""#).unwrap_err(),
                "invalid type: string, expected u8 at line",
            ),
        ] {
            assert!(
                failure.contains(description) && !failure.contains("Alice") && !failure.contains("4155"),
                "{failure}"
            );
        }
    }

    #[test]
    fn text_is_utf8_and_compressed_bodies_are_named() {
        let context = Evidence::response(200).with_header("content-encoding", "gzip");
        let failure = text::<WavesError>(context, &Bytes::from_static(b"\x1f\x8b\x08")).unwrap_err();
        assert_eq!(
            failure.to_string(),
            "the response could not be decoded as text: invalid UTF-8 at byte 1 (content-encoding: gzip) (status 200)"
        );
        assert_eq!(
            text::<WavesError>(Evidence::new(), &Bytes::from_static(b"\xef\xbb\xbfna\xc3\xafve")).unwrap(),
            "naïve"
        );
    }

    #[test]
    fn short_name_removes_modules() {
        assert_eq!(short_name("alloc::vec::Vec<my::Voice>"), "Vec<Voice>");
        assert_eq!(short_name("(u8, core::option::Option<a::b::C>)"), "(u8, Option<C>)");
    }
}
