//! The tests across packages, in one binary; a module a feature, named as the room that it tests.
#![allow(clippy::needless_raw_string_hashes, reason = "the snapshot library writes them")]
#![allow(clippy::too_many_lines, reason = "a table of cases is as long as it is")]

mod adapters;
mod cargo;
mod check;
mod check_ids;
mod check_keys;
mod check_matches;
mod check_references;
mod check_retry;
mod check_texts;
mod check_warnings;
mod classify;
mod cli;
mod cli_check;
mod cli_ci;
mod cli_classify;
mod cli_diff;
mod cli_doc;
mod cli_retry;
mod cli_shell;
mod cli_ticket;
mod data;
mod decide;
mod derive;
mod diagnose;
mod differential;
mod hygiene;
mod listed;
mod loopback;
mod macros;
mod page;
mod public;
mod quickstart;
mod readme;
mod real;
mod redact;
mod report;
mod retry_after;
mod retry_loop;
mod rustdoc;
mod schema;
mod scratch;
mod second_api;
mod secrets;
mod websocket;
