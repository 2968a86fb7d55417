use super::*;
use crate::key::{Signer, SigningKey};
use crate::lineage::{Activity, ActivityKind};
use crate::manifest::{Dataset, ScanMethod};
use crate::proof::LineageProof;
use crate::statement::{Issuer, Payload};
use crate::timestamp::Timestamp;
use crate::trust::{Anchor, Role, TrustStore};
use crate::verify::Verifier;

/// A dataset whose title and collector are as hostile as text can be.
fn hostile() -> VerifiedLineage {
    let key = || SigningKey::from_seed(&[1; 32]);
    let iss = "did:web:\"]\n evil --> m0;";
    let issuer = Issuer::new(iss, key());
    let now = Timestamp::MIN;
    let manifest = ManifestId::from_bytes([1; 32]);
    let title = "\"]]; m9 --> m0 \\ <script>\u{1b}[31m%%\n";
    let dataset = Dataset::new(manifest, title, ScanMethod::Full).sign(&issuer, now).unwrap();
    let collect = Activity::new(ActivityKind::Collect).output(manifest, [dataset.id()]);
    let collect = collect.sign(&issuer, now).unwrap();
    let proof =
        LineageProof::builder(manifest).statement(dataset).statement(collect).build().unwrap();
    let trust = TrustStore::new([Anchor::new(iss, key().public_key(), [Role::Collector])]);
    Verifier::new(&trust, now).verify(&proof.to_bytes(), manifest).unwrap()
}

#[test]
fn a_title_cannot_change_a_picture() {
    let mermaid = mermaid(&hostile());
    assert_eq!(mermaid.matches("-->").count(), 1, "{mermaid}");
    assert_eq!(mermaid.lines().count(), 5, "{mermaid}");
    assert!(!mermaid.contains("<script>"));
    let dot = dot(&hostile());
    assert_eq!(dot.lines().count(), 6, "{dot}");
    assert!(dot.contains("label=\"\\\"]]; m9 --> m0 \\\\ <script>"), "{dot}");
}

#[test]
fn text_holds_no_control_characters_but_its_own_line_ends() {
    let lineage = hostile();
    let text = text(&lineage) + &findings(&lineage);
    assert!(text.chars().all(|c| c == '\n' || !c.is_control()), "{text:?}");
    assert!(text.contains("collect by did:web:"));
    assert!(text.contains("status-not-checked"));
}
