use std::collections::BTreeSet;

use serde_json::Value;

use super::*;
use crate::id::ManifestId;
use crate::report::document::is_hidden;
use crate::rights::{Duty, DutyKind, Sharing};

const HOSTILE: &str =
    "\"<b>]];'`|**[x](https://evil.example)<script>\n# h\r\n```\u{1b}[31m\u{202e}\u{200b}{0}";

fn due(seed: u8, duty: Duty) -> DutyDue {
    DutyDue::new(duty, ManifestId::from_bytes([seed; 32]), licence(seed))
}

fn licence(seed: u8) -> StatementId {
    StatementId::from_bytes([seed; 32])
}

/// A line, an entry and a payment of every kind, the first payee with this name.
fn everything(payee: &str) -> Allocation {
    let (title, currency) = (licence(9).to_string(), Some("CNY".to_owned()));
    let share = |payee: &str, points| Duty::revenue_share(payee, points);
    let duties = [
        due(1, share(payee, 1_000)),
        due(2, Duty { of: Some(payee.into()), ..share("did:web:author.example", 3_333) }),
        due(3, Duty { ceiling: Some(7), currency: currency.clone(), ..share("capped", 1_000) }),
        due(4, Duty { floor: Some(9), currency: currency.clone(), ..share("raised", 0) }),
        due(5, share(&title, 100)),
        due(6, share(&licence(8).to_string(), 100)),
        due(7, Duty { of: Some("raised".into()), ..share(&format!("{payee} 2"), 9_000) }),
        due(8, Duty { of: Some("raised".into()), ..share("greedy", 9_000) }),
        due(
            9,
            Duty {
                payee: Some(payee.into()),
                amount: Some(5),
                currency,
                ..Duty::new(DutyKind::Pay)
            },
        ),
    ];
    Sharing::new(1_000, "CNY")
        .pool("did:web:pool.example", 55)
        .claimants(licence(9), [("one", Some(6_000)), ("two", Some(4_000))])
        .bound(payee, licence(2))
        .bound("raised", licence(7))
        .bound("raised", licence(8))
        .allocate(&duties)
        .unwrap()
}

#[test]
fn a_terminal_shows_every_line_with_what_decided_it() {
    let allocation = everything("did:web:supplier.example");
    let text = Shares::new(&allocation).text(Language::English);
    for line in [
        "Shared  1000 minor units of CNY",
        "Left to whoever uses  858 minor units of CNY not free while anything is withheld",
        "Withheld  19 minor units of CNY",
    ] {
        let found = text.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "));
        let line = line.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(found.into_iter().any(|found| found == line), "{line}: {text}");
    }
    for words in ["at most 7", "at least 9", "rounded down", "exact", "67", "nobody said who"] {
        assert!(text.contains(words), "{words}: {text}");
    }
    assert!(text.contains("more is asked than there is (17 asked)"), "{text}");
}

#[test]
fn both_languages_say_the_same() {
    let allocation = everything("did:web:supplier.example");
    let shares = Shares::new(&allocation);
    let digits = |text: &str| {
        let mut numbers: Vec<String> = text
            .split(|c: char| !c.is_ascii_digit())
            .filter(|number| !number.is_empty())
            .map(str::to_owned)
            .collect();
        numbers.sort();
        numbers
    };
    let [chinese, english] =
        [Language::Chinese, Language::English].map(|language| shares.text(language));
    assert_eq!(digits(&chinese), digits(&english));
    assert!(chinese.contains("暂缓分配") && !chinese.contains("Withheld"), "{chinese}");
}

#[test]
fn nothing_of_a_name_gets_into_the_structure() {
    let plain = everything("plain");
    let hostile = everything(HOSTILE);
    let (plain, hostile) = (Shares::new(&plain), Shares::new(&hostile));
    for language in [Language::Chinese, Language::English] {
        let lines = |text: &str| text.lines().count();
        assert_eq!(lines(&hostile.text(language)), lines(&plain.text(language)));
        let page = hostile.html(language);
        assert!(!page.contains("<script") && !page.contains("<b>"), "{page}");
        let markdown = hostile.markdown(language);
        assert!(!markdown.contains("[x](https"), "{markdown}");
        for text in [page, markdown, hostile.text(language), hostile.json(), hostile.dot()] {
            assert!(!text.contains(|c: char| c != '\n' && is_hidden(c)), "{text}");
        }
    }
    assert_eq!(hostile.mermaid().lines().count(), plain.mermaid().lines().count());
    assert!(!hostile.mermaid().replace("<br/>", "").contains(['<', '`']));
}

#[test]
fn every_field_of_the_json_is_documented_and_occurs() {
    fn fields(value: &Value, path: &str, into: &mut BTreeSet<String>) {
        match value {
            Value::Object(members) => {
                for (name, value) in members {
                    let path =
                        if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                    into.insert(path.clone());
                    fields(value, &path, into);
                }
            }
            Value::Array(items) => {
                for item in items {
                    fields(item, &format!("{path}[]"), into);
                }
            }
            _ => {}
        }
    }
    let documented: BTreeSet<String> = include_str!("../shares.rs")
        .lines()
        .filter_map(|line| Some(line.strip_prefix("/// | `")?.split_once('`')?.0.to_owned()))
        .collect();
    let json = Shares::new(&everything("a")).json();
    let mut used = BTreeSet::new();
    fields(&serde_json::from_str(&json).unwrap(), "", &mut used);
    assert_eq!(used, documented);
}

#[test]
fn the_json_adds_up() {
    let json: Value = serde_json::from_str(&Shares::new(&everything("a")).json()).unwrap();
    let sum = |list: &str| -> u64 {
        json[list].as_array().unwrap().iter().map(|one| one["amount"].as_u64().unwrap()).sum()
    };
    let retained = json["retained"].as_u64().unwrap();
    assert_eq!(sum("lines") + sum("withheld") + retained, 1_000);
    assert_eq!(sum("lines"), sum("totals"));
    assert_eq!(json["determined"], false);
}

#[test]
fn money_goes_from_the_whole_to_payees_and_on() {
    let sharing = Sharing::new(1_000, "CNY").pool("pool", 100).bound("pool", licence(1));
    let nested = Duty { of: Some("pool".into()), ..Duty::revenue_share("a", 5_000) };
    let allocation = sharing.allocate(&[due(1, nested)]).unwrap();
    let mermaid = "flowchart TD\n    v0[[\"shared<br/>1000 CNY\"]]\n    v1[\"pool<br/>5\"]\n    v2[\"a<br/>5\"]\n    v3[\"left to whoever uses<br/>990\"]\n    v0 --> v1\n    v0 --> v3\n    v1 --> v2\n    classDef unbelieved stroke-dasharray: 4 4\n";
    assert_eq!(Shares::new(&allocation).mermaid(), mermaid);
}

#[test]
fn a_long_list_is_folded_and_a_picture_bounded() {
    let pools = (0..200).fold(Sharing::new(1_000_000, "CNY"), |sharing, number| {
        sharing.pool(format!("pool {number}"), 1)
    });
    let allocation = pools.allocate(&[]).unwrap();
    let shares = Shares::new(&allocation);
    assert!(shares.text(Language::English).contains("200 entries"));
    assert!(shares.text(Language::English).lines().count() < 20);
    assert_eq!(shares.mermaid().matches("-->").count(), MAX_VERTICES);
    assert!(shares.markdown(Language::English).contains("pool 199"));
}
