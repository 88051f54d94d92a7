//! Property tests. No output contains six bytes of a secret, at any position of an exchange and in any encoding. Redaction is
//! idempotent, and keeps the data that support needs. More evidence never rules out a confirmed cause.

use std::collections::HashSet;
use std::error::Error;
use std::io::Write as _;
use std::sync::{Arc, LazyLock, Mutex};

use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::FileFailurePersistence;
use serde_json::json;
use tracing_subscriber::fmt::MakeWriter;
use waves_errors::{
    Body, CatalogEnum, Close, Evidence, Failure, RedactingWriter, Redactor, Retry, Transport, TransportError, Verdict,
    WavesError, diagnose, preflight,
};

use crate::cli_classify::piped;

/// Returns a configuration with this number of cases, or with `PROPTEST_CASES`. Cases that failed before run first.
fn config(cases: u32) -> ProptestConfig {
    let requested = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok());
    ProptestConfig {
        cases: requested.unwrap_or(cases),
        failure_persistence: Some(Box::new(FileFailurePersistence::Direct("data/secrets.proptest-regressions"))),
        ..ProptestConfig::default()
    }
}

/// The encoding of a secret.
#[derive(Debug, Clone, Copy)]
enum Encoding {
    Plain,
    Percent,
    PercentOfSome,
    Escaped,
    Entities,
    Base64,
    Base64OfTheHeader,
}

const ENCODINGS: [Encoding; 7] = [
    Encoding::Plain,
    Encoding::Percent,
    Encoding::PercentOfSome,
    Encoding::Escaped,
    Encoding::Entities,
    Encoding::Base64,
    Encoding::Base64OfTheHeader,
];

impl Encoding {
    fn write(self, secret: &str) -> String {
        let each = |write: &dyn Fn(char) -> String| secret.chars().map(write).collect();
        match self {
            Self::Plain => secret.to_owned(),
            Self::Percent => each(&|c| format!("%{:02X}", u32::from(c))),
            Self::PercentOfSome => {
                each(&|c| if "aeiou0_".contains(c) { format!("%{:02x}", u32::from(c)) } else { c.to_string() })
            }
            Self::Escaped => each(&|c| format!("\\u{:04x}", u32::from(c))),
            Self::Entities => each(&|c| format!("&#{};", u32::from(c))),
            Self::Base64 => data_encoding::BASE64.encode(secret.as_bytes()),
            Self::Base64OfTheHeader => {
                data_encoding::BASE64.encode(format!("Authorization: Bearer {secret}").as_bytes())
            }
        }
    }
}

/// The position of a secret in an exchange.
#[derive(Debug, Clone, Copy)]
enum Position {
    Message,
    Code,
    NestedJson,
    EscapedJson,
    JsonKey,
    Form,
    Xml,
    Html,
    Text,
    Frame,
    Reason,
    ResponseHeader,
    RequestBody,
    Path,
    Fragment,
    ForeignError,
    Workspace,
}

const POSITIONS: [Position; 17] = [
    Position::Message,
    Position::Code,
    Position::NestedJson,
    Position::EscapedJson,
    Position::JsonKey,
    Position::Form,
    Position::Xml,
    Position::Html,
    Position::Text,
    Position::Frame,
    Position::Reason,
    Position::ResponseHeader,
    Position::RequestBody,
    Position::Path,
    Position::Fragment,
    Position::ForeignError,
    Position::Workspace,
];

/// Generates secrets of each known shape.
fn secret() -> impl Strategy<Value = String> {
    prop_oneof![
        "sk_[a-z0-9]{32}",
        "sk_live_[A-Za-z0-9]{20}",
        "eyJ[A-Za-z0-9]{20}[.]eyJ[A-Za-z0-9]{20}[.][A-Za-z0-9_]{20}",
        "AKIA[A-Z0-9]{16}",
    ]
}

/// Generates credentials of any characters. Only the request marks them as secrets.
fn credential() -> impl Strategy<Value = String> {
    prop_oneof!["[A-Za-z0-9]{12,40}", "[!-~]{12,40}", "[a-z]{4,9}[,;&=/][a-z]{4,9}[ .][a-z0-9]{6,9}"]
}

/// Returns an exchange with a secret at a position, and the message of an error of another library.
fn exchange(position: Position, written: &str) -> (Evidence, String) {
    let mut url = "https://api.smallest.ai/waves/v1/tts?model=lightning".to_owned();
    let mut evidence = Evidence::response(401).with_header("x-request-id", "req_7f3a9c");
    let mut foreign = "connection reset".to_owned();
    let string = json!(written).to_string();
    match position {
        Position::Message => {
            evidence = evidence.with_body(json!({ "message": format!("bad key {written}!") }).to_string());
        }
        Position::Code => evidence = evidence.with_body(json!({ "error_code": written }).to_string()),
        Position::NestedJson => {
            evidence = evidence.with_body(format!(r#"{{"a":[{{"b":{{"note":{string}}}}}],"message":"no"}}"#));
        }
        Position::EscapedJson => {
            evidence = evidence.with_body(json!({ "inner": json!({ "note": written }).to_string() }).to_string());
        }
        Position::JsonKey => evidence = evidence.with_body(format!(r#"{{{string}:1}}"#)),
        Position::Form => {
            evidence = evidence
                .with_header("content-type", "application/x-www-form-urlencoded")
                .with_body(format!("note={written}&language=en"));
        }
        Position::Xml => {
            let text = written.replace('&', "&amp;").replace('<', "&lt;");
            evidence = evidence.with_body(format!("<Error><Code>X</Code><Message>for {text}</Message></Error>"));
        }
        Position::Html => evidence = evidence.with_body(format!("<html><body>502 for {written}</body></html>")),
        Position::Text => evidence = evidence.with_body(format!("no such key: {written}\nsecond line")),
        Position::Frame => evidence = evidence.with_frame(json!({ "status": "error", "message": written }).to_string()),
        Position::Reason => {
            evidence = evidence.with_close(Close::new(1008, written));
        }
        Position::ResponseHeader => {
            evidence = evidence.with_header("x-echo", written).with_header("retry-after", written);
        }
        Position::RequestBody => {
            evidence = evidence.with_request_body(Body::whole(json!({ "voice_id": written }).to_string()));
        }
        Position::Path => url = format!("https://host/keys/{written}/revoke"),
        Position::Fragment => url = format!("https://host/x#access={written}"),
        Position::ForeignError => foreign = format!("cannot send to https://host/?q={written} with \"{written}\""),
        Position::Workspace => {}
    }
    (evidence.with_request("POST", url), foreign)
}

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl std::io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

/// Returns all outputs of the library for an exchange.
pub(crate) fn outputs(evidence: Evidence, foreign: &str, workspace: &str) -> Vec<String> {
    let mut out = vec![format!("{evidence:?}")];
    out.extend(preflight::<WavesError>(&evidence).iter().map(|finding| format!("{finding:?}")));
    let other = std::io::Error::other(foreign.to_owned());
    let failure: Failure = Failure::classify(evidence).with_source(&other);
    let failure = Retry::new().run_blocking::<(), _>({
        let mut failure = Some(failure);
        move || Err(failure.take().unwrap_or_else(|| Failure::of(WavesError::Forbidden)))
    });
    let failure = failure.unwrap_err();
    out.extend([failure.to_string(), format!("{failure:#}"), format!("{failure:?}")]);
    let mut source = failure.source();
    while let Some(error) = source {
        out.extend([error.to_string(), format!("{error:?}")]);
        source = error.source();
    }
    out.push(serde_json::to_string(&failure).unwrap());
    let diagnosis = diagnose(&failure);
    out.extend([diagnosis.to_string(), format!("{diagnosis:?}")]);
    let ticket = failure.ticket().workspace(workspace);
    out.push(format!("{ticket:?}"));
    let ticket = ticket.build();
    out.extend([ticket.markdown(), ticket.to_string(), format!("{ticket:?}"), serde_json::to_string(&ticket).unwrap()]);
    out.extend(ticket.redacted_kinds().map(str::to_owned));
    let log = Log::default();
    tracing::subscriber::with_default(
        tracing_subscriber::fmt().without_time().with_writer(log.clone()).finish(),
        || failure.log(),
    );
    out.push(String::from_utf8(log.0.lock().unwrap().clone()).unwrap());
    let mut report = String::new();
    miette::GraphicalReportHandler::new_themed(miette::GraphicalTheme::none())
        .render_report(&mut report, &failure)
        .unwrap();
    out.push(report.replace("\n      │ ", ""));
    out
}

/// Windows of six bytes that appear in outputs without a secret. A random credential can contain such a window, too.
static BASELINE: LazyLock<HashSet<[u8; 6]>> = LazyLock::new(|| {
    let of = |position: &Position| {
        let (evidence, foreign) = exchange(*position, "0");
        outputs(evidence.with_request_header("authorization", "Bearer 0"), &foreign, "ws_42")
    };
    POSITIONS.iter().flat_map(of).flat_map(|output| windows_of_six(&output).collect::<Vec<_>>()).collect()
});

fn windows_of_six(text: &str) -> impl Iterator<Item = [u8; 6]> {
    text.as_bytes().windows(6).filter_map(|six| six.try_into().ok())
}

#[track_caller]
fn assert_redacted(outputs: &[String], secret: &str, written: &str) {
    assert!(secret.is_ascii(), "each window of the secret must be a text: {secret}");
    let windows: Vec<_> = windows_of_six(secret).filter(|window| !BASELINE.contains(window)).collect();
    for output in outputs {
        // `Debug` escapes characters: also search the unescaped text.
        for text in [output.clone(), output.replace("\\\\", "\\").replace("\\\"", "\"")] {
            for window in &windows {
                // The search of the standard library is optimized even in a debug build.
                let window = std::str::from_utf8(window).unwrap();
                assert!(!text.contains(window), "{window} of {secret} in {text}");
            }
            assert!(!text.contains(written), "{written} in {text}");
        }
    }
}

proptest! {
    #![proptest_config(config(400))]

    #[test]
    fn known_secret_shapes_never_appear_in_output(
        secret in secret(), position in select(&POSITIONS[..]), encoding in select(&ENCODINGS[..]),
    ) {
        let written = encoding.write(&secret);
        let (evidence, foreign) = exchange(position, &written);
        let workspace = if matches!(position, Position::Workspace) { written.as_str() } else { "ws_42" };
        assert_redacted(&outputs(evidence, &foreign, workspace), &secret, &written);
    }

    #[test]
    fn request_credentials_never_appear_in_output(
        credential in credential(), position in select(&POSITIONS[..]), encoding in select(&ENCODINGS[..]), carrier in 0..5,
    ) {
        let written = encoding.write(&credential);
        let (evidence, foreign) = exchange(position, &written);
        let encoded: String = credential.bytes().map(|b| format!("%{b:02X}")).collect();
        let url = evidence.url().unwrap().to_owned();
        let join = if url.contains('?') { '&' } else { '?' };
        let (before, fragment) = url.split_once('#').map_or((url.as_str(), String::new()), |(url, rest)| (url, format!("#{rest}")));
        let evidence = match carrier {
            0 => evidence.with_request_header("authorization", format!("Bearer {credential}")),
            1 => evidence.with_request_header("authorization", credential.clone()),
            2 => evidence.with_request_header("x-api-key", credential.clone()),
            3 => evidence.clone().with_url(format!("{before}{join}token={encoded}{fragment}")),
            _ => evidence.clone().with_url(url.replace("://", &format!("://{encoded}@"))),
        };
        let workspace = if matches!(position, Position::Workspace) { written.as_str() } else { "ws_42" };
        assert_redacted(&outputs(evidence, &foreign, workspace), &credential, &written);
    }

    #[test]
    fn values_not_on_the_allow_list_are_hidden_in_their_place(value in "[A-Za-z0-9]{6,40}", name in "[a-z]{3,9}_x") {
        let evidence = Evidence::response(403)
            .with_request("GET", format!("https://host/x?{name}={value}&model=lightning#{name}={value}"))
            .with_request_header(&name, &value)
            .with_header(&name, &value);
        let all = outputs(evidence, "connection reset", "ws_42");
        assert_redacted(&all, &value, &value);
        assert!(all.iter().any(|output| output.contains("model=lightning")));
    }

    /// Elsewhere, only values that look like tokens are hidden: a message that names the model of the request keeps it.
    #[test]
    fn unknown_value_is_hidden_elsewhere_if_it_looks_like_a_token(
        token in "[A-Z][a-z][0-9][A-Za-z0-9]{17}", model in "[a-z]{4,9}-v[1-9]", name in "x-(model|source|voice|codec)",
    ) {
        let response = Evidence::response(410).with_request("POST", "https://api.smallest.ai/waves/v1/tts");
        let text = |value: &str| {
            let evidence = response.clone().with_request_header(&name, value);
            Failure::<WavesError>::classify(evidence.with_body(format!("{value} is retired"))).to_string()
        };
        prop_assert!(text(&model).contains(&model));
        prop_assert!(!text(&token).contains(&token[..8]));
    }

    #[test]
    fn redaction_is_idempotent(text in "\\PC{0,80}", noise in secret(), part in 0..4) {
        let evidence = Evidence::new().with_request_header("authorization", "Bearer own_secret_of_mine");
        let redactor = Redactor::new(WavesError::CATALOG, &evidence);
        let redact = |input: &str| {
            let redacted = match part {
                0 => redactor.text(input),
                1 => redactor.url(input),
                2 => redactor.header("x-anything", input),
                _ => redactor.body(&Body::whole(input), None),
            };
            redacted.into_text()
        };
        for input in [text.clone(), format!("{text}{noise}"), format!("{noise}?{text}&a={noise}"), format!("{{\"a\":\"{noise}\"}}")] {
            let once = redact(&input);
            prop_assert_eq!(redact(&once), once, "{}", input);
        }
    }

    /// Any mixture of notations is redacted without a panic, and without the credential of the exchange.
    #[test]
    fn mixtures_of_notations_have_no_credential(parts in proptest::collection::vec(select(&FRAGMENTS[..]), 1..14), size in 1..40_usize) {
        let credential = "own_secret_of_mine";
        let evidence = Evidence::new().with_request_header("authorization", format!("Bearer {credential}"));
        let redactor = Redactor::new(WavesError::CATALOG, &evidence);
        let text = parts.concat().replace('\u{1}', credential);
        let mut writer = RedactingWriter::new(&redactor, Vec::new());
        text.as_bytes().chunks(size).for_each(|chunk| writer.write_all(chunk).unwrap());
        let streamed = String::from_utf8(writer.finish().unwrap()).unwrap();
        prop_assert_eq!(&streamed, &redactor.text(&text).into_text());
        let all = [streamed, redactor.line(&text).into_text(), redactor.url(&text).into_text(), redactor.body(&Body::whole(&text), None).into_text()];
        for output in all {
            for window in credential.as_bytes().windows(6) {
                let window = std::str::from_utf8(window).unwrap();
                prop_assert!(!output.contains(window), "{window} in {output}");
            }
        }
    }

    #[test]
    fn ids_workspace_status_and_code_are_kept(
        id in prop_oneof!["req_[0-9a-f]{6,12}", "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}", "[0-9]{13,19}"],
        workspace in prop_oneof!["ws_[a-z0-9]{4,20}", "[0-9a-f]{24}"],
        status in 400..600_u16,
        code in "[A-Z][A-Za-z]{3,12}|[A-Z]{3,8}_[A-Z]{3,8}|[a-z]{3,8}_[a-z]{3,8}",
    ) {
        let evidence = Evidence::response(status)
            .with_request("POST", "https://host/tts")
            .with_request_header("authorization", "Bearer sk_zyxwvutsrqponmlk")
            .with_header("x-request-id", &id)
            .with_body(json!({ "error_code": code, "request_id": id }).to_string());
        let failure: Failure = Failure::classify(evidence);
        let ticket = failure.ticket().workspace(&workspace).markdown();
        for kept in [&id, &workspace, &status.to_string(), &code] {
            assert!(ticket.contains(kept.as_str()), "{kept} is not in {ticket}");
        }
        assert!(serde_json::to_string(&failure).unwrap().contains(&id));
    }

    #[test]
    fn more_evidence_never_rules_out_a_confirmed_cause(seed in select(&MISTAKES[..]), more in proptest::collection::vec(0..9_usize, 0..6)) {
        let mut evidence = seed.1();
        let status = evidence.status();
        let confirmed = |evidence: &Evidence| -> Vec<&'static str> {
            let findings = Failure::<WavesError>::classify(evidence.clone()).diagnose();
            findings.findings().filter(|finding| finding.verdict() == Verdict::Confirmed).filter_map(|finding| finding.step().id()).collect()
        };
        let before = confirmed(&evidence);
        assert!(before.contains(&seed.0), "{before:?}");
        for step in more {
            evidence = match step {
                0 => evidence.with_request_header("accept", "*/*"),
                1 => evidence.with_header("x-request-id", "req_1"),
                2 if status == Some(401) => evidence.with_body(r#"{"message":"no"}"#),
                3 => evidence.with_received_at(std::time::SystemTime::UNIX_EPOCH),
                4 => evidence.with_request_body(Body::whole(r#"{"text":"hello"}"#)),
                5 => evidence.with_header("content-type", "application/json"),
                6 => evidence.with_method("PUT"),
                7 if status == Some(401) => evidence.with_upload("a.wav", Some(200)),
                _ => evidence.with_request_header("user-agent", "test"),
            };
            let findings = Failure::<WavesError>::classify(evidence.clone()).diagnose();
            for finding in findings.findings().filter(|finding| finding.step().id().is_some_and(|id| before.contains(&id))) {
                assert_ne!(finding.verdict(), Verdict::RuledOut, "{finding:?}");
            }
        }
    }
}

/// Parts of texts; the character 1 is the credential.
const FRAGMENTS: [&str; 72] = [
    "password",
    "token",
    "api_key",
    "Authorization",
    "Cookie",
    "name",
    "value",
    "--token",
    " -u",
    " -p",
    "PWD",
    "mysql ",
    "curl ",
    ":",
    ": ",
    "=",
    " = ",
    "=>",
    "->",
    "|",
    " | ",
    ",",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    "<",
    ">",
    "</",
    "\"",
    "'",
    "`",
    "\\\"",
    "\\",
    "\n",
    "\r\n",
    "\n- ",
    "\n  ",
    " ",
    "\t",
    ";",
    "&",
    "?",
    "#",
    "://",
    "@",
    "%4",
    "%22",
    "\\u0022",
    "&quot;",
    "Bearer ",
    "Basic ",
    "Some(",
    "b'",
    "\u{201c}",
    "\u{201d}",
    "\u{65e5}",
    "\u{e9}",
    "\u{2039}",
    "\u{2039}12 characters\u{203a}",
    "\u{200b}",
    "\u{1b}[31m",
    "\0",
    "\u{1}",
    "a1b2c3d4e5",
    "null",
    "4111 1111 1111 1111",
    "-----BEGIN A-----",
    "MIIEpAIBAAKCAQEAMIIEpAIBAAKCAQEA",
    "https://h/x?token=abcdefgh&a=b",
];

/// A step, and evidence that confirms it.
type Mistake = (&'static str, fn() -> Evidence);

const MISTAKES: [Mistake; 5] = [
    ("header-form", || {
        Evidence::response(401)
            .with_request("GET", "https://h/")
            .with_request_header("authorization", "Token sk_0123456789")
    }),
    ("key-form", || {
        Evidence::response(401)
            .with_request("GET", "https://h/")
            .with_request_header("authorization", "Bearer sk_0123456789 ")
    }),
    ("browser-handshake", || {
        Evidence::response(401).with_transport(Transport::BrowserWebSocket).with_request("GET", "wss://h/")
    }),
    ("mismatch", || {
        Evidence::response(404)
            .with_request("GET", "https://h/b/A.wav")
            .with_body("<Error><Code>NoSuchKey</Code></Error>")
            .with_upload("a.wav", Some(200))
    }),
    ("unfinished", || {
        Evidence::response(404).with_body("<Error><Code>NoSuchKey</Code></Error>").with_upload("a.wav", Some(0))
    }),
];

proptest! {
    #![proptest_config(config(24))]

    #[test]
    fn command_line_output_has_no_secrets(secret in secret(), encoding in select(&ENCODINGS[..]), position in 0..4) {
        let written = encoding.write(&secret);
        let mut exchange = json!({
            "request": {"method": "POST", "url": "https://host/tts?model=a", "headers": [["authorization", format!("Bearer {secret}")]], "body": "{}"},
            "response": {"status": 401, "headers": [["x-request-id", "req_1"]], "body": "{}"},
        });
        match position {
            0 => exchange["request"]["url"] = json!(format!("https://host/tts?q={written}#{written}")),
            1 => exchange["request"]["body"] = json!(json!({ "a": [written] }).to_string()),
            2 => exchange["response"]["body"] = json!(json!({ "message": written, "request_id": written }).to_string()),
            _ => exchange["response"]["body"] = json!(format!("<Error><Message>{written}</Message></Error>").replace("&#", "&amp;#")),
        }
        let input = exchange.to_string();
        let mut all = Vec::new();
        for arguments in [
            &["classify"][..],
            &["classify", "--format", "json"],
            &["diagnose"],
            &["diagnose", "--format", "json"],
            &["ticket"],
            &["ticket", "--format", "json", "--workspace", "ws_1"],
            &["redact"],
            &["redact", "--as", "body"],
        ] {
            let (_, out, err) = piped(arguments, input.as_bytes());
            all.extend([out, err]);
        }
        assert_redacted(&all, &secret, &written);
    }
}

/// A regression that the property tests found: the diagnosis shows quotes around a key, but not a longer sequence of quotes.
#[test]
fn quotes_in_a_credential_are_redacted() {
    for secret in ["0aA'''`'`A0A", "\"\"\"\"\"\"\"\"\"\"", "''''''''''abc", "abc``````````"] {
        let evidence = Evidence::response(401).with_request("GET", "https://h/");
        let evidence = evidence.with_request_header("authorization", format!("Bearer {secret}"));
        assert_redacted(&outputs(evidence, "none", "ws_42"), secret, secret);
    }
}

/// A regression that the property tests found: base64 in a path can contain slashes and padding.
#[test]
fn base64_with_slashes_in_a_path_is_redacted() {
    for (credential, written) in [
        ("0?A0!aA?AA0a", "QXV0aG9yaXphdGlvbjogQmVhcmVyIDA/QTAhYUE/QUEwYQ=="),
        ("0?A0!aA?AA0a", "MD9BMCFhQT9BQTBh"),
        ("sk_????????????????", "c2tfPz8/Pz8/Pz8/Pz8/Pz8/Pw=="),
    ] {
        let (evidence, foreign) = exchange(Position::Path, written);
        let evidence = evidence.with_request_header("authorization", format!("Bearer {credential}"));
        assert_redacted(&outputs(evidence, &foreign, "ws_42"), credential, written);
    }
}

#[test]
fn transport_errors_and_non_utf8_bytes_are_redacted() {
    let secret = "sk_0123456789abcdef0123456789abcdef";
    for evidence in [
        Evidence::no_response(TransportError::Timeout).with_request("GET", format!("https://h/{secret}")),
        Evidence::response(500).with_body([&b"\xff\xfe"[..], secret.as_bytes()].concat()),
        Evidence::response(500).with_header("x-request-id", [&b"\xff"[..], secret.as_bytes()].concat()),
        Evidence::response(500).with_request_header("authorization", [&b"\xffBearer "[..], secret.as_bytes()].concat()),
        Evidence::new().with_request(secret, secret),
        // Bodies of the maximum size, in forms that a naive search handles slowly.
        Evidence::response(500).with_body("token=".repeat(11_000)),
        Evidence::response(500).with_body("://?a=bbbbb&".repeat(5_500)),
        Evidence::response(500).with_body("/sk_aaaaaa@‹&\\u{".repeat(3_500)),
        Evidence::response(500).with_request_header("authorization", secret).with_body(secret.repeat(1_800)),
    ] {
        assert_redacted(&outputs(evidence, secret, secret), secret, secret);
    }
}
