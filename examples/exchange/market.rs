//! The exchange: starts from a model file, a trust store, its own list of events and a date.

use std::error::Error;
use std::fs::File;

use datadeed::attach::safetensors;
use datadeed::lineage::ActivityKind;
use datadeed::report::{Language, Refusal, Report, Shares};
use datadeed::rights::{Action, Condition, Outbound, Purpose, Regime, Use, Verdict};
use datadeed::trust::{Status, TrustStore};
use datadeed::verify::{Rejection, VerifiedLineage, Verifier};
use datadeed::{ManifestId, Timestamp};

use crate::files::Files;
use crate::party::{self, TRAINER};
use crate::print;
use crate::what_if::{NON_COMMERCIAL, REVOKED, REVOKED_EVENTS, WITHDRAWN, WITHDRAWN_EVENTS};

type Put = Result<(), Box<dyn Error>>;

/// Verifies the model, asks the questions, prints the answers.
///
/// A [`Rejection`] comes back as the error it is.
pub(crate) fn decide(files: &Files, at: Timestamp) -> Result<(), Box<dyn Error>> {
    let trust = TrustStore::decode(&files.read("trust.cbor")?)?;
    let exchange = Exchange { trust, at };
    let events = files.read("events.cbor")?;
    let path = files.path("model.safetensors");
    println!("The exchange opens {} on {at}.", path.display());

    let found = safetensors::read(File::open(path)?)?;
    let lineage = exchange
        .verify(&found.proof, found.weights, Some(&events))
        .or_else(|error| refused(files, &found, at, error))?;
    let sell = ask(Action::DistributeModel, at)?;
    let verdict = lineage.rights(&sell);
    let to_sell = "train and sell the model commercially in CN";
    let in_china = Condition::Distribution(["CN".parse()?].into());
    let contract = Outbound::new("LicenseRef-contract").limited_to([in_china]);
    let report = Report::new(&lineage)
        .ask(to_sell, sell.clone())
        .ask("the same in the United States", sell.clone().territory("US".parse()?))
        .ask("the same for a purpose that is not said", ask_without_purpose(at)?)
        .ask("the same under a contract for CN", sell.clone().offered_under(contract))
        .ask("the same under MIT", sell.clone().offered_under(Outbound::new("MIT")))
        .ask("the same by the law of personal information", sell.clone().regime(Regime::China));
    println!();
    print!("{}", report.text(Language::English));
    files.replace("lineage.mmd", Some(report.mermaid().as_bytes()))?;
    files.write("report.html", report.html(Language::English).as_bytes())?;
    files.write("report.json", report.json().as_bytes())?;
    files.write("report.md", report.markdown(Language::English).as_bytes())?;
    println!(
        "\nThe same with all evidence, also in Chinese: {}\n",
        files.path("report.html").display()
    );

    print::answer(1, to_sell, &lineage, &verdict);
    share(files, &lineage, &sell, &verdict)?;
    exchange.redistribute(files, &lineage, &events)?;
    let put = |number, what_if: &str, proof: &[u8], events: Option<&[u8]>| -> Put {
        let lineage = exchange.verify(proof, found.weights, events)?;
        print::answer(number, what_if, &lineage, &lineage.rights(&sell));
        Ok(())
    };
    match files.find(NON_COMMERCIAL)? {
        Some(proof) => {
            put(3, "as 1, had one source been seen under CC-BY-NC-4.0", &proof, Some(&events))?;
        }
        None => println!("Left out: question 3, no source was disclosed."),
    }
    match (files.find(REVOKED)?, files.find(REVOKED_EVENTS)?) {
        (Some(admitted), Some(listed)) => {
            put(
                4,
                "revoked before training, in the proof and on the list",
                &admitted,
                Some(&listed),
            )?;
            put(4, "revoked before training, on the list alone", &found.proof, Some(&listed))?;
            put(4, "no list of events at all", &found.proof, None)?;
        }
        _ => println!("Left out: question 4, no licence here can be revoked."),
    }
    match (files.find(WITHDRAWN)?, files.find(WITHDRAWN_EVENTS)?) {
        (Some(proof), Some(events)) => {
            put(5, "the supplier's data under CC-BY-4.0, withdrawn", &proof, Some(&events))?;
        }
        _ => println!("Left out: question 5, no supplier granted a licence here."),
    }
    println!("\nverdict: {}", verdict.word());
    Ok(())
}

/// What each payee gets of the first 10,000 yuan, where the use is permitted.
fn share(files: &Files, lineage: &VerifiedLineage, sell: &Use, verdict: &Verdict) -> Put {
    let shares = match verdict {
        Verdict::Permit { .. } => {
            Some(lineage.sharing(sell, 1_000_000, "CNY").of_verdict(verdict)?)
        }
        _ => None,
    };
    let page = shares.as_ref().map(|shares| Shares::new(shares).html(Language::English));
    files.replace("shares.html", page.as_deref().map(str::as_bytes))?;
    shares.iter().for_each(print::shares);
    Ok(())
}

/// Writes why a proof was refused, where it was, and passes the error on.
fn refused(
    files: &Files,
    found: &safetensors::Found,
    at: Timestamp,
    error: Box<dyn Error>,
) -> Result<VerifiedLineage, Box<dyn Error>> {
    if let Some(rejection) = error.downcast_ref::<Rejection>() {
        let refusal = Refusal::new(rejection).about(found.weights).at(at);
        files.replace("lineage.mmd", None)?;
        files.write("report.html", refusal.html(Language::English).as_bytes())?;
        files.write("report.json", refusal.json().as_bytes())?;
        files.write("report.md", refusal.markdown(Language::English).as_bytes())?;
        println!("The reasons, also in Chinese: {}", files.path("report.html").display());
    }
    Err(error)
}

struct Exchange {
    trust: TrustStore,
    at: Timestamp,
}

impl Exchange {
    /// What a proof carries is enough: what its activities claim of datasets is proven in it.
    fn verify(
        &self,
        proof: &[u8],
        subject: ManifestId,
        events: Option<&[u8]>,
    ) -> Result<VerifiedLineage, Box<dyn Error>> {
        let status = events.map(Status::decode).transpose()?;
        let mut verifier = Verifier::new(&self.trust, self.at).witnesses(party::WITNESSES);
        if let Some(status) = &status {
            verifier = verifier.known_events(status);
        }
        Ok(verifier.verify(proof, subject)?)
    }

    /// The training set has a proof of its own; which one it is, the model's lineage says.
    fn redistribute(
        &self,
        files: &Files,
        lineage: &VerifiedLineage,
        events: &[u8],
    ) -> Result<(), Box<dyn Error>> {
        let trained_on = lineage
            .activities()
            .find(|activity| activity.payload().kind == ActivityKind::Train)
            .and_then(|activity| activity.payload().used().next());
        let (Some(proof), Some(subject)) = (files.find("training-set.deed")?, trained_on) else {
            println!("Left out: question 2, the model did not come with a training set.");
            return Ok(());
        };
        let lineage = self.verify(&proof, subject, Some(events))?;
        // By the trainer, who bought it: that is a question to his licence as well.
        let verdict = lineage.rights(&ask(Action::Distribute, self.at)?.party(TRAINER));
        print::answer(2, "redistribute the training set", &lineage, &verdict);
        Ok(())
    }
}

/// The use in China, and nothing said of what for.
fn ask_without_purpose(at: Timestamp) -> Result<Use, Box<dyn Error>> {
    Ok(Use::new(Action::DistributeModel).territory("CN".parse()?).at(at))
}

/// A commercial use in China.
fn ask(action: Action, at: Timestamp) -> Result<Use, Box<dyn Error>> {
    Ok(Use::new(action).purpose(Purpose::Commercial).territory("CN".parse()?).at(at))
}
