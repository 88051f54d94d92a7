//! Compares two catalogs, and computes the required version bump. The comparison uses the JSON form of the catalogs, so
//! that an earlier JSON export can be compared with a catalog in TOML.

use std::collections::{BTreeSet, HashMap};

use serde_json::Value;

/// A version bump, by semantic versioning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Bump {
    /// Nothing changed.
    None,
    /// Only wording changed.
    Patch,
    /// Something was added.
    Minor,
    /// Something that callers rely on was removed, or changed its meaning.
    Major,
}

impl Bump {
    /// Returns the name of the bump.
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
    /// The kind: words with dashes, stable across releases.
    pub kind: &'static str,
    /// The required version bump.
    pub level: Bump,
    /// The id of the case; none for changes of the whole catalog.
    pub case: Option<String>,
    /// A description in one sentence.
    pub text: String,
}

/// Returns the changes between two catalogs in the form of [`render::json::catalog`](crate::render::json::catalog),
/// sorted by importance and case.
pub fn diff(old: &Value, new: &Value) -> Vec<Change> {
    let mut changes = Vec::new();
    let index = |catalog| cases(catalog).map(|case| (case_id(case), case)).collect::<HashMap<_, _>>();
    let (old_cases, new_cases) = (index(old), index(new));
    for case in cases(old) {
        match new_cases.get(case_id(case)) {
            Some(new_case) => compare_cases(old, new, case, new_case, &mut changes),
            None => record_removed_case(new, case, &mut changes),
        }
    }
    let kept: Vec<_> = cases(old).filter(|case| new_cases.contains_key(case_id(case))).collect();
    for case in cases(new).filter(|case| !old_cases.contains_key(case_id(case))) {
        record_added_case(&kept, &new_cases, case, &mut changes);
    }
    compare_wire(old, new, &mut changes);
    compare_pages(old, new, &mut changes);
    changes.sort_by(|a, b| b.level.cmp(&a.level).then_with(|| a.case.cmp(&b.case)));
    changes
}

/// Returns the version bump that some changes require.
pub fn required_bump(changes: &[Change]) -> Bump {
    changes.iter().map(|change| change.level).max().unwrap_or(Bump::None)
}

fn cases(catalog: &Value) -> impl Iterator<Item = &Value> {
    catalog["cases"].as_array().map(Vec::as_slice).unwrap_or_default().iter()
}

fn case_id(case: &Value) -> &str {
    case["id"].as_str().unwrap_or_default()
}

fn string_set(value: &Value) -> BTreeSet<&str> {
    value.as_array().map(Vec::as_slice).unwrap_or_default().iter().filter_map(Value::as_str).collect()
}

/// Records the changes of a case.
struct ChangeLog<'a> {
    case: &'a str,
    changes: &'a mut Vec<Change>,
}

impl ChangeLog<'_> {
    fn record(&mut self, kind: &'static str, level: Bump, text: impl Into<String>) {
        self.changes.push(Change { kind, level, case: Some(self.case.to_owned()), text: text.into() });
    }
}

fn record_removed_case(new: &Value, case: &Value, changes: &mut Vec<Change>) {
    let id = case_id(case);
    let mut log = ChangeLog { case: id, changes };
    log.record("case-removed", Bump::Major, format!("case `{id}` removed"));
    if !string_set(&new["reserved"]["ids"]).contains(id) {
        log.record(
            "id-not-reserved",
            Bump::Major,
            format!("id `{id}` removed but not reserved: a later case could reuse it with another meaning"),
        );
    }
    if let Some(code) = case["code"].as_str().filter(|code| !string_set(&new["reserved"]["codes"]).contains(code)) {
        log.record("code-not-reserved", Bump::Major, format!("code `{code}` removed but not reserved"));
    }
}

fn record_added_case(kept: &[&Value], new_cases: &HashMap<&str, &Value>, case: &Value, changes: &mut Vec<Change>) {
    let (id, mut log) = (case_id(case), ChangeLog { case: case_id(case), changes });
    let origin = kept.iter().find(|parent| covers(parent, case));
    match origin.map(|parent| case_id(parent)) {
        Some(parent) if refines(new_cases, case, parent) => {
            log.record("case-split", Bump::Minor, format!("case `{id}` split off from `{parent}`, which it refines"));
        }
        Some(parent) => {
            let text = format!("failures of `{parent}` are now `{id}`, which does not refine it");
            log.record("case-split", Bump::Major, text);
        }
        None => log.record("case-added", Bump::Minor, format!("case `{id}` added")),
    }
}

/// Returns whether a case refines `parent`, directly or indirectly.
fn refines(cases: &HashMap<&str, &Value>, case: &Value, parent: &str) -> bool {
    let parent_case = |case: &&Value| cases.get(case["refines"].as_str()?).copied();
    std::iter::successors(Some(case), parent_case).skip(1).take(cases.len()).any(|case| case_id(case) == parent)
}

/// Returns whether failures of a new case matched an old case before: an alternative of the new case implies one of the
/// old case.
fn covers(old: &Value, new: &Value) -> bool {
    // A failure with a new code has the documented status of its case. Before, it matched by that status.
    let documented = &new["status"];
    let implies = |new: &Value, old: &Value| {
        old.as_object().into_iter().flatten().all(|(key, value)| match key.as_str() {
            "status" if new["status"].is_null() => items(value).contains(documented),
            "status" => items(&new["status"]).iter().any(|status| items(value).contains(status)),
            // All phrases and pointers must occur.
            "text" | "has" => items(value).iter().all(|item| items(&new[key]).contains(item)),
            "not" | "frame" => new[key] == *value,
            _ => is_subset(&new[key], value),
        })
    };
    items(&new["match"]).iter().any(|new| items(&old["match"]).iter().any(|old| implies(new, old)))
}

/// Returns the items of an array.
fn items(value: &Value) -> &[Value] {
    value.as_array().map(Vec::as_slice).unwrap_or_default()
}

/// Returns whether `old` allows every value that `new` allows. Each is a value, a list of alternatives, or a table of these.
fn is_subset(new: &Value, old: &Value) -> bool {
    match (new, old) {
        (Value::Object(new), Value::Object(old)) => {
            old.iter().all(|(name, old)| new.get(name).is_some_and(|new| is_subset(new, old)))
        }
        (Value::Array(new), _) => new.iter().all(|new| is_subset(new, old)),
        (new, Value::Array(old)) => old.contains(new),
        (new, old) => new == old,
    }
}

/// Returns a description of the change of a value.
fn changed(label: &str, old: &Value, new: &Value) -> String {
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), |text| format!("`{text}`"));
    match (old, new) {
        (Value::Null, new) => format!("{label} added: {}", text(new)),
        (old, Value::Null) => format!("{label} removed: {}", text(old)),
        (old, new) => format!("{label} changed from {} to {}", text(old), text(new)),
    }
}

fn compare_cases(old_catalog: &Value, new_catalog: &Value, old: &Value, new: &Value, changes: &mut Vec<Change>) {
    let mut log = ChangeLog { case: case_id(old), changes };
    for (key, kind, label) in [
        ("status", "status-changed", "status"),
        ("code", "code-changed", "code"),
        ("variant", "variant-changed", "Rust name"),
    ] {
        if old[key] != new[key] {
            let level = if old[key].is_null() { Bump::Minor } else { Bump::Major };
            log.record(kind, level, changed(label, &old[key], &new[key]));
        }
    }
    if old["match"] != new["match"] {
        log.record("match-changed", Bump::Major, "match changed: it selects other failures");
    }
    let (old_aliases, new_aliases) = (string_set(&old["aliases"]), string_set(&new["aliases"]));
    for alias in old_aliases.difference(&new_aliases) {
        log.record("alias-removed", Bump::Major, format!("alias `{alias}` removed"));
    }
    for alias in new_aliases.difference(&old_aliases) {
        log.record("alias-added", Bump::Minor, format!("alias `{alias}` added"));
    }
    if old["refines"] != new["refines"] {
        let level = if old["refines"].is_null() { Bump::Minor } else { Bump::Major };
        let text = changed("refines", &old["refines"], &new["refines"]);
        log.record("refines-changed", level, text);
    }
    compare_retries(old_catalog, new_catalog, old, new, &mut log);
    if old["deprecated"] != new["deprecated"] {
        let text = if new["deprecated"].is_null() { "no longer deprecated" } else { "deprecated" };
        log.record("deprecated", Bump::Minor, text);
    }
    if old["severity"] != new["severity"] {
        log.record("severity-changed", Bump::Minor, changed("severity", &old["severity"], &new["severity"]));
    }
    let keys = ["title", "display", "summary", "causes", "fixes", "docs"];
    let reworded: Vec<_> = keys.into_iter().filter(|key| old[*key] != new[*key]).collect();
    if !reworded.is_empty() {
        log.record("wording", Bump::Patch, format!("wording changed: {}", reworded.join(", ")));
    }
}

fn compare_retries(old_catalog: &Value, new_catalog: &Value, old: &Value, new: &Value, log: &mut ChangeLog<'_>) {
    let policy = |catalog: &Value, case: &Value| {
        let policy = catalog["policies"][case["retry"].as_str().unwrap_or_default()].clone();
        Some(policy).filter(|policy| policy["max_retries"].as_u64().is_some_and(|retries| retries > 0))
    };
    match (policy(old_catalog, old), policy(new_catalog, new)) {
        (Some(_), None) => log.record("retry-removed", Bump::Major, "no longer retried"),
        (None, Some(new_policy)) => {
            let text = match new_policy["only"].as_str() {
                None => "now retried: its side effects may happen twice".to_owned(),
                Some(only) => format!("now retried if {}", only_phrase(only)),
            };
            log.record("retry-added", Bump::Minor, text);
        }
        (Some(old_policy), Some(new_policy)) => {
            match (old_policy["only"].as_str(), new_policy["only"].as_str()) {
                (old, new) if old == new => {}
                (None, Some(only)) => {
                    log.record("only-added", Bump::Major, format!("now retried only if {}", only_phrase(only)));
                }
                (Some(_), Some(only)) => {
                    log.record("only-changed", Bump::Major, format!("now retried only if {}", only_phrase(only)));
                }
                (Some(_), None) => {
                    log.record("only-removed", Bump::Minor, "now always retried: its side effects may happen twice");
                }
                (None, None) => {}
            }
            if without_text_and_only(&old_policy) != without_text_and_only(&new_policy) {
                let text = |policy: &Value| policy["text"].as_str().unwrap_or_default().to_owned();
                let text = format!("retry policy changed from \"{}\" to \"{}\"", text(&old_policy), text(&new_policy));
                log.record("backoff-changed", Bump::Minor, text);
            }
        }
        (None, None) => {}
    }
}

/// Returns the words for the requests that a policy is limited to.
fn only_phrase(only: &str) -> &str {
    if only == "not-sent" { "the request was not sent" } else { "the request is idempotent" }
}

/// Returns the policy without `only`, which is compared separately, and without `text`, which follows from the rest.
fn without_text_and_only(policy: &Value) -> Value {
    let mut policy = policy.clone();
    if let Some(policy) = policy.as_object_mut() {
        policy.remove("only");
        policy.remove("text");
    }
    policy
}

/// Compares `[wire]`, `[key]` and `[redact]`. An export of an earlier version does not contain them.
fn compare_wire(old: &Value, new: &Value, changes: &mut Vec<Change>) {
    for (table, kind) in [("wire", "wire-changed"), ("key", "key-changed"), ("redact", "redact-changed")] {
        let (Some(old), Some(new)) = (old[table].as_object(), new[table].as_object()) else { continue };
        let all: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
        for key in all.into_iter().filter(|key| old.get(*key) != new.get(*key)) {
            let [old, new] = [old, new].map(|table| table.get(key).map(string_set).unwrap_or_default());
            let (level, effect) = match key.as_str() {
                "codes" => (Bump::Major, ": responses can match other cases"),
                "keep_headers" | "keep_query" if !new.is_subset(&old) => (Bump::Major, ": output is redacted less"),
                "contents" if !old.is_subset(&new) => (Bump::Major, ": output is redacted less"),
                _ => (Bump::Minor, ""),
            };
            let text = format!("`[{table}] {}` changed{effect}", key.replace('_', "-"));
            changes.push(Change { kind, level, case: None, text });
        }
    }
}

/// Compares the texts of the pages and checklists.
fn compare_pages(old: &Value, new: &Value, changes: &mut Vec<Change>) {
    for key in ["pages", "checklists"] {
        if old[key] != new[key] {
            let text = format!("{key} changed");
            changes.push(Change { kind: "wording", level: Bump::Patch, case: None, text });
        }
    }
}
