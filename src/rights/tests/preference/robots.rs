//! `robots.txt`.

use super::*;

fn robots(text: &str, product: &str, path: &str) -> Reading {
    Reading::robots_txt(text.as_bytes(), product, path).unwrap()
}

fn is_disallowed(text: &str, product: &str, path: &str) -> bool {
    robots(text, product, path).rules == [prohibit([Action::Reproduce])].into()
}

fn yes() -> BTreeSet<Rule> {
    [Rule::permit([Action::TrainGenerative])].into()
}

fn no() -> BTreeSet<Rule> {
    [prohibit([Action::TrainGenerative])].into()
}

/// draft-ietf-aipref-attach-05 section 3.4.
const DRAFT: &str = "\
User-Agent: *
Allow: /
Disallow: /never/
Content-Usage: train-ai=n
Content-Usage: /ai-ok/ train-ai=y

User-Agent: ExampleBot
Allow: /
Content-Usage: train-ai=y
";

#[test]
fn the_example_of_the_draft_reads_as_its_table_says() {
    assert_eq!(robots(DRAFT, "OtherBot", "/test").rules, no());
    assert!(is_disallowed(DRAFT, "OtherBot", "/never/test"));
    assert_eq!(robots(DRAFT, "OtherBot", "/ai-ok/test").rules, yes());
    for path in ["/test", "/never/test", "/ai-ok/test"] {
        assert_eq!(robots(DRAFT, "examplebot", path).rules, yes());
    }
}

/// RFC 9309 section 2.2.1.
#[test]
fn the_groups_of_a_product_count_together_and_without_those_for_all() {
    let text = "User-agent: *\nDisallow: /all\n\n\
        User-agent: a-bot\nUser-Agent : B-Bot/2.0\nDisallow: /one\n\
        Sitemap: /map\nuser-agent: a-BOT\nDISALLOW : /two # and more\n";
    for (product, path, disallowed) in [
        ("a-bot", "/one", true),
        ("a-bot", "/two", true),
        ("a-bot", "/all", false),
        ("b-bot", "/one", true),
        ("b-bot", "/two", false),
        ("a-bo", "/one", false),
        ("a-bo", "/all", true),
        ("a-bot-news", "/all", true),
    ] {
        assert_eq!(is_disallowed(text, product, path), disallowed, "{product} {path}");
    }
    assert!(!is_disallowed("Disallow: /", "a", "/"), "rules before every group");
    assert!(!is_disallowed("User-agent: *a\nDisallow: /", "b", "/"), "no pattern of products");
    assert!(is_disallowed("User-agent: * all\nDisallow: /", "b", "/"));
    assert!(!is_disallowed("User-agent: a\n\nUser-agent: *\nDisallow:\n", "a", "/"));
    assert!(is_disallowed("\u{feff}user-agent:*\r\ndisallow:/\r", "a", "/"));
}

/// RFC 9309 section 2.2.2.
#[test]
fn the_longest_pattern_decides_and_allow_where_two_are_as_long() {
    let text = "User-agent: *\nAllow: /example/page/\nDisallow: /example/page/disallowed.gif\n\
        Allow: /same\nDisallow: /same\nDisallow: /robots.txt\n";
    for (path, disallowed) in [
        ("/example/page/", false),
        ("/example/page/disallowed.gif", true),
        ("/example/page/disallowed.gif?x", true),
        ("/same", false),
        ("/other", false),
        ("/robots.txt", false),
        ("/robots.txts", true),
    ] {
        assert_eq!(is_disallowed(text, "a", path), disallowed, "{path}");
    }
}

/// RFC 9309 sections 2.2.2 and 2.2.3.
#[test]
fn patterns_have_wildcards_and_match_octets_however_they_are_encoded() {
    for (pattern, path, matches) in [
        ("/", "/x", true),
        ("/fish", "/fishheads/yummy.html", true),
        ("/fish", "/Fish.asp", false),
        ("/fish", "/catfish", false),
        ("/fish*", "/fish", true),
        ("/*.php", "/folder/a.php?p", true),
        ("/*.php", "/windows.PHP", false),
        ("/*.php$", "/a.php", true),
        ("/*.php$", "/a.php.php", true),
        ("/*.php$", "/a.php5", false),
        ("/fish*.php", "/fishheads/catfish.php?id", true),
        ("/fish*.php", "/fish/no", false),
        ("/a$", "/a", true),
        ("/a$", "/ab", false),
        ("/a$b", "/a$b", true),
        ("/a*a$", "/a", false),
        ("/a*a$", "/aa", true),
        ("/a*b*c", "/axbxbxc", true),
        ("/**$", "/x", true),
        ("*/x", "/y/x", true),
        ("/foo/bar/%E3%83%84", "/foo/bar/\u{30c4}", true),
        ("/foo/bar/\u{30c4}", "/foo/bar/%e3%83%84", true),
        ("/foo/bar/%62%61%7A", "/foo/bar/baz", true),
        ("/path/file-with-a-%2A.html", "/path/file-with-a-*.html", true),
        ("/path/file-with-a-%2A.html", "/path/file-with-a-b.html", false),
        ("/path/foo-%24", "/path/foo-$", true),
        ("/a%2Fb", "/a/b", false),
        ("/a%zz", "/a%zz", true),
        ("/a", "/a#b", true),
        ("/a#b", "/a", true),
        ("/x y", "/x%20y", true),
    ] {
        let text = format!("User-agent: *\nDisallow: {pattern}\n");
        assert_eq!(is_disallowed(&text, "a", path), matches, "{pattern} {path}");
    }
}

/// Whether `pattern` matches a beginning of `path`, tried at every place.
fn slow(pattern: &[u8], path: &[u8]) -> bool {
    match pattern.split_first() {
        None => true,
        Some((b'$', [])) => path.is_empty(),
        Some((b'*', rest)) => (0..=path.len()).any(|at| slow(rest, &path[at..])),
        Some((byte, rest)) => path.first() == Some(byte) && slow(rest, &path[1..]),
    }
}

proptest::proptest! {
    #[test]
    fn wildcards_match_as_trying_every_place_does(pattern in "/[ab/*]{0,8}[$]?", path in "/[ab/]{0,8}") {
        let text = format!("User-agent: *\nDisallow: {pattern}\n");
        let matches = slow(pattern.as_bytes(), path.as_bytes());
        proptest::prop_assert_eq!(is_disallowed(&text, "a", &path), matches);
    }
}

#[test]
fn rules_of_one_pattern_that_differ_all_count() {
    let text = "User-agent: *\nContent-Usage: /a train-ai=y\nContent-Usage: /a train-ai=n\n\
        Content-Usage: /a/b search=n\n";
    let reading = robots(text, "a", "/a");
    assert_eq!(reading.rules, yes().union(&no()).cloned().collect());
    assert_eq!(says(&reading, Action::TrainGenerative), against(Reason::Prohibited));
    let longer = robots(text, "a", "/a/b");
    assert_eq!(longer.rules, [prohibit([Action::Index, Action::Search])].into());
    assert_eq!(says(&longer, Action::TrainGenerative), Stated::Silent);
}

#[test]
fn a_rule_that_is_malformed_says_nothing_and_leaves_the_others() {
    let text = "User-agent: *\nDisallow: nowhere\nContent-Usage: Train-AI=n\n\
        Content-Usage: search=n\nContent-Usage: /a\nContent-Usage train-ai=y\n";
    let reading = robots(text, "a", "/x");
    assert_eq!(reading.rules, [prohibit([Action::Index, Action::Search])].into());
    let malformed = WhyIgnored::Malformed;
    assert_eq!(ignored(&reading), [("nowhere", malformed), ("Train-AI=n", malformed)]);
}

#[test]
fn an_address_is_short_for_every_pattern_is_looked_for_in_it() {
    let (found, limit) = (8_193, 8_192);
    let path = format!("/{}", "a".repeat(limit));
    let refused = Err(ReadingError::TooLong { found, limit });
    assert_eq!(Reading::robots_txt(b"", "a", &path), refused);
    assert_eq!(Reading::tdmrep_json(b"[]", &path), refused);
    assert_eq!(Reading::rsl(b"", &path), refused);
    assert!(Reading::robots_txt(b"", "a", &path[1..].replacen('a', "/", 1)).is_ok());
}

#[test]
fn what_is_no_product_token_or_no_path_is_refused() {
    for found in ["", "ExampleBot/2.0", "*", "b\u{f6}t", "a bot"] {
        let error = Reading::robots_txt(b"", found, "/").unwrap_err();
        assert_eq!(error, ReadingError::NotAProduct { found: found.to_owned() });
    }
    for found in ["", "x", "#/"] {
        let error = Reading::robots_txt(b"", "a", found).unwrap_err();
        assert_eq!(error, ReadingError::NotAPath { found: found.to_owned() });
    }
}
