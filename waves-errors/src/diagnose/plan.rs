//! What an answer says of plans and quotas, or of other reasons.

use waves_errors_core::Body;

use super::{Exchange, Found};

/// Words that speak of a plan, or of what it includes.
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
/// Words that give another reason for a refusal.
const OF_OTHERS: [&str; 10] =
    ["access", "beta", "permission", "permissions", "product", "role", "scope", "scopes", "workspace", "workspaces"];

impl Exchange<'_> {
    /// The answer speaks of plans.
    pub(super) fn plan_words_in_body(&self) -> Found {
        let body = self.evidence.error_frame().or(self.evidence.answer()).filter(|body| !body.kept().is_empty());
        let Some(body) = body.filter(|body| Body::is_whole(body)) else {
            return Found::cannot_tell("the answer's body");
        };
        let text = String::from_utf8_lossy(body.kept()).to_lowercase();
        let words: Vec<_> = text.split(|c: char| !c.is_alphanumeric()).collect();
        let of = |list: &[&str]| list.iter().find(|word| words.contains(word)).map(|word| (*word).to_owned());
        match (of(&OF_PLANS), of(&OF_OTHERS)) {
            (Some(word), _) => Found::confirmed(format!("the answer says \"{word}\"")),
            (None, Some(_)) => Found::ruled_out(),
            (None, None) => Found::cannot_tell("an answer that gives a reason"),
        }
    }
}
