//! What somebody may do: in which roles, about what, where and when.

use std::collections::BTreeSet;
use std::fmt::Display;

use super::Role;
use crate::cbor::{codes, record};
use crate::rights::{Registration, Territory};
use crate::timestamp::Timestamp;

record! {
    /// What somebody is believed in: by a trust store, or by whoever delegated it to him.
    ///
    /// One struct and one comparison for both, so that no bound can hold for anchors and be
    /// forgotten for delegates.
    ///
    /// ```
    /// use datadeed::trust::{Dimension, Mandate, Role};
    ///
    /// let registry = Mandate::new([Role::Registrar]).jurisdictions(["CN".parse()?]);
    /// let branch = Mandate::new([Role::Registrar]).jurisdictions(["CN-BJ".parse()?]);
    /// assert_eq!(registry.exceeded_by(&branch), None);
    /// assert_eq!(branch.exceeded_by(&registry), Some(Dimension::Jurisdictions));
    /// # Ok::<(), datadeed::rights::TerritoryError>(())
    /// ```
    pub struct Mandate {
        /// Start, inclusive; absent: no start.
        "from" => from: Option<Timestamp>,
        /// What he is believed in; without any, in nothing.
        "roles" => roles: BTreeSet<Role>,
        /// `any`, or prefixes of what his statements are about; without any, nothing.
        "scope" => scope: BTreeSet<String>,
        /// End, exclusive; absent: no end.
        "until" => until: Option<Timestamp>,
        /// As registrar: registration schemes (登记制度); absent: every one.
        "schemes" => schemes: BTreeSet<String>,
        /// As registrar: where he registers, subdivisions included; absent: everywhere.
        "jurisdictions" => jurisdictions: BTreeSet<Territory>,
    }
}

codes! {
    /// In what one mandate can exceed another.
    pub enum Dimension("dimension of a mandate") in trust {
        /// Levels of delegation below.
        Depth = "depth",
        /// An earlier start.
        From = "from",
        /// Places where he registers.
        Jurisdictions = "jurisdictions",
        /// Roles.
        Roles = "roles",
        /// Registration schemes.
        Schemes = "schemes",
        /// What his statements are about.
        Scope = "scope",
        /// A later end.
        Until = "until",
    }
}

impl Mandate {
    /// These roles, for any subject, without start or end.
    pub fn new(roles: impl IntoIterator<Item = Role>) -> Self {
        Self {
            from: None,
            roles: roles.into_iter().collect(),
            scope: [ANY.to_owned()].into(),
            until: None,
            schemes: BTreeSet::new(),
            jurisdictions: BTreeSet::new(),
        }
    }

    /// Restricts it to subjects with one of these prefixes.
    ///
    /// What is compared is the `sub` of a statement (`manifest:...`), for an observed licence the
    /// source, for a log its origin, for a witness that of the log. A prefix covers what equals it, what
    /// continues it after one of `/`, `:`, `#`, `?` or `@`, and anything that
    /// begins with it if it ends with one of these. A prefix that ends in the
    /// host of a URL is continued by `/`, `#` and `?` alone; write its port with it.
    #[must_use]
    pub fn scope<T: Into<String>>(mut self, prefixes: impl IntoIterator<Item = T>) -> Self {
        self.scope = prefixes.into_iter().map(Into::into).collect();
        self
    }

    /// As registrar: restricts it to these registration schemes (登记制度), compared as they are written.
    #[must_use]
    pub fn schemes<T: Into<String>>(mut self, schemes: impl IntoIterator<Item = T>) -> Self {
        self.schemes = schemes.into_iter().map(Into::into).collect();
        self
    }

    /// As registrar: restricts it to these territories and their subdivisions.
    #[must_use]
    pub fn jurisdictions(mut self, territories: impl IntoIterator<Item = Territory>) -> Self {
        self.jurisdictions = territories.into_iter().collect();
        self
    }

    /// Restricts it to statements from `from` (inclusive) to `until` (exclusive).
    ///
    /// A statement's date is a claim, and whoever still has the key can date it back. After
    /// `until` only those count that are proven to have existed before.
    #[must_use]
    pub const fn between(mut self, from: Timestamp, until: Timestamp) -> Self {
        self.from = Some(from);
        self.until = Some(until);
        self
    }

    /// Whether it covers `role` about `subject`, by the text of that, at `at`.
    ///
    /// As registrar that is a registration without scheme and jurisdiction, which none that names
    /// these covers; [`Mandate::covers_registration`] asks for one with them.
    pub fn covers(&self, role: Role, subject: &(impl Display + ?Sized), at: Timestamp) -> bool {
        let bounded = !self.schemes.is_empty() || !self.jurisdictions.is_empty();
        self.covers_but_registers(role, subject, at) && !(role == Role::Registrar && bounded)
    }

    /// Whether it covers this registration, as registrar, at `at`.
    pub fn covers_registration(&self, registration: &Registration, at: Timestamp) -> bool {
        let scheme = registration.scheme.as_deref();
        // A registration's jurisdiction was checked when it was decoded or signed.
        let place: Option<Territory> =
            registration.jurisdiction.as_ref().and_then(|code| code.parse().ok());
        self.covers_but_registers(Role::Registrar, &registration.manifest, at)
            && self.covers_scheme(scheme)
            && self.covers_place(place.as_ref())
    }

    /// Whether `at` lies in its term.
    pub fn is_valid_at(&self, at: Timestamp) -> bool {
        self.from.is_none_or(|from| from <= at) && self.until.is_none_or(|until| at < until)
    }

    /// In what `other` allows more than this one; `None` where it allows nothing more.
    pub fn exceeded_by(&self, other: &Self) -> Option<Dimension> {
        let starts_earlier = self.from.is_some_and(|from| other.from.is_none_or(|at| at < from));
        let ends_later = self.until.is_some_and(|until| other.until.is_none_or(|at| at > until));
        let schemes = self.schemes.is_empty()
            || (!other.schemes.is_empty() && other.schemes.is_subset(&self.schemes));
        let places = self.jurisdictions.is_empty()
            || (!other.jurisdictions.is_empty()
                && other.jurisdictions.iter().all(|place| self.covers_place(Some(place))));
        // A prefix covers itself, and whatever covers it covers all that it covers.
        let scope = other.scope.iter().all(|prefix| self.covers_subject(prefix));
        [
            (Dimension::Roles, other.roles.is_subset(&self.roles)),
            (Dimension::Scope, scope),
            (Dimension::Schemes, schemes),
            (Dimension::Jurisdictions, places),
            (Dimension::From, !starts_earlier),
            (Dimension::Until, !ends_later),
        ]
        .into_iter()
        .find_map(|(dimension, within)| (!within).then_some(dimension))
    }

    pub(super) fn covers_but_registers(
        &self,
        role: Role,
        subject: &(impl Display + ?Sized),
        at: Timestamp,
    ) -> bool {
        self.is_valid_at(at) && self.is_in(role, subject)
    }

    /// Whether it covers `role` about `subject` at some time.
    pub(super) fn is_in(&self, role: Role, subject: &(impl Display + ?Sized)) -> bool {
        self.roles.contains(&role) && self.covers_subject(subject)
    }

    fn covers_scheme(&self, scheme: Option<&str>) -> bool {
        self.schemes.is_empty() || scheme.is_some_and(|scheme| self.schemes.contains(scheme))
    }

    fn covers_place(&self, place: Option<&Territory>) -> bool {
        self.jurisdictions.is_empty()
            || place.is_some_and(|place| self.jurisdictions.iter().any(|of| of.contains(place)))
    }

    /// Makes the text of the subject only where there is a prefix to compare it with.
    fn covers_subject(&self, subject: &(impl Display + ?Sized)) -> bool {
        self.scope.contains(ANY) || {
            let subject = subject.to_string();
            self.scope.iter().any(|prefix| is_within(&subject, prefix))
        }
    }
}

const ANY: &str = "any";

/// Whether `prefix`, one that is not [`ANY`], covers `subject` as [`Mandate::scope`] says.
///
/// Transitive, so that it compares prefixes too.
fn is_within(subject: &str, prefix: &str) -> bool {
    const BOUNDARIES: [char; 5] = ['/', ':', '#', '?', '@'];
    // In a host, `:` and `@` may end a user name with another host after it.
    let in_host = prefix
        .split_once("://")
        .is_some_and(|(_, rest)| !rest.is_empty() && !rest.contains(['/', '#', '?']));
    let boundaries: &[char] = if in_host { &['/', '#', '?'] } else { &BOUNDARIES };
    subject.strip_prefix(prefix).is_some_and(|rest| {
        rest.is_empty() || rest.starts_with(boundaries) || prefix.ends_with(BOUNDARIES)
    })
}

#[cfg(test)]
mod tests;
