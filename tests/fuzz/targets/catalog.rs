//! Checks any bytes as a catalog. Valid catalogs must render in each format, and problems must have locations in the file.
#![no_main]

use libfuzzer_sys::fuzz_target;
use waves_errors_catalog::render::{json, markdown, rust, table};
use waves_errors_catalog::{check, report};

fuzz_target!(|bytes: &[u8]| {
    match check("fuzz.toml", bytes, &mut |_| Err(std::io::ErrorKind::NotFound.into())) {
        Ok(accepted) => {
            let catalog = &accepted.catalog;
            for page in &catalog.pages {
                for flavor in [markdown::Flavor::Export, markdown::Flavor::Mdx, markdown::Flavor::Gfm] {
                    markdown::page(catalog, page, flavor);
                }
            }
            let _ = (json::catalog(catalog), table::table(catalog));
            rust::source(catalog, rust::Item { name: "Fuzz", vis: "pub" });
        }
        Err(rejected) => {
            let report = report::problems(&rejected.sources, &rejected.problems, false);
            assert!(!rejected.problems.is_empty() && !report.is_empty());
        }
    }
});
