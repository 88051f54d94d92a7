//! What `curl -v` prints: `>` lines of the request, `<` lines of the answer, `*` remarks, and the body without a prefix.
//! The credentials in it are read, and never repeated.

use waves_errors::{Evidence, Transport};

use super::http;

/// The request and the answer that came last.
#[derive(Default)]
struct Exchange<'b> {
    /// The request's line, then its headers.
    sent: Vec<&'b [u8]>,
    /// The lines of the answer's head.
    received: Vec<&'b [u8]>,
    body: Vec<u8>,
    encrypted: bool,
}

/// Which lines come next.
#[derive(PartialEq, Eq)]
enum State {
    /// Remarks, or the body.
    Other,
    Sent,
    Received,
}

/// Reads the last of several requests and answers: redirects and proxies come before it.
pub(crate) fn read(bytes: &[u8]) -> Result<Evidence, String> {
    let mut exchange = Exchange::default();
    let mut state = State::Other;
    for line in bytes.split_inclusive(|&b| b == b'\n') {
        let content = line.trim_ascii_end();
        if let Some(rest) = prefixed(line, b'>') {
            if state != State::Sent {
                exchange = Exchange { encrypted: exchange.encrypted, ..Exchange::default() };
            }
            state = State::Sent;
            exchange.sent.push(rest);
        } else if let Some(rest) = prefixed(line, b'<') {
            // After `100 Continue`, or the answer of a proxy, another head begins.
            if rest.starts_with(b"HTTP/") {
                exchange.received.clear();
                exchange.body.clear();
            }
            state = State::Received;
            exchange.received.push(rest);
        } else if content.starts_with(b"* ") || content == b"*" || is_count(content) {
            exchange.encrypted |= [&b"* TLS"[..], b"* SSL", b"* ALPN"].iter().any(|start| content.starts_with(start));
            // A request's lines may be interrupted by remarks; what follows them is still the same request.
        } else if !exchange.received.is_empty() {
            exchange.body.extend_from_slice(without_remark(line));
        }
    }
    evidence(&exchange)
}

/// What stands behind curl's sign. The empty line at the end of a head has the sign alone.
fn prefixed(line: &[u8], sign: u8) -> Option<&[u8]> {
    let rest = line.strip_prefix(&[sign])?;
    let rest = rest.strip_prefix(b" ").or_else(|| rest.trim_ascii().is_empty().then_some(&b""[..]))?;
    Some(rest.trim_ascii_end())
}

/// `{ [52 bytes data]` and `} [16 bytes data]`.
fn is_count(line: &[u8]) -> bool {
    let rest = line.strip_prefix(b"{ [").or_else(|| line.strip_prefix(b"} ["));
    rest.is_some_and(|rest| rest.ends_with(b" bytes data]") && rest[..rest.len() - 12].iter().all(u8::is_ascii_digit))
}

/// A line of the body; one without an end may have curl's last remark behind it.
fn without_remark(line: &[u8]) -> &[u8] {
    let remarks =
        [&b"* Connection #"[..], b"* Closing connection", b"* closing connection", b"* shutting down connection"];
    let at = remarks.iter().filter_map(|remark| line.windows(remark.len()).rposition(|window| window == *remark));
    at.max().map_or(line, |at| &line[..at])
}

fn evidence(exchange: &Exchange<'_>) -> Result<Evidence, String> {
    let mut evidence = Evidence::new();
    if exchange.received.is_empty() && exchange.sent.is_empty() {
        return Err("no request and no answer: `curl -v` marks them with `>` and `<`".into());
    }
    if !exchange.received.is_empty() {
        let head: Vec<_> = exchange.received.iter().copied().filter(|line| !line.is_empty()).collect();
        let mut raw = head.join(&b"\n"[..]);
        raw.extend_from_slice(b"\n\n");
        // With `-i` the head is there a second time, in front of the body.
        if exchange.body.starts_with(b"HTTP/") {
            raw.clear();
        }
        raw.extend_from_slice(&exchange.body);
        evidence = http::read(&raw)?;
    }
    let mut lines = exchange.sent.iter().filter(|line| !line.is_empty());
    let Some(first) = lines.next() else { return Ok(evidence) };
    let first = String::from_utf8_lossy(first);
    let mut words = first.split(' ');
    let (method, target) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let mut host = String::new();
    for line in lines {
        let Some(colon) = line.iter().position(|&b| b == b':') else { continue };
        let name = String::from_utf8_lossy(line[..colon].trim_ascii()).into_owned();
        // Only the space that separates: what follows may be a mistake.
        let value = line[colon + 1..].strip_prefix(b" ").unwrap_or(&line[colon + 1..]);
        if name.eq_ignore_ascii_case("host") {
            String::from_utf8_lossy(value).trim().clone_into(&mut host);
        }
        if name.eq_ignore_ascii_case("upgrade") && value.eq_ignore_ascii_case(b"websocket") {
            evidence = evidence.transport(Transport::WebSocket);
        }
        evidence = evidence.request_header(&name, value);
    }
    let scheme = if exchange.encrypted || host.ends_with(":443") { "https" } else { "http" };
    let url = if target.contains("://") || host.is_empty() {
        target.to_owned()
    } else {
        format!("{scheme}://{host}{target}")
    };
    Ok(evidence.request(method, url).all_request_headers())
}

#[cfg(test)]
mod tests {
    use super::*;

    const OUTPUT: &str = "*   Trying 127.0.0.1:8080...\n* Connected to localhost (127.0.0.1) port 8080\n\
        * using HTTP/1.x\n> POST /waves/v1/tts?token=sk_x HTTP/1.1\r\n> Host: localhost:8080\r\n> User-Agent: curl/8.14.1\r\n\
        > Authorization: Bearer  sk_0123456789 \r\n> \r\n} [16 bytes data]\n* upload completely sent off: 16 bytes\n\
        < HTTP/1.1 100 Continue\r\n< \r\n< HTTP/1.1 401 Unauthorized\r\n< x-request-id: req_1\r\n< \r\n{ [52 bytes data]\n";

    fn body(evidence: &Evidence) -> &str {
        std::str::from_utf8(evidence.answer().unwrap().kept()).unwrap()
    }

    #[test]
    fn request_and_answer_are_read() {
        let text = format!("{OUTPUT}{{\n  \"message\": \"no\"\n}}* Connection #0 to host localhost left intact\n");
        let evidence = read(text.as_bytes()).unwrap();
        assert_eq!(
            (evidence.method(), evidence.url()),
            (Some("POST"), Some("http://localhost:8080/waves/v1/tts?token=sk_x"))
        );
        assert_eq!((evidence.status(), evidence.header_text("x-request-id")), (Some(401), Some("req_1")));
        assert_eq!(body(&evidence), "{\n  \"message\": \"no\"\n}");
        let key = evidence.request_headers().find(|(name, _)| *name == "authorization").unwrap().1;
        assert_eq!((key, evidence.has_all_request_headers()), (&b"Bearer  sk_0123456789"[..], true));
        let after = format!("{OUTPUT}* Connection #0 to host localhost left intact\n<html>\n<body>no</body>");
        assert_eq!(body(&read(after.as_bytes()).unwrap()), "<html>\n<body>no</body>");
    }

    #[test]
    fn later_versions_and_later_requests_are_read() {
        let text = "* SSL connection using TLSv1.3\n* [HTTP/2] [1] OPENED stream for https://h/\n\
            * [HTTP/2] [1] [authorization: Bearer sk_0123456789]\n> GET /one HTTP/2\n> Host: h\n> \n* Request completely sent off\n\
            < HTTP/2 302 \n< location: /two\n< \n* Issue another request\n> GET /two HTTP/2\n> Host: h\n> \n< HTTP/2 429 \n\
            < retry-after: 2\n< \nHTTP/2 429 \nretry-after: 2\n\nslow down";
        let evidence = read(text.as_bytes()).unwrap();
        assert_eq!((evidence.url(), evidence.status()), (Some("https://h/two"), Some(429)));
        assert_eq!((evidence.header_text("retry-after"), body(&evidence)), (Some("2"), "slow down"));
        assert!(evidence.request_headers().all(|(name, _)| name != "authorization"));
    }

    #[test]
    fn a_request_without_an_answer_is_one() {
        let evidence = read(b"> GET / HTTP/1.1\n> Host: h\n>\n* Empty reply from server\n").unwrap();
        assert_eq!((evidence.status(), evidence.url()), (None, Some("http://h/")));
        assert!(read(b"* Could not resolve host\n").is_err() && read(b"").is_err() && read(b"> ").is_ok());
    }
}
