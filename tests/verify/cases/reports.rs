//! What reports say of licences, deals and preferences.

use datadeed::report::{Language, Report};
use datadeed::rights::{DeliveryMethod, Duty, DutyKind, Transaction};

use super::*;
use crate::story::revocation;

fn page(case: &Case, ask: Use) -> String {
    Report::new(&case.verify()).ask("asked", ask).markdown(Language::English)
}

/// The rows of a table whose cells hold all of this.
fn rows<'a>(page: &'a str, of: &[&str]) -> Vec<&'a str> {
    let holds = |line: &&str| line.starts_with('|') && of.iter().all(|part| line.contains(part));
    page.lines().filter(holds).collect()
}

#[test]
fn what_nobody_can_take_back_has_not_ended() {
    let train = || Rule::permit([Action::Train]);
    for (revocable, word) in [(true, "ended"), (false, "counts")] {
        let licence = Licence::granted(manifest("source"), [train()]);
        let licence = but(licence, |one| one.revocable = revocable);
        let licence = licence.sign(&issuer("supplier"), day(0)).unwrap();
        let case = Case::source([licence.clone().into()])
            .recorded("supplier", &revocation(licence.id(), day(12)));
        assert_eq!(case.verify().ended_at(licence.id()), revocable.then(|| day(12)));
        let page = page(&case, commercial(Action::Train));
        let row = rows(&page, &["negotiated", "supplier", word]);
        assert_eq!(row.len(), 1, "{page}");
        assert_eq!(page.contains("withdrawal-ignored"), !revocable);
    }
}

/// Of several statements about one dataset, one dataset is told.
#[test]
fn datasets_are_counted_and_not_statements() {
    let own = |action| granted("supplier", [Rule::permit([action])]);
    let case = Case::source([own(Action::Train).into(), own(Action::Search).into()]);
    let page = page(&case, commercial(Action::Train));
    assert_eq!(rows(&page, &["negotiated", "supplier"]).len(), 2, "{page}");
    assert!(!page.contains("2 datasets"), "{page}");
}

#[test]
fn duties_without_a_payee_are_owed_to_whoever_asks_them() {
    let [seller, buyer, exchange] = ["seller", "buyer", "exchange"].map(iss);
    let parties = [seller.as_str(), &buyer, &exchange];
    let method = DeliveryMethod::Download;
    let deal = Transaction::new("T-1", manifest("source"), parties, method);
    let rule = Rule::permit([Action::Train]).duty(Duty::new(DutyKind::Report));
    let deal = but(deal, |deal| deal.rules = [rule].into());
    let signed = ["seller", "buyer", "exchange"].map(|by| deal.sign(&issuer(by), day(3)).unwrap());
    let trust = but_for("seller", &[Role::RightsHolder]);
    let case = signed.into_iter().fold(Case::source([]), Case::with);
    let case = Case { trust, ..case };
    let report = page(&case, commercial(Action::Train).party(&buyer));
    assert_eq!(rows(&report, &["seller.example", "`report`"]).len(), 1, "{report}");
    let stated = stated(
        Reading::rsl(
            br#"<rsl xmlns="https://rslstandard.org/rsl"><content url="/"><license>
                <permits type="usage">ai-train</permits><payment type="attribution"/>
                </license></content></rsl>"#,
            "/source",
        )
        .unwrap(),
    );
    let report = page(&Case::source([stated.into()]), commercial(Action::Train));
    let by = "publisher of";
    assert_eq!(rows(&report, &[by]).len(), 1, "{report}");
}
