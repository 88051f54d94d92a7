//! Named secrets in each notation, in each encoding, at each position of an exchange and in each output: none of them is shown.

use std::io::Write;

use data_encoding::{BASE64, HEXLOWER};
use serde_json::json;
use waves_errors::{Body, CatalogEnum, Close, Evidence, RedactingWriter, Redactor, WavesError};

use crate::cli_classify::piped;
use crate::secrets::outputs;

/// A secret that only its name makes one: no prefix, no scheme.
const SECRET: &str = "Zq7RtX0bVn4LpW2mKc9HsJ5d";

/// The notations, with `@` in place of the value.
const NOTATIONS: [(&str, &str); 51] = [
    ("colon", "x password: @ y"),
    ("equals", "x db_password=@ y"),
    ("spaced equals", "client_secret = @"),
    ("arrow", "password => @,"),
    ("thin arrow", "api_key -> @"),
    ("table", "| api_key | @ |"),
    ("index", "headers[authorization]=@"),
    ("print_r", "[password] => @"),
    ("visibility", "[password:protected] => @"),
    ("JSON", r#"{"status":401,"api_key":"@","x":1}"#),
    ("JSON in JSON", r#"{"body":"{\"password\":\"@\"}"}"#),
    ("JSON in JSON in JSON", r#"{"body":"{\"a\":\"{\\\"password\\\":\\\"@\\\"}\"}"}"#),
    ("single quotes", "{'token': '@', 'x': None}"),
    ("typographic quotes", "password: \u{201c}@\u{201d}"),
    ("byte string", "(b'authorization', b'Bearer @')"),
    ("list of bytes", "[(b'x-api-key', b'@')]"),
    ("Some", "Config { token: Some(\"@\"), retries: 3 }"),
    ("wrapper", "Secret { password: SecretString(\"@\") }"),
    ("slice", "Header:map[Authorization:[Bearer @]]"),
    ("string slice", "\"X-Api-Key\":[]string{\"@\"}"),
    ("var_dump", "[\"password\"]=> string(24) \"@\""),
    ("scheme", "level=info authorization=Bearer @ status=401"),
    ("unknown scheme", "Authorization: Klingon @"),
    ("header in quotes", "curl -H 'Authorization: Token @' https://h/"),
    ("header method", ".header(\"x-api-key\", \"@\")"),
    ("call", ".bearer_auth(\"@\")"),
    ("flat list", "[\"Accept\", \"*/*\", \"X-Api-Key\", \"@\"]"),
    ("siblings", r#"{"name": "Authorization", "value": "Bearer @"}"#),
    ("siblings reversed", r#"{"value": "@", "name": "api_key"}"#),
    ("attributes", "<add key=\"password\" value=\"@\"/>"),
    ("element", "<password>@</password>"),
    ("element with attributes", "<ns:password type='x'>@</ns:password>"),
    ("child elements", "<name>api_key</name><value>@</value>"),
    ("option", "app --api-key @ --port 80"),
    ("option with equals", "app --token=@ run"),
    ("user option", "curl -u 'me:@' https://h/"),
    ("proxy user option", "curl --proxy-user me:@ https://h/"),
    ("environment", "ENV SMALLEST_API_KEY @"),
    ("setx", "setx SMALLEST_API_KEY \"@\""),
    ("configuration command", "aws configure set aws_secret_access_key @"),
    ("login", "docker login -u me -p @ registry.example"),
    ("connection string", "Server=h;Database=d;Password=@;Timeout=5"),
    ("user information", "postgres://app:@@db.example:5432/x"),
    ("query", "GET https://h/x?model=a&token=@&language=en"),
    ("fragment", "https://h/cb#access_token=@"),
    ("form", "grant_type=password&password=@&scope=a"),
    ("cookie", "Cookie: theme=dark; sid=@; lang=en"),
    ("set-cookie", "Set-Cookie: session=@; Path=/; HttpOnly"),
    ("logfmt", "level=error password=@ request_id=req_7f3a9c"),
    ("folded header", "Authorization: Bearer\r\n  @"),
    ("list", "{\"tokens\": [\"@\", \"@\"]}"),
];

type Encode = fn(&str) -> String;

/// The encodings of the value.
const ENCODINGS: [(&str, Encode); 7] = [
    ("plain", str::to_owned),
    ("percent", |text| text.bytes().map(|byte| format!("%{byte:02X}")).collect()),
    ("some percent", |text| text.replace('X', "%58").replace('m', "%6d")),
    ("unicode escapes", |text| text.chars().map(|c| format!("\\u{:04x}", u32::from(c))).collect()),
    ("entities", |text| text.chars().map(|c| format!("&#{};", u32::from(c))).collect()),
    ("base64", |text| BASE64.encode(text.as_bytes())),
    ("hexadecimal", |text| HEXLOWER.encode(text.as_bytes())),
];

/// Returns whether an output contains six consecutive bytes of the secret, or all of its encoded form.
fn shows(output: &str, written: &str) -> bool {
    let contains = |text: &str| {
        text.as_bytes().windows(6).any(|six| std::str::from_utf8(six).is_ok_and(|six| output.contains(six)))
    };
    contains(SECRET) || output.contains(written)
}

/// Returns the evidence of an exchange with a text at each position in which it can occur.
fn positions(text: &str) -> [(&'static str, Evidence); 6] {
    let response = || Evidence::response(401).with_request("POST", "https://api.smallest.ai/waves/v1/tts");
    [
        ("message", response().with_body(json!({ "message": text }).to_string())),
        ("text", response().with_header("content-type", "text/plain").with_body(text)),
        ("frame", Evidence::error_frame(text)),
        ("close", Evidence::new().with_close(Close::new(1008, text))),
        ("request body", response().with_request_body(Body::whole(text)).with_body("no")),
        ("object", response().with_body(json!({ "error": { "detail": [text] } }).to_string())),
    ]
}

#[test]
fn named_secrets_are_hidden_in_each_notation_encoding_and_output() {
    let redactor = Redactor::new(WavesError::CATALOG, &Evidence::new());
    let (mut planted, mut leaked) = (0, Vec::new());
    for (notation, template) in NOTATIONS {
        for (encoding, encode) in ENCODINGS {
            let written = encode(SECRET);
            // The `@` before a host remains.
            let text = template
                .replacen("@@", "\u{1}@", 1)
                .replace(if template.contains("@@") { '\u{1}' } else { '@' }, &written);
            let mut all = vec![("text", redactor.text(&text).into_text())];
            let mut writer = RedactingWriter::new(&redactor, Vec::new());
            text.as_bytes().chunks(7).for_each(|chunk| writer.write_all(chunk).unwrap());
            all.push(("writer", String::from_utf8(writer.finish().unwrap()).unwrap()));
            for (position, evidence) in positions(&text) {
                all.extend(outputs(evidence, &text, "ws_42").into_iter().map(|output| (position, output)));
            }
            planted += all.len();
            leaked.extend(all.into_iter().filter(|(_, output)| shows(output, &written)).map(|(position, output)| {
                format!("{notation}, {encoding}, {position}: {}", output.chars().take(300).collect::<String>())
            }));
        }
    }
    println!(
        "{} notations, {} encodings: {planted} outputs with a planted secret, {} leaked",
        NOTATIONS.len(),
        ENCODINGS.len(),
        leaked.len()
    );
    assert!(leaked.is_empty(), "{}\n{}", leaked.len(), leaked[..leaked.len().min(12)].join("\n"));
}

#[test]
fn named_secrets_are_hidden_by_each_command() {
    let (mut planted, mut leaked) = (0, Vec::new());
    for (notation, template) in NOTATIONS.iter().filter(|(_, template)| !template.contains("@@")) {
        let text = template.replace('@', SECRET);
        let exchange = json!({
            "request": {"method": "POST", "url": "https://api.smallest.ai/waves/v1/tts", "headers": [["x-log", text.replace(['\r', '\n'], " ")]], "body": text},
            "response": {"status": 401, "headers": [["x-request-id", "req_1"]], "body": json!({ "message": text }).to_string()},
        });
        for (command, input) in [
            ("redact", text.clone()),
            ("redact", exchange.to_string()),
            ("redact", serde_json::to_string_pretty(&exchange).unwrap()),
            ("ticket", exchange.to_string()),
            ("diagnose", exchange.to_string()),
            ("classify", exchange.to_string()),
        ] {
            let (_, out, err) = piped(&[command], input.as_bytes());
            planted += 1;
            if shows(&format!("{out}{err}"), SECRET) {
                leaked.push(format!("{notation}, {command}: {out}{err}"));
            }
        }
    }
    println!("{planted} outputs of commands with a planted secret, {} leaked", leaked.len());
    assert!(leaked.is_empty(), "{}\n{}", leaked.len(), leaked[..leaked.len().min(6)].join("\n"));
}
