//! The layout of a table's records: the only place that lists their fields in order. See [`encoding`](crate::encoding) for the
//! encoding of a field.
//!
//! From each list of fields, `records!` generates three items: the struct that a writer fills in, its encoding, and a view that
//! decodes a field when it is read. Getters of a view are `const` and skip the preceding fields, so fields that are read often come
//! first.
//!
//! Append a new field to its record. The order of fields, the order of [`Section`](crate::table)s and the tags of
//! [`Condition`](crate::condition::Condition)s are the format; both sides are always built from the same version of this crate.

use crate::condition::{Condition, ConditionView, Rule};
use crate::encoding::{Decode, Decoder, Encode, Encoder, List};
use crate::policy::{Policy, RetryOnly};
use crate::severity::Severity;

/// Conditions that must all hold.
pub(crate) type Conditions<'a> = List<'a, ConditionView<'a>>;

/// The type of a field in the struct that a writer fills in.
macro_rules! owned {
    (text) => { String };
    (texts) => { Vec<String> };
    (index) => { Option<u16> };
    ((list $owned:ty => $view:ident)) => { Vec<$owned> };
    ($number:ident) => { $number };
}

/// Skips a field.
macro_rules! skip {
    ($from:ident u16) => {
        $from.u64()
    };
    ($from:ident u32) => {
        $from.u64()
    };
    ($from:ident u64) => {
        $from.u64()
    };
    ($from:ident bool) => {
        $from.u64()
    };
    ($from:ident index) => {
        $from.u64()
    };
    ($from:ident $text:tt) => {
        $from.text()
    };
}

/// Generates the getters of a view. The brackets collect the kinds of the preceding fields.
macro_rules! getters {
    ([$($before:tt)*]) => {};
    ([$($before:tt)*] $(#[$doc:meta])* $field:ident: text, $($rest:tt)*) => {
        getters! { @ [$($before)*] $(#[$doc])* $field: &'a str = text }
        getters! { [$($before)* text] $($rest)* }
    };
    ([$($before:tt)*] $(#[$doc:meta])* $field:ident: texts, $($rest:tt)*) => {
        getters! { @ [$($before)*] $(#[$doc])* $field: Texts<'a> = list }
        getters! { [$($before)* texts] $($rest)* }
    };
    ([$($before:tt)*] $(#[$doc:meta])* $field:ident: index, $($rest:tt)*) => {
        getters! { @ [$($before)*] $(#[$doc])* $field: Option<u16> = index }
        getters! { [$($before)* index] $($rest)* }
    };
    ([$($before:tt)*] $(#[$doc:meta])* $field:ident: (list $owned:ty => $view:ident), $($rest:tt)*) => {
        getters! { @ [$($before)*] $(#[$doc])* $field: List<'a, $view<'a>> = list }
        getters! { [$($before)* list] $($rest)* }
    };
    ([$($before:tt)*] $(#[$doc:meta])* $field:ident: $number:ident, $($rest:tt)*) => {
        getters! { @ [$($before)*] $(#[$doc])* $field: $number = $number }
        getters! { [$($before)* $number] $($rest)* }
    };
    (@ [$($before:tt)*] $(#[$doc:meta])* $field:ident: $type:ty = $decode:ident) => {
        $(#[$doc])*
        #[inline]
        pub const fn $field(self) -> $type {
            let mut from = self.0;
            $(skip!(from $before);)*
            from.$decode()
        }
    };
}

macro_rules! records {
    ($($(#[$doc:meta])* $owned:ident => $view:ident { $($(#[$field_doc:meta])* $field:ident: $kind:tt,)* })*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Default, PartialEq, Eq)]
        pub struct $owned {
            $($(#[$field_doc])* pub $field: owned!($kind),)*
        }

        impl Encode for $owned {
            fn encode(&self, to: &mut Encoder) {
                $(self.$field.encode(to);)*
            }
        }

        #[doc = concat!("A [`", stringify!($owned), "`] in a table.")]
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub struct $view<'a>(pub(crate) Decoder<'a>);

        impl<'a> $view<'a> {
            getters! { [] $($(#[$field_doc])* $field: $kind,)* }
        }

        impl<'a> Decode<'a> for $view<'a> {
            fn decode(from: &mut Decoder<'a>) -> Option<Self> {
                let view = Self(*from);
                $(skip!(from $kind);)*
                Some(view)
            }
        }
    )*};
}

records! {
    /// The keys of `[wire]`: the locations of codes, messages, request ids and retry delays in responses.
    Wire => WireView {
        /// JSON pointers to a code. The first code that the catalog lists is used, or else the first one found.
        codes: texts,
        /// JSON pointers to an HTTP status in a WebSocket frame.
        statuses: texts,
        /// JSON pointers to a message.
        messages: texts,
        /// Headers, in lower case, that contain the request id.
        request_id_headers: texts,
        /// JSON pointers to the request id.
        request_id_body: texts,
        /// The sources of a server-requested delay. The first one with a readable value is used.
        delays: (list DelayParts => DelayView),
        /// The responses that forbid a retry: alternatives, each of conditions that must all hold.
        retry_veto: (list Vec<Condition> => Conditions),
        /// A prefix that is removed from codes.
        code_base: text,
        /// The frames, and the bodies of successful responses, that report an error: alternatives, each of conditions that must all
        /// hold.
        failed_when: (list Vec<Condition> => Conditions),
    }

    /// A source of a server-requested delay: a header or a field of the body.
    DelayParts => DelayView {
        /// The header, in lower case; empty for a field.
        header: text,
        /// The JSON pointer of the field; empty for a header.
        pointer: text,
        /// The index in [`DelayFormat::ALL`](crate::internal::DelayFormat).
        format: u16,
        /// The conditions that must all hold for the source to be read.
        when: (list Condition => ConditionView),
    }

    /// The keys of `[key]`: the authentication of callers.
    Key => KeyView {
        /// The header of the key, in lower case.
        header: text,
        /// The schemes that may precede the key; the first one is preferred.
        schemes: texts,
        /// The prefixes of keys.
        prefixes: texts,
        /// Query parameters that may contain the key.
        query: texts,
    }

    /// The keys of `[redact]`: the parts of an exchange that output may contain.
    Redact => RedactView {
        /// JSON fields that are replaced by their length.
        contents: texts,
        /// Headers, in lower case, whose values are kept.
        keep_headers: texts,
        /// Query parameters whose values are kept.
        keep_query: texts,
    }

    /// A retry policy.
    PolicyParts => PolicyView {
        /// The id.
        id: text,
        /// The first delay, in milliseconds.
        initial_ms: u64,
        /// The factor from each delay to the next, in thousandths.
        multiplier: u32,
        /// The longest backoff, in milliseconds.
        max_ms: u64,
        /// The number of retries.
        max_retries: u32,
        /// The random share of a delay, in thousandths.
        jitter: u32,
        /// Whether a server-requested delay is honored.
        respect_retry_after: bool,
        /// The longest accepted server-requested delay, in milliseconds.
        retry_after_limit_ms: u64,
        /// The requests that the policy is limited to, by the index in [`RetryOnly::ALL`].
        only: index,
    }

    /// A checklist.
    ChecklistParts => ChecklistView {
        /// The id.
        id: text,
        /// The text before the items; may be empty.
        intro: text,
        /// The items.
        items: (list ItemParts => ItemView),
    }

    /// An item of a checklist.
    ItemParts => ItemView {
        /// The request for the facts, in Markdown with absolute links.
        text: text,
        /// The keywords of the facts.
        collect: texts,
    }

    /// A case.
    CaseParts => CaseView {
        /// The line that `Display` writes.
        display: text,
        /// The id.
        id: text,
        /// The status, or 0.
        status: u16,
        /// The code; may be empty.
        code: text,
        /// The index of the retry policy.
        policy: index,
        /// The index of the parent case.
        refines: index,
        /// The name of the Rust variant.
        variant: text,
        /// The heading on the page, in Markdown.
        title: text,
        /// The summary, in Markdown with absolute links.
        summary: text,
        /// The index of the page.
        page: index,
        /// The anchor on the page.
        anchor: text,
        /// The causes.
        causes: (list StepParts => StepView),
        /// The fixes.
        fixes: (list StepParts => StepView),
        /// Alternative names for searches.
        aliases: texts,
        /// The index in [`Severity::ALL`].
        severity: u16,
        /// The URL of the case's documentation; if empty, it is the page with the anchor.
        docs: text,
    }

    /// A cause or a fix.
    StepParts => StepView {
        /// The id; may be empty.
        id: text,
        /// The text, in Markdown with absolute links.
        text: text,
        /// The text without Markdown; empty if `text` has none.
        plain_text: text,
        /// The check, as [`Check`](crate::Check) decodes it; may be empty.
        check: text,
        /// The ids of the causes that a fix addresses.
        causes: texts,
    }

    /// A rule with one of its codes. The code is the first field, so that a search by code decodes no other field.
    RuleParts => RuleView {
        /// The code; empty if the rule has no condition on a code.
        code: text,
        /// The index of the case.
        case: u16,
        /// The index in [`MatchedBy::ALL`](crate::MatchedBy).
        rank: u16,
        /// The other conditions.
        conditions: (list Condition => ConditionView),
    }
}

/// A list of texts.
pub type Texts<'a> = List<'a, &'a str>;

impl Texts<'_> {
    /// Returns whether the list contains a text.
    pub fn contains(mut self, text: &str) -> bool {
        self.any(|other| other == text)
    }
}

impl PolicyParts {
    /// Returns the parts of a policy.
    pub fn new(id: &str, policy: &Policy) -> Self {
        Self {
            id: id.to_owned(),
            initial_ms: policy.initial_ms,
            multiplier: policy.multiplier,
            max_ms: policy.max_ms,
            max_retries: policy.max_retries,
            jitter: policy.jitter,
            respect_retry_after: policy.respect_retry_after,
            retry_after_limit_ms: policy.retry_after_limit_ms,
            only: policy.only.map(|only| only as u16),
        }
    }
}

impl PolicyView<'_> {
    pub(crate) fn policy(self) -> Policy {
        let only = self.only().map(|index| RetryOnly::ALL.get(usize::from(index)).copied());
        // A policy with an unknown limit never retries: a retry could exceed the limit.
        let max_retries = if only == Some(None) { 0 } else { self.max_retries() };
        Policy {
            initial_ms: self.initial_ms(),
            multiplier: self.multiplier().max(1000),
            max_ms: self.max_ms(),
            max_retries,
            jitter: self.jitter().min(1000),
            respect_retry_after: self.respect_retry_after(),
            retry_after_limit_ms: self.retry_after_limit_ms(),
            only: only.flatten(),
        }
    }
}

impl CaseView<'_> {
    pub(crate) fn severity_or_default(self) -> Severity {
        Severity::ALL.get(usize::from(self.severity())).copied().unwrap_or_default()
    }
}

impl RuleParts {
    /// Returns the parts of a rule: for each of its codes, or once if it has none.
    pub(crate) fn of_rule(rule: &Rule) -> impl Iterator<Item = Self> {
        // A search for phrases costs most, so it is last.
        let mut conditions: Vec<_> =
            rule.conditions.iter().filter(|condition| !matches!(condition, Condition::Code(_))).cloned().collect();
        conditions.sort_by_key(|condition| matches!(condition, Condition::Text(_)));
        let codes = rule.codes().iter().cloned();
        let no_code = rule.codes().is_empty().then(String::new);
        codes.chain(no_code).map(move |code| Self {
            code,
            case: rule.case,
            rank: rule.rank() as u16,
            conditions: conditions.clone(),
        })
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn decoded(parts: &PolicyParts) -> Policy {
        let mut to = Encoder::default();
        parts.encode(&mut to);
        PolicyView(Decoder::new(&to.finish())).policy()
    }

    fn policy(only: Option<RetryOnly>) -> Policy {
        Policy::builder().initial(Duration::from_millis(500)).max_retries(3).only(only).build().unwrap()
    }

    #[test]
    fn policies_decode() {
        for policy in [policy(None), policy(Some(RetryOnly::Idempotent)), policy(Some(RetryOnly::NotSent))] {
            assert_eq!(decoded(&PolicyParts::new("x", &policy)), policy);
        }
    }

    #[test]
    fn policy_with_unknown_limit_never_retries() {
        for unknown in [2, 3, u16::MAX - 1] {
            let parts = PolicyParts { only: Some(unknown), ..PolicyParts::new("x", &policy(None)) };
            assert_eq!(decoded(&parts).max_retries(), 0, "{unknown}");
        }
    }

    #[test]
    fn getters_skip_the_fields_before() {
        let case = CaseParts {
            display: "display".into(),
            id: "id".into(),
            status: 429,
            refines: Some(7),
            title: "title".into(),
            fixes: vec![
                StepParts { text: "first".into(), causes: vec!["a".into()], ..StepParts::default() },
                StepParts { text: "second".into(), ..StepParts::default() },
            ],
            aliases: vec!["alias".into()],
            severity: 1,
            ..CaseParts::default()
        };
        let mut to = Encoder::default();
        case.encode(&mut to);
        let text = to.finish();
        let view = CaseView(Decoder::new(&text));
        assert_eq!((view.id(), view.status(), view.policy(), view.refines()), ("id", 429, None, Some(7)));
        assert_eq!((view.title(), view.causes().count()), ("title", 0));
        assert_eq!(view.fixes().map(StepView::text).collect::<Vec<_>>(), ["first", "second"]);
        assert!(view.fixes().next().unwrap().causes().contains("a") && view.aliases().contains("alias"));
        assert_eq!(view.severity_or_default(), Severity::Warning);
    }
}
