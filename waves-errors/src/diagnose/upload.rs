//! Checks of objects in storage: whether the upload was complete, and whether the requested key is the uploaded one.

use serde_json::Value;
use waves_errors_core::Upload;
use waves_errors_core::internal::field;
use waves_errors_core::internal::is_storage;

use super::{Exchange, Found};

const OTHER: &str = "the requested key is not the uploaded one";
const BUCKET: &str = "the keys differ in the name of the bucket, which is not part of the key";
const SLASH: &str = "the keys differ in a slash at the beginning";
const NORMALIZATION: &str =
    "the keys differ in Unicode normalization: composed letters in one of them, combining marks in the other";
const NEEDS_UPLOAD: &str = "the key and the status of the upload";

impl Exchange<'_> {
    /// Checks whether the upload was complete.
    pub(super) fn upload_unfinished(&self) -> Found {
        match self.evidence.upload() {
            None => Found::cannot_tell(NEEDS_UPLOAD),
            Some(Upload { status: None, .. }) => Found::cannot_tell("the status of the upload"),
            Some(Upload { status: Some(200..=299), .. }) => Found::ruled_out(),
            Some(Upload { status: Some(0..=199), .. }) => Found::confirmed("the upload had no final response"),
            Some(Upload { status: Some(status), .. }) => Found::confirmed(format!("the upload failed with {status}")),
        }
    }

    /// Compares the key of the requested object with that of the uploaded object.
    pub(super) fn object_key_mismatch(&self) -> Found {
        let Some(upload) = self.evidence.upload().filter(|upload| !upload.key.is_empty()) else {
            return Found::cannot_tell("the key of the uploaded object");
        };
        // Programs also record the URL of the object.
        let all_uploaded = keys_of(&upload.key);
        let [uploaded, ..] = &all_uploaded[..] else { return Found::cannot_tell("the key of the uploaded object") };
        // The storage service reports the key in its response; otherwise the key is in its URL.
        if let Some(named) = field(self.evidence, "/Key").filter(|key| !key.is_empty()) {
            if all_uploaded.contains(&named) {
                return Found::ruled_out();
            }
            let in_bucket = self.buckets().iter().any(|bucket| {
                let with_bucket = |key: &str| format!("{bucket}/{}", key.trim_start_matches('/'));
                named.trim_start_matches('/') == with_bucket(uploaded) || with_bucket(&named) == *uploaded
            });
            let difference = if in_bucket {
                BUCKET
            } else if named.trim_start_matches('/') == uploaded.trim_start_matches('/') {
                SLASH
            } else {
                difference(&named, uploaded).unwrap_or(OTHER)
            };
            return found(difference);
        }
        let requested = self.evidence.url().filter(|_| is_storage(self.evidence)).map(keys_of).unwrap_or_default();
        if requested.iter().any(|key| all_uploaded.contains(key)) {
            return Found::ruled_out();
        }
        if requested.iter().any(|key| !key.is_empty()) {
            return compare(&requested, uploaded).unwrap_or_else(|| Found::confirmed(OTHER));
        }
        // A request to the API itself can contain the URL of the object.
        let mentioned: Vec<_> = self.mentioned_objects().iter().flat_map(|text| keys_of(text)).collect();
        compare(&mentioned, uploaded).unwrap_or_else(|| Found::cannot_tell("the requested key"))
    }

    /// Returns the possible names of the bucket: from the response, and from the host of the URL or the first segment of its path.
    fn buckets(&self) -> Vec<String> {
        let mut all: Vec<_> = field(self.evidence, "/BucketName").into_iter().collect();
        if let Some((scheme, rest)) = self.evidence.url().and_then(|url| url.split_once("://")) {
            let mut parts = rest.split('/');
            let host = parts.next().unwrap_or_default();
            let bucket = if has_bucket(scheme, host) { host.split('.').next() } else { parts.next() };
            all.extend(bucket.map(str::to_owned));
        }
        all.retain(|bucket| !bucket.is_empty());
        all
    }

    /// Returns the values in the request's query and body that look like a URL or a key.
    fn mentioned_objects(&self) -> Vec<String> {
        let mut all = Vec::new();
        let mut pairs = |url: &str| {
            let query = crate::url::query(url);
            all.extend(
                query.map(|(_, value)| String::from_utf8_lossy(&crate::url::percent_decoded(value)).into_owned()),
            );
        };
        self.evidence.url().into_iter().for_each(&mut pairs);
        if let Some(body) = self.evidence.request_body().and_then(|body| std::str::from_utf8(body.bytes()).ok()) {
            match serde_json::from_str::<Value>(body) {
                Ok(body) => collect(&body, &mut all),
                // A form.
                Err(_) if !body.contains(char::is_whitespace) => pairs(&format!("?{body}")),
                Err(_) => {}
            }
        }
        all.retain(|text| text.contains(['/', '.']));
        all
    }
}

/// Compares the possible keys of the request with the uploaded one. Returns `None` if they have nothing in common.
fn compare(requested: &[String], uploaded: &str) -> Option<Found> {
    if requested.iter().any(|key| key == uploaded) {
        return Some(Found::ruled_out());
    }
    if let Some(difference) = requested.iter().find_map(|key| difference(key, uploaded)) {
        return Some(found(difference));
    }
    // A key in another folder may be another object, or the folder may be part of the URL only.
    let (bare, within) = (uploaded.trim_matches('/'), |key: &str, other: &str| key.ends_with(&format!("/{other}")));
    let keys = || requested.iter().map(|key| key.trim_matches('/')).filter(|key| !key.is_empty());
    if keys().any(|key| key == bare) {
        return Some(Found::likely(SLASH));
    }
    keys().any(|key| within(key, bare) || within(bare, key)).then(|| Found::likely("the keys differ in their folder"))
}

/// Returns the possible keys in a URL, decoded once: its path, and its path without the first segment, which may be the bucket. A text
/// that is not a URL is a key itself.
fn keys_of(url: &str) -> Vec<String> {
    let Some((scheme, rest)) = url.split_once("://") else { return vec![url.to_owned()] };
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    let path = path.split(['?', '#']).next().unwrap_or_default();
    // A plus in a path is not a space.
    let key = String::from_utf8_lossy(&crate::url::percent_decoded(&path.replace('+', "%2B"))).into_owned();
    match key.split_once('/') {
        Some((_, rest)) if !has_bucket(scheme, host) => vec![rest.to_owned(), key],
        _ => vec![key],
    }
}

/// Returns whether the host of a URL names the bucket, so that its path is the key.
fn has_bucket(scheme: &str, host: &str) -> bool {
    let hosts = [".s3.", ".s3-", ".storage.googleapis.com"];
    !scheme.starts_with("http") || hosts.iter().any(|of_storage| host.contains(of_storage))
}

/// Returns the finding for a difference. Only a table of all characters could confirm a difference in normalization.
fn found(difference: &'static str) -> Found {
    if difference == NORMALIZATION { Found::likely(difference) } else { Found::confirmed(difference) }
}

/// Collects the strings of a JSON value.
fn collect(value: &Value, into: &mut Vec<String>) {
    match value {
        Value::String(text) => into.push(text.clone()),
        Value::Array(items) => items.iter().for_each(|item| collect(item, into)),
        Value::Object(fields) => fields.values().for_each(|item| collect(item, into)),
        _ => {}
    }
}

/// Returns the only difference between two keys, if it is one of the usual mistakes.
fn difference(requested: &str, uploaded: &str) -> Option<&'static str> {
    let both = |change: &dyn Fn(&str) -> String| (change(requested), change(uploaded));
    let is_equal = |change: &dyn Fn(&str) -> String| {
        let (requested, uploaded) = both(change);
        requested == uploaded
    };
    // Decodes percent-encoding, but keeps `+`.
    let decoded =
        |key: &str| String::from_utf8_lossy(&crate::url::percent_decoded(&key.replace('+', "%2B"))).into_owned();
    let is_decoded_once = decoded(requested) == uploaded || requested == decoded(uploaded);
    let with_single_spaces = |key: &str| key.split_whitespace().collect::<Vec<_>>().join(" ");
    let stem =
        |key: &str| key.rsplit_once('.').filter(|(_, end)| !end.contains('/')).map_or(key, |(stem, _)| stem).to_owned();
    let (plain, other) = both(&decoded);
    if requested == uploaded {
        None
    } else if requested.trim() == uploaded.trim() {
        Some("the keys differ in whitespace at the beginning or at the end")
    } else if is_equal(&with_single_spaces) {
        Some("the keys differ in whitespace")
    } else if is_decoded_once {
        Some("the keys differ in percent-encoding: one of them is encoded")
    } else if plain == other {
        Some("the keys differ in percent-encoding")
    } else if decoded(&plain) == decoded(&other) {
        Some("the keys differ in percent-encoding: one of them is encoded twice")
    } else if plain.replace('+', " ") == other.replace('+', " ") {
        Some("the keys differ in a plus sign and a space, as in form encoding")
    } else if requested.trim_end_matches('/') == uploaded.trim_end_matches('/') {
        Some("the keys differ in a slash at the end")
    } else if plain.to_lowercase() == other.to_lowercase() {
        Some("the keys differ in upper and lower case")
    } else if stem(&plain) == stem(&other) {
        Some("the keys differ in their extension")
    } else if stem(&plain).to_lowercase() == stem(&other).to_lowercase() {
        Some("the keys differ in their extension and in case")
    } else if has_combining(&plain) != has_combining(&other) && skeleton(&plain) == skeleton(&other) {
        Some(NORMALIZATION)
    } else {
        None
    }
}

/// Returns whether a character combines with the one before it: Latin, Greek and Cyrillic marks, the voiced marks of kana, and the
/// vowels and final consonants of Hangul.
fn is_combining(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{3099}'..='\u{309a}' | '\u{1161}'..='\u{11ff}')
}

fn has_combining(key: &str) -> bool {
    key.contains(is_combining)
}

/// Returns the ASCII characters of a key, without those that a combining character follows. They are equal for keys that differ only
/// in Unicode normalization.
fn skeleton(key: &str) -> String {
    let mut out = String::new();
    let mut chars = key.chars().peekable();
    while let Some(c) = chars.next() {
        if c.is_ascii() && !chars.peek().copied().is_some_and(is_combining) {
            out.push(c);
        }
    }
    out
}
