//! The heading of a case, and the anchor that it has on a page.

use crate::model::{Case, Model};
use crate::phrase::reason_phrase;
use crate::placeholders::fill;
use crate::text::plain_text;

/// Returns the heading of a case, in Markdown: its title, or the status and its phrase, or else the id in words.
pub(crate) fn title(model: &Model, case: &Case) -> String {
    if let Some(title) = &case.title {
        return fill(model, title, model.policy_of(case).map(|(_, policy)| policy)).into_absolute();
    }
    match case.status.as_ref().map(|status| status.value) {
        Some(status) => reason_phrase(status).map_or(status.to_string(), |phrase| format!("{status} {phrase}")),
        None => sentence_case(&case.id.replace('-', " ")),
    }
}

/// Returns the text with its first letter in upper case.
pub(crate) fn sentence_case(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// Returns the anchor that documentation sites generate for a heading.
pub(crate) fn slug(heading: &str) -> String {
    let text = plain_text(heading).to_lowercase();
    text.chars()
        .filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'))
        .map(|c| if c == ' ' { '-' } else { c })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slug_agrees_with_published_page() {
        assert_eq!(slug("429 Too Many Requests"), "429-too-many-requests");
        assert_eq!(slug("`NoSuchKey` (from pre-recorded uploads)"), "nosuchkey-from-pre-recorded-uploads");
    }
}
