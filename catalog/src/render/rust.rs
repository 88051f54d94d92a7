//! Renders the Rust code that the macro emits: data, and thin accessors. The logic is in the runtime crate, which the
//! code calls `__waves_errors`; all other paths are absolute.

mod enum_docs;
mod reference;
mod syntax;

use std::fmt::Write;

use crate::catalog::Catalog;

use super::table::table;
use enum_docs::{case_table, variant_attributes};
use syntax::{doc_attribute, doc_line_attributes};

pub use reference::reference_modules;
pub use syntax::{Item, string_literal};

/// The parts of an enum's code.
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
        attributes: format!("{}{DERIVES}", doc(&case_table(catalog))),
        variants,
        implementations: implementations(item, &names, &policies(catalog, item.vis, doc), &table(catalog)),
    }
}

/// Returns a constant for the id of each policy.
fn policies(catalog: &Catalog, vis: &str, doc: fn(&str) -> String) -> String {
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
    let variants =
        names.iter().map(|name| format!("{}{name},", doc_attribute("Part of a catalog with errors."))).collect();
    let constant = |id: &String| policy_constant(id, item.vis, &doc_attribute("Part of a catalog with errors."));
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

/// Returns the items after the enum. They have no `match` over the variants, whose compile time is quadratic.
fn implementations(Item { name, vis }: Item<'_>, variants: &[String], policies: &str, table: &str) -> String {
    let all: String = variants.iter().map(|variant| format!("{name}::{variant},")).collect();
    format!(
        r"
static TABLE: __waves_errors::Table<'static> = __waves_errors::Table::new({table});
const CATALOG: __waves_errors::Catalog = __waves_errors::Catalog::new(&TABLE);

#[allow(dead_code)]
impl {name} {{
    /// All variants, in the catalog's order.
    {vis} const ALL: &'static [Self] = __waves_errors::all();

    {policies}

    /// Returns the case of the variant: texts, status and retry policy.
    #[must_use]
    {vis} const fn to_case(self) -> __waves_errors::Case {{
        CATALOG.nth(self as ::core::primitive::u16)
    }}

    /// Returns the id, for logs and comparisons.
    #[must_use]
    {vis} const fn id(self) -> &'static ::core::primitive::str {{
        self.to_case().id()
    }}

    /// Returns the HTTP status that the case is documented with.
    #[must_use]
    {vis} const fn status(self) -> ::core::option::Option<::core::primitive::u16> {{
        self.to_case().status()
    }}

    /// Returns the code that the case is documented with.
    #[must_use]
    {vis} const fn code(self) -> ::core::option::Option<&'static ::core::primitive::str> {{
        self.to_case().code()
    }}

    /// Returns the retry policy. Without one, the case is never retried.
    #[must_use]
    {vis} fn retry(self) -> ::core::option::Option<__waves_errors::Policy> {{
        self.to_case().retry()
    }}

    /// Returns the variant with this code.
    #[must_use]
    {vis} fn from_code(code: &::core::primitive::str) -> ::core::option::Option<Self> {{
        <Self as __waves_errors::CatalogEnum>::from_case(CATALOG.by_code(code)?)
    }}

    /// Returns the variant of a response with this status and without a known code.
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
        table = string_literal(table),
    )
}
