//! `doc`: writes the reference into a directory or compares it with the files there, or prints one file.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use similar::TextDiff;
use waves_errors_catalog::render::{html, json, llms, markdown};
use waves_errors_catalog::{Catalog, nearest};

use crate::outcome::{CliError, Outcome};
use crate::output::print_note;

/// The arguments of `doc`.
#[derive(Args)]
#[command(after_help = "\
Examples:
  waves-errors doc                                   the first page in Markdown
  waves-errors doc --out docs --flavor gfm           all pages, the catalog in JSON, llms.txt
  waves-errors doc --only html > errors.html         the first page in HTML
  waves-errors doc --out docs --flavor gfm --check   compare the files

Exit code: 0 for success; 1 with --check if a file differs, is missing, or is not generated from the catalog; 2 for invalid usage, an \
invalid catalog, or a file that cannot be read or written.")]
pub(crate) struct Doc {
    /// The output directory
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// The kinds of files, separated by commas; default: all kinds with --out, otherwise `markdown`. Without --out, only one kind is allowed
    #[arg(long, value_enum, value_delimiter = ',', value_name = "KINDS")]
    only: Vec<Kind>,
    /// The Markdown flavor
    #[arg(long, value_enum, default_value_t = Flavor::Export)]
    flavor: Flavor,
    /// Compare the output directory with the catalog without writing: report files that differ, are missing, or do not come from the catalog
    #[arg(long, requires = "out")]
    check: bool,
    /// The page to print: its file name without extension
    #[arg(long, value_name = "NAME", conflicts_with = "out")]
    page: Option<String>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Kind {
    /// The pages
    Markdown,
    /// The pages, each as one self-contained file
    Html,
    /// The catalog
    Json,
    /// `llms.txt`, an index for language models
    Llms,
}

#[derive(Clone, Copy, ValueEnum)]
enum Flavor {
    /// As docs.smallest.ai exports pages
    Export,
    /// For documentation generators that use MDX
    Mdx,
    /// For GitHub and mdBook
    Gfm,
}

impl Doc {
    pub(crate) fn run(&self, catalog: &Catalog, out: &mut impl Write) -> Result<Outcome, CliError> {
        match &self.out {
            None => self.print(catalog, out),
            Some(directory) if self.check => self.compare(catalog, directory, out),
            Some(directory) => self.write(catalog, directory),
        }
    }

    fn includes(&self, kind: Kind) -> bool {
        self.only.is_empty() || self.only.contains(&kind)
    }

    fn flavor(&self) -> markdown::Flavor {
        match self.flavor {
            Flavor::Export => markdown::Flavor::Export,
            Flavor::Mdx => markdown::Flavor::Mdx,
            Flavor::Gfm => markdown::Flavor::Gfm,
        }
    }

    /// Prints one artifact, as it would be in its file.
    fn print(&self, catalog: &Catalog, out: &mut impl Write) -> Result<Outcome, CliError> {
        let artifact = match self.only.as_slice() {
            [Kind::Json] => Some(("the JSON", json::catalog_text(catalog))),
            [Kind::Llms] => Some(("the index", llms::index(catalog))),
            _ => None,
        };
        if let Some((label, text)) = artifact {
            if self.page.is_some() {
                return Err(CliError(format!("{label} covers the whole catalog; use --page with Markdown or HTML")));
            }
            write!(out, "{text}")?;
            return Ok(Outcome::Success);
        }
        if self.only.len() > 1 {
            return Err(CliError("only one kind can be printed; write several to a directory with --out".into()));
        }
        let page = match &self.page {
            None => catalog.pages.first().ok_or("no page in the catalog; add a `[page]` with a `title`".to_owned()),
            Some(name) => catalog.pages.iter().find(|page| page.name == *name).ok_or_else(|| {
                let names: Vec<_> = catalog.pages.iter().map(|page| page.name.as_str()).collect();
                let suggestion = nearest(name, &names).map(|near| format!("; did you mean `{near}`?"));
                format!("unknown page `{name}`{}", suggestion.unwrap_or_default())
            }),
        };
        let page = page.map_err(CliError)?;
        let text = match self.only.as_slice() {
            [Kind::Html] => {
                let site = html::Site::new(catalog).map_err(html_error)?;
                let cases = site.cases(page).len();
                if cases > 0 {
                    print_note(&format!(
                        "this page is an index of {cases} cases in separate files; write them with --out"
                    ));
                }
                site.page(page).map_err(html_error)?
            }
            _ => markdown::page(catalog, page, self.flavor()),
        };
        // Not `writeln`: the published page ends without a line feed.
        write!(out, "{text}")?;
        Ok(Outcome::Success)
    }

    /// Calls `write_file` with the name and the contents of each artifact, one at a time to limit memory.
    fn for_each_artifact(
        &self,
        catalog: &Catalog,
        write_file: &mut dyn FnMut(&str, &str) -> Result<(), CliError>,
    ) -> Result<(), CliError> {
        if self.includes(Kind::Markdown) {
            for page in &catalog.pages {
                write_file(&format!("{}.md", page.name), &markdown::page(catalog, page, self.flavor()))?;
            }
        }
        if self.includes(Kind::Html) {
            let site = html::Site::new(catalog).map_err(html_error)?;
            for page in &catalog.pages {
                write_file(&format!("{}.html", page.name), &site.page(page).map_err(html_error)?)?;
                for case in site.cases(page) {
                    write_file(&html::Site::case_path(page, case), &site.case(page, case).map_err(html_error)?)?;
                }
            }
        }
        if self.includes(Kind::Json) {
            write_file(&format!("{}.json", catalog.id.value), &json::catalog_text(catalog))?;
        }
        if self.includes(Kind::Llms) {
            write_file("llms.txt", &llms::index(catalog))?;
        }
        Ok(())
    }

    /// Writes each file under a temporary name and renames it, so that no file is ever incomplete.
    fn write(&self, catalog: &Catalog, directory: &Path) -> Result<Outcome, CliError> {
        fs::create_dir_all(directory).map_err(path_error(directory))?;
        let mut count = 0;
        self.for_each_artifact(catalog, &mut |name, contents| {
            let path = directory.join(name);
            let parent = path.parent().unwrap_or(directory);
            fs::create_dir_all(parent).map_err(path_error(parent))?;
            let mut temporary = path.clone().into_os_string();
            temporary.push(".new");
            let written = fs::write(&temporary, contents).and_then(|()| fs::rename(&temporary, &path));
            if written.is_err() {
                // The write error is reported; an error while removing the incomplete file is ignored.
                let _ = fs::remove_file(&temporary);
            }
            count += 1;
            written.map_err(path_error(&path))
        })?;
        print_note(&format!("{count} files in {}", directory.display()));
        Ok(Outcome::Success)
    }

    /// Prints a diff for each file that differs or is missing, and a line for each file that is not generated.
    fn compare(&self, catalog: &Catalog, directory: &Path, out: &mut impl Write) -> Result<Outcome, CliError> {
        let (mut is_current, mut expected) = (true, BTreeSet::new());
        let mut directories = BTreeSet::from([directory.to_owned()]);
        self.for_each_artifact(catalog, &mut |name, new| {
            let path = directory.join(name);
            let old = match fs::read(&path) {
                Ok(bytes) => bytes,
                Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
                Err(error) => return Err(path_error(&path)(error)),
            };
            if old != new.as_bytes() {
                is_current = false;
                let old = String::from_utf8_lossy(&old);
                let diff = TextDiff::from_lines(old.as_ref(), new);
                write!(out, "{}", diff.unified_diff().header(&path.display().to_string(), "the catalog"))?;
            }
            directories.extend(path.parent().map(Path::to_owned));
            expected.insert(path);
            Ok(())
        })?;
        for parent in &directories {
            let entries = match fs::read_dir(parent) {
                Ok(entries) => Some(entries),
                Err(error) if error.kind() == io::ErrorKind::NotFound => None,
                Err(error) => return Err(path_error(parent)(error)),
            };
            let paths = entries.into_iter().flatten().map(|entry| entry.map(|entry| entry.path()));
            let mut paths = paths.collect::<Result<Vec<_>, _>>().map_err(path_error(parent))?;
            paths.sort();
            for path in paths.iter().filter(|path| !expected.contains(*path) && !directories.contains(*path)) {
                is_current = false;
                writeln!(out, "{}: not generated from this catalog", path.display())?;
            }
        }
        if !is_current {
            print_note("the files differ from the catalog; run again without --check to update them");
        }
        Ok(Outcome::from(is_current))
    }
}

/// Returns the error for a page that could not be rendered.
#[expect(clippy::needless_pass_by_value, reason = "for `map_err`")]
fn html_error(error: html::Error) -> CliError {
    CliError(format!("cannot render HTML: {error}"))
}

fn path_error(path: &Path) -> impl FnOnce(io::Error) -> CliError {
    let path = path.display().to_string();
    move |error| CliError(format!("`{path}`: {error}"))
}
