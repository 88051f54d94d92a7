//! The trait of all errors that have a case of a catalog, and the trait of a catalog's enum.

use std::error::Error;
use std::fmt;
use std::sync::Arc;

use waves_errors_core::internal::Facts;
use waves_errors_core::{Case, Catalog, Evidence, TransportError};

use crate::decision::StopReason;
use crate::timeout::TimedOut;

/// An error that can have a case of a catalog. Retry loops, diagnosis and logging accept any such error.
///
/// Implemented by [`Failure`](crate::Failure) and by the enums of [`error_catalog!`](crate::error_catalog);
/// [`#[derive(CatalogError)]`](derive.CatalogError.html) implements it for your own enums.
///
/// # Examples
///
/// ```
/// use waves_errors::{CatalogError, WavesError};
///
/// fn log(error: &dyn CatalogError) -> String {
///     format!("{} {error}", error.id().unwrap_or("unknown"))
/// }
/// assert!(log(&WavesError::Forbidden).starts_with("forbidden 403 Forbidden"));
/// ```
pub trait CatalogError: Error {
    /// Returns the case; `None` if the catalog does not list the error.
    fn case(&self) -> Option<Case>;

    /// Returns the evidence of the failed exchange. Default: `None`.
    fn evidence(&self) -> Option<&Evidence> {
        None
    }

    /// Returns the facts that were extracted from the evidence, so that they are not extracted again.
    #[doc(hidden)]
    fn facts(&self) -> Option<&Facts> {
        None
    }

    /// Returns the id of the case.
    fn id(&self) -> Option<&'static str> {
        self.case().map(Case::id)
    }

    /// Returns the error for an attempt that exceeded a time limit of a retry loop. Default: `None`, which makes the loop wait
    /// for the attempt to finish.
    fn from_timeout(timeout: &TimedOut) -> Option<Self>
    where
        Self: Sized,
    {
        let _ = timeout;
        None
    }

    /// Records the number of attempts and the stop reason of a retry loop that ended with this error. Default: does nothing.
    fn retries_ended(&mut self, attempts: u32, reason: StopReason) {
        let _ = (attempts, reason);
    }
}

impl<T: CatalogError> CatalogError for Box<T> {
    fn case(&self) -> Option<Case> {
        (**self).case()
    }

    fn evidence(&self) -> Option<&Evidence> {
        (**self).evidence()
    }

    fn facts(&self) -> Option<&Facts> {
        (**self).facts()
    }

    fn from_timeout(timeout: &TimedOut) -> Option<Self> {
        T::from_timeout(timeout).map(Self::new)
    }

    fn retries_ended(&mut self, attempts: u32, reason: StopReason) {
        (**self).retries_ended(attempts, reason);
    }
}

/// Has the default [`from_timeout`](CatalogError::from_timeout), which returns `None`: there is no error to refer to.
impl<T: CatalogError> CatalogError for &T {
    fn case(&self) -> Option<Case> {
        (**self).case()
    }

    fn evidence(&self) -> Option<&Evidence> {
        (**self).evidence()
    }

    fn facts(&self) -> Option<&Facts> {
        (**self).facts()
    }
}

impl<T: CatalogError> CatalogError for Arc<T> {
    fn case(&self) -> Option<Case> {
        (**self).case()
    }

    fn evidence(&self) -> Option<&Evidence> {
        (**self).evidence()
    }

    fn facts(&self) -> Option<&Facts> {
        (**self).facts()
    }

    fn from_timeout(timeout: &TimedOut) -> Option<Self> {
        T::from_timeout(timeout).map(Self::new)
    }

    /// Records nothing if the error is shared.
    fn retries_ended(&mut self, attempts: u32, reason: StopReason) {
        if let Some(error) = Self::get_mut(self) {
            error.retries_ended(attempts, reason);
        }
    }
}

/// An enum with one variant for each case of a catalog.
///
/// Only [`error_catalog!`](crate::error_catalog) implements this trait: the variants must be in the catalog's order.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not the enum of a catalog",
    note = "`waves_errors::error_catalog!` declares such an enum"
)]
pub trait CatalogEnum: CatalogError + Variants<()> + Copy + Eq + Send + Sync + 'static {
    /// The catalog.
    const CATALOG: Catalog;

    /// The variants, in the catalog's order.
    const ALL: &'static [Self] = Self::VARIANTS;

    /// Returns the variant of a case, or `None` if the case belongs to another catalog.
    fn from_case(case: Case) -> Option<Self> {
        let listed = case.catalog() == Self::CATALOG;
        listed.then(|| Self::ALL.get(usize::from(case.index())).copied()).flatten()
    }
}

/// The variants of an enum, for the macro's output. It seals [`CatalogEnum`].
///
/// The type parameter is unused. Without it, rustc would evaluate the list whenever it checks a program, in N² steps for N variants;
/// with it, rustc evaluates the list only where it is used.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`CatalogEnum` cannot be implemented by hand",
    note = "declare the enum with `waves_errors::error_catalog!`"
)]
pub trait Variants<Unused>: Sized + 'static {
    /// The variants, in the catalog's order.
    const VARIANTS: &'static [Self];
}

/// Returns [`CatalogEnum::ALL`]. A function, for the same reason as the parameter of [`Variants`].
#[doc(hidden)]
pub const fn all<K: CatalogEnum>() -> &'static [K] {
    K::ALL
}

/// Implements [`CatalogError::from_timeout`] of an enum. For the macro's output.
#[doc(hidden)]
pub fn from_timeout<K: CatalogEnum>(timeout: &TimedOut) -> Option<K> {
    let facts = K::CATALOG.classify(&timeout.evidence().clone().with_transport_error(TransportError::Timeout));
    let (index, _) = facts.case?;
    K::from_case(K::CATALOG.at(index)?)
}

/// The error of parsing an unknown name as an enum. It does not contain the name, which may be a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnknownCase {
    catalog: Catalog,
}

impl UnknownCase {
    /// Creates the error. For the macro's output.
    #[doc(hidden)]
    pub const fn new(catalog: Catalog) -> Self {
        Self { catalog }
    }
}

impl fmt::Display for UnknownCase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the catalog `{}` has no case with this id, code, variant or status", self.catalog.id())
    }
}

impl Error for UnknownCase {}
