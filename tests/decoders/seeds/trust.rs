//! Whom to believe: trust files.

use datadeed::key::{PublicKey, Signer as _, SigningKey};
use datadeed::trust::{Anchor, Role, TrustStore};

use super::Seed;
use crate::verify;

pub(crate) fn trust_store() -> Vec<Seed> {
    vec![
        ("bounded", bounded().to_bytes()),
        ("none", TrustStore::default().to_bytes()),
        ("story", verify::trust().to_bytes()),
    ]
}

fn public_key(seed: u8) -> PublicKey {
    SigningKey::from_seed(&[seed; 32]).public_key()
}

/// Anchors of every role, and every bound.
pub(crate) fn bounded() -> TrustStore {
    let (beijing, germany) = ("CN-BJ".parse().unwrap(), "DE".parse().unwrap());
    let registry = Anchor::new("did:web:registry.example", public_key(21), [Role::Registrar])
        .schemes(["数据知识产权登记", "数据产权登记"])
        .jurisdictions([beijing, germany])
        .scope(["manifest:"])
        .between(verify::day(0), verify::day(30))
        .depth(1);
    let others = Role::ALL.iter().copied().filter(|role| *role != Role::Registrar);
    TrustStore::new([
        registry,
        Anchor::new("did:web:everything.example", public_key(22), others),
        Anchor::new("did:web:log.example", public_key(23), [Role::Log])
            .scope(["log.example"])
            .depth(0),
    ])
}
