//! [`Condition`]: a condition of a case's `match`. The enum and its encoding have one definition.

use std::fmt;

use crate::encoding::{Decode, Decoder, Encode, Encoder, List};
use crate::evidence::TransportError;
use crate::matched_by::MatchedBy;

/// A set of HTTP statuses: inclusive ranges.
pub type Statuses = Vec<(u16, u16)>;

/// Defines the conditions with their tags. A condition is encoded as a text that contains the tag and the values, so that a
/// decoder can skip one with an unknown tag.
macro_rules! conditions {
    ($($(#[$doc:meta])* $tag:literal => $variant:ident($($value:ident: $type:ty),+),)*) => {
        /// A condition on a failed exchange. Lists of values are alternatives.
        #[derive(Debug, Clone, PartialEq, Eq, Hash)]
        pub enum Condition<S = String> {
            $($(#[$doc])* $variant($($type),+),)*
        }

        impl Encode for Condition {
            fn encode(&self, to: &mut Encoder) {
                to.nested(|to| match self {
                    $(Self::$variant($($value),+) => {
                        to.number($tag);
                        $($value.encode(to);)+
                    })*
                });
            }
        }

        impl<'a> Condition<&'a str> {
            fn decode_known(from: &mut Decoder<'a>) -> Option<Self> {
                match from.u64() {
                    $($tag => {
                        $(let $value = Decode::decode(from)?;)+
                        Some(Self::$variant($($value),+))
                    })*
                    _ => None,
                }
            }
        }
    };
}

conditions! {
    /// The response has one of these statuses.
    0 => Status(statuses: Statuses),
    /// The response has one of these codes.
    1 => Code(codes: Vec<S>),
    /// The WebSocket was closed with one of these codes.
    2 => Close(codes: Vec<u16>),
    /// The WebSocket was closed with one of these reasons; an empty text means without a reason.
    3 => Reason(reasons: Vec<S>),
    /// The text of the response contains this phrase: whole words, in any case.
    4 => Text(phrase: S),
    /// The response has this header (in lower case) with one of these values, in any case.
    5 => Header(name: S, comparison: Comparison, values: Vec<S>),
    /// The response is JSON with one of these values at this pointer. Numbers and booleans compare as they are written. The values
    /// are sorted.
    6 => Json(pointer: S, values: Vec<S>),
    /// There was no complete response, for one of these reasons.
    7 => TransportError(errors: Vec<TransportError>),
    /// The response is JSON with a string, number or boolean at this pointer.
    8 => Has(pointer: S),
    /// Whether the exchange has an error frame.
    9 => Frame(is_frame: bool),
    /// The request has one of these methods.
    10 => Method(methods: Vec<S>),
    /// The path of the request's URL matches one of these patterns: see [`path_matches`](crate::path::path_matches).
    11 => Path(patterns: Vec<S>),
    /// Not all of these conditions hold.
    12 => Not(conditions: Negated<S>),
}

/// The comparison of a header's value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Comparison {
    /// It equals a value.
    Equals,
    /// It starts with a value.
    Prefix,
    /// It contains a value.
    Contains,
    /// The header is present, with any value.
    Present,
    /// The response has no such header.
    Absent,
}

impl Comparison {
    /// All comparisons, in the order of their numbers in a table.
    const ALL: [Self; 5] = [Self::Equals, Self::Prefix, Self::Contains, Self::Present, Self::Absent];
}

impl Encode for Comparison {
    fn encode(&self, to: &mut Encoder) {
        to.number(*self as u64);
    }
}

impl Decode<'_> for Comparison {
    fn decode(from: &mut Decoder<'_>) -> Option<Self> {
        Self::ALL.get(usize::from(from.u16())).copied()
    }
}

/// The conditions of a [`Condition::Not`], none of which is a `Not` itself.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Negated<S = String>(pub Vec<Condition<S>>);

/// The tag of [`Condition::Not`].
const NOT: u64 = 12;

impl Encode for Negated {
    fn encode(&self, to: &mut Encoder) {
        self.0.encode(to);
    }
}

impl<'a> Decode<'a> for Negated<&'a str> {
    /// Fails if one of the conditions is unknown: its negation would hold where the condition does. Fails for a nested `Not`, so that
    /// a damaged table cannot cause a deep recursion.
    fn decode(from: &mut Decoder<'a>) -> Option<Self> {
        let decode_plain = |text: &'a str| {
            let mut from = Decoder::new(text);
            let mut tag = from;
            if tag.u64() == NOT { None } else { Condition::decode_known(&mut from) }
        };
        let texts: List<'a, &'a str> = from.list();
        texts.map(decode_plain).collect::<Option<Vec<_>>>().map(Self)
    }
}

/// A condition in a table; `None` if its tag is unknown to this version.
pub(crate) type ConditionView<'a> = Option<Condition<&'a str>>;

impl<'a> Decode<'a> for ConditionView<'a> {
    fn decode(from: &mut Decoder<'a>) -> Option<Self> {
        Some(Condition::decode_known(&mut Decoder::new(from.text())))
    }
}

impl Encode for TransportError {
    fn encode(&self, to: &mut Encoder) {
        to.number(*self as u64);
    }
}

impl Decode<'_> for TransportError {
    fn decode(from: &mut Decoder<'_>) -> Option<Self> {
        Self::ALL.get(usize::from(from.u16())).copied()
    }
}

impl<S: AsRef<str>> Condition<S> {
    /// Returns the rank of the condition, or `None` if it only narrows a match: it does not describe the failure.
    pub fn rank(&self) -> Option<MatchedBy> {
        Some(match self {
            Self::Header(_, Comparison::Absent, _)
            | Self::Frame(_)
            | Self::Method(_)
            | Self::Path(_)
            | Self::Not(_) => return None,
            Self::Code(_) => MatchedBy::Code,
            // A close without a reason is no more specific than its code.
            Self::Reason(reasons) if reasons.iter().any(|reason| reason.as_ref().is_empty()) => MatchedBy::Close,
            Self::Reason(_) => MatchedBy::Reason,
            Self::Json(..) | Self::Has(_) => MatchedBy::Json,
            Self::Header(..) => MatchedBy::Header,
            Self::Text(_) => MatchedBy::Text,
            Self::Close(_) => MatchedBy::Close,
            Self::Status(_) => MatchedBy::Status,
            Self::TransportError(_) => MatchedBy::TransportError,
        })
    }
}

/// Writes the condition as in a catalog: `status = [401, 403]`.
impl<S: AsRef<str>> fmt::Display for Condition<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = |text: &S| format!("{:?}", text.as_ref());
        let texts = |texts: &[S]| one_or_more(&texts.iter().map(text).collect::<Vec<_>>());
        let numbers = |numbers: &[u16]| one_or_more(&numbers.iter().map(u16::to_string).collect::<Vec<_>>());
        match self {
            Self::Status(ranges) => {
                let range = |&(low, high): &(u16, u16)| match high - low {
                    0 => low.to_string(),
                    _ => format!("\"{}xx\"", low / 100),
                };
                write!(f, "status = {}", one_or_more(&ranges.iter().map(range).collect::<Vec<_>>()))
            }
            Self::Code(codes) => write!(f, "code = {}", texts(codes)),
            Self::Close(codes) => write!(f, "close = {}", numbers(codes)),
            Self::Reason(reasons) => write!(f, "reason = {}", texts(reasons)),
            Self::Text(phrase) => write!(f, "text = {}", text(phrase)),
            Self::Header(name, comparison, values) => {
                let name = name.as_ref();
                match comparison {
                    Comparison::Equals => write!(f, "header.{name} = {}", texts(values)),
                    Comparison::Prefix => write!(f, "header.{name}.prefix = {}", texts(values)),
                    Comparison::Contains => write!(f, "header.{name}.contains = {}", texts(values)),
                    Comparison::Present => write!(f, "header.{name}.present = true"),
                    Comparison::Absent => write!(f, "header.{name}.present = false"),
                }
            }
            Self::Json(pointer, values) => write!(f, "json.{} = {}", text(pointer), texts(values)),
            Self::TransportError(errors) => {
                let words: Vec<_> = errors.iter().map(|error| format!("\"{}\"", error.as_str())).collect();
                write!(f, "io = {}", one_or_more(&words))
            }
            Self::Has(pointer) => write!(f, "has = {}", text(pointer)),
            Self::Frame(is_frame) => write!(f, "frame = {is_frame}"),
            Self::Method(methods) => write!(f, "method = {}", texts(methods)),
            Self::Path(patterns) => write!(f, "path = {}", texts(patterns)),
            Self::Not(Negated(conditions)) => {
                let conditions: Vec<_> = conditions.iter().map(ToString::to_string).collect();
                write!(f, "not = {{ {} }}", conditions.join(", "))
            }
        }
    }
}

/// Returns a value as it is, and several as a list of at most 8.
fn one_or_more(values: &[String]) -> String {
    const SHOWN: usize = 8;
    match values {
        [value] => value.clone(),
        values if values.len() > SHOWN => format!("[{}, …]", values[..SHOWN].join(", ")),
        values => format!("[{}]", values.join(", ")),
    }
}

/// An alternative of a case's `match`: conditions that must all hold.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Rule {
    /// The index of the case.
    pub case: u16,
    /// The conditions.
    pub conditions: Vec<Condition>,
}

impl Rule {
    /// Returns the rank of the most specific condition.
    pub fn rank(&self) -> MatchedBy {
        self.conditions.iter().filter_map(Condition::rank).min().unwrap_or(MatchedBy::TransportError)
    }

    /// Returns the codes that the rule requires one of; none if it has no condition on a code.
    pub fn codes(&self) -> &[String] {
        let codes = self.conditions.iter().find_map(|condition| match condition {
            Condition::Code(codes) => Some(codes.as_slice()),
            _ => None,
        });
        codes.unwrap_or_default()
    }

    /// Returns the statuses, if they are the only condition.
    pub fn only_statuses(&self) -> Option<&Statuses> {
        match self.conditions.as_slice() {
            [Condition::Status(statuses)] => Some(statuses),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::encoding::List;

    fn decoded(encode: impl FnOnce(&mut Encoder)) -> Vec<Option<String>> {
        let mut to = Encoder::default();
        to.nested(encode);
        let text = to.finish();
        let conditions: List<'_, ConditionView<'_>> = Decoder::new(&text).list();
        conditions.map(|condition| condition.map(|condition| format!("{condition:?}"))).collect()
    }

    #[test]
    fn every_condition_decodes() {
        let conditions = [
            Condition::Status(vec![(400, 499), (503, 503)]),
            Condition::Code(vec!["NoSuchKey".into()]),
            Condition::Close(vec![1008, 4000]),
            Condition::Reason(vec![String::new()]),
            Condition::Text("rate limit".into()),
            Condition::Header("x-a".into(), Comparison::Prefix, vec!["1".into(), "2".into()]),
            Condition::Header("x-a".into(), Comparison::Absent, Vec::new()),
            Condition::Json("/a".into(), vec!["true".into()]),
            Condition::TransportError(vec![TransportError::Interrupted]),
            Condition::Has("/error".into()),
            Condition::Frame(true),
            Condition::Method(vec!["GET".into()]),
            Condition::Path(vec!["/repos/*".into()]),
            Condition::Not(Negated(vec![Condition::Close(vec![1000]), Condition::Has("/a".into())])),
        ];
        let written: Vec<_> = conditions.iter().map(|condition| Some(format!("{condition:?}"))).collect();
        assert_eq!(decoded(|to| conditions.iter().for_each(|condition| condition.encode(to))), written);
    }

    #[test]
    fn condition_displays_as_in_a_catalog() {
        let values = |count: usize| (0..count).map(|n| n.to_string()).collect::<Vec<_>>();
        for (condition, text) in [
            (Condition::Status(vec![(400, 499), (503, 503)]), r#"status = ["4xx", 503]"#),
            (Condition::Code(values(9)), r#"code = ["0", "1", "2", "3", "4", "5", "6", "7", …]"#),
            (Condition::Close(vec![1008]), "close = 1008"),
            (Condition::Header("x-a".into(), Comparison::Prefix, values(1)), r#"header.x-a.prefix = "0""#),
            (Condition::Header("x-a".into(), Comparison::Absent, values(0)), "header.x-a.present = false"),
            (Condition::Json("/a".into(), vec!["b\"".into()]), r#"json."/a" = "b\"""#),
            (Condition::TransportError(vec![TransportError::Tls]), r#"io = "tls""#),
            (
                Condition::Not(Negated(vec![Condition::Has("/a".into()), Condition::Frame(true)])),
                r#"not = { has = "/a", frame = true }"#,
            ),
        ] {
            assert_eq!(condition.to_string(), text);
        }
    }

    #[test]
    fn unknown_condition_is_skipped_and_does_not_decode() {
        let conditions = decoded(|to| {
            to.nested(|to| to.number(99));
            // An unknown comparison.
            to.nested(|to| {
                to.number(5);
                to.text("x-a");
                to.number(99);
            });
            Condition::Close(vec![1008]).encode(to);
        });
        assert_eq!(conditions, [None, None, Some("Close([1008])".into())]);
    }

    #[test]
    fn negation_of_unknown_or_negated_condition_does_not_decode() {
        let negation = |inner: &dyn Fn(&mut Encoder)| {
            decoded(|to| {
                to.nested(|to| {
                    to.number(NOT);
                    to.nested(inner);
                });
            })
        };
        assert_eq!(negation(&|to| to.nested(|to| to.number(99))), [None]);
        let nested = Condition::Not(Negated(vec![Condition::Frame(true)]));
        assert_eq!(negation(&|to| nested.encode(to)), [None]);
    }
}
