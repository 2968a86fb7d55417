//! What public licences say, as data: one row a licence, each term with the clause it comes from.
//!
//! The rows stand in `table/rows.rs`. The flags of the `spdx` crate cannot
//! decide rights (it has none for non-commercial or no-derivatives terms, and
//! its copyleft flag misses data licences), so the crate has this table of
//! its own. A licence that is not here is Unknown, however well known it may
//! be. Where a text can be read in two ways the row has the reading that
//! permits less.

mod hub;
mod rows;

#[cfg(test)]
pub(super) use hub::NAMES;
pub use hub::hub_licence;
use rows::TABLE;

/// Whether the terms follow the data into a model trained on it.
///
/// ```
/// use datadeed::rights::{Reach, licences};
///
/// let reach = |id| licences().iter().find(|row| row.id == id).map(|row| row.reaches_model);
/// assert_eq!(reach("CC0-1.0"), Some(Reach::No));
/// assert_eq!(reach("CDLA-Sharing-1.0"), Some(Reach::No));
/// assert_eq!(reach("CC-BY-SA-4.0"), Some(Reach::Contested));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reach {
    /// Courts and commentators differ, or the text is silent.
    Contested,
    /// The text says that they do not, or owes nothing that could follow.
    No,
    /// The text says that they do.
    Yes,
}

/// What the text says about taking the licence back.
///
/// ```
/// use datadeed::rights::{Revocation, licences};
///
/// let says = |id| licences().iter().find(|row| row.id == id).map(|row| row.revocation());
/// assert_eq!(says("CC-BY-4.0"), Some(Revocation::Irrevocable));
/// assert_eq!(says("MIT"), Some(Revocation::Silent));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Revocation {
    /// The text says that it is irrevocable, or that nothing but breach ends it.
    Irrevocable,
    /// The text does not say.
    Silent,
}

/// What may be done with adaptations.
///
/// ```
/// use datadeed::rights::{Adaptations, licences};
///
/// let allows = |id| licences().iter().find(|row| row.id == id).map(|row| row.adaptations);
/// assert_eq!(allows("CC-BY-4.0"), Some(Adaptations::Shared));
/// // Version 4.0 lets one make adaptations in private; those before it do not.
/// assert_eq!(allows("CC-BY-ND-4.0"), Some(Adaptations::Private("2(a)(1)(B)")));
/// assert_eq!(allows("CC-BY-ND-3.0"), Some(Adaptations::None("3")));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Adaptations {
    /// They may not even be made, by this clause.
    None(&'static str),
    /// They may be made and not shared, by this clause.
    Private(&'static str),
    /// They may be made and shared.
    Shared,
}

/// Under which licences what is shared must go on.
///
/// ```
/// use datadeed::rights::licences;
///
/// let row = licences().iter().find(|row| row.id == "ODbL-1.0").expect("in the table");
/// let share_alike = row.share_alike.expect("4.4");
/// assert_eq!((share_alike.clause, share_alike.licences), ("4.4(a), 4.2(a)", &["ODbL-1.0"][..]));
/// assert!(share_alike.verbatim);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ShareAlike {
    /// The clause that asks it.
    pub clause: &'static str,
    /// Identifiers of the licences allowed, sorted: this one, and those the text or its steward names.
    pub licences: &'static [&'static str],
    /// Whether unchanged copies, too, go on under any of them and no other.
    pub verbatim: bool,
}

/// That a breach ends the licence, and what brings it back.
///
/// ```
/// use datadeed::rights::{CureFrom, licences};
///
/// let breach = |id| licences().iter().find(|row| row.id == id).and_then(|row| row.breach);
/// let cure = breach("CC-BY-4.0").and_then(|breach| breach.cure).expect("6(b)(1)");
/// assert_eq!((cure.days, cure.from), (30, CureFrom::Discovery));
/// assert!(breach("CC-BY-3.0").is_some_and(|breach| breach.cure.is_none()));
/// assert!(breach("MIT").is_none());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Breach {
    /// The clause by which the licence ends, or may be ended.
    pub clause: &'static str,
    /// What reinstates it without the licensor's doing; `None` also where the text only has a
    /// reasonable time.
    pub cure: Option<Cure>,
}

/// The time in which a cured breach counts as none.
///
/// ```
/// use datadeed::rights::{Cure, CureFrom, licences};
///
/// let row = licences().iter().find(|row| row.id == "GPL-3.0-only").expect("in the table");
/// let cure: Option<Cure> = row.breach.and_then(|breach| breach.cure);
/// assert!(cure.is_some_and(|cure| cure.days == 30 && cure.from == CureFrom::FirstNotice));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Cure {
    /// Within how many days.
    pub days: u16,
    /// From when they count.
    pub from: CureFrom,
    /// The clause.
    pub clause: &'static str,
}

/// From when the days of a [`Cure`] count.
///
/// ```
/// use datadeed::rights::{CureFrom, licences};
///
/// let from = |id| {
///     let row = licences().iter().find(|row| row.id == id);
///     row.and_then(|row| row.breach?.cure).map(|cure| cure.from)
/// };
/// assert_eq!(from("CC-BY-SA-4.0"), Some(CureFrom::Discovery));
/// assert_eq!(from("ODbL-1.0"), Some(CureFrom::FirstNotice));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CureFrom {
    /// The licensee discovers the breach.
    Discovery,
    /// The licensee receives the licensor's notice, which is the first.
    FirstNotice,
}

/// One public licence, or one with an exception, as applied to data.
///
/// A term is the number of the clause that it comes from, or `None` where the
/// licence has no such term; where a text numbers nothing, its paragraphs are
/// named. What is not excluded is allowed by [`grant`](Self::grant).
///
/// ```
/// use datadeed::rights::licences;
///
/// let dolly = licences().iter().find(|row| row.id == "CC-BY-SA-3.0").expect("in the table");
/// assert!(dolly.is_commercial() && dolly.shares_adaptations());
/// assert_eq!(dolly.attribute, Some("4(c)"));
/// let share_alike = dolly.share_alike.expect("4(b)");
/// assert!(share_alike.licences.contains(&"CC-BY-SA-4.0"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct PublicLicence {
    /// SPDX identifier, or a `LicenseRef-datadeed-` one of this crate for terms that have none.
    pub id: &'static str,
    /// SPDX identifier of the exception after `WITH`; empty without one.
    pub exception: &'static str,
    /// What grants: to use, copy, adapt and share, as far as no term below excludes it.
    pub grant: &'static str,
    /// Commercial purposes are excluded.
    pub non_commercial: Option<&'static str>,
    /// What may be done with adaptations.
    pub adaptations: Adaptations,
    /// Credit is owed.
    pub attribute: Option<&'static str>,
    /// The licence notice, or its text, goes with the data.
    pub notice: Option<&'static str>,
    /// What is shared must go on under certain licences.
    pub share_alike: Option<ShareAlike>,
    /// Changes, or the form they are best made in, must be offered with what is shared.
    pub provide_alterations: Option<&'static str>,
    /// Recipients may not be restricted further, by terms or by technical measures.
    pub no_extra_restrictions: Option<&'static str>,
    /// Sublicences, or other terms of one's own choice, are allowed for unchanged copies too; where not,
    /// recipients get the same licence as a direct offer.
    pub sublicense: Option<&'static str>,
    /// Restrictions of use bind the user, and recipients must be bound by them too.
    pub pass_through: Option<&'static str>,
    /// Conditions on who uses it or what for that nothing in this crate can evaluate.
    pub condition: Option<&'static str>,
    /// Whether the terms follow the data into a model.
    pub reaches_model: Reach,
    /// The clause that says so; `None` where the text is silent.
    pub reach: Option<&'static str>,
    /// A notice is owed for what was produced from the data, even where its terms do not follow.
    pub product_notice: Option<&'static str>,
    /// Rights in databases are licensed too.
    pub database_rights: Option<&'static str>,
    /// It cannot be taken back.
    pub irrevocable: Option<&'static str>,
    /// A breach ends it; `None`: the text does not say.
    pub breach: Option<Breach>,
}

impl PublicLicence {
    /// Whether commercial purposes are allowed.
    pub const fn is_commercial(&self) -> bool {
        self.non_commercial.is_none()
    }

    /// Whether adaptations may be shared.
    pub const fn shares_adaptations(&self) -> bool {
        matches!(self.adaptations, Adaptations::Shared)
    }

    /// What the text says about taking it back.
    pub const fn revocation(&self) -> Revocation {
        match self.irrevocable {
            Some(_) => Revocation::Irrevocable,
            None => Revocation::Silent,
        }
    }

    /// Whether nothing is owed to anybody: a dedication to the public domain, or as good as one.
    pub(super) const fn is_unconditional(&self) -> bool {
        self.attribute.is_none()
            && self.notice.is_none()
            && self.share_alike.is_none()
            && self.pass_through.is_none()
            && self.is_commercial()
            && self.shares_adaptations()
    }

    /// The name in an expression: the identifier, with `WITH` and the exception where there is one.
    pub(super) fn is_named(&self, name: &str) -> bool {
        match name.strip_prefix(self.id) {
            Some("") => self.exception.is_empty(),
            Some(rest) => {
                !self.exception.is_empty() && rest.strip_prefix(" WITH ") == Some(self.exception)
            }
            None => false,
        }
    }
}

/// How the rows are written: a grant, then a term a call, each with its clause.
impl PublicLicence {
    const fn new(id: &'static str, grant: &'static str) -> Self {
        Self {
            id,
            exception: "",
            grant,
            non_commercial: None,
            adaptations: Adaptations::Shared,
            attribute: None,
            notice: None,
            share_alike: None,
            provide_alterations: None,
            no_extra_restrictions: None,
            sublicense: None,
            pass_through: None,
            condition: None,
            reaches_model: Reach::Contested,
            reach: None,
            product_notice: None,
            database_rights: None,
            irrevocable: None,
            breach: None,
        }
    }

    const fn with(mut self, exception: &'static str) -> Self {
        self.exception = exception;
        self
    }

    const fn non_commercial(mut self, clause: &'static str) -> Self {
        self.non_commercial = Some(clause);
        self
    }

    const fn adaptations(mut self, adaptations: Adaptations) -> Self {
        self.adaptations = adaptations;
        self
    }

    const fn attribute(mut self, clause: &'static str) -> Self {
        self.attribute = Some(clause);
        self
    }

    const fn notice(mut self, clause: &'static str) -> Self {
        self.notice = Some(clause);
        self
    }

    /// Adaptations go on under one of these.
    const fn share_alike(
        mut self,
        clause: &'static str,
        licences: &'static [&'static str],
    ) -> Self {
        self.share_alike = Some(ShareAlike { clause, licences, verbatim: false });
        self
    }

    /// Adaptations and unchanged copies go on under one of these.
    const fn copyleft(mut self, clause: &'static str, licences: &'static [&'static str]) -> Self {
        self.share_alike = Some(ShareAlike { clause, licences, verbatim: true });
        self
    }

    const fn provide_alterations(mut self, clause: &'static str) -> Self {
        self.provide_alterations = Some(clause);
        self
    }

    const fn no_extra_restrictions(mut self, clause: &'static str) -> Self {
        self.no_extra_restrictions = Some(clause);
        self
    }

    const fn sublicense(mut self, clause: &'static str) -> Self {
        self.sublicense = Some(clause);
        self
    }

    const fn pass_through(mut self, clause: &'static str) -> Self {
        self.pass_through = Some(clause);
        self
    }

    const fn condition(mut self, clause: &'static str) -> Self {
        self.condition = Some(clause);
        self
    }

    const fn reaches(mut self, clause: &'static str) -> Self {
        self.reaches_model = Reach::Yes;
        self.reach = Some(clause);
        self
    }

    const fn stops_before_model(mut self, clause: &'static str) -> Self {
        self.reaches_model = Reach::No;
        self.reach = Some(clause);
        self
    }

    const fn product_notice(mut self, clause: &'static str) -> Self {
        self.product_notice = Some(clause);
        self
    }

    const fn database_rights(mut self, clause: &'static str) -> Self {
        self.database_rights = Some(clause);
        self
    }

    const fn irrevocable(mut self, clause: &'static str) -> Self {
        self.irrevocable = Some(clause);
        self
    }

    const fn ends(mut self, clause: &'static str) -> Self {
        self.breach = Some(Breach { clause, cure: None });
        self
    }

    const fn ends_unless_cured(mut self, clause: &'static str, cure: Cure) -> Self {
        self.breach = Some(Breach { clause, cure: Some(cure) });
        self
    }
}

impl Cure {
    const fn discovered(days: u16, clause: &'static str) -> Self {
        Self { days, from: CureFrom::Discovery, clause }
    }

    const fn notified(days: u16, clause: &'static str) -> Self {
        Self { days, from: CureFrom::FirstNotice, clause }
    }
}

/// Every licence this version can evaluate, by identifier and exception.
pub fn licences() -> &'static [PublicLicence] {
    TABLE
}

/// The row of a licence; `exception` is empty without one.
pub(super) fn find(id: &str, exception: &str) -> Option<&'static PublicLicence> {
    let at = TABLE.binary_search_by(|row| (row.id, row.exception).cmp(&(id, exception))).ok()?;
    TABLE.get(at)
}

/// The row of a licence as an expression names it.
pub(super) fn named(name: &str) -> Option<&'static PublicLicence> {
    TABLE.iter().find(|row| row.is_named(name))
}
