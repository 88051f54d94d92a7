//! A valid catalog: its model, its resolved texts and references.

use std::ops::Deref;

use waves_errors_core::Policy;

use crate::location::Located;
use crate::model::{Case, Checklist, Model, Page, Step};
use crate::placeholders::Text;
use crate::resolve::{Resolved, ResolvedCase, ResolvedChecklist, ResolvedPage, RetryTexts, resolve};
use crate::source::Sources;

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
}
