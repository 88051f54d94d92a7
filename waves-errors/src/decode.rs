//! Decodes the body of a success as JSON or text. A decoding failure names the expected type and the location, but no values of the
//! document.

use bytes::Bytes;
use serde_core::de::DeserializeOwned;
use serde_json::error::Category;
use waves_errors_core::{Body, Evidence};

use crate::error::CatalogEnum;
use crate::failure::Failure;

/// Decodes a JSON document as a `T`.
pub(crate) fn json<T: DeserializeOwned, K: CatalogEnum>(context: Evidence, body: &Bytes) -> Result<T, Failure<K>> {
    let mut document = serde_json::Deserializer::from_slice(without_bom(body));
    let decoded = serde_path_to_error::deserialize(&mut document).map_err(|error| {
        let path = error.path().to_string();
        (error.into_inner(), Some(path).filter(|path| path != "."))
    });
    let whole = decoded.and_then(|value| document.end().map(|()| value).map_err(|error| (error, None)));
    whole.map_err(|(error, path)| {
        let (line, column) = (error.line(), error.column());
        let path = path.map(|path| format!("{}, ", shortened(&path))).unwrap_or_default();
        let name = short_name(std::any::type_name::<T>());
        failure(context, body, &format!("as `{name}`: {} at {path}line {line} column {column}", description(&error)))
    })
}

/// Decodes UTF-8 text without a byte order mark.
pub(crate) fn text<K: CatalogEnum>(context: Evidence, body: &Bytes) -> Result<String, Failure<K>> {
    match std::str::from_utf8(without_bom(body)) {
        Ok(text) => Ok(text.to_owned()),
        Err(error) => {
            let at = error.valid_up_to() + (body.len() - without_bom(body).len());
            Err(failure(context, body, &format!("as text: invalid UTF-8 at byte {at}")))
        }
    }
}

fn failure<K: CatalogEnum>(context: Evidence, body: &Bytes, problem: &str) -> Failure<K> {
    // A client without decompression returns the compressed bytes.
    let coding = context.header_text("content-encoding").map(|coding| format!(" (content-encoding: {coding})"));
    let reason = format!("the response could not be decoded {problem}{}", coding.unwrap_or_default());
    Failure::classify_as(context.body_part(Body::whole(body))).local(&reason)
}

fn without_bom(body: &[u8]) -> &[u8] {
    body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body)
}

/// Returns the message without the position and without strings of the document, which may be user input.
fn description(error: &serde_json::Error) -> String {
    if error.classify() == Category::Eof {
        return "unexpected end of the document".to_owned();
    }
    let message = error.to_string();
    let message = message.rsplit_once(" at line ").map_or(message.as_str(), |(message, _)| message);
    let quoted =
        ["invalid type: string ", "invalid value: string "].into_iter().find(|start| message.starts_with(start));
    match (quoted, message.rfind("\", expected ")) {
        (Some(start), Some(end)) => format!("{}{}", start.trim_end(), &message[end + 1..]),
        _ => message.to_owned(),
    }
}

/// Returns the name of a type without its modules: `Vec<Voice>`.
fn short_name(name: &str) -> String {
    let mut short = String::new();
    for part in name.split_inclusive(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':')) {
        short.push_str(part.rsplit("::").next().unwrap_or(part));
    }
    short
}

fn shortened(path: &str) -> String {
    const LONGEST: usize = 200;
    match path.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}...", &path[..end]),
        None => path.to_owned(),
    }
}

#[cfg(all(test, feature = "waves"))]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::WavesError;

    fn decoded<T: DeserializeOwned>(body: &'static str) -> Result<T, String> {
        let context = Evidence::response(200).request("GET", "https://host/voices");
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
    fn text_is_utf8_and_compressed_bodies_are_named() {
        let context = Evidence::response(200).header("content-encoding", "gzip");
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
    fn type_names_lose_their_modules() {
        assert_eq!(short_name("alloc::vec::Vec<my::Voice>"), "Vec<Voice>");
        assert_eq!(short_name("(u8, core::option::Option<a::b::C>)"), "(u8, Option<C>)");
    }
}
