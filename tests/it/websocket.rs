//! A real WebSocket client against a real server: refused handshakes, error frames, closes and lost connections.

use futures_util::{SinkExt, StreamExt};
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::{Message, Utf8Bytes};
use waves_errors::tokio_tungstenite::{Socket, Watch, connect};
use waves_errors::{Body, Failure, Transport, TransportError, WavesError};
use waves_errors_tests::socket::{Act, Ending, SocketServer};

const FULL: &str = r#"{"type":"error","error":{"code":"server_full","message":"server at capacity"}}"#;

async fn open(act: Act) -> Result<(Socket, Watch), Failure> {
    let server = SocketServer::start(move |_| act.clone()).await.unwrap();
    let mut request = server.url("/waves/v1/tts/live?token=sk_in_the_query_0123").into_client_request().unwrap();
    request.headers_mut().insert("authorization", "Bearer sk_4f3c2b1a4f3c2b1a".parse().unwrap());
    connect(request).await
}

/// Reads all messages. Returns their number, and how the socket ended.
async fn read_all(act: Act) -> (usize, Result<(), Failure>) {
    let (mut socket, mut watch) = open(act).await.unwrap();
    let mut received = 0;
    loop {
        match watch.check(socket.next().await) {
            Ok(Some(_)) => received += 1,
            Ok(None) => return (received, Ok(())),
            Err(failure) => {
                let output = format!("{failure:#} {failure:?}");
                assert!(!output.contains("4f3c2b") && !output.contains("in_the_query"), "{output}");
                assert_eq!(failure.request_id(), Some("req_ws"), "the request id of the handshake");
                assert!(failure.evidence().url().unwrap().contains("/waves/v1/tts/live"));
                return (received, Err(failure));
            }
        }
    }
}

/// Returns the kind of the failure that ends the socket.
async fn failure_kind(act: Act) -> Option<WavesError> {
    read_all(act).await.1.unwrap_err().kind()
}

#[tokio::test]
async fn refused_handshake_is_classified_by_its_response() {
    for (status, case) in [
        (400, WavesError::InvalidRequest),
        (401, WavesError::Unauthorized),
        (403, WavesError::Forbidden),
        (410, WavesError::ModelRetired),
        (429, WavesError::TooManyRequests),
        (503, WavesError::ServiceUnavailable),
    ] {
        let failure = open(Act::Refuse(status, r#"{"error":"no"}"#)).await.map(drop).unwrap_err();
        assert_eq!(
            (failure.kind(), failure.status(), failure.request_id()),
            (Some(case), Some(status), Some("req_ws"))
        );
        assert_eq!(failure.evidence().transport(), Transport::WebSocket);
        assert!(failure.evidence().request_headers().any(|(name, _)| name == "authorization"));
    }
    // The part of the body that arrives together with the head is read as well.
    let response = |length| format!("HTTP/1.1 429 Busy\r\ncontent-length: {length}\r\n\r\n{{\"error\":\"no\"}}");
    let refused = async |length| {
        let server = waves_errors_tests::server::raw(response(length)).await.unwrap();
        connect(server.replace("http:", "ws:")).await.map(drop).unwrap_err()
    };
    assert_eq!(refused(14).await.raw_message(), Some("no"));
    let cut = refused(4000).await;
    assert_eq!((cut.raw_message(), cut.evidence().body().unwrap().length()), (None, Some(4000)));
}

#[tokio::test]
async fn close_codes_and_reasons_match_cases() {
    let close = async |code, reason: &str| failure_kind(Act::close(code, reason)).await;
    assert_eq!(close(1008, "concurrency_limit_reached").await, Some(WavesError::ConcurrencyLimit));
    assert_eq!(close(1008, "").await, Some(WavesError::ConcurrencyLimit));
    assert_eq!(close(1008, "rate_limit_exceeded").await, Some(WavesError::TooManyRequests));
    assert_eq!(close(1008, "forbidden").await, Some(WavesError::Forbidden));
    assert_eq!(close(1013, "").await, Some(WavesError::ServerFull));
    assert_eq!(close(1011, "oops").await, Some(WavesError::ConnectionLost));
    assert_eq!(close(4000, &"r".repeat(123)).await, None, "the longest possible reason");
}

#[tokio::test]
async fn error_frame_and_following_close_are_one_failure() {
    let (received, failure) = read_all(Act::text(FULL, Ending::Close(1013, String::new()))).await;
    let failure = failure.unwrap_err();
    assert_eq!((received, failure.kind(), failure.code()), (1, Some(WavesError::ServerFull), Some("server_full")));
    let close = failure.evidence().close().unwrap();
    assert_eq!((close.code, close.opened), (1013, Some(true)));
    // The frame decides even if the close is normal, empty or missing.
    for ending in [Ending::Close(1000, String::new()), Ending::Bare, Ending::Cut] {
        assert_eq!(failure_kind(Act::text(FULL, ending)).await, Some(WavesError::ServerFull));
    }
}

#[tokio::test]
async fn watch_error_returns_the_error_frame_at_once() {
    let (mut socket, mut watch) = open(Act::text(FULL, Ending::Client)).await.unwrap();
    assert!(watch.error_frame().is_none());
    assert!(watch.check(socket.next().await).unwrap().is_some());
    assert_eq!(watch.error_frame().and_then(|failure| failure.kind()), Some(WavesError::ServerFull));
}

#[tokio::test]
async fn later_messages_clear_an_error_frame() {
    let messages =
        ["{\"type\":\"warning\",\"message\":\"slow\"}", FULL, "{\"status\":\"206\"}"].map(Message::text).to_vec();
    let (count, end) = read_all(Act::Say(messages, Ending::Close(1000, String::new()))).await;
    assert!((count, end.is_ok()) == (3, true));
    let audio = vec![Message::text(FULL), Message::binary(vec![0; 10])];
    assert!(read_all(Act::Say(audio, Ending::Bare)).await.1.is_ok());
}

#[tokio::test]
async fn normal_close_is_not_a_failure() {
    assert!(read_all(Act::close(1000, "")).await.1.is_ok());
    assert!(read_all(Act::Say(Vec::new(), Ending::Bare)).await.1.is_ok());
    // The client closes the socket.
    let (mut socket, mut watch) = open(Act::Say(Vec::new(), Ending::Client)).await.unwrap();
    let close = CloseFrame { code: 1000.into(), reason: Utf8Bytes::default() };
    socket.close(Some(close)).await.unwrap();
    while watch.check(socket.next().await).unwrap().is_some() {}
}

#[tokio::test]
async fn end_without_close_is_connection_lost() {
    let (_, failure) = read_all(Act::Say(Vec::new(), Ending::Cut)).await;
    let failure = failure.unwrap_err();
    assert_eq!(failure.kind(), Some(WavesError::ConnectionLost));
    assert_eq!(failure.evidence().close().map(|close| close.code), Some(1006));
    assert!(std::error::Error::source(&failure).is_some());
}

#[tokio::test]
async fn empty_and_large_frames_are_messages() {
    let empty = Act::Say(vec![Message::text(""), Message::binary(Vec::new())], Ending::Close(1000, String::new()));
    assert!(matches!(read_all(empty).await, (2, Ok(()))));
    let huge = format!(r#"{{"type":"error","padding":"{}"}}"#, "x".repeat(10 << 20));
    let (mut socket, mut watch) = open(Act::text(&huge, Ending::Client)).await.unwrap();
    let message = watch.check(socket.next().await).unwrap().unwrap();
    assert_eq!(
        (message.len(), watch.error_frame().is_none()),
        (huge.len(), true),
        "a frame above the limit is not an error frame"
    );
    // The largest frame that is kept.
    let large = format!(r#"{{"type":"error","p":"{}"}}"#, "x".repeat(Body::LIMIT - 23));
    assert_eq!(large.len(), Body::LIMIT);
    assert!(read_all(Act::text(&large, Ending::Bare)).await.1.is_err());
}

#[tokio::test]
async fn connect_errors_are_classified() {
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let failure = connect(format!("ws://{free}/")).await.map(drop).unwrap_err();
    assert_eq!(
        (failure.kind(), failure.evidence().transport_error()),
        (Some(WavesError::NotConnected), Some(TransportError::Connect))
    );
    let failure = connect("ws://no-such-host.invalid/").await.map(drop).unwrap_err();
    assert_eq!(failure.evidence().transport_error(), Some(TransportError::Connect));
    for invalid in ["no address at all", "ftp://host/", ""] {
        let failure = connect(invalid).await.map(drop).unwrap_err();
        assert_eq!((failure.kind(), failure.evidence().transport_error()), (None, None), "{invalid}");
    }
    // The server supports HTTP, but not WebSocket.
    let plain = waves_errors_tests::server::raw("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nhi").await.unwrap();
    let failure = connect(plain.replace("http:", "ws:")).await.map(drop).unwrap_err();
    assert_eq!((failure.kind(), failure.status()), (None, Some(200)));
    let other = waves_errors_tests::server::raw("220 mail.example ESMTP\r\n\r\n").await.unwrap();
    let failure = connect(other.replace("http:", "ws:")).await.map(drop).unwrap_err();
    assert_eq!(failure.kind(), None);
    assert!(failure.to_string().starts_with("the response could not be read: "), "{failure}");
}

/// A socket that the program opens itself: over its own stream, with its own configuration, and with a watch of its own.
#[tokio::test]
async fn own_sockets_are_watched() {
    use waves_errors::tokio_tungstenite::{Connect, Watch, request_evidence};
    let server = SocketServer::start(|_| Act::close(1013, "")).await.unwrap();
    let url = server.url("/live");
    let address = url.trim_start_matches("ws://").split('/').next().unwrap().to_owned();
    let config = tokio_tungstenite::tungstenite::protocol::WebSocketConfig::default().max_message_size(Some(10));
    let stream = tokio::net::TcpStream::connect(&address).await.unwrap();
    let (mut socket, mut watch) = Connect::new().with_config(config).open_over(url.as_str(), stream).await.unwrap();
    assert_eq!(socket.get_config().max_message_size, Some(10));
    assert!(watch.check(socket.next().await).unwrap_err().is(WavesError::ServerFull));
    let request = url.as_str().into_client_request().unwrap();
    let mut watch: Watch = Watch::new(request_evidence(&request));
    let (mut socket, _) = tokio_tungstenite::connect_async(request).await.unwrap();
    let failure = watch.check(socket.next().await).unwrap_err();
    assert!(failure.is(WavesError::ServerFull) && failure.evidence().url().is_some_and(|sent| sent == url));
    // Frames that arrive with the head of the response are not lost.
    let full = SocketServer::start(|_| Act::text("hello", Ending::Close(1000, String::new()))).await.unwrap();
    // The future can be spawned.
    let url = full.url("/");
    let opened = tokio::spawn(async move { Connect::new().open(url).await }).await.unwrap();
    let (mut socket, mut watch) = opened.unwrap();
    assert_eq!(watch.check(socket.next().await).unwrap().unwrap().into_text().unwrap(), "hello");
    assert!(watch.check(socket.next().await).unwrap().is_none());
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("ws://{}/", silent.local_addr().unwrap());
    let connect = Connect::new().with_timeout(std::time::Duration::from_millis(100));
    let failure = connect.open(url).await.map(drop).unwrap_err();
    assert_eq!(failure.evidence().transport_error(), Some(TransportError::Timeout));
}

#[tokio::test]
async fn send_error_is_connection_lost() {
    let (mut socket, watch) = open(Act::Say(Vec::new(), Ending::Cut)).await.unwrap();
    let error = loop {
        if let Err(error) = socket.send(Message::text("x".repeat(1 << 16))).await {
            break error;
        }
    };
    assert_eq!(watch.failure(&error).kind(), Some(WavesError::ConnectionLost));
}

#[test]
fn reconnect_program_retries_until_a_normal_close() {
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_reconnect"));
    expect_test::expect![[r#"
        429 Too Many Requests: The request exceeded the current rate limit ("rate limit", request id req_ws)
          reconnecting
        Server full: The server has no capacity for another session (closed with 1013, "server at capacity", request id req_ws)
          reconnecting
        heard 5 bytes
        Connection lost: The socket closed before the conversation was complete (closed with 1006, request id req_ws)
          reconnecting
        Concurrency limit reached: The workspace has more open sockets than its limit allows (closed with 1008: "concurrency_limit_reached", request id req_ws)
          reconnecting
        heard 11 bytes
        Connection lost: The socket closed before the conversation was complete (closed with 1012: "restart", request id req_ws)
          reconnecting
        heard 14 bytes
        the server said goodbye
    "#]].assert_eq(&crate::cargo::run(&mut command));
}
