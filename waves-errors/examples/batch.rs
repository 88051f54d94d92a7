//! Synthesizes each line of standard input, 20 at a time, with retries by the policies of the catalog.
//!
//! ```console
//! $ WAVES_API_KEY=sk_... cargo run --example batch -F reqwest -- https://api.smallest.ai/waves/v1/tts < texts.txt
//! ```

use std::process::ExitCode;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use reqwest::header::CONTENT_TYPE;
use tokio::task::JoinSet;
use waves_errors::reqwest::{Bytes, ReadChecked, SendChecked};
use waves_errors::{Failure, Retry};

#[tokio::main]
async fn main() -> ExitCode {
    let (Some(url), Ok(key)) = (std::env::args().nth(1), std::env::var("WAVES_API_KEY")) else {
        eprintln!("usage: WAVES_API_KEY=<key> batch <url> < <file with one text per line>");
        return ExitCode::from(2);
    };
    let texts: Vec<String> = match std::io::stdin().lines().collect() {
        Ok(texts) => texts,
        Err(error) => {
            eprintln!("cannot read the texts: {error}");
            return ExitCode::from(2);
        }
    };
    let results = batch(&reqwest::Client::new(), &url, &key, texts, 20).await;

    let failures: Vec<_> =
        (1..).zip(&results).filter_map(|(line, result)| Some((line, result.as_ref().err()?))).collect();
    println!("{} of {} texts synthesized", results.len() - failures.len(), results.len());
    for (line, failure) in &failures {
        println!("line {line}: {failure}");
    }
    if failures.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Synthesizes texts in `tasks` concurrent tasks, at least one. Returns one result per text, in the order of the texts.
///
/// # Panics
///
/// Panics if a task panics.
pub async fn batch(
    client: &reqwest::Client,
    url: &str,
    key: &str,
    texts: Vec<String>,
    tasks: usize,
) -> Vec<Result<Bytes, Failure>> {
    let queue = Arc::new(Mutex::new(texts.into_iter().enumerate()));
    let mut workers = JoinSet::new();
    for _ in 0..tasks.max(1) {
        let (client, url, key, queue) = (client.clone(), url.to_owned(), key.to_owned(), Arc::clone(&queue));
        workers.spawn(async move {
            let next = || queue.lock().unwrap_or_else(PoisonError::into_inner).next();
            let mut results = Vec::new();
            while let Some((index, text)) = next() {
                results.push((index, synthesize(&client, &url, &key, &text).await));
            }
            results
        });
    }
    let mut results: Vec<_> = workers.join_all().await.into_iter().flatten().collect();
    results.sort_unstable_by_key(|(index, _)| *index);
    results.into_iter().map(|(_, result)| result).collect()
}

/// Synthesizes one text, with retries.
async fn synthesize(client: &reqwest::Client, url: &str, key: &str, text: &str) -> Result<Bytes, Failure> {
    retry().run(async || request(client, url, key, text).send_checked().await?.bytes_checked().await).await
}

/// Returns the request for one text.
pub fn request(client: &reqwest::Client, url: &str, key: &str, text: &str) -> reqwest::RequestBuilder {
    let body = serde_json::json!({ "text": text, "voice_id": "magnus" });
    client.post(url).bearer_auth(key).header(CONTENT_TYPE, "application/json").body(body.to_string())
}

/// Returns the retry settings for one text: the policies of the catalog, for up to 5 minutes. Speech that is synthesized twice does
/// no harm, so an attempt that gets no response is repeated as well.
fn retry() -> Retry {
    Retry::new().idempotent().attempt_timeout(Duration::from_secs(30)).deadline(Duration::from_secs(300))
}
