//! Locates the file of a catalog: relative to the manifest of the crate, or to the Rust file that names it.

use std::env;
use std::path::{Component, Path, PathBuf};

use syn::LitStr;

/// The root file of a catalog.
pub(crate) struct CatalogFile {
    /// The path of the file.
    pub(crate) path: PathBuf,
    /// The path as written in the macro's input.
    pub(crate) display_path: String,
    /// The directory to which the display paths are relative.
    directory: PathBuf,
    manifest_dir: PathBuf,
}

impl CatalogFile {
    /// Returns the path of one of the catalog's files relative to the crate's manifest.
    pub(crate) fn path_from_manifest(&self, display_path: &str) -> String {
        relative_path(&normalize(&self.directory.join(display_path)), &self.manifest_dir)
    }
}

/// Returns the file that a literal names, or an error message with the searched paths.
pub(crate) fn locate(literal: &LitStr) -> Result<CatalogFile, String> {
    let display_path = literal.value();
    if display_path.is_empty() {
        return Err("the path of the catalog is empty".to_owned());
    }
    let manifest_dir = normalize(&env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from).unwrap_or_default());
    // The path of the Rust file is relative to rustc's working directory; in some editors it is unknown.
    let rust_file = literal.span().unwrap().local_file();
    let rust_directory = rust_file.and_then(|file| Some(env::current_dir().ok()?.join(file.parent()?)));
    let mut attempts = String::new();
    for (location, directory) in
        [("relative to `Cargo.toml`", Some(manifest_dir.clone())), ("relative to this file", rust_directory)]
    {
        let path = directory.map(|directory| (normalize(&directory.join(&display_path)), directory));
        match path {
            Some((path, directory)) if path.is_file() => {
                return Ok(CatalogFile { path, display_path, directory, manifest_dir });
            }
            Some((path, _)) if path.is_dir() => attempts.push_str(&format!("\n  {location}: a directory")),
            Some(_) => attempts.push_str(&format!("\n  {location}: no such file")),
            None => attempts.push_str(&format!("\n  {location}: the compiler does not provide its path")),
        }
    }
    Err(format!("cannot read the catalog `{display_path}`{attempts}"))
}

/// Returns the path without `.` and, if possible, without `..`.
fn normalize(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir if matches!(out.components().next_back(), Some(Component::Normal(_))) => {
                out.pop();
            }
            part => out.push(part),
        }
    }
    out
}

/// Returns the path relative to a directory, with forward slashes; both must be normalized.
fn relative_path(path: &Path, from: &Path) -> String {
    let shared = path.components().zip(from.components()).take_while(|(a, b)| a == b).count();
    if shared == 0 {
        return path.to_string_lossy().replace('\\', "/");
    }
    let up = from.components().skip(shared).map(|_| "..".into());
    let down = path.components().skip(shared).map(|part| part.as_os_str().to_string_lossy());
    up.chain(down).collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_relative_to_manifest() {
        let from = Path::new("/a/b");
        assert_eq!(relative_path(&normalize(Path::new("/a/b/./c.toml")), from), "c.toml");
        assert_eq!(relative_path(&normalize(Path::new("/a/b/../d/c.toml")), from), "../d/c.toml");
        assert_eq!(relative_path(Path::new("x/c.toml"), from), "x/c.toml");
    }
}
