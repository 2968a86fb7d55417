//! SPDX expressions as a rights holder may sign them: what a licence makes of any text.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use datadeed::key::{Signer as _, SigningKey};
use datadeed::lineage::{Activity, ActivityKind};
use datadeed::proof::LineageProof;
use datadeed::rights::{Action, Licence, Missing, Purpose, Reason, Use, Verdict};
use datadeed::statement::{Issuer, Payload as _, Signed};
use datadeed::trust::{Anchor, Role, Status, TrustStore};
use datadeed::verify::Verifier;
use datadeed::{ManifestId, Timestamp};

/// Reading the data, passing it on, passing on what was made of it.
const ACTIONS: [Action; 3] = [Action::DataMine, Action::Distribute, Action::DistributeDerived];

/// One verdict for each of [`ACTIONS`].
type Verdicts = [Verdict; 3];

struct Setting {
    holder: Issuer<SigningKey>,
    trust: TrustStore,
    status: Status,
    collect: Signed<Activity>,
}

fn corpus() -> ManifestId {
    ManifestId::from_bytes([1; 32])
}

static SETTING: LazyLock<Setting> = LazyLock::new(|| {
    let (iss, key) = ("did:web:holder.example", SigningKey::from_seed(&[7; 32]));
    let anchor = Anchor::new(iss, key.public_key(), [Role::Collector, Role::RightsHolder]);
    let holder = Issuer::new(iss, key);
    let collect = Activity::new(ActivityKind::Collect).output(corpus(), []);
    Setting {
        collect: collect.sign(&holder, Timestamp::MIN).expect("a sound activity"),
        holder,
        trust: TrustStore::new([anchor]),
        status: Status::new(Timestamp::MIN),
    }
});

/// Whether `data` is one line whose text a licence may hold and the SPDX parser accepts.
///
/// What such an expression permits is what its parts permit, put together by
/// the parser's own evaluation; what it does not accept permits nothing.
pub(crate) fn accepts(data: &[u8]) -> bool {
    let Some(text) = str::from_utf8(data).ok().and_then(|text| text.strip_suffix('\n')) else {
        return false;
    };
    let Some(verdicts) = verdicts_of(text) else { return false };
    let parsed = spdx::Expression::parse_mode(text, spdx::ParseMode::STRICT).ok();
    let Some(parsed) = parsed.filter(|_| !matches!(text, "NONE" | "NOASSERTION")) else {
        assert!(verdicts.iter().all(|verdict| !is_permit(verdict)), "{text:?}: {verdicts:?}");
        return false;
    };
    let parts: BTreeSet<String> =
        parsed.requirements().map(|requirement| requirement.req.to_string()).collect();
    // A part is no longer than the whole, except where the parser spells it anew.
    let parts = parts.into_iter().map(|part| verdicts_of(&part).map(|verdicts| (part, verdicts)));
    let Some(parts): Option<BTreeMap<String, Verdicts>> = parts.collect() else { return true };
    for (index, verdict) in verdicts.iter().enumerate() {
        let together = parsed.evaluate(|requirement| {
            parts.get(&requirement.to_string()).is_some_and(|verdicts| is_permit(&verdicts[index]))
        });
        assert_eq!(
            is_permit(verdict) || is_conflict(verdict),
            together,
            "{text:?} {:?}: {verdict}",
            ACTIONS[index]
        );
    }
    true
}

fn is_permit(verdict: &Verdict) -> bool {
    matches!(verdict, Verdict::Permit { .. })
}

/// Every part permits, and no one licence fulfils the duties of all.
fn is_conflict(verdict: &Verdict) -> bool {
    matches!(verdict, Verdict::Deny { reasons }
        if reasons.iter().all(|ground| ground.code == Reason::ShareAlikeConflict))
}

/// What a licence with this text allows; `None` where nobody can sign it.
fn verdicts_of(text: &str) -> Option<Verdicts> {
    let setting = &*SETTING;
    let licence = Licence::granted_spdx(corpus(), text);
    let licence = licence.sign(&setting.holder, Timestamp::MIN).ok()?;
    let proof = LineageProof::builder(corpus()).statement(setting.collect.clone());
    let proof = proof.statement(licence).build().expect("about the corpus").to_bytes();
    let lineage = Verifier::new(&setting.trust, Timestamp::MIN)
        .known_events(&setting.status)
        .verify(&proof, corpus())
        .expect("signed before");
    Some(ACTIONS.map(|action| {
        let intended = Use::new(action).purpose(Purpose::NonCommercial).at(Timestamp::MIN);
        let verdict = lineage.rights(&intended);
        if let Verdict::Unknown { missing } = &verdict {
            assert!(missing.iter().all(|ground| ground.code == Missing::Licence), "{verdict}");
        }
        verdict
    }))
}
