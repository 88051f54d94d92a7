//! One attempt of a retry loop, and the record of its exchanges.
//!
//! A loop needs more than the error of an attempt. Whether the operation may be repeated depends on all requests that it sent and on
//! all bytes that it delivered. If a loop cancels an attempt, it also drops the request, which the failure should contain. Therefore
//! adapters record their exchanges, and the loop reads the record when the attempt ends. The record belongs to the attempt; a
//! thread-local variable refers to the attempt that the thread is running. Tasks that an operation spawns are not recorded.

use std::cell::RefCell;
use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};

use waves_errors_core::Evidence;

use crate::error::CatalogError;
use crate::timeout::{Limit, TimedOut};

/// How an attempt ended.
pub(crate) struct Ended<T, E> {
    pub(crate) result: Result<T, E>,
    pub(crate) effects: Effects,
    /// Whether the deadline cancelled the attempt.
    pub(crate) deadline: bool,
}

/// The effects of an attempt that another attempt would repeat.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Effects {
    /// The number of requests that are not idempotent.
    pub(crate) not_idempotent: usize,
    /// The number of body bytes that the program received in chunks.
    pub(crate) delivered: u64,
}

/// Runs an attempt. If the timer of `limit` completes first and `E` can express a timeout, the operation is abandoned: the caller
/// drops it. The caller also pins it, so that the future of a loop contains it only once.
pub(crate) async fn run<T, E: CatalogError>(
    mut operation: Pin<&mut impl Future<Output = Result<T, E>>>,
    limit: Option<(Limit, impl Future<Output = ()>)>,
) -> Ended<T, E> {
    let record = Record::default();
    let mut poll = |context: &mut Context<'_>| {
        let _current = record.enter();
        operation.as_mut().poll(context)
    };
    let Some((limit, timer)) = limit else { return record.ended(poll_fn(poll).await, false) };
    let mut timer = pin!(timer);
    // The timer is polled first: an operation that is never idle can exhaust the task's budget in tokio, and then no timer completes.
    let first = poll_fn(|context| {
        let late = timer.as_mut().poll(context).is_ready();
        match poll(context) {
            Poll::Ready(result) => Poll::Ready(Some(result)),
            Poll::Pending if late => Poll::Ready(None),
            Poll::Pending => Poll::Pending,
        }
    });
    if let Some(result) = first.await {
        return record.ended(result, false);
    }
    match E::from_timeout(&TimedOut::new(limit, record.cancelled())) {
        Some(error) => record.ended(Err(error), matches!(limit, Limit::Deadline(_))),
        None => record.ended(poll_fn(poll).await, false),
    }
}

/// Runs a blocking attempt.
pub(crate) fn run_blocking<T, E>(operation: impl FnOnce() -> Result<T, E>) -> Ended<T, E> {
    let record = Record::default();
    let result = {
        let _current = record.enter();
        operation()
    };
    record.ended(result, false)
}

/// The exchanges of an attempt.
#[derive(Debug, Default, Clone)]
struct Record(Arc<Mutex<Exchanges>>);

#[derive(Debug, Default)]
struct Exchanges {
    /// The exchanges in progress, in the order in which they began.
    open: Vec<(u64, Evidence)>,
    #[allow(dead_code, reason = "only adapters begin exchanges")]
    started: u64,
    effects: Effects,
}

thread_local! {
    /// The record of the attempt that this thread is running.
    static CURRENT: RefCell<Option<Record>> = const { RefCell::new(None) };
}

/// Restores the record of the enclosing attempt when dropped, also after a panic.
struct Current(Option<Record>);

impl Drop for Current {
    fn drop(&mut self) {
        CURRENT.set(self.0.take());
    }
}

impl Record {
    fn enter(&self) -> Current {
        Current(CURRENT.replace(Some(self.clone())))
    }

    fn lock(&self) -> MutexGuard<'_, Exchanges> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns the evidence of the exchange that a cancelled attempt waited for, or empty evidence if there is none. Of several
    /// exchanges it returns the last one without an error status: the server may still carry out its request.
    fn cancelled(&self) -> Evidence {
        let exchanges = self.lock();
        let all = || exchanges.open.iter().rev().map(|(_, evidence)| evidence);
        let waiting = all().find(|evidence| evidence.status().is_none_or(|status| status < 400));
        waiting.or_else(|| all().next()).cloned().unwrap_or_default()
    }

    fn ended<T, E>(&self, result: Result<T, E>, deadline: bool) -> Ended<T, E> {
        Ended { result, effects: self.lock().effects, deadline }
    }
}

/// An exchange in the record of the attempt that began it, if there is such an attempt. Dropping it ends the exchange.
#[derive(Debug, Default)]
#[allow(dead_code, reason = "each adapter uses a part of it")]
pub(crate) struct Open(Option<(Record, u64)>);

#[allow(dead_code, reason = "each adapter uses a part of it")]
impl Open {
    /// Begins an exchange with this request.
    pub(crate) fn new(request: &Evidence) -> Self {
        let record = CURRENT.with_borrow(Clone::clone);
        Self(record.map(|record| {
            let mut exchanges = record.lock();
            let number = exchanges.started;
            exchanges.started += 1;
            exchanges.effects.not_idempotent += usize::from(!request.is_idempotent());
            exchanges.open.push((number, request.clone()));
            drop(exchanges);
            (record, number)
        }))
    }

    /// Replaces the evidence of the exchange.
    pub(crate) fn update(&self, evidence: &Evidence) {
        self.change(|_, open| open.clone_from(evidence));
    }

    /// Counts bytes that the program has received.
    pub(crate) fn deliver(&self, bytes: u64) {
        self.change(|effects, evidence| {
            effects.delivered += bytes;
            let before = evidence.delivered_bytes().unwrap_or(0);
            *evidence = std::mem::take(evidence).with_delivered_bytes(before + bytes);
        });
    }

    /// Ends an exchange that opened a WebSocket. Its messages are not idempotent.
    pub(crate) fn upgrade(self) {
        self.change(|effects, _| effects.not_idempotent += 1);
    }

    /// Ends the exchange before the guard is dropped.
    pub(crate) fn end(&self) {
        if let Some((record, number)) = &self.0 {
            record.lock().open.retain(|(other, _)| other != number);
        }
    }

    fn change(&self, change: impl FnOnce(&mut Effects, &mut Evidence)) {
        let Some((record, number)) = &self.0 else { return };
        let Exchanges { open, effects, .. } = &mut *record.lock();
        if let Some((_, evidence)) = open.iter_mut().find(|(other, _)| other == number) {
            change(effects, evidence);
        }
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.end();
    }
}
