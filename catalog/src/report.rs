//! Shows problems to people: the one renderer for macro and command line.

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
        let mut snippet = Snippet::source(source.text()).path(source.name());
        if problem.at.file == file {
            snippet = snippet.annotation(AnnotationKind::Primary.span(range(source, problem.at)));
        }
        for (place, what) in problem.also.iter().filter(|(place, _)| place.file == file) {
            snippet = snippet.annotation(AnnotationKind::Context.span(range(source, *place)).label(what.as_str()));
        }
        Some(snippet)
    };
    files.into_iter().filter_map(snippet).collect()
}

/// A place as a range of its text; a place of several lines is shown by its first.
fn range(source: &Source, place: Place) -> std::ops::Range<usize> {
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
