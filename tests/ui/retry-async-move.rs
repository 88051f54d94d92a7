//! A retry loop calls its operation several times: the future of each attempt cannot take what the closure owns.

use waves_errors::{Failure, retry};

async fn speak(url: &str) -> Result<(), Failure> {
    let _ = url;
    Ok(())
}

async fn call() -> Result<(), Failure> {
    let url = String::from("https://api.smallest.ai/waves/v1/tts");
    retry(async move || speak(&url).await).await
}

fn main() {
    let _ = call();
}
