//! Shows problems to people: the one renderer for macro and command line.

use std::ops::Range;

use annotate_snippets::{AnnotationKind, Level as Shown, Renderer, Snippet};

use crate::problem::{Level, Place, Problem};
use crate::source::{Source, Sources};

/// One problem as plain text: its message, then the place with the line itself and carets, then the way out.
///
/// The first line is the message alone, so that `error: ` may stand before it; the second is ` --> file:line:column`,
/// which terminals and editors follow.
pub fn problem(sources: &Sources, problem: &Problem) -> String {
    render(sources, problem, true, &Renderer::plain())
}

fn render(sources: &Sources, problem: &Problem, bare: bool, renderer: &Renderer) -> String {
    let level = match problem.level {
        Level::Error => Shown::ERROR,
        Level::Warning => Shown::WARNING,
    };
    let level = if bare { level.no_name() } else { level };
    let title = level.primary_title(format!("{} [{}]", problem.message, problem.rule));
    let mut group = title.elements(snippets(sources, problem));
    if let Some(help) = &problem.help {
        group = group.element(Shown::HELP.message(help.as_str()));
    }
    renderer.render(&[group])
}

/// A snippet a file, the one with the problem first.
fn snippets<'s>(sources: &'s Sources, problem: &'s Problem) -> Vec<Snippet<'s, annotate_snippets::Annotation<'s>>> {
    let mut files = vec![problem.at.file];
    files.extend(problem.also.iter().map(|(place, _)| place.file).filter(|&file| file != problem.at.file));
    files.dedup();
    let snippet = |file: usize| {
        let source = sources.get(file)?;
        let here = (problem.at.file == file).then(|| range(source, problem.at));
        let also = problem.also.iter().filter(|(place, _)| place.file == file);
        let also: Vec<_> = also.map(|(place, what)| (range(source, *place), what.as_str())).collect();
        let (start, text) = excerpt(source, here.iter().chain(also.iter().map(|(range, _)| range)));
        let within = |range: Range<usize>| range.start - start..range.end - start;
        let mut snippet = Snippet::source(text).line_start(source.position(start).0).path(source.name());
        if let Some(here) = here {
            snippet = snippet.annotation(AnnotationKind::Primary.span(within(here)));
        }
        for (range, what) in also {
            snippet = snippet.annotation(AnnotationKind::Context.span(within(range)).label(what));
        }
        Some(snippet)
    };
    files.into_iter().filter_map(snippet).collect()
}

/// The lines from the first of some ranges to the last, and where they begin. The renderer looks at all of a text that it is
/// given, and a large file may have thousands of problems.
fn excerpt<'s, 'r>(source: &'s Source, ranges: impl Iterator<Item = &'r Range<usize>>) -> (usize, &'s str) {
    let (mut start, mut end) = (source.text().len(), 0);
    for range in ranges {
        start = start.min(range.start);
        end = end.max(range.end);
    }
    let text = source.text();
    start = text[..start].rfind('\n').map_or(0, |before| before + 1);
    end = text[end..].find('\n').map_or(text.len(), |more| end + more + 1);
    (start, &text[start..end])
}

/// A place as a range of its text; a place of several lines is shown by its first.
fn range(source: &Source, place: Place) -> Range<usize> {
    let range = source.inside(place.start..place.end);
    let line = source.text()[range.clone()].find('\n');
    line.map_or(range.clone(), |end| range.start..range.start + end)
}

/// All problems as text, one after another with an empty line between, in colours or without.
pub fn problems(sources: &Sources, all: &[Problem], colours: bool) -> String {
    let renderer = if colours { Renderer::styled() } else { Renderer::plain() };
    all.iter().map(|one| format!("{}\n", render(sources, one, false, &renderer))).collect::<Vec<_>>().join("\n")
}

/// How many problems there are: `2 errors, 1 warning`.
pub fn count(all: &[Problem]) -> String {
    let errors = all.iter().filter(|problem| problem.level == Level::Error).count();
    let counted = |n: usize, what: &str| match n {
        1 => format!("1 {what}"),
        n => format!("{n} {what}s"),
    };
    format!("{}, {}", counted(errors, "error"), counted(all.len() - errors, "warning"))
}
