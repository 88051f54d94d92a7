//! `doc`: the reference, written into a directory or compared with what is there; or one artefact on stdout.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use similar::TextDiff;
use waves_errors_catalog::render::{html, json, llms, markdown};
use waves_errors_catalog::{Catalog, nearest};

use crate::{End, Trouble, remark};

/// What to write.
#[derive(Args)]
#[command(after_help = "\
Examples:
  waves-errors doc                                   the catalog's first page, in Markdown, on stdout
  waves-errors doc --out docs --flavor gfm           every page, the catalog in JSON and llms.txt, as files
  waves-errors doc --only html > errors.html         the first page for browsers
  waves-errors doc --out docs --flavor gfm --check   compares instead, and prints what differs

Exit code: 0 done, or nothing differs; 1 something differs, or a file lies there that nothing writes; 2 not done.")]
pub(crate) struct Doc {
    /// The directory to write into; it holds nothing else
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Which artefacts
    #[arg(long, value_enum, value_delimiter = ',', value_name = "KINDS")]
    only: Vec<Kind>,
    /// The layout of Markdown
    #[arg(long, value_enum, default_value_t = Flavor::Export)]
    flavor: Flavor,
    /// Compares what is in the directory, writes nothing
    #[arg(long, requires = "out")]
    check: bool,
    /// The page to print: the name of its file, without ending
    #[arg(long, value_name = "NAME", conflicts_with = "out")]
    page: Option<String>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Kind {
    Markdown,
    /// Each page as one file that works from anywhere
    Html,
    Json,
    /// An index of the pages and the cases, for programs that read Markdown
    Llms,
}

#[derive(Clone, Copy, ValueEnum)]
enum Flavor {
    /// As the documentation site exports it
    Export,
    /// As documentation generators take it
    Mdx,
    /// For GitHub and mdBook
    Gfm,
}

impl Doc {
    pub(crate) fn run(&self, catalog: &Catalog, out: &mut impl Write) -> Result<End, Trouble> {
        match &self.out {
            None => self.print(catalog, out),
            Some(folder) if self.check => self.compare(catalog, folder, out),
            Some(folder) => self.write(catalog, folder),
        }
    }

    fn wants(&self, kind: Kind) -> bool {
        self.only.is_empty() || self.only.contains(&kind)
    }

    fn flavor(&self) -> markdown::Flavor {
        match self.flavor {
            Flavor::Export => markdown::Flavor::Export,
            Flavor::Mdx => markdown::Flavor::Mdx,
            Flavor::Gfm => markdown::Flavor::Gfm,
        }
    }

    /// One artefact on stdout, as it would be in its file.
    fn print(&self, catalog: &Catalog, out: &mut impl Write) -> Result<End, Trouble> {
        let whole = match self.only.as_slice() {
            [Kind::Json] => Some(("the JSON", json::catalog_text(catalog))),
            [Kind::Llms] => Some(("the index", llms::index(catalog))),
            _ => None,
        };
        if let Some((what, text)) = whole {
            if self.page.is_some() {
                return Err(Trouble(format!(
                    "{what} is of the whole catalog; --page names a page in Markdown or HTML"
                )));
            }
            write!(out, "{text}")?;
            return Ok(End::Yes);
        }
        if self.only.len() > 1 {
            return Err(Trouble("one artefact goes to stdout; name a directory with --out for more".into()));
        }
        let page = match &self.page {
            None => catalog.pages.first().ok_or("the catalog has no page: add a `[page]` with a `title`".to_owned()),
            Some(name) => catalog.pages.iter().find(|page| page.name == *name).ok_or_else(|| {
                let names: Vec<_> = catalog.pages.iter().map(|page| page.name.as_str()).collect();
                let near = nearest(name, &names).map(|near| format!("; did you mean `{near}`?"));
                format!("the catalog has no page `{name}`{}", near.unwrap_or_default())
            }),
        };
        let page = page.map_err(Trouble)?;
        let text = match self.only.as_slice() {
            [Kind::Html] => {
                let site = html::Site::new(catalog).map_err(unmade)?;
                let cases = site.cases(page).len();
                if cases > 0 {
                    remark(&format!(
                        "an index of {cases} cases, which have files of their own beside it: --out writes them"
                    ));
                }
                site.page(page).map_err(unmade)?
            }
            _ => markdown::page(catalog, page, self.flavor()),
        };
        // Not `writeln`: the documented page ends without a line feed.
        write!(out, "{text}")?;
        Ok(End::Yes)
    }

    /// Gives the name and the contents of each file. One at a time: of a large catalog all together are large.
    fn artefacts(
        &self,
        catalog: &Catalog,
        each: &mut dyn FnMut(&str, &str) -> Result<(), Trouble>,
    ) -> Result<(), Trouble> {
        if self.wants(Kind::Markdown) {
            for page in &catalog.pages {
                each(&format!("{}.md", page.name), &markdown::page(catalog, page, self.flavor()))?;
            }
        }
        if self.wants(Kind::Html) {
            let site = html::Site::new(catalog).map_err(unmade)?;
            for page in &catalog.pages {
                each(&format!("{}.html", page.name), &site.page(page).map_err(unmade)?)?;
                for case in site.cases(page) {
                    each(&html::Site::case_path(page, case), &site.case(page, case).map_err(unmade)?)?;
                }
            }
        }
        if self.wants(Kind::Json) {
            each(&format!("{}.json", catalog.id.value), &json::catalog_text(catalog))?;
        }
        if self.wants(Kind::Llms) {
            each("llms.txt", &llms::index(catalog))?;
        }
        Ok(())
    }

    /// Each file is written beside its place and moved there, so that none is ever half-written.
    fn write(&self, catalog: &Catalog, folder: &Path) -> Result<End, Trouble> {
        fs::create_dir_all(folder).map_err(at(folder))?;
        let mut count = 0;
        self.artefacts(catalog, &mut |name, contents| {
            let path = folder.join(name);
            let within = path.parent().unwrap_or(folder);
            fs::create_dir_all(within).map_err(at(within))?;
            let mut beside = path.clone().into_os_string();
            beside.push(".new");
            let written = fs::write(&beside, contents).and_then(|()| fs::rename(&beside, &path));
            if written.is_err() {
                // Whatever was written of it is of no use; that it cannot be removed either changes nothing.
                let _ = fs::remove_file(&beside);
            }
            count += 1;
            written.map_err(at(&path))
        })?;
        remark(&format!("{count} files in {}", folder.display()));
        Ok(End::Yes)
    }

    /// Prints a diff for each file that differs or is missing, and a line for each that nothing writes.
    fn compare(&self, catalog: &Catalog, folder: &Path, out: &mut impl Write) -> Result<End, Trouble> {
        let (mut same, mut known) = (true, BTreeSet::new());
        let mut folders = BTreeSet::from([folder.to_owned()]);
        self.artefacts(catalog, &mut |name, new| {
            let path = folder.join(name);
            let old = match fs::read(&path) {
                Ok(bytes) => bytes,
                Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
                Err(error) => return Err(at(&path)(error)),
            };
            if old != new.as_bytes() {
                same = false;
                let old = String::from_utf8_lossy(&old);
                let diff = TextDiff::from_lines(old.as_ref(), new);
                write!(out, "{}", diff.unified_diff().header(&path.display().to_string(), "the catalog"))?;
            }
            folders.extend(path.parent().map(Path::to_owned));
            known.insert(path);
            Ok(())
        })?;
        for within in &folders {
            let entries = match fs::read_dir(within) {
                Ok(entries) => Some(entries),
                Err(error) if error.kind() == io::ErrorKind::NotFound => None,
                Err(error) => return Err(at(within)(error)),
            };
            let paths = entries.into_iter().flatten().map(|entry| entry.map(|entry| entry.path()));
            let mut paths = paths.collect::<Result<Vec<_>, _>>().map_err(at(within))?;
            paths.sort();
            for path in paths.iter().filter(|path| !known.contains(*path) && !folders.contains(*path)) {
                same = false;
                writeln!(out, "{}: nothing writes this file", path.display())?;
            }
        }
        if !same {
            remark("the reference differs from its catalog; run again without --check to update");
        }
        Ok(End::from(same))
    }
}

/// A page that could not be made.
#[expect(clippy::needless_pass_by_value, reason = "for `map_err`")]
fn unmade(error: html::Error) -> Trouble {
    Trouble(format!("the HTML cannot be made: {error}"))
}

fn at(path: &Path) -> impl FnOnce(io::Error) -> Trouble {
    let path = path.display().to_string();
    move |error| Trouble(format!("`{path}`: {error}"))
}
