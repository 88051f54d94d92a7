//! Check for words about plans and quotas in the response.

use waves_errors_core::internal::response_texts;

use super::{Exchange, Found};

/// Words about plans and their limits.
const OF_PLANS: [&str; 14] = [
    "billing",
    "credit",
    "credits",
    "exceeded",
    "exhausted",
    "limit",
    "limits",
    "plan",
    "plans",
    "quota",
    "subscription",
    "trial",
    "upgrade",
    "upgrading",
];
/// Words about other reasons to refuse a request.
const OF_OTHERS: [&str; 8] = ["another", "beta", "permission", "permissions", "product", "role", "scope", "scopes"];

impl Exchange<'_> {
    /// Checks whether the response mentions plans.
    pub(super) fn plan_words_in_body(&self) -> Found {
        let text = response_texts(self.catalog.table(), self.evidence).join(" ").to_lowercase();
        let words: Vec<_> = text.split(|c: char| !c.is_alphanumeric()).collect();
        let of = |list: &[&str]| list.iter().find(|word| words.contains(word)).map(|word| (*word).to_owned());
        match (of(&OF_PLANS), of(&OF_OTHERS)) {
            (Some(word), None) => Found::confirmed(format!("the response contains \"{word}\"")),
            (Some(word), Some(other)) => {
                Found::likely(format!("the response contains \"{word}\", but also \"{other}\""))
            }
            (None, Some(_)) => Found::ruled_out(),
            (None, None) => Found::cannot_tell("a response with a reason"),
        }
    }
}
