//! Classification: the case of a failed exchange, and the facts that its response contains.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::collections::HashSet;
use std::fmt;

use crate::condition::{Comparison, Condition, Negated};
use crate::content::Content;
use crate::delay::{DelayFormat, RequestedDelay};
use crate::evidence::{Evidence, TransportError};
use crate::layout::{RuleView, Texts, WireView};
use crate::matched_by::MatchedBy;
use crate::path::{path_matches, path_of};
use crate::sse;
use crate::storage::StorageError;
use crate::table::Table;

/// The facts of a failed exchange.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Facts {
    /// Whether the exchange failed: a status of 400 or above, a transport error, an error frame, an error in the body of a successful
    /// response, or a close other than 1000.
    pub failed: bool,
    /// The index of the case, and the kind of condition that selected it.
    pub case: Option<(u16, MatchedBy)>,
    /// The code in the response, whether or not the catalog lists it.
    pub code: Option<String>,
    /// The message in the response.
    pub message: Option<String>,
    /// The request id that the server assigned.
    pub request_id: Option<String>,
    /// The delays that the response requests, in the order of their sources.
    pub delays: Vec<RequestedDelay>,
    /// Whether the response forbids a retry.
    pub is_vetoed: bool,
}

/// Omits the texts of the server, which can repeat a secret.
impl fmt::Debug for Facts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Facts").field("failed", &self.failed).field("case", &self.case).finish_non_exhaustive()
    }
}

/// Parses the evidence once, finds the case and extracts the facts.
pub fn classify(table: &Table<'_>, evidence: &Evidence) -> Facts {
    let wire = table.wire();
    let content = failed_content(table, evidence);
    let exchange = Exchange::new(table, evidence, &content);
    let failed = exchange.signs().next().is_some();
    let case = if failed { exchange.case(table) } else { None };
    let is_listed = |code: &Cow<'_, str>| table.rules_of_code(code).next().is_some();
    Facts {
        failed,
        case,
        code: exchange.codes().find(is_listed).or_else(|| exchange.codes().next()).map(Cow::into_owned),
        message: message(wire, &content),
        request_id: request_id(wire, evidence, &content),
        delays: exchange.delays(),
        is_vetoed: wire.retry_veto().any(|conditions| exchange.hold(conditions)),
    }
}

/// An alternative of a case's `match`, tested with an exchange.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TestedRule {
    /// The index of the case.
    pub case: u16,
    /// The kind of its most specific condition.
    pub rank: MatchedBy,
    /// Each condition as a text, and whether it holds.
    pub conditions: Vec<(String, bool)>,
    /// Whether one of the conditions that describe the failure holds.
    pub is_near: bool,
}

/// Tests all alternatives of all cases with an exchange. Returns them in the order of the cases.
pub(crate) fn test_rules(table: &Table<'_>, evidence: &Evidence) -> Vec<TestedRule> {
    let content = failed_content(table, evidence);
    let exchange = Exchange::new(table, evidence, &content);
    let rules = table.rules().map(|rule| {
        let code = Some(rule.code()).filter(|code| !code.is_empty()).map(|code| Some(Condition::Code(vec![code])));
        let mut is_near = false;
        let test = |condition: Option<Condition<&str>>| {
            let Some(condition) = condition else { return ("a condition of a newer version".to_owned(), false) };
            let holds = exchange.holds(&condition);
            is_near |= holds && condition.rank().is_some();
            (if holds { exchange.as_text(&[condition]) } else { condition.to_string() }, holds)
        };
        let conditions = code.into_iter().chain(rule.conditions()).map(test).collect();
        TestedRule { case: rule.case(), rank: rank(rule), conditions, is_near }
    });
    rules.collect()
}

/// Returns the signs of a failure in an exchange, as texts: `status = 429`.
pub(crate) fn signs(table: &Table<'_>, evidence: &Evidence) -> Vec<String> {
    let content = failed_content(table, evidence);
    Exchange::new(table, evidence, &content).signs().map(|sign| sign.to_string()).collect()
}

/// Returns the conditions of `retry-veto` that hold, as texts.
pub(crate) fn vetoes(table: &Table<'_>, evidence: &Evidence) -> Vec<String> {
    let content = failed_content(table, evidence);
    let exchange = Exchange::new(table, evidence, &content);
    let vetoes = table.wire().retry_veto().filter(|&conditions| exchange.hold(conditions));
    vetoes.map(|conditions| exchange.as_text(&conditions.flatten().collect::<Vec<_>>())).collect()
}

/// A sign that an exchange failed.
enum Sign<'a> {
    TransportError(TransportError),
    Status(u16),
    Close(u16),
    /// The error document of a storage service, which also sends it with a status of 200.
    Storage,
    /// An alternative of `failed-when` holds.
    Content(Vec<Condition<&'a str>>),
}

impl fmt::Display for Sign<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TransportError(error) => write!(f, "transport error: {}", error.as_str()),
            Self::Status(status) => write!(f, "status {status}"),
            Self::Close(code) => write!(f, "close {code}"),
            Self::Storage => f.write_str("error document of a storage service"),
            Self::Content(conditions) => {
                let conditions: Vec<_> = conditions.iter().map(ToString::to_string).collect();
                write!(f, "failed-when {}", conditions.join(", "))
            }
        }
    }
}

fn rank(rule: RuleView<'_>) -> MatchedBy {
    MatchedBy::ALL.get(usize::from(rule.rank())).copied().unwrap_or(MatchedBy::TransportError)
}

/// Returns whether the response is an error document of a storage service.
pub fn is_storage(evidence: &Evidence) -> bool {
    matches!(content(evidence), Content::Storage(_))
}

/// Returns the texts of the response: the body as a text, or its strings, without fields that contain user input.
pub fn response_texts(table: &Table<'_>, evidence: &Evidence) -> Vec<String> {
    let mut texts = Vec::new();
    content(evidence).texts(table.redact().contents(), &mut |text| texts.push(text.to_owned()));
    texts
}

/// Returns the string, number or boolean at a JSON pointer of the last error frame, or else of the response's body.
pub fn field(evidence: &Evidence, pointer: &str) -> Option<String> {
    content(evidence).scalars(pointer).next().map(Cow::into_owned)
}

/// Returns the content that reports the error: of a stream of events, the first event that `failed-when` describes, or else the first
/// event.
fn failed_content<'a>(table: &Table<'a>, evidence: &'a Evidence) -> Content<'a> {
    let content = content(evidence);
    let event = if let Content::Text(text) = &content { failed_event(table, evidence, text) } else { None };
    event.unwrap_or(content)
}

fn failed_event(table: &Table<'_>, evidence: &Evidence, text: &str) -> Option<Content<'static>> {
    let has_error = |event: &Content<'_>| Exchange::new(table, evidence, event).signs_in_content().next().is_some();
    let mut events = sse::events(text).map(Content::Json);
    let first = events.next()?;
    Some(if has_error(&first) { first } else { events.find(has_error).unwrap_or(first) })
}

fn content(evidence: &Evidence) -> Content<'_> {
    Content::parse(evidence.frame().or(evidence.body()))
}

/// Returns the first scalar at one of the pointers that is not empty.
fn first_scalar(content: &Content<'_>, pointers: Texts<'_>) -> Option<String> {
    let mut texts = pointers.flat_map(|pointer| content.scalars(pointer));
    texts.find(|text| !text.is_empty()).map(Cow::into_owned)
}

/// Returns the error status of the response, or else the one in an error frame or in the body of a successful response.
fn status(wire: WireView<'_>, evidence: &Evidence, content: &Content<'_>) -> Option<u16> {
    let status_in_content = || {
        let texts = wire.statuses().flat_map(|pointer| content.scalars(pointer));
        texts.filter_map(|text| text.parse().ok()).find(|status| (400..600).contains(status))
    };
    // With a frame, the status of the response is usually 101: it opened the socket.
    let refused = evidence.status().filter(|&status| status >= 400);
    refused.or_else(status_in_content).or(evidence.status())
}

fn message(wire: WireView<'_>, content: &Content<'_>) -> Option<String> {
    match content {
        Content::Json(_) => {
            // A body that consists of a string is its own message.
            let texts = wire.messages().chain([""]).flat_map(|pointer| content.strings(pointer));
            texts.map(str::trim).find(|text| !text.is_empty()).map(str::to_owned)
        }
        Content::Storage(StorageError { message, .. }) => message.clone().filter(|message| !message.is_empty()),
        Content::Text(text)
            if !text.starts_with(['<', '{', '[']) && !text.contains(['\0', char::REPLACEMENT_CHARACTER]) =>
        {
            Some(text.lines().next().unwrap_or_default().to_owned())
        }
        _ => None,
    }
}

fn request_id(wire: WireView<'_>, evidence: &Evidence, content: &Content<'_>) -> Option<String> {
    let mut headers = wire.request_id_headers().flat_map(|name| evidence.header_values(name)).map(str::trim);
    headers.find(|id| !id.is_empty()).map(str::to_owned).or_else(|| first_scalar(content, wire.request_id_body()))
}

/// The parts of an exchange that conditions test.
struct Exchange<'a> {
    evidence: &'a Evidence,
    content: &'a Content<'a>,
    status: Option<u16>,
    wire: WireView<'a>,
    contents: Texts<'a>,
    texts: OnceCell<Vec<String>>,
}

impl<'a> Exchange<'a> {
    fn new(table: &Table<'a>, evidence: &'a Evidence, content: &'a Content<'a>) -> Self {
        let (wire, contents) = (table.wire(), table.redact().contents());
        Self { evidence, content, status: status(wire, evidence, content), wire, contents, texts: OnceCell::new() }
    }

    /// Returns the codes in the response. They are extracted on demand, because usually only the first one is needed.
    fn codes(&self) -> impl Iterator<Item = Cow<'a, str>> {
        let (content, wire) = (self.content, self.wire);
        let (code, pointers) = match content {
            Content::Storage(StorageError { code, .. }) => (code.as_deref().map(Cow::Borrowed), None),
            _ => (None, Some(wire.codes())),
        };
        let base = wire.code_base();
        let strip = move |code: Cow<'a, str>| match code.strip_prefix(base) {
            Some(rest) if !rest.is_empty() && !base.is_empty() => Cow::Owned(rest.to_owned()),
            _ => code,
        };
        let found = pointers.into_iter().flatten().flat_map(|pointer| content.codes(pointer));
        code.into_iter().chain(found.filter(|code| !code.is_empty() && code != "about:blank").map(strip))
    }

    /// Returns the values at the sources of delays whose conditions hold.
    fn delays(&self) -> Vec<RequestedDelay> {
        let mut delays = Vec::new();
        for (source, parts) in self.wire.delays().enumerate().filter(|(_, parts)| self.hold(parts.when())) {
            let format = DelayFormat::ALL.get(usize::from(parts.format())).copied();
            let delay = |value: String, is_field| RequestedDelay { source, format, value, is_field };
            let is_source = |name: &str| !parts.header().is_empty() && name == parts.header();
            let headers = self.evidence.headers().filter(|(name, _)| is_source(name));
            delays.extend(headers.map(|(_, value)| delay(String::from_utf8_lossy(value).into_owned(), false)));
            if !parts.pointer().is_empty() {
                delays.extend(self.content.scalars(parts.pointer()).map(|value| delay(value.into_owned(), true)));
            }
        }
        delays
    }

    /// Returns whether the response is an error document of a storage service, and not of the API itself: `[wire] codes` does not find
    /// its code.
    fn is_foreign(&self) -> bool {
        matches!(self.content, Content::Storage(_))
            && self.wire.codes().all(|pointer| self.content.codes(pointer).next().is_none())
    }

    /// Returns conditions that hold as a text, with the value that matched instead of a long list.
    fn as_text(&self, conditions: &[Condition<&str>]) -> String {
        let as_text = |condition: &Condition<&str>| match (condition, self.status) {
            (Condition::Status(_), Some(status)) => format!("status = {status}"),
            _ => condition.to_string(),
        };
        conditions.iter().map(as_text).collect::<Vec<_>>().join(", ")
    }

    fn signs(&self) -> impl Iterator<Item = Sign<'a>> {
        let evidence = self.evidence;
        let signs = [
            evidence.transport_error().map(Sign::TransportError),
            evidence.status().filter(|&status| status >= 400).map(Sign::Status),
            evidence.close().filter(|close| close.code != 1000).map(|close| Sign::Close(close.code)),
        ];
        let storage = matches!(self.content, Content::Storage(_)).then_some(Sign::Storage);
        signs.into_iter().flatten().chain(storage).chain(self.signs_in_content())
    }

    fn signs_in_content(&self) -> impl Iterator<Item = Sign<'a>> {
        let alternatives = self.wire.failed_when().filter(|&conditions| self.hold(conditions));
        alternatives.map(|conditions| Sign::Content(conditions.flatten().collect()))
    }

    fn case(&self, table: &Table<'_>) -> Option<(u16, MatchedBy)> {
        if let Some(case) = self.case_by_code(table) {
            return Some((case, MatchedBy::Code));
        }
        if self.is_foreign() {
            return None;
        }
        let mut by_status = self.status.and_then(|status| table.case_of_status(status));
        for rule in table.other_rules() {
            let rank = rank(rule);
            if rank > MatchedBy::Status
                && let Some(case) = by_status.take()
            {
                return Some((case, MatchedBy::Status));
            }
            if self.hold(rule.conditions()) {
                return Some((rule.case(), rank));
            }
        }
        by_status.map(|case| (case, MatchedBy::Status))
    }

    /// Returns the case of the first code with a rule that holds. A response can repeat a code thousands of times, so a code whose rules
    /// do not hold is only tried once.
    fn case_by_code(&self, table: &Table<'_>) -> Option<u16> {
        let mut tried = HashSet::new();
        for code in self.codes() {
            if tried.contains(&code) {
                continue;
            }
            if let Some(rule) = table.rules_of_code(&code).find(|rule| self.hold(rule.conditions())) {
                return Some(rule.case());
            }
            tried.insert(code);
        }
        None
    }

    /// Returns whether all conditions hold. A condition that is unknown to this version never holds.
    fn hold<'c>(&self, mut conditions: impl Iterator<Item = Option<Condition<&'c str>>>) -> bool {
        conditions.all(|condition| condition.is_some_and(|condition| self.holds(&condition)))
    }

    fn holds(&self, condition: &Condition<&str>) -> bool {
        let close = self.evidence.close();
        match *condition {
            Condition::Status(ref ranges) => {
                self.status.is_some_and(|status| ranges.iter().any(|&(first, last)| (first..=last).contains(&status)))
            }
            Condition::Code(ref codes) => self.codes().any(|other| codes.binary_search(&other.as_ref()).is_ok()),
            // Clients report 1006 themselves. It has no meaning after a response that refused the handshake.
            Condition::Close(ref codes) => {
                let is_refused = self.evidence.status().is_some_and(|status| status >= 400);
                close.is_some_and(|close| codes.contains(&close.code) && !(close.code == 1006 && is_refused))
            }
            Condition::Reason(ref reasons) => close.is_some_and(|close| reasons.contains(&close.reason.as_str())),
            Condition::Text(phrase) => self.contains_phrase(phrase),
            Condition::Header(name, comparison, ref values) => self.header_matches(name, comparison, values),
            Condition::Json(pointer, ref values) => {
                // Sorted values keep the cost linear even if both lists are long.
                self.content.scalars(pointer).any(|other| values.binary_search(&other.as_ref()).is_ok())
            }
            Condition::Has(pointer) => self.content.scalars(pointer).next().is_some(),
            Condition::Frame(is_frame) => self.evidence.frame().is_some() == is_frame,
            Condition::TransportError(ref errors) => {
                self.evidence.transport_error().is_some_and(|error| errors.contains(&error))
            }
            Condition::Method(ref methods) => self.evidence.method().is_some_and(|method| methods.contains(&method)),
            Condition::Path(ref patterns) => self.evidence.url().is_some_and(|url| {
                let path = path_of(url);
                patterns.iter().any(|pattern| path_matches(path, pattern))
            }),
            Condition::Not(Negated(ref conditions)) => !conditions.iter().all(|condition| self.holds(condition)),
        }
    }

    fn header_matches(&self, name: &str, comparison: Comparison, values: &[&str]) -> bool {
        // A value that is not text is present, but equals nothing.
        let is_present = || self.evidence.headers().any(|(other, _)| other == name);
        let mut headers = self.evidence.header_values(name).map(str::trim);
        let starts_with = |header: &str, prefix: &str| {
            header.get(..prefix.len()).is_some_and(|front| front.eq_ignore_ascii_case(prefix))
        };
        match comparison {
            Comparison::Present => is_present(),
            Comparison::Absent => self.evidence.status().is_some() && !is_present(),
            Comparison::Equals => headers.any(|header| values.iter().any(|value| header.eq_ignore_ascii_case(value))),
            Comparison::Prefix => headers.any(|header| values.iter().any(|prefix| starts_with(header, prefix))),
            Comparison::Contains => headers.any(|header| {
                let header = header.to_ascii_lowercase();
                values.iter().any(|part| header.contains(&part.to_ascii_lowercase()))
            }),
        }
    }

    /// Returns whether the text of the response, or the reason of the close, contains a phrase: whole words, in any case.
    fn contains_phrase(&self, phrase: &str) -> bool {
        let phrase = phrase.to_lowercase();
        self.lowercase_texts().iter().any(|text| contains_words(text, &phrase))
    }

    /// Returns the texts that a phrase can match, in lower case. They are converted once for all phrases.
    fn lowercase_texts(&self) -> &[String] {
        self.texts.get_or_init(|| {
            let mut texts: Vec<_> =
                self.evidence.close().map(|close| close.reason.to_lowercase()).into_iter().collect();
            self.content.texts(self.contents, &mut |text| texts.push(text.to_lowercase()));
            texts
        })
    }
}

/// Returns whether a text contains a phrase that is not part of a longer word.
fn contains_words(text: &str, phrase: &str) -> bool {
    let is_word = |neighbor: Option<char>| neighbor.is_some_and(|c| c.is_alphanumeric() || c == '_');
    !phrase.is_empty()
        && text.match_indices(phrase).any(|(at, found)| {
            !is_word(text[..at].chars().next_back()) && !is_word(text[at + found.len()..].chars().next())
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::body::Body;
    use crate::condition::Rule;
    use crate::evidence::Close;
    use crate::layout::{CaseParts, Redact, Wire};
    use crate::table::{TableParts, encode};

    /// Returns a table with one case for each rule, in this order.
    fn table(rules: &[&[Condition]]) -> String {
        let rules = rules
            .iter()
            .enumerate()
            .map(|(n, conditions)| Rule { case: u16::try_from(n).unwrap(), conditions: conditions.to_vec() });
        let rules: Vec<_> = rules.collect();
        let texts = |texts: &[&str]| texts.iter().map(|&text| text.to_owned()).collect();
        encode(&TableParts {
            id: "test".into(),
            wire: Wire {
                codes: texts(&["/code", "/type"]),
                code_base: "https://errors/".into(),
                statuses: texts(&["/code"]),
                messages: texts(&["/message"]),
                request_id_headers: texts(&["x-request-id"]),
                request_id_body: texts(&["/request_id"]),
                failed_when: vec![vec![Condition::Json("/status".into(), vec!["error".into()])]],
                ..Wire::default()
            },
            redact: Redact { contents: texts(&["said"]), ..Redact::default() },
            cases: rules.iter().map(|_| CaseParts::default()).collect(),
            rules,
            ..TableParts::default()
        })
    }

    fn code(text: &str) -> Condition {
        Condition::Code(vec![text.into()])
    }

    fn text(text: &str) -> Condition {
        Condition::Text(text.into())
    }

    fn status(low: u16, high: u16) -> Condition {
        Condition::Status(vec![(low, high)])
    }

    fn case(table: &str, evidence: &Evidence) -> Option<(u16, &'static str)> {
        classify(&Table::new(table), evidence).case.map(|(case, by)| (case, by.as_str()))
    }

    #[test]
    fn more_specific_match_wins() {
        let table = table(&[
            &[Condition::TransportError(vec![TransportError::Timeout])],
            &[status(400, 499)],
            &[Condition::Close(vec![1008])],
            &[text("too large")],
            &[Condition::Header("x-kind".into(), Comparison::Equals, vec!["odd".into()])],
            &[Condition::Json("/kind".into(), vec!["7".into()])],
            &[Condition::Close(vec![1008]), Condition::Reason(vec!["full".into()])],
            &[code("gone")],
            &[status(400, 400), text("too large")],
            &[Condition::Has("/odd".into())],
        ]);
        let json = |body: &str| Evidence::response(400).with_body(body);
        assert_eq!(case(&table, &json(r#"{"code":"gone","kind":7}"#).with_header("x-kind", "odd")), Some((7, "code")));
        assert_eq!(case(&table, &json(r#"{"kind":7}"#).with_header("x-kind", "odd")), Some((5, "json")));
        assert_eq!(case(&table, &json(r#"{"odd":false}"#)), Some((9, "json")));
        assert_eq!(case(&table, &json(r#"{"odd":null}"#)), Some((1, "status")));
        assert_eq!(
            case(&table, &json(r#"{"message":"TOO large!"}"#).with_header("x-kind", "Odd")),
            Some((4, "header"))
        );
        assert_eq!(case(&table, &json(r#"{"message":"TOO large!"}"#)), Some((8, "text")));
        assert_eq!(case(&table, &Evidence::response(413).with_body("too large")), Some((3, "text")));
        assert_eq!(case(&table, &json("too larger")), Some((1, "status")));
        assert_eq!(case(&table, &Evidence::closed(1008, "full")), Some((6, "reason")));
        assert_eq!(case(&table, &Evidence::closed(1008, "other")), Some((2, "close")));
        assert_eq!(
            case(&table, &Evidence::response(404).with_transport_error(TransportError::Timeout)),
            Some((1, "status"))
        );
        assert_eq!(case(&table, &Evidence::no_response(TransportError::Timeout)), Some((0, "io")));
        assert_eq!(case(&table, &Evidence::no_response(TransportError::Tls)), None);
    }

    #[test]
    fn unknown_code_is_kept_and_status_matches() {
        let table = table(&[&[status(404, 404)], &[code("known")]]);
        let facts = |body: &str| classify(&Table::new(&table), &Evidence::response(404).with_body(body));
        let unknown = facts(r#"{"code":"new","message":"m","request_id":"r"}"#);
        assert_eq!(unknown.case, Some((0, MatchedBy::Status)));
        assert_eq!(
            (unknown.code.as_deref(), unknown.message.as_deref(), unknown.request_id.as_deref()),
            (Some("new"), Some("m"), Some("r"))
        );
        assert_eq!(facts(r#"{"code":"new","type":"https://errors/known"}"#).code.as_deref(), Some("known"));
        assert_eq!(facts(r#"{"type":"about:blank"}"#).code, None);
    }

    #[test]
    fn first_nonempty_field_wins() {
        let table = table(&[&[status(400, 499)]]);
        let facts = |body: &str| {
            classify(&Table::new(&table), &Evidence::response(401).with_header("x-request-id", " ").with_body(body))
        };
        let code_and_message = |body| (facts(body).code, facts(body).message);
        assert_eq!(code_and_message(r#"{"code":true,"type":1.5,"message":false}"#), (None, None));
        assert_eq!(
            code_and_message(r#"{"code":"","type":404,"message":" m "}"#),
            (Some("404".into()), Some("m".into()))
        );
        assert_eq!(code_and_message(r#""Invalid key""#), (None, Some("Invalid key".into())));
        assert_eq!(facts(r#"{"request_id":"r"}"#).request_id.as_deref(), Some("r"));
    }

    #[test]
    fn truncated_json_never_matches_by_text() {
        let table = table(&[&[status(500, 500)], &[text("NoSuchKey")]]);
        let long = format!(r#"{{"said":"NoSuchKey","more":"{}"}}"#, "x".repeat(70_000));
        for body in [long.as_str(), r#"{"said":"NoSuchKey""#] {
            assert_eq!(case(&table, &Evidence::response(500).with_body(body)), Some((0, "status")));
        }
    }

    #[test]
    fn frame_matches_by_the_status_in_its_body() {
        let table = table(&[
            &[status(429, 429)],
            &[text("full"), Condition::Frame(true)],
            &[status(429, 429), text("plan"), text("upgrade")],
            &[text("no frame"), Condition::Frame(false)],
        ]);
        let frame = |body: &str| case(&table, &Evidence::response(101).with_frame(body));
        assert_eq!(frame(r#"{"status":"error","code":"429"}"#), Some((0, "status")));
        assert_eq!(frame(r#"{"status":"error","code":429,"message":"Full."}"#), Some((1, "text")));
        assert_eq!(frame(r#"{"status":"error","code":429,"message":"no frame"}"#), Some((0, "status")));
        assert_eq!(frame(r#"{"status":"error","code":429,"message":"upgrade the plan"}"#), Some((2, "text")));
        assert_eq!(frame(r#"{"status":"error","code":"101"}"#), None);
        assert_eq!(frame(r#"{"status":"206","code":"429"}"#), None, "not a failure");
        let response = |code, body: &str| case(&table, &Evidence::response(code).with_body(body));
        assert_eq!(
            response(400, r#"{"status":"error","code":"429","message":"full"}"#),
            None,
            "a response has its own status"
        );
        assert_eq!(response(429, r#"{"message":"full: upgrade"}"#), Some((0, "status")), "one phrase of two");
        assert_eq!(response(400, r#"{"message":"no frame"}"#), Some((3, "text")));
        let refused = Evidence::response(429).with_frame(r#"{"status":"error","code":"404"}"#);
        assert_eq!(case(&table, &refused), Some((0, "status")));
    }

    #[test]
    fn storage_response_matches_only_by_code() {
        let table = table(&[&[status(403, 404)], &[code("NoSuchKey")], &[text("NoSuchKey")]]);
        let response = |body: &str| case(&table, &Evidence::response(404).with_body(body));
        assert_eq!(response("<Error><Code>NoSuchKey</Code></Error>"), Some((1, "code")));
        assert_eq!(response("<Error><Code>AccessDenied</Code><Key>NoSuchKey</Key></Error>"), None);
        assert_eq!(response("<html>404 from a gateway</html>"), Some((0, "status")));
        assert_eq!(response(r#"{"errors":"NoSuchKey: gone"}"#), Some((2, "text")));
        assert_eq!(response(r#"{"said":"NoSuchKey"}"#), Some((0, "status")), "user content never matches");
    }

    #[test]
    fn storage_response_whose_code_the_api_names_also_matches_by_status() {
        let table = |codes: &[&str]| {
            encode(&TableParts {
                wire: Wire { codes: codes.iter().map(|&code| code.to_owned()).collect(), ..Wire::default() },
                cases: vec![CaseParts::default()],
                rules: vec![Rule { case: 0, conditions: vec![status(404, 404)] }],
                ..TableParts::default()
            })
        };
        let response = Evidence::response(404).with_body("<Error><Code>NoSuchLifecycle</Code></Error>");
        assert_eq!(case(&table(&["/Code"]), &response), Some((0, "status")));
        assert_eq!(case(&table(&["/error/code"]), &response), None);
    }

    #[test]
    fn success_matches_no_case() {
        let table = table(&[&[status(100, 599)], &[code("c")], &[Condition::Close(vec![1000])]]);
        assert_eq!(case(&table, &Evidence::response(200).with_body(r#"{"code":"c"}"#)), None);
        assert_eq!(case(&table, &Evidence::error_frame(r#"{"status":"206","code":"c"}"#)), None);
        assert_eq!(case(&table, &Evidence::error_frame(r#"{"status":"error","code":"c"}"#)), Some((1, "code")));
        assert_eq!(case(&table, &Evidence::closed(1000, "")), None);
        assert_eq!(case(&table, &Evidence::new()), None);
        let close = Close::new(1013, "").with_opened(true);
        assert_eq!(
            case(&table, &Evidence::error_frame(r#"{"status":"error","code":"c"}"#).with_close(close)),
            Some((1, "code"))
        );
    }

    #[test]
    fn hostile_bodies_match_by_status() {
        let table = table(&[&[status(500, 500)]]);
        let deep = "[".repeat(100_000);
        for body in [&b""[..], b"\xff\xfe\0binary", deep.as_bytes(), b"{\"a\":", b"<!DOCTYPE x [<!ENTITY", b"\"", b"{}"]
        {
            assert_eq!(case(&table, &Evidence::response(500).with_body(body)), Some((0, "status")));
            let whole = Body::whole(body);
            assert_eq!(case(&table, &Evidence::response(500).with_body(whole)), Some((0, "status")));
        }
        assert_eq!(case("", &Evidence::response(500)), None, "a damaged table has no cases");
    }
}
