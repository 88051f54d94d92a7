//! A raw HTTP answer, as `curl -i` or a recording of the bytes has it: HTTP/1.1 or the heads that clients print of later
//! versions.

use waves_errors::Evidence;

/// Reads the last answer of several: redirects, proxies and `100 Continue` come before it.
pub(crate) fn read(bytes: &[u8]) -> Result<Evidence, String> {
    let mut rest = bytes.trim_ascii_start();
    let mut answer = Err("an HTTP answer begins with a line such as `HTTP/1.1 429 Too Many Requests`".to_owned());
    while rest.starts_with(b"HTTP/") {
        let head = Head::read(&mut rest)?;
        answer = Ok(head);
    }
    let head = answer?;
    let chunked = head.is_chunked().then(|| unchunked(rest)).flatten();
    let evidence = Evidence::response(head.status).with_body(chunked.as_deref().unwrap_or(rest));
    Ok(head.headers.into_iter().fold(evidence, |evidence, (name, value)| evidence.with_header(&name, value)))
}

/// The status and the headers of an answer.
struct Head {
    status: u16,
    headers: Vec<(String, Vec<u8>)>,
}

impl Head {
    /// Reads to the empty line behind the headers, or to the end.
    fn read(rest: &mut &[u8]) -> Result<Self, String> {
        let first = line(rest).unwrap_or_default();
        let status = first.split(|&b| b == b' ').filter(|word| !word.is_empty()).nth(1).and_then(status);
        let status = status.ok_or_else(|| {
            format!("no status in `{}`", String::from_utf8_lossy(&first[..first.len().min(80)]).escape_debug())
        })?;
        let mut headers: Vec<(String, Vec<u8>)> = Vec::new();
        while let Some(text) = line(rest).filter(|line| !line.is_empty()) {
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

    fn is_chunked(&self) -> bool {
        let chunked = |value: &[u8]| value.to_ascii_lowercase().ends_with(b"chunked");
        self.headers.iter().any(|(name, value)| name.eq_ignore_ascii_case("transfer-encoding") && chunked(value))
    }
}

fn status(word: &[u8]) -> Option<u16> {
    std::str::from_utf8(word).ok()?.parse().ok().filter(|status| (100..=999).contains(status))
}

/// Takes a line, without its end.
fn line<'b>(rest: &mut &'b [u8]) -> Option<&'b [u8]> {
    if rest.is_empty() {
        return None;
    }
    let end = rest.iter().position(|&b| b == b'\n');
    let (line, after) = end.map_or((*rest, &rest[rest.len()..]), |end| (&rest[..end], &rest[end + 1..]));
    *rest = after;
    Some(line.strip_suffix(b"\r").unwrap_or(line))
}

/// The content of chunks. Nothing where these are none: clients that print an answer have put them together already.
fn unchunked(mut rest: &[u8]) -> Option<Vec<u8>> {
    let mut content = Vec::new();
    loop {
        let size = line(&mut rest)?;
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
        if line(&mut rest).is_some_and(|end| !end.is_empty()) {
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
        let evidence = read(text.as_bytes()).unwrap();
        String::from_utf8(evidence.body().unwrap().bytes().to_vec()).unwrap()
    }

    #[test]
    fn last_of_several_responses_is_read() {
        let text = "HTTP/1.1 100 Continue\r\n\r\nHTTP/2 429 \r\nretry-after: 2\r\nx-long: a\r\n b\r\n\r\n{\"a\":1}\n";
        let evidence = read(text.as_bytes()).unwrap();
        assert_eq!(
            (evidence.status(), evidence.header("retry-after"), evidence.header("x-long")),
            (Some(429), Some("2"), Some("a b"))
        );
        assert_eq!(body(text), "{\"a\":1}\n");
        assert_eq!(read(b"HTTP/1.1 401\nX-A: 1").unwrap().header("x-a"), Some("1"));
    }

    #[test]
    fn chunked_bodies_are_decoded_unless_already_decoded() {
        let head = "HTTP/1.1 500 E\r\nTransfer-Encoding: chunked\r\n\r\n";
        assert_eq!(body(&format!("{head}4;x=y\r\nWiki\r\n5\r\npedia\r\n0\r\n\r\n")), "Wikipedia");
        assert_eq!(body(&format!("{head}4\r\nWiki\r\n5\r\npe")), "Wikipe");
        for whole in ["{\"error\":1}", "", "4 words in it", "ffffffffffffffffffff\r\n"] {
            assert_eq!(body(&format!("{head}{whole}")), whole);
        }
    }

    #[test]
    fn invalid_responses_are_rejected() {
        for invalid in ["", "GET / HTTP/1.1", "HTTP/1.1", "HTTP/1.1 OK", "HTTP/1.1 99999 X", "HTTP/"] {
            assert!(read(invalid.as_bytes()).is_err(), "{invalid}");
        }
    }
}
