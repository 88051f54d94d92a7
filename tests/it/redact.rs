//! Redaction of recorded cases by the library and by the command line. Redaction is idempotent.

use std::fmt::Write;

use serde_json::Value;
use waves_errors::{Body, CatalogEnum, Evidence, Redactor, WavesError};

use crate::cli_classify::piped;
use crate::data::lines;

/// Returns the bytes of an input.
fn bytes(input: &Value) -> Vec<u8> {
    match input.as_str() {
        Some(text) => text.as_bytes().to_vec(),
        None => data_encoding::BASE64.decode(input["base64"].as_str().unwrap().as_bytes()).unwrap(),
    }
}

fn texts(value: &Value) -> Vec<&str> {
    value.as_array().unwrap().iter().map(|text| text.as_str().unwrap()).collect()
}

#[track_caller]
fn check(case: &Value, output: &str) {
    for secret in texts(&case["must_not_contain"]) {
        assert!(!output.contains(secret), "{case}\n{output}");
        // The output must not contain six consecutive characters of the secret either.
        for window in secret.as_bytes().windows(6) {
            assert!(!output.as_bytes().windows(6).any(|six| six == window), "{case}\n{output}");
        }
    }
    for kept in texts(&case["must_contain"]) {
        assert!(output.contains(kept), "{case}\n{output}");
    }
}

fn by_library(case: &Value, input: &[u8]) -> String {
    let evidence = Evidence::new();
    let redactor = Redactor::new(WavesError::CATALOG, &evidence);
    let text = String::from_utf8_lossy(input);
    match case["part"].as_str().unwrap() {
        "header" => {
            let (name, value) = text.split_once(": ").unwrap();
            format!("{name}: {}", redactor.header(name, value))
        }
        "url" => redactor.url(&text).into_text(),
        "request_body" | "response_body" => {
            redactor.body(&Body::whole(input), case["content_type"].as_str()).into_text()
        }
        _ => redactor.text(&text).into_text(),
    }
}

fn by_command_line(case: &Value, input: &[u8]) -> String {
    let part = match case["part"].as_str().unwrap() {
        "request_body" | "response_body" => "body",
        part @ ("header" | "url") => part,
        _ => "text",
    };
    let mut arguments = vec!["redact", "--as", part];
    if let Some(kind) = case["content_type"].as_str() {
        arguments.extend(["--content-type", kind]);
    }
    let (code, out, err) = piped(&arguments, input);
    assert!(code == 0 && err.starts_with("redacted: "), "{err}");
    check(case, &err.replace("redacted: ", &texts(&case["must_contain"]).join(" ")));
    out
}

#[test]
fn recorded_cases_have_no_secrets() {
    let cases = lines("redaction-cases.jsonl");
    assert_eq!(cases.len(), 37);
    for case in &cases {
        let input = bytes(&case["input"]);
        for redact in [by_library, by_command_line] {
            let once = redact(case, &input);
            check(case, &once);
            assert_eq!(redact(case, once.trim_end_matches('\n').as_bytes()).trim_end(), once.trim_end(), "{case}");
        }
    }
}

/// Redacts an input with the redactor of an exchange that has secrets.
fn redacted(part: &str, input: &str) -> String {
    let evidence = Evidence::new()
        .with_request("GET", "https://me:hunter2hunter2@host/x?model=a&token=own%2Dquery%2Dtoken")
        .with_request_header("Authorization", "Bearer own_secret_of_mine");
    let redactor = Redactor::new(WavesError::CATALOG, &evidence);
    let redacted = match part {
        "text" => redactor.text(input),
        "url" => redactor.url(input),
        "id" => redactor.id(input),
        "" => redactor.body(&Body::whole(input), None),
        kind => redactor.body(&Body::whole(input), Some(kind)),
    };
    redacted.into_text()
}

#[test]
fn each_part_has_expected_placeholders() {
    let json = "application/json";
    let rows = [
        ("text", "own_secret_of_mine"),
        ("text", "%6f%77n_secret_of_mine and &#111;wn_secret and \\u006fwn_secret_of_mine"),
        ("text", "Basic b3duX3NlY3JldF9vZl9taW5l, or QXV0aG9yaXphdGlvbjogQmVhcmVyIG93bl9zZWNyZXRfb2ZfbWluZQ=="),
        ("text", "> Authorization: Bearer hunterhunter\r\n> Cookie: a=b; c=d\n< set-cookie: session\nAccept: */*"),
        ("text", "{\"password\": \"a b c\", \"token\":\"x y z\"}; token: none given; secret=abc"),
        ("text", "\u{1b}[01;31m\u{1b}[Ksk_\u{1b}[m\u{1b}[K0123456789abcdef s\0k\0_\0a\0b\0c\0d\0e\0f\0g\0h\0i\0"),
        (
            "text",
            "SMALLEST_API_KEY=abcdef; authToken=abcdef; {'password': 'abc def'}; \"pwd\" : \"a\"; api_key: abcdef; max_tokens=400",
        ),
        (
            "text",
            "> X-Api-Key: secretsecret1\n< x-request-id: req_1\n* [HTTP/2] [1] [cookie: sid=abcdefghijk]\n* [HTTP/2] [1] [:method: GET]",
        ),
        (
            "text",
            "12:00 DEBUG Set-Cookie: sid=abcdefghijk\ncurl -H 'Cookie: sid=abcdefghijk' -u user:passw0rd123 https://h/",
        ),
        ("text", "ts=1795356010003 card 12-2026 4111 1111 1111 1111"),
        ("url", "https://me:passw0rd99@api.smallest.ai/v1/tts?model=x;token=secretsecret1"),
        (
            json,
            r#"{"x-api-key":"a","webhookSecret":"a","tokenizer":"v2","max_tokens":5,"name":"Authorization","value":"abc"}"#,
        ),
        ("text/event-stream", "event: x\ndata: {\"transcription\":\"hello\",\"status\":\"206\"}\n\ndata: [DONE]\n"),
        ("", "{\"Text\":\"my ssn\"}\n{\"text\":\"x\"}\n"),
        ("", "{\"text\":\"my ssn\",}"),
        ("application/xml", "<s3:Error xmlns:s3='x'><s3:Code>A</s3:Code><s3:Key>jane.wav</s3:Key></s3:Error>"),
        ("application/xml", "<Error><Key>jane.wav</Key><RequestId>1</Error>"),
        ("text", "https%3A%2F%2Fh%2F%3Ftoken%3Dabcdefgh%26language%3Den"),
        ("url", "https://me:pass@h/p?model=lightning&pin=1234&x=%20&flag&longflag#at=abcdefgh"),
        ("url", "/relative?token=abcdefgh"),
        ("id", "req_7f3a9c"),
        ("id", "4111111111111111"),
        ("id", "sk_0123456789abcdef"),
        (json, r#"{"a":{"Password":"x","n":[{"api-key":1234567}]},"card":4111111111111111,"ok":true,"none":null}"#),
        (json, r#"{"text":["a","b"],"data":{"x":1},"utterances":null,"input":7}"#),
        (json, r#"{"inner":"{\"token\":\"abcdefgh\",\"language\":\"en\"}","own_secret_of_mine":1}"#),
        (json, r#"{"request_id":"4111111111111111","session_id":"4111111111111111"}"#),
        (json, "{\"cut\":"),
        (json, ""),
        ("text/plain", "{braces} sk_0123456789abcdef"),
        ("application/x-www-form-urlencoded", "language=en&text=hello+there&voice=emily"),
        (
            "application/xml",
            "<Error><Code>A</Code><Key a=\"sk_0123456789\">x &amp; y</Key><Message>&lt;b&gt; sk_0123456789</Message></Error>",
        ),
        ("text/html", "<html><li>Code: NoSuchKey</li><li>Key: jane.wav</li></html>"),
        (
            "multipart/form-data; boundary=b",
            "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"x\"\r\n\r\nRIFF\r\n--b--",
        ),
        ("multipart/form-data", "no boundary"),
        ("audio/wav", "RIFF\0\0"),
    ];
    let mut table = String::new();
    for (part, input) in rows {
        let once = redacted(part, input);
        assert_eq!(redacted(part, &once), once, "twice: {input}");
        writeln!(table, "{part:9} {}", once.escape_debug()).unwrap();
    }
    expect_test::expect![[r#"
        text      ‹18 characters›
        text      ‹22 characters› and ‹15 characters› and ‹23 characters›
        text      Basic ‹24 characters›, or ‹54 characters›==
        text      > Authorization: Bearer ‹12 characters›\r\n> Cookie: ‹8 characters›\n< set-cookie: ‹7 characters›\nAccept: */*
        text      {\"password\": \"‹5 characters›\", \"token\":\"‹5 characters›\"}; token: none given; ‹6 characters›=‹3 characters›
        text      \u{1b}[01;31m\u{1b}[K‹25 characters› ‹24 characters›
        text      SMALLEST_API_KEY=‹6 characters›; authToken=‹6 characters›; {\'password\': \'‹7 characters›\'}; \"pwd\" : \"‹1 characters›\"; api_key: ‹6 characters›; max_tokens=400
        text      > X-Api-Key: ‹13 characters›\n< x-request-id: req_1\n* [HTTP/2] [1] [cookie: ‹15 characters›]\n* [HTTP/2] [1] [:method: GET]
        text      12:00 DEBUG Set-Cookie: ‹15 characters›\ncurl -H \'Cookie: ‹15 characters›\' -u user:‹11 characters› https://h/
        text      ts=1795356010003 card 12-2026 ‹19 characters›
        url       https://‹13 characters›@api.smallest.ai/v1/tts?model=x;token=‹13 characters›
        application/json {\"max_tokens\":5,\"name\":\"Authorization\",\"tokenizer\":\"v2\",\"value\":\"‹3 characters›\",\"x-api-key\":\"‹1 characters›\",\"‹13 characters›\":\"‹1 characters›\"}
        text/event-stream event: x\ndata: {\"status\":\"206\",\"transcription\":\"‹5 characters›\"}\n\ndata: [DONE]\n
                  {\"Text\":\"‹6 characters›\"}\n{\"text\":\"‹1 characters›\"}\n
                  ‹18 bytes›
        application/xml <s3:Error><s3:Code>A</s3:Code><s3:Key>‹8 characters›</s3:Key></s3:Error>
        application/xml ‹46 bytes›
        text      https%3A%2F%2Fh%2F%3Ftoken%3D‹8 characters›%26language%3Den
        url       https://‹7 characters›@h/p?model=lightning&pin=‹4 characters›&x=%20&flag&‹8 characters›#at=‹8 characters›
        url       /relative?token=‹8 characters›
        id        req_7f3a9c
        id        4111111111111111
        id        ‹19 characters›
        application/json {\"a\":{\"Password\":\"‹1 characters›\",\"n\":[{\"api-key\":\"‹7 characters›\"}]},\"card\":\"‹16 characters›\",\"none\":null,\"ok\":true}
        application/json {\"data\":\"‹1 fields›\",\"input\":\"‹1 characters›\",\"text\":\"‹2 items›\",\"utterances\":null}
        application/json {\"inner\":\"{\\\"language\\\":\\\"en\\\",\\\"token\\\":\\\"‹8 characters›\\\"}\",\"‹18 characters›\":1}
        application/json {\"request_id\":\"4111111111111111\",\"session_id\":\"‹16 characters›\"}
        application/json ‹7 bytes›
        application/json 
        text/plain {braces} ‹19 characters›
        application/x-www-form-urlencoded language=en&text=‹11 characters›&voice=emily
        application/xml <Error><Code>A</Code><Key>‹5 characters›</Key><Message>&lt;b&gt; ‹13 characters›</Message></Error>
        text/html <html><li>Code: NoSuchKey</li><li>Key: ‹8 characters›</li></html>
        multipart/form-data; boundary=b --b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"‹1 characters›\"\r\n\r\n‹4 bytes›\r\n--b--
        multipart/form-data ‹11 bytes›
        audio/wav ‹6 bytes›
    "#]].assert_eq(&table);
}

#[test]
fn large_body_takes_bounded_time() {
    let huge = Body::whole(vec![b'x'; 100 << 20]);
    let evidence = Evidence::new();
    let started = std::time::Instant::now();
    let redacted = Redactor::new(WavesError::CATALOG, &evidence).body(&huge, None).into_text();
    assert!(
        redacted.starts_with("xxx") && redacted.ends_with("x…‹104792064 bytes›") && redacted.len() < Body::LIMIT + 30
    );
    assert!(started.elapsed() < std::time::Duration::from_secs(1));
}

#[test]
fn two_word_names_and_path_parameters_mark_secrets() {
    let evidence = Evidence::new();
    let redactor = Redactor::new(WavesError::CATALOG, &evidence);
    for (text, expected) in [
        ("API key: zebra77quartz", "API key: ‹13 characters›"),
        ("bad LICENSE KEY=zebra77quartz.", "bad LICENSE KEY=‹13 characters›."),
        ("Invalid API key: none given", "Invalid API key: none given"),
        ("object key: calls/A1.wav", "object key: calls/A1.wav"),
        ("https://h/x;v=1/y;jsessionid=Qm7vXz29/z?model=a", "https://h/x;v=1/y;jsessionid=‹8 characters›/z?model=a"),
    ] {
        assert_eq!(redactor.text(text).text(), expected);
    }
}

#[test]
fn line_ends_are_kept() {
    for body in ["a b\n", "a=1&b=2\n", "{\"a\":1}\n", "data: x\n\n"] {
        let once = piped(&["redact", "--as", "body"], body.as_bytes()).1;
        assert_eq!(piped(&["redact", "--as", "body"], once.as_bytes()).1, once);
    }
    assert_eq!(piped(&["redact", "--as", "body"], b"a b\n").1, "a b\n");
}
