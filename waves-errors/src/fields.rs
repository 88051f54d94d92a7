//! Access to the fields of derived enums: errors of any type, boxed or not, and their cases. For the macro's output.

use std::error::Error;

use waves_errors_core::{Case, Evidence};

use crate::decision::StopReason;
use crate::error::CatalogError;
use crate::timeout::TimedOut;

/// Converts an error, or a reference to a trait object, into a trait object.
pub trait AsError {
    /// Returns the trait object.
    fn __as_error(&self) -> &(dyn Error + 'static);
}

impl<T: Error + 'static> AsError for T {
    fn __as_error(&self) -> &(dyn Error + 'static) {
        self
    }
}

impl AsError for dyn Error + 'static {
    fn __as_error(&self) -> &(dyn Error + 'static) {
        self
    }
}

impl AsError for dyn Error + Send + 'static {
    fn __as_error(&self) -> &(dyn Error + 'static) {
        self
    }
}

impl AsError for dyn Error + Send + Sync + 'static {
    fn __as_error(&self) -> &(dyn Error + 'static) {
        self
    }
}

/// A field. Method resolution prefers `ByCase` for `Inner` to `ByNothing` for `&Inner`.
#[derive(Debug, Clone, Copy)]
pub struct Inner<'a, T>(pub &'a T);

/// Implemented for errors with a case.
pub trait ByCase<'a> {
    /// Returns the case of the error.
    fn case_of(&self) -> Option<Case>;
    /// Returns the evidence of the error.
    fn evidence_of(&self) -> Option<&'a Evidence>;
}

impl<'a, T: CatalogError> ByCase<'a> for Inner<'a, T> {
    fn case_of(&self) -> Option<Case> {
        self.0.case()
    }

    fn evidence_of(&self) -> Option<&'a Evidence> {
        self.0.evidence()
    }
}

/// Implemented for all other types.
pub trait ByNothing<'a> {
    /// Returns `None`.
    fn case_of(&self) -> Option<Case> {
        None
    }

    /// Returns `None`.
    fn evidence_of(&self) -> Option<&'a Evidence> {
        None
    }
}

impl<'a, T> ByNothing<'a> for &Inner<'a, T> {}

/// A field that can be changed. Method resolution prefers `EndedByCase` for `InnerMut` to `NotEnded` for `&mut InnerMut`.
#[derive(Debug)]
pub struct InnerMut<'a, T>(pub &'a mut T);

/// Implemented for errors with a case.
pub trait EndedByCase {
    /// Records how a retry loop ended.
    fn record_end(&mut self, attempts: u32, reason: StopReason);
}

impl<T: CatalogError> EndedByCase for InnerMut<'_, T> {
    fn record_end(&mut self, attempts: u32, reason: StopReason) {
        self.0.retries_ended(attempts, reason);
    }
}

/// Implemented for all other types.
pub trait NotEnded {
    /// Records nothing.
    fn record_end(&mut self, _: u32, _: StopReason) {}
}

impl<T> NotEnded for &mut InnerMut<'_, T> {}

/// The type of a `#[from]` field. Method resolution prefers `TimeoutByType` for `Of<T>` to `NoTimeout` for `&Of<T>`.
#[derive(Debug)]
pub struct Of<T>(pub std::marker::PhantomData<T>);

/// Implemented for error types with a case.
pub trait TimeoutByType<T> {
    /// Returns the error for an attempt that exceeded a time limit.
    fn timeout_error(&self, timeout: &TimedOut) -> Option<T>;
}

impl<T: CatalogError> TimeoutByType<T> for Of<T> {
    fn timeout_error(&self, timeout: &TimedOut) -> Option<T> {
        T::from_timeout(&timeout.inner()?)
    }
}

/// Implemented for all other types.
pub trait NoTimeout<T> {
    /// Returns `None`.
    fn timeout_error(&self, _: &TimedOut) -> Option<T> {
        None
    }
}

impl<T> NoTimeout<T> for &Of<T> {}
