//! Errors that others have published, as catalogs: those of a database (`PostgreSQL`), of a storage (Amazon's S3), of two
//! compilers (rustc, `TypeScript`), and HTTP's statuses. Each is read where its own project keeps it.

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

/// Lower-case words with dashes, as ids are.
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

/// Plain text as a catalog's text: inline Markdown in which it stands for itself.
fn text(plain: &str) -> String {
    plain.split_whitespace().map(word).collect::<Vec<_>>().join(" ")
}

/// An address is code, since a text links by names alone.
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

/// A catalog of them.
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

/// Debian's package `postgresql` has the table that its own headers are made from.
pub(crate) fn postgresql() -> Vec<Known> {
    let versions = fs::read_dir("/usr/share/postgresql").expect("PostgreSQL is installed");
    let file = versions.map(|version| version.unwrap().path().join("errcodes.txt")).find(|file| file.exists());
    let table = fs::read_to_string(file.expect("PostgreSQL has its table of errors")).unwrap();
    let lines = table.lines().filter(|line| !line.starts_with('#') && !line.starts_with("Section:"));
    let mut names = BTreeSet::new();
    let known = lines.filter_map(|line| {
        let mut fields = line.split_whitespace();
        let (code, _, constant) = (fields.next()?, fields.next()?, fields.next()?);
        let name = fields.next().unwrap_or(constant.trim_start_matches("ERRCODE_"));
        // Some names stand for a warning and for an error.
        let id = if names.insert(name) { id(name) } else { format!("{}-{}", id(name), code.to_lowercase()) };
        Some(Known { id, status: None, code: Some(code.to_owned()), summary: format!("{}.", name.replace('_', " ")) })
    });
    known.collect()
}

/// The source of a released crate.
fn released(name: &str, version: &str) -> PathBuf {
    let folder = root().join("target/scratch/released").join(name);
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("lib.rs"), "").unwrap();
    let manifest = format!(
        "[package]\nname = \"released\"\nversion = \"0.0.0\"\nedition = \"2024\"\n[lib]\npath = \"lib.rs\"\n[workspace]\n[dependencies]\n{name} = \"={version}\"\n"
    );
    fs::write(folder.join("Cargo.toml"), manifest).unwrap();
    let shown = run(cargo(&folder).args(["metadata", "--format-version", "1"]).env("CARGO_NET_OFFLINE", "false"));
    let shown: serde_json::Value = serde_json::from_str(&shown).unwrap();
    let package = shown["packages"].as_array().unwrap().iter().find(|package| package["name"] == name).unwrap();
    PathBuf::from(package["manifest_path"].as_str().unwrap()).parent().unwrap().to_owned()
}

/// The crate `s3s` has the messages and the statuses of S3's codes.
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

/// The strings in some source, where their escapes are those of JSON.
fn strings(mut source: &str) -> impl Iterator<Item = String> {
    std::iter::from_fn(move || {
        source = &source[source.find('"')?..];
        let mut found = serde_json::Deserializer::from_str(source).into_iter::<String>();
        let string = found.next()?.ok()?;
        source = &source[found.byte_offset()..];
        Some(string)
    })
}

/// What `rustc --explain` says first of each code that it knows.
pub(crate) fn rustc() -> Vec<Known> {
    let known = (1..1000).filter_map(|number| {
        let code = format!("E{number:04}");
        let said = Command::new("rustc").args(["--explain", &code]).output().unwrap();
        if !said.status.success() {
            return None;
        }
        let said = String::from_utf8(said.stdout).unwrap();
        let mut blocks = said.split("\n\n").map(str::trim);
        let summary = blocks.find(|block| !block.is_empty() && !block.starts_with("####") && !block.starts_with("```"));
        let summary = summary.unwrap_or("It is explained by code alone.");
        Some(Known { id: code.to_lowercase(), status: None, code: Some(code), summary: summary.to_owned() })
    });
    known.collect()
}

/// The package `typescript` has its diagnostics in a table.
pub(crate) fn typescript() -> Vec<Known> {
    let file = root().join("target/node-deep/node_modules/typescript/lib/typescript.js");
    let source = fs::read_to_string(file).expect("typescript is installed from npm");
    let known = source.lines().filter_map(|line| {
        let (number, rest) = line.split_once(": diag(")?.1.split_once(", ")?;
        let mut strings = strings(rest.split_once("*/, ")?.1);
        let (name, summary) = (strings.next()?, strings.next()?);
        // Its names end in the number, which tells texts apart that are the same words.
        Some(Known { id: format!("ts-{}", id(&name)), status: None, code: Some(format!("TS{number}")), summary })
    });
    known.collect()
}

/// The statuses that the crate `http` has from their registry, errors and others.
pub(crate) fn http() -> Vec<Known> {
    let known = (100..600).filter_map(|status| {
        let reason = http::StatusCode::from_u16(status).ok()?.canonical_reason()?;
        Some(Known { id: id(reason), status: Some(status), code: None, summary: format!("{reason}.") })
    });
    known.collect()
}
