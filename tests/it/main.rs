//! Tests across the packages, in one binary. Each module tests one feature.
#![allow(clippy::needless_raw_string_hashes, reason = "the snapshot library writes them")]
#![allow(clippy::too_many_lines, reason = "tables of test cases are long")]

mod adapters;
mod allocations;
mod apis;
mod batch;
mod bodies;
mod cargo;
mod classify;
mod cli;
mod cli_check;
mod cli_ci;
mod cli_classify;
mod cli_diff;
mod cli_doc;
mod cli_html;
mod cli_retry;
mod cli_shell;
mod cli_ticket;
mod data;
mod decide;
#[cfg(feature = "macros")]
mod derive;
mod diagnose;
mod differential;
mod echoes;
mod effects;
mod examples;
mod hostile;
mod hygiene;
mod layers;
mod linear;
mod listed;
mod loopback;
mod matrix;
mod notations;
mod page;
mod precision;
mod public;
mod quickstart;
mod readme;
mod real;
mod redact;
#[cfg(feature = "macros")]
mod report;
mod retry_after;
mod retry_loop;
mod rustdoc;
mod schema;
mod scratch;
#[cfg(feature = "macros")]
mod second_api;
mod secrets;
mod spawn;
mod statuses;
mod steering;
mod streaming;
mod websocket;
#[cfg(feature = "macros")]
mod wire;
mod wording;
