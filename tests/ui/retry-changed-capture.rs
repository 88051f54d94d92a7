//! The future of an attempt cannot borrow the closure to change what it captures.

use waves_errors::{Failure, retry};

async fn call() -> Result<(), Failure> {
    let mut attempts = 0;
    retry(async || {
        attempts += 1;
        Ok(())
    })
    .await
}

fn main() {
    let _ = call();
}
