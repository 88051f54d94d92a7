//! Diagnosis: each documented mistake, alone and in pairs, and requests without mistakes.

use expect_test::expect;
use waves_errors::{Body, CatalogEnum, Close, Evidence, Failure, Transport, Verdict, WavesError, preflight};

const KEY: &str = "sk_0123456789abcdef0123456789abcdef";

fn unauthorized_request() -> Evidence {
    Evidence::response(401).with_request("POST", "https://api.smallest.ai/waves/v1/tts").with_all_request_headers()
}

fn with_key(value: impl AsRef<[u8]>) -> Evidence {
    unauthorized_request().with_request_header("Authorization", value)
}

/// Returns the verdict of a step.
#[track_caller]
fn verdict(evidence: &Evidence, step: &str) -> Verdict {
    let diagnosis = Failure::<WavesError>::classify(evidence.clone()).diagnose();
    let found = diagnosis.findings().find(|finding| finding.step().id() == Some(step));
    found.unwrap_or_else(|| panic!("no step {step}")).verdict()
}

/// Returns the evidence for the verdict of a step.
fn finding_evidence(evidence: &Evidence, step: &str) -> String {
    let diagnosis = Failure::<WavesError>::classify(evidence.clone()).diagnose();
    let found = diagnosis.findings().find(|finding| finding.step().id() == Some(step));
    found.and_then(|finding| finding.evidence()).unwrap_or_default().to_owned()
}

#[test]
fn correct_request_rules_out_all_mistakes() {
    for authorization in [format!("Bearer {KEY}"), format!("bearer {KEY}")] {
        let evidence = with_key(&authorization);
        assert_eq!(
            (verdict(&evidence, "header-form"), verdict(&evidence, "key-form")),
            (Verdict::RuledOut, Verdict::RuledOut)
        );
        assert_eq!(verdict(&evidence, "browser-handshake"), Verdict::NotApplicable);
        assert!(matches!(verdict(&evidence, "rotated"), Verdict::CannotTell { .. }));
    }
}

#[test]
fn authorization_header_mistakes_are_confirmed() {
    let rows = [
        KEY.to_owned(),
        format!("Token {KEY}"),
        format!("Basic {KEY}"),
        format!("Bearer  {KEY}"),
        format!("Bearer\t{KEY}"),
        format!("Bearer\u{a0}{KEY}"),
        format!("Bearer \"{KEY}\""),
        format!("Bearer '{KEY}'"),
        format!("Bearer \u{201c}{KEY}\u{201d}"),
        format!("\"Bearer {KEY}\""),
        format!("Bearer Bearer {KEY}"),
        format!("Bearer: {KEY}"),
        format!("Bearer{KEY}"),
        "Bearer".to_owned(),
        "Bearer ".to_owned(),
        " ".to_owned(),
    ];
    let mut table = String::new();
    for row in rows {
        let evidence = with_key(&row);
        assert_eq!(verdict(&evidence, "header-form"), Verdict::Confirmed, "{row}");
        table.push_str(&format!("{}\n", finding_evidence(&evidence, "header-form")));
    }
    let twice = with_key(format!("Bearer {KEY}")).with_request_header("authorization", format!("Bearer {KEY}"));
    table.push_str(&format!("{}\n", finding_evidence(&twice, "header-form")));
    table.push_str(&format!("{}\n", finding_evidence(&with_key(b"Bearer \xff\xfe"), "header-form")));
    table.push_str(&format!("{}\n", finding_evidence(&unauthorized_request(), "header-form")));
    let in_query = unauthorized_request().with_url(format!("https://h/tts?token={KEY}"));
    table.push_str(&format!("{}\n", finding_evidence(&in_query, "header-form")));
    expect![[r#"
        authorization: sk_‹32 characters› (no `Bearer` before the key)
        authorization: Token␣sk_‹32 characters› (a scheme other than `Bearer`)
        authorization: Basic␣sk_‹32 characters› (a scheme other than `Bearer`)
        authorization: Bearer␣␣sk_‹32 characters› (2 spaces instead of one)
        authorization: Bearer␉sk_‹32 characters› (a tab instead of the space)
        authorization: Bearer␣sk_‹32 characters› (another kind of space)
        authorization: Bearer␣"sk_‹32 characters›" (quotes)
        authorization: Bearer␣'sk_‹32 characters›' (quotes)
        authorization: Bearer␣“sk_‹32 characters›” (quotes)
        authorization: "Bearer␣sk_‹32 characters›" (quotes)
        authorization: Bearer␣Bearer␣sk_‹32 characters› (`Bearer` twice)
        authorization: ‹7 characters›␣sk_‹32 characters› (a colon after `Bearer`)
        authorization: ‹41 characters› (no space after `Bearer`)
        authorization: Bearer (no key after the scheme)
        authorization: Bearer␣ (no key after the scheme)
        authorization: ␣ (empty)
        2 headers `authorization`
        authorization: ‹9 bytes› (not text)
        no header `authorization`
        no header `authorization`; the key is in the query, as `token`
    "#]]
    .assert_eq(&table);
}

#[test]
fn api_key_mistakes_are_confirmed() {
    let rows = [
        format!("Bearer {KEY} "),
        format!("Bearer {KEY}\n"),
        format!("Bearer {KEY}\r\n"),
        format!("Bearer {KEY}\u{200b}"),
        "Bearer ".to_owned(),
        "Bearer <KEY>".to_owned(),
        "Bearer YOUR_API_KEY".to_owned(),
        "Bearer $SMALLEST_API_KEY".to_owned(),
        "Bearer ${SMALLEST_API_KEY}".to_owned(),
        "Bearer {{api_key}}".to_owned(),
        "Bearer sk_...".to_owned(),
        "Bearer sk_xxxxxxxx".to_owned(),
        "Bearer undefined".to_owned(),
        "Bearer $env:API_KEY".to_owned(),
        "Bearer sk_".to_owned(),
        format!("Bearer {KEY},"),
        format!("Bearer <{KEY}>"),
        "Bearer sk_your_key_here".to_owned(),
        "Bearer sk_01234567 89abcdef".to_owned(),
    ];
    let mut table = String::new();
    for row in rows {
        let evidence = with_key(&row);
        assert_eq!(verdict(&evidence, "key-form"), Verdict::Confirmed, "{row}");
        table.push_str(&format!("{}\n", finding_evidence(&evidence, "key-form")));
    }
    let token = with_key("Bearer 0123456789abcdef0123456789abcdef");
    assert_eq!((verdict(&token, "key-form"), verdict(&token, "header-form")), (Verdict::Likely, Verdict::RuledOut));
    table.push_str(&format!("{}\n", finding_evidence(&token, "key-form")));
    let in_query = Evidence::response(401)
        .with_transport(Transport::WebSocket)
        .with_request("GET", "wss://h/live?token=%3CKEY%3E");
    assert_eq!(verdict(&in_query, "key-form"), Verdict::Confirmed);
    table.push_str(&format!("{}\n", finding_evidence(&in_query, "key-form")));
    expect![[r#"
        authorization: sk_‹32 characters›␣ (a space after the key)
        authorization: sk_‹32 characters›␊ (a line end after the key)
        authorization: sk_‹32 characters›␍␊ (a line end after the key)
        authorization: sk_‹33 characters› (an invisible character)
        authorization:  (empty)
        authorization: <KEY> (a placeholder instead of the key)
        authorization: YOUR_API_KEY (a placeholder instead of the key)
        authorization: ‹17 characters› (a placeholder instead of the key)
        authorization: ‹19 characters› (a placeholder instead of the key)
        authorization: ‹11 characters› (a placeholder instead of the key)
        authorization: sk_‹3 characters› (a placeholder instead of the key)
        authorization: sk_‹8 characters› (a placeholder instead of the key)
        authorization: undefined (a placeholder instead of the key)
        authorization: ‹12 characters› (a placeholder instead of the key)
        authorization: sk_‹0 characters› (nothing after the prefix of the key)
        authorization: sk_‹33 characters› (punctuation after the key)
        authorization: ‹37 characters› (brackets around the key)
        authorization: sk_‹13 characters› (a placeholder instead of the key)
        authorization: sk_‹8 characters›␣‹8 characters› (a space within the key)
        authorization: ‹32 characters› (it lacks the prefix of keys, unless it is a short-lived access token)
        query token: <KEY> (a placeholder instead of the key)
    "#]]
    .assert_eq(&table);
}

#[test]
fn pairs_of_mistakes_are_both_confirmed() {
    // The text before, around and after the key, and the words that report each mistake.
    let before = [
        ("Bearer ", None),
        ("Bearer  ", Some("2 spaces")),
        ("Bearer\t", Some("a tab")),
        ("Token ", Some("a scheme other than")),
        ("", Some("no `Bearer`")),
    ];
    let around = [("", None), ("\"", Some("quotes")), ("\u{2019}", Some("quotes"))];
    let behind = [("", None), (" ", Some("a space after")), ("\n", Some("a line end after"))];
    let keys = [(KEY, None), ("YOUR_API_KEY", Some("a placeholder"))];
    let mut pairs = 0;
    for (start, first) in before {
        for (quote, second) in around {
            for (key, third) in keys {
                for (end, fourth) in behind {
                    let evidence = with_key(format!("{start}{quote}{key}{quote}{end}"));
                    let (header, form) =
                        (finding_evidence(&evidence, "header-form"), finding_evidence(&evidence, "key-form"));
                    for mistake in [first, second].into_iter().flatten() {
                        assert!(header.contains(mistake), "{mistake} of {start:?}{quote}{key}{quote}{end:?}: {header}");
                    }
                    for mistake in [third, fourth].into_iter().flatten() {
                        assert!(form.contains(mistake), "{mistake} of {start:?}{quote}{key}{quote}{end:?}: {form}");
                    }
                    let expected = |any: bool| if any { Verdict::Confirmed } else { Verdict::RuledOut };
                    assert_eq!(verdict(&evidence, "header-form"), expected(first.or(second).is_some()), "{header}");
                    assert_eq!(verdict(&evidence, "key-form"), expected(third.or(fourth).is_some()), "{form}");
                    pairs += 1;
                }
            }
        }
    }
    assert_eq!(pairs, 90);
}

#[test]
fn incomplete_evidence_cannot_tell() {
    let unknown = Evidence::response(401);
    let partial = Evidence::response(401).with_request("POST", "https://h/").with_request_header("accept", "*/*");
    for evidence in [unknown, partial] {
        assert!(matches!(verdict(&evidence, "header-form"), Verdict::CannotTell { .. }));
        assert!(matches!(verdict(&evidence, "key-form"), Verdict::CannotTell { .. }));
    }
    let in_query = Evidence::response(401).with_request("GET", format!("https://h/?token={KEY}"));
    assert_eq!(verdict(&in_query, "header-form"), Verdict::Likely);
}

#[test]
fn browser_websocket_needs_the_key_in_the_query() {
    let browser =
        |url: &str| Evidence::response(401).with_transport(Transport::BrowserWebSocket).with_request("GET", url);
    assert_eq!(verdict(&browser("wss://h/live"), "browser-handshake"), Verdict::Confirmed);
    assert_eq!(verdict(&browser("wss://h/live?token="), "browser-handshake"), Verdict::Confirmed);
    assert_eq!(verdict(&browser(&format!("wss://h/live?token={KEY}")), "browser-handshake"), Verdict::RuledOut);
    assert_eq!(verdict(&browser(&format!("wss://h/live?API_KEY={KEY}")), "browser-handshake"), Verdict::RuledOut);
    assert_eq!(verdict(&browser("wss://h/live"), "header-form"), Verdict::NotApplicable);
    assert_eq!(verdict(&browser(&format!("wss://h/live#token={KEY}")), "browser-handshake"), Verdict::Confirmed);
    assert_eq!(verdict(&browser(&format!("wss://h/live?token=%22{KEY}%22")), "key-form"), Verdict::Confirmed);
    let nowhere = Evidence::response(401).with_transport(Transport::BrowserWebSocket);
    assert!(matches!(verdict(&nowhere, "browser-handshake"), Verdict::CannotTell { .. }));
}

#[test]
fn websocket_that_never_opened_is_probably_unauthorized() {
    let closed = |opened| {
        let close = Close::new(1006, "").with_opened(opened);
        Evidence::new()
            .with_transport(Transport::BrowserWebSocket)
            .with_request("GET", "wss://h/live")
            .with_close(close)
    };
    let failure: Failure = Failure::classify(closed(Some(false)));
    let diagnosis = failure.diagnose();
    assert_eq!(diagnosis.likely_case().map(waves_errors::Case::id), Some("unauthorized"));
    assert!(diagnosis.to_string().starts_with("probably 401 Unauthorized: "), "{diagnosis}");
    assert_eq!(verdict(&closed(Some(false)), "refused"), Verdict::Likely);
    assert_eq!(verdict(&closed(Some(false)), "browser-handshake"), Verdict::Confirmed);
    assert_eq!(verdict(&closed(Some(true)), "refused"), Verdict::RuledOut);
    assert!(matches!(verdict(&closed(None), "refused"), Verdict::CannotTell { .. }));
    let program = closed(Some(true)).with_transport(Transport::WebSocket);
    assert_eq!(verdict(&program, "refused"), Verdict::NotApplicable);
}

const MISSING: &str = "<Error><Code>NoSuchKey</Code></Error>";

fn missing(path: &str) -> Evidence {
    Evidence::response(404).with_request("GET", format!("https://s3.example/bucket/{path}")).with_body(MISSING)
}

#[test]
fn unfinished_upload_is_confirmed() {
    let uploaded = |status| missing("calls/a.wav").with_upload("calls/a.wav", status);
    assert_eq!(verdict(&uploaded(Some(200)), "unfinished"), Verdict::RuledOut);
    assert_eq!(verdict(&uploaded(Some(0)), "unfinished"), Verdict::Confirmed);
    assert_eq!(verdict(&uploaded(Some(503)), "unfinished"), Verdict::Confirmed);
    assert!(matches!(verdict(&uploaded(None), "unfinished"), Verdict::CannotTell { .. }));
    assert!(matches!(verdict(&missing("calls/a.wav"), "unfinished"), Verdict::CannotTell { .. }));
}

#[test]
fn object_key_mismatch_names_the_difference() {
    let rows = [
        ("calls/a.WAV", "calls/a.wav"),
        ("calls/a%2520b.wav", "calls/a b.wav"),
        ("calls/a+b.wav", "calls/a b.wav"),
        ("calls/a.mp3", "calls/a.wav"),
        ("calls/a", "calls/a.wav"),
        ("Calls/A.mp3", "calls/a.wav"),
        ("calls/cafe%CC%81.wav", "calls/caf\u{e9}.wav"),
        ("calls/\u{1112}\u{1161}\u{11ab}.wav", "calls/\u{d55c}.wav"),
        ("calls/\u{304b}\u{3099}.wav", "calls/\u{304c}.wav"),
        ("calls/\u{e4}.wav", "calls/\u{f6}.wav"),
        ("calls/b.wav", "calls/a.wav"),
    ];
    let mut table = String::new();
    for (requested, uploaded) in rows {
        let evidence = missing(requested).with_upload(uploaded, Some(200));
        table.push_str(&format!("{:?} {}\n", verdict(&evidence, "mismatch"), finding_evidence(&evidence, "mismatch")));
    }
    expect![[r#"
        Confirmed the keys differ in upper and lower case
        Confirmed the keys differ in percent-encoding: one of them is encoded
        Confirmed the keys differ in a plus sign and a space, as in form encoding
        Confirmed the keys differ in their extension
        Confirmed the keys differ in their extension
        Confirmed the keys differ in their extension and in case
        Likely the keys differ in Unicode normalization: composed letters in one of them, combining marks in the other
        Likely the keys differ in Unicode normalization: composed letters in one of them, combining marks in the other
        Likely the keys differ in Unicode normalization: composed letters in one of them, combining marks in the other
        Confirmed the requested key is not the uploaded one
        Confirmed the requested key is not the uploaded one
    "#]]
    .assert_eq(&table);
    for (requested, uploaded) in [
        ("calls/a.wav", "calls/a.wav"),
        ("calls/a%20b.wav", "calls/a b.wav"),
        ("calls/a%2520b.wav", "calls/a%20b.wav"),
        ("calls/a.wav", "s3://bucket/calls/a.wav"),
        ("calls/a.wav", "https://s3.example/bucket/calls/a.wav?X-Amz-Expires=60"),
    ] {
        let same = missing(requested).with_upload(uploaded, Some(200));
        assert_eq!(verdict(&same, "mismatch"), Verdict::RuledOut, "{requested}");
    }
    // Other URLs in the request body are not object keys.
    let other_url = Evidence::response(400)
        .with_request("POST", "https://api.smallest.ai/waves/v1/pulse/get_text")
        .with_request_body(Body::whole(r#"{"webhook_url":"https://me.example/hook"}"#))
        .with_body(r#"{"errors":"NoSuchKey: The specified key does not exist."}"#)
        .with_upload("calls/a.wav", Some(200));
    assert!(matches!(verdict(&other_url, "mismatch"), Verdict::CannotTell { .. }));
    let whole = Evidence::response(404)
        .with_body("<s3:Error xmlns:s3='x'><s3:Code>NoSuchKey</s3:Code><s3:Key>x/a.wav</s3:Key></s3:Error>");
    assert_eq!(verdict(&whole.with_upload("a.wav", Some(200)), "mismatch"), Verdict::Confirmed);
    assert!(matches!(verdict(&missing("calls/a.wav"), "mismatch"), Verdict::CannotTell { .. }));
    // Both causes together.
    let both = missing("calls/a.WAV").with_upload("calls/a.wav", Some(0));
    assert_eq!((verdict(&both, "mismatch"), verdict(&both, "unfinished")), (Verdict::Confirmed, Verdict::Confirmed));
    // The object key is in the request body, or in the response of the storage.
    let in_request_body = Evidence::response(400)
        .with_request("POST", "https://api.smallest.ai/waves/v1/pulse/get_text")
        .with_request_body(Body::whole(r#"{"url":"https://s3.example/bucket/calls/A.wav?X-Amz-Signature=0"}"#))
        .with_body(r#"{"errors":"NoSuchKey: The specified key does not exist."}"#)
        .with_upload("calls/a.wav", Some(200));
    assert_eq!(verdict(&in_request_body, "mismatch"), Verdict::Confirmed);
    let in_response_body = Evidence::response(404)
        .with_body("<Error><Code>NoSuchKey</Code><Key>calls/a.wav</Key></Error>")
        .with_upload("calls/a.wav", Some(200));
    assert_eq!(verdict(&in_response_body, "mismatch"), Verdict::RuledOut);
}

/// The storage service names the key that was requested, so that each difference is certain.
#[test]
fn each_difference_from_the_key_in_the_response_is_named() {
    for (requested, uploaded, words) in [
        ("uploads/a.wav ", "uploads/a.wav", "whitespace at the beginning or at the end"),
        ("uploads/a  b.wav", "uploads/a b.wav", "whitespace"),
        ("uploads/a\u{a0}b.wav", "uploads/a b.wav", "whitespace"),
        ("uploads/a%2Bb.wav", "uploads/a+b.wav", "percent-encoding: one of them is encoded"),
        ("uploads/a%20b.wav", "uploads/a b.wav", "percent-encoding: one of them is encoded"),
        ("uploads/a%2fb.wav", "uploads/a%2Fb.wav", "percent-encoding"),
        ("uploads/a%252Bb.wav", "uploads/a+b.wav", "percent-encoding: one of them is encoded twice"),
        ("uploads/a b.wav", "uploads/a+b.wav", "a plus sign and a space, as in form encoding"),
        ("/uploads/a.wav", "uploads/a.wav", "a slash at the beginning"),
        ("uploads/a.wav/", "uploads/a.wav", "a slash at the end"),
        ("audio/uploads/a.wav", "uploads/a.wav", "the name of the bucket, which is not part of the key"),
        ("uploads/a.mp3", "uploads/a.wav", "their extension"),
        ("uploads/A.wav", "uploads/a.wav", "upper and lower case"),
    ] {
        let body = format!("<Error><Code>NoSuchKey</Code><Key>{requested}</Key></Error>");
        let evidence = Evidence::response(404)
            .with_request("GET", "https://audio.s3.amazonaws.com/x")
            .with_body(body)
            .with_upload(uploaded, Some(200));
        assert_eq!(verdict(&evidence, "mismatch"), Verdict::Confirmed, "{requested}");
        assert_eq!(finding_evidence(&evidence, "mismatch"), format!("the keys differ in {words}"), "{requested}");
    }
}

#[test]
fn object_key_in_the_request_body_is_compared_as_a_whole() {
    let transcription = |body: &str, uploaded: &str| {
        Evidence::response(400)
            .with_request("POST", "https://api.smallest.ai/waves/v1/pulse/get_text")
            .with_request_body(Body::whole(body))
            .with_body(r#"{"errors":"NoSuchKey: The specified key does not exist."}"#)
            .with_upload(uploaded, Some(200))
    };
    let rows = [
        ("s3://b/calls/a.wav", "calls/a.wav", "RuledOut"),
        ("https://s3.amazonaws.com/b/calls/a.wav", "calls/a.wav", "RuledOut"),
        ("https://b.s3.eu-west-1.amazonaws.com/calls/a.wav", "calls/a.wav", "RuledOut"),
        ("calls/a.wav", "calls/a.wav", "RuledOut"),
        ("calls/A.wav", "calls/a.wav", "Confirmed"),
        ("https://s3.amazonaws.com/b/calls/A.wav", "calls/a.wav", "Confirmed"),
        ("s3://b/old/calls/a.wav", "calls/a.wav", "Likely"),
        ("s3://b/old/a.wav", "a.wav", "Likely"),
        ("https://b.s3.amazonaws.com/old/a.wav", "a.wav", "Likely"),
        ("s3://b/a.wav", "calls/a.wav", "Likely"),
        ("s3://b//calls/a.wav", "calls/a.wav", "Likely"),
        ("https://b.s3.eu-west-1.amazonaws.com//calls/a.wav", "calls/a.wav", "Likely"),
        ("s3://b/calls/a.wav", "/calls/a.wav", "Likely"),
    ];
    for (requested, uploaded, expected) in rows {
        for body in
            [format!(r#"{{"audio_url":"{requested}"}}"#), format!("audio_url={}", requested.replace(':', "%3A"))]
        {
            let verdict = format!("{:?}", verdict(&transcription(&body, uploaded), "mismatch"));
            assert_eq!(verdict, expected, "{body} {uploaded}");
        }
    }
    let other_key = transcription(r#"{"audio_url":"s3://b/zzz.wav","model":"pulse"}"#, "calls/a.wav");
    assert!(matches!(verdict(&other_key, "mismatch"), Verdict::CannotTell { .. }));
}

#[test]
fn usage_limit_is_confirmed_by_the_message() {
    let forbidden = |body: &str| Evidence::response(403).with_body(body);
    assert_eq!(verdict(&forbidden(r#"{"error":"Trial limit reached"}"#), "usage-limit"), Verdict::Confirmed);
    assert_eq!(verdict(&forbidden(r#"{"error":"Please upgrade."}"#), "usage-limit"), Verdict::Confirmed);
    assert_eq!(verdict(&forbidden(r#"{"error":"key of another workspace"}"#), "usage-limit"), Verdict::RuledOut);
    assert_eq!(verdict(&forbidden(r#"{"error":"no limits; your role lacks it"}"#), "usage-limit"), Verdict::Likely);
    for body in [r#"{"error":"forbidden","limit":null,"text":"my plan"}"#, ""] {
        assert!(matches!(verdict(&forbidden(body), "usage-limit"), Verdict::CannotTell { .. }), "{body}");
    }
}

#[cfg(feature = "macros")]
waves_errors::error_catalog! {
    /// Steps with checks of parts of the request.
    enum Parts = "data/parts.toml";
}

#[cfg(feature = "macros")]
#[test]
fn catalog_defined_checks_inspect_the_request() {
    let verdicts = |evidence: Evidence| -> Vec<_> {
        let diagnosis = Failure::<Parts>::classify_as(evidence).diagnose();
        let mut all: Vec<_> =
            diagnosis.findings().map(|finding| (finding.step().id().unwrap(), finding.verdict().as_str())).collect();
        all.sort_unstable();
        all.into_iter().map(|(id, verdict)| format!("{id} {verdict}")).collect()
    };
    let with_mistakes = Evidence::response(400)
        .with_request("POST", "https://h/?debug=1")
        .with_all_request_headers()
        .with_request_body(Body::whole(r#"{"n":2}"#));
    assert_eq!(verdicts(with_mistakes), ["debugged confirmed", "many confirmed", "untyped confirmed"]);
    let without_mistakes = Evidence::response(400)
        .with_request("POST", "https://h/")
        .with_request_header("Content-Type", "application/json")
        .with_request_body(Body::whole(r#"{"n":1}"#));
    assert_eq!(verdicts(without_mistakes), ["debugged ruled-out", "many ruled-out", "untyped ruled-out"]);
    assert_eq!(verdicts(Evidence::response(400)), ["debugged cannot-tell", "many cannot-tell", "untyped cannot-tell"]);
    let case = Parts::CATALOG.by_id("wrong").unwrap();
    assert_eq!(case.causes().next().unwrap().check().unwrap().to_string(), "header content-type absent");
}

#[test]
fn display_lists_all_findings() {
    let evidence = with_key(format!("Token \"{KEY}\" ")).with_body(r#"{"message":"no"}"#);
    expect![[r#"
        FOUND   Confirm the header is Authorization: Bearer <KEY> with a single space and no quotes.
                authorization: Token␣"sk_‹32 characters›"␣ (a scheme other than `Bearer`; quotes)
        FOUND   Verify the key string starts with sk_ and has no trailing whitespace.
                authorization: "sk_‹32 characters›"␣ (a space after the key)
        ?       Check the key has not been rotated in the API Keys dashboard <https://app.smallest.ai/dashboard/api-keys>. Rotated keys stop working immediately.
                cannot tell without more information
        n/a     On WebSocket handshakes in browsers, custom headers aren't allowed. Use the ?token=<KEY> query parameter instead where the endpoint supports it.
    "#]].assert_eq(&format!("{}\n", Failure::<WavesError>::classify(evidence).diagnose()));
}

#[cfg(feature = "macros")]
#[test]
fn errors_with_evidence_have_findings() {
    #[derive(Debug, waves_errors::CatalogError)]
    #[catalog(waves)]
    enum Mine {
        #[catalog(transparent)]
        Speech(#[from] Failure),
        Forbidden,
    }
    let mine = Mine::from(Failure::classify(unauthorized_request()));
    assert!(waves_errors::diagnose(&mine).is_conclusive());
    assert_eq!(waves_errors::diagnose(&Mine::Forbidden).findings().len(), 0);
    assert_eq!(waves_errors::diagnose(&WavesError::Unauthorized).findings().len(), 0);
}

#[test]
fn preflight_finds_mistakes_before_sending() {
    let found = |request: &Evidence| -> Vec<_> {
        preflight::<WavesError>(request)
            .iter()
            .map(|finding| (finding.step().id().unwrap(), finding.verdict()))
            .collect()
    };
    let request = Evidence::new().with_request("POST", "https://h/").with_all_request_headers();
    assert_eq!(found(&request), [("header-form", Verdict::Confirmed)]);
    let correct = request.clone().with_request_header("authorization", format!("Bearer {KEY}"));
    assert_eq!(found(&correct), []);
    let both = request.with_request_header("authorization", "Token 0123456789");
    assert_eq!(found(&both), [("header-form", Verdict::Confirmed), ("key-form", Verdict::Likely)]);
    let built = reqwest::Client::new().post("http://h/").build().unwrap();
    assert_eq!(waves_errors::reqwest::preflight::<WavesError>(&built).len(), 0, "a client may add the header");
}

#[test]
fn value_outside_of_its_range_is_found_before_sending() {
    let found = |query: &str| {
        let request = Evidence::new()
            .with_request("GET", format!("wss://api.smallest.ai/waves/v1/pulse/get_text{query}"))
            .with_request_header("authorization", format!("Bearer {KEY}"))
            .with_all_request_headers();
        let findings = preflight::<WavesError>(&request);
        assert!(findings.iter().all(|finding| finding.step().id() == Some("end-of-utterance")));
        findings.first().and_then(|finding| finding.evidence().map(str::to_owned))
    };
    for allowed in ["", "?eou_timeout_ms=100", "?eou_timeout_ms=10000", "?EOU_TIMEOUT_MS=500.5"] {
        assert_eq!(found(allowed), None, "{allowed}");
    }
    for (wrong, evidence) in [
        ("?eou_timeout_ms=99", "query `eou_timeout_ms` is 99"),
        ("?a=b&eou_timeout_ms=10001", "query `eou_timeout_ms` is 10001"),
        ("?eou_timeout_ms=-1", "query `eou_timeout_ms` is -1"),
        ("?eou_timeout_ms=inf", "query `eou_timeout_ms` is inf"),
        ("?eou_timeout_ms=NaN", "query `eou_timeout_ms` is NaN"),
        ("?eou_timeout_ms=", "query `eou_timeout_ms` is not a number"),
        ("?eou_timeout_ms=2s", "query `eou_timeout_ms` is not a number"),
    ] {
        assert_eq!(found(wrong).as_deref(), Some(evidence), "{wrong}");
    }
    let failed = Evidence::response(400).with_request("GET", "wss://h/?eou_timeout_ms=20");
    assert_eq!(verdict(&failed, "end-of-utterance"), Verdict::Confirmed);
}

/// A step, evidence with its mistake, and evidence without the mistake.
type StepExamples = (&'static str, fn() -> Evidence, fn() -> Evidence);

/// All steps of the page that have a check.
const STEPS: [StepExamples; 6] = [
    ("header-form", || with_key(KEY), || with_key(format!("Bearer {KEY}"))),
    ("key-form", || with_key(format!("Bearer {KEY} ")), || with_key(format!("Bearer {KEY}"))),
    (
        "browser-handshake",
        || Evidence::response(401).with_transport(Transport::BrowserWebSocket).with_request("GET", "wss://h/live"),
        || {
            Evidence::response(401)
                .with_transport(Transport::BrowserWebSocket)
                .with_request("GET", format!("wss://h/live?token={KEY}"))
        },
    ),
    (
        "usage-limit",
        || Evidence::response(403).with_body(r#"{"error":"Workspace limit reached, please upgrade"}"#),
        || Evidence::response(403).with_body(r#"{"error":"This key belongs to another workspace"}"#),
    ),
    (
        "unfinished",
        || missing("calls/a.wav").with_upload("calls/a.wav", Some(0)),
        || missing("calls/a.wav").with_upload("calls/a.wav", Some(201)),
    ),
    (
        "mismatch",
        || missing("calls/a.WAV").with_upload("calls/a.wav", Some(200)),
        || missing("calls/a.wav").with_upload("calls/a.wav", Some(200)),
    ),
];

#[test]
fn each_check_of_the_page_is_confirmed_and_ruled_out() {
    let page = WavesError::CATALOG.cases().filter(|case| case.docs_url().is_some());
    let steps = page.flat_map(|case| case.causes().chain(case.fixes())).filter(|step| step.check().is_some());
    let mut checked: Vec<_> = steps.filter_map(|step| step.id()).collect();
    let mut tested = STEPS.map(|(step, ..)| step);
    checked.sort_unstable();
    tested.sort_unstable();
    assert_eq!(checked, tested);
    for (step, with, without) in STEPS {
        assert_eq!(verdict(&with(), step), Verdict::Confirmed, "{step}");
        assert_eq!(verdict(&without(), step), Verdict::RuledOut, "{step}");
    }
}
