//! The door: files in, a valid catalog or all its problems out.

use std::io;
use std::path::Path;

use crate::model::{Catalog, Model};
use crate::parse::parse;
use crate::problem::{Level, Place, Problem, Problems};
use crate::read::read;
use crate::source::Sources;
use crate::validate;

/// A catalog that cannot be used.
#[derive(Debug)]
pub struct Rejected {
    /// The files.
    pub sources: Sources,
    /// All problems, sorted by place. At least one is an error.
    pub problems: Vec<Problem>,
    /// The Rust names of the cases that could be read, for an enum that keeps code which names them compiling.
    pub variants: Vec<String>,
}

/// A catalog that can be used.
#[derive(Debug)]
pub struct Accepted {
    /// The catalog.
    pub catalog: Catalog,
    /// What could be better, sorted by place.
    pub warnings: Vec<Problem>,
}

/// Reads and checks a catalog: `bytes` is its root file, `name` how that is shown, and `include` reads a file that it
/// includes, named as the root names it.
pub fn check(
    name: &str,
    bytes: &[u8],
    include: &mut dyn FnMut(&str) -> io::Result<Vec<u8>>,
) -> Result<Accepted, Box<Rejected>> {
    let problems = Problems::default();
    let mut sources = Sources::default();
    let mut model = Model::default();
    let mut queue = add(&mut sources, &mut model, name, bytes, &problems);
    let mut seen: Vec<String> = Vec::new();
    queue.reverse();
    while let Some(file) = queue.pop() {
        if seen.contains(&file.value) {
            problems.add(Problem::error("include", file.at, format!("`{}` is included twice", file.value)));
            continue;
        }
        match include(&file) {
            Ok(bytes) => drop(add(&mut sources, &mut model, &beside(name, &file), &bytes, &problems)),
            Err(error) => {
                problems.add(Problem::error("include", file.at, format!("`{}` cannot be read: {error}", file.value)));
            }
        }
        seen.push(file.value);
    }
    model.index();
    validate::validate(&model, &problems);
    if problems.has_none() {
        validate::validate_whole(&model, &problems);
    }
    let mut problems = problems.sorted();
    // What a parser makes of broken text is a guess, and so is every other problem that it shows.
    if problems.iter().any(|problem| problem.rule == "syntax") {
        problems.retain(|problem| problem.rule == "syntax");
    }
    if problems.iter().all(|problem| problem.level == Level::Warning) {
        return Ok(Accepted { catalog: Catalog { model, sources }, warnings: problems });
    }
    let mut variants: Vec<_> =
        model.cases.iter().map(validate::variant).filter(|name| validate::is_variant(name)).collect();
    variants.sort();
    variants.dedup();
    Err(Box::new(Rejected { sources, problems, variants }))
}

/// Reads one file into the model and returns what it includes.
fn add(
    sources: &mut Sources,
    model: &mut Model,
    name: &str,
    bytes: &[u8],
    problems: &Problems,
) -> Vec<crate::keys::At<String>> {
    let file = sources.iter().count();
    if let Some(problem) = sources.add(name, bytes) {
        problems.add(problem);
        return Vec::new();
    }
    let Some(source) = sources.get(file) else { return Vec::new() };
    if source.text().trim().is_empty() {
        let help = "the least catalog has `schema = 1`, a `[catalog]` with an `id`, and one `[case.ID]`";
        problems.add(Problem::error("empty-file", Place::new(file, 0..0), "the file is empty").help(help));
        return Vec::new();
    }
    read(file, source.name(), parse(file, source, problems), model, problems)
}

/// The name of an included file, as it is shown: beside the root.
fn beside(root: &str, file: &str) -> String {
    match root.rsplit_once('/') {
        Some((folder, _)) => format!("{folder}/{file}"),
        None => file.to_owned(),
    }
}

/// Reads and checks the catalog in a file; `name` is how it is shown.
///
/// # Errors
///
/// The outer error: the file cannot be read. The inner one: it is no valid catalog.
pub fn check_file(path: &Path, name: &str) -> io::Result<Result<Accepted, Box<Rejected>>> {
    let bytes = std::fs::read(path)?;
    let folder = path.parent().unwrap_or(Path::new(""));
    Ok(check(name, &bytes, &mut |file| std::fs::read(folder.join(file))))
}

/// The Waves catalog that is built in.
///
/// # Errors
///
/// None in a released version: the catalog is checked where this crate is built and tested.
pub fn waves() -> Result<Accepted, Box<Rejected>> {
    embedded("catalog/waves/error-reference.toml", include_bytes!("../waves/error-reference.toml"))
}

/// The rules of the checker, as a catalog: what each is about, and the way out.
///
/// # Errors
///
/// None in a released version, as for [`waves`].
pub fn rules() -> Result<Accepted, Box<Rejected>> {
    embedded("catalog/rules.toml", include_bytes!("../rules.toml"))
}

fn embedded(name: &str, bytes: &[u8]) -> Result<Accepted, Box<Rejected>> {
    check(name, bytes, &mut |_| Err(io::ErrorKind::NotFound.into()))
}
