//! What a support ticket has to hold, as a catalog's checklist says it.

use crate::pack::{List, Reader};

/// A checklist: what a support ticket has to hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Checklist {
    id: &'static str,
    intro: &'static str,
    items: Reader<'static>,
}

impl Checklist {
    /// The id.
    pub const fn id(&self) -> &'static str {
        self.id
    }

    /// What stands before the items, in Markdown.
    pub const fn intro(&self) -> Option<&'static str> {
        if self.intro.is_empty() { None } else { Some(self.intro) }
    }

    /// The items, in the catalog's order.
    pub fn items(&self) -> impl Iterator<Item = Item> {
        self.items.list(Item::read)
    }

    pub(crate) fn read(from: &mut Reader<'static>) -> Self {
        let (id, intro, items) = (from.text(), from.text(), *from);
        from.skip_list(Item::read);
        Self { id, intro, items }
    }
}

/// An item of a checklist.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Item {
    text: &'static str,
    collect: Reader<'static>,
}

impl Item {
    /// What is asked for, in Markdown.
    pub const fn text(&self) -> &'static str {
        self.text
    }

    /// What is collected for it.
    pub fn collect(&self) -> impl Iterator<Item = Collect> {
        let words: List<'static, &'static str> = self.collect.list(Reader::text);
        words.filter_map(Collect::read)
    }

    fn read(from: &mut Reader<'static>) -> Self {
        Self { text: from.text(), collect: from.record() }
    }
}

/// Something that a ticket can collect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Collect {
    /// The id under which the server knows the request.
    RequestId,
    /// The method.
    Method,
    /// The URL.
    Url,
    /// The body of the request.
    RequestBody,
    /// The status of the answer.
    Status,
    /// The body of the answer, or the last error frame.
    ResponseBody,
    /// Whose key it was.
    Workspace,
    /// When it happened.
    Time,
    /// A header of the answer, in lower case.
    Header(&'static str),
    /// The value at a JSON pointer of the answer.
    Json(&'static str),
}

impl Collect {
    /// Those that have a word of their own, with it.
    pub const WORDS: [(&'static str, Self); 8] = [
        ("request-id", Self::RequestId),
        ("method", Self::Method),
        ("url", Self::Url),
        ("request-body", Self::RequestBody),
        ("status", Self::Status),
        ("response-body", Self::ResponseBody),
        ("workspace", Self::Workspace),
        ("time", Self::Time),
    ];

    /// What a word of a catalog collects: one of [`WORDS`](Self::WORDS), `header:NAME` or `json:/POINTER`.
    pub fn read(word: &'static str) -> Option<Self> {
        let plain = Self::WORDS.iter().find(|(have, _)| *have == word).map(|(_, collect)| *collect);
        let header = || word.strip_prefix("header:").filter(|name| !name.is_empty()).map(Self::Header);
        let json = || word.strip_prefix("json:").filter(|pointer| pointer.starts_with('/')).map(Self::Json);
        plain.or_else(header).or_else(json)
    }

    /// What people call it.
    pub fn words(self) -> String {
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

    /// The word of the catalog.
    pub fn word(self) -> String {
        match self {
            Self::Header(name) => format!("header:{name}"),
            Self::Json(pointer) => format!("json:{pointer}"),
            _ => {
                Self::WORDS.iter().find(|(_, have)| *have == self).map_or_else(String::new, |(word, _)| (*word).into())
            }
        }
    }
}
