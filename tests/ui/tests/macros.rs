//! The macro `error_catalog!`: compile errors, accepted catalogs and generated enums.

use std::path::PathBuf;

use waves_errors::CatalogEnum;

/// Returns the folder of the compile-fail cases and their catalogs. The command line's tests use these catalogs, too.
fn ui() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn mistakes_give_expected_compile_errors() {
    trybuild::TestCases::new().compile_fail("*.rs");
    // Check that the pattern matches all files.
    let mut files = 0;
    for entry in std::fs::read_dir(ui()).unwrap() {
        let rust = entry.unwrap().path();
        if rust.extension().is_some_and(|extension| extension == "rs") {
            assert!(rust.with_extension("stderr").is_file(), "{} has no .stderr", rust.display());
            files += 1;
        }
    }
    assert_eq!(files, 71);
    assert_eq!((error_count("ten-mistakes"), error_count("twenty-mistakes")), (10, 20));
}

/// Returns the number of errors that a compile-fail expectation contains.
fn error_count(name: &str) -> usize {
    let stderr = std::fs::read_to_string(ui().join(name).with_extension("stderr")).unwrap();
    stderr.lines().filter(|line| line.starts_with("error: ")).count()
}

waves_errors::error_catalog! {
    /// An enum from a file with a byte order mark and Windows line ends.
    enum Windows = "windows.toml";
    mod windows_pages;
}

waves_errors::error_catalog! {
    /// An enum from a file and an included file.
    enum Included = "including.toml";
}

#[test]
fn byte_order_mark_and_crlf_are_accepted() {
    let bytes = std::fs::read(ui().join("windows.toml")).unwrap();
    assert!(bytes.starts_with(b"\xef\xbb\xbf") && bytes.windows(2).any(|two| two == b"\r\n"));
    assert_eq!(Windows::OutOfStock.to_string(), "409 Conflict: The item is not in stock");
}

#[test]
fn included_files_form_one_catalog() {
    let ids: Vec<_> = Included::ALL.iter().map(|kind| kind.id()).collect();
    assert_eq!(ids, ["first", "second"]);
    assert!(Included::Second.to_case().is(Included::First.to_case()), "a refined case is also its parent case");
    assert!(!Included::First.to_case().is(Included::Second.to_case()));
    assert_eq!(Included::Second.retry(), Included::First.retry());
}

#[test]
fn from_case_rejects_cases_of_another_catalog() {
    assert_eq!(Included::from_case(Windows::OutOfStock.to_case()), None);
}

#[test]
#[allow(non_local_definitions, reason = "the test needs it")]
fn error_catalog_works_inside_a_function() {
    waves_errors::error_catalog! {
        enum Local = "windows.toml";
    }
    assert_eq!(Local::from_status(409), Some(Local::OutOfStock));
}
