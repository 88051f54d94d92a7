//! One attempt of an asynchronous retry loop: it ends by itself or at a time limit.
//!
//! A loop that cancels an attempt drops the operation, and with it the request that the failure should describe. So adapters
//! record the exchange that is in progress, and the loop reads the record when the time is up. The record belongs to the attempt; a
//! thread-local variable only says which attempt is polled at the moment.

use std::cell::RefCell;
use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use waves_errors_core::Evidence;

use crate::error::CatalogError;
use crate::timeout::{Limit, TimedOut};

/// How an attempt ended.
pub(crate) struct Ended<T, E> {
    pub(crate) result: Result<T, E>,
    /// Whether the deadline cancelled the attempt.
    pub(crate) deadline: bool,
}

/// Runs an attempt. If `timer` completes first and `E` can express a timeout, the operation is abandoned: the caller drops it.
/// It is pinned by the caller, so that the future of a loop holds it once.
pub(crate) async fn run<T, E: CatalogError>(
    mut operation: Pin<&mut impl Future<Output = Result<T, E>>>,
    limit: Option<(Limit, impl Future<Output = ()>)>,
) -> Ended<T, E> {
    let record = Record::default();
    let mut poll = |context: &mut Context<'_>| {
        let _restore = Restore(CURRENT.replace(Some(record.clone())));
        operation.as_mut().poll(context)
    };
    let Some((limit, timer)) = limit else { return Ended { result: poll_fn(poll).await, deadline: false } };
    let mut timer = pin!(timer);
    let first = poll_fn(|context| match poll(context) {
        Poll::Ready(result) => Poll::Ready(Some(result)),
        Poll::Pending => timer.as_mut().poll(context).map(|()| None),
    });
    if let Some(result) = first.await {
        return Ended { result, deadline: false };
    }
    match E::from_timeout(&TimedOut { limit, evidence: record.take() }) {
        Some(error) => Ended { result: Err(error), deadline: matches!(limit, Limit::Deadline(_)) },
        None => Ended { result: poll_fn(poll).await, deadline: false },
    }
}

/// The exchange that is in progress.
#[derive(Default, Clone)]
struct Record(Arc<Mutex<Evidence>>);

thread_local! {
    /// The record of the attempt that this thread polls at the moment.
    static CURRENT: RefCell<Option<Record>> = const { RefCell::new(None) };
}

impl Record {
    fn take(&self) -> Evidence {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Restores the record of an enclosing attempt, after a panic as well.
struct Restore(Option<Record>);

impl Drop for Restore {
    fn drop(&mut self) {
        CURRENT.set(self.0.take());
    }
}

/// Records the exchange that is in progress.
#[cfg(any(feature = "reqwest", feature = "tower", feature = "tokio-tungstenite"))]
pub(crate) fn record(evidence: &Evidence) {
    update(|current| current.clone_from(evidence));
}

/// Records how many bytes of the response the program has received.
#[cfg(feature = "reqwest")]
pub(crate) fn record_delivered(bytes: u64) {
    update(|current| *current = std::mem::take(current).with_delivered_bytes(bytes));
}

/// Records that the exchange is over.
#[cfg(any(feature = "reqwest", feature = "tower", feature = "tokio-tungstenite"))]
pub(crate) fn record_end() {
    update(|current| *current = Evidence::new());
}

#[cfg(any(feature = "reqwest", feature = "tower", feature = "tokio-tungstenite"))]
fn update(change: impl FnOnce(&mut Evidence)) {
    CURRENT.with_borrow(|current| {
        if let Some(record) = current {
            change(&mut record.0.lock().unwrap_or_else(PoisonError::into_inner));
        }
    });
}
