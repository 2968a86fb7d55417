//! What stable codes mean, in words, in English and Chinese.
//!
//! The Chinese is that of data exchanges and registries in China
//! (数据知识产权登记). One table; a test holds it against every code.

mod found;
mod said;

use super::sealed::Sealed;
use crate::lineage::{ActivityKind, AgentRole, Completeness};
use crate::manifest::{Modality, ReleaseMode, ScanMethod};
use crate::rights::{
    Action, AssessmentKind, AssessmentResult, Basis, ConsentBasis, DeliveryMethod, DutyKind,
    EventKind, EvidenceKind, Missing, Profile, Purpose, Reason, RegistrationKind, ReviewKind,
    RightsClaim, Rounding, SourceKind, VolumeUnit, WithheldReason,
};
use crate::statement::{DataClass, Kind};
use crate::verify::{Bound, Code, FindingCode, TimeSource, TitleState};
use found::{BOUNDS, FINDINGS, REJECTIONS, TIMES, TITLES};
use said::{
    ACTIONS, ACTIVITIES, AGENTS, ASSESSMENTS, BASES, CLASSES, COMPLETENESS, CONSENTS, DELIVERIES,
    DEPOSITS, DUTIES, EVENTS, MISSING, MODALITIES, PURPOSES, REASONS, REGISTRATIONS, RELEASES,
    RESULTS, REVIEWS, RIGHTS, ROUNDINGS, SCANS, SOURCES, STATEMENTS, UNITS, WITHHELD,
};

/// The language of what this crate adds to a report; what statements say is never translated.
///
/// ```
/// use datadeed::report::{Explain, Language};
/// use datadeed::rights::Purpose;
///
/// assert_ne!(Purpose::Commercial.explain(Language::Chinese), Purpose::Commercial.code());
/// assert_eq!(Language::default(), Language::English);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Language {
    /// 简体中文.
    Chinese,
    /// English.
    #[default]
    English,
}

/// The same words in both languages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Phrase {
    pub(super) en: &'static str,
    pub(super) zh: &'static str,
}

impl Phrase {
    pub(super) const fn new(en: &'static str, zh: &'static str) -> Self {
        Self { en, zh }
    }

    pub(super) const fn in_language(self, language: Language) -> &'static str {
        match language {
            Language::Chinese => self.zh,
            Language::English => self.en,
        }
    }
}

/// A stable code that can be put into words. Sealed: the codes are this crate's.
///
/// ```
/// use datadeed::report::{Explain, Language};
/// use datadeed::rights::{DutyKind, Missing};
///
/// assert_eq!(DutyKind::RevenueShare.explain(Language::Chinese), "收益分成");
/// assert_eq!(Missing::Origin.explain(Language::English), "where the content came from");
/// ```
pub trait Explain: Sealed + Copy {
    /// The meaning of the code: a phrase without full stop.
    fn explain(self, language: Language) -> &'static str {
        phrase(self).in_language(language)
    }
}

impl<T: Sealed + Copy> Explain for T {}

macro_rules! explained {
    ($($name:ident => $table:ident,)+) => {$(
        impl Sealed for $name {
            fn words(self) -> (&'static str, &'static str) {
                find($table, self.code())
            }
        }
    )+};
}
explained! {
    Action => ACTIONS,
    ActivityKind => ACTIVITIES,
    AgentRole => AGENTS,
    AssessmentKind => ASSESSMENTS,
    AssessmentResult => RESULTS,
    Basis => BASES,
    Bound => BOUNDS,
    Code => REJECTIONS,
    Completeness => COMPLETENESS,
    ConsentBasis => CONSENTS,
    DataClass => CLASSES,
    DeliveryMethod => DELIVERIES,
    DutyKind => DUTIES,
    EventKind => EVENTS,
    EvidenceKind => DEPOSITS,
    FindingCode => FINDINGS,
    Kind => STATEMENTS,
    Missing => MISSING,
    Modality => MODALITIES,
    Purpose => PURPOSES,
    Reason => REASONS,
    RegistrationKind => REGISTRATIONS,
    ReleaseMode => RELEASES,
    ReviewKind => REVIEWS,
    RightsClaim => RIGHTS,
    Rounding => ROUNDINGS,
    ScanMethod => SCANS,
    SourceKind => SOURCES,
    TimeSource => TIMES,
    TitleState => TITLES,
    WithheldReason => WITHHELD,
    VolumeUnit => UNITS,
}

impl Sealed for Profile {
    fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Declared => (
                "as declared: contested terms do not reach models",
                "依明示：有争议的条款视为不及于模型",
            ),
            Self::Strict => {
                ("strictly: contested terms reach models", "从严：有争议的条款视为及于模型")
            }
        }
    }
}

/// What a code means.
pub(super) fn phrase(code: impl Sealed) -> Phrase {
    let (en, zh) = code.words();
    Phrase::new(en, zh)
}

/// The words of a code; the code itself where the table lacks it, which a test rules out.
fn find(table: Table, code: &'static str) -> (&'static str, &'static str) {
    let known = table.iter().find(|(known, _, _)| *known == code);
    known.map_or((code, code), |(_, en, zh)| (en, zh))
}

/// Code, English, Chinese; sorted by code.
type Table = &'static [(&'static str, &'static str, &'static str)];

#[cfg(test)]
mod tests {
    use super::*;

    /// The table has exactly these codes, in their order, each with words in both languages.
    #[track_caller]
    fn assert_complete(table: Table, codes: impl Iterator<Item = &'static str>) {
        let codes: Vec<&str> = codes.collect();
        assert!(codes.is_sorted(), "values sort as their codes do: {codes:?}");
        let known: Vec<&str> = table.iter().map(|(code, _, _)| *code).collect();
        assert_eq!(known, codes);
        for (code, en, zh) in table {
            assert!(en.is_ascii() && !en.is_empty() && !en.ends_with('.'), "{code}: {en}");
            assert!(zh.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c)), "{code}: {zh}");
            assert!(!en.contains("owner") && !zh.contains("所有人"), "{code}");
            assert!(!zh.contains("所有权"), "{code}");
        }
    }

    #[test]
    fn every_code_has_words_in_both_languages() {
        assert_complete(ACTIONS, Action::ALL.iter().map(|code| code.code()));
        assert_complete(ACTIVITIES, ActivityKind::ALL.iter().map(|code| code.code()));
        assert_complete(AGENTS, AgentRole::ALL.iter().map(|code| code.code()));
        assert_complete(ASSESSMENTS, AssessmentKind::ALL.iter().map(|code| code.code()));
        assert_complete(BASES, Basis::ALL.iter().map(|code| code.code()));
        assert_complete(BOUNDS, Bound::ALL.iter().map(|code| code.code()));
        assert_complete(CLASSES, DataClass::ALL.iter().map(|code| code.code()));
        assert_complete(COMPLETENESS, Completeness::ALL.iter().map(|code| code.code()));
        assert_complete(CONSENTS, ConsentBasis::ALL.iter().map(|code| code.code()));
        assert_complete(DELIVERIES, DeliveryMethod::ALL.iter().map(|code| code.code()));
        assert_complete(DEPOSITS, EvidenceKind::ALL.iter().map(|code| code.code()));
        assert_complete(DUTIES, DutyKind::ALL.iter().map(|code| code.code()));
        assert_complete(EVENTS, EventKind::ALL.iter().map(|code| code.code()));
        assert_complete(FINDINGS, FindingCode::ALL.iter().map(|code| code.code()));
        assert_complete(MISSING, Missing::ALL.iter().map(|code| code.code()));
        assert_complete(MODALITIES, Modality::ALL.iter().map(|code| code.code()));
        assert_complete(PURPOSES, Purpose::ALL.iter().map(|code| code.code()));
        assert_complete(REASONS, Reason::ALL.iter().map(|code| code.code()));
        assert_complete(REGISTRATIONS, RegistrationKind::ALL.iter().map(|code| code.code()));
        assert_complete(RELEASES, ReleaseMode::ALL.iter().map(|code| code.code()));
        assert_complete(RESULTS, AssessmentResult::ALL.iter().map(|code| code.code()));
        assert_complete(REVIEWS, ReviewKind::ALL.iter().map(|code| code.code()));
        assert_complete(RIGHTS, RightsClaim::ALL.iter().map(|code| code.code()));
        assert_complete(ROUNDINGS, Rounding::ALL.iter().map(|code| code.code()));
        assert_complete(SCANS, ScanMethod::ALL.iter().map(|code| code.code()));
        assert_complete(SOURCES, SourceKind::ALL.iter().map(|code| code.code()));
        assert_complete(WITHHELD, WithheldReason::ALL.iter().map(|code| code.code()));
        assert_complete(REJECTIONS, Code::ALL.iter().map(|code| code.code()));
        assert_complete(STATEMENTS, Kind::ALL.iter().map(|code| code.code()));
        assert_complete(TITLES, TitleState::ALL.iter().map(|code| code.code()));
        assert_complete(TIMES, TimeSource::ALL.iter().map(|code| code.code()));
        assert_complete(UNITS, VolumeUnit::ALL.iter().map(|code| code.code()));
    }
}
