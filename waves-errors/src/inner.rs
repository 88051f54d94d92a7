//! How derived enums look into their fields: at an error of any kind, boxed or not, and at its case if it has one.

use std::error::Error;

use waves_errors_core::{Case, Evidence};

use crate::decision::StopReason;
use crate::error::CatalogError;
use crate::timeout::TimedOut;

/// An error as a trait object, whether it is one already or not.
pub trait AsError {
    /// The trait object.
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

/// A field. Of the two traits below the first that fits answers: method calls look at `Inner` before `&Inner`.
#[derive(Debug, Clone, Copy)]
pub struct Inner<'a, T>(pub &'a T);

/// Of an error with a case.
pub trait ByCase<'a> {
    /// The case.
    fn case_of(&self) -> Option<Case>;
    /// What is known of the exchange that failed.
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

/// Of any other field.
pub trait ByNothing<'a> {
    /// No case.
    fn case_of(&self) -> Option<Case> {
        None
    }

    /// Nothing is known.
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
    /// The error for an attempt that exceeded a time limit.
    fn timeout_error(&self, timeout: &TimedOut) -> Option<T>;
}

impl<T: CatalogError> TimeoutByType<T> for Of<T> {
    fn timeout_error(&self, timeout: &TimedOut) -> Option<T> {
        T::from_timeout(&timeout.inner()?)
    }
}

/// Implemented for all other types.
pub trait NoTimeout<T> {
    /// There is none.
    fn timeout_error(&self, _: &TimedOut) -> Option<T> {
        None
    }
}

impl<T> NoTimeout<T> for &Of<T> {}
