//! Licences as the tools grant them, and what they come to.

use super::*;

#[test]
fn what_a_model_earns_is_shared_by_its_verdict() {
    let desk = Desk::complete();
    let share = format!("{VERIFY} --amount 1000001");
    let text = desk.ends(0, "shared: 25000 retained: 975001 withheld: 0", "share", &share);
    let supplier = |line: &String| line.contains("did:web:supplier.example  25000");
    assert!(text.lines.iter().any(supplier), "{text:?}");
    let pooled = format!("{share} --pool did:web:pool.example=100 --language zh");
    let text = desk.ends(0, "shared: 35000 retained: 965001 withheld: 0", "share", &pooled);
    assert!(text.lines.iter().any(|line| line.contains("补偿金池")), "{text:?}");
    for (name, begins) in [("s.html", "<!DOCTYPE html>"), ("s.json", "{"), ("s.md", "# ")] {
        desk.ends(0, "shared: ", "share", &format!("{share} --report {name}"));
        assert!(fs::read_to_string(desk.path(name)).unwrap().starts_with(begins), "{name}");
    }
    // More than there is; a use that is not permitted; an amount that is none.
    let all = format!("{share} --pool did:web:pool.example=9751");
    desk.ends(0, "shared: 0 retained: 0 withheld: 1000001", "share", &all);
    desk.ends(1, "verdict: deny", "share", &format!("{share} --in US"));
    for misuse in ["--amount -1", "--amount 1 --pool x", "--amount 1 --bound x=y", ""] {
        desk.ends(2, "", "share", &format!("{VERIFY} {misuse}"));
    }
}

#[test]
fn an_observed_licence_counts_from_a_collector() {
    let desk = Desk::complete();
    fs::write(desk.path("LICENSE"), "text").unwrap();
    let seen = "raw.manifest --spdx CC-BY-4.0 --seen https://data.example/raw --text LICENSE";
    desk.sign("supplier", "grant", seen, "seen.cose");
    desk.done("join", &words("raw.manifest raw.cose collected.cose seen.cose --out seen.deed"));
    let ask = "seen.deed --of raw.manifest --trust trust.cbor --at 2026-11-20 --action distribute";
    desk.ends(0, "verdict: permit", "verify", ask);
}

#[test]
fn a_licence_says_what_is_paid_first_and_what_is_shared_within_bounds() {
    let desk = Desk::complete();
    let supplier = "did:web:supplier.example";
    let share = format!("--share {supplier}=250,floor=30000,ceiling=90000,currency=CNY");
    let of = |name: &str, duties: &str| {
        let (licence, deed) = (format!("{name}.cose"), format!("{name}.deed"));
        desk.sign("supplier", "grant", &format!("raw.manifest --permit train {duties}"), &licence);
        desk.done(
            "join",
            &words(&format!("raw.manifest raw.cose collected.cose {licence} --out {deed}")),
        );
        format!("{deed} --of raw.manifest --trust trust.cbor --at 2026-11-20 --action train")
    };
    let bounded = format!("{} --currency CNY", of("bounded", &share));
    for (amount, shared) in [(1_000_000, 30_000), (2_000_000, 50_000), (4_000_000, 90_000)] {
        let sums = format!("shared: {shared} retained: {} withheld: 0", amount - shared);
        desk.ends(0, &sums, "share", &format!("{bounded} --amount {amount}"));
    }
    let paid = of("paid", &format!("--pay {supplier}=500,currency=CNY"));
    desk.ends(0, "verdict: deny unmet-duty", "verify", &paid);
    for duty in ["--share a", "--share a=b", "--share a=1,b=2", "--share a=1,floor=x", "--pay a=1"]
    {
        let terms =
            format!("raw.manifest --permit train {duty} --key supplier.pem --iss {supplier}");
        desk.ends(2, "", "grant", &format!("{terms} --at 2026-11-02 --out refused.cose"));
        assert!(!desk.path("refused.cose").exists(), "{duty}");
    }
}
