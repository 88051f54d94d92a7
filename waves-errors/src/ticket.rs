//! Support tickets: the checklist of the catalog, filled in from the exchange and redacted.

use std::collections::BTreeSet;
use std::fmt;
use std::time::SystemTime;

use waves_errors_core::internal::field;
use waves_errors_core::{Body, Case, Catalog, Checklist, Collect, Evidence, Item};

use crate::failure::Failure;
use crate::redact::{Redacted, Redactor, one_line};

/// The maximum length of a redacted value, in characters.
const BODY: usize = 4000;

/// Builds a [`Ticket`] from a failure and from facts that its exchange does not contain. [`Failure::ticket`] creates the builder.
///
/// # Examples
///
/// ```
/// use std::time::{Duration, SystemTime};
/// use waves_errors::{Evidence, Failure};
///
/// let failure = Failure::classify(
///     Evidence::response(500)
///         .with_request("POST", "https://api.smallest.ai/waves/v1/tts?token=sk_0123456789abcdef")
///         .with_header("x-request-id", "req_7f3a9c")
///         .with_body(r#"{"error":"Internal server error"}"#),
/// );
/// let ticket = failure.ticket().workspace("ws_42").time(SystemTime::UNIX_EPOCH + Duration::from_secs(1_795_356_000));
/// let text = ticket.markdown();
/// assert!(text.contains("request id: `req_7f3a9c`") && text.contains("time: `2026-11-22 14:00:00 UTC`"));
/// assert!(text.contains("token=‹19 characters›") && !text.contains("0123456789abcdef"));
/// assert!(text.contains("request body: missing"));
/// ```
#[derive(Clone)]
#[must_use = "call `build` or `markdown` to get the ticket"]
pub struct TicketBuilder<'a> {
    catalog: Catalog,
    case: Option<Case>,
    title: String,
    evidence: &'a Evidence,
    request_id: Option<&'a str>,
    workspace: Option<String>,
    time: Option<SystemTime>,
    request_body: Option<Body>,
}

/// Prints only the title: the other parts are not redacted yet.
impl fmt::Debug for TicketBuilder<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TicketBuilder").field("title", &self.title).finish_non_exhaustive()
    }
}

impl<K> Failure<K> {
    /// Returns a builder for a support ticket about this failure.
    pub fn ticket(&self) -> TicketBuilder<'_> {
        let failure = &self.0;
        TicketBuilder {
            catalog: failure.catalog,
            case: failure.case,
            title: self.to_string(),
            evidence: &failure.evidence,
            request_id: failure.facts.request_id.as_deref(),
            workspace: None,
            time: None,
            request_body: None,
        }
    }
}

impl TicketBuilder<'_> {
    /// Sets the id of the workspace of the key. Default: missing.
    pub fn workspace(mut self, id: impl Into<String>) -> Self {
        self.workspace = Some(id.into());
        self
    }

    /// Sets the time of the failure. Default: the `Date` of the response, or else the time at which it was received.
    pub fn time(mut self, time: SystemTime) -> Self {
        self.time = Some(time);
        self
    }

    /// Sets the body of the request. Default: the body that was recorded with the request.
    pub fn request_body(mut self, body: Body) -> Self {
        self.request_body = Some(body);
        self
    }

    /// Builds the ticket.
    pub fn build(&self) -> Ticket {
        let redactor = Redactor::new(self.catalog, self.evidence);
        let checklist = self.catalog.checklists().next();
        let mut kinds = BTreeSet::new();
        let items = checklist.iter().flat_map(Checklist::items);
        let mut items: Vec<_> = items.map(|item| self.item(&redactor, item, &mut kinds)).collect();
        // The request id is first, because support finds everything else with it.
        items.sort_by_key(|item| !item.collected.iter().any(|(what, _)| *what == Collect::RequestId));
        Ticket {
            title: one_line(&self.title, 400),
            case: self.case,
            intro: checklist.and_then(|checklist| checklist.intro()),
            kinds: kinds.into_iter().collect(),
            items,
        }
    }

    /// Builds the ticket and returns it in Markdown.
    pub fn markdown(&self) -> String {
        self.build().markdown()
    }

    fn item(&self, redactor: &Redactor, item: Item, kinds: &mut BTreeSet<String>) -> TicketItem {
        let collected = item.collect().map(|fact| (fact, self.collect(redactor, fact, kinds))).collect();
        TicketItem { text: item.text(), collected }
    }

    fn collect(&self, redactor: &Redactor, fact: Collect, kinds: &mut BTreeSet<String>) -> Option<String> {
        let evidence = self.evidence;
        let mut text = |redacted: Redacted| {
            kinds.extend(redacted.kinds().map(str::to_owned));
            redacted.into_text()
        };
        let value = match fact {
            Collect::RequestId => text(redactor.id(self.request_id?)),
            Collect::Method => text(redactor.text(evidence.method()?)),
            Collect::Url => text(redactor.url(evidence.url()?)),
            Collect::RequestBody => {
                let body = self.request_body.as_ref().or(evidence.request_body())?;
                let headers = evidence.request_headers();
                let kind = headers
                    .filter(|(name, _)| *name == "content-type")
                    .find_map(|(_, value)| std::str::from_utf8(value).ok());
                let encoding = evidence.request_headers().find(|(name, _)| *name == "content-encoding");
                let encoding = encoding.and_then(|(_, value)| std::str::from_utf8(value).ok());
                text(redactor.request_body(body, content_type(kind, encoding).as_deref()))
            }
            Collect::Status => match (evidence.status(), evidence.close(), evidence.transport_error()) {
                (Some(status), ..) => status.to_string(),
                (None, Some(close), _) if close.reason.is_empty() => format!("closed with {}", close.code),
                (None, Some(close), _) => format!("closed with {}: {}", close.code, text(redactor.line(&close.reason))),
                (None, None, io) => format!("no response: {}", io?.as_str()),
            },
            Collect::ResponseBody => {
                let body = evidence.frame().or(evidence.body())?;
                let kind = content_type(evidence.header("content-type"), evidence.header("content-encoding"));
                text(redactor.body(body, kind.as_deref()))
            }
            Collect::Workspace => text(redactor.id(self.workspace.as_deref()?)),
            Collect::Time => {
                let sent_at = || evidence.header("date").and_then(|date| httpdate::parse_http_date(date).ok());
                timestamp(self.time.or_else(sent_at).or(evidence.received_at())?)
            }
            Collect::Header(name) => text(redactor.header(name, evidence.header(name)?)),
            Collect::Json(pointer) => text(redactor.text(&field(evidence, pointer)?)),
            _ => return None,
        };
        Some(one_line(&value, BODY)).filter(|text| !text.is_empty())
    }
}

/// Joins a content type and a content encoding.
fn content_type(kind: Option<&str>, encoding: Option<&str>) -> Option<String> {
    match (kind, encoding) {
        (kind, Some(encoding)) => Some(format!("{}; content-encoding={encoding}", kind.unwrap_or_default())),
        (kind, None) => kind.map(str::to_owned),
    }
}

/// Formats a time in UTC, to the second. Times before 1970 or after 9999 are clamped.
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

/// A support ticket: the checklist of the catalog, filled in and redacted. `Display` writes it as plain text.
#[derive(Debug, Clone)]
pub struct Ticket {
    title: String,
    case: Option<Case>,
    intro: Option<&'static str>,
    items: Vec<TicketItem>,
    kinds: Vec<String>,
}

/// An item of a [`Ticket`].
#[derive(Debug, Clone)]
pub struct TicketItem {
    text: &'static str,
    collected: Vec<(Collect, Option<String>)>,
}

impl TicketItem {
    /// Returns the request of the checklist, in Markdown.
    pub const fn text(&self) -> &'static str {
        self.text
    }

    /// Returns the facts that the item collects, with their redacted values; `None` for a missing value.
    pub fn collected(&self) -> impl Iterator<Item = (Collect, Option<&str>)> {
        self.collected.iter().map(|(fact, value)| (*fact, value.as_deref()))
    }
}

impl Ticket {
    /// Returns the title: the failure in one line.
    pub fn title(&self) -> &str {
        &self.title
    }

    /// Returns the case of the failure.
    pub const fn case(&self) -> Option<Case> {
        self.case
    }

    /// Returns the items of the checklist. The item with the request id is first.
    pub fn items(&self) -> impl ExactSizeIterator<Item = &TicketItem> {
        self.items.iter()
    }

    /// Returns the facts of the checklist that the ticket does not contain.
    pub fn missing(&self) -> impl Iterator<Item = Collect> {
        self.facts().filter(|(_, value)| value.is_none()).map(|(fact, _)| fact)
    }

    /// Returns the facts that the ticket contains.
    pub fn present(&self) -> impl Iterator<Item = Collect> {
        self.facts().filter(|(_, value)| value.is_some()).map(|(fact, _)| fact)
    }

    fn facts(&self) -> impl Iterator<Item = (Collect, Option<&str>)> {
        self.items.iter().flat_map(TicketItem::collected)
    }

    /// Returns the kinds of the values that the redactor replaced: see [`Redacted::kinds`].
    pub fn redacted_kinds(&self) -> impl ExactSizeIterator<Item = &str> {
        self.kinds.iter().map(String::as_str)
    }

    /// Returns the ticket in Markdown.
    pub fn markdown(&self) -> String {
        let mut out = format!("# {}\n", escaped(&self.title));
        if let Some(intro) = self.intro {
            out.push_str(&format!("\n{intro}\n"));
        }
        out.push('\n');
        for item in &self.items {
            out.push_str(&format!("- {}\n", item.text));
            for (fact, value) in item.collected() {
                match value {
                    Some(value) => out.push_str(&format!("  - {}: {}\n", fact.label(), code(value))),
                    None => out.push_str(&format!("  - {}: missing: {}\n", fact.label(), remedy(fact))),
                }
            }
        }
        out
    }
}

/// Writes the ticket as plain text.
impl fmt::Display for Ticket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.title)?;
        for (fact, value) in self.facts() {
            match value {
                Some(value) => write!(f, "\n{}: {value}", fact.label())?,
                None => write!(f, "\n{}: missing: {}", fact.label(), remedy(fact))?,
            }
        }
        Ok(())
    }
}

/// Returns the reason why a fact is missing, or where to find it.
fn remedy(fact: Collect) -> &'static str {
    match fact {
        Collect::Workspace => "see the dashboard",
        Collect::Time => "add the approximate time in UTC",
        Collect::Method | Collect::Url | Collect::RequestBody => "not recorded with the request",
        _ => "not in the response",
    }
}

/// Formats a text as inline code in Markdown, even if it contains backticks.
fn code(text: &str) -> String {
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    let space = if text.starts_with('`') || text.ends_with('`') { " " } else { "" };
    format!("{fence}{space}{text}{space}{fence}")
}

/// Escapes a text for Markdown.
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
