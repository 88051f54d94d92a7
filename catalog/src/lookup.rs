//! Lookup: the cases that a query names, and the name that is most similar to a query.

use waves_errors_core::Evidence;
use waves_errors_core::internal::{Condition, Rule, Table, classify};

use crate::catalog::Catalog;
use crate::exception::{Outcome, is_lost_socket, outcomes, overriding_error, transport_error};
use crate::model::Case;
use crate::suggest::nearest;
use crate::text::plain_text;

/// The maximum length of a query that can be a misspelled name, in bytes.
const MAX_NAME: usize = 100;

impl Catalog {
    /// Returns the cases that a query names, ignoring upper and lower case. Tries these in order, and returns
    /// the cases of the first that finds any:
    ///
    /// 1. a name: an id, a status, a Rust variant, a code or an alias;
    /// 2. a value that a `match` names: a code, a status, a close code, a reason or a transport error;
    /// 3. words that all occur in the names, the title and the summary;
    /// 4. the text of an exception: a code in it, or the case of an exchange with its status or close code and its text,
    ///    or the case of its transport error.
    pub fn find(&self, query: &str) -> Vec<&Case> {
        let query = query.trim();
        let name = query.to_lowercase();
        if name.is_empty() {
            return Vec::new();
        }
        let mut found: Vec<_> = self.cases.iter().filter(|case| is_named(case, &name)).collect();
        if found.is_empty() {
            found = self.cases.iter().filter(|case| selects(case, &name)).collect();
        }
        if found.is_empty() && !is_number(&name) {
            found = self.cases.iter().filter(|case| self.contains_words(case, &name)).collect();
        }
        if found.is_empty() {
            found = self.find_in_exception(query);
        }
        found
    }

    /// Returns the name of a case that is most similar to the query, if it is similar enough. Numbers are never
    /// suggested.
    pub fn nearest(&self, query: &str) -> Option<String> {
        if is_number(query.trim()) || query.len() > MAX_NAME {
            return None;
        }
        let all: Vec<_> = self.cases.iter().flat_map(names).filter(|name| !is_number(name)).collect();
        nearest(query, &all.iter().map(String::as_str).collect::<Vec<_>>()).map(str::to_owned)
    }

    /// Returns whether all words of a query occur in the names, the title and the summary of a case. Numbers must be whole words.
    fn contains_words(&self, case: &Case, query: &str) -> bool {
        let resolved = self.resolved(case);
        let summary = plain_text(resolved.summary.absolute());
        let text = format!("{} {} {summary}", names(case).join(" "), resolved.title).to_lowercase();
        let contains_number = |number: &str| text.split(|c: char| !c.is_alphanumeric()).any(|word| word == number);
        query.split_whitespace().all(|word| if is_number(word) { contains_number(word) } else { text.contains(word) })
    }

    fn find_in_exception(&self, text: &str) -> Vec<&Case> {
        let words = text.split(|c: char| !c.is_alphanumeric() && !"_-.".contains(c)).map(|word| word.trim_matches('.'));
        let named: Vec<_> =
            words.filter_map(|word| self.cases.iter().find(|case| has_distinctive(case, word))).collect();
        // A case that refines another is more specific.
        let is_refined =
            |case: &Case| named.iter().any(|other| other.refines.as_ref().is_some_and(|id| id.value == case.id.value));
        if let Some(case) = named.iter().find(|case| !is_refined(case)) {
            return vec![case];
        }
        let table_text = self.rules_table();
        let table = Table::new(&table_text);
        let case_of = |evidence: &Evidence| {
            let (index, _) = classify(&table, evidence).case?;
            self.cases.get(usize::from(index))
        };
        let of_error = |error| case_of(&Evidence::new().with_transport_error(error));
        let of_outcome = |outcome: &Outcome| match *outcome {
            Outcome::Status(status) => case_of(&Evidence::response(status).with_body(text)),
            // Many exceptions have a close code, but not its reason.
            Outcome::Close(code) => {
                case_of(&Evidence::closed(code, text)).or_else(|| case_of(&Evidence::closed(code, "")))
            }
        };
        let numbers = outcomes(text);
        let case = overriding_error(text)
            .and_then(of_error)
            .or_else(|| numbers.certain.iter().find_map(of_outcome))
            .or_else(|| if is_lost_socket(text) { of_outcome(&Outcome::Close(1006)) } else { None })
            .or_else(|| of_error(transport_error(text)?))
            .or_else(|| numbers.possible.iter().find_map(of_outcome));
        case.into_iter().collect()
    }
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_named(case: &Case, name: &str) -> bool {
    names(case).iter().any(|other| other.to_lowercase() == name)
}

/// Returns whether a code or a reason alone selects a case, and is unlikely to occur in other texts: not a plain word such as `timeout`.
fn has_distinctive(case: &Case, word: &str) -> bool {
    let is_distinctive = word.bytes().skip(1).any(|byte| !byte.is_ascii_lowercase()) && !is_number(word);
    is_distinctive
        && case.rules().iter().any(|(rule, _)| match &rule.conditions[..] {
            [Condition::Code(texts) | Condition::Reason(texts)] => texts.iter().any(|text| text == word),
            _ => false,
        })
}

/// Returns whether the `match` of a case names a value, in lower case.
fn selects(case: &Case, value: &str) -> bool {
    let number: Option<u16> = value.parse().ok();
    let is_equal = |text: &String| text.to_lowercase() == value;
    let has_phrase = |rule: &Rule| rule.conditions.iter().any(|condition| matches!(condition, Condition::Text(_)));
    case.rules().iter().any(|(rule, _)| {
        // With other conditions, the status alone does not select the case.
        let has_status = |ranges: &[(u16, u16)]| {
            number.is_some_and(|status| ranges.iter().any(|&(low, high)| (low..=high).contains(&status)))
        };
        rule.only_statuses().is_some_and(|ranges| has_status(ranges))
            || rule.conditions.iter().any(|condition| match condition {
                Condition::Code(codes) => codes.iter().any(is_equal),
                Condition::Reason(reasons) => reasons.iter().any(is_equal),
                // With a phrase, only some of the closes are selected.
                Condition::Close(codes) => !has_phrase(rule) && number.is_some_and(|code| codes.contains(&code)),
                Condition::TransportError(errors) => errors.iter().any(|error| error.as_str() == value),
                _ => false,
            })
    })
}

/// Returns all names of a case.
fn names(case: &Case) -> Vec<String> {
    let status = case.status.as_ref().map(|status| status.to_string());
    let others = case.code.iter().chain(&case.aliases).map(|name| name.value.clone());
    [Some(case.id.value.clone()), status, Some(case.name.clone())].into_iter().flatten().chain(others).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::WAVES;

    fn ids(query: &str) -> Vec<String> {
        WAVES.load().unwrap().find(query).into_iter().map(|case| case.id.value.clone()).collect()
    }

    #[test]
    fn every_value_of_a_match_finds_its_case() {
        let catalog = WAVES.load().unwrap();
        let mut values = 0;
        for case in &catalog.cases {
            for (rule, _) in case.rules() {
                let statuses = rule.only_statuses().into_iter().flatten().flat_map(|&(low, high)| low..=high);
                let mut names: Vec<_> = statuses.map(|status| status.to_string()).collect();
                let has_phrase = rule.conditions.iter().any(|condition| matches!(condition, Condition::Text(_)));
                for condition in &rule.conditions {
                    match condition {
                        Condition::Code(codes) => names.extend_from_slice(codes),
                        Condition::Close(codes) if !has_phrase => names.extend(codes.iter().map(u16::to_string)),
                        Condition::Reason(reasons) => {
                            names.extend(reasons.iter().filter(|reason| !reason.is_empty()).cloned());
                        }
                        _ => {}
                    }
                }
                for name in names {
                    let found = catalog.find(&name);
                    assert!(found.iter().any(|found| found.id.value == case.id.value), "{name}: {}", case.id.value);
                    values += 1;
                }
            }
        }
        assert!(values > 100, "{values} values");
    }

    #[test]
    fn text_of_an_exception_finds_the_case_that_classification_selects() {
        for (query, id) in [
            ("HTTP 410", "model-retired"),
            ("status 429", "too-many-requests"),
            ("close 1013", "server-full"),
            ("websockets.exceptions.ConnectionClosedError: received 1009 (message too big)", "payload-too-large"),
            (
                "HTTPError: 429 Client Error: Too Many Requests for url: https://api.smallest.ai/waves",
                "too-many-requests",
            ),
            ("{\"error_code\": \"voice_clone_error\"}", "voice-clone-error"),
            ("Request failed with status code 524", "service-unavailable"),
            // A code is more specific than a status, and a reason than a close code.
            ("Error code: 429 - {'error': {'code': 'insufficient_quota'}}", "insufficient-quota"),
            ("Error 429: invalid_api_key", "unauthorized"),
            ("websocket: close 1008 (policy violation): unauthorized", "unauthorized"),
            ("received 1008 (policy violation) Rate limit exceeded", "too-many-requests"),
            ("received 1008 (policy violation); then sent 1008 (policy violation)", "concurrency-limit"),
            ("HTTP 403: error code: 1020", "gateway-refusal"),
            ("400 Bad Request: please upgrade", "plan-limit"),
            ("botocore.errorfactory.NoSuchKey: An error occurred (NoSuchKey)", "no-such-key"),
            // Numbers that are not statuses.
            ("curl: (28) Operation timed out after 500 milliseconds with 0 bytes received", "no-answer"),
            ("failed after 500 ms: 429 Too Many Requests", "too-many-requests"),
            ("connect ECONNREFUSED 10.0.0.1:500", "not-connected"),
            ("attempt 401 of 1000 failed: status code 503", "service-unavailable"),
            ("x509: certificate signed by unknown authority", "not-connected"),
            ("Error: socket hang up", "no-answer"),
            ("ConnectionClosedError: no close frame received or sent", "connection-lost"),
            (
                "Error code: 401 - {'error': {'type': 'invalid_request_error', 'code': 'invalid_api_key'}}",
                "unauthorized",
            ),
            ("Error code: 429 - {'error': {'type': 'rate_limit_error'}}", "too-many-requests"),
            ("429 - {'type': 'rate_limit_error', 'code': 'concurrency_limit_reached'}", "concurrency-limit"),
            ("curl: (56) Received HTTP code 403 from proxy after CONNECT", "not-connected"),
            ("curl: (92) HTTP/2 stream 1 was not closed cleanly: INTERNAL_ERROR (err 2)", "no-answer"),
            ("aiohttp.ClientPayloadError: <TransferEncodingError: 400, message='Not enough data'>", "no-answer"),
            ("2026-11-22 14:00:00,503 ERROR root: 401 Client Error: Unauthorized", "unauthorized"),
        ] {
            assert_eq!(ids(query), [id], "{query}");
        }
        for query in [
            "HTTP 418",
            "no such thing",
            "4291",
            "",
            "line 1 column 404",
            "TypeError: fetch failed",
            "FileNotFoundError: [Errno 2]",
        ] {
            assert_eq!(ids(query), [""; 0], "{query}");
        }
    }

    #[test]
    fn number_finds_no_other_number() {
        for query in ["101", "40", "42", "100", "0", "25", "4 29", "250"] {
            assert_eq!(ids(query), [""; 0], "{query}");
        }
        assert_eq!(ids("250 MB"), ["payload-too-large"]);
    }

    #[test]
    fn number_is_never_a_suggestion_for_another() {
        let catalog = WAVES.load().unwrap();
        for query in ["418", "4290", "40", "1007000"] {
            assert_eq!(catalog.nearest(query), None, "{query}");
        }
        assert_eq!(catalog.nearest("forbiden").as_deref(), Some("forbidden"));
    }
}
