//! Imports between files have one direction: `data/layers.txt` lists the files of each package from low to high.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use crate::cargo::root;

/// A package: its folder, and its files with the number of their layer.
struct Package {
    folder: String,
    layers: BTreeMap<String, usize>,
}

/// Reads the packages: a line without indentation is a folder, an indented line is a layer.
fn packages() -> Vec<Package> {
    let text = fs::read_to_string(crate::data::path("data/layers.txt")).unwrap();
    let mut packages: Vec<Package> = Vec::new();
    for (number, line) in text.lines().enumerate().filter(|(_, line)| !line.is_empty() && !line.starts_with('#')) {
        match line.strip_prefix("  ") {
            None => packages.push(Package { folder: line.to_owned(), layers: BTreeMap::new() }),
            Some(files) => {
                let package = packages.last_mut().expect("a folder before the first layer");
                for file in files.split_whitespace() {
                    assert_eq!(package.layers.insert(file.to_owned(), number), None, "{file} is listed twice");
                }
            }
        }
    }
    packages
}

/// Returns the modules in a folder: their paths, such as `read::case`, and their sources without comments and tests. The root module has
/// an empty path.
fn modules(folder: &Path) -> BTreeMap<String, String> {
    let mut modules = BTreeMap::new();
    let mut folders = vec![(folder.to_owned(), String::new())];
    while let Some((folder, prefix)) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_stem().unwrap().to_str().unwrap();
            let module = match name {
                "lib" | "main" | "mod" => prefix.trim_end_matches("::").to_owned(),
                name => format!("{prefix}{name}"),
            };
            if path.is_dir() {
                folders.push((path, format!("{module}::")));
            } else if name != "generated" && path.extension().is_some_and(|extension| extension == "rs") {
                // `waves.rs` includes the generated file: it is not a module.
                modules.insert(module, code(&fs::read_to_string(path).unwrap()));
            }
        }
    }
    modules
}

/// Returns the code of a file without its comments and its module of tests.
fn code(source: &str) -> String {
    let is_tests = |line: &str| line.starts_with("#[cfg(test)]") || line.starts_with("#[cfg(all(test");
    let lines = source.lines().take_while(|line| !is_tests(line));
    lines.map(|line| line.split("//").next().unwrap_or_default()).collect::<Vec<_>>().join("\n")
}

/// Returns the paths that the code of a module refers to: those of its `use` declarations, and those that begin with `crate`, `self` or
/// `super` elsewhere.
fn paths(code: &str) -> Vec<String> {
    let mut paths = Vec::new();
    for statement in code.split(';') {
        let declaration = statement.rsplit_once("use ").map(|(before, tree)| (before.trim_end(), tree));
        match declaration {
            Some((before, tree))
                if before.is_empty() || before.ends_with(['\n', ']', '}', ')']) || before.ends_with("pub") =>
            {
                expand(tree.trim(), "", &mut paths);
            }
            _ => {}
        }
        for start in ["crate::", "super::"] {
            for (at, _) in statement.match_indices(start) {
                let is_path = |c: char| c.is_alphanumeric() || c == '_' || c == ':';
                let path: String = statement[at..].chars().take_while(|&c| is_path(c)).collect();
                let is_macro = statement[at + path.len()..].starts_with('!');
                let is_inside = statement[..at].ends_with(|c: char| c.is_alphanumeric() || "_$:".contains(c));
                if !is_macro && !is_inside && path.len() > start.len() {
                    paths.push(path.trim_end_matches(':').to_owned());
                }
            }
        }
    }
    paths
}

/// Expands a tree of imports: `a::{b, c::d}` is `a::b` and `a::c::d`.
fn expand(tree: &str, prefix: &str, paths: &mut Vec<String>) {
    let (head, group) = match tree.split_once('{') {
        Some((head, group)) => (head, Some(group.trim_end().trim_end_matches('}'))),
        None => (tree, None),
    };
    let Some(group) = group else {
        paths.push(format!("{prefix}{}", head.split(" as ").next().unwrap_or_default().trim()));
        return;
    };
    let (mut depth, mut start) = (0, 0);
    for (at, c) in group.char_indices().chain([(group.len(), ',')]) {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                let item = group[start..at].trim();
                if !item.is_empty() {
                    expand(item, &format!("{prefix}{}", head.trim()), paths);
                }
                start = at + 1;
            }
            _ => {}
        }
    }
}

/// Returns the module that contains the item of a path in `module`, if it is a module of this package.
fn resolve(path: &str, module: &str, modules: &BTreeMap<String, String>) -> Option<String> {
    let mut segments: Vec<&str> = path.split("::").collect();
    let mut base: Vec<&str> = module.split("::").filter(|segment| !segment.is_empty()).collect();
    match segments[0] {
        "crate" => base.clear(),
        "self" => {}
        "super" => drop(base.pop()),
        // A child module, or another crate.
        child => {
            let child = base.iter().copied().chain([child]).collect::<Vec<_>>().join("::");
            if !modules.contains_key(&child) {
                return None;
            }
            segments.insert(0, "self");
        }
    }
    for segment in &segments[1..] {
        if *segment == "super" {
            base.pop();
        } else {
            base.push(segment);
        }
    }
    // The longest prefix that is a module: the rest names an item in it.
    (0..=base.len()).rev().map(|length| base[..length].join("::")).find(|path| modules.contains_key(path))
}

/// Returns the imports between the files of a package.
fn imports(folder: &Path) -> BTreeSet<(String, String)> {
    let modules = modules(folder);
    assert!(modules.len() > 5, "{} has few files", folder.display());
    let mut imports = BTreeSet::new();
    for (module, code) in &modules {
        let targets = paths(code).into_iter().filter_map(|path| resolve(&path, module, &modules));
        imports.extend(targets.filter(|target| target != module).map(|target| (name(module), name(&target))));
    }
    imports
}

fn name(module: &str) -> String {
    if module.is_empty() { "(root)".to_owned() } else { module.replace("::", "/") }
}

#[test]
fn files_import_only_from_the_same_or_a_lower_layer() {
    let mut problems = Vec::new();
    for Package { folder, layers } in packages() {
        let folder = root().join(folder);
        let files: BTreeSet<_> = modules(&folder).keys().map(|module| name(module)).collect();
        let listed: BTreeSet<_> = layers.keys().cloned().collect();
        problems.extend(files.symmetric_difference(&listed).map(|file| format!("{}: list {file}", folder.display())));
        for (from, to) in imports(&folder) {
            if layers.get(&from).zip(layers.get(&to)).is_some_and(|(from, to)| from < to) {
                problems.push(format!("{}: {from} imports from {to}, which is above it", folder.display()));
            }
        }
    }
    assert_eq!(problems, [""; 0], "see tests/data/layers.txt");
}

#[test]
fn files_do_not_import_each_other() {
    for Package { folder, .. } in packages() {
        let mut imports = imports(&root().join(&folder));
        assert!(imports.len() > 5, "{folder} has few imports");
        // Removes the files that import nothing, until only cycles are left.
        loop {
            let from: BTreeSet<_> = imports.iter().map(|(from, _)| from.clone()).collect();
            let before = imports.len();
            imports.retain(|(_, to)| from.contains(to));
            if imports.len() == before {
                break;
            }
        }
        assert_eq!(imports, BTreeSet::new(), "cycles in {folder}");
    }
}

#[test]
fn packages_depend_only_on_lower_packages() {
    let names: Vec<_> = packages()
        .iter()
        .map(|package| {
            let manifest = root().join(&package.folder).parent().unwrap().join("Cargo.toml");
            let manifest: toml::Table = fs::read_to_string(manifest).unwrap().parse().unwrap();
            let dependencies = manifest["dependencies"].as_table().unwrap().keys().cloned().collect::<Vec<_>>();
            (manifest["package"]["name"].as_str().unwrap().to_owned(), dependencies)
        })
        .collect();
    assert_eq!(names.len(), 5);
    for (index, (name, dependencies)) in names.iter().enumerate() {
        let higher = names[index..].iter().map(|(name, _)| name);
        let upward: Vec<_> = higher.filter(|other| dependencies.contains(other)).collect();
        assert!(upward.is_empty(), "{name} depends on {upward:?}");
    }
}

#[test]
fn imports_are_found_in_every_form() {
    let code = "use crate::a::{self, b::{C, D}, E as F};\npub(crate) use super::g;\n#[cfg(x)]\nuse child::Item;\nfn f() { crate::h::i(); }\n";
    let mut paths = paths(code);
    paths.sort();
    paths.dedup();
    for path in ["crate::a::b::C", "crate::a::b::D", "crate::a::E", "super::g", "child::Item", "crate::h::i"] {
        assert!(paths.contains(&path.to_owned()), "{path}: {paths:?}");
    }
    let modules = ["", "a", "a::b", "a::b::child"].map(|module| (module.to_owned(), String::new())).into();
    let resolved = |path, module| resolve(path, module, &modules);
    assert_eq!(resolved("crate::a::b::C", "x"), Some("a::b".into()));
    assert_eq!(resolved("super::g", "a::b"), Some("a".into()));
    assert_eq!(resolved("child::Item", "a::b"), Some("a::b::child".into()));
    assert_eq!(resolved("serde::Serialize", "a"), None);
}
