//! Parses the output of `curl -v`: `>` lines of the request, `<` lines of the response, `*` remarks, and the body
//! without a prefix. Credentials in it are parsed, but never printed.

use waves_errors::{Evidence, Transport, TransportError};
use waves_errors_catalog::transport_error;

use super::http;

/// The last request and its response.
#[derive(Default)]
struct Transcript<'b> {
    /// The request line and the headers of the request.
    sent: Vec<&'b [u8]>,
    /// The status line and the headers of the response.
    received: Vec<&'b [u8]>,
    body: Vec<u8>,
    encrypted: bool,
    transport_error: Option<TransportError>,
}

/// The current part of the output.
#[derive(PartialEq, Eq)]
enum State {
    /// Notes of curl.
    Other,
    Sent,
    Received,
    Body,
}

/// The prefixes of curl's notes after a response. Any other line with a star is part of the body.
const REMARKS: [&[u8]; 24] = [
    b"* Connection",
    b"* Closing",
    b"* closing",
    b"* shutting",
    b"* Issue another",
    b"* Ignoring",
    b"* Mark bundle",
    b"* Re-using",
    b"* Found bundle",
    b"* TLS",
    b"* SSL",
    b"* ALPN",
    b"* HTTP",
    b"* upload",
    b"* Request completely",
    b"* Excess",
    b"* transfer closed",
    b"* Operation",
    b"* Recv failure",
    b"* [HTTP",
    b"*   Trying",
    b"* Connected",
    b"* Host ",
    b"* Added",
];

/// Parses the last of several requests and responses, which follows those of redirects and proxies.
pub(crate) fn parse(bytes: &[u8]) -> Result<Evidence, String> {
    let mut transcript = Transcript::default();
    // A response can repeat the secrets of earlier requests, such as one to a proxy.
    let mut earlier = Vec::new();
    let mut state = State::Other;
    for line in bytes.split_inclusive(|&b| b == b'\n') {
        let line = strip_meter(line);
        let trimmed = line.trim_ascii_end();
        let sent = strip_sign(line, b'>').filter(|rest| state == State::Sent || is_request(rest));
        if let Some(rest) = sent {
            if state != State::Sent {
                earlier.push(transcript.with_request(transcript.cookies()));
                transcript = Transcript { encrypted: transcript.encrypted, ..Transcript::default() };
            }
            state = State::Sent;
            transcript.sent.push(rest);
        } else if let Some(rest) =
            strip_sign(line, b'<').filter(|rest| state != State::Body || rest.starts_with(b"HTTP/"))
        {
            // After `100 Continue`, or the response of a proxy, another head starts.
            if rest.starts_with(b"HTTP/") {
                transcript.received.clear();
                transcript.body.clear();
            }
            state = if rest.is_empty() { State::Body } else { State::Received };
            // Earlier errors were those of another attempt to connect.
            transcript.transport_error = None;
            transcript.received.push(rest);
        } else if is_byte_count(trimmed) || trimmed.starts_with(b"curl: (") {
            transcript.handle_remark(trimmed);
        } else if state == State::Body && !REMARKS.iter().any(|remark| trimmed.starts_with(remark)) {
            let (content, remark) = split_remark(line);
            transcript.body.extend_from_slice(content);
            transcript.handle_remark(remark);
        } else if trimmed.starts_with(b"*") {
            // Remarks may occur between the lines of a request.
            transcript.handle_remark(trimmed);
        }
    }
    evidence(&transcript).map(|evidence| earlier.into_iter().fold(evidence, Evidence::with_earlier_request))
}

impl Transcript<'_> {
    fn handle_remark(&mut self, line: &[u8]) {
        let original = String::from_utf8_lossy(line);
        let text = original.to_ascii_lowercase();
        self.encrypted |= ["* tls", "* ssl", "* alpn"].iter().any(|start| text.starts_with(start))
            || text.contains("stream for https://");
        self.transport_error = transport_error(&original).or(self.transport_error);
    }
}

/// Returns whether a line is the first of a request.
fn is_request(line: &[u8]) -> bool {
    let mut words = line.split(|&b| b == b' ');
    let method = words.next().is_some_and(|word| !word.is_empty() && word.iter().all(u8::is_ascii_uppercase));
    method && words.next_back().is_some_and(|version| version.starts_with(b"HTTP/"))
}

/// Returns a line without curl's sign. The empty line at the end of a head consists of the sign only. Trailing spaces
/// are kept, because they may be the cause of the error.
fn strip_sign(line: &[u8], sign: u8) -> Option<&[u8]> {
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    let rest = line.strip_suffix(b"\r").unwrap_or(line).strip_prefix(&[sign])?;
    rest.strip_prefix(b" ").or_else(|| rest.trim_ascii().is_empty().then_some(&b""[..]))
}

/// Returns whether a line is a byte count: `{ [52 bytes data]` or `} [16 bytes data]`.
fn is_byte_count(line: &[u8]) -> bool {
    let rest = line.strip_prefix(b"{ [").or_else(|| line.strip_prefix(b"} ["));
    rest.is_some_and(|rest| rest.ends_with(b" bytes data]") && rest[..rest.len() - 12].iter().all(u8::is_ascii_digit))
}

/// Returns a line without curl's progress meter: `  0     0 ... --:--:-- --:--:-- --:--:--     0`.
fn strip_meter(line: &[u8]) -> &[u8] {
    if line.trim_ascii_start().starts_with(b"% Total") || line.windows(6).any(|window| window == b"Dload ") {
        return &[];
    }
    let is_clock = |window: &[u8]| {
        window == b"--:--" || window[2] == b':' && [0, 1, 3, 4].iter().all(|&at| window[at].is_ascii_digit())
    };
    let has_meter = line.contains(&b'\r') && line.windows(8).any(|window| window == b"--:--:--");
    let Some(last) = line.windows(5).rposition(is_clock).filter(|_| has_meter) else { return line };
    let rest = &line[last + 5..];
    let end = rest.iter().position(|b| !(b.is_ascii_digit() || b" .kMG".contains(b))).unwrap_or(rest.len());
    &rest[end..]
}

/// Splits a line of the body before curl's last remark, which follows a body without a final line end.
fn split_remark(line: &[u8]) -> (&[u8], &[u8]) {
    let remarks = [
        &b"* Connection #"[..],
        b"* Closing connection",
        b"* closing connection",
        b"* shutting down connection",
        b"* transfer closed",
        b"curl: (",
    ];
    let at = remarks.iter().filter_map(|remark| line.windows(remark.len()).rposition(|window| window == *remark));
    line.split_at(at.max().unwrap_or(line.len()))
}

fn evidence(transcript: &Transcript<'_>) -> Result<Evidence, String> {
    let mut evidence = Evidence::new();
    if transcript.received.is_empty() && transcript.sent.is_empty() && transcript.transport_error.is_none() {
        return Err("no request and no response; `curl -v` marks their lines with `>` and `<`".into());
    }
    if !transcript.received.is_empty() {
        let head: Vec<_> = transcript.received.iter().copied().filter(|line| !line.is_empty()).collect();
        let mut raw = head.join(&b"\n"[..]);
        raw.extend_from_slice(b"\n\n");
        // With `-i`, the head is repeated before the body.
        if transcript.body.starts_with(b"HTTP/") {
            raw.clear();
        }
        raw.extend_from_slice(&transcript.body);
        (evidence, _) = http::parse(&raw)?;
    }
    // After the head of a response, it interrupted the body.
    evidence = transcript.transport_error.into_iter().fold(evidence, Evidence::with_transport_error);
    Ok(transcript.with_request(evidence))
}

impl Transcript<'_> {
    /// Returns the cookies that the response sets, which later requests send.
    fn cookies(&self) -> Evidence {
        let headers =
            self.received.iter().filter_map(|line| line.split_at_checked(line.iter().position(|&b| b == b':')?));
        let cookies = headers.filter(|(name, _)| name.eq_ignore_ascii_case(b"set-cookie"));
        cookies
            .fold(Evidence::new(), |evidence, (_, value)| evidence.with_header("set-cookie", value[1..].trim_ascii()))
    }

    /// Adds the request to evidence.
    fn with_request(&self, mut evidence: Evidence) -> Evidence {
        let mut lines = self.sent.iter().filter(|line| !line.is_empty());
        let Some(request_line) = lines.next() else { return evidence };
        let request_line = String::from_utf8_lossy(request_line);
        let mut words = request_line.split(' ');
        let (method, target) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
        let mut host = String::new();
        for line in lines {
            let Some(colon) = line.iter().position(|&b| b == b':') else { continue };
            let name = String::from_utf8_lossy(line[..colon].trim_ascii()).into_owned();
            // Strips a single space: further spaces may be the cause of the error.
            let value = line[colon + 1..].strip_prefix(b" ").unwrap_or(&line[colon + 1..]);
            if name.eq_ignore_ascii_case("host") {
                String::from_utf8_lossy(value).trim().clone_into(&mut host);
            }
            if name.eq_ignore_ascii_case("upgrade") && value.eq_ignore_ascii_case(b"websocket") {
                evidence = evidence.with_transport(Transport::WebSocket);
            }
            evidence = evidence.with_request_header(&name, value);
        }
        let scheme = if self.encrypted || host.ends_with(":443") { "https" } else { "http" };
        let url = if method == "CONNECT" {
            format!("https://{}", target.trim_end_matches(":443"))
        } else if target.contains("://") || host.is_empty() {
            target.to_owned()
        } else {
            format!("{scheme}://{host}{target}")
        };
        evidence.with_request(method, url).with_all_request_headers()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OUTPUT: &str = "*   Trying 127.0.0.1:8080...\n* Connected to localhost (127.0.0.1) port 8080\n\
        * using HTTP/1.x\n> POST /waves/v1/tts?token=sk_x HTTP/1.1\r\n> Host: localhost:8080\r\n> User-Agent: curl/8.14.1\r\n\
        > Authorization: Bearer  sk_0123456789 \r\n> \r\n} [16 bytes data]\n* upload completely sent off: 16 bytes\n\
        < HTTP/1.1 100 Continue\r\n< \r\n< HTTP/1.1 401 Unauthorized\r\n< x-request-id: req_1\r\n< \r\n{ [52 bytes data]\n";

    fn body(evidence: &Evidence) -> &str {
        std::str::from_utf8(evidence.body().unwrap().bytes()).unwrap()
    }

    #[test]
    fn request_and_response_are_parsed() {
        let text = format!("{OUTPUT}{{\n  \"message\": \"no\"\n}}* Connection #0 to host localhost left intact\n");
        let evidence = parse(text.as_bytes()).unwrap();
        assert_eq!(
            (evidence.method(), evidence.url()),
            (Some("POST"), Some("http://localhost:8080/waves/v1/tts?token=sk_x"))
        );
        assert_eq!((evidence.status(), evidence.header("x-request-id")), (Some(401), Some("req_1")));
        assert_eq!(body(&evidence), "{\n  \"message\": \"no\"\n}");
        let key = evidence.request_headers().find(|(name, _)| *name == "authorization").unwrap().1;
        assert_eq!((key, evidence.has_all_request_headers()), (&b"Bearer  sk_0123456789 "[..], true));
        let after = format!("{OUTPUT}* Connection #0 to host localhost left intact\n<html>\n<body>no</body>");
        assert_eq!(body(&parse(after.as_bytes()).unwrap()), "<html>\n<body>no</body>");
    }

    #[test]
    fn http_2_and_last_request_are_parsed() {
        let text = "* SSL connection using TLSv1.3\n* [HTTP/2] [1] OPENED stream for https://h/\n\
            * [HTTP/2] [1] [authorization: Bearer sk_0123456789]\n> GET /one HTTP/2\n> Host: h\n> \n* Request completely sent off\n\
            < HTTP/2 302 \n< location: /two\n< \n* Issue another request\n> GET /two HTTP/2\n> Host: h\n> \n< HTTP/2 429 \n\
            < retry-after: 2\n< \nHTTP/2 429 \nretry-after: 2\n\nslow down";
        let evidence = parse(text.as_bytes()).unwrap();
        assert_eq!((evidence.url(), evidence.status()), (Some("https://h/two"), Some(429)));
        assert_eq!((evidence.header("retry-after"), body(&evidence)), (Some("2"), "slow down"));
        assert!(evidence.request_headers().all(|(name, _)| name != "authorization"));
    }

    #[test]
    fn meter_and_remarks_are_removed_from_body() {
        let text = "  % Total    % Received % Xferd  Average Speed   Time    Time     Time  Current\n\
            \x20                                Dload  Upload   Total   Spent    Left  Speed\n\
            \r  0     0    0     0    0     0      0      0 --:--:-- --:--:-- --:--:--     0*   Trying 127.0.0.1:80...\n\
            > POST /x HTTP/1.1\r\n> Authorization: Bearer sk_0123456789 \r\n> \r\n< HTTP/1.1 500 Oops\r\n< \r\n{ [20 bytes data]\n\
            \r100    20  100    20    0     0   2000      0 --:--:-- --:--:-- --:--:--  2000# Report\n* item\n> quoted\n\
            curl: (22) The requested URL returned error: 500\n";
        let evidence = parse(text.as_bytes()).unwrap();
        assert_eq!(
            (evidence.status(), evidence.method(), body(&evidence)),
            (Some(500), Some("POST"), "# Report\n* item\n> quoted\n")
        );
        let key = evidence.request_headers().find(|(name, _)| *name == "authorization").unwrap().1;
        assert_eq!(key, b"Bearer sk_0123456789 ");
        let proxy = parse(b"> CONNECT h:443 HTTP/1.1\n> Host: h:443\n> \n< HTTP/1.1 407 No\n< \n").unwrap();
        assert_eq!(proxy.url(), Some("https://h"));
    }

    #[test]
    fn error_after_the_head_interrupts_the_body() {
        let head = "* connect to ::1 port 443 failed: Connection refused\n> GET / HTTP/1.1\n> Host: h\n> \n< HTTP/1.1 200 OK\n< \n";
        for (rest, error) in [
            ("abc\ncurl: (28) Operation timed out after 5001 milliseconds\n", Some(TransportError::Timeout)),
            ("abccurl: (56) Recv failure: Connection reset by peer\n", Some(TransportError::Interrupted)),
            ("abc* transfer closed with 7 bytes remaining to read\n", Some(TransportError::Interrupted)),
            ("abc* Connection #0 to host h left intact\n", None),
        ] {
            let evidence = parse(format!("{head}{rest}").as_bytes()).unwrap();
            assert_eq!((evidence.status(), evidence.transport_error()), (Some(200), error), "{rest}");
            assert!(body(&evidence).starts_with("abc"));
        }
    }

    #[test]
    fn request_without_response_is_parsed() {
        let evidence = parse(b"> GET / HTTP/1.1\n> Host: h\n>\n* Empty reply from server\n").unwrap();
        assert_eq!((evidence.status(), evidence.url()), (None, Some("http://h/")));
        assert!(parse(b"* Hello\n").is_err() && parse(b"").is_err() && parse(b"> ").is_err());
        let transport_error = |text: &str| parse(text.as_bytes()).unwrap().transport_error();
        assert_eq!(
            transport_error(
                "* Could not resolve host: h\n* Closing connection 0\ncurl: (6) Could not resolve host: h\n"
            ),
            Some(TransportError::Connect)
        );
        assert_eq!(
            transport_error("> GET / HTTP/1.1\n> Host: h\n> \n* Operation timed out after 5001 ms\n"),
            Some(TransportError::Timeout)
        );
        assert_eq!(transport_error("* SSL certificate problem: self-signed certificate\n"), Some(TransportError::Tls));
        assert_eq!(
            transport_error("> GET / HTTP/1.1\n> \n* Empty reply from server\n"),
            Some(TransportError::Interrupted)
        );
    }
}
