//! A valid catalog: its model, its resolved texts and references, and a search for cases by their names and by words.

use std::ops::Deref;

use waves_errors_core::Policy;
use waves_errors_core::internal::{Condition, Rule};

use crate::location::Located;
use crate::model::{Case, Checklist, Model, Page, Step};
use crate::placeholders::Text;
use crate::resolve::{Resolved, ResolvedCase, ResolvedChecklist, ResolvedPage, RetryTexts, resolve};
use crate::source::Sources;
use crate::suggest::nearest;
use crate::text::plain_text;

/// A valid catalog. A built-in catalog may be loaded without checks, because this crate's tests check it.
///
/// Functions that take a catalog and a [`Case`] or a [`Page`] may panic if the second belongs to another catalog.
#[derive(Debug)]
pub struct Catalog {
    model: Model,
    sources: Sources,
    resolved: Resolved,
}

impl Deref for Catalog {
    type Target = Model;

    fn deref(&self) -> &Model {
        &self.model
    }
}

impl Catalog {
    /// Creates the catalog of a model without errors.
    pub(crate) fn new(model: Model, sources: Sources) -> Self {
        Self { resolved: resolve(&model), model, sources }
    }

    /// Returns the files of the catalog, the root first.
    pub fn sources(&self) -> &Sources {
        &self.sources
    }

    pub(crate) fn resolved(&self, case: &Case) -> &ResolvedCase {
        &self.resolved.cases[case.index]
    }

    pub(crate) fn resolved_page(&self, page: &Page) -> &ResolvedPage {
        &self.resolved.pages[page.index]
    }

    pub(crate) fn resolved_checklist(&self, checklist: &Checklist) -> &ResolvedChecklist {
        &self.resolved.checklists[checklist.index]
    }

    /// Returns the causes of a case, each with its filled text.
    pub(crate) fn causes(&self, case: &Case) -> impl Iterator<Item = (&Step, &Text)> {
        self.model.cases[case.index].causes.iter().zip(&self.resolved(case).causes)
    }

    /// Returns the fixes that apply to a case, each with its filled text.
    pub(crate) fn fixes(&self, case: &Case) -> impl Iterator<Item = (&Step, &Text)> {
        let resolved = self.resolved(case);
        self.model.cases[resolved.fixes_from].fixes.iter().zip(&resolved.fixes)
    }

    /// Returns the retry policy that applies to a case, with its id.
    pub(crate) fn policy(&self, case: &Case) -> Option<&(Located<String>, Policy)> {
        self.resolved(case).policy.map(|index| &self.model.policies[index])
    }

    pub(crate) fn retry_texts(&self, case: &Case) -> &RetryTexts {
        self.resolved(case).policy.map_or(&self.resolved.no_retry, |index| &self.resolved.policies[index])
    }

    /// Returns the page of a case.
    pub(crate) fn page(&self, case: &Case) -> Option<&Page> {
        self.resolved(case).page.map(|index| &self.model.pages[index])
    }

    /// Returns the cases that a query names, ignoring upper and lower case. Tries these in order, and returns
    /// the cases of the first that finds any:
    ///
    /// 1. a name: an id, a status, a Rust variant, a code or an alias;
    /// 2. a value that a `match` names: a code, a status, a close code, a reason or a transport error;
    /// 3. words that all occur in the names, the title and the summary;
    /// 4. a code, a status or a close code within a longer text, such as `HTTP 429` or the text of an exception.
    pub fn find(&self, query: &str) -> Vec<&Case> {
        let query = query.trim().to_lowercase();
        if query.is_empty() {
            return Vec::new();
        }
        let is_named = |case: &&Case| names(case).iter().any(|name| name.to_lowercase() == query);
        let contains_words = |case: &&Case| {
            let resolved = self.resolved(case);
            let summary = plain_text(resolved.summary.absolute());
            let text = format!("{} {} {summary}", names(case).join(" "), resolved.title).to_lowercase();
            query.split_whitespace().all(|word| text.contains(word))
        };
        let is_separator = |c: char| !c.is_alphanumeric() && !"_-.".contains(c);
        let words: Vec<_> = query.split(is_separator).map(|word| word.trim_matches('.')).collect();
        let mut found: Vec<_> = self.cases.iter().filter(is_named).collect();
        if found.is_empty() {
            found = self.cases.iter().filter(|case| selects(case, &query)).collect();
        }
        if found.is_empty() {
            found = self.cases.iter().filter(contains_words).collect();
        }
        // The first of the words counts: a text can contain other numbers as well.
        let mut words = words.into_iter();
        while found.is_empty()
            && let Some(word) = words.next()
        {
            found = self.cases.iter().filter(|case| is_selector(word) && selects(case, word)).collect();
        }
        found
    }

    /// Returns the name of a case that is most similar to the query, if it is similar enough. Numbers are never
    /// suggested.
    pub fn nearest(&self, query: &str) -> Option<String> {
        let is_number = |name: &str| name.bytes().all(|byte| byte.is_ascii_digit());
        if is_number(query.trim()) {
            return None;
        }
        let all: Vec<_> = self.cases.iter().flat_map(names).filter(|name| !is_number(name)).collect();
        nearest(query, &all.iter().map(String::as_str).collect::<Vec<_>>()).map(str::to_owned)
    }
}

/// Returns whether a word of a longer text is likely to be a code or a number, unlike words such as `timeout`.
fn is_selector(word: &str) -> bool {
    word.contains('_') || !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit())
}

/// Returns whether the `match` of a case names a value, in lower case.
fn selects(case: &Case, value: &str) -> bool {
    let number: Option<u16> = value.parse().ok();
    let is_equal = |text: &String| text.to_lowercase() == value;
    let has_phrase = |rule: &Rule| rule.conditions.iter().any(|condition| matches!(condition, Condition::Text(_)));
    case.rules().iter().any(|(rule, _)| {
        // With other conditions, the status alone does not select the case.
        let has_status = |ranges: &[(u16, u16)]| {
            number.is_some_and(|status| ranges.iter().any(|&(low, high)| (low..=high).contains(&status)))
        };
        rule.only_statuses().is_some_and(|ranges| has_status(ranges))
            || rule.conditions.iter().any(|condition| match condition {
                Condition::Code(codes) => codes.iter().any(is_equal),
                Condition::Reason(reasons) => reasons.iter().any(is_equal),
                // With a phrase, only some of the closes are selected.
                Condition::Close(codes) => !has_phrase(rule) && number.is_some_and(|code| codes.contains(&code)),
                Condition::TransportError(errors) => errors.iter().any(|error| error.as_str() == value),
                _ => false,
            })
    })
}

/// Returns all names of a case.
fn names(case: &Case) -> Vec<String> {
    let status = case.status.as_ref().map(|status| status.to_string());
    let others = case.code.iter().chain(&case.aliases).map(|name| name.value.clone());
    [Some(case.id.value.clone()), status, Some(case.name.clone())].into_iter().flatten().chain(others).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::WAVES;

    fn ids(query: &str) -> Vec<String> {
        WAVES.load().unwrap().find(query).into_iter().map(|case| case.id.value.clone()).collect()
    }

    #[test]
    fn every_value_of_a_match_finds_its_case() {
        let catalog = WAVES.load().unwrap();
        let mut values = 0;
        for case in &catalog.cases {
            for (rule, _) in case.rules() {
                let statuses = rule.only_statuses().into_iter().flatten().flat_map(|&(low, high)| low..=high);
                let mut names: Vec<_> = statuses.map(|status| status.to_string()).collect();
                let has_phrase = rule.conditions.iter().any(|condition| matches!(condition, Condition::Text(_)));
                for condition in &rule.conditions {
                    match condition {
                        Condition::Code(codes) => names.extend_from_slice(codes),
                        Condition::Close(codes) if !has_phrase => names.extend(codes.iter().map(u16::to_string)),
                        Condition::Reason(reasons) => {
                            names.extend(reasons.iter().filter(|reason| !reason.is_empty()).cloned());
                        }
                        _ => {}
                    }
                }
                for name in names {
                    let found = catalog.find(&name);
                    assert!(found.iter().any(|found| found.id.value == case.id.value), "{name}: {}", case.id.value);
                    values += 1;
                }
            }
        }
        assert!(values > 100, "{values} values");
    }

    #[test]
    fn longer_text_finds_the_first_code_or_number() {
        for (query, id) in [
            ("HTTP 410", "model-retired"),
            ("status 429", "too-many-requests"),
            ("close 1013", "server-full"),
            ("websockets.exceptions.ConnectionClosedError: received 1009 (message too big)", "payload-too-large"),
            (
                "HTTPError: 429 Client Error: Too Many Requests for url: https://api.smallest.ai/waves",
                "too-many-requests",
            ),
            ("{\"error_code\": \"voice_clone_error\"}", "voice-clone-error"),
            ("Request failed with status code 524", "service-unavailable"),
        ] {
            assert_eq!(ids(query), [id], "{query}");
        }
        for query in ["HTTP 418", "no such thing", "4291", ""] {
            assert_eq!(ids(query), [""; 0], "{query}");
        }
    }

    #[test]
    fn number_is_never_a_suggestion_for_another() {
        let catalog = WAVES.load().unwrap();
        for query in ["418", "4290", "40", "1007000"] {
            assert_eq!(catalog.nearest(query), None, "{query}");
        }
        assert_eq!(catalog.nearest("forbiden").as_deref(), Some("forbidden"));
    }
}
