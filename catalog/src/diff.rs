//! What changed between two catalogs, and which version bump that asks for. It compares what leaves a catalog as JSON, so
//! that a catalog in TOML and one that was written out earlier are the same to it.

use std::collections::BTreeSet;

use serde_json::Value;

/// How much of a bump a change asks for, by semantic versioning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Bump {
    /// Nothing changed.
    None,
    /// Wording only.
    Patch,
    /// Something was added.
    Minor,
    /// Something that callers rely on is gone, or means something else.
    Major,
}

impl Bump {
    /// The word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Patch => "patch",
            Self::Minor => "minor",
            Self::Major => "major",
        }
    }
}

/// A change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Its kind, a word with dashes that does not change.
    pub kind: &'static str,
    /// What it asks for.
    pub level: Bump,
    /// The id of the case that it is about; nothing where it is about the catalog.
    pub case: Option<String>,
    /// What it is, in a sentence.
    pub text: String,
}

/// The changes from one catalog to another, both as [`render::json::catalog`](crate::render::json::catalog) writes them:
/// the most important first, then by case.
pub fn diff(old: &Value, new: &Value) -> Vec<Change> {
    let mut changes = Vec::new();
    for case in cases(old) {
        match find(new, id(case)) {
            Some(now) => compare(old, new, case, now, &mut changes),
            None => removed(new, case, &mut changes),
        }
    }
    for case in cases(new).filter(|case| find(old, id(case)).is_none()) {
        added(old, new, case, &mut changes);
    }
    pages(old, new, &mut changes);
    changes.sort_by(|a, b| b.level.cmp(&a.level).then_with(|| a.case.cmp(&b.case)));
    changes
}

/// The bump that some changes ask for.
pub fn required(changes: &[Change]) -> Bump {
    changes.iter().map(|change| change.level).max().unwrap_or(Bump::None)
}

fn cases(catalog: &Value) -> impl Iterator<Item = &Value> {
    catalog["cases"].as_array().map(Vec::as_slice).unwrap_or_default().iter()
}

fn find<'v>(catalog: &'v Value, id: &str) -> Option<&'v Value> {
    cases(catalog).find(|case| case["id"] == id)
}

fn id(case: &Value) -> &str {
    case["id"].as_str().unwrap_or_default()
}

fn texts(value: &Value) -> BTreeSet<&str> {
    value.as_array().map(Vec::as_slice).unwrap_or_default().iter().filter_map(Value::as_str).collect()
}

/// The changes of one case.
struct Told<'a> {
    case: &'a str,
    changes: &'a mut Vec<Change>,
}

impl Told<'_> {
    fn tell(&mut self, kind: &'static str, level: Bump, text: impl Into<String>) {
        self.changes.push(Change { kind, level, case: Some(self.case.to_owned()), text: text.into() });
    }
}

fn removed(new: &Value, case: &Value, changes: &mut Vec<Change>) {
    let id = id(case);
    let mut told = Told { case: id, changes };
    told.tell("case-removed", Bump::Major, format!("the case `{id}` is gone"));
    if !texts(&new["reserved"]["ids"]).contains(id) {
        told.tell(
            "id-not-reserved",
            Bump::Major,
            format!("the id `{id}` is not in `reserved`: it could come back with another meaning"),
        );
    }
    if let Some(code) = case["code"].as_str().filter(|code| !texts(&new["reserved"]["codes"]).contains(code)) {
        told.tell("code-not-reserved", Bump::Major, format!("the code `{code}` is not in `reserved`"));
    }
}

fn added(old: &Value, new: &Value, case: &Value, changes: &mut Vec<Change>) {
    let (id, mut told) = (id(case), Told { case: id(case), changes });
    let split = cases(old).find(|wider| find(new, self::id(wider)).is_some() && covers(wider, case));
    match split.map(self::id) {
        Some(wider) if refines(new, case, wider) => {
            told.tell("case-split", Bump::Minor, format!("the case `{id}` is split off `{wider}`, which it refines"));
        }
        Some(wider) => {
            let text = format!("failures that were `{wider}` are now `{id}`, which does not refine it");
            told.tell("case-split", Bump::Major, text);
        }
        None => told.tell("case-added", Bump::Minor, format!("the case `{id}` is new")),
    }
}

/// Whether a case is a narrower one of another, at any distance.
fn refines(catalog: &Value, case: &Value, wider: &str) -> bool {
    let next = |case: &&Value| find(catalog, case["refines"].as_str()?);
    std::iter::successors(Some(case), next).skip(1).take(cases(catalog).count()).any(|case| id(case) == wider)
}

/// Whether failures of a new case were those of an old one: all that an alternative of the old one asks for holds where one
/// of the new one does, or where one of its examples comes.
fn covers(old: &Value, new: &Value) -> bool {
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    // A new code comes with the status that the case is documented under, which it fell back to before.
    let documented = new["status"].as_u64();
    list(&new["match"]).iter().any(|narrow| {
        list(&old["match"]).iter().any(|wide| {
            let Some(wide) = wide.as_object() else { return false };
            wide.iter().all(|(key, value)| match key.as_str() {
                "status" => {
                    let own = list(&narrow["status"]).iter().filter_map(Value::as_u64).collect::<Vec<_>>();
                    let own = if own.is_empty() { documented.into_iter().collect() } else { own };
                    list(value).iter().filter_map(Value::as_u64).any(|status| own.contains(&status))
                }
                key => narrow[key] == *value,
            })
        })
    })
}

fn compare(old: &Value, new: &Value, was: &Value, now: &Value, changes: &mut Vec<Change>) {
    let mut told = Told { case: id(was), changes };
    let shown = |value: &Value| match value {
        Value::Null => "nothing".to_owned(),
        Value::String(text) => format!("`{text}`"),
        other => other.to_string(),
    };
    for (key, kind, what) in [
        ("status", "status-changed", "status"),
        ("code", "code-changed", "code"),
        ("variant", "variant-changed", "Rust name"),
    ] {
        if was[key] != now[key] {
            let level = if was[key].is_null() { Bump::Minor } else { Bump::Major };
            told.tell(kind, level, format!("the {what} was {}, and is {}", shown(&was[key]), shown(&now[key])));
        }
    }
    if was["match"] != now["match"] {
        told.tell("match-changed", Bump::Major, "other failures are this case");
    }
    let (before, after) = (texts(&was["aliases"]), texts(&now["aliases"]));
    for alias in before.difference(&after) {
        told.tell("alias-removed", Bump::Major, format!("the alias `{alias}` is gone"));
    }
    for alias in after.difference(&before) {
        told.tell("alias-added", Bump::Minor, format!("the alias `{alias}` is new"));
    }
    if was["refines"] != now["refines"] {
        let level = if was["refines"].is_null() { Bump::Minor } else { Bump::Major };
        let text = format!("it refined {}, and refines {}", shown(&was["refines"]), shown(&now["refines"]));
        told.tell("refines-changed", level, text);
    }
    retries(old, new, was, now, &mut told);
    if was["deprecated"] != now["deprecated"] {
        let text = if now["deprecated"].is_null() { "no longer deprecated" } else { "deprecated" };
        told.tell("deprecated", Bump::Minor, text);
    }
    if was["severity"] != now["severity"] {
        told.tell(
            "severity-changed",
            Bump::Minor,
            format!("its severity was {}, and is {}", shown(&was["severity"]), shown(&now["severity"])),
        );
    }
    let words = ["title", "display", "summary", "causes", "fixes", "docs"];
    let other: Vec<_> = words.into_iter().filter(|key| was[*key] != now[*key]).collect();
    if !other.is_empty() {
        told.tell("wording", Bump::Patch, format!("other words: {}", other.join(", ")));
    }
}

fn retries(old: &Value, new: &Value, was: &Value, now: &Value, told: &mut Told<'_>) {
    let policy = |catalog: &Value, case: &Value| {
        let policy = catalog["policies"][case["retry"].as_str().unwrap_or_default()].clone();
        Some(policy).filter(|policy| policy["max_retries"].as_u64().is_some_and(|retries| retries > 0))
    };
    let for_all = |policy: &Value| policy["only"].is_null();
    match (policy(old, was), policy(new, now)) {
        (Some(_), None) => told.tell("retry-removed", Bump::Major, "no longer retried"),
        (None, Some(now)) => {
            let text = if for_all(&now) {
                "now retried: its side effects may happen twice"
            } else {
                "now retried if idempotent"
            };
            told.tell("retry-added", Bump::Minor, text);
        }
        (Some(was), Some(now)) => {
            match (for_all(&was), for_all(&now)) {
                (true, false) => told.tell("only-added", Bump::Major, "now retried only if idempotent"),
                (false, true) => told.tell(
                    "only-removed",
                    Bump::Minor,
                    "now retried even if not idempotent: its side effects may happen twice",
                ),
                _ => {}
            }
            if schedule(&was) != schedule(&now) {
                let text = |policy: &Value| policy["text"].as_str().unwrap_or_default().to_owned();
                let text = format!("retry policy changed from \"{}\" to \"{}\"", text(&was), text(&now));
                told.tell("backoff-changed", Bump::Minor, text);
            }
        }
        (None, None) => {}
    }
}

/// Returns the policy without `only`, which is compared separately, and without `text`, which follows from the rest.
fn schedule(policy: &Value) -> Value {
    let mut policy = policy.clone();
    if let Some(policy) = policy.as_object_mut() {
        policy.remove("only");
        policy.remove("text");
    }
    policy
}

/// What the pages say beside their cases.
fn pages(old: &Value, new: &Value, changes: &mut Vec<Change>) {
    for key in ["pages", "checklists"] {
        if old[key] != new[key] {
            let text = format!("the {key} read differently");
            changes.push(Change { kind: "wording", level: Bump::Patch, case: None, text });
        }
    }
}
