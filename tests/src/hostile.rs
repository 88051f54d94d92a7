//! Servers that break HTTP, TLS and WebSocket connections in every way that clients meet. They use plain sockets, because server
//! libraries do not send what these servers send.

use std::fmt::Write as _;
use std::io::{self, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

/// The behavior of a server for one connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Closes the connection before it reads the request.
    CloseAtOnce,
    /// Closes the connection after the request.
    CloseAfterRequest,
    /// Resets the connection after the request.
    ResetAfterRequest,
    /// Closes the connection within the status line.
    CutInStatusLine,
    /// Closes the connection within the headers.
    CutInHeaders,
    /// Sends the head one byte at a time, and never completes it.
    SlowHead,
    /// Sends nothing.
    Silence,
    /// Sends headers without end.
    HeaderFlood,
    /// Sends a status line without a status.
    BadStatusLine,
    /// Sends the greeting of another protocol.
    OtherProtocol,
    /// Sends `100 Continue` without end, with pauses.
    InformationalFlood,
    /// Refuses every request with this status.
    Refusal(u16),
    /// Redirects to the same URL without end.
    RedirectLoop,
    /// Sends a chunk whose size is not a number, with this status.
    BadChunk(u16),
    /// Sends less than the announced `Content-Length`, and closes, with this status.
    ShortBody(u16),
    /// Resets the connection within the body, with this status.
    ResetInBody(u16),
    /// Sends bytes that are not gzip as gzip, with this status.
    FalseGzip(u16),
    /// Sends a body without end, with this status.
    EndlessBody(u16),
    /// Sends two different lengths, with this status.
    TwoLengths(u16),
    /// Announces a body and does not send it, with this status.
    SilentBody(u16),
    /// Announces a body, sends this text of it, and then nothing.
    StalledBody(u16, &'static str),
    /// Answers the first request of a connection, and closes it without announcing that.
    StalePool,
    /// HTTP/2: refuses the stream.
    RefusedStream,
    /// HTTP/2: shuts down before the stream is processed.
    GoAway,
    /// HTTP/2: resets the stream with an internal error.
    ResetStream,
    /// WebSocket: refuses the handshake with a chunked body.
    ChunkedRefusal,
    /// WebSocket: refuses the handshake, and sends the body after a pause.
    LateRefusal,
    /// WebSocket: refuses the handshake, and never sends the announced body.
    SilentRefusal,
    /// WebSocket: refuses the handshake with a body without end.
    EndlessRefusal,
    /// WebSocket: sends an empty line before the response that refuses the handshake.
    LateHead,
    /// WebSocket: refuses the handshake with lines that end with LF.
    BareRefusal,
    /// WebSocket: accepts the handshake with a wrong key.
    WrongAccept,
    /// WebSocket: accepts the handshake, and sends a frame with a reserved opcode.
    BadFrame,
    /// WebSocket: accepts the handshake, and announces a frame of 1 TiB.
    HugeFrame,
    /// WebSocket: accepts the handshake, and closes with a code that must not be sent.
    BadClose,
    /// WebSocket: accepts the handshake, and cuts the connection.
    CutSocket,
    /// WebSocket: accepts the handshake, and sends this number of pings without reading the pongs, and then closes with 1013.
    PingFlood(usize),
}

/// The body of the refusals.
pub const REFUSAL: &str = r#"{"status":"error","error_code":"MODEL_DEPRECATED","message":"This model is retired.","recommended_endpoint":"/waves/v1/tts"}"#;

/// Starts a server with this fault. It runs until the process ends.
///
/// # Errors
///
/// Fails if no loopback port is free.
pub fn start(fault: Fault) -> io::Result<SocketAddr> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let address = listener.local_addr()?;
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            // Ignore errors: the client may close the connection at any time.
            thread::spawn(move || drop(serve(fault, stream)));
        }
    });
    Ok(address)
}

/// The number of bodies that were announced and not sent.
static SERVED: AtomicUsize = AtomicUsize::new(0);

/// Returns the number of bodies that servers with [`Fault::SilentBody`] have announced.
pub fn served() -> usize {
    SERVED.load(Ordering::Relaxed)
}

fn serve(fault: Fault, mut stream: TcpStream) -> io::Result<()> {
    match fault {
        Fault::CloseAtOnce => return Ok(()),
        Fault::RefusedStream | Fault::GoAway | Fault::ResetStream => return serve_http2(fault, &mut stream),
        _ => {}
    }
    let request = read_head(&mut stream)?;
    serve_head(fault, &mut stream)?;
    serve_body(fault, &mut stream)?;
    serve_refusal(fault, &mut stream)?;
    serve_socket(fault, &mut stream, &switching(&request))?;
    // Reads what the client still sends: closing with unread bytes resets the connection.
    stream.shutdown(Shutdown::Write)?;
    wait(&mut stream)
}

/// Returns the head of a response.
fn head(status: u16, headers: &str) -> String {
    format!("HTTP/1.1 {status} Hostile\r\nx-request-id: req_hostile\r\n{headers}\r\n")
}

/// Serves the faults before the end of the head.
fn serve_head(fault: Fault, stream: &mut TcpStream) -> io::Result<()> {
    match fault {
        Fault::ResetAfterRequest => reset(stream),
        Fault::CutInStatusLine => stream.write_all(b"HTTP/1.1 2"),
        Fault::CutInHeaders => stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Le"),
        Fault::SlowHead => {
            for byte in b"HTTP/1.1 200 OK\r\nx-slow: ".iter().chain(std::iter::repeat(&b'x')) {
                stream.write_all(&[*byte])?;
                thread::sleep(Duration::from_millis(50));
            }
            Ok(())
        }
        Fault::Silence => wait(stream),
        Fault::HeaderFlood => {
            stream.write_all(b"HTTP/1.1 200 OK\r\n")?;
            loop {
                stream.write_all(&b"x-flood: flood\r\n".repeat(512))?;
            }
        }
        Fault::BadStatusLine => stream.write_all(b"HTTP/1.1 abc Hostile\r\n\r\n"),
        Fault::OtherProtocol => stream.write_all(b"220 mail.example ESMTP\r\n"),
        Fault::InformationalFlood => loop {
            stream.write_all(b"HTTP/1.1 100 Continue\r\n\r\n")?;
            thread::sleep(Duration::from_millis(5));
        },
        Fault::Refusal(status) => stream.write_all(head(status, "content-length: 0\r\n").as_bytes()),
        Fault::RedirectLoop => {
            stream.write_all(head(307, "location: /\r\ncontent-length: 0\r\nconnection: close\r\n").as_bytes())
        }
        Fault::TwoLengths(status) => {
            stream.write_all((head(status, "content-length: 4\r\ncontent-length: 5\r\n") + "RIFF").as_bytes())
        }
        _ => Ok(()),
    }
}

/// Serves the faults in a body.
fn serve_body(fault: Fault, stream: &mut TcpStream) -> io::Result<()> {
    match fault {
        Fault::BadChunk(status) => stream
            .write_all((head(status, "transfer-encoding: chunked\r\n") + "4\r\nRIFF\r\nno size\r\n\r\n").as_bytes()),
        Fault::ShortBody(status) => stream.write_all((head(status, "content-length: 100\r\n") + "RIFF").as_bytes()),
        Fault::ResetInBody(status) => {
            stream.write_all((head(status, "content-length: 100\r\n") + "RIFF").as_bytes())?;
            thread::sleep(Duration::from_millis(50));
            reset(stream)
        }
        Fault::FalseGzip(status) => {
            stream.write_all((head(status, "content-encoding: gzip\r\ncontent-length: 8\r\n") + "not gzip").as_bytes())
        }
        Fault::EndlessBody(status) => {
            stream.write_all(head(status, "transfer-encoding: chunked\r\n").as_bytes())?;
            endless(stream)
        }
        Fault::SilentBody(status) => {
            stream.write_all(head(status, "content-length: 100\r\n").as_bytes())?;
            SERVED.fetch_add(1, Ordering::Relaxed);
            wait(stream)
        }
        Fault::StalledBody(status, text) => {
            stream.write_all((head(status, "content-length: 1000\r\n") + text).as_bytes())?;
            wait(stream)
        }
        Fault::StalePool => stream.write_all((head(200, "content-length: 4\r\n") + "RIFF").as_bytes()),
        _ => Ok(()),
    }
}

/// Serves the refusals of a WebSocket handshake.
fn serve_refusal(fault: Fault, stream: &mut TcpStream) -> io::Result<()> {
    match fault {
        Fault::ChunkedRefusal => {
            let (first, rest) = REFUSAL.split_at(20);
            let mut body = head(410, "transfer-encoding: chunked\r\ncontent-type: application/json\r\n");
            let _ = write!(body, "{:x}\r\n{first}\r\n{:x};ext=1\r\n{rest}\r\n0\r\n\r\n", first.len(), rest.len());
            stream.write_all(body.as_bytes())?;
            wait(stream)
        }
        Fault::LateRefusal => {
            stream.write_all(head(410, &format!("content-length: {}\r\n", REFUSAL.len())).as_bytes())?;
            thread::sleep(Duration::from_millis(200));
            stream.write_all(REFUSAL.as_bytes())?;
            wait(stream)
        }
        Fault::SilentRefusal => {
            stream.write_all(head(410, "content-length: 100\r\n").as_bytes())?;
            wait(stream)
        }
        Fault::EndlessRefusal => {
            stream.write_all(head(410, "transfer-encoding: chunked\r\n").as_bytes())?;
            endless(stream)
        }
        Fault::LateHead => {
            let response = head(410, &format!("content-length: {}\r\n", REFUSAL.len())) + REFUSAL;
            stream.write_all(format!("\r\n\r\n{response}").as_bytes())?;
            wait(stream)
        }
        Fault::BareRefusal => {
            let response = head(410, &format!("content-length: {}\r\n", REFUSAL.len())).replace("\r\n", "\n");
            stream.write_all((response + REFUSAL).as_bytes())?;
            wait(stream)
        }
        Fault::WrongAccept => stream.write_all(
            b"HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\nsec-websocket-accept: AAAA\r\n\r\n",
        ),
        _ => Ok(()),
    }
}

/// Serves the faults of an open WebSocket. `upgraded` is the response that opens it.
fn serve_socket(fault: Fault, stream: &mut TcpStream, upgraded: &str) -> io::Result<()> {
    let frames: &[u8] = match fault {
        Fault::BadFrame => &[0x8b, 0],
        Fault::HugeFrame => &[0x82, 127, 0, 0, 1, 0, 0, 0, 0, 0],
        Fault::BadClose => &[0x88, 6, 0x03, 0xee, b'g', b'o', b'n', b'e'],
        Fault::CutSocket | Fault::PingFlood(_) => &[],
        _ => return Ok(()),
    };
    stream.write_all(&[upgraded.as_bytes(), frames].concat())?;
    match fault {
        Fault::HugeFrame => endless(stream),
        Fault::BadFrame | Fault::BadClose => wait(stream),
        Fault::PingFlood(count) => {
            let pings = [&[0x89, 125][..], &[b'x'; 125]].concat().repeat(100);
            for _ in 0..count / 100 {
                stream.write_all(&pings)?;
            }
            stream.write_all(&[0x88, 2, 0x03, 0xf5])?;
            wait(stream)
        }
        _ => Ok(()),
    }
}

/// Returns the response to a WebSocket handshake.
fn switching(request: &str) -> String {
    let key = request.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("sec-websocket-key").then(|| value.trim())
    });
    let accept = tokio_tungstenite::tungstenite::handshake::derive_accept_key(key.unwrap_or_default().as_bytes());
    format!(
        "HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\nsec-websocket-accept: {accept}\r\n\r\n"
    )
}

/// Reads a request up to the end of its head.
fn read_head(stream: &mut TcpStream) -> io::Result<String> {
    let (mut head, mut buffer) = (Vec::new(), [0; 4096]);
    // A TLS handshake has no empty line, and is shorter than a buffer.
    while !head.windows(4).any(|window| window == b"\r\n\r\n") && head.first() != Some(&0x16) {
        match stream.read(&mut buffer)? {
            0 => return Err(io::ErrorKind::UnexpectedEof.into()),
            length => head.extend_from_slice(&buffer[..length]),
        }
    }
    Ok(String::from_utf8_lossy(&head).into_owned())
}

/// Waits until the client closes the connection.
fn wait(stream: &mut TcpStream) -> io::Result<()> {
    let mut buffer = [0; 4096];
    while stream.read(&mut buffer)? > 0 {}
    Ok(())
}

/// Sends chunks of 64 KiB until the client closes the connection.
fn endless(stream: &mut TcpStream) -> io::Result<()> {
    let chunk = [b"10000\r\n", &vec![b'x'; 0x10000][..], b"\r\n"].concat();
    loop {
        stream.write_all(&chunk)?;
    }
}

/// Makes the end of the connection a reset.
fn reset(stream: &TcpStream) -> io::Result<()> {
    socket2::SockRef::from(stream).set_linger(Some(Duration::ZERO))
}

/// Serves a request over HTTP/2 with prior knowledge.
fn serve_http2(fault: Fault, stream: &mut TcpStream) -> io::Result<()> {
    let frame = |kind: u8, flags: u8, id: u32, payload: &[u8]| {
        let length = u32::try_from(payload.len()).unwrap_or_default().to_be_bytes();
        [&length[1..], &[kind, flags][..], &id.to_be_bytes()[..], payload].concat()
    };
    let mut preface = [0; 24];
    stream.read_exact(&mut preface)?;
    stream.write_all(&frame(4, 0, 0, &[]))?;
    let mut head = [0; 9];
    loop {
        stream.read_exact(&mut head)?;
        let length = u32::from_be_bytes([0, head[0], head[1], head[2]]);
        io::copy(&mut Read::by_ref(stream).take(u64::from(length)), &mut io::sink())?;
        let (kind, flags) = (head[3], head[4]);
        let id = u32::from_be_bytes([head[5], head[6], head[7], head[8]]);
        match kind {
            // The settings of the client.
            4 if flags & 1 == 0 => stream.write_all(&frame(4, 1, 0, &[]))?,
            // The headers of a request.
            1 => match fault {
                Fault::RefusedStream => stream.write_all(&frame(3, 0, id, &7_u32.to_be_bytes()))?,
                Fault::ResetStream => stream.write_all(&frame(3, 0, id, &2_u32.to_be_bytes()))?,
                // The last processed stream is 0.
                _ => {
                    stream.write_all(&frame(7, 0, 0, &[0; 8]))?;
                    stream.shutdown(Shutdown::Write)?;
                }
            },
            _ => {}
        }
    }
}
