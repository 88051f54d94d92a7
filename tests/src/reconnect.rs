//! A client that stays connected. It opens a WebSocket, reads messages, and reconnects as long as the catalog allows retries.
//! The server on loopback ends each connection in a different way.

use futures_util::StreamExt;
use waves_errors::tokio_tungstenite::connect;
use waves_errors::{CatalogEnum, Decision, Failure, Policy, PolicyError, Retry, WavesError};
use waves_errors_tests::socket::{Act, Ending, SocketServer};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let server = SocketServer::start(act).await?;
    let url = server.url("/waves/v1/tts/live");
    // The policies of the catalog, with delays divided by 100.
    let mut state = Retry::new().policies(WavesError::CATALOG, faster_policies()?)?;
    loop {
        match listen(&url, &mut state).await {
            Ok(()) => {
                println!("the server said goodbye");
                return Ok(());
            }
            Err(failure) => match state.decide(&failure, std::time::SystemTime::now()) {
                Decision::Retry { after, .. } => {
                    println!("{failure}\n  reconnecting");
                    tokio::time::sleep(after).await;
                }
                Decision::Stop(reason) => {
                    println!("{failure:#}\n  stopped: {reason}");
                    return Ok(());
                }
            },
        }
    }
}

/// Reads messages until the socket ends.
async fn listen(url: &str, state: &mut Retry) -> Result<(), Failure> {
    let (mut socket, mut watch) = connect(url).await?;
    while let Some(message) = watch.check(socket.next().await)? {
        if watch.error_frame().is_none() {
            println!("heard {} bytes", message.len());
            // The connection works: reset the retry counters.
            state.reset();
        }
    }
    Ok(())
}

fn faster_policies() -> Result<Vec<(&'static str, Policy)>, PolicyError> {
    let faster = |(id, policy): (&'static str, Policy)| {
        Ok((id, policy.to_builder().initial(policy.initial() / 100).max(policy.max() / 100).build()?))
    };
    WavesError::CATALOG.policies().map(faster).collect()
}

/// Returns the behavior of the server for connection number `nth`; the first is 0.
fn act(nth: usize) -> Act {
    let full = r#"{"type":"error","error":{"code":"server_full","message":"server at capacity"}}"#;
    match nth {
        0 => Act::Refuse(429, r#"{"error":"rate limit"}"#),
        1 => Act::text(full, Ending::Close(1013, String::new())),
        2 => Act::text("hello", Ending::Cut),
        3 => Act::close(1008, "concurrency_limit_reached"),
        4 => Act::text("hello again", Ending::Close(1012, "restart".to_owned())),
        _ => Act::text("and good night", Ending::Close(1000, String::new())),
    }
}
