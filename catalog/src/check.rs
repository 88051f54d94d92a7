//! The door: files in, a valid catalog or all its problems out.

use std::io;
use std::path::Path;

use crate::keys::At;
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
    /// The ids of the policies that could be read, for the same reason.
    pub policies: Vec<String>,
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
    let (sources, model) = read_all(name, bytes, include, &problems);
    validate::validate(&model, &problems);
    if problems.has_none() {
        validate::validate_whole(&model, &problems);
    }
    judge(sources, model, problems)
}

/// A catalog's files, read into their model, which is ready to be looked things up in.
fn read_all(
    name: &str,
    bytes: &[u8],
    include: &mut dyn FnMut(&str) -> io::Result<Vec<u8>>,
    problems: &Problems,
) -> (Sources, Model) {
    let mut sources = Sources::default();
    let mut model = Model::default();
    let mut files = Files { sources: &mut sources, model: &mut model, problems };
    let included = files.add(name, bytes);
    let mut seen = vec![beside(name, name.rsplit('/').next().unwrap_or(name))];
    for file in included {
        let shown = beside(name, &file);
        let told = if file.starts_with('/') || file.contains('\\') || file.contains(':') {
            Some(format!("not a relative path with forward slashes: `{}`", file.value))
        } else if seen.contains(&shown) {
            Some(format!("`{}` is included twice", file.value))
        } else {
            match include(&file) {
                Ok(bytes) => {
                    files.add(&shown, &bytes);
                    None
                }
                Err(error) => {
                    files.model.broken.file = true;
                    Some(format!("`{}` cannot be read: {error}", file.value))
                }
            }
        };
        if let Some(message) = told {
            problems.add(Problem::error("include", file.at, message));
        }
        seen.push(shown);
    }
    model.index();
    (sources, model)
}

/// Whether what was found keeps the catalog from being used.
fn judge(sources: Sources, model: Model, problems: Problems) -> Result<Accepted, Box<Rejected>> {
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
    let ids = model
        .policies
        .iter()
        .map(|(id, _)| id.value.clone())
        .chain(model.broken.policies.iter().map(|id| id.value.clone()));
    let mut policies: Vec<_> = ids.filter(|id| validate::well_formed(id)).collect();
    policies.sort();
    policies.dedup();
    Err(Box::new(Rejected { sources, problems, variants, policies }))
}

/// The files so far, and what they say.
struct Files<'a> {
    sources: &'a mut Sources,
    model: &'a mut Model,
    problems: &'a Problems,
}

impl Files<'_> {
    /// Reads one file into the model and returns what it includes.
    fn add(&mut self, name: &str, bytes: &[u8]) -> Vec<At<String>> {
        let file = self.sources.iter().count();
        let mut told = self.sources.add(name, bytes);
        let Some(source) = self.sources.get(file) else { return Vec::new() };
        if told.is_none() && source.text().trim().is_empty() {
            let help = "the least catalog has `schema = 1`, a `[catalog]` with an `id`, and one `[case.ID]`";
            told = Some(Problem::error("empty-file", Place::new(file, 0..0), "the file is empty").help(help));
        }
        if let Some(problem) = told {
            self.model.broken.file = true;
            self.problems.add(problem);
            return Vec::new();
        }
        read(file, source.name(), parse(file, source, self.problems), self.model, self.problems)
    }
}

/// The name of an included file, as it is shown: beside the root, without steps that lead nowhere.
fn beside(root: &str, file: &str) -> String {
    let mut steps: Vec<&str> = root.rsplit_once('/').map_or(Vec::new(), |(folder, _)| folder.split('/').collect());
    for step in file.split('/').filter(|step| !step.is_empty() && *step != ".") {
        match step {
            ".." if steps.last().is_some_and(|last| *last != "..") => drop(steps.pop()),
            step => steps.push(step),
        }
    }
    steps.join("/")
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

/// Checks a catalog whose files are at hand: names, as they are shown, and texts, the root first.
///
/// # Errors
///
/// It is no valid catalog; without a file it is an empty one.
pub fn check_texts<S: AsRef<str>>(files: &[(S, S)]) -> Result<Accepted, Box<Rejected>> {
    let (name, text) = root(files);
    check(name, text.as_bytes(), &mut |file| find(files, name, file))
}

/// The same without the rules, for files that have passed them before.
pub(crate) fn read_texts<S: AsRef<str>>(files: &[(S, S)]) -> Result<Accepted, Box<Rejected>> {
    let (name, text) = root(files);
    let problems = Problems::default();
    let (sources, model) = read_all(name, text.as_bytes(), &mut |file| find(files, name, file), &problems);
    judge(sources, model, problems)
}

fn root<S: AsRef<str>>(files: &[(S, S)]) -> (&str, &str) {
    files.first().map_or(("", ""), |(name, text)| (name.as_ref(), text.as_ref()))
}

/// The file that the root includes under this name.
fn find<S: AsRef<str>>(files: &[(S, S)], root: &str, file: &str) -> io::Result<Vec<u8>> {
    let shown = beside(root, file);
    let found = files.iter().find(|(name, _)| name.as_ref() == shown);
    found.map(|(_, text)| text.as_ref().as_bytes().to_vec()).ok_or_else(|| io::ErrorKind::NotFound.into())
}
