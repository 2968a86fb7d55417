//! Every sound vector: its bytes, what it shows, and what anybody can compute from it.

use std::io::Cursor;

use datadeed::attach::safetensors::{Model, read};
use datadeed::key::{PublicKey, Signer as _, SigningKey};
use datadeed::proof::{LineageProof, Statement};
use datadeed::rights::{Action, Purpose, Use};
use datadeed::statement::StatementError;
use datadeed::trust::{Equivocation, Status, TrustRoot, TrustState, TrustStore};
use datadeed::verify::{FindingCode, Verifier};
use datadeed::{KeyId, ManifestId, StatementId};
use serde_json::{Value, json};

use crate::oracle::{cose_key, hex, role_hash, sha256, sig_structure};
use crate::{
    annotate, evidence, log, manifest_files, manifests, partial_files, proofs, pruned_trees,
    records, statement, statements, trust, verify,
};

/// One file of `v1` with its entry in the index.
pub(crate) struct Vector {
    /// Folder and file name, without extension.
    pub(crate) name: String,
    pub(crate) extension: &'static str,
    pub(crate) bytes: Vec<u8>,
    pub(crate) annotated: String,
    pub(crate) shows: &'static str,
    /// An object with whatever the bytes imply.
    pub(crate) facts: Value,
}

impl Vector {
    pub(crate) fn cbor(
        folder: &str,
        name: &str,
        of: &'static str,
        bytes: Vec<u8>,
        shows: &'static str,
        facts: Value,
    ) -> Self {
        let annotated = annotate::item(of, &bytes);
        let name = format!("{folder}/{name}");
        Self { name, extension: "cbor", bytes, annotated, shows, facts }
    }
}

pub(crate) fn all() -> Vec<Vector> {
    let mut vectors = keys();
    vectors.extend(signed_statements());
    vectors.extend(to_be_signed());
    vectors.extend(manifests::vectors());
    vectors.extend(manifest_files::vectors());
    vectors.extend(records::vectors());
    vectors.extend(partial_files::vectors());
    vectors.extend(pruned_trees::vectors());
    vectors.extend(evidence::vectors());
    vectors.extend(lineage_proofs());
    vectors.extend(log::vectors());
    vectors.extend(trust_files());
    vectors.extend(trust_roots());
    vectors.extend(trust_states());
    vectors.extend(equivocations());
    vectors.extend(status_files());
    vectors.extend(models());
    vectors
}

fn key() -> SigningKey {
    SigningKey::from_seed(&statement::SEED)
}

fn keys() -> Vec<Vector> {
    let public = key().public_key();
    let bytes = public.as_bytes().to_vec();
    assert_eq!(PublicKey::from_bytes(*public.as_bytes()), Ok(public));
    let preimage = cose_key(public.as_bytes());
    assert_eq!(KeyId::from_bytes(sha256(&preimage)), public.id());
    let facts = json!({
        "seed": hex(&statement::SEED),
        "public_key": public.to_string(),
        "key_id": public.id().to_string(),
    });
    vec![
        Vector {
            name: "key/public-key".into(),
            extension: "bin",
            annotated: annotate::public_key(&bytes),
            bytes,
            shows: "The public key that the statements of the folder `statement` verify with; `seed` is its secret key",
            facts: facts.clone(),
        },
        Vector::cbor(
            "key",
            "thumbprint-preimage",
            "CoseKey",
            preimage,
            "The COSE_Key whose SHA-256 is the key id (RFC 9679)",
            facts,
        ),
    ]
}

fn signed_statements() -> Vec<Vector> {
    let statements = statements::statement().into_iter();
    statements
        .map(|(name, bytes)| {
            let statement = Statement::decode(&bytes).unwrap();
            assert_eq!(statement.as_bytes(), bytes, "{name}");
            assert!(statement::accepts(&bytes), "{name} is not what its encoder writes");
            let signed = if statement.is_signed() { Ok(()) } else { Err(StatementError::Unsigned) };
            assert_eq!(statement.check_signature(&key().public_key()), signed, "{name}");
            let computed = role_hash("statement", &sig_structure(&bytes));
            assert_eq!(statement.id(), StatementId::from_bytes(computed), "{name}");
            let header = statement.header();
            let facts = json!({
                "kind": header.kind.code(),
                "statement_id": statement.id().to_string(),
                "key_id": header.key.to_string(),
                "issuer": header.issuer,
                "subject": header.subject.to_string(),
                "issued_at": header.issued_at.to_string(),
            });
            Vector::cbor("statement", name, "Statement", bytes, statement_shows(name), facts)
        })
        .collect()
}

fn statement_shows(name: &str) -> &'static str {
    match name {
        "activity-eddsa" => "`activity-least` under algorithm -8: another header, so another id",
        "activity-fine-tune" => "A fine-tuning with its base model",
        "activity-full" => "An activity with every field, undisclosed inputs and two relations",
        "activity-least" => "An activity with the required fields alone: a collection",
        "assessment-audit" => "An audit of a manifest: both trees were computed again",
        "assessment-full" => "A valuation with every field that one can have",
        "assessment-least" => "An assessment with the required fields alone: of quality, passed",
        "batch-least" => "A batch of two statements, one of them `dataset-unsigned`",
        "consent-full" => "A basis of processing personal information with every field",
        "consent-least" => "A consent with the required fields alone",
        "dataset-eddsa" => "`dataset-least` under algorithm -8: another header, so another id",
        "dataset-full" => "A dataset statement with every field",
        "dataset-later" => "Number 1 about its manifest, which names its predecessor",
        "dataset-least" => "A dataset statement with the required fields alone",
        "dataset-unsigned" => {
            "`dataset-least` without a signature, as the member of a batch: the same id"
        }
        "delegation-eddsa" => {
            "`delegation-least` under algorithm -8: another header, so another id"
        }
        "delegation-full" => "A delegation with every field, which may be delegated on two levels",
        "delegation-least" => {
            "A delegation with the required fields alone: of a role, without term"
        }
        "event-eddsa" => "`event-least` under algorithm -8: another header, so another id",
        "event-asset-entry" => "A registered dataset is booked as an asset",
        "event-breach" => "Somebody broke the terms of a licence",
        "event-cancellation" => "A registration is struck off",
        "event-cross-border" => "Data were provided abroad",
        "event-cure" => {
            "A breach was remedied; its target is the event that says that there was one"
        }
        "event-dispute" => "A dispute about a statement is accepted",
        "event-fulfilment" => "A payment was received; its issuer is the payee",
        "event-full" => "A transfer to two claimants, with every field that one can have",
        "event-key-revocation" => "A key is revoked, by itself",
        "event-licence-filing" => "A licence was filed with the registrar",
        "event-objection" => "An objection to a statement",
        "event-pledge" => "A title was pledged for an amount",
        "event-release" => "A pledge is over; its target is the event that says that there was one",
        "event-settlement" => "A dispute is over; its target is the event that accepted it",
        "event-least" => "An event with the required fields alone: a revocation",
        "licence-eddsa" => "`licence-least` under algorithm -8: another header, so another id",
        "licence-full" => "A licence by rules, with every field, constraint and duty",
        "licence-least" => "A licence with the required fields alone, by an SPDX expression",
        "licence-observed" => "A public licence as a collector saw it",
        "preference-full" => "A preference with rules",
        "preference-least" => "A preference that states nothing: somebody looked",
        "registration-eddsa" => {
            "`registration-least` under algorithm -8: another header, so another id"
        }
        "registration-full" => {
            "A registration with every field, a joint registrant and free form fields"
        }
        "registration-least" => "A registration with the required fields alone",
        "transaction-full" => "A deal with every field",
        "transaction-least" => "A deal with the required fields alone",
        other => panic!("nobody says what {other} shows"),
    }
}

fn to_be_signed() -> Vec<Vector> {
    let statements = statements::statement().into_iter();
    statements
        .filter(|(name, _)| *name == "dataset-least")
        .map(|(name, bytes)| {
            let preimage = sig_structure(&bytes);
            let facts = json!({
                "statement": format!("statement/{name}"),
                "statement_id": Statement::decode(&bytes).unwrap().id().to_string(),
            });
            let shows =
                "The Sig_structure of that statement: what is signed, and the preimage of its id";
            Vector::cbor("to-be-signed", name, "SigStructure", preimage, shows, facts)
        })
        .collect()
}

fn lineage_proofs() -> Vec<Vector> {
    let proofs = proofs::proofs().into_iter();
    proofs
        .map(|(name, bytes)| {
            let proof = LineageProof::decode(&bytes).unwrap();
            assert_eq!(proof.to_bytes(), bytes, "{name}");
            assert!(verify::accepts(&bytes), "{name} does not verify");
            let shows = match name {
                "batch" => "The story with the collector's part unsigned, and a batch that names it and nothing else",
                "batch-part" => "The same with a batch that names a fourth statement, and what is opened of its tree",
                "contested" => "A registration by which another grants, a revoked licence, a signer nobody knows",
                "events" => "A title that is transferred, objected to and in a dispute that is settled, and a revoked key",
                "empty" => "Nothing but a subject: rests on nothing, so its rights are unknown",
                "evidence" => "The story with evidence that the corpus is a subset of its source",
                "logged" => "The story with a receipt of the training, and a checkpoint that a witness cosigned",
                "story" => "A source collected and observed, cleaned, licensed, and a model trained on it",
                other => panic!("nobody says what {other} shows"),
            };
            let ids = |id: &Statement| id.id().to_string();
            let facts = json!({
                "subject": proof.subject().to_string(),
                "statement_ids": proof.statements().iter().map(ids).collect::<Vec<_>>(),
                "key_ids": proof.keys().iter().map(|key| key.id().to_string()).collect::<Vec<_>>(),
                "verified": judged(&bytes, verify::weights()),
            });
            Vector::cbor("proof", name, "LineageProof", bytes, shows, facts)
        })
        .collect()
}

/// What the verifier says on day 20, with the trust and the status of the story.
fn judged(proof: &[u8], subject: ManifestId) -> Value {
    let (trust, status, now) = (verify::trust(), verify::status(), verify::day(20));
    let verifier = Verifier::new(&trust, now).known_events(&status);
    let lineage = verifier.verify(proof, subject).unwrap();
    let is_of_relations =
        |code| matches!(code, FindingCode::RelationAsserted | FindingCode::RelationProven);
    let relations = lineage.findings().iter().filter(|finding| is_of_relations(finding.code));
    let relations: Vec<Value> = relations
        .map(|finding| json!({"relation": finding.detail, "finding": finding.code.code()}))
        .collect();
    let ask = |action: Action, purpose: Purpose| {
        let verdict = lineage.rights(&Use::new(action).purpose(purpose).at(now)).to_string();
        json!({"action": action.code(), "purpose": purpose.code(), "verdict": verdict})
    };
    json!({
        "trust": "trust/story",
        "status": "status/story",
        "at": now.to_string(),
        "relations": relations,
        "uses": [
            ask(Action::DistributeModel, Purpose::Commercial),
            ask(Action::ServeOutputs, Purpose::Research),
        ],
    })
}

fn trust_files() -> Vec<Vector> {
    trust::trust_store()
        .into_iter()
        .map(|(name, bytes)| {
            let shows = match name {
                "bounded" => "Anchors of every role, a registrar of some schemes and places, bounds on delegation",
                "none" => "A trust file without anchors: nobody is believed",
                "story" => "Whom the verifier of the story believes: scopes and a term among them",
                other => panic!("nobody says what {other} shows"),
            };
            let trust = TrustStore::decode(&bytes).unwrap();
            assert_eq!(trust.to_bytes(), bytes, "{name}");
            let anchors: Vec<Value> = trust
                .anchors()
                .map(|anchor| json!({"iss": anchor.iss, "key_id": anchor.key.id().to_string()}))
                .collect();
            Vector::cbor("trust", name, "TrustFile", bytes, shows, json!({"anchors": anchors}))
        })
        .collect()
}

fn trust_roots() -> Vec<Vector> {
    let seeds = trust::trust_root();
    let first = TrustRoot::pinned(&seeds[0].1).unwrap();
    assert!(first.update([&seeds[1].1], verify::day(1)).is_ok());
    seeds
        .into_iter()
        .map(|(name, bytes)| {
            let shows = match name {
                "first" => "The first version, which a reader pins: two of three keys signed it",
                "second" => {
                    "The version that follows: two keys of the first and its own two signed it"
                }
                other => panic!("nobody says what {other} shows"),
            };
            let root = TrustRoot::pinned(&bytes).unwrap();
            assert_eq!(root.to_bytes(), bytes, "{name}");
            let keys = root.threshold().keys().map(|key| key.id().to_string());
            let facts = json!({
                "version": root.version(),
                "expires": root.expires().to_string(),
                "threshold": root.threshold().needed(),
                "key_ids": keys.collect::<Vec<_>>(),
                "payload_blake3": root.digest().to_string(),
                "prev": root.signed().prev().map(|prev| prev.to_string()),
            });
            Vector::cbor("trust-root", name, "TrustRoot", bytes, shows, facts)
        })
        .collect()
}

fn trust_states() -> Vec<Vector> {
    trust::trust_state()
        .into_iter()
        .map(|(name, bytes)| {
            let shows = match name {
                "full" => {
                    "Two pinned logs, one with its last checkpoint; a chain; the first trust root"
                }
                "new" => "Nothing seen but a time",
                other => panic!("nobody says what {other} shows"),
            };
            let state = TrustState::decode(&bytes).unwrap();
            assert_eq!(state.to_bytes(), bytes, "{name}");
            let logs: Vec<String> = state.logs().map(|log| log.origin().to_string()).collect();
            let facts = json!({"time": state.time().to_string(), "logs": logs});
            Vector::cbor("trust-state", name, "StateFile", bytes, shows, facts)
        })
        .collect()
}

fn equivocations() -> Vec<Vector> {
    trust::equivocation()
        .into_iter()
        .map(|(name, bytes)| {
            let shows = match name {
                "board" => "Two trust roots of version 1, each signed by two of the same three keys",
                "histories" => {
                    "Checkpoints of 3 and 5 entries of one log, and what the larger has of the first 3"
                }
                "issuer" => "Two statements with number 0 about one dataset by one issuer",
                "log" => "Two checkpoints of one log with one entry, and two roots",
                "predecessor" => "Number 0 about one dataset, and number 1, which follows another",
                "rollback" => "Checkpoints of 5 and 3 entries of one log, the smaller a day later",
                other => panic!("nobody says what {other} shows"),
            };
            let found = Equivocation::decode(&bytes).unwrap();
            assert_eq!(found.to_bytes(), bytes, "{name}");
            let ids = found.statements().into_iter().flatten().map(|id| id.to_string());
            let facts = json!({"of": found.name(), "statement_ids": ids.collect::<Vec<_>>()});
            Vector::cbor("equivocation", name, "EquivocationFile", bytes, shows, facts)
        })
        .collect()
}

fn status_files() -> Vec<Vector> {
    let story = "A revocation that the prover left out, and a licence that was seen before it";
    let none = "A status without events: the caller says that he knows of none";
    [("none", Status::new(verify::day(20)), none), ("story", verify::status(), story)]
        .into_iter()
        .map(|(name, status, shows)| {
            let bytes = status.to_bytes();
            assert_eq!(Status::decode(&bytes), Ok(status.clone()), "{name}");
            let ids: Vec<String> =
                status.events().iter().map(|recorded| recorded.event.id().to_string()).collect();
            let facts = json!({"as_of": status.as_of().to_string(), "event_ids": ids});
            Vector::cbor("status", name, "StatusFile", bytes, shows, facts)
        })
        .collect()
}

/// The model of the story: one tensor, `w`.
fn models() -> Vec<Vector> {
    let header = br#"{"w":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}}"#;
    let length = u64::try_from(header.len()).unwrap().to_le_bytes();
    let bare = [&length[..], header, verify::TENSOR].concat();
    let proofs = proofs::proofs().into_iter().filter(|(name, _)| ["empty", "story"].contains(name));
    proofs
        .map(|(name, proof)| {
            let mut model = Model::open(Cursor::new(&bare)).unwrap();
            let mut bytes = Vec::new();
            model.attach(&proof, &mut bytes).unwrap();
            let found = read(Cursor::new(&bytes)).unwrap();
            assert_eq!((&found.proof, found.weights), (&proof, verify::weights()), "{name}");
            let shows = match name {
                "empty" => "A model of one tensor that carries an empty proof",
                _ => "A model of one tensor that carries the proof of the story",
            };
            let facts = json!({
                "weights": found.weights.to_string(),
                "proof": format!("proof/{name}"),
            });
            let annotated = annotate::safetensors(&bytes);
            let name = format!("safetensors/{name}");
            Vector { name, extension: "safetensors", bytes, annotated, shows, facts }
        })
        .collect()
}
