//! Renders the Rust code that the macro emits: data, and thin accessors. The logic is in the runtime crate, which the
//! code calls `__waves_errors`; all other paths are absolute.

use std::borrow::Cow;
use std::fmt::Write;

use crate::model::{Case, Catalog, Model, Page};
use crate::names::module_name;
use crate::phrase::reason_phrase;
use crate::text::{lead_sentence, plain_text};

use super::case::{PLAIN, body, join, related_cases, retry_sentence, source_location};
use super::markdown::checklist_blocks;
use super::table::table;
use super::texts::{Links, fill_links, retry_cell, summary, title};

/// The name and the visibility of the enum to generate.
#[derive(Debug, Clone, Copy)]
pub struct Item<'a> {
    /// The name of the enum.
    pub name: &'a str,
    /// The visibility in Rust syntax: `pub`, or empty.
    pub vis: &'a str,
}

/// The attributes, variants and behaviour of an enum.
#[derive(Debug)]
pub struct Code {
    /// The attributes of the enum.
    pub attributes: String,
    /// The variants: the content of the enum's braces.
    pub variants: String,
    /// The items after the enum, in which `__waves_errors` is the runtime.
    pub implementations: String,
}

/// Returns the code of a catalog's enum.
pub fn enum_code(catalog: &Catalog, item: Item<'_>) -> Code {
    generate(catalog, item, doc_attribute)
}

fn generate(catalog: &Catalog, item: Item<'_>, doc: fn(&str) -> String) -> Code {
    let mut variants = String::new();
    for case in &catalog.cases {
        let _ = write!(variants, "{}{},", variant_attributes(catalog, case, doc), case.name);
    }
    let names: Vec<_> = catalog.cases.iter().map(|case| case.name.clone()).collect();
    Code {
        attributes: format!("{}{DERIVES}", doc(&overview(catalog))),
        variants,
        implementations: implementations(item, &names, &policies(catalog, item.vis, doc), &table(catalog)),
    }
}

/// Returns a constant for the id of each policy.
fn policies(catalog: &Model, vis: &str, doc: fn(&str) -> String) -> String {
    let constant = |id: &str, text: &str| {
        let docs = doc(&format!("The id of the retry policy `{id}`: {text}."));
        policy_constant(id, vis, &docs)
    };
    catalog.policies.iter().map(|(id, policy)| constant(id, &policy.to_string())).collect()
}

/// Returns the constant of a policy. Ids contain only lower-case letters, digits and dashes, so the names are unique.
fn policy_constant(id: &str, vis: &str, docs: &str) -> String {
    let name = id.replace('-', "_").to_ascii_uppercase();
    format!("{docs} {vis} const POLICY_{name}: &'static ::core::primitive::str = {};", string_literal(id))
}

/// Returns an enum for an invalid catalog, so that code that uses its variants still compiles.
pub fn fallback_code(variants: &[String], policies: &[String], item: Item<'_>) -> Code {
    let placeholder = ["__Nothing".to_owned()];
    let names = if variants.is_empty() { &placeholder } else { variants };
    let variants = names.iter().map(|name| format!("{}{name},", doc_attribute("Of a catalog with errors."))).collect();
    let constant = |id: &String| policy_constant(id, item.vis, &doc_attribute("Of a catalog with errors."));
    let policies: String = policies.iter().map(constant).collect();
    Code { attributes: DERIVES.to_owned(), variants, implementations: implementations(item, names, &policies, "") }
}

/// Returns the source of a catalog's enum: the output of the macro, without its file dependencies.
pub fn source(catalog: &Catalog, item: Item<'_>) -> String {
    let Code { attributes, variants, implementations } = generate(catalog, item, doc_line_attributes);
    let Item { name, vis } = item;
    format!(
        "{attributes}{vis} enum {name} {{ {variants} }}\n\
         const _: () = {{ use ::waves_errors::__private as __waves_errors; {implementations} }};"
    )
}

const DERIVES: &str = "\
    #[derive(::core::clone::Clone, ::core::marker::Copy, ::core::cmp::PartialEq, ::core::cmp::Eq, \
    ::core::cmp::PartialOrd, ::core::cmp::Ord, ::core::hash::Hash)]\
    #[non_exhaustive]#[allow(clippy::enum_variant_names, clippy::deprecated_semver)]";

/// Returns a string literal, without escapes if possible, which is shorter and faster to parse.
pub fn string_literal(text: &str) -> String {
    const END: &str = "\"########";
    let contains = |byte: u8| text.as_bytes().contains(&byte);
    // rustc requires escapes for carriage returns and for characters that change the text direction, which start with
    // 0xe2.
    let verbatim = !contains(b'\r') && !contains(0xe2);
    if verbatim && !contains(b'"') && !contains(b'\\') {
        return format!("\"{text}\"");
    }
    match (0..END.len()).find(|&hashes| verbatim && !text.contains(&END[..=hashes])) {
        Some(hashes) => format!("r{}\"{text}{}", &END[1..=hashes], &END[..=hashes]),
        None => format!("{text:?}"),
    }
}

fn doc_attribute(markdown: &str) -> String {
    format!("#[doc = {}]", string_literal(markdown))
}

/// Returns an attribute per line, which a formatter prints as `///`.
fn doc_line_attributes(markdown: &str) -> String {
    let space = |line: &str| if line.is_empty() { String::new() } else { format!(" {line}") };
    markdown.trim_start().lines().map(|line| doc_attribute(&space(line))).collect()
}

fn variant_attributes(catalog: &Catalog, case: &Case, doc: fn(&str) -> String) -> String {
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

/// Escapes a text for a cell of a Markdown table.
fn escape_cell(text: &str) -> Cow<'_, str> {
    if text.contains('|') || text.contains('\n') {
        return text.replace('|', "\\|").replace('\n', " ").into();
    }
    text.into()
}

/// Returns the documentation of the enum: a table of its cases.
fn overview(catalog: &Catalog) -> String {
    let mut out = format!("\n\nThe cases of the catalog `{}`.\n\n", catalog.id.value);
    out.push_str("| Variant | Status or code | Retry | Summary |\n| --- | --- | --- | --- |\n");
    for case in &catalog.cases {
        let status = case.status.as_ref().map(|status| status.value.to_string());
        // Other codes would need escapes that a table cell cannot have.
        let is_code_word = |code: &&str| code.chars().all(|c| c.is_ascii_graphic() && !"`|\\".contains(c));
        let code = || case.code.as_ref().map(|code| code.as_str()).filter(is_code_word).map(|code| format!("`{code}`"));
        let status = status.or_else(code).unwrap_or_else(|| "–".to_owned());
        let summary = summary(catalog, case);
        let _ = writeln!(
            out,
            "| [`{name}`](Self::{name}) | {status} | {} | {} |",
            retry_cell(catalog, case),
            escape_cell(lead_sentence(&summary)),
            name = case.name
        );
    }
    out
}

/// Returns the items after the enum. They have no `match` over the variants, whose compile time is quadratic.
fn implementations(Item { name, vis }: Item<'_>, variants: &[String], policies: &str, packed: &str) -> String {
    let all: String = variants.iter().map(|variant| format!("{name}::{variant},")).collect();
    format!(
        r"
static TABLE: __waves_errors::Table<'static> = __waves_errors::Table::new({packed});
const CATALOG: __waves_errors::Catalog = __waves_errors::Catalog::new(&TABLE);

#[allow(dead_code)]
impl {name} {{
    /// All variants, in the catalog's order.
    {vis} const ALL: &'static [Self] = __waves_errors::all();

    {policies}

    /// The case that the variant stands for: its texts, its status, its retry policy.
    #[must_use]
    {vis} const fn to_case(self) -> __waves_errors::Case {{
        CATALOG.nth(self as ::core::primitive::u16)
    }}

    /// The id, for logs and comparisons.
    #[must_use]
    {vis} const fn id(self) -> &'static ::core::primitive::str {{
        self.to_case().id()
    }}

    /// The HTTP status that the case is documented under.
    #[must_use]
    {vis} const fn status(self) -> ::core::option::Option<::core::primitive::u16> {{
        self.to_case().status()
    }}

    /// The code that the case is documented under.
    #[must_use]
    {vis} const fn code(self) -> ::core::option::Option<&'static ::core::primitive::str> {{
        self.to_case().code()
    }}

    /// The retry policy; without one the case is never retried.
    #[must_use]
    {vis} fn retry(self) -> ::core::option::Option<__waves_errors::Policy> {{
        self.to_case().retry()
    }}

    /// The variant that a code makes, whatever the status.
    #[must_use]
    {vis} fn from_code(code: &::core::primitive::str) -> ::core::option::Option<Self> {{
        <Self as __waves_errors::CatalogEnum>::from_case(CATALOG.by_code(code)?)
    }}

    /// The variant that a status makes where nothing else is known.
    #[must_use]
    {vis} fn from_status(status: ::core::primitive::u16) -> ::core::option::Option<Self> {{
        <Self as __waves_errors::CatalogEnum>::from_case(CATALOG.by_status(status)?)
    }}
}}

#[automatically_derived]
impl ::core::fmt::Debug for {name} {{
    fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {{
        f.pad(self.to_case().variant())
    }}
}}

#[automatically_derived]
impl ::core::fmt::Display for {name} {{
    fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {{
        f.pad(self.to_case().display())
    }}
}}

#[automatically_derived]
impl ::core::error::Error for {name} {{}}

#[automatically_derived]
impl ::core::str::FromStr for {name} {{
    type Err = __waves_errors::UnknownCase;

    fn from_str(name: &::core::primitive::str) -> ::core::result::Result<Self, __waves_errors::UnknownCase> {{
        let case = CATALOG.by_name(name).and_then(<Self as __waves_errors::CatalogEnum>::from_case);
        case.ok_or(__waves_errors::UnknownCase::new(CATALOG))
    }}
}}

#[automatically_derived]
impl __waves_errors::CatalogError for {name} {{
    fn case(&self) -> ::core::option::Option<__waves_errors::Case> {{
        ::core::option::Option::Some(self.to_case())
    }}

    fn from_timeout(timeout: &__waves_errors::TimedOut) -> ::core::option::Option<Self> {{
        __waves_errors::from_timeout(timeout)
    }}
}}

#[automatically_derived]
impl ::core::convert::From<{name}> for __waves_errors::Case {{
    fn from(kind: {name}) -> Self {{
        kind.to_case()
    }}
}}

#[automatically_derived]
impl __waves_errors::CatalogEnum for {name} {{
    const CATALOG: __waves_errors::Catalog = CATALOG;
}}

#[automatically_derived]
#[allow(deprecated)]
impl<Unused> __waves_errors::Variants<Unused> for {name} {{
    const VARIANTS: &'static [Self] = &[{all}];
}}
",
        packed = string_literal(packed),
    )
}

/// Returns the catalog's pages as documented modules, for the module that the macro generates next to the enum `item`.
pub fn reference_modules(catalog: &Catalog, item: Item<'_>) -> String {
    let page = |page: &Page| {
        format!(
            "pub mod {} {{ #![doc = {}] }}",
            module_name(&page.title, &page.name),
            string_literal(&doc_page(catalog, page, item))
        )
    };
    catalog.pages.iter().map(page).collect()
}

fn doc_page(catalog: &Catalog, page: &Page, item: Item<'_>) -> String {
    let mut out = vec![page.title.value.clone()];
    out.extend(page.intro.iter().map(|intro| fill_links(catalog, intro, Links::Absolute)));
    if page.sections.is_empty() {
        out.push(case_list(catalog, catalog.cases_on(page), item));
    }
    for section in &page.sections {
        out.push(format!("# {}", section.title.value));
        if !section.cases.is_empty() {
            out.push(case_list(catalog, catalog.cases_of(section).collect(), item));
        }
        let checklist = section.checklist.as_ref().and_then(|id| catalog.checklist(id));
        out.extend(checklist.into_iter().flat_map(|checklist| checklist_blocks(catalog, checklist, PLAIN)));
    }
    out.push("# Retry".into());
    let rows = catalog.cases_on(page).into_iter().map(|case| {
        format!("| {} | {} |\n", escape_cell(&title(catalog, case)), escape_cell(&retry_sentence(catalog, case)))
    });
    out.push(format!("| Case | Retry |\n| --- | --- |\n{}", rows.collect::<String>()));
    out.join("\n\n")
}

fn case_list(model: &Model, cases: Vec<&Case>, Item { name, .. }: Item<'_>) -> String {
    let line = |case: &Case| {
        let summary = summary(model, case);
        let variant = &case.name;
        format!(
            "- [`{name}::{variant}`](super::super::{name}::{variant}), {}: {summary}\n",
            plain_text(&title(model, case))
        )
    };
    cases.into_iter().map(line).collect()
}
