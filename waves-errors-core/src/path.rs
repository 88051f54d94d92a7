//! Paths of URLs, and the patterns of `path` in a match.

/// Returns the path of a URL, without query and fragment, as it is written. A URL without a scheme and an authority is a path.
pub(crate) fn path_of(url: &str) -> &str {
    let is_scheme = |scheme: &str| !scheme.contains(['/', '?', '#']);
    let path = match url.split_once("://").filter(|(scheme, _)| is_scheme(scheme)) {
        Some((_, rest)) => rest.find(['/', '?', '#']).map_or("", |at| &rest[at..]),
        None => url,
    };
    let path = path.split(['?', '#']).next().unwrap_or_default();
    if path.is_empty() { "/" } else { path }
}

/// Returns whether a path matches a pattern, segment by segment. In a segment of the pattern, `*` matches any characters. A last
/// segment `**` matches any number of segments.
pub fn path_matches(path: &str, pattern: &str) -> bool {
    let (mut segments, mut patterns) = (path.split('/'), pattern.split('/'));
    loop {
        match (segments.next(), patterns.next()) {
            // `/repos/**` also matches `/repos`.
            (_, Some("**")) | (None, None) => return true,
            (Some(segment), Some(pattern)) if segment_matches(segment, pattern) => {}
            _ => return false,
        }
    }
}

/// Returns whether a segment matches a pattern with any number of `*`: each part between two of them must follow the one before.
fn segment_matches(segment: &str, pattern: &str) -> bool {
    let Some((first, rest)) = pattern.split_once('*') else { return segment == pattern };
    let Some(mut segment) = segment.strip_prefix(first) else { return false };
    let (middle, last) = rest.rsplit_once('*').unwrap_or(("", rest));
    for part in middle.split('*') {
        let Some(at) = segment.find(part) else { return false };
        segment = &segment[at + part.len()..];
    }
    segment.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn path_excludes_authority_query_and_fragment() {
        for (url, path) in [
            ("https://api.example/v1/a%20b?key=1#top", "/v1/a%20b"),
            ("https://api.example", "/"),
            ("https://api.example?next=/a", "/"),
            ("/v1/tts?x", "/v1/tts"),
            ("/v1/tts?to=https://api.example/hook", "/v1/tts"),
            ("", "/"),
        ] {
            assert_eq!(path_of(url), path, "{url}");
        }
    }

    #[test]
    fn pattern_matches_segment_by_segment() {
        for (path, pattern, matches) in [
            ("/repos/o/r", "/repos/*/*", true),
            ("/repos/o", "/repos/*/*", false),
            ("/repos/o/r/contents", "/repos/*/*", false),
            ("/repos/o/r/contents/a/b", "/repos/*/*/contents/**", true),
            ("/repos/o/r/contents", "/repos/*/*/contents/**", true),
            ("/repos/o/r/contentsx", "/repos/*/*/contents/**", false),
            ("/anything/at/all", "/**", true),
            ("/v1/tts", "/v1/tts", true),
            ("/v1/tts/", "/v1/tts", false),
            ("/v1/models.json", "/v1/*.json", true),
            ("/v1/abcabd", "/v1/a*b*d", true),
            ("/v1/ab", "/v1/ab*b", false),
            ("/v1/", "/v1/*", true),
        ] {
            assert_eq!(path_matches(path, pattern), matches, "{path} {pattern}");
        }
    }
}
