//! Where the file of a catalog is: beside the manifest of the crate that names it, or beside the Rust file that does.

use std::env;
use std::path::{Component, Path, PathBuf};

use syn::LitStr;

/// A catalog's file.
pub(crate) struct Located {
    /// The file.
    pub(crate) path: PathBuf,
    /// The file, relative to the crate's manifest: how it is shown and tracked.
    pub(crate) shown: String,
}

/// Finds the file that a literal names, or tells where it was looked for.
pub(crate) fn locate(literal: &LitStr) -> Result<Located, String> {
    let named = literal.value();
    if named.is_empty() {
        return Err("the path of the catalog is empty".to_owned());
    }
    let manifest = env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from).unwrap_or_default();
    // The file of the literal is known relative to the directory that rustc runs in, or not at all.
    let beside =
        literal.span().unwrap().local_file().and_then(|file| Some(env::current_dir().ok()?.join(file.parent()?)));
    let tried: Vec<_> =
        [Some(manifest.clone()), beside].into_iter().flatten().map(|folder| plain(&folder.join(&named))).collect();
    for path in &tried {
        if path.is_file() {
            return Ok(Located { path: path.clone(), shown: relative(path, &plain(&manifest)) });
        }
    }
    let what = |path: &PathBuf| {
        let kind = if path.is_dir() { "a directory" } else { "no such file" };
        format!("  `{}`: {kind}", relative(path, &plain(&manifest)))
    };
    let mut places: Vec<_> = tried.iter().map(what).collect();
    places.dedup();
    Err(format!("the catalog `{named}` was not found; tried, relative to the crate's manifest:\n{}", places.join("\n")))
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
    fn paths_are_seen_from_the_manifest() {
        let from = Path::new("/a/b");
        assert_eq!(relative(&plain(Path::new("/a/b/./c.toml")), from), "c.toml");
        assert_eq!(relative(&plain(Path::new("/a/b/../d/c.toml")), from), "../d/c.toml");
        assert_eq!(relative(Path::new("x/c.toml"), from), "x/c.toml");
    }
}
