//! The derive macro: its errors have the same texts and sources as those of thiserror, and a case.

use std::error::Error as StdError;
use std::fmt::{Debug, Display};
use std::io;

use waves_errors::{CatalogError, Decision, Evidence, Failure, Retry, WavesError};

type Anything = Box<dyn StdError + Send + Sync>;

#[derive(Debug, CatalogError)]
#[catalog("data/shop.toml", exhaustive)]
enum Ours<T: Display + Debug>
where
    Self: Sized,
{
    OutOfStock {
        sku: String,
        left: u32,
    },
    Declined(String, #[source] io::Error),
    Io(#[from] io::Error),
    Boxed(#[source] Anything),
    Nothing,
    Formatted {
        name: &'static str,
        price: f64,
        code: u8,
    },
    Generic {
        value: T,
        debug: Vec<T>,
    },
    Keyword {
        r#type: char,
    },
    #[catalog(case = "named-source")]
    Renamed {
        source: Option<io::Error>,
    },
    #[catalog(transparent)]
    Service(#[from] Failure),
    #[catalog(transparent)]
    Any(Anything),
}

#[derive(Debug, thiserror::Error)]
enum Theirs<T: Display + Debug> {
    #[error("only {left} of {sku} left")]
    OutOfStock { sku: String, left: u32 },
    #[error("declined: {0}")]
    Declined(String, #[source] io::Error),
    #[error("i/o")]
    Io(#[from] io::Error),
    #[error("something failed")]
    Boxed(#[source] Anything),
    #[error("nothing {{really}}")]
    Nothing,
    #[error("{name:?} at {price:>8.2} is {code:#x}, {name} again")]
    Formatted { name: &'static str, price: f64, code: u8 },
    #[error("generic {value} and {debug:?}")]
    Generic { value: T, debug: Vec<T> },
    #[error("{type}")]
    Keyword { r#type: char },
    #[error("named")]
    Renamed { source: Option<io::Error> },
    #[error(transparent)]
    Service(#[from] Failure),
    #[error(transparent)]
    Any(Anything),
}

/// Returns the display text of an error, and the display and debug texts of its sources.
fn chain(error: &(dyn StdError + 'static)) -> Vec<(String, String)> {
    let causes = std::iter::successors(error.source(), |&error| error.source());
    std::iter::once((error.to_string(), String::new()))
        .chain(causes.map(|cause| (cause.to_string(), format!("{cause:?}"))))
        .collect()
}

macro_rules! assert_equal_chains {
    ($($variant:expr;)*) => {{
        $({
            let ours = {
                #[allow(unused_imports, reason = "`into` constructs some variants")]
                use Ours::*;
                let error: Ours<i32> = $variant;
                chain(&error)
            };
            let theirs = {
                #[allow(unused_imports, reason = "`into` constructs some variants")]
                use Theirs::*;
                let error: Theirs<i32> = $variant;
                chain(&error)
            };
            assert_eq!(ours, theirs);
        })*
    }};
}

fn not_found() -> io::Error {
    io::Error::other(io::Error::from(io::ErrorKind::NotFound))
}

#[test]
fn each_shape_of_variant_equals_thiserror() {
    assert_equal_chains! {
        OutOfStock { sku: "a {b}".into(), left: 2 };
        Declined("no".into(), not_found());
        io::Error::from(io::ErrorKind::TimedOut).into();
        Boxed("text".into());
        Boxed(Box::new(not_found()));
        Nothing;
        Formatted { name: "n\"", price: 1.005, code: 255 };
        Generic { value: -1, debug: vec![1, 2] };
        Keyword { r#type: 'x' };
        Renamed { source: Some(not_found()) };
        Renamed { source: None };
        Failure::of(WavesError::Forbidden).into();
        Any(Box::new(not_found()));
        Any("text".into());
    }
}

#[test]
fn variant_id_is_its_case_or_that_of_its_transparent_field() {
    let id = |error: Ours<i32>| error.id();
    assert_eq!(id(Ours::Nothing), Some("nothing"));
    assert_eq!(id(Ours::Declined(String::new(), not_found())), Some("declined"));
    assert_eq!(id(Ours::Renamed { source: None }), Some("named-source"));
    assert_eq!(id(Failure::of(WavesError::Forbidden).into()), Some("forbidden"));
    assert_eq!(id(Ours::Any("text".into())), None);
}

#[test]
fn wrapped_failure_is_retried_like_the_failure() {
    let busy: Ours<i32> = Failure::classify(Evidence::response(429).with_header("Retry-After", "7")).into();
    let decision = Retry::new().jitter(waves_errors::Jitter::NONE).decide(&busy, std::time::SystemTime::UNIX_EPOCH);
    assert!(matches!(decision, Decision::Retry { after, .. } if after.as_secs() == 7), "{decision:?}");
    assert_eq!(busy.evidence().and_then(Evidence::status), Some(429));
}

#[derive(Debug, CatalogError)]
#[catalog(waves, crate = ::waves_errors)]
enum Speech {
    TooManyRequests(#[source] Failure),
    Forbidden,
}

#[test]
fn waves_catalog_enum_has_its_policies() {
    let busy = Speech::TooManyRequests(Failure::classify(Evidence::response(429).with_header("Retry-After", "7")));
    let decision = Retry::new().jitter(waves_errors::Jitter::NONE).decide(&busy, std::time::SystemTime::UNIX_EPOCH);
    assert!(matches!(decision, Decision::Retry { after, .. } if after.as_secs() == 7), "{decision:?}");
    assert_eq!(Speech::Forbidden.to_string(), WavesError::Forbidden.to_string());
    assert_eq!(Speech::Forbidden.case(), Some(WavesError::Forbidden.to_case()));
}

#[derive(Debug, CatalogError)]
#[catalog(waves)]
enum Never {}

#[test]
fn empty_enum_implements_catalog_error() {
    fn is_error<T: CatalogError>() {}
    is_error::<Never>();
}
