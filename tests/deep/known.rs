//! Published errors as catalogs: `PostgreSQL`, Amazon S3, rustc, `TypeScript` and the HTTP statuses. Each list comes from the files
//! of its project.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

use crate::cargo::{cargo, root, run};

/// One published error.
#[derive(Clone)]
pub(crate) struct Known {
    pub(crate) id: String,
    pub(crate) status: Option<u16>,
    pub(crate) code: Option<String>,
    /// Plain text.
    pub(crate) summary: String,
}

/// Converts words to an id: lower-case words with dashes.
fn id(words: &str) -> String {
    let mut id = String::new();
    for (n, char) in words.char_indices() {
        let starts = char.is_ascii_uppercase() && words[..n].ends_with(|before: char| !before.is_ascii_uppercase());
        if (starts || !char.is_ascii_alphanumeric()) && !id.is_empty() && !id.ends_with('-') {
            id.push('-');
        }
        if char.is_ascii_alphanumeric() {
            id.push(char.to_ascii_lowercase());
        }
    }
    id.trim_end_matches('-').to_owned()
}

/// Converts plain text to the inline Markdown of a catalog.
fn text(plain: &str) -> String {
    plain.split_whitespace().map(word).collect::<Vec<_>>().join(" ")
}

/// Converts a word. A URL becomes code, because a text can only contain links by name.
fn word(plain: &str) -> String {
    let escaped = |plain: &str| {
        let special = |char: char| char.is_ascii_punctuation() && !"-.,:;'\"()/%?=+$@{}".contains(char);
        plain.chars().flat_map(|char| special(char).then_some('\\').into_iter().chain([char])).collect::<String>()
    };
    let Some(scheme) = plain.find("://") else { return escaped(plain) };
    let start = plain[..scheme].rfind(|char: char| !char.is_ascii_alphanumeric()).map_or(0, |before| before + 1);
    let end = plain.trim_end_matches(|char: char| ".,;:'\")".contains(char)).len();
    format!("{}`{}`{}", escaped(&plain[..start]), &plain[start..end], escaped(&plain[end..]))
}

/// Returns a catalog of errors.
pub(crate) fn catalog(name: &str, all: &[Known]) -> String {
    let quoted = |text: &str| toml::Value::from(text).to_string();
    let mut out = format!(
        "schema = 1\n[catalog]\nid = \"{name}\"\n[page]\ntitle = \"Errors of {name}\"\ndocs = \"https://{name}.example/errors\"\n\
         [wire]\ncodes = [\"/code\"]\n"
    );
    for known in all {
        out.push_str(&format!("[case.{}]\nsummary = {}\n", known.id, quoted(&text(&known.summary))));
        out.extend(known.status.map(|status| format!("status = {status}\n")));
        if let Some(code) = &known.code {
            out.push_str(&format!("code = {code}\nmatch = [{{ code = {code} }}]\n", code = quoted(code)));
        }
    }
    out
}

/// Returns the errors of `PostgreSQL`, from the table in Debian's package `postgresql`.
pub(crate) fn postgresql() -> Vec<Known> {
    let versions = fs::read_dir("/usr/share/postgresql").expect("PostgreSQL should be installed");
    let file = versions.map(|version| version.unwrap().path().join("errcodes.txt")).find(|file| file.exists());
    let table = fs::read_to_string(file.expect("PostgreSQL should contain its table of errors")).unwrap();
    let lines = table.lines().filter(|line| !line.starts_with('#') && !line.starts_with("Section:"));
    let mut names = BTreeSet::new();
    let known = lines.filter_map(|line| {
        let mut fields = line.split_whitespace();
        let (code, _, constant) = (fields.next()?, fields.next()?, fields.next()?);
        let name = fields.next().unwrap_or(constant.trim_start_matches("ERRCODE_"));
        // Some names belong to both a warning and an error.
        let id = if names.insert(name) { id(name) } else { format!("{}-{}", id(name), code.to_lowercase()) };
        Some(Known { id, status: None, code: Some(code.to_owned()), summary: format!("{}.", name.replace('_', " ")) })
    });
    known.collect()
}

/// Returns the source folder of a released crate.
fn released(name: &str, version: &str) -> PathBuf {
    let folder = root().join("target/scratch/released").join(name);
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("lib.rs"), "").unwrap();
    let manifest = format!(
        "[package]\nname = \"released\"\nversion = \"0.0.0\"\nedition = \"2024\"\n[lib]\npath = \"lib.rs\"\n[workspace]\n[dependencies]\n{name} = \"={version}\"\n"
    );
    fs::write(folder.join("Cargo.toml"), manifest).unwrap();
    let metadata = run(cargo(&folder).args(["metadata", "--format-version", "1"]).env("CARGO_NET_OFFLINE", "false"));
    let metadata: serde_json::Value = serde_json::from_str(&metadata).unwrap();
    let package = metadata["packages"].as_array().unwrap().iter().find(|package| package["name"] == name).unwrap();
    PathBuf::from(package["manifest_path"].as_str().unwrap()).parent().unwrap().to_owned()
}

/// Returns the errors of S3, from the crate `s3s`.
pub(crate) fn s3() -> Vec<Known> {
    let source = fs::read_to_string(released("s3s", "0.17.0").join("src/error/generated.rs")).unwrap();
    let status_of = |code: &str| {
        let start = format!("Self::{code} => Some(StatusCode::");
        let name = source.split(&start).nth(1)?.split(')').next()?;
        (100..600).filter_map(|status| http::StatusCode::from_u16(status).ok()).find_map(|status| {
            let reason = status.canonical_reason()?.to_uppercase().replace([' ', '-'], "_").replace('\'', "");
            (reason == name).then_some(status.as_u16())
        })
    };
    // Pairs of strings: codes and messages.
    let table = source.split("S3_ERROR_CODE_DEFAULT_MESSAGE").nth(1).unwrap();
    let table = table.split("entries: &[").nth(1).unwrap().split("\n    ],").next().unwrap();
    let strings: Vec<_> = strings(table).collect();
    let known = strings.chunks_exact(2).map(|pair| Known {
        id: id(&pair[0]),
        status: status_of(&pair[0]),
        code: Some(pair[0].clone()),
        summary: pair[1].clone(),
    });
    known.collect()
}

/// Returns the string literals in a source. Their escapes must be those of JSON.
fn strings(mut source: &str) -> impl Iterator<Item = String> {
    std::iter::from_fn(move || {
        source = &source[source.find('"')?..];
        let mut found = serde_json::Deserializer::from_str(source).into_iter::<String>();
        let string = found.next()?.ok()?;
        source = &source[found.byte_offset()..];
        Some(string)
    })
}

/// Returns the errors of rustc, with the first paragraph of `rustc --explain`.
pub(crate) fn rustc() -> Vec<Known> {
    let known = (1..1000).filter_map(|number| {
        let code = format!("E{number:04}");
        let output = Command::new("rustc").args(["--explain", &code]).output().unwrap();
        if !output.status.success() {
            return None;
        }
        let text = String::from_utf8(output.stdout).unwrap();
        let mut blocks = text.split("\n\n").map(str::trim);
        let summary = blocks.find(|block| !block.is_empty() && !block.starts_with("####") && !block.starts_with("```"));
        let summary = summary.unwrap_or("It is explained by code alone.");
        Some(Known { id: code.to_lowercase(), status: None, code: Some(code), summary: summary.to_owned() })
    });
    known.collect()
}

/// Returns the diagnostics of `TypeScript`, from the package `typescript`.
pub(crate) fn typescript() -> Vec<Known> {
    let file = root().join("target/node-deep/node_modules/typescript/lib/typescript.js");
    let source = fs::read_to_string(file).expect("typescript should be installed from npm");
    let known = source.lines().filter_map(|line| {
        let (number, rest) = line.split_once(": diag(")?.1.split_once(", ")?;
        let mut strings = strings(rest.split_once("*/, ")?.1);
        let (name, summary) = (strings.next()?, strings.next()?);
        // The names end with the number, so they are unique.
        Some(Known { id: format!("ts-{}", id(&name)), status: None, code: Some(format!("TS{number}")), summary })
    });
    known.collect()
}

/// Returns the HTTP statuses of the crate `http`, including those that are not errors.
pub(crate) fn http() -> Vec<Known> {
    let known = (100..600).filter_map(|status| {
        let reason = http::StatusCode::from_u16(status).ok()?.canonical_reason()?;
        Some(Known { id: id(reason), status: Some(status), code: None, summary: format!("{reason}.") })
    });
    known.collect()
}
