//! The parts of a URL. Any text is accepted: a URL in evidence can be malformed.

/// Returns the authority of a URL: user information, host and port.
pub(crate) fn authority(url: &str) -> Option<&str> {
    url.split_once("://")?.1.split(['/', '?', '#']).next()
}

/// Returns the names and values in the query and in the fragment of a URL. A part without `=` is a value without a name.
pub(crate) fn query(url: &str) -> impl Iterator<Item = (&str, &str)> {
    let parts = url.find(['?', '#']).map_or("", |at| &url[at + 1..]);
    parts.split(['&', '#', '?', ';']).map(|pair| pair.split_once('=').unwrap_or(("", pair)))
}

/// Decodes a part of a URL: percent-encoding, and `+` as a space.
pub(crate) fn percent_decoded(text: &str) -> Vec<u8> {
    let mut out = Vec::new();
    let mut bytes = text.as_bytes();
    while let [first, rest @ ..] = bytes {
        let hex = rest
            .get(..2)
            .filter(|_| *first == b'%')
            .and_then(|hex| u8::from_str_radix(std::str::from_utf8(hex).ok()?, 16).ok());
        out.push(hex.unwrap_or(if *first == b'+' { b' ' } else { *first }));
        bytes = if hex.is_some() { &rest[2..] } else { rest };
    }
    out
}

#[cfg(feature = "tracing")]
/// Returns the host of a URL, without user information and port.
pub(crate) fn host(url: &str) -> Option<&str> {
    let (_, rest) = url.split_once("://")?;
    let authority = rest.split(['/', '?', '#', '\\']).next()?;
    let host = authority.rsplit('@').next()?;
    let end = match host.find(']') {
        Some(bracket) => bracket + 1,
        None => host.find(':').unwrap_or(host.len()),
    };
    Some(&host[..end]).filter(|host| !host.is_empty())
}

#[cfg(all(test, feature = "tracing"))]
mod tests {
    use super::*;

    #[test]
    fn host_has_no_user_information_and_no_port() {
        for (url, expected) in [
            ("https://api.smallest.ai/waves/v1/tts?token=x", Some("api.smallest.ai")),
            ("wss://user:secret@host:8443/a@b", Some("host")),
            ("http://[::1]:80/", Some("[::1]")),
            ("http://host?x", Some("host")),
            ("http:///path", None),
            ("no address", None),
        ] {
            assert_eq!(host(url), expected, "{url}");
        }
    }
}
