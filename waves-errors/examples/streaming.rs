//! Plays speech while it arrives: writes the audio to standard output.
//!
//! ```console
//! $ export WAVES_API_KEY=sk_...
//! $ cargo run --example streaming --features reqwest -- https://api.smallest.ai "Hello." | aplay -f S16_LE -r 24000
//! ```

use std::error::Error;
use std::io;
use std::process::ExitCode;
use std::time::Duration;

use data_encoding::BASE64;
use serde_json::{Value, json};
use tokio::io::{AsyncWrite, AsyncWriteExt};
use tokio::sync::Mutex;
use waves_errors::reqwest::{ReadChecked, SendChecked, response_evidence};
use waves_errors::{Failure, Retry, StopReason, TransportError};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<ExitCode, Box<dyn Error>> {
    let (base, text) = (std::env::args().nth(1), std::env::args().nth(2));
    let (Some(base), Some(text), Ok(key)) = (base, text, std::env::var("WAVES_API_KEY")) else {
        eprintln!("usage: WAVES_API_KEY=<key> streaming <base URL> <text>");
        return Ok(ExitCode::from(2));
    };
    let client = client(Duration::from_secs(10))?;
    match speak(&client, &base, &key, &text, tokio::io::stdout()).await {
        Ok(Ok(bytes)) => eprintln!("played {bytes} bytes"),
        // The listener has stopped the player, which is not an error.
        Ok(Err(error)) if error.kind() == io::ErrorKind::BrokenPipe => {}
        Ok(Err(error)) => return Err(error.into()),
        Err(failure) => {
            if matches!(failure.stop_reason(), Some(StopReason::Delivered { .. })) {
                eprintln!("the speech is incomplete");
            }
            return Err(failure.into()); // printed with `Debug`, which is the full report
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Creates the client. `silence` limits the time to the first byte of a response and between any two reads, but not the length of a
/// speech. A limit for whole attempts (`Retry::attempt_timeout`) would include the playback.
///
/// # Errors
///
/// Fails if TLS cannot be set up.
pub fn client(silence: Duration) -> reqwest::Result<reqwest::Client> {
    reqwest::Client::builder()
        .connect_timeout(Duration::from_secs(5))
        .read_timeout(silence)
        .retry(reqwest::retry::never()) // only `Retry` decides
        .build()
}

/// Synthesizes `text` and writes the audio (PCM, 16 bits, 24 kHz) to `player` as it arrives. Returns the number of bytes written.
///
/// An attempt that fails before the first byte of the response is retried. A later failure is not, because the player would
/// repeat the beginning: `Failure::delivered_bytes` is then above 0, and the stop reason is `StopReason::Delivered`.
///
/// # Errors
///
/// The outer error is a failure of the API. The inner one is an error of the player, which is not retried.
pub async fn speak(
    client: &reqwest::Client,
    base: &str,
    key: &str,
    text: &str,
    player: impl AsyncWrite + Unpin + Send,
) -> Result<io::Result<u64>, Failure> {
    let url = format!("{base}/waves/v1/tts/live");
    let body = json!({"text": text, "voice_id": "magnus", "sample_rate": 24000, "output_format": "pcm"}).to_string();
    // Only one attempt runs at a time, so the lock is always free. An async closure that borrows the player mutably would need
    // `Retry::run_mut`, whose future cannot be spawned.
    let player = Mutex::new(player);
    Retry::new()
        .idempotent() // synthesizing a text twice does no harm
        .deadline(Duration::from_secs(600)) // all attempts, the delays between them and the playback
        .run(async || {
            let mut player = player.lock().await;
            let request = client.post(&url).bearer_auth(key).header("content-type", "application/json");
            let mut response = request.body(body.clone()).send_checked().await?;
            let (mut received, mut written) = (Vec::new(), 0);
            while let Some(chunk) = response.chunk_checked().await? {
                received.extend_from_slice(&chunk);
                while let Some(event) = next_event(&mut received) {
                    if event["done"] == true {
                        return Ok(Ok(written));
                    }
                    if let Some(audio) = audio(&event) {
                        if let Err(error) = write(&mut *player, &audio).await {
                            return Ok(Err(error));
                        }
                        written += audio.len() as u64;
                        continue;
                    }
                    // An error that occurs after the status 200 was sent arrives as an event.
                    let evidence = response_evidence(&response).with_frame(event.to_string());
                    // A retry is possible as long as no audio has been played.
                    let failure = Failure::classify(evidence.with_delivered_bytes(written));
                    if failure.is_failure() {
                        return Err(failure);
                    }
                }
            }
            // The response is complete, but the speech is not.
            Err(Failure::classify(response_evidence(&response).with_transport_error(TransportError::Interrupted)))
        })
        .await
}

async fn write(player: &mut (impl AsyncWrite + Unpin), audio: &[u8]) -> io::Result<()> {
    player.write_all(audio).await?;
    player.flush().await
}

fn audio(event: &Value) -> Option<Vec<u8>> {
    BASE64.decode(event["audio"].as_str()?.as_bytes()).ok()
}

/// Removes the lines up to the next event and returns its data, or `None` if it has not arrived completely. An event is a line
/// such as `data: {"audio":"UklGRg=="}`.
fn next_event(received: &mut Vec<u8>) -> Option<Value> {
    loop {
        let end = received.iter().position(|&byte| byte == b'\n')?;
        let line: Vec<u8> = received.drain(..=end).collect();
        if let Some(event) = line.strip_prefix(b"data:").and_then(|data| serde_json::from_slice(data).ok()) {
            return Some(event);
        }
    }
}
