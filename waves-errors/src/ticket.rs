//! A support ticket: the catalog's own checklist, filled in with what is known of the exchange, redacted by construction.

use std::fmt;
use std::time::SystemTime;

use waves_errors_core::{Body, Case, Catalog, Checklist, Collect, Evidence, Item, field};

use crate::failure::Failure;
use crate::redact::{Redactor, one_line};

/// How many characters of a body are shown, after it has been redacted.
const SHOWN: usize = 4000;

/// A support ticket on its way: what the exchange does not show is given here.
///
/// # Examples
///
/// ```
/// use std::time::{Duration, SystemTime};
/// use waves_errors::{Evidence, Failure};
///
/// let failure = Failure::classify(
///     Evidence::response(500)
///         .with_request("POST", "https://waves-api.smallest.ai/waves/v1/tts?token=sk_0123456789abcdef")
///         .with_header("x-request-id", "req_7f3a9c")
///         .with_body(r#"{"error":"Internal server error"}"#),
/// );
/// let ticket = failure.ticket().workspace("ws_42").at(SystemTime::UNIX_EPOCH + Duration::from_secs(1_795_356_000));
/// let text = ticket.markdown();
/// assert!(text.contains("request id: `req_7f3a9c`") && text.contains("time: `2026-11-22 14:00:00 UTC`"));
/// assert!(text.contains("token=‹19 characters›") && !text.contains("0123456789abcdef"));
/// assert!(text.contains("request body: missing"));
/// ```
#[derive(Clone)]
#[must_use = "a ticket is made by `build` or `markdown`"]
pub struct TicketBuilder<'a> {
    catalog: &'static Catalog,
    case: Option<Case>,
    title: String,
    evidence: &'a Evidence,
    request_id: Option<&'a str>,
    workspace: Option<String>,
    at: Option<SystemTime>,
    request_body: Option<Body>,
}

/// What is given here has not passed the redactor yet.
impl fmt::Debug for TicketBuilder<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TicketBuilder").field("title", &self.title).finish_non_exhaustive()
    }
}

impl<K> Failure<K> {
    /// Begins a support ticket about this failure.
    pub fn ticket(&self) -> TicketBuilder<'_> {
        let failure = &self.0;
        TicketBuilder {
            catalog: failure.catalog,
            case: failure.case,
            title: self.to_string(),
            evidence: &failure.evidence,
            request_id: failure.facts.request_id.as_deref(),
            workspace: None,
            at: None,
            request_body: None,
        }
    }
}

impl TicketBuilder<'_> {
    /// The workspace whose key it was.
    pub fn workspace(mut self, id: impl Into<String>) -> Self {
        self.workspace = Some(id.into());
        self
    }

    /// When it happened; otherwise the answer's own `Date` counts, or when the client received it.
    pub fn at(mut self, time: SystemTime) -> Self {
        self.at = Some(time);
        self
    }

    /// The body of the request, where the exchange does not have it.
    pub fn request_body(mut self, body: Body) -> Self {
        self.request_body = Some(body);
        self
    }

    /// The ticket.
    pub fn build(&self) -> Ticket {
        let redactor = Redactor::new(self.catalog, self.evidence);
        let checklist = self.catalog.checklists().next();
        let mut items: Vec<_> =
            checklist.iter().flat_map(Checklist::items).map(|item| self.item(&redactor, item)).collect();
        // The request id first: it is what everything else is looked up by.
        items.sort_by_key(|item| !item.collected.iter().any(|(what, _)| *what == Collect::RequestId));
        Ticket {
            title: one_line(&self.title, 400),
            case: self.case,
            intro: checklist.and_then(|checklist| checklist.intro()),
            redacted: redactor.told().into_iter().collect(),
            items,
        }
    }

    /// The ticket in Markdown.
    pub fn markdown(&self) -> String {
        self.build().markdown()
    }

    fn item(&self, redactor: &Redactor<'_>, item: Item) -> Filled {
        let collected = item.collect().map(|what| (what, self.collect(redactor, what))).collect();
        Filled { text: item.text(), collected }
    }

    fn collect(&self, redactor: &Redactor<'_>, what: Collect) -> Option<String> {
        let evidence = self.evidence;
        let found = match what {
            Collect::RequestId => redactor.id(self.request_id?),
            Collect::Method => redactor.text(evidence.method()?),
            Collect::Url => redactor.url(evidence.url()?),
            Collect::RequestBody => {
                let body = self.request_body.as_ref().or(evidence.request_body())?;
                let headers = evidence.request_headers();
                let kind = headers
                    .filter(|(name, _)| *name == "content-type")
                    .find_map(|(_, value)| std::str::from_utf8(value).ok());
                let coded = evidence.request_headers().find(|(name, _)| *name == "content-encoding");
                let coded = coded.and_then(|(_, value)| std::str::from_utf8(value).ok());
                redactor.body(body, content_type(kind, coded).as_deref())
            }
            Collect::Status => match (evidence.status(), evidence.close(), evidence.transport_error()) {
                (Some(status), ..) => status.to_string(),
                (None, Some(close), _) if close.reason.is_empty() => format!("closed with {}", close.code),
                (None, Some(close), _) => format!("closed with {}: {}", close.code, redactor.line(&close.reason)),
                (None, None, io) => format!("no answer: {}", io?.as_str()),
            },
            Collect::ResponseBody => {
                let body = evidence.frame().or(evidence.body())?;
                let kind = content_type(evidence.header("content-type"), evidence.header("content-encoding"));
                redactor.body(body, kind.as_deref())
            }
            Collect::Workspace => redactor.id(self.workspace.as_deref()?),
            Collect::Time => {
                let said = || evidence.header("date").and_then(|date| httpdate::parse_http_date(date).ok());
                timestamp(self.at.or_else(said).or(evidence.received_at())?)
            }
            Collect::Header(name) => redactor.header(name, evidence.header(name)?),
            Collect::Json(pointer) => redactor.text(&field(evidence, pointer)?),
            _ => return None,
        };
        Some(one_line(&found, SHOWN)).filter(|text| !text.is_empty())
    }
}

/// A content type, and how it is coded.
fn content_type(kind: Option<&str>, coded: Option<&str>) -> Option<String> {
    match (kind, coded) {
        (kind, Some(coded)) => Some(format!("{}; content-encoding={coded}", kind.unwrap_or_default())),
        (kind, None) => kind.map(str::to_owned),
    }
}

/// A time in UTC, to the second. Nothing before 1970 or after 9999 can be written.
fn timestamp(time: SystemTime) -> String {
    let epoch = SystemTime::UNIX_EPOCH;
    let seconds = time.duration_since(epoch).map_or(0, |since| since.as_secs()).min(253_402_300_799);
    let date = httpdate::fmt_http_date(epoch + std::time::Duration::from_secs(seconds));
    // `Sun, 22 Nov 2026 14:00:00 GMT`
    let parts: Vec<_> = date.split(' ').collect();
    let [_, day, month, year, clock, _] = parts.as_slice() else { return date };
    let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let month = months.iter().position(|have| have == month).map_or(0, |at| at + 1);
    format!("{year}-{month:02}-{day} {clock} UTC")
}

/// A support ticket. It holds no secret: what it says has passed the redactor.
#[derive(Debug, Clone)]
pub struct Ticket {
    title: String,
    case: Option<Case>,
    intro: Option<&'static str>,
    items: Vec<Filled>,
    redacted: Vec<String>,
}

/// An item of the checklist, filled in.
#[derive(Debug, Clone)]
struct Filled {
    text: &'static str,
    collected: Vec<(Collect, Option<String>)>,
}

impl Ticket {
    /// What the ticket is about, in one line.
    pub fn title(&self) -> &str {
        &self.title
    }

    /// The case.
    pub const fn case(&self) -> Option<Case> {
        self.case
    }

    /// Each item of the checklist: its text, and what was collected for it.
    pub fn items(&self) -> impl Iterator<Item = (&'static str, &[(Collect, Option<String>)])> {
        self.items.iter().map(|item| (item.text, item.collected.as_slice()))
    }

    /// What the checklist asks for and nobody has given.
    pub fn missing(&self) -> Vec<Collect> {
        let all = self.items.iter().flat_map(|item| &item.collected);
        all.filter(|(_, value)| value.is_none()).map(|(what, _)| *what).collect()
    }

    /// What the ticket holds.
    pub fn kept(&self) -> Vec<Collect> {
        let all = self.items.iter().flat_map(|item| &item.collected);
        all.filter(|(_, value)| value.is_some()).map(|(what, _)| *what).collect()
    }

    /// What was replaced by its length: see [`Redactor::told`].
    pub fn redacted(&self) -> &[String] {
        &self.redacted
    }

    /// In Markdown.
    pub fn markdown(&self) -> String {
        let mut out = format!("# {}\n", escaped(&self.title));
        if let Some(intro) = self.intro {
            out.push_str(&format!("\n{intro}\n"));
        }
        out.push('\n');
        for item in &self.items {
            out.push_str(&format!("- {}\n", item.text));
            for (what, value) in &item.collected {
                match value {
                    Some(value) => out.push_str(&format!("  - {}: {}\n", what.words(), code(value))),
                    None => out.push_str(&format!("  - {}: missing: {}\n", what.words(), how(*what))),
                }
            }
        }
        out
    }
}

/// As plain text.
impl fmt::Display for Ticket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.title)?;
        for item in &self.items {
            for (what, value) in &item.collected {
                match value {
                    Some(value) => write!(f, "\n{}: {value}", what.words())?,
                    None => write!(f, "\n{}: missing: {}", what.words(), how(*what))?,
                }
            }
        }
        Ok(())
    }
}

/// Where what is missing can be had.
fn how(what: Collect) -> &'static str {
    match what {
        Collect::Workspace => "the dashboard shows it",
        Collect::Time => "say about when it happened, in UTC",
        Collect::Method | Collect::Url | Collect::RequestBody => "not recorded with the request",
        _ => "not in the response",
    }
}

/// A text as code in Markdown, whatever backticks it holds.
fn code(text: &str) -> String {
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    let space = if text.starts_with('`') || text.ends_with('`') { " " } else { "" };
    format!("{fence}{space}{text}{space}{fence}")
}

/// A text that is no markup in Markdown.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '#' | '&' | '|' | '~') {
            out.push('\\');
        }
        out.push(c);
    }
    out
}
