//! What public licences say, as data: one row a licence, each flag with the clause it comes from.
//!
//! The flags of the `spdx` crate cannot decide rights (it has none for
//! non-commercial or no-derivatives terms, and its copyleft flag misses data
//! licences), so the crate has this table of its own. A licence that is not
//! here is Unknown, however well known it may be.

/// Whether the terms follow the data into a model trained on it.
///
/// ```
/// use datadeed::rights::{Reach, licences};
///
/// let reach = |id| licences().iter().find(|row| row.id == id).map(|row| row.reaches_model);
/// assert_eq!(reach("CC0-1.0"), Some(Reach::No));
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
/// let says = |id| licences().iter().find(|row| row.id == id).map(|row| row.revocation);
/// assert_eq!(says("CC-BY-4.0"), Some(Revocation::Irrevocable));
/// assert_eq!(says("MIT"), Some(Revocation::Silent));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Revocation {
    /// The text says that it is irrevocable.
    Irrevocable,
    /// The text does not say.
    Silent,
}

/// One public licence, or one with an exception, as applied to data.
///
/// ```
/// use datadeed::rights::licences;
///
/// let share_alike: Vec<&str> = licences()
///     .iter()
///     .filter(|row| row.commercial && !row.share_alike.is_empty())
///     .map(|row| row.id)
///     .collect();
/// assert_eq!(share_alike, ["CC-BY-SA-4.0"]);
/// ```
#[expect(clippy::struct_excessive_bools, reason = "a row of flags is what a table is made of")]
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct PublicLicence {
    /// SPDX identifier.
    pub id: &'static str,
    /// SPDX identifier of the exception after `WITH`; empty without one.
    pub exception: &'static str,
    /// Whether commercial purposes are allowed.
    pub commercial: bool,
    /// Whether adaptations may be shared; making them in private is allowed by every licence here.
    pub share_adaptations: bool,
    /// Whether credit is owed.
    pub attribute: bool,
    /// Whether the licence notice must be kept.
    pub notice: bool,
    /// SPDX identifiers of the licences that adaptations may be shared under; empty: any.
    pub share_alike: &'static [&'static str],
    /// Whether sublicences may be granted; where not, recipients get a direct offer.
    pub sublicense: bool,
    /// Whether the terms follow the data into a model.
    pub reaches_model: Reach,
    /// What the text says about taking it back.
    pub revocation: Revocation,
    /// The clauses that the flags come from.
    pub clauses: &'static str,
}

/// A licence that allows everything for credit and notice.
const PERMISSIVE: PublicLicence = PublicLicence {
    id: "",
    exception: "",
    commercial: true,
    share_adaptations: true,
    attribute: true,
    notice: true,
    share_alike: &[],
    sublicense: false,
    reaches_model: Reach::Contested,
    revocation: Revocation::Silent,
    clauses: "",
};

/// A dedication to the public domain, or a licence that asks nothing in return.
const UNCONDITIONAL: PublicLicence =
    PublicLicence { attribute: false, notice: false, reaches_model: Reach::No, ..PERMISSIVE };

/// Creative Commons 4.0: irrevocable (section 2(a)(1)), no sublicensing (2(a)(1)) but a direct
/// offer to every recipient (2(a)(5)(A)), credit and notice on sharing (3(a)).
const CC_4: PublicLicence = PublicLicence { revocation: Revocation::Irrevocable, ..PERMISSIVE };

const TABLE: &[PublicLicence] = &[
    PublicLicence {
        id: "0BSD",
        clauses: "only paragraph: use, copy, modify, distribute without conditions",
        ..UNCONDITIONAL
    },
    PublicLicence {
        id: "Apache-2.0",
        sublicense: true,
        revocation: Revocation::Irrevocable,
        clauses: "grant, irrevocable, sublicense 2; notices and attribution 4",
        ..PERMISSIVE
    },
    PublicLicence {
        id: "Apache-2.0",
        exception: "LLVM-exception",
        sublicense: true,
        revocation: Revocation::Irrevocable,
        clauses: "Apache-2.0 2 and 4; the exception waives 4(a), (b), (d) for embedded object code only, so nothing for data",
        ..PERMISSIVE
    },
    PublicLicence { id: "BSD-2-Clause", clauses: "permission line; notices 1 and 2", ..PERMISSIVE },
    PublicLicence {
        id: "BSD-3-Clause",
        clauses: "permission line; notices 1 and 2; no endorsement 3",
        ..PERMISSIVE
    },
    PublicLicence {
        id: "BSL-1.0",
        clauses: "grant, first paragraph; notice, second paragraph",
        ..PERMISSIVE
    },
    PublicLicence {
        id: "CC-BY-4.0",
        clauses: "grant 2(a)(1); attribution and notice 3(a); adaptations 3(a)(4)",
        ..CC_4
    },
    PublicLicence {
        id: "CC-BY-NC-4.0",
        commercial: false,
        clauses: "non-commercial 2(a)(1) and 1(i); attribution and notice 3(a)",
        ..CC_4
    },
    PublicLicence {
        id: "CC-BY-NC-ND-4.0",
        commercial: false,
        share_adaptations: false,
        clauses: "non-commercial 2(a)(1)(A) and (B); adaptations not shared 2(a)(1)(B); attribution 3(a)",
        ..CC_4
    },
    PublicLicence {
        id: "CC-BY-NC-SA-4.0",
        commercial: false,
        share_alike: &["CC-BY-NC-SA-4.0"],
        clauses: "non-commercial 2(a)(1); attribution 3(a); share alike 3(b)(1)",
        ..CC_4
    },
    PublicLicence {
        id: "CC-BY-ND-4.0",
        share_adaptations: false,
        clauses: "adaptations made but not shared 2(a)(1)(B); formats 2(a)(4); attribution 3(a)",
        ..CC_4
    },
    PublicLicence {
        id: "CC-BY-SA-4.0",
        share_alike: &["CC-BY-SA-4.0", "GPL-3.0-only", "LAL-1.3"],
        clauses: "attribution 3(a); share alike 3(b)(1) with the compatible licences named by Creative Commons (1(c)): \
                  GPL version 3 and no later one, Free Art License 1.3",
        ..CC_4
    },
    PublicLicence {
        id: "CC0-1.0",
        revocation: Revocation::Irrevocable,
        clauses: "waiver 2; fallback licence, irrevocable 3",
        ..UNCONDITIONAL
    },
    PublicLicence {
        id: "ISC",
        clauses: "permission paragraph with its notice proviso",
        ..PERMISSIVE
    },
    PublicLicence {
        id: "MIT",
        sublicense: true,
        clauses: "grant, first paragraph; notice, second paragraph",
        ..PERMISSIVE
    },
    PublicLicence {
        id: "MIT-0",
        sublicense: true,
        clauses: "grant, only paragraph, without the notice proviso of MIT",
        ..UNCONDITIONAL
    },
    PublicLicence {
        id: "Unicode-3.0",
        clauses: "grant naming data files; notice (a) or (b)",
        ..PERMISSIVE
    },
    PublicLicence {
        id: "Unlicense",
        clauses: "dedication, first to third paragraph",
        ..UNCONDITIONAL
    },
    PublicLicence {
        id: "Zlib",
        attribute: false,
        clauses: "grant; origin not misrepresented 1; notice in source distributions 3",
        ..PERMISSIVE
    },
];

/// Every licence this version can evaluate, by identifier and exception.
pub fn licences() -> &'static [PublicLicence] {
    TABLE
}

/// The row of a licence; `exception` is empty without one.
pub(super) fn find(id: &str, exception: &str) -> Option<&'static PublicLicence> {
    TABLE.iter().find(|row| row.id == id && row.exception == exception)
}
