//! How an API speaks, as its catalog's `[wire]` says it, and which failures are which case: rules and conditions.

use crate::classify::MatchedBy;
use crate::evidence::TransportError;
use crate::pack::{Reader, Writer};

/// How an API speaks: where codes, messages, request ids and retry delays stand in its answers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wire {
    /// JSON pointers to a code: the first whose value the catalog knows, else the first found.
    pub codes: Vec<String>,
    /// A prefix that is taken off a code.
    pub code_base: String,
    /// JSON pointers to an HTTP status, for WebSocket frames, which have none of their own.
    pub statuses: Vec<String>,
    /// JSON pointers to a message for people.
    pub messages: Vec<String>,
    /// Headers, in lower case, that hold the request id.
    pub request_id_headers: Vec<String>,
    /// JSON pointers to the request id.
    pub request_id_body: Vec<String>,
    /// Headers, in lower case, that say when to come back.
    pub retry_after_headers: Vec<String>,
    /// JSON pointers to a delay in seconds.
    pub retry_after_body: Vec<String>,
    /// Headers, in lower case, that hold a delay in milliseconds.
    pub retry_after_headers_ms: Vec<String>,
    /// JSON pointers to a delay in milliseconds.
    pub retry_after_body_ms: Vec<String>,
    /// What marks a WebSocket frame as an error: alternatives, each of conditions that must all hold.
    pub failed_when: Vec<Vec<Condition>>,
}

impl Wire {
    pub(crate) fn write(&self, pack: &mut Writer) {
        for list in [
            &self.codes,
            &self.statuses,
            &self.messages,
            &self.request_id_headers,
            &self.request_id_body,
            &self.retry_after_headers,
            &self.retry_after_body,
            &self.retry_after_headers_ms,
            &self.retry_after_body_ms,
        ] {
            write_texts(pack, list);
        }
        pack.text(&self.code_base);
        pack.list(&self.failed_when, |pack, all| {
            pack.list(all, |pack, condition| condition.write(pack));
        });
    }
}

/// Writes a list of texts under one length, so that it can be passed over.
pub(crate) fn write_texts(pack: &mut Writer, texts: &[String]) {
    pack.record(|pack| {
        // Nothing reads as a list of nothing, and most lists of a large catalog are that.
        if !texts.is_empty() {
            pack.list(texts, |pack, text| {
                pack.text(text);
            });
        }
    });
}

/// A list of texts, read where it lies.
#[derive(Debug, Clone, Copy)]
pub struct Texts<'a>(Reader<'a>);

impl<'a> Texts<'a> {
    pub(crate) fn read(from: &mut Reader<'a>) -> Self {
        Self(from.record())
    }

    /// The texts, in their order.
    pub fn iter(self) -> impl Iterator<Item = &'a str> + Clone {
        self.0.list(Reader::text)
    }

    /// Whether this is one of them.
    pub fn contains(self, text: &str) -> bool {
        self.iter().any(|have| have == text)
    }
}

/// A [`Wire`] as it stands in a table: its lists are read where they are used.
#[derive(Debug, Clone, Copy)]
pub struct PackedWire<'a> {
    /// `codes`.
    pub codes: Texts<'a>,
    /// `statuses`.
    pub statuses: Texts<'a>,
    /// `messages`.
    pub messages: Texts<'a>,
    /// The headers of `request-id`.
    pub request_id_headers: Texts<'a>,
    /// The pointers of `request-id`.
    pub request_id_body: Texts<'a>,
    /// The headers of `retry-after`.
    pub retry_after_headers: Texts<'a>,
    /// The pointers of `retry-after`.
    pub retry_after_body: Texts<'a>,
    /// The headers of `retry-after` with milliseconds.
    pub retry_after_headers_ms: Texts<'a>,
    /// The pointers of `retry-after` to milliseconds.
    pub retry_after_body_ms: Texts<'a>,
    /// `code-base`.
    pub code_base: &'a str,
    failed_when: Reader<'a>,
}

impl<'a> PackedWire<'a> {
    pub(crate) fn read(mut from: Reader<'a>) -> Self {
        let mut texts = || Texts::read(&mut from);
        Self {
            codes: texts(),
            statuses: texts(),
            messages: texts(),
            request_id_headers: texts(),
            request_id_body: texts(),
            retry_after_headers: texts(),
            retry_after_body: texts(),
            retry_after_headers_ms: texts(),
            retry_after_body_ms: texts(),
            code_base: from.text(),
            failed_when: from,
        }
    }

    /// What marks a frame as an error: alternatives, each of conditions that must all hold.
    pub(crate) fn failed_when(&self) -> impl Iterator<Item = Vec<Condition<&'a str>>> + use<'a> {
        self.failed_when.list(Condition::read_all)
    }
}

/// A set of HTTP statuses: inclusive ranges.
pub type Statuses = Vec<(u16, u16)>;

/// One thing that must hold of a failure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Condition<S = String> {
    /// The answer has one of these statuses.
    Status(Statuses),
    /// The answer's code is this one.
    Code(S),
    /// The WebSocket was closed with this code.
    Close(u16),
    /// The WebSocket was closed with this reason; an empty one: without a reason.
    Reason(S),
    /// The answer's text holds this phrase: whole words, any case.
    Text(S),
    /// The answer has this header (in lower case) with this value.
    Header(S, S),
    /// The answer is JSON with this value at this pointer. Numbers and booleans compare as they are written.
    Json(S, S),
    /// The answer is JSON with a string, number or boolean at this pointer.
    Has(S),
    /// Whether what was said stood in a WebSocket frame, or in an answer.
    Frame(bool),
    /// There was no answer, for this reason.
    TransportError(TransportError),
}

impl Condition<String> {
    fn write(&self, pack: &mut Writer) {
        match self {
            Self::Status(ranges) => {
                pack.number(0).list(ranges, |pack, &(low, high)| {
                    pack.number(low.into()).number(high.into());
                });
            }
            Self::Code(code) => {
                pack.number(1).text(code);
            }
            Self::Close(code) => {
                pack.number(2).number((*code).into());
            }
            Self::Reason(reason) => {
                pack.number(3).text(reason);
            }
            Self::Text(phrase) => {
                pack.number(4).text(phrase);
            }
            Self::Header(name, value) => {
                pack.number(5).text(name).text(value);
            }
            Self::Json(pointer, value) => {
                pack.number(6).text(pointer).text(value);
            }
            Self::TransportError(io) => {
                pack.number(7).number(*io as u64);
            }
            Self::Has(pointer) => {
                pack.number(8).text(pointer);
            }
            Self::Frame(frame) => {
                pack.number(9).number((*frame).into());
            }
        }
    }
}

fn small(reader: &mut Reader<'_>) -> u16 {
    u16::try_from(reader.number()).unwrap_or(0)
}

impl<'a> Condition<&'a str> {
    fn read(from: &mut Reader<'a>) -> Self {
        match from.number() {
            0 => {
                let pair = |reader: &mut Reader<'a>| (small(reader), small(reader));
                let ranges = from.list(pair);
                from.skip_list(pair);
                Self::Status(ranges.collect())
            }
            1 => Self::Code(from.text()),
            2 => Self::Close(small(from)),
            3 => Self::Reason(from.text()),
            4 => Self::Text(from.text()),
            5 => Self::Header(from.text(), from.text()),
            6 => Self::Json(from.text(), from.text()),
            8 => Self::Has(from.text()),
            9 => Self::Frame(from.number() != 0),
            _ => Self::TransportError(
                TransportError::ALL.get(usize::from(small(from))).copied().unwrap_or(TransportError::Interrupted),
            ),
        }
    }

    fn read_all(from: &mut Reader<'a>) -> Vec<Self> {
        let all = from.list(Self::read);
        from.skip_list(Self::read);
        all.collect()
    }
}

/// One alternative of a case's `match`: all its conditions must hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule<S = String> {
    /// The case, by its place in the catalog.
    pub case: u16,
    /// What must hold.
    pub conditions: Vec<Condition<S>>,
}

impl<S: AsRef<str>> Rule<S> {
    /// How specific the rule is: that of its most specific condition.
    pub fn rank(&self) -> MatchedBy {
        let rank = |condition: &Condition<S>| match condition {
            Condition::Code(_) => MatchedBy::Code,
            // That there is no reason says no more than the code does.
            Condition::Reason(reason) if reason.as_ref().is_empty() => MatchedBy::Close,
            Condition::Reason(_) => MatchedBy::Reason,
            Condition::Json(..) | Condition::Has(_) => MatchedBy::Json,
            Condition::Header(..) => MatchedBy::Header,
            Condition::Text(_) => MatchedBy::Text,
            Condition::Close(_) => MatchedBy::Close,
            Condition::Status(_) => MatchedBy::Status,
            // That it was a frame says less than anything in it.
            Condition::Frame(_) | Condition::TransportError(_) => MatchedBy::TransportError,
        };
        self.conditions.iter().map(rank).min().unwrap_or(MatchedBy::TransportError)
    }

    /// The code that the rule asks for.
    pub fn code(&self) -> Option<&S> {
        self.conditions.iter().find_map(|condition| match condition {
            Condition::Code(code) => Some(code),
            _ => None,
        })
    }

    /// The statuses, where they are the rule's only condition.
    pub fn only_statuses(&self) -> Option<&Statuses> {
        match self.conditions.as_slice() {
            [Condition::Status(statuses)] => Some(statuses),
            _ => None,
        }
    }
}

impl Rule<String> {
    /// Written with its code first, so that a search by code reads nothing else; it is no condition then.
    pub(crate) fn write(&self, pack: &mut Writer) {
        let code = self.code();
        let is_code = |condition: &&Condition| matches!(condition, Condition::Code(other) if Some(other) == code);
        let others: Vec<_> = self.conditions.iter().filter(|condition| !is_code(condition)).collect();
        pack.text(code.map_or("", String::as_str));
        pack.number(self.case.into()).number(self.rank() as u64);
        pack.list(others, |pack, condition| condition.write(pack));
    }
}

/// A rule as it stands in a table.
pub(crate) struct PackedRule<'a> {
    pub(crate) case: u16,
    pub(crate) rank: MatchedBy,
    conditions: Reader<'a>,
}

impl<'a> PackedRule<'a> {
    /// What follows the code.
    #[inline]
    pub(crate) fn read(mut from: Reader<'a>) -> Self {
        Self {
            case: small(&mut from),
            rank: MatchedBy::ALL.get(usize::from(small(&mut from))).copied().unwrap_or(MatchedBy::TransportError),
            conditions: from,
        }
    }

    /// Whether nothing has to hold beside the code.
    pub(crate) fn is_alone(&self) -> bool {
        self.conditions.clone().number() == 0
    }

    /// What has to hold beside the code.
    pub(crate) fn conditions(&self) -> impl Iterator<Item = Condition<&'a str>> {
        self.conditions.list(Condition::read)
    }
}
