//! Who holds a title that was given away.

use std::collections::BTreeMap;

use super::events::{TitleChange, TitleChanges};
use crate::id::StatementId;
use crate::rights::EventKind;
use crate::timestamp::Timestamp;

/// A transfer of a registered title that counts.
///
/// ```
/// use datadeed::rights::{Event, Transferee};
/// use datadeed::trust::Status;
/// use datadeed::verify::Verifier;
/// # use datadeed::key::{Signer, SigningKey};
/// # use datadeed::proof::LineageProof;
/// # use datadeed::rights::{Registrant, RegistrantKind, RegistrantRole, Registration};
/// # use datadeed::statement::{Issuer, Payload};
/// # use datadeed::trust::{Anchor, Role, TrustStore};
/// # use datadeed::{ManifestId, Timestamp};
/// # let (corpus, seller) = (ManifestId::from_bytes([1; 32]), "did:web:seller.example");
/// # let (then, now): (Timestamp, Timestamp) = ("2026-11-01T00:00:00Z".parse()?, "2026-11-22T00:00:00Z".parse()?);
/// # let registrar = Issuer::new("did:web:registry.example", SigningKey::from_seed(&[7; 32]));
/// # let trust = TrustStore::new([Anchor::new(registrar.iss(), registrar.public_key(), [Role::Registrar])]);
/// # let seller = Registrant::new(seller, "Seller", RegistrantKind::LegalPerson, RegistrantRole::Processor);
/// # let certificate = Registration::new(corpus, "Court decisions", [seller], then, "2029-11-01T00:00:00Z".parse()?);
/// # let certificate = certificate.sign(&registrar, then)?;
/// # let proof = LineageProof::builder(corpus).statement(certificate.clone()).build()?.to_bytes();
///
/// let sold = Event::transfer(certificate.id(), [Transferee::new("did:web:buyer.example")], now);
/// let status = Status::new(now).event(sold.sign(&registrar, now)?, now)?;
/// let lineage = Verifier::new(&trust, now).known_events(&status).verify(&proof, corpus)?;
/// let transfers: Vec<_> = lineage.transfers(certificate.id()).collect();
/// assert_eq!((transfers[0].from, &transfers[0].to[..]), (now, &["did:web:buyer.example".into()][..]));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Transfer {
    /// The event.
    pub event: StatementId,
    /// From when those before hold the title no longer; never before it is proven. May be to come.
    pub from: Timestamp,
    /// The claimants after it, as `iss`; none where its signer may take the title away and no longer
    /// give it, or what gives it is in doubt.
    pub to: Vec<String>,
}

/// The transfers of each registration, in the order of their numbers.
pub(super) fn of(changes: &TitleChanges<'_>) -> BTreeMap<StatementId, Vec<Transfer>> {
    let mut transfers = BTreeMap::new();
    for (registration, changes) in changes {
        let moves = |change: &&TitleChange<'_>| change.event.payload().kind == EventKind::Transfer;
        let mut moves: Vec<&TitleChange<'_>> = changes.iter().filter(moves).collect();
        moves.sort_by_key(|change| (change.event.payload().seq, change.event.id()));
        if !moves.is_empty() {
            transfers.insert(*registration, moves.into_iter().map(transfer).collect());
        }
    }
    transfers
}

fn transfer(change: &TitleChange<'_>) -> Transfer {
    let to = change.event.payload().to.iter().filter(|_| change.favours);
    let to = to.map(|one| one.iss.clone()).collect();
    Transfer { event: change.event.id(), from: change.from, to }
}
