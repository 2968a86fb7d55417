//! Who made a dataset, and whether he who uses it is somebody else.

use super::graph::Vertex;
use super::lineage::VerifiedLineage;
use crate::id::{KeyId, ManifestId};
use crate::lineage::{Activity, ActivityKind, Completeness};
use crate::proof::Statement;
use crate::statement::Signed;

impl VerifiedLineage {
    /// Whether `party` made the manifest from something else, by every activity that produced it; collecting makes nothing.
    pub(super) fn made(&self, manifest: ManifestId, party: &str) -> bool {
        let mut activities =
            self.statements_about(manifest).filter_map(Statement::as_activity).peekable();
        activities.peek().is_some()
            && activities.all(|activity| {
                self.maker(activity) == Maker::listed(party)
                    && activity.payload().kind != ActivityKind::Collect
                    && !activity.payload().inputs.is_empty()
            })
    }

    /// Whether every step that made it learned it, so that it holds weights.
    pub(super) fn is_model(&self, manifest: ManifestId) -> bool {
        let mut by = self.statements_about(manifest).filter_map(Statement::as_activity).peekable();
        by.peek().is_some() && by.all(|one| one.payload().kind.trains())
    }

    /// The one maker of the dataset of this number, under a name of his own.
    pub(super) fn maker_of(&self, number: usize) -> Option<&str> {
        let mut makers = self.producers(number).map(|one| self.maker(one));
        let first = makers.next().filter(|one| one.lent_to.is_none())?;
        makers.all(|other| other == first).then_some(first.iss)
    }

    /// Of each dataset in use, by its number, whether whoever uses it on the way needs a licence of its own.
    pub(super) fn in_need_of_licences(&self) -> Vec<bool> {
        let mut needs = Vec::new();
        for vertex in &self.graph().vertices {
            if let Vertex::Manifest { number, .. } = *vertex {
                needs.resize(needs.len().max(number.saturating_add(1)), true);
                if let Some(slot) = needs.get_mut(number) {
                    *slot = self.is_origin(number) || self.passes_to(number, self.users(number));
                }
            }
        }
        needs
    }

    /// Whether `user` of the subject is somebody else than who made it.
    pub(super) fn takes_over(&self, user: &str) -> bool {
        let number = self.proof().numbers().manifest(&self.subject());
        number.is_none_or(|number| self.passes_to(number, std::iter::once(Maker::listed(user))))
    }

    /// Whether nothing says what it was made of.
    ///
    /// Every step that produced it counts for itself: one that needs none, such as cleaning that
    /// changed nothing, takes away nothing of what the others need.
    fn is_origin(&self, number: usize) -> bool {
        let mut producers = self.producers(number).map(Signed::payload).peekable();
        producers.peek().is_none()
            || producers.any(|activity| {
                activity.completeness == Completeness::Complete
                    && (activity.kind == ActivityKind::Collect || activity.inputs.is_empty())
            })
    }

    /// Whether some user is another than some maker, which is so unless all of them are one.
    fn passes_to<'a>(&'a self, number: usize, users: impl Iterator<Item = Maker<'a>>) -> bool {
        let mut makers = self.producers(number).map(|one| self.maker(one));
        let mut users = users.peekable();
        users.peek().is_some()
            && makers.next().is_some_and(|one| makers.chain(users).any(|other| other != one))
    }

    fn producers(&self, number: usize) -> impl Iterator<Item = &Signed<Activity>> {
        let places = self.proof().numbers().about.of(number);
        places.iter().filter_map(|place| self.proof().statements().get(*place)?.as_activity())
    }

    /// Who made what the activities that used a manifest, on the way to the subject, made of it.
    fn users(&self, number: usize) -> impl Iterator<Item = Maker<'_>> {
        let places = self.proof().numbers().users_of.of(number).iter();
        places
            .filter(|place| self.graph().has_activity(**place))
            .filter_map(|place| self.proof().statements().get(*place)?.as_activity())
            .map(|activity| self.maker(activity))
    }

    fn maker<'a>(&self, activity: &'a Signed<Activity>) -> Maker<'a> {
        let header = activity.header();
        let lent = self.facts().lent_names.contains(&activity.id());
        Maker { iss: &header.issuer, lent_to: lent.then_some(header.key) }
    }
}

/// Who took a step.
///
/// Under a name that no anchor has only what one key signed is one maker's: whoever delegates could
/// name his delegate after somebody who needs no licence.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Maker<'a> {
    iss: &'a str,
    lent_to: Option<KeyId>,
}

impl<'a> Maker<'a> {
    const fn listed(iss: &'a str) -> Self {
        Self { iss, lent_to: None }
    }
}
