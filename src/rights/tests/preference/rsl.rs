//! Really Simple Licensing.

use super::*;

const ASSET: &str = "https://press.example/articles/1";

/// A document with this inside its root.
fn document(inside: &str) -> String {
    format!(r#"<rsl xmlns="https://rslstandard.org/rsl">{inside}</rsl>"#)
}

/// One content for everything with these licences.
fn licences<const N: usize>(licences: [&str; N]) -> Reading {
    let inside = licences.map(|inside| format!("<license>{inside}</license>")).concat();
    read(&format!(r#"<content url="/">{inside}</content>"#))
}

fn licence(inside: &str) -> Reading {
    licences([inside])
}

fn read(inside: &str) -> Reading {
    Reading::rsl(document(inside).as_bytes(), ASSET).unwrap()
}

fn permits(usage: &str) -> String {
    format!(r#"<permits type="usage">{usage}</permits>"#)
}

fn prohibits(usage: &str) -> String {
    format!(r#"<prohibits type="usage">{usage}</prohibits>"#)
}

/// What the unlisted usages come to.
fn unlisted() -> Stated {
    unclear(Missing::Constraint)
}

#[test]
fn case_49_a_wide_prohibition_stands_against_a_narrow_permission() {
    let reading = licence(&(permits("ai-train") + &prohibits("ai-all")));
    for leaf in Action::Train.leaves() {
        assert_eq!(says(&reading, leaf).alone(), Outcome::deny(Reason::Prohibited));
    }
    let reversed = licence(&(prohibits("ai-train") + &permits("all")));
    assert_eq!(says(&reversed, Action::TrainGenerative), against(Reason::Prohibited));
    assert_eq!(says(&reversed, Action::InferInput), Stated::For(Duties::NONE));
    let of_two = licences([&permits("ai-train"), &prohibits("ai-train")]);
    assert_eq!(says(&of_two, Action::TrainGenerative), against(Reason::Prohibited));
}

#[test]
fn case_51_a_purchase_is_an_unmet_duty_until_there_is_a_receipt() {
    let paid = permits("ai-train")
        + r#"<payment type="purchase"><amount currency="USD">1500.00</amount></payment>"#;
    let reading = licence(&paid);
    assert_eq!(says(&reading, Action::Train).alone(), Outcome::deny(Reason::UnmetDuty));
    let terms = Some("purchase, 1500.00 USD".to_owned());
    let pay = Duty { terms, ..Duty::new(DutyKind::Pay) };
    let rule = Rule::permit(Action::Train.leaves()).duty(pay.clone());
    assert!(reading.rules.contains(&rule), "{:?}", reading.rules);

    let ask = Ask { licensee: Some(TRAINER), ..commercial(Action::Train) };
    let party = TRAINER.to_owned();
    let receipt = Fulfilment { duty: pay.clone(), party, from: at(T) };
    let preference = seen(reading);
    let stated = |fulfilled: &[Fulfilment]| preferences(&[(&preference, fulfilled)], &ask).all;
    assert_eq!(stated(std::slice::from_ref(&receipt)), Stated::For([pay.clone()].into()));
    // For another price it is another duty, and for another text another purchase.
    let terms = Some("purchase, 15.00 USD".to_owned());
    let other = Fulfilment { duty: Duty { terms, ..pay }, ..receipt.clone() };
    assert_eq!(stated(&[other]), against(Reason::UnmetDuty));
    let twins: [(&Preference, &[Fulfilment]); 2] = [(&preference, &[receipt]), (&preference, &[])];
    assert_eq!(preferences(&twins, &ask).all, against(Reason::UnmetDuty));
}

#[test]
fn each_usage_goes_to_its_leaves() {
    use Action::{Index, InferInput, Search, TrainGenerative, TrainNongenerative};
    for (usage, granted, left_open) in [
        ("ai-train", vec![TrainGenerative, TrainNongenerative], vec![]),
        ("ai-input", vec![InferInput], vec![]),
        ("ai-index", vec![], vec![Index]),
        ("search", vec![Search], vec![Index]),
        ("search ai-index", vec![Index, Search], vec![]),
        ("ai-all", data_mine().into_iter().collect(), vec![Index]),
        ("ai-all\n\tsearch", data_mine().into_iter().chain([Index, Search]).collect(), vec![]),
        ("all", data_mine().into_iter().chain([Index, Search]).collect(), vec![]),
    ] {
        let (yes, no) = (licence(&permits(usage)), licence(&prohibits(usage)));
        for leaf in Action::Use.leaves() {
            let stated = says(&yes, leaf);
            let is_mentioned = granted.contains(&leaf) || left_open.contains(&leaf);
            let in_vocabulary = Action::DataMine.leaves().chain([Index, Search]).any(|a| a == leaf);
            match stated {
                Stated::For(_) => assert!(granted.contains(&leaf), "{usage} {leaf}"),
                Stated::Silent => {
                    assert!(left_open.contains(&leaf) || !in_vocabulary, "{usage} {leaf}");
                }
                other => {
                    assert_eq!(other, unlisted(), "{usage} {leaf}");
                    assert!(in_vocabulary && !is_mentioned, "{usage} {leaf}");
                }
            }
            let expected = if is_mentioned { against(Reason::Prohibited) } else { Stated::Silent };
            assert_eq!(says(&no, leaf), expected, "{usage} {leaf}");
        }
    }
}

#[test]
fn searching_owes_a_link_unless_everything_is_permitted() {
    let owed = |usage: &str| match says(&licence(&permits(usage)), Action::Search) {
        Stated::For(duties) => duties.iter().map(|duty| duty.kind).collect::<Vec<_>>(),
        other => panic!("{other:?}"),
    };
    assert_eq!(owed("search"), [DutyKind::Attribute]);
    assert_eq!(owed("search ai-all"), [DutyKind::Attribute]);
    assert_eq!(owed("search all"), []);
}

#[test]
fn payments_become_duties_and_conditions() {
    let stated = |payment: &str| says(&licence(&(permits("ai-train") + payment)), Action::Train);
    let free = Stated::For(Duties::NONE);
    for payment in ["", "<payment/>", r#"<payment type="free"/>"#] {
        assert_eq!(stated(payment), free, "{payment}");
    }
    for kind in ["purchase", "subscription", "training", "crawl", "use"] {
        let payment = format!(r#"<payment type="{kind}"/>"#);
        assert_eq!(stated(&payment), against(Reason::UnmetDuty), "{kind}");
    }
    // One receipt shows that what is paid again and again was paid once.
    let paid = |kind: &str| {
        let duty = Duty { terms: Some(kind.to_owned()), ..Duty::new(DutyKind::Pay) };
        let receipt = Fulfilment { duty, party: TRAINER.to_owned(), from: at(T - 1) };
        let stated = licence(&format!(r#"{}<payment type="{kind}"/>"#, permits("ai-train")));
        let ask = Ask { licensee: Some(TRAINER), ..commercial(Action::Train) };
        preferences(&[(&seen(stated), &[receipt])], &ask).all
    };
    for kind in ["purchase", "training"] {
        assert!(matches!(paid(kind), Stated::For(_)), "{kind}");
    }
    for kind in ["subscription", "crawl", "use"] {
        assert_eq!(paid(kind), unclear(Missing::Constraint), "{kind}");
    }
    let credit = Stated::For([Duty::new(DutyKind::Attribute)].into());
    assert_eq!(stated(r#"<payment type="attribution"/>"#), credit);
    let terms = Some("https://a.example/t".to_owned());
    let report = Stated::For([Duty { terms, ..Duty::new(DutyKind::Report) }].into());
    assert_eq!(stated(r#"<reporting type="telemetry" profile="https://a.example/t"/>"#), report);
    for payment in [
        "<payment><custom>https://a.example/ask</custom></payment>",
        r#"<payment><amount currency="USD">1</amount></payment>"#,
        r#"<payment type="free"><amount currency="USD">1</amount></payment>"#,
    ] {
        assert_eq!(stated(payment), against(Reason::UnmetDuty), "{payment}");
    }
    for payment in [
        r#"<payment type="contribution"/>"#,
        r#"<payment type="barter"/>"#,
        r#"<payment type="attribution"><standard>https://a.example/by</standard></payment>"#,
    ] {
        assert_eq!(stated(payment), unclear(Missing::Constraint), "{payment}");
    }
}

/// Whoever prohibits in words that are not understood, or in none, meant to prohibit something.
#[test]
fn prohibitions_that_say_nothing_known_leave_nothing_permitted() {
    for prohibited in ["", " ", "acme:embargoed", "acme:ai-train FR"] {
        for kind in ["geo", "usage", "user"] {
            let said =
                format!(r#"{}<prohibits type="{kind}">{prohibited}</prohibits>"#, permits("all"));
            let train = says(&licence(&said), Action::Train);
            assert!(!matches!(train, Stated::For(_)), "{said}: {train:?}");
        }
    }
    // What is permitted besides in words that are not understood is not permitted, and takes nothing away.
    let more = permits("ai-train acme:dream");
    assert_eq!(says(&licence(&more), Action::Train), Stated::For(Duties::NONE));
}

#[test]
fn a_licence_server_must_be_asked_even_where_nothing_is_paid() {
    let inside = format!("<license>{}</license>", permits("all"));
    let reading =
        read(&format!(r#"<content url="/" server="https://l.example">{inside}</content>"#));
    assert_eq!(says(&reading, Action::Train), against(Reason::UnmetDuty));
    let server = || Some("https://l.example".to_owned());
    let consent = Duty { payee: server(), ..Duty::new(DutyKind::ObtainConsent) };
    assert!(reading.rules.iter().all(|rule| rule.duties == [consent.clone()].into()));

    let inside = permits("ai-train") + r#"<payment type="purchase"/>"#;
    let inside = format!("<license>{inside}</license>");
    let reading =
        read(&format!(r#"<content url="/" server="https://l.example">{inside}</content>"#));
    let terms = Some("purchase".to_owned());
    let pay = Duty { payee: server(), terms, ..Duty::new(DutyKind::Pay) };
    assert!(reading.rules.contains(&Rule::permit(Action::Train.leaves()).duty(pay)));
}

#[test]
fn places_are_evaluated_and_users_are_not() {
    let ask = |code: &str, reading: &Reading| {
        let place = place(code);
        let ask = Ask { processing: Some(place), ..commercial(Action::Train) };
        preferences(&[(&seen(reading.clone()), &[])], &ask).all
    };
    let reading = licence(&(permits("all") + r#"<permits type="geo">US CN</permits>"#));
    assert_eq!(ask("CN-BJ", &reading), Stated::For(Duties::NONE));
    assert_eq!(ask("FR", &reading), against(Reason::Territory));
    let reading = licence(&(permits("all") + r#"<prohibits type="geo">FR</prohibits>"#));
    assert_eq!(ask("CN", &reading), Stated::For(Duties::NONE));
    assert_eq!(ask("FR", &reading), against(Reason::Prohibited));
    for geo in ["EU", "UK", "FR EU", "fr"] {
        for side in ["permits", "prohibits"] {
            let geo = format!(r#"<{side} type="geo">{geo}</{side}>"#);
            let reading = licence(&(permits("all") + &geo));
            assert_eq!(ask("GB", &reading), unclear(Missing::Constraint), "{geo}");
        }
    }
    for side in ["permits", "prohibits"] {
        let user = format!(r#"<{side} type="user">commercial</{side}>"#);
        let reading = licence(&(permits("all") + &user));
        assert_eq!(ask("CN", &reading), unclear(Missing::Constraint), "{user}");
        // Without a usage nothing is permitted, and whom it leaves out is not silence.
        assert_eq!(ask("CN", &licence(&user)), unclear(Missing::Constraint), "{user}");
    }
}

/// RSL-SPEC-1.0 section 3.1.2.
#[test]
fn the_longer_pattern_decides_about_what_it_mentions() {
    let inside = format!(
        r#"<content url="/"><license>{}</license></content>
           <content url="https://PRESS.example/articles/*"><license>{}</license></content>
           <content url="https://other.example/"><license>{}</license></content>"#,
        permits("all"),
        prohibits("ai-train"),
        prohibits("all"),
    );
    let reading = read(&inside);
    assert_eq!(says(&reading, Action::Train), against(Reason::Prohibited));
    assert_eq!(says(&reading, Action::InferInput), Stated::For(Duties::NONE));
    let reading = Reading::rsl(document(&inside).as_bytes(), "https://press.example").unwrap();
    assert_eq!(says(&reading, Action::Train), Stated::For(Duties::NONE));

    // By its path alone nobody can tell whether it is there.
    let refused = Reading::rsl(document(&inside).as_bytes(), "/articles/1");
    let found = "https://PRESS.example/articles/*".to_owned();
    assert_eq!(refused, Err(ReadingError::NoServer { found }));

    let inside = format!(
        r#"<content url="/articles/"><license>{}</license></content>
           <content url="/"><license>{}</license></content>"#,
        permits("ai-train"),
        prohibits("all"),
    );
    let reading = Reading::rsl(document(&inside).as_bytes(), "/articles/1").unwrap();
    assert_eq!(says(&reading, Action::Train), Stated::For(Duties::NONE));
    assert_eq!(says(&reading, Action::Search), against(Reason::Prohibited));
}

#[test]
fn licences_are_alternatives_for_what_they_list() {
    let reading =
        licences([&permits("search"), &(permits("ai-train") + r#"<payment type="training"/>"#)]);
    assert!(matches!(says(&reading, Action::Search), Stated::For(_)));
    assert_eq!(says(&reading, Action::Train), against(Reason::UnmetDuty));
    assert_eq!(says(&reading, Action::InferInput), unlisted());
    // One that lists nothing may permit it.
    let reading = licences([&permits("search"), ""]);
    assert_eq!(says(&reading, Action::InferInput), Stated::Silent);
}

#[test]
fn a_licence_that_is_not_understood_permits_nothing_and_prohibits_all_the_same() {
    let fault = [
        "<permit type=\"usage\">search</permit>",
        "<permits type=\"usage\">search</permits><permits type=\"usage\">search</permits>",
        "<permits type=\"use\">search</permits>",
        "<permits>search</permits>",
        "<permits type=\"usage\"><b/>search</permits>",
        "<payment type=\"free\"/><payment type=\"purchase\"/>",
        "<payment type=\"free\"><price/></payment>",
        "<payment><amount/><amount/></payment>",
        "<reporting type=\"audit\"/>",
    ];
    for fault in fault {
        let reading = licence(&(permits("ai-input") + fault + &prohibits("ai-train")));
        assert!(reading.rules.iter().all(|rule| rule.effect == Effect::Prohibit), "{fault}");
        assert_eq!(says(&reading, Action::Train), against(Reason::Prohibited), "{fault}");
        assert!(!reading.ignored.is_empty(), "{fault}");
    }
}

#[test]
fn who_prohibits_what_nobody_knows_permits_nothing() {
    let reading = licence(&(permits("ai-input") + &prohibits("ai-train ai-outptu")));
    assert_eq!(
        reading.rules,
        [
            prohibit(Action::Train.leaves()),
            prohibit([Action::Evaluate, Action::Index, Action::Search, Action::Synthesize])
                .when(Constraint::new("rsl.usage", "none_of", ["ai-input".to_owned()]),),
        ]
        .into()
    );
    assert_eq!(says(&reading, Action::InferInput), Stated::Silent);
}

/// What a narrower scope says badly, or about a part of a leaf, takes nothing from a wider one.
#[test]
fn a_wider_prohibition_yields_only_to_a_whole_and_sound_permission() {
    let scopes = |narrow: &str| {
        let wide = prohibits("all") + r#"<prohibits type="user">commercial</prohibits>"#;
        read(&format!(
            r#"<content url="/articles/"><license>{narrow}</license></content>
               <content url="/"><license>{wide}</license></content>"#
        ))
    };
    let faulty = scopes(&(permits("all") + "<permit/>"));
    assert_eq!(says(&faulty, Action::Train), against(Reason::Prohibited));
    let part = scopes(&permits("ai-index"));
    assert_eq!(says(&part, Action::Index), against(Reason::Prohibited));
    assert_eq!(says(&part, Action::Train), against(Reason::Prohibited));
    // Whoever it is for decides the permission too.
    let sound = scopes(&permits("ai-train"));
    assert_eq!(says(&sound, Action::Train), unclear(Missing::Constraint));
    assert_eq!(says(&sound, Action::Search), against(Reason::Prohibited));
}

#[test]
fn what_others_added_is_not_interpreted() {
    let reading = licence(&(permits("ai-train x:ai-input ai-inptu") + r#"<y xmlns="urn:y"/>"#));
    assert_eq!(says(&reading, Action::Train), Stated::For(Duties::NONE));
    assert_eq!(says(&reading, Action::InferInput), unlisted());
    let unknown = WhyIgnored::UnknownName;
    assert_eq!(ignored(&reading), [("x:ai-input", unknown), ("ai-inptu", unknown)]);
    let commas = licence(&prohibits("ai-train,ai-input"));
    assert_eq!(says(&commas, Action::InferInput), against(Reason::Prohibited));
    assert_eq!(says(&commas, Action::Train), against(Reason::Prohibited));
}

#[test]
fn what_is_no_rsl_document_says_nothing() {
    let entity = r#"<!DOCTYPE rsl [<!ENTITY u "all">]><rsl xmlns="https://rslstandard.org/rsl"/>"#;
    for text in ["", "<rsl/>", "<rsl xmlns=\"https://rslstandard.org/rsl\">", "\u{0}", entity] {
        let reading = reads(Reading::rsl(text.as_bytes(), ASSET), []);
        assert_eq!(reading.ignored.len(), 1, "{text:?}");
        assert_eq!(reading.ignored[0].why, WhyIgnored::Malformed, "{text:?}");
    }
    let latin = [document("<!--").as_bytes(), b"\xe9"].concat();
    reads(Reading::rsl(&latin, ASSET), []);
    let reading = read("<contents/><content/><content url='x'/><content url='https://*/'/>");
    assert_eq!(reading.rules, BTreeSet::new());
    assert_eq!(
        ignored(&reading),
        ["contents", "content", "x", "https://*/"].map(|text| (text, WhyIgnored::Malformed))
    );
    for found in ["", "press.example/a", "//press.example/a", "://a/", "https:///a"] {
        let error = Reading::rsl(b"", found).unwrap_err();
        assert_eq!(error, ReadingError::NotAnAddress { found: found.to_owned() });
    }
}

#[test]
fn a_byte_order_mark_and_a_declaration_hide_nothing() {
    let inside = format!(r#"<content url="/"><license>{}</license></content>"#, prohibits("all"));
    let text = format!("\u{feff}<?xml version=\"1.0\" encoding=\"UTF-8\"?>{}", document(&inside));
    let reading = Reading::rsl(text.as_bytes(), ASSET).unwrap();
    assert_eq!(says(&reading, Action::Search), against(Reason::Prohibited));
}

#[test]
fn nesting_costs_no_stack_and_nodes_are_counted() {
    let deep = "<a>".repeat(20_000) + &"</a>".repeat(20_000);
    assert_eq!(ignored(&read(&deep)), [("a", WhyIgnored::Malformed)]);
    let text = document(&"<a/>".repeat(70_000));
    let error = Reading::rsl(text.as_bytes(), ASSET).unwrap_err();
    assert_eq!(error, ReadingError::TooIntricate { of: "nodes", limit: 65_536 });
}

#[test]
fn licences_of_ever_other_terms_are_too_many() {
    let one = |index: usize| {
        format!("<license>{}<payment type=\"kind-{index}\"/></license>", permits("all"))
    };
    let licences: String = (0..300).map(one).collect();
    let text = document(&format!("<content url=\"/\">{licences}</content>"));
    let error = Reading::rsl(text.as_bytes(), ASSET).unwrap_err();
    assert_eq!(error, ReadingError::TooManyRules { found: 257, limit: 256 });
}

/// What takes the XML parser time by the square or the cube is refused: what it states is not as if it were not there.
#[test]
fn names_that_the_parser_holds_against_each_other_are_counted() {
    let attributes = |count: usize| {
        let all: Vec<String> = (0..count).map(|index| format!(" a{index:x}=''")).collect();
        let all = all.concat();
        let inside =
            format!("<content url='/'{all}><license>{}</license></content>", prohibits("all"));
        Reading::rsl(document(&inside).as_bytes(), ASSET)
    };
    let intricate = |of, limit| ReadingError::TooIntricate { of, limit };
    // With the address.
    let most = attributes(4_095).unwrap();
    assert_eq!(says(&most, Action::Search), against(Reason::Prohibited));
    for more in [4_096, 100_000] {
        let error = attributes(more).unwrap_err();
        assert_eq!(error, intricate("attributes of an element", 4_096));
    }
    let nested = |count: usize| {
        let open = (0..count).map(|index| format!("<a xmlns:n{index:x}='{index:x}'>"));
        let open = open.collect::<Vec<_>>().concat();
        let inside = open + &"</a>".repeat(count);
        Reading::rsl(document(&inside).as_bytes(), ASSET)
    };
    // With that of the root.
    assert_eq!(ignored(&nested(1_023).unwrap()), [("a", WhyIgnored::Malformed)]);
    for more in [1_024, 40_000] {
        let error = nested(more).unwrap_err();
        assert_eq!(error, intricate("declarations of name spaces", 1_024));
    }
}

#[test]
fn a_content_with_many_licences_is_read_as_far_as_its_rules_are_taken() {
    let server = "s".repeat(8_000);
    let content = |licences: &str| {
        let inside = format!("<content url='/' server='{server}'>{licences}</content>");
        Reading::rsl(document(&inside).as_bytes(), ASSET)
    };
    let empty = content(&"<license/>".repeat(50_000)).unwrap();
    assert_eq!(empty.rules, BTreeSet::new());
    let one = |index: usize| {
        format!("<license>{}<payment type=\"{index:x}\"/></license>", permits("all"))
    };
    let error = content(&(0..8_000).map(one).collect::<String>()).unwrap_err();
    assert_eq!(error, ReadingError::TooManyRules { found: 257, limit: 256 });
}

#[test]
fn a_port_that_the_scheme_has_anyway_changes_no_address() {
    let open = format!(r#"<content url="/"><license>{}</license></content>"#, permits("all"));
    let shut = |url: &str| {
        let terms = prohibits("all");
        format!(r#"{open}<content url="{url}"><license>{terms}</license></content>"#)
    };
    let read = |url: &str, asset: &str| {
        says(&Reading::rsl(document(&shut(url)).as_bytes(), asset).unwrap(), Action::Train)
    };
    for (url, asset) in [
        ("https://press.example:443/articles/", ASSET),
        ("HTTPS://Press.Example:/articles/", ASSET),
        ("https://press.example/articles/", "https://press.example:443/articles/1"),
        ("http://press.example:80/articles/", "http://press.example/articles/1"),
    ] {
        assert_eq!(read(url, asset), against(Reason::Prohibited), "{url} {asset}");
    }
    for url in ["https://press.example:80/articles/", "https://press.example:8443/articles/"] {
        assert_eq!(read(url, ASSET), Stated::For(Duties::NONE), "{url}");
    }
}

/// What is stated of a server by one scheme may be meant for the other.
#[test]
fn the_scheme_of_an_address_tells_no_server_from_another() {
    let open = format!(r#"<content url="/"><license>{}</license></content>"#, permits("all"));
    let shut = |url: &str| {
        let terms = prohibits("ai-train");
        read(&format!(r#"{open}<content url="{url}"><license>{terms}</license></content>"#))
    };
    let reading = shut("http://press.example/articles/");
    assert_eq!(says(&reading, Action::Train), unlisted());
    assert_eq!(ignored(&reading), [("http://press.example/articles/", WhyIgnored::OtherScheme)]);
    for url in ["http://press.example/other/", "http://other.example/articles/"] {
        assert_eq!(says(&shut(url), Action::Train), Stated::For(Duties::NONE), "{url}");
    }
}

/// A prohibition that nobody can place is not as if it were not there.
#[test]
fn licences_in_what_is_not_understood_leave_everything_unclear() {
    let open = format!(r#"<content url="/"><license>{}</license></content>"#, permits("all"));
    let terms = format!("<license>{}</license>", prohibits("ai-train"));
    let inner = terms.replace("license>", "licence>");
    for other in [
        format!("<content>{terms}</content>"),
        format!("<content url='articles/'>{terms}</content>"),
        format!("<content url='//press.example/articles/'>{terms}</content>"),
        format!("<contents url='/'>{terms}</contents>"),
        format!("<content url='/'>{inner}</content>"),
    ] {
        for reading in [read(&(open.clone() + &other)), read(&(other.clone() + &open))] {
            assert_eq!(says(&reading, Action::Train), unlisted(), "{other}");
            assert_eq!(reading.ignored.len(), 1, "{other}");
        }
    }
    // Without licences in it, it is about nothing that is asked.
    for other in ["<content/>", "<contents url='/'><terms>x</terms></contents>"] {
        let reading = read(&(open.clone() + other));
        assert_eq!(says(&reading, Action::Train), Stated::For(Duties::NONE), "{other}");
    }
}
