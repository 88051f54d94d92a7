//! Where the file of a catalog is: beside the manifest of the crate that names it, or beside the Rust file that does.

use std::env;
use std::path::{Component, Path, PathBuf};

use syn::LitStr;

/// A catalog's file.
pub(crate) struct Located {
    /// The file.
    pub(crate) path: PathBuf,
    /// The file as it was named: how it is shown.
    pub(crate) shown: String,
    /// The folder that the names of its files are seen from.
    folder: PathBuf,
    manifest: PathBuf,
}

impl Located {
    /// A file of the catalog, relative to the crate's manifest: `shown` is how it is shown.
    pub(crate) fn tracked(&self, shown: &str) -> String {
        relative(&plain(&self.folder.join(shown)), &self.manifest)
    }
}

/// Finds the file that a literal names, or tells where it was looked for.
pub(crate) fn locate(literal: &LitStr) -> Result<Located, String> {
    let shown = literal.value();
    if shown.is_empty() {
        return Err("the path of the catalog is empty".to_owned());
    }
    let manifest = plain(&env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from).unwrap_or_default());
    // The Rust file is known relative to the directory that rustc runs in; some editors do not tell it at all.
    let rust = literal.span().unwrap().local_file();
    let beside = rust.and_then(|file| Some(env::current_dir().ok()?.join(file.parent()?)));
    let mut tried = String::new();
    for (place, folder) in
        [("beside the manifest of this crate", Some(manifest.clone())), ("beside the Rust file that names it", beside)]
    {
        let path = folder.map(|folder| (plain(&folder.join(&shown)), folder));
        match path {
            Some((path, folder)) if path.is_file() => return Ok(Located { path, shown, folder, manifest }),
            Some((path, _)) if path.is_dir() => tried.push_str(&format!("\n  {place}: it is a directory")),
            Some(_) => tried.push_str(&format!("\n  {place}: no such file")),
            None => tried.push_str(&format!("\n  {place}: which file that is, is not known here")),
        }
    }
    Err(format!("the catalog `{shown}` was not found{tried}"))
}

/// The path without `.` and, where that is plain, without `..`.
fn plain(path: &Path) -> PathBuf {
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

/// The path as seen from a folder, with forward slashes; both are plain.
fn relative(path: &Path, from: &Path) -> String {
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
    fn paths_are_relative_to_the_manifest() {
        let from = Path::new("/a/b");
        assert_eq!(relative(&plain(Path::new("/a/b/./c.toml")), from), "c.toml");
        assert_eq!(relative(&plain(Path::new("/a/b/../d/c.toml")), from), "../d/c.toml");
        assert_eq!(relative(Path::new("x/c.toml"), from), "x/c.toml");
    }
}
