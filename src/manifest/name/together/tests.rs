use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::limits::MAX_NAME;

/// The rules from their definitions, one after the other.
fn slow(names: &[&str], profile: NameProfile) -> bool {
    let single = |name: &&str| {
        check_file(name).is_ok() && (profile == NameProfile::Any || check_portable(name).is_ok())
    };
    let distinct = names.windows(2).all(|pair| pair[0] != pair[1]);
    let mut paths: BTreeMap<&str, bool> = BTreeMap::new();
    for name in names {
        paths.insert(name, true);
    }
    let mut apart = true;
    for name in names {
        for (slash, _) in name.match_indices('/') {
            apart &= !paths.insert(&name[..slash], false).unwrap_or(false);
        }
    }
    let mut forms: BTreeMap<String, &str> = BTreeMap::new();
    let mut clear = true;
    for path in paths.keys() {
        clear &= forms.insert(folded(path), path).is_none();
    }
    names.iter().all(single) && distinct && apart && (clear || profile == NameProfile::Any)
}

fn name() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "[ab]{1,2}(/[ab]{1,2}){0,2}",
        2 => "[aAbß](/[aABs]{1,2}){0,2}",
        1 => "[a./:A \u{e9}e\u{301}\u{345}\u{3b9}\u{3c2}\u{3c3}\u{130}-]{0,4}",
        1 => "(com1|NUL|con|lpt|a)(\\.[a ]|)(/x|)",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn names_are_accepted_exactly_by_the_definition(names in prop::collection::vec(name(), 0..7)) {
        let mut names: Vec<&str> = names.iter().map(String::as_str).collect();
        names.sort_unstable();
        for profile in [NameProfile::Any, NameProfile::Portable] {
            let checked = check_together(&names, profile, 1);
            prop_assert_eq!(checked.is_ok(), slow(&names, profile), "{:?} {:?}", checked, profile);
        }
    }

    #[test]
    fn a_name_that_looks_plain_obeys_every_rule(name in name()) {
        let glance = glance(&name);
        if glance.is_plain {
            prop_assert_eq!(check_file(&name), Ok(()));
            prop_assert_eq!(check_portable(&name), Ok(()));
        }
        if !glance.folds {
            prop_assert_eq!(folded(&name), name);
        }
    }
}

#[test]
fn the_number_of_threads_changes_no_answer() {
    let sound: Vec<String> = (0..3 * RUN).map(|i| format!("d{:04}/{i:05}", i / 7)).collect();
    let faults = ["d0500", "d0500/03500/x", "d0800/05601", "D0100", "d0001/a\\b", "d0700/nul"];
    for count in 0..faults.len() {
        for from in 0..=faults.len() - count {
            let chosen = faults[from..from + count].iter().copied();
            let mut names: Vec<&str> = sound.iter().map(String::as_str).chain(chosen).collect();
            names.sort_unstable();
            let one = check_together(&names, NameProfile::Portable, 1);
            assert_eq!(one.is_ok(), count == 0, "{one:?}");
            for threads in [0, 2, 7] {
                assert_eq!(check_together(&names, NameProfile::Portable, threads), one);
            }
        }
    }
}

#[test]
fn faults_between_two_runs_are_seen() {
    let mut names: Vec<String> = (0..RUN).map(|i| format!("a/{i:05}")).collect();
    let last = names[RUN - 1].clone();
    names.push(last.clone());
    let check = |names: &[String]| {
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        check_together(&names, NameProfile::Portable, 2)
    };
    assert_eq!(check(&names), Err(NameError::Duplicate { name: last.clone() }));
    names[RUN] = format!("{last}/b");
    assert_eq!(check(&names), Err(NameError::FileAndDirectory { name: last }));
    names[RUN] = "a0/x".into();
    names.push("A".into());
    names.sort_unstable();
    assert_eq!(check(&names), Err(NameError::Collision { name: "a".into(), other: "A".into() }));
}

/// Names that begin with a file's stand between it and what is below it, for more than a run.
#[test]
fn a_file_is_seen_from_runs_away() {
    for runs in [1, 2, 3] {
        let mut names = vec!["a".to_owned(), "a-".to_owned()];
        names.extend((0..runs * RUN).map(|i| format!("a-{i:06}")));
        names.push("a/x".into());
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        assert!(names.is_sorted());
        let fault = Err(NameError::FileAndDirectory { name: "a".into() });
        assert_eq!(check_together(&names, NameProfile::Any, 2), fault, "{runs}");
    }
}

#[test]
fn the_same_two_names_are_told_of_many_that_collide() {
    let check = |names: &[&str]| {
        let mut names = names.to_vec();
        names.sort_unstable();
        check_together(&names, NameProfile::Portable, 1)
    };
    let collision = |name: &str, other: &str| {
        Err(NameError::Collision { name: name.into(), other: other.into() })
    };
    assert_eq!(check(&["b", "B", "a", "A"]), collision("a", "A"));
    assert_eq!(check(&["aaa", "aaA", "AAA"]), collision("aaA", "AAA"));
    // A directory that is only there by what is below it, and a file.
    assert_eq!(check(&["x/Y/z/1", "x/y"]), collision("x/y", "x/Y"));
    assert_eq!(check(&["x/Y/z/1", "x/Y/z/2", "x/Y.a"]), Ok(()));
}

/// Folding each directory's whole path would take a minute and some 100 MB here.
#[test]
fn deep_names_cost_what_their_length_is() {
    let deep = |component: &str| component.repeat((MAX_NAME - 20) / component.len());
    for component in ["a/", "A/", "\u{e9}/", "\u{c9}/"] {
        let apart: Vec<String> = (0..50).map(|i| format!("{i:05}/{}x", deep(component))).collect();
        let together: Vec<String> =
            (0..50).map(|i| format!("{}{i:05}/x", deep(component))).collect();
        for names in [apart, together] {
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            for profile in [NameProfile::Any, NameProfile::Portable] {
                assert_eq!(check_together(&names, profile, 1), Ok(()));
            }
        }
    }
}
