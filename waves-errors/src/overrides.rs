//! Retry policies of the caller, which replace those of a catalog.

use std::fmt;

use waves_errors_core::{Case, Catalog, Policy};

/// The key of a policy and of its retry counter: a policy of the catalog, or a case with a policy from the caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PolicyKey {
    Policy(Catalog, &'static str),
    Case(Case),
}

/// The policies of the caller. The last one for a key wins.
#[derive(Debug, Default)]
pub(crate) struct Overrides(Vec<(PolicyKey, Policy)>);

impl Overrides {
    /// Replaces a policy of a catalog.
    pub(crate) fn replace(&mut self, catalog: Catalog, id: &str, policy: Policy) -> Result<(), UnknownPolicy> {
        let known = catalog.policies().find(|(known, _)| *known == id);
        let Some((id, _)) = known else { return Err(UnknownPolicy::new(id, catalog)) };
        self.0.push((PolicyKey::Policy(catalog, id), policy));
        Ok(())
    }

    /// Sets the policy of a case.
    pub(crate) fn set(&mut self, case: Case, policy: Policy) {
        self.0.push((PolicyKey::Case(case), policy));
    }

    /// Returns the policy of a case and its key. A policy of the caller takes precedence over that of the catalog.
    pub(crate) fn policy(&self, case: Case) -> Option<(PolicyKey, Policy)> {
        let listed = case.policy();
        // The limit ends the iteration in a cycle, which only a damaged table has.
        let ancestors = std::iter::successors(Some(case), |case| case.refines()).take(case.catalog().len());
        let same = ancestors.filter(|ancestor| ancestor.policy().map(|(id, _)| id) == listed.map(|(id, _)| id));
        let given = |key| self.0.iter().rev().find(|(other, _)| *other == key).copied();
        same.map(PolicyKey::Case).find_map(given).or_else(|| {
            let (id, policy) = listed?;
            let key = PolicyKey::Policy(case.catalog(), id);
            Some(given(key).unwrap_or((key, policy)))
        })
    }
}

/// The error for an unknown id of a retry policy. [`Retry::policies`](crate::Retry::policies) returns it.
#[derive(Debug, Clone)]
pub struct UnknownPolicy {
    id: String,
    catalog: Catalog,
}

impl UnknownPolicy {
    /// Creates the error. An id from a file can have any length.
    fn new(id: &str, catalog: Catalog) -> Self {
        Self { id: id.chars().take(100).collect(), catalog }
    }

    /// Returns the unknown id: at most its first 100 characters.
    pub fn id(&self) -> &str {
        &self.id
    }
}

impl fmt::Display for UnknownPolicy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "unknown retry policy `{}` in the catalog `{}`", self.id.escape_debug(), self.catalog.id())?;
        let mut known = self.catalog.policies().map(|(id, _)| id);
        match known.next() {
            None => f.write_str(", which has no policies"),
            Some(first) => {
                write!(f, "; expected one of: {first}")?;
                known.try_for_each(|id| write!(f, ", {id}"))
            }
        }
    }
}

impl std::error::Error for UnknownPolicy {}
