//! The entry point: reads and checks the files of a catalog, and returns the catalog or its problems.

use std::io;
use std::path::Path;

use crate::catalog::Catalog;
use crate::location::{Located, Location};
use crate::model::Model;
use crate::names::{is_id, is_variant_name};
use crate::parse::parse;
use crate::problem::{Level, Problem, Problems};
use crate::read::read_entries;
use crate::source::Sources;
use crate::validate;

/// An invalid catalog.
#[derive(Debug)]
pub struct Rejected {
    /// The files.
    pub sources: Sources,
    /// All problems, sorted by location. At least one is an error.
    pub problems: Vec<Problem>,
    /// The Rust names of the cases that could be read, for a fallback enum that keeps code compiling.
    pub variants: Vec<String>,
    /// The ids of the policies that could be read, for the same reason.
    pub policies: Vec<String>,
}

/// A valid catalog.
#[derive(Debug)]
pub struct Accepted {
    /// The catalog.
    pub catalog: Catalog,
    /// The warnings, sorted by location.
    pub warnings: Vec<Problem>,
}

/// Reads and checks a catalog: `bytes` is the root file, `name` is its display name, and `include` reads an included
/// file by its name in the root file.
///
/// # Errors
///
/// Fails if the catalog is invalid.
pub fn check(
    name: &str,
    bytes: &[u8],
    include: &mut dyn FnMut(&str) -> io::Result<Vec<u8>>,
) -> Result<Accepted, Box<Rejected>> {
    let problems = Problems::default();
    let (sources, model) = load_files(name, bytes, include, &problems);
    validate::validate(&model, &problems);
    if problems.has_no_errors() {
        validate::validate_case_count(&model, &problems);
    }
    accept_or_reject(sources, model, problems)
}

/// Reads a catalog's files into an indexed model.
fn load_files(
    name: &str,
    bytes: &[u8],
    include: &mut dyn FnMut(&str) -> io::Result<Vec<u8>>,
    problems: &Problems,
) -> (Sources, Model) {
    let mut sources = Sources::default();
    let mut model = Model::default();
    let mut loader = Loader { sources: &mut sources, model: &mut model, problems };
    let included = loader.add(name, bytes);
    let mut seen = vec![resolve_path(name, name.rsplit('/').next().unwrap_or(name))];
    for file in included {
        let display_path = resolve_path(name, &file);
        let message = if file.starts_with('/') || file.contains('\\') || file.contains(':') {
            Some(format!("invalid path `{}`: write a relative path with forward slashes", file.value))
        } else if seen.contains(&display_path) {
            Some(format!("duplicate include `{}`", file.value))
        } else {
            match include(&file) {
                Ok(bytes) => {
                    loader.add(&display_path, &bytes);
                    None
                }
                Err(error) => {
                    loader.model.broken.file = true;
                    Some(format!("cannot read `{}`: {error}", file.value))
                }
            }
        };
        if let Some(message) = message {
            problems.add(Problem::error("include", file.location, message));
        }
        seen.push(display_path);
    }
    model.build_index();
    (sources, model)
}

/// Returns the catalog if no problem is an error.
fn accept_or_reject(sources: Sources, model: Model, problems: Problems) -> Result<Accepted, Box<Rejected>> {
    let mut problems = problems.into_sorted();
    // After a syntax error the tree of the file may be wrong, so the other problems may be wrong as well.
    if problems.iter().any(|problem| problem.lint == "syntax") {
        problems.retain(|problem| problem.lint == "syntax");
    }
    if problems.iter().all(|problem| problem.level == Level::Warning) {
        return Ok(Accepted { catalog: Catalog::new(model, sources), warnings: problems });
    }
    let mut variants: Vec<_> =
        model.cases.iter().map(|case| case.name.clone()).filter(|name| is_variant_name(name)).collect();
    variants.sort();
    variants.dedup();
    let ids = model
        .policies
        .iter()
        .map(|(id, _)| id.value.clone())
        .chain(model.broken.policies.iter().map(|id| id.value.clone()));
    let mut policies: Vec<_> = ids.filter(|id| is_id(id)).collect();
    policies.sort();
    policies.dedup();
    Err(Box::new(Rejected { sources, problems, variants, policies }))
}

/// Adds files to the model.
struct Loader<'a> {
    sources: &'a mut Sources,
    model: &'a mut Model,
    problems: &'a Problems,
}

impl Loader<'_> {
    /// Reads a file into the model. Returns the names of the included files.
    fn add(&mut self, name: &str, bytes: &[u8]) -> Vec<Located<String>> {
        let file = self.sources.iter().count();
        let mut problem = self.sources.add(name, bytes);
        let Some(source) = self.sources.get(file) else { return Vec::new() };
        if problem.is_none() && source.text().trim().is_empty() {
            let help = "a minimal catalog has `schema = 1`, a `[catalog]` with an `id`, and one `[case.ID]`";
            problem = Some(Problem::error("empty-file", Location::new(file, 0..0), "the file is empty").help(help));
        }
        if let Some(problem) = problem {
            self.model.broken.file = true;
            self.problems.add(problem);
            return Vec::new();
        }
        read_entries(file, source.name(), parse(file, source, self.problems), self.model, self.problems)
    }
}

/// Returns the display path of an included file: relative to the directory of `root`, without `.` and redundant `..`.
fn resolve_path(root: &str, file: &str) -> String {
    let mut steps: Vec<&str> =
        root.rsplit_once('/').map_or(Vec::new(), |(directory, _)| directory.split('/').collect());
    for step in file.split('/').filter(|step| !step.is_empty() && *step != ".") {
        match step {
            ".." if steps.last().is_some_and(|last| *last != "..") => drop(steps.pop()),
            step => steps.push(step),
        }
    }
    steps.join("/")
}

/// Reads and checks the catalog in a file; `name` is its display name.
///
/// # Errors
///
/// Returns the outer error if the file cannot be read, and the inner error if the catalog is invalid.
pub fn check_file(path: &Path, name: &str) -> io::Result<Result<Accepted, Box<Rejected>>> {
    let bytes = std::fs::read(path)?;
    let directory = path.parent().unwrap_or(Path::new(""));
    Ok(check(name, &bytes, &mut |file| std::fs::read(directory.join(file))))
}

/// Checks a catalog in memory; `files` contains display names and texts, the root first.
///
/// # Errors
///
/// Fails if the catalog is invalid. Without files it is empty, and invalid.
pub fn check_texts<S: AsRef<str>>(files: &[(S, S)]) -> Result<Accepted, Box<Rejected>> {
    let (name, text) = root_file(files);
    check(name, text.as_bytes(), &mut |file| find_include(files, name, file))
}

/// Loads a catalog in memory without lints, for files that have been checked before.
pub(crate) fn load_texts<S: AsRef<str>>(files: &[(S, S)]) -> Result<Accepted, Box<Rejected>> {
    let (name, text) = root_file(files);
    let problems = Problems::default();
    let (sources, model) = load_files(name, text.as_bytes(), &mut |file| find_include(files, name, file), &problems);
    accept_or_reject(sources, model, problems)
}

fn root_file<S: AsRef<str>>(files: &[(S, S)]) -> (&str, &str) {
    files.first().map_or(("", ""), |(name, text)| (name.as_ref(), text.as_ref()))
}

/// Returns the text of the file that `root` includes as `file`.
fn find_include<S: AsRef<str>>(files: &[(S, S)], root: &str, file: &str) -> io::Result<Vec<u8>> {
    let display_path = resolve_path(root, file);
    let found = files.iter().find(|(name, _)| name.as_ref() == display_path);
    found.map(|(_, text)| text.as_ref().as_bytes().to_vec()).ok_or_else(|| io::ErrorKind::NotFound.into())
}
