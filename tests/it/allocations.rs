//! Case lookup, display and retry delays do not allocate.

use std::io::Write;
use std::time::Duration;

use allocation_counter::measure;
use waves_errors::{Jitter, WavesError};

fn allocations(run: impl FnOnce()) -> u64 {
    measure(run).count_total
}

#[test]
fn counter_counts_a_vector() {
    assert_eq!(allocations(|| drop(std::hint::black_box(vec![0_u8; 100]))), 1);
}

#[test]
fn case_lookup_and_display_do_not_allocate() {
    let mut line = [0; 300];
    let count = allocations(|| {
        assert_eq!(WavesError::from_code("RATE_LIMIT_EXCEEDED"), Some(WavesError::TooManyRequests));
        assert_eq!(WavesError::from_code("no code of anybody's"), None);
        assert_eq!(WavesError::from_status(429), Some(WavesError::TooManyRequests));
        assert_eq!("no-such-key".parse(), Ok(WavesError::NoSuchKey));
        write!(&mut line[..], "{}", WavesError::TooManyRequests).unwrap();
    });
    assert!(line.starts_with(b"429 Too Many Requests"));
    assert_eq!(count, 0);
}

#[test]
fn retry_delays_do_not_allocate() {
    let count = allocations(|| {
        let policy = WavesError::TooManyRequests.retry().unwrap();
        for index in 0..100 {
            policy.wait(index, Some(Duration::from_secs(3)), Jitter::from_bits(index));
            policy.wait(index, None, Jitter::FULL);
        }
    });
    assert_eq!(count, 0);
}
