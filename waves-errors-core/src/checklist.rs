//! [`Checklist`]: the facts that a support ticket must contain.

use crate::layout::{ChecklistView, ItemView};

/// A checklist of the facts that a support ticket must contain. [`Catalog::checklists`](crate::Catalog::checklists) returns it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Checklist(ChecklistView<'static>);

impl Checklist {
    pub(crate) const fn new(view: ChecklistView<'static>) -> Self {
        Self(view)
    }

    /// Returns the id.
    pub const fn id(&self) -> &'static str {
        self.0.id()
    }

    /// Returns the text before the items, in Markdown.
    pub const fn intro(&self) -> Option<&'static str> {
        let intro = self.0.intro();
        if intro.is_empty() { None } else { Some(intro) }
    }

    /// Returns the items, in the catalog's order.
    pub fn items(&self) -> impl Iterator<Item = Item> {
        self.0.items().map(Item)
    }
}

/// An item of a checklist.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Item(ItemView<'static>);

impl Item {
    /// Returns the request for the facts, in Markdown.
    pub const fn text(&self) -> &'static str {
        self.0.text()
    }

    /// Returns the facts that the item collects.
    pub fn collect(&self) -> impl Iterator<Item = Collect> {
        self.0.collect().filter_map(Collect::parse)
    }
}

/// A fact that a ticket can collect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Collect {
    /// The request id that the server assigned.
    RequestId,
    /// The method of the request.
    Method,
    /// The URL of the request.
    Url,
    /// The body of the request.
    RequestBody,
    /// The status of the response.
    Status,
    /// The body of the response, or the last error frame.
    ResponseBody,
    /// The workspace that the key belongs to.
    Workspace,
    /// The time of the failure.
    Time,
    /// The response header with this name, in lower case.
    Header(&'static str),
    /// The value at this JSON pointer of the response.
    Json(&'static str),
}

impl Collect {
    /// The keywords of catalogs, with the facts that they select.
    pub const KEYWORDS: [(&'static str, Self); 8] = [
        ("request-id", Self::RequestId),
        ("method", Self::Method),
        ("url", Self::Url),
        ("request-body", Self::RequestBody),
        ("status", Self::Status),
        ("response-body", Self::ResponseBody),
        ("workspace", Self::Workspace),
        ("time", Self::Time),
    ];

    /// Parses a keyword of a catalog: one of [`KEYWORDS`](Self::KEYWORDS), `header:NAME` or `json:/POINTER`.
    pub fn parse(keyword: &'static str) -> Option<Self> {
        let plain = Self::KEYWORDS.iter().find(|(known, _)| *known == keyword).map(|(_, fact)| *fact);
        let header = || keyword.strip_prefix("header:").filter(|name| !name.is_empty()).map(Self::Header);
        let json = || keyword.strip_prefix("json:").filter(|pointer| pointer.starts_with('/')).map(Self::Json);
        plain.or_else(header).or_else(json)
    }

    /// Returns the label in tickets, such as `request id`.
    ///
    /// # Examples
    ///
    /// ```
    /// use waves_errors::checklists::Collect;
    ///
    /// assert_eq!(Collect::RequestId.label(), "request id");
    /// assert_eq!(Collect::Header("date").label(), "header date");
    /// ```
    pub fn label(self) -> String {
        match self {
            Self::RequestId => "request id".into(),
            Self::Method => "method".into(),
            Self::Url => "URL".into(),
            Self::RequestBody => "request body".into(),
            Self::Status => "status".into(),
            Self::ResponseBody => "response body".into(),
            Self::Workspace => "workspace".into(),
            Self::Time => "time".into(),
            Self::Header(name) => format!("header {name}"),
            Self::Json(pointer) => format!("field {pointer}"),
        }
    }

    /// Returns the keyword of catalogs, such as `request-id`. [`parse`](Self::parse) is the inverse.
    ///
    /// # Examples
    ///
    /// ```
    /// use waves_errors::checklists::Collect;
    ///
    /// assert_eq!(Collect::RequestId.keyword(), "request-id");
    /// assert_eq!(Collect::parse("header:date"), Some(Collect::Header("date")));
    /// assert_eq!(Collect::Header("date").keyword(), "header:date");
    /// ```
    pub fn keyword(self) -> String {
        match self {
            Self::Header(name) => format!("header:{name}"),
            Self::Json(pointer) => format!("json:{pointer}"),
            _ => {
                let known = Self::KEYWORDS.iter().find(|(_, fact)| *fact == self);
                known.map_or_else(String::new, |(keyword, _)| (*keyword).into())
            }
        }
    }
}
