//! [`Condition`]: a condition of a case's `match`. The enum and its encoding have one definition.

use crate::encoding::{Decode, Decoder, Encode, Encoder};
use crate::evidence::TransportError;
use crate::matched_by::MatchedBy;

/// A set of HTTP statuses: inclusive ranges.
pub type Statuses = Vec<(u16, u16)>;

/// Defines the conditions with their tags. A condition is encoded as a text that contains the tag and the values, so that a
/// decoder can skip one with an unknown tag.
macro_rules! conditions {
    ($($(#[$doc:meta])* $tag:literal => $variant:ident($($value:ident: $type:ty),+),)*) => {
        /// A condition on a failed exchange.
        #[derive(Debug, Clone, PartialEq, Eq)]
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
    /// The response has this code.
    1 => Code(code: S),
    /// The WebSocket was closed with this code.
    2 => Close(code: u16),
    /// The WebSocket was closed with this reason; an empty text means without a reason.
    3 => Reason(reason: S),
    /// The text of the response contains this phrase: whole words, in any case.
    4 => Text(phrase: S),
    /// The response has this header (in lower case) with this value.
    5 => Header(name: S, value: S),
    /// The response is JSON with this value at this pointer. Numbers and booleans compare as they are written.
    6 => Json(pointer: S, value: S),
    /// There was no complete response, for this reason.
    7 => TransportError(error: TransportError),
    /// The response is JSON with a string, number or boolean at this pointer.
    8 => Has(pointer: S),
    /// The evidence is a WebSocket frame (`true`) or a response (`false`).
    9 => Frame(is_frame: bool),
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
    /// Returns the rank of the condition. More specific conditions have lower ranks.
    fn rank(&self) -> MatchedBy {
        match self {
            Self::Code(_) => MatchedBy::Code,
            // A close without a reason is no more specific than its code.
            Self::Reason(reason) if reason.as_ref().is_empty() => MatchedBy::Close,
            Self::Reason(_) => MatchedBy::Reason,
            Self::Json(..) | Self::Has(_) => MatchedBy::Json,
            Self::Header(..) => MatchedBy::Header,
            Self::Text(_) => MatchedBy::Text,
            Self::Close(_) => MatchedBy::Close,
            Self::Status(_) => MatchedBy::Status,
            // Any condition on the contents of a frame is more specific.
            Self::Frame(_) | Self::TransportError(_) => MatchedBy::TransportError,
        }
    }
}

/// An alternative of a case's `match`: conditions that must all hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// The index of the case.
    pub case: u16,
    /// The conditions.
    pub conditions: Vec<Condition>,
}

impl Rule {
    /// Returns the rank of the most specific condition.
    pub fn rank(&self) -> MatchedBy {
        self.conditions.iter().map(Condition::rank).min().unwrap_or(MatchedBy::TransportError)
    }

    /// Returns the code of the rule's first condition on a code.
    pub fn code(&self) -> Option<&str> {
        self.conditions.iter().find_map(|condition| match condition {
            Condition::Code(code) => Some(code.as_str()),
            _ => None,
        })
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
            Condition::Code("NoSuchKey".into()),
            Condition::Close(1008),
            Condition::Reason(String::new()),
            Condition::Text("rate limit".into()),
            Condition::Header("x-a".into(), "1".into()),
            Condition::Json("/a".into(), "true".into()),
            Condition::TransportError(TransportError::Interrupted),
            Condition::Has("/error".into()),
            Condition::Frame(true),
        ];
        let written: Vec<_> = conditions.iter().map(|condition| Some(format!("{condition:?}"))).collect();
        assert_eq!(decoded(|to| conditions.iter().for_each(|condition| condition.encode(to))), written);
    }

    #[test]
    fn unknown_condition_is_skipped_and_does_not_decode() {
        let conditions = decoded(|to| {
            // An unknown tag, then an unknown transport error.
            for (tag, value) in [(10, 0), (7, 99)] {
                to.nested(|to| {
                    to.number(tag);
                    to.number(value);
                });
            }
            Condition::Close(1008).encode(to);
        });
        assert_eq!(conditions, [None, None, Some("Close(1008)".into())]);
    }
}
