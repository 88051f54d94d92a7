//! The Rust that the macro emits: data, and thin accessors over it. All behaviour is ordinary code of the runtime,
//! which stands here under the name `__waves_errors`; every other path is absolute.

use std::borrow::Cow;
use std::fmt::Write;

use heck::ToSnakeCase;

use crate::model::{Case, Catalog, Model, Page};
use crate::phrase::phrase;
use crate::text::{lead, words};
use crate::validate::variant;

use super::case::{PLAIN, body, joined, place, retry, siblings};
use super::markdown::checklist_blocks;
use super::table::table;
use super::words::{Links, linked, retried, summary, title};

/// An enum to be made: its name, and who may see it (`pub`, or nothing).
#[derive(Debug, Clone, Copy)]
pub struct Item<'a> {
    /// The name of the enum.
    pub name: &'a str,
    /// The visibility, in Rust's words.
    pub vis: &'a str,
}

/// The attributes, variants and behaviour of an enum.
#[derive(Debug)]
pub struct Code {
    /// Attributes, to stand before the enum.
    pub attributes: String,
    /// What stands between the enum's braces.
    pub variants: String,
    /// What stands beside the enum, where `__waves_errors` names the runtime.
    pub behaviour: String,
}

/// The enum of a catalog.
pub fn code(catalog: &Catalog, item: Item<'_>) -> Code {
    documented(catalog, item, doc)
}

fn documented(catalog: &Catalog, item: Item<'_>, doc: fn(&str) -> String) -> Code {
    let mut variants = String::new();
    for case in &catalog.cases {
        let _ = write!(variants, "{}{},", variant_attributes(catalog, case, doc), variant(case));
    }
    let names: Vec<_> = catalog.cases.iter().map(variant).collect();
    Code {
        attributes: format!("{}{DERIVES}", doc(&overview(catalog))),
        variants,
        behaviour: behaviour(item, &names, &policies(catalog, item.vis, doc), &table(catalog)),
    }
}

/// A constant for the id of each policy.
fn policies(catalog: &Model, vis: &str, doc: fn(&str) -> String) -> String {
    let constant = |id: &str, text: &str| {
        let docs = doc(&format!("The id of the retry policy `{id}`: {text}."));
        policy_constant(id, vis, &docs)
    };
    catalog.policies.iter().map(|(id, policy)| constant(id, &policy.to_string())).collect()
}

/// Ids contain only lower-case letters, digits and dashes, so different ids become different names.
fn policy_constant(id: &str, vis: &str, docs: &str) -> String {
    let name = id.replace('-', "_").to_ascii_uppercase();
    format!("{docs} {vis} const POLICY_{name}: &'static ::core::primitive::str = {};", literal(id))
}

/// The enum that keeps code compiling which names the variants of a catalog that cannot be used.
pub fn fallback(variants: &[String], policies: &[String], item: Item<'_>) -> Code {
    let nothing = ["__Nothing".to_owned()];
    let names = if variants.is_empty() { &nothing } else { variants };
    let variants = names.iter().map(|name| format!("{}{name},", doc("Of a catalog with errors."))).collect();
    let constant = |id: &String| policy_constant(id, item.vis, &doc("Of a catalog with errors."));
    let policies: String = policies.iter().map(constant).collect();
    Code { attributes: DERIVES.to_owned(), variants, behaviour: behaviour(item, names, &policies, "") }
}

/// The enum of a catalog as one text: what the macro makes, but for the files that it makes rustc watch.
pub fn source(catalog: &Catalog, item: Item<'_>) -> String {
    let Code { attributes, variants, behaviour } = documented(catalog, item, doc_lines);
    let Item { name, vis } = item;
    format!(
        "{attributes}{vis} enum {name} {{ {variants} }}\n\
         const _: () = {{ use ::waves_errors::__private as __waves_errors; {behaviour} }};"
    )
}

const DERIVES: &str = "\
    #[derive(::core::clone::Clone, ::core::marker::Copy, ::core::cmp::PartialEq, ::core::cmp::Eq, \
    ::core::cmp::PartialOrd, ::core::cmp::Ord, ::core::hash::Hash)]\
    #[non_exhaustive]#[allow(clippy::enum_variant_names, clippy::deprecated_semver)]";

/// A string literal without escapes, where that can be: nobody has to write and to read them.
pub fn literal(text: &str) -> String {
    const END: &str = "\"########";
    let has = |byte: u8| text.as_bytes().contains(&byte);
    // What rustc wants escaped: carriage returns, and the characters that turn the direction, which begin with 0xe2.
    let verbatim = !has(b'\r') && !has(0xe2);
    if verbatim && !has(b'"') && !has(b'\\') {
        return format!("\"{text}\"");
    }
    match (0..END.len()).find(|&hashes| verbatim && !text.contains(&END[..=hashes])) {
        Some(hashes) => format!("r{}\"{text}{}", &END[1..=hashes], &END[..=hashes]),
        None => format!("{text:?}"),
    }
}

fn doc(markdown: &str) -> String {
    format!("#[doc = {}]", literal(markdown))
}

/// A line an attribute, which a formatter prints as `///`.
fn doc_lines(markdown: &str) -> String {
    let space = |line: &str| if line.is_empty() { String::new() } else { format!(" {line}") };
    markdown.trim_start().lines().map(|line| doc(&space(line))).collect()
}

fn variant_attributes(catalog: &Catalog, case: &Case, doc: fn(&str) -> String) -> String {
    let link = |case: &Case| format!("[`{name}`](Self::{name})", name = variant(case));
    let mut out = doc(&format!(
        "{}{}\n\nCase `{}`, `{}`.",
        body(catalog, case),
        siblings(catalog, case, link),
        case.id.value,
        place(catalog, case).replace('`', "'")
    ));
    // There is one at least: the id, which is never the variant's own name.
    let aliases = joined(aliases(case).iter().map(|alias| literal(alias)), ",");
    let _ = write!(out, "#[doc(alias({aliases}))]");
    if let Some(deprecated) = &case.deprecated {
        let since = deprecated.since.as_ref().map(|since| format!("since = {}", literal(since)));
        let instead = deprecated.instead.as_ref().and_then(|id| catalog.case(id));
        let note = instead.map(|case| format!("note = {}", literal(&format!("use `{}` instead", variant(case)))));
        let parts: Vec<_> = since.into_iter().chain(note).collect();
        out.push_str(&if parts.is_empty() {
            "#[deprecated]".into()
        } else {
            format!("#[deprecated({})]", parts.join(","))
        });
    }
    out
}

/// The words that find a variant in rustdoc's search, as rustdoc accepts them: no quotes, no space but the plain one, and not
/// the variant's own name. No text of a catalog has spaces at its ends or control characters.
fn aliases(case: &Case) -> Vec<String> {
    let fine = |c: char| c == ' ' || !(c.is_whitespace() || c == '"' || c == '\'');
    let clean = |alias: &str| alias != case.name && alias.chars().all(fine);
    let said = [&case.id].into_iter().chain(&case.code).chain(&case.aliases).map(|alias| alias.value.as_str());
    let status = case.status.as_ref().map(|status| status.value);
    let mut all: Vec<_> = said.chain(status.and_then(phrase)).filter(|alias| clean(alias)).map(str::to_owned).collect();
    all.extend(status.map(|status| status.to_string()));
    all.sort_unstable();
    all.dedup();
    all
}

/// A Markdown table cell.
fn cell(text: &str) -> Cow<'_, str> {
    if text.contains('|') || text.contains('\n') {
        return text.replace('|', "\\|").replace('\n', " ").into();
    }
    text.into()
}

/// What the enum says of itself: its cases at a glance.
fn overview(catalog: &Catalog) -> String {
    let mut out = format!("\n\nThe cases of the catalog `{}`.\n\n", catalog.id.value);
    out.push_str("| Variant | Status or code | Retry | Summary |\n| --- | --- | --- | --- |\n");
    for case in &catalog.cases {
        let status = case.status.as_ref().map(|status| status.value.to_string());
        // What is no word would need escapes that a table cannot have.
        let word = |code: &&str| code.chars().all(|c| c.is_ascii_graphic() && !"`|\\".contains(c));
        let code = || case.code.as_ref().map(|code| code.as_str()).filter(word).map(|code| format!("`{code}`"));
        let status = status.or_else(code).unwrap_or_else(|| "–".to_owned());
        let summary = summary(catalog, case);
        let _ = writeln!(
            out,
            "| [`{name}`](Self::{name}) | {status} | {} | {} |",
            retried(catalog, case),
            cell(lead(&summary)),
            name = variant(case)
        );
    }
    out
}

/// Everything beside the enum. No match over the variants, whose cost in rustc grows with the square of their number.
fn behaviour(Item { name, vis }: Item<'_>, variants: &[String], policies: &str, packed: &str) -> String {
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
        packed = literal(packed),
    )
}

/// The catalog's pages as rustdoc pages: what stands in the module that the macro is asked for. `item` is the enum,
/// which stands beside that module.
pub fn reference(catalog: &Catalog, item: Item<'_>) -> String {
    let page =
        |page: &Page| format!("pub mod {} {{ #![doc = {}] }}", module(page), literal(&doc_page(catalog, page, item)));
    catalog.pages.iter().map(page).collect()
}

/// The module of a page: its title, or the name of its file where the title makes no name in Rust.
pub(crate) fn module(page: &Page) -> String {
    [&page.title.value, &page.name]
        .into_iter()
        .map(|name| name.to_snake_case())
        .find(|name| is_module(name))
        .unwrap_or_else(|| "page".to_owned())
}

fn is_module(name: &str) -> bool {
    // The strict and reserved keywords of editions 2015 to 2024 (Rust reference, "Keywords").
    const KEYWORDS: &str = " abstract as async await become box break const continue crate do dyn else enum extern false \
        final fn for gen if impl in let loop macro match mod move mut override priv pub ref return self static struct \
        super trait true try type typeof unsafe unsized use virtual where while yield ";
    name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
        && !KEYWORDS.contains(&format!(" {name} "))
}

fn doc_page(catalog: &Catalog, page: &Page, item: Item<'_>) -> String {
    let mut out = vec![page.title.value.clone()];
    out.extend(page.intro.iter().map(|intro| linked(catalog, intro, Links::Absolute)));
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
    let rows = catalog
        .cases_on(page)
        .into_iter()
        .map(|case| format!("| {} | {} |\n", cell(&title(catalog, case)), cell(&retry(catalog, case))));
    out.push(format!("| Case | Retry |\n| --- | --- |\n{}", rows.collect::<String>()));
    out.join("\n\n")
}

fn case_list(model: &Model, cases: Vec<&Case>, Item { name, .. }: Item<'_>) -> String {
    let line = |case: &Case| {
        let summary = summary(model, case);
        let variant = variant(case);
        format!("- [`{name}::{variant}`](super::super::{name}::{variant}), {}: {summary}\n", words(&title(model, case)))
    };
    cases.into_iter().map(line).collect()
}
