//! Verified results for people and programs: text, Markdown, HTML, JSON, Mermaid and DOT.
//!
//! [`Report`] shows a verified lineage and the verdicts asked of it,
//! [`Refusal`] a proof that was refused, [`Shares`] who gets what of an amount; [`EvidencePack`] is all that a
//! lineage rests on, as files to be checked by hand. Each report is the same in every format;
//! text folds long lists to their counts, HTML folds them to be opened.
//! Nothing is looked up: the HTML is one page without scripts, fonts or
//! pictures from elsewhere, in English and Chinese at once.
//!
//! Titles, issuers and everything else that statements say is hostile until
//! shown otherwise. It is bounded, freed of characters that hide or reorder
//! text, and escaped for its format in one place each, so no statement can
//! change the structure of a report, and a report is never longer than a
//! fixed multiple of its proof for each use asked about.
//!
//! # Fields of the JSON
//!
//! Ids and times are text as everywhere in this crate, codes are the stable
//! codes of their types. A field whose value is absent is left out. Lists stand
//! in the order given here, and fields in the order of this table, so equal
//! reports are equal bytes. Characters that hide or reorder text, and `<`, `>`
//! and `&`, stand as `\u` escapes.
//!
//! | field | type | meaning |
//! |---|---|---|
//! | `format` | text | `datadeed-report` |
//! | `version` | number | 1 |
//! | `outcome` | text | `verified`, or `rejected`: then only the five fields down to `rejection` stand here |
//! | `subject` | id | the dataset or model; in a refusal only where the caller said it |
//! | `verified_at` | time | the time of the verification; in a refusal only where the caller said it |
//! | `rejection.code` | code | [`verify::Code`](crate::verify::Code) |
//! | `rejection.node` | text | where: an id, `position:` and a number from 0, `proof` or `status` |
//! | `rejection.bound` | code | of `budget-exceeded`: the [`Bound`](crate::verify::Bound) of the budget that is too small |
//! | `rejection.causes` | list of texts | what the decoder found, the nearest cause first; words, not a stable interface |
//! | `status_as_of` | time | up to when the caller knew of events; absent: he gave no status |
//! | `questions` | list | in the order asked |
//! | `questions[].label` | text | the caller's words |
//! | `questions[].action` | code | [`rights::Action`](crate::rights::Action) |
//! | `questions[].purpose` | code | [`rights::Purpose`](crate::rights::Purpose) |
//! | `questions[].field` | text | field of use |
//! | `questions[].product` | text | what it is for |
//! | `questions[].processing` | text | where it is processed, ISO 3166 |
//! | `questions[].storage` | text | where copies are kept, ISO 3166 |
//! | `questions[].distribution` | text | where it is offered, ISO 3166 |
//! | `questions[].volumes` | list | how much is used |
//! | `questions[].volumes[].at_most` | number | the most of any one dataset |
//! | `questions[].volumes[].unit` | code | [`rights::VolumeUnit`](crate::rights::VolumeUnit) |
//! | `questions[].at` | time | of the act |
//! | `questions[].party` | text | who acts, as an `iss` |
//! | `questions[].outbound` | text | under which terms it is offered on: an SPDX expression |
//! | `questions[].passes_on` | list of texts | of those terms: licences whose restrictions they repeat; absent: none |
//! | `questions[].limited_to` | list | of those terms: conditions that they bind recipients to; absent: none is known |
//! | `questions[].limited_to[].operand` | code | [`rights::Constraint`](crate::rights::Constraint), as are the next two |
//! | `questions[].limited_to[].operator` | code | |
//! | `questions[].limited_to[].values` | list of texts | |
//! | `questions[].regime` | text | whose law of personal information was asked, ISO 3166 |
//! | `questions[].profile` | text | `strict` or `declared` |
//! | `questions[].verdict` | text | `permit`, `deny` or `unknown`; only `permit` authorises |
//! | `questions[].grounds` | list | of `deny` and `unknown`, sorted by code and place |
//! | `questions[].grounds[].code` | code | [`rights::Reason`](crate::rights::Reason) or [`rights::Missing`](crate::rights::Missing) |
//! | `questions[].grounds[].manifest` | id | the dataset at which it arises; its way to the subject is `datasets[].towards_subject` |
//! | `questions[].grounds[].statement` | id | the statement it comes from |
//! | `questions[].duties` | list | of `permit` |
//! | `questions[].duties[].duty` | code | [`rights::DutyKind`](crate::rights::DutyKind) |
//! | `questions[].duties[].manifest` | id | the dataset it is owed for |
//! | `questions[].duties[].licence` | id | the licence that asks it; its terms are in `statements` |
//! | `questions[].duties[].payee` | text | whom it is owed to, as an `iss`, or the id of a registration: its claimants |
//! | `questions[].duties[].of` | text | the payee of whose receipts it is a share; absent: of all revenue |
//! | `questions[].duties[].basis_points` | number | hundredths of a percent |
//! | `questions[].duties[].floor` | number | the least owed, in minor units |
//! | `questions[].duties[].ceiling` | number | the most owed, in minor units |
//! | `questions[].duties[].amount` | number | in minor units |
//! | `questions[].duties[].currency` | text | ISO 4217 |
//! | `questions[].duties[].after` | time | for `delete_after` |
//! | `questions[].duties[].licences` | list of texts | for `share_alike`: SPDX ids |
//! | `questions[].duties[].terms` | text | in words |
//! | `questions[].status_as_of` | time | of `permit`: as above |
//! | `questions[].stale_status_relied_on` | list of ids | of `permit`: revocable licences, and statements whose events are known not to be complete, relied on without fresh status |
//! | `datasets` | list | what the subject was made from, the subject first, nearer ones before farther ones |
//! | `datasets[].manifest` | id | |
//! | `datasets[].title` | text | as a believed statement gives it |
//! | `datasets[].towards_subject` | id | the next dataset on a shortest way to the subject; absent for the subject |
//! | `datasets[].titles` | list | the registrations that cover it, as [`VerifiedLineage::titles`] at `verified_at`; absent: none |
//! | `datasets[].titles[].registration` | id | the registration; what stands beside its title is in `statements` |
//! | `datasets[].titles[].state` | code | [`verify::TitleState`](crate::verify::TitleState) |
//! | `datasets[].titles[].version_by` | id | the step by which the dataset is a later version of what is registered; absent: it is that itself |
//! | `statements` | list | every statement of the proof, in its order |
//! | `statements[].id` | id | |
//! | `statements[].kind` | code | [`statement::Kind`](crate::statement::Kind) |
//! | `statements[].issuer` | text | `iss` |
//! | `statements[].key` | id | |
//! | `statements[].subject` | id | what it is about |
//! | `statements[].believed` | flag | as [`VerifiedLineage::is_believed`]; absent for events |
//! | `statements[].issued_at` | time | claimed |
//! | `statements[].started` | time | of an activity: claimed |
//! | `statements[].ended` | time | of an activity: claimed |
//! | `statements[].proven_by` | time | the earliest instant by which it is proven to exist |
//! | `statements[].proven_how` | code | [`verify::TimeSource`](crate::verify::TimeSource) |
//! | `statements[].logged` | list | the logs that have it, by receipts that count; absent: none |
//! | `statements[].logged[].origin` | text | the log |
//! | `statements[].logged[].issuer` | text | who keeps it, as an `iss` |
//! | `statements[].logged[].at` | time | since when, by the word of the log |
//! | `statements[].logged[].index` | number | its place in the log, from 0, by a checkpoint; absent: not proven by the receipt |
//! | `statements[].logged[].witnessed_at` | time | since when, by as many witnesses as the verifier asked for; absent: it asked for none |
//! | `statements[].ended_at` | time | from when it counts no longer; may lie after `verified_at` |
//! | `statements[].batches` | list of ids | of an unsigned statement: the batches that name it |
//! | `statements[].members` | number | of a batch: how many statements it names |
//! | `statements[].activity` | code | of an activity: [`lineage::ActivityKind`](crate::lineage::ActivityKind) |
//! | `statements[].completeness` | code | of an activity: [`lineage::Completeness`](crate::lineage::Completeness) |
//! | `statements[].inputs` | list of ids | of an activity |
//! | `statements[].outputs` | list of ids | of an activity |
//! | `statements[].rules` | digest | of an activity or assessment: the rules by which it was done |
//! | `statements[].tool` | object | of an activity: the program that did it; absent: not said |
//! | `statements[].tool.name` | text | |
//! | `statements[].tool.version` | text | |
//! | `statements[].tool.digest` | digest | of its executable or source archive |
//! | `statements[].params` | list | of an activity: what was set; absent: nothing is said of it |
//! | `statements[].params[].name` | text | as the signer names it |
//! | `statements[].params[].value` | text | in CBOR diagnostic notation (RFC 8949 section 8) |
//! | `statements[].agents` | list | of an activity: people who took part; absent: nothing is said of any |
//! | `statements[].agents[].role` | code | [`lineage::AgentRole`](crate::lineage::AgentRole) |
//! | `statements[].agents[].count` | number | |
//! | `statements[].agents[].party` | text | whose they are, as an `iss` |
//! | `statements[].agents[].qualification` | text | |
//! | `statements[].sampling` | object | of an activity: what an inspection by samples came to |
//! | `statements[].sampling.drawn` | number | |
//! | `statements[].sampling.passed` | number | |
//! | `statements[].sampling.method` | text | |
//! | `statements[].measures` | list | of an activity or assessment: what was measured; absent: nothing is said of it |
//! | `statements[].measures[].name` | text | as the signer names it |
//! | `statements[].measures[].value` | text | in CBOR diagnostic notation (RFC 8949 section 8) |
//! | `statements[].processed_in` | list of texts | of an activity: where, ISO 3166; absent: not said |
//! | `statements[].stored_in` | list of texts | of an activity: where its data were kept, ISO 3166; absent: not said |
//! | `statements[].title` | text | of a dataset, and the object's name of a registration |
//! | `statements[].version` | text | of a dataset |
//! | `statements[].languages` | list of texts | of a dataset: BCP 47 |
//! | `statements[].modalities` | list of codes | of a dataset: [`manifest::Modality`](crate::manifest::Modality) |
//! | `statements[].media_types` | list of texts | of a dataset: RFC 6838 |
//! | `statements[].data_class` | code | of a dataset or registration: [`statement::DataClass`](crate::statement::DataClass) |
//! | `statements[].source_category` | text | of a dataset |
//! | `statements[].confidentiality` | text | of a dataset |
//! | `statements[].release_mode` | code | of a dataset: [`manifest::ReleaseMode`](crate::manifest::ReleaseMode) |
//! | `statements[].personal_information` | flag | of a dataset or registration; absent: not said |
//! | `statements[].scan` | code | of a dataset, how its signer knows the content: [`manifest::ScanMethod`](crate::manifest::ScanMethod) |
//! | `statements[].source_kind` | code | of a registration, how the registrant came to the data: [`rights::SourceKind`](crate::rights::SourceKind) |
//! | `statements[].basis` | code | of a licence: [`rights::Basis`](crate::rights::Basis); of a consent: [`rights::ConsentBasis`](crate::rights::ConsentBasis) |
//! | `statements[].spdx` | text | of a licence: its expression; absent: negotiated |
//! | `statements[].source` | text | of an observed licence or a preference |
//! | `statements[].terms` | list | of a negotiated licence, a deal or a preference: its rules |
//! | `statements[].terms[].effect` | code | [`rights::Effect`](crate::rights::Effect) |
//! | `statements[].terms[].actions` | list of codes | [`rights::Action`](crate::rights::Action) |
//! | `statements[].terms[].conditions` | list | all must hold; absent: none. Its fields are those of `questions[].limited_to` |
//! | `statements[].terms[].conditions[].operand` | code | |
//! | `statements[].terms[].conditions[].operator` | code | |
//! | `statements[].terms[].conditions[].values` | list of texts | |
//! | `statements[].terms[].duties` | list | absent: none. Its fields are those of `questions[].duties` |
//! | `statements[].terms[].duties[].duty` | code | |
//! | `statements[].terms[].duties[].payee` | text | |
//! | `statements[].terms[].duties[].of` | text | |
//! | `statements[].terms[].duties[].basis_points` | number | |
//! | `statements[].terms[].duties[].floor` | number | |
//! | `statements[].terms[].duties[].ceiling` | number | |
//! | `statements[].terms[].duties[].amount` | number | |
//! | `statements[].terms[].duties[].currency` | text | |
//! | `statements[].terms[].duties[].after` | time | |
//! | `statements[].terms[].duties[].licences` | list of texts | |
//! | `statements[].terms[].duties[].terms` | text | |
//! | `statements[].conflict` | code | of a licence: [`rights::ConflictStrategy`](crate::rights::ConflictStrategy) |
//! | `statements[].licensees` | list of texts | of a licence, as `iss`; absent: anybody |
//! | `statements[].parent` | id | of a sublicence: the licence above |
//! | `statements[].survives` | flag | of a licence or deal: whether models outlive its term; absent: not said |
//! | `statements[].revocable` | flag | of a negotiated licence |
//! | `statements[].actions` | list of codes | of a consent: [`rights::Action`](crate::rights::Action); absent: any |
//! | `statements[].purposes` | list of codes | of a consent: [`rights::Purpose`](crate::rights::Purpose); absent: any |
//! | `statements[].vocabulary` | code | of a preference: [`rights::Vocabulary`](crate::rights::Vocabulary) |
//! | `statements[].assessment` | code | of an assessment: [`rights::AssessmentKind`](crate::rights::AssessmentKind) |
//! | `statements[].result` | code | of an assessment but a valuation: [`rights::AssessmentResult`](crate::rights::AssessmentResult) |
//! | `statements[].assessed_at` | time | of an assessment: claimed |
//! | `statements[].method` | text | of an assessment: how it was made; absent: not said |
//! | `statements[].trees` | list of texts | of a manifest audit: the trees that were computed again |
//! | `statements[].report` | digest | of an assessment: of its report |
//! | `statements[].amount` | number | of a valuation, deal, pledge or asset entry: in minor units |
//! | `statements[].currency` | text | with an amount: ISO 4217 |
//! | `statements[].number` | text | of a deal: its exchange's number |
//! | `statements[].seller` | text | of a deal, as an `iss` |
//! | `statements[].buyer` | text | of a deal, as an `iss` |
//! | `statements[].exchange` | text | of a deal, as an `iss` |
//! | `statements[].delivery` | code | of a deal: [`rights::DeliveryMethod`](crate::rights::DeliveryMethod) |
//! | `statements[].evidence_code` | text | of a deal |
//! | `statements[].registration` | id | of a deal: under which registration it is sold |
//! | `statements[].registration_no` | text | of a registration |
//! | `statements[].certificate_no` | text | of a registration |
//! | `statements[].claimants` | list of texts | of a registration: the registered claimants, as `iss`; of a transfer: those after it |
//! | `statements[].transfers` | list | of a registration: how the title passed on, in the order of the events' numbers; absent: it did not |
//! | `statements[].transfers[].event` | id | the transfer, which may stand in the status alone |
//! | `statements[].transfers[].from` | time | from when; may lie after `verified_at` |
//! | `statements[].transfers[].claimants` | list of texts | the registered claimants after it, as `iss`; empty: nobody is shown to hold the title |
//! | `statements[].rights` | list of codes | of a registration: [`rights::RightsClaim`](crate::rights::RightsClaim); absent: none claimed |
//! | `statements[].deposit` | object | of a registration: the deposit of evidence; absent: none |
//! | `statements[].deposit.kind` | code | [`rights::EvidenceKind`](crate::rights::EvidenceKind) |
//! | `statements[].deposit.platform` | text | |
//! | `statements[].deposit.hash_algorithm` | text | as the platform writes it |
//! | `statements[].deposit.hash` | text | as the platform writes it; not computed here |
//! | `statements[].deposit.code` | text | the platform's code |
//! | `statements[].deposit.anchored_at` | time | as the platform says; it shows nothing of the time before |
//! | `statements[].held` | object | of a registration: its title at `verified_at`; absent: it gives none, or its registrar is not believed |
//! | `statements[].held.state` | code | [`verify::TitleState`](crate::verify::TitleState) |
//! | `statements[].held.by` | list | the registered claimants then, or of a title that is over the last; empty: nobody is shown to hold it |
//! | `statements[].held.by[].iss` | text | |
//! | `statements[].held.by[].share` | number | in hundredths of a percent; absent: not stated |
//! | `statements[].held.from` | time | from when it is theirs |
//! | `statements[].held.until` | time | until when, exclusive, by everything known; may lie after `verified_at` |
//! | `statements[].held.transfer` | id | the transfer by which it is theirs; absent: the certificate names them |
//! | `statements[].held.ended_by` | id | the event or record that ended it; absent: none did |
//! | `statements[].held.doubts` | list of codes | [`rights::Missing`](crate::rights::Missing): what casts doubt on it |
//! | `statements[].held.disputes` | list | open disputes |
//! | `statements[].held.disputes[].event` | id | here as below, it may stand in the status alone |
//! | `statements[].held.disputes[].from` | time | |
//! | `statements[].held.pledges` | list | open pledges |
//! | `statements[].held.pledges[].event` | id | |
//! | `statements[].held.pledges[].from` | time | |
//! | `statements[].held.pledges[].parties` | list of texts | to whom, as `iss` |
//! | `statements[].held.pledges[].amount` | number | what is secured, in minor units |
//! | `statements[].held.pledges[].currency` | text | ISO 4217 |
//! | `statements[].held.notes` | list | asset entries and filed licences |
//! | `statements[].held.notes[].event` | id | |
//! | `statements[].held.notes[].kind` | code | [`rights::EventKind`](crate::rights::EventKind) |
//! | `statements[].held.notes[].issuer` | text | who says so, as an `iss` |
//! | `statements[].held.notes[].from` | time | |
//! | `statements[].held.notes[].amount` | number | at how much it was booked, in minor units |
//! | `statements[].held.notes[].currency` | text | ISO 4217 |
//! | `statements[].held.notes[].licence` | id | the licence that was filed |
//! | `statements[].held.objections` | list | whoever objects; they bind nobody |
//! | `statements[].held.objections[].event` | id | |
//! | `statements[].held.objections[].kind` | code | `objection` |
//! | `statements[].held.objections[].issuer` | text | |
//! | `statements[].held.objections[].from` | time | |
//! | `statements[].valid_until` | time | of a registration, licence, delegation, consent or deal: end of the term, exclusive |
//! | `statements[].delegate` | text | of a delegation: to whom, as an `iss` |
//! | `statements[].delegate_key` | id | of a delegation: his key |
//! | `statements[].depth` | number | of a delegation: levels that may be added below |
//! | `statements[].roles` | list of codes | of a delegation: [`trust::Role`](crate::trust::Role) |
//! | `statements[].scope` | list of texts | of a delegation: `any` or prefixes |
//! | `statements[].valid_from` | time | of a delegation or licence: start of the term |
//! | `statements[].schemes` | list of texts | of a delegation: registration schemes |
//! | `statements[].jurisdictions` | list of texts | of a delegation: ISO 3166 |
//! | `statements[].event` | code | of an event: [`rights::EventKind`](crate::rights::EventKind) |
//! | `statements[].parties` | list of texts | of an event: whom it concerns, as `iss`; absent: it names nobody |
//! | `statements[].duty` | code | of a fulfilment: [`rights::DutyKind`](crate::rights::DutyKind) |
//! | `statements[].into` | list of texts | of a provision abroad: where to, ISO 3166 |
//! | `statements[].licence` | id | of a filing: the licence that was filed |
//! | `statements[].reason` | text | of an event |
//! | `statements[].evidence` | digest | of an event: of what proves it |
//! | `statements[].effective` | time | of an event: from when it counts, as stated |
//! | `findings` | list | sorted by code and place |
//! | `findings[].code` | code | [`verify::FindingCode`](crate::verify::FindingCode) |
//! | `findings[].node` | text | where, as `rejection.node` |
//! | `findings[].detail` | text | for people |
//!
//! From version 0.1.0 on a field keeps its name, type and meaning as long as
//! `version` is 1. Fields, codes and kinds of statement may be added, so a
//! reader passes over those that it does not know; it never takes an unknown
//! `outcome` or `verdict` for success.

mod answer;
mod beside;
mod content;
mod described;
mod diagnostic;
mod document;
mod evidence;
mod graph;
mod html;
mod json;
mod layout;
mod markdown;
mod message;
mod pack;
mod picture;
mod refusal;
mod shares;
mod svg;
mod text;
mod titles;

use std::collections::BTreeMap;

use document::{Anchor, clamp, short, shows, visible};
pub use message::{Explain, Language};
pub use pack::EvidencePack;
use picture::Picture;
pub use refusal::Refusal;
pub use shares::Shares;

use crate::id::{ManifestId, StatementId};
use crate::proof::Statement;
use crate::rights::{Use, Verdict};
use crate::verify::VerifiedLineage;

/// A verified lineage and the verdicts on some uses, to be shown.
///
/// ```
/// use datadeed::report::{Language, Report};
/// use datadeed::rights::{Action, Use};
/// # use datadeed::{id::ManifestId, proof::LineageProof, trust::TrustStore, verify::Verifier};
/// # let weights = ManifestId::from_bytes([1; 32]);
/// # let proof = LineageProof::builder(weights).build()?.to_bytes();
/// # let (trust, now) = (TrustStore::default(), "2026-11-22T00:00:00Z".parse()?);
///
/// let lineage = Verifier::new(&trust, now).verify(&proof, weights)?;
/// let report = Report::new(&lineage).ask("sell the model", Use::new(Action::DistributeModel));
/// assert!(report.text(Language::English).contains("1. sell the model: unknown"));
/// assert!(report.text(Language::Chinese).contains("1. sell the model: 无法认定"));
/// assert!(report.html(Language::Chinese).starts_with("<!DOCTYPE html>"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct Report<'a> {
    lineage: &'a VerifiedLineage,
    questions: Vec<Question>,
    places: BTreeMap<ManifestId, Place>,
    /// Places in the list of statements.
    statements: BTreeMap<StatementId, usize>,
    titles: titles::Titles<'a>,
}

/// Where a dataset stands, found for all of them at once.
#[derive(Clone, Debug)]
struct Place {
    /// In the list of datasets.
    number: usize,
    /// The title or the short form of the id, bounded.
    name: String,
    /// The next one on a shortest way to the subject, which has none.
    towards: Option<ManifestId>,
    /// How many steps the subject is away.
    depth: usize,
    /// The datasets of the way that are nearest to the subject, it included.
    head: [Option<ManifestId>; PATH_END],
}

/// How many datasets are shown of either end of a way; a longer one lacks its middle.
const PATH_END: usize = 3;

/// A use that was asked about, and the verdict.
#[derive(Clone, Debug)]
struct Question {
    label: String,
    ask: Use,
    verdict: Verdict,
}

/// A question with the verdict on it, for programs: one object with the fields of `questions[]` of the [module](self).
///
/// ```
/// use datadeed::report;
/// use datadeed::rights::{Action, Use};
/// # use datadeed::{ManifestId, Timestamp, proof::LineageProof, trust::TrustStore, verify::Verifier};
/// # let corpus = ManifestId::from_bytes([1; 32]);
/// # let proof = LineageProof::builder(corpus).build()?.to_bytes();
/// # let lineage = Verifier::new(&TrustStore::default(), Timestamp::MIN).verify(&proof, corpus)?;
/// let train = Use::new(Action::Train);
/// let json = report::verdict_json("may we?", &train, &lineage.rights(&train));
/// assert!(json.contains("\"verdict\": \"unknown\""));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn verdict_json(label: &str, ask: &Use, verdict: &Verdict) -> String {
    let (label, ask, verdict) = (label.to_owned(), ask.clone(), verdict.clone());
    json::answer(&Question { label, ask, verdict })
}

impl<'a> Report<'a> {
    /// A report of the lineage, no use asked about so far.
    pub fn new(lineage: &'a VerifiedLineage) -> Self {
        let towards = lineage.towards_subject();
        let mut places: BTreeMap<ManifestId, Place> = BTreeMap::new();
        // Whatever is nearer to the subject comes first.
        for (number, manifest) in lineage.manifests().enumerate() {
            let towards = towards.get(&manifest).copied();
            let nearer = towards.and_then(|towards| places.get(&towards));
            let depth = nearer.map_or(0, |nearer| nearer.depth.saturating_add(1));
            let mut head = nearer.map_or([None; PATH_END], |nearer| nearer.head);
            if let Some(last) = head.get_mut(depth) {
                *last = Some(manifest);
            }
            let name = clamp(&title(lineage, manifest));
            places.insert(manifest, Place { number, name, towards, depth, head });
        }
        let statements = lineage.proof().statements().iter().enumerate();
        Self {
            lineage,
            questions: Vec::new(),
            places,
            statements: statements.map(|(number, one)| (one.id(), number)).collect(),
            titles: titles::Titles::new(lineage),
        }
    }

    /// Adds the verdict on a use, under a label for people.
    pub fn ask(mut self, label: impl Into<String>, intended: Use) -> Self {
        let verdict = self.lineage.rights(&intended);
        self.questions.push(Question { label: label.into(), ask: intended, verdict });
        self
    }

    /// A few lines for a terminal: long lists by their counts.
    pub fn text(&self, language: Language) -> String {
        text::render(&content::document(self), language)
    }

    /// Markdown (`CommonMark`) with the tables of GitHub and a Mermaid picture, every list in full.
    pub fn markdown(&self, language: Language) -> String {
        markdown::render(&content::document(self), language)
    }

    /// One self-contained page in both languages; the reader can change from `language` to the other.
    pub fn html(&self, language: Language) -> String {
        html::render(&content::document(self), language)
    }

    /// For programs; the fields are those of the [module](self).
    pub fn json(&self) -> String {
        json::report(self)
    }

    /// The lineage as a Mermaid flowchart, origins above and the subject below.
    ///
    /// Sources that were collected and used alike are one vertex with a count.
    pub fn mermaid(&self) -> String {
        graph::mermaid(&Picture::new(self))
    }

    /// The lineage as a DOT digraph (Graphviz), with the vertices of [`Report::mermaid`].
    pub fn dot(&self) -> String {
        graph::dot(&Picture::new(self))
    }

    /// What to call a dataset: its title or the short form of its id, bounded.
    fn name(&self, manifest: ManifestId) -> String {
        let place = self.places.get(&manifest).map(|place| place.name.clone());
        place.unwrap_or_else(|| clamp(&title(self.lineage, manifest)))
    }

    /// The way from the subject to a dataset: its beginning, how many are left out, and its end.
    fn path(&self, manifest: ManifestId) -> (Vec<ManifestId>, usize, Vec<ManifestId>) {
        let Some(place) = self.places.get(&manifest) else {
            return (Vec::new(), 0, vec![manifest]);
        };
        let length = place.depth.saturating_add(1);
        // One in the middle takes no more room than to say that it is left out.
        let whole = length <= PATH_END.saturating_mul(2).saturating_add(1);
        let tail = if whole { length } else { PATH_END };
        let towards = |at: &ManifestId| self.places.get(at)?.towards;
        let mut end: Vec<ManifestId> =
            std::iter::successors(Some(manifest), towards).take(tail).collect();
        end.reverse();
        if whole {
            return (Vec::new(), 0, end);
        }
        let left_out = length.saturating_sub(PATH_END.saturating_mul(2));
        (place.head.iter().copied().flatten().collect(), left_out, end)
    }

    fn dataset_anchor(&self, manifest: ManifestId) -> Option<Anchor> {
        self.places.get(&manifest).map(|place| Anchor::Dataset(place.number))
    }

    fn statement_anchor(&self, statement: StatementId) -> Option<Anchor> {
        self.statements.get(&statement).copied().map(Anchor::Statement)
    }

    /// Nearer datasets come first, those that are not in use last.
    fn place_in_order(&self, manifest: ManifestId) -> usize {
        self.places.get(&manifest).map_or(usize::MAX, |place| place.number)
    }

    /// The dataset in use at which a ground arises.
    ///
    /// A ground of a step names its first output, which may be one that nobody
    /// used; then it is one that was.
    fn place(&self, manifest: ManifestId, statement: Option<StatementId>) -> ManifestId {
        if self.places.contains_key(&manifest) {
            return manifest;
        }
        let activity = statement.and_then(|id| self.lineage.statement(id)?.as_activity());
        activity
            .and_then(|step| {
                step.payload().generated().find(|output| self.places.contains_key(output))
            })
            .unwrap_or(manifest)
    }
}

/// The title that a believed `dataset` statement gives a manifest, else the short form of its id.
///
/// Without control characters and without the marks that reorder or hide text.
pub fn title(lineage: &VerifiedLineage, manifest: ManifestId) -> String {
    believed_title(lineage, manifest)
        .map(visible)
        .filter(|title| title.chars().any(shows))
        .unwrap_or_else(|| short(&manifest.to_string()))
}

fn believed_title(lineage: &VerifiedLineage, manifest: ManifestId) -> Option<&str> {
    let mut datasets = lineage.datasets(manifest);
    let dataset = datasets.find(|dataset| lineage.is_believed(dataset.id()))?;
    Some(&dataset.payload().title)
}

/// Whether the signer of a statement is believed; of batches and events it says nothing.
fn believed(lineage: &VerifiedLineage, statement: &Statement) -> Option<bool> {
    let says_nothing = statement.as_event().is_some() || statement.as_batch().is_some();
    (!says_nothing).then(|| lineage.is_believed(statement.id()))
}

mod sealed {
    /// Implemented by the codes of this crate alone.
    #[expect(unnameable_types, reason = "a trait that cannot be named cannot be implemented")]
    pub trait Sealed {
        /// English and Chinese.
        fn words(self) -> (&'static str, &'static str);
    }
}

#[cfg(test)]
mod tests;
