//! A client that stays connected: it opens a WebSocket, listens, and opens it again for as long as the catalog says that
//! this helps. The server on loopback ends it in a different way each time.

use futures_util::StreamExt;
use waves_errors::tokio_tungstenite::connect;
use waves_errors::{CatalogEnum, Decision, Failure, Policy, PolicyError, Retry, WavesError};
use waves_errors_tests::socket::{Act, Ending, SocketServer};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let server = SocketServer::start(act).await?;
    let url = server.url("/waves/v1/tts/live");
    // Whoever watches a demonstration does not want to wait: the catalog's policies, a hundred times faster.
    let mut state = Retry::new().policies(WavesError::CATALOG, faster()?)?;
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

/// Listens until the socket ends, well or not.
async fn listen(url: &str, state: &mut Retry) -> Result<(), Failure> {
    let (mut socket, mut watch) = connect(url).await?;
    while let Some(message) = watch.check(socket.next().await)? {
        if watch.error_frame().is_none() {
            println!("heard {} bytes", message.len());
            // It goes well: what failed before is forgotten.
            state.reset();
        }
    }
    Ok(())
}

fn faster() -> Result<Vec<(&'static str, Policy)>, PolicyError> {
    let faster = |(id, policy): (&'static str, Policy)| {
        Ok((id, policy.to_builder().initial(policy.initial() / 100).max(policy.max() / 100).build()?))
    };
    WavesError::CATALOG.policies().map(faster).collect()
}

/// What the server does with each connection.
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
