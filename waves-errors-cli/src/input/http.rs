//! Parses a raw HTTP response, as printed by `curl -i` or recorded: HTTP/1.1, or the heads that clients print for later
//! versions.

use waves_errors::Evidence;

/// Parses the last of several responses, and returns it with the number of responses. The heads of redirects, proxies and
/// `100 Continue`, which have no body here, do not count.
pub(crate) fn parse(bytes: &[u8]) -> Result<(Evidence, usize), String> {
    let mut rest = bytes.trim_ascii_start();
    let mut head = Err("expected a status line such as `HTTP/1.1 429 Too Many Requests`".to_owned());
    let mut responses = 1;
    while rest.starts_with(b"HTTP/") {
        let next = Head::parse(&mut rest)?;
        if let Some(response) = next.next_response(rest) {
            rest = response;
            responses += 1;
        }
        head = Ok(next);
    }
    let head = head?;
    let chunked = head.is_chunked().then(|| decode_chunked(rest)).flatten();
    let evidence = Evidence::response(head.status).with_body(chunked.as_deref().unwrap_or(rest));
    let evidence =
        head.headers.into_iter().fold(evidence, |evidence, (name, value)| evidence.with_header(&name, value));
    Ok((evidence, responses))
}

/// The status and the headers of a response.
struct Head {
    status: u16,
    headers: Vec<(String, Vec<u8>)>,
}

impl Head {
    /// Parses up to the empty line after the headers, or to the end.
    fn parse(rest: &mut &[u8]) -> Result<Self, String> {
        let first = take_line(rest).unwrap_or_default();
        let status =
            parse_status_line(first).ok_or("invalid status line: the status must be a number from 100 to 999")?;
        let mut headers: Vec<(String, Vec<u8>)> = Vec::new();
        while let Some(text) = take_line(rest).filter(|line| !line.is_empty()) {
            let folded = text.starts_with(b" ") || text.starts_with(b"\t");
            match (headers.last_mut(), text.iter().position(|&b| b == b':')) {
                (Some((_, value)), _) if folded => {
                    value.push(b' ');
                    value.extend_from_slice(text.trim_ascii());
                }
                (_, Some(colon)) => {
                    let name = String::from_utf8_lossy(text[..colon].trim_ascii()).into_owned();
                    headers.push((name, text[colon + 1..].trim_ascii().to_vec()));
                }
                _ => {}
            }
        }
        Ok(Self { status, headers })
    }

    /// Returns the next response after the body of this one, if there is one.
    fn next_response<'b>(&self, body: &'b [u8]) -> Option<&'b [u8]> {
        if body.starts_with(b"HTTP/") {
            return None;
        }
        let length = self.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("content-length"));
        let length = length.and_then(|(_, value)| std::str::from_utf8(value).ok()?.parse().ok());
        let after = length.and_then(|length: usize| body.get(length..)).map(<[u8]>::trim_ascii_start);
        if let Some(after) = after.filter(|after| is_response(after)) {
            return Some(after);
        }
        // A JSON or HTML body may have no final line end.
        let is_start = |at: usize| at.checked_sub(1).is_some_and(|before| b"\n}]>".contains(&body[before]));
        let starts = body.windows(5).enumerate().filter(|(at, window)| *window == b"HTTP/" && is_start(*at));
        starts.map(|(at, _)| &body[at..]).find(|rest| is_response(rest))
    }

    fn is_chunked(&self) -> bool {
        let chunked = |value: &[u8]| value.to_ascii_lowercase().ends_with(b"chunked");
        self.headers.iter().any(|(name, value)| name.eq_ignore_ascii_case("transfer-encoding") && chunked(value))
    }
}

/// Returns whether bytes start with a status line and a header. A body can contain the text of a status line.
fn is_response(mut bytes: &[u8]) -> bool {
    if !bytes.starts_with(b"HTTP/") || take_line(&mut bytes).and_then(parse_status_line).is_none() {
        return false;
    }
    let name = take_line(&mut bytes).and_then(|line| line.split(|&b| b == b':').next());
    name.is_some_and(|name| name.iter().all(|&b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_')))
}

fn parse_status_line(line: &[u8]) -> Option<u16> {
    let word = line.split(|&b| b == b' ').filter(|word| !word.is_empty()).nth(1)?;
    // `parse` accepts a sign.
    let digits = Some(word).filter(|word| word.iter().all(u8::is_ascii_digit))?;
    std::str::from_utf8(digits).ok()?.parse().ok().filter(|status| (100..=999).contains(status))
}

/// Takes a line, without its line end.
fn take_line<'b>(rest: &mut &'b [u8]) -> Option<&'b [u8]> {
    if rest.is_empty() {
        return None;
    }
    let end = rest.iter().position(|&b| b == b'\n');
    let (line, after) = end.map_or((*rest, &rest[rest.len()..]), |end| (&rest[..end], &rest[end + 1..]));
    *rest = after;
    Some(line.strip_suffix(b"\r").unwrap_or(line))
}

/// Decodes a chunked body. Returns `None` if it is not chunked: most clients print the decoded body.
fn decode_chunked(mut rest: &[u8]) -> Option<Vec<u8>> {
    let mut content = Vec::new();
    loop {
        let size = take_line(&mut rest)?;
        let size = size.split(|&b| b == b';').next()?.trim_ascii();
        let size = usize::from_str_radix(std::str::from_utf8(size).ok()?, 16).ok()?;
        if size == 0 {
            return Some(content);
        }
        let Some((chunk, after)) = rest.split_at_checked(size) else {
            // The recording ends within the chunk.
            content.extend_from_slice(rest);
            return Some(content);
        };
        content.extend_from_slice(chunk);
        rest = after;
        if take_line(&mut rest).is_some_and(|end| !end.is_empty()) {
            return None;
        }
        if rest.is_empty() {
            return Some(content);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body(text: &str) -> String {
        let (evidence, _) = parse(text.as_bytes()).unwrap();
        String::from_utf8(evidence.body().unwrap().bytes().to_vec()).unwrap()
    }

    #[test]
    fn last_response_is_parsed() {
        let text = "HTTP/1.1 100 Continue\r\n\r\nHTTP/2 429 \r\nretry-after: 2\r\nx-long: a\r\n b\r\n\r\n{\"a\":1}\n";
        let (evidence, responses) = parse(text.as_bytes()).unwrap();
        assert_eq!(responses, 1);
        assert_eq!(
            (evidence.status(), evidence.header("retry-after"), evidence.header("x-long")),
            (Some(429), Some("2"), Some("a b"))
        );
        assert_eq!(body(text), "{\"a\":1}\n");
        assert_eq!(parse(b"HTTP/1.1 401\nX-A: 1").unwrap().0.header("x-a"), Some("1"));
    }

    #[test]
    fn last_of_several_responses_with_bodies_is_parsed() {
        for text in [
            "HTTP/1.1 500 E\r\nContent-Length: 4\r\n\r\nboomHTTP/1.1 429 T\r\nContent-Length: 4\r\n\r\nslow",
            "HTTP/2 500\r\nx: y\r\n\r\nboom\nHTTP/2 429 \r\n\r\nslow",
            "HTTP/2 500\n\nboom\n\nHTTP/2 429\nx: y\n\nslow",
            "HTTP/2 500\n\n{\"a\":1}HTTP/2 429\nx: y\n\nslow",
        ] {
            let (evidence, responses) = parse(text.as_bytes()).unwrap();
            assert_eq!((evidence.status(), responses), (Some(429), 2), "{text}");
            assert_eq!(body(text), "slow");
        }
        let quoted = "HTTP/2 500\n\nThe upstream sent:\nHTTP/1.1 502 Bad Gateway\nTry later.\n";
        assert_eq!(parse(quoted.as_bytes()).unwrap().0.status(), Some(500));
    }

    #[test]
    fn chunked_body_is_decoded_once() {
        let head = "HTTP/1.1 500 E\r\nTransfer-Encoding: chunked\r\n\r\n";
        assert_eq!(body(&format!("{head}4;x=y\r\nWiki\r\n5\r\npedia\r\n0\r\n\r\n")), "Wikipedia");
        assert_eq!(body(&format!("{head}4\r\nWiki\r\n5\r\npe")), "Wikipe");
        for whole in ["{\"error\":1}", "", "4 words in it", "ffffffffffffffffffff\r\n"] {
            assert_eq!(body(&format!("{head}{whole}")), whole);
        }
    }

    #[test]
    fn invalid_response_is_rejected() {
        for bad in ["", "GET / HTTP/1.1", "HTTP/1.1", "HTTP/1.1 OK", "HTTP/1.1 99999 X", "HTTP/1.1 +429 X", "HTTP/"] {
            assert!(parse(bad.as_bytes()).is_err(), "{bad}");
        }
    }
}
