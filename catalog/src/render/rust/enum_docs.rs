//! The documentation of a generated enum: the table of its cases, and the docs and attributes of each variant.

use std::fmt::Write;

use crate::catalog::Catalog;
use crate::model::Case;
use crate::phrase::reason_phrase;
use crate::render::case::{body, related_cases};
use crate::render::style::{escape_cell, join};
use crate::text::lead_sentence;

use super::syntax::string_literal;

/// Returns the documentation of the enum: a table of its cases.
pub(super) fn case_table(catalog: &Catalog) -> String {
    let mut out = format!("\n\nThe cases of the catalog `{}`.\n\n", catalog.id.value);
    out.push_str("| Variant | Status or code | Retry | Summary |\n| --- | --- | --- | --- |\n");
    for case in &catalog.cases {
        let status = case.status.as_ref().map(|status| status.value.to_string());
        // Other codes would need escapes that a table cell cannot have.
        let is_code_word = |code: &&str| code.chars().all(|c| c.is_ascii_graphic() && !"`|\\".contains(c));
        let code = || case.code.as_ref().map(|code| code.as_str()).filter(is_code_word).map(|code| format!("`{code}`"));
        let status = status.or_else(code).unwrap_or_else(|| "–".to_owned());
        let _ = writeln!(
            out,
            "| [`{name}`](Self::{name}) | {status} | {} | {} |",
            catalog.retry_texts(case).count,
            escape_cell(lead_sentence(catalog.resolved(case).summary.absolute())),
            name = case.name
        );
    }
    out
}

pub(super) fn variant_attributes(catalog: &Catalog, case: &Case, doc: fn(&str) -> String) -> String {
    let link = |case: &Case| format!("[`{name}`](Self::{name})", name = case.name);
    let mut out = doc(&format!(
        "{}{}\n\nCase `{}`, `{}`.",
        body(catalog, case),
        related_cases(catalog, case, link),
        case.id.value,
        source_location(catalog, case).replace('`', "'")
    ));
    // Never empty: the id always differs from the variant's name.
    let aliases = join(aliases(case).iter().map(|alias| string_literal(alias)), ",");
    let _ = write!(out, "#[doc(alias({aliases}))]");
    if let Some(deprecated) = &case.deprecated {
        let since = deprecated.since.as_ref().map(|since| format!("since = {}", string_literal(since)));
        let replacement = deprecated.replacement.as_ref().and_then(|id| catalog.case(id));
        let note =
            replacement.map(|case| format!("note = {}", string_literal(&format!("use `{}` instead", case.name))));
        let parts: Vec<_> = since.into_iter().chain(note).collect();
        out.push_str(&if parts.is_empty() {
            "#[deprecated]".into()
        } else {
            format!("#[deprecated({})]", parts.join(","))
        });
    }
    out
}

/// Returns the aliases of a variant for rustdoc's search. rustdoc rejects quotes, spaces other than U+0020, and the
/// variant's name. Texts of a catalog have no outer spaces and no control characters.
fn aliases(case: &Case) -> Vec<String> {
    let is_allowed = |c: char| c == ' ' || !(c.is_whitespace() || c == '"' || c == '\'');
    let is_valid_alias = |alias: &str| alias != case.name && alias.chars().all(is_allowed);
    let names = [&case.id].into_iter().chain(&case.code).chain(&case.aliases).map(|alias| alias.value.as_str());
    let status = case.status.as_ref().map(|status| status.value);
    let mut all: Vec<_> =
        names.chain(status.and_then(reason_phrase)).filter(|alias| is_valid_alias(alias)).map(str::to_owned).collect();
    all.extend(status.map(|status| status.to_string()));
    all.sort_unstable();
    all.dedup();
    all
}

/// Returns the location of a case: file and line.
fn source_location(catalog: &Catalog, case: &Case) -> String {
    let Some(source) = catalog.sources().get(case.id.location.file) else { return String::new() };
    format!("{}:{}", source.name(), source.position(case.id.location.start).0)
}
