//! Renders problems as text, for the macros and the command line.

use std::ops::Range;

use annotate_snippets::{AnnotationKind, Level as SnippetLevel, Renderer, Snippet};

use crate::location::Location;
use crate::problem::{Level, Problem};
use crate::source::{Source, Sources};

/// Returns a problem as plain text: the message, the source line with carets, and the help.
///
/// The first line is only the message, so that the caller can prepend `error: `; the second is ` --> file:line:column`,
/// which terminals and editors recognize.
pub fn problem(sources: &Sources, problem: &Problem) -> String {
    render(sources, problem, true, &Renderer::plain())
}

fn render(sources: &Sources, problem: &Problem, hide_level: bool, renderer: &Renderer) -> String {
    let level = match problem.level {
        Level::Error => SnippetLevel::ERROR,
        Level::Warning => SnippetLevel::WARNING,
    };
    let level = if hide_level { level.no_name() } else { level };
    let title = level.primary_title(format!("{} [{}]", problem.message, problem.lint));
    let mut group = title.elements(snippets(sources, problem));
    if let Some(help) = &problem.help {
        group = group.element(SnippetLevel::HELP.message(help.as_str()));
    }
    renderer.render(&[group])
}

/// An excerpt of a file with annotations: ranges with labels. The primary annotation has no label.
struct Excerpt<'s> {
    source: &'s Source,
    bounds: Range<usize>,
    annotations: Vec<(Range<usize>, Option<&'s str>)>,
}

/// The maximum length of an excerpt. The renderer scans all of it, and a large file may have thousands of problems.
const MAX_EXCERPT_BYTES: usize = 8 * 1024;

/// Returns the excerpts for a problem: its location first, then the related locations. Nearby locations share an
/// excerpt.
fn snippets<'s>(sources: &'s Sources, problem: &'s Problem) -> Vec<Snippet<'s, annotate_snippets::Annotation<'s>>> {
    let mut excerpts: Vec<Excerpt<'s>> = Vec::new();
    let related = problem.related.iter().map(|(location, label)| (*location, Some(label.as_str())));
    for (location, label) in [(problem.location, None)].into_iter().chain(related) {
        let Some(source) = sources.get(location.file) else { continue };
        let range = first_line_range(source, location);
        let extended = |bounds: &Range<usize>| bounds.start.min(range.start)..bounds.end.max(range.end);
        let existing = excerpts.iter_mut().find(|excerpt| {
            std::ptr::eq(excerpt.source, source) && extended(&excerpt.bounds).len() <= MAX_EXCERPT_BYTES
        });
        match existing {
            Some(excerpt) => {
                excerpt.bounds = extended(&excerpt.bounds);
                excerpt.annotations.push((range, label));
            }
            None => excerpts.push(Excerpt { source, bounds: range.clone(), annotations: vec![(range, label)] }),
        }
    }
    excerpts.into_iter().map(Excerpt::snippet).collect()
}

impl<'s> Excerpt<'s> {
    fn snippet(self) -> Snippet<'s, annotate_snippets::Annotation<'s>> {
        let text = self.source.text();
        let start = text[..self.bounds.start].rfind('\n').map_or(0, |newline| newline + 1);
        let end = text[self.bounds.end..].find('\n').map_or(text.len(), |newline| self.bounds.end + newline + 1);
        let annotations = self.annotations.into_iter().map(|(range, label)| {
            let relative_range = range.start - start..range.end - start;
            match label {
                None => AnnotationKind::Primary.span(relative_range),
                Some(label) => AnnotationKind::Context.span(relative_range).label(label),
            }
        });
        let snippet = Snippet::source(&text[start..end]).line_start(self.source.position(start).0);
        snippet.path(self.source.name()).annotations(annotations)
    }
}

/// Returns the range of a location in its text, truncated to the first line.
fn first_line_range(source: &Source, location: Location) -> Range<usize> {
    let range = source.clamp(location.start..location.end);
    let newline = source.text()[range.clone()].find('\n');
    newline.map_or(range.clone(), |end| range.start..range.start + end)
}

/// Returns all problems as text, separated by empty lines; with ANSI styles if `styled`.
pub fn problems(sources: &Sources, all: &[Problem], styled: bool) -> String {
    let renderer = if styled { Renderer::styled() } else { Renderer::plain() };
    all.iter().map(|problem| format!("{}\n", render(sources, problem, false, &renderer))).collect::<Vec<_>>().join("\n")
}

/// Returns the number of problems: `2 errors, 1 warning`.
pub fn summary(all: &[Problem]) -> String {
    let errors = all.iter().filter(|problem| problem.level == Level::Error).count();
    let plural = |n: usize, noun: &str| match n {
        1 => format!("1 {noun}"),
        n => format!("{n} {noun}s"),
    };
    format!("{}, {}", plural(errors, "error"), plural(all.len() - errors, "warning"))
}
