//! Statements of the seeds, taken apart so that one field can be made wrong.

use datadeed::statement::Envelope;

use super::raw::{Pairs, content, envelope, items_of, map, pairs_of, parts, text, value, without};
use crate::statements;

/// Header and payload of a seed.
pub(super) struct Pieces {
    header: Vec<u8>,
    pub(super) payload: Pairs,
}

impl Pieces {
    pub(super) fn of(name: &str) -> Self {
        let seeds = statements::statement();
        let sound = &seeds.iter().find(|(known, _)| *known == name).unwrap().1;
        let [protected, _, payload, _] = items_of(sound).try_into().unwrap();
        let pieces = Self { header: content(&protected), payload: pairs_of(&content(&payload)) };
        assert_eq!(pieces.said(&pieces.payload), *sound);
        pieces
    }

    pub(super) fn said(&self, payload: &Pairs) -> Vec<u8> {
        self.around(&map(payload))
    }

    pub(super) fn around(&self, payload: &[u8]) -> Vec<u8> {
        envelope(&parts(&self.header, payload))
    }

    pub(super) fn field(&self, key: &str) -> Vec<u8> {
        value(&mut self.payload.clone(), key).clone()
    }

    /// With one value replaced.
    pub(super) fn with(&self, key: &str, with: Vec<u8>) -> Self {
        let mut payload = self.payload.clone();
        *value(&mut payload, key) = with;
        Self { header: self.header.clone(), payload }
    }

    /// The same, as a statement.
    pub(super) fn but(&self, key: &str, with: Vec<u8>) -> Vec<u8> {
        self.with(key, with).bytes()
    }

    /// With one field more, where it belongs.
    pub(super) fn and(&self, key: &str, with: Vec<u8>) -> Self {
        let mut payload = self.payload.clone();
        payload.push((text(key), with));
        payload.sort();
        Self { header: self.header.clone(), payload }
    }

    /// With one field less.
    pub(super) fn less(&self, key: &str) -> Self {
        Self { header: self.header.clone(), payload: without(self.payload.clone(), key) }
    }

    /// As it stands.
    pub(super) fn bytes(&self) -> Vec<u8> {
        self.said(&self.payload)
    }

    /// Without a signature, as a member of a batch has none.
    pub(super) fn unsigned(&self) -> Vec<u8> {
        let [protected, unprotected, payload, _] = parts(&self.header, &map(&self.payload));
        envelope(&[protected, unprotected, payload, vec![0x40]])
    }
}

/// They are what they seem to be.
#[test]
fn what_faults_are_made_from_is_sound() {
    for (name, sound) in statements::statement() {
        let envelope = Envelope::decode(&sound).unwrap();
        if envelope.is_signed() {
            assert_eq!(Pieces::of(name).bytes(), sound, "{name}");
        }
    }
}
