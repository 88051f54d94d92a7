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

/// The places of a problem that are shown as one piece of a file, each with what is said of it: nothing of the first.
struct Piece<'s> {
    source: &'s Source,
    bounds: Range<usize>,
    places: Vec<(Range<usize>, Option<&'s str>)>,
}

/// How long a piece may be. The renderer looks at all of it, and a large file may have thousands of problems.
const LONGEST: usize = 8 * 1024;

/// The place with the problem first, then the others, those of one file together where they are not far apart.
fn snippets<'s>(sources: &'s Sources, problem: &'s Problem) -> Vec<Snippet<'s, annotate_snippets::Annotation<'s>>> {
    let mut pieces: Vec<Piece<'s>> = Vec::new();
    let also = problem.also.iter().map(|(place, what)| (*place, Some(what.as_str())));
    for (place, what) in [(problem.at, None)].into_iter().chain(also) {
        let Some(source) = sources.get(place.file) else { continue };
        let range = range(source, place);
        let with = |bounds: &Range<usize>| bounds.start.min(range.start)..bounds.end.max(range.end);
        let near =
            pieces.iter_mut().find(|piece| std::ptr::eq(piece.source, source) && with(&piece.bounds).len() <= LONGEST);
        match near {
            Some(piece) => {
                piece.bounds = with(&piece.bounds);
                piece.places.push((range, what));
            }
            None => pieces.push(Piece { source, bounds: range.clone(), places: vec![(range, what)] }),
        }
    }
    pieces.into_iter().map(Piece::snippet).collect()
}

impl<'s> Piece<'s> {
    fn snippet(self) -> Snippet<'s, annotate_snippets::Annotation<'s>> {
        let text = self.source.text();
        let start = text[..self.bounds.start].rfind('\n').map_or(0, |before| before + 1);
        let end = text[self.bounds.end..].find('\n').map_or(text.len(), |more| self.bounds.end + more + 1);
        let annotations = self.places.into_iter().map(|(range, what)| {
            let within = range.start - start..range.end - start;
            match what {
                None => AnnotationKind::Primary.span(within),
                Some(what) => AnnotationKind::Context.span(within).label(what),
            }
        });
        let snippet = Snippet::source(&text[start..end]).line_start(self.source.position(start).0);
        snippet.path(self.source.name()).annotations(annotations)
    }
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
