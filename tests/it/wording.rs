//! Docs, comments, messages and catalogs avoid the phrases in `data/wording.txt`.

use std::fs;
use std::path::{Path, PathBuf};

use crate::cargo::root;
use crate::data::path;

/// The number of deliberate uses of a phrase, such as in the published error reference.
const DELIBERATE: usize = 10;

/// Returns the phrases to avoid, and their exceptions.
fn phrases() -> (Vec<String>, Vec<String>) {
    let text = fs::read_to_string(path("data/wording.txt")).unwrap();
    let lines = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).map(str::to_lowercase);
    let (exceptions, phrases): (Vec<_>, Vec<_>) = lines.partition(|line| line.starts_with('!'));
    (phrases, exceptions.iter().map(|line| line[1..].to_owned()).collect())
}

/// Returns the files that people read or write.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        if path.is_dir() {
            // `target`, and folders of tools.
            let skipped = name == "target" || name == "public-api" || name.starts_with('.') && name != ".ci";
            files.extend(if skipped { Vec::new() } else { self::files(&path) });
        } else {
            let is_text =
                ["rs", "md", "toml", "stderr", "txt", "sh", "html", "mjs", "py"].iter().any(|end| name.ends_with(end));
            let is_script = folder.file_name().is_some_and(|name| name == ".ci");
            // The texts of the published page cannot be changed, and the data of this test contain the phrases.
            let is_other = name.starts_with("error-reference") || name == "wording.txt";
            files.extend((!is_other && (is_text || is_script)).then_some(path));
        }
    }
    files
}

/// Returns the phrase that a line contains as whole words.
fn find<'p>(line: &str, phrases: &'p [String], exceptions: &[String]) -> Option<&'p String> {
    let mut line = line.to_lowercase();
    for exception in exceptions {
        line = line.replace(exception.as_str(), "");
    }
    let is_word = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
    phrases.iter().find(|phrase| {
        line.match_indices(phrase.as_str()).any(|(at, found)| {
            !is_word(line[..at].chars().next_back()) && !is_word(line[at + found.len()..].chars().next())
        })
    })
}

#[test]
fn texts_avoid_the_listed_phrases() {
    let (phrases, exceptions) = phrases();
    let files = files(&root());
    assert!(phrases.len() > 30 && files.len() > 200, "{} phrases, {} files", phrases.len(), files.len());
    let mut uses = Vec::new();
    for file in &files {
        let Ok(text) = fs::read_to_string(file) else { continue };
        for (number, line) in text.lines().enumerate() {
            if let Some(phrase) = find(line, &phrases, &exceptions) {
                uses.push(format!("{}:{}: `{phrase}`: {}", file.display(), number + 1, line.trim()));
            }
        }
    }
    assert!(uses.len() <= DELIBERATE, "{} uses:\n{}", uses.len(), uses.join("\n"));
}

#[test]
fn comments_use_nouns_instead_of_what() {
    let (mut words, mut whats) = (0, 0);
    for file in files(&root()).iter().filter(|file| file.extension().is_some_and(|extension| extension == "rs")) {
        for line in fs::read_to_string(file).unwrap().lines() {
            let Some((_, comment)) = line.split_once("//") else { continue };
            let all = comment.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty());
            for word in all {
                words += 1;
                whats += usize::from(word.eq_ignore_ascii_case("what"));
            }
        }
    }
    assert!(words > 20_000, "{words} words");
    assert!(
        whats * 1000 <= words * 3,
        "`what` occurs {whats} times in {words} words of comments: more than 3 of 1,000"
    );
}
