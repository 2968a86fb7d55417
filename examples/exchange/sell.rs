//! The deal by which the trainer may train: made on the exchange, paid for, filed with the registrar.

use std::error::Error;

use datadeed::StatementId;
use datadeed::manifest::Manifest;
use datadeed::rights::{Action, DeliveryMethod, Duty, DutyKind, Event, Rule, Transaction};

use crate::ledger::{Day, Ledger};
use crate::party::{CURATOR, EXCHANGE, REGISTRAR, TRAINER};

/// The price, in hundredths of a yuan.
const PRICE: u64 = 5_000_000;

/// The curator sells the training set by its registration; seller, buyer and exchange sign the same.
pub(crate) fn sell(
    ledger: &mut Ledger,
    training: &Manifest,
    registration: StatementId,
) -> Result<(), Box<dyn Error>> {
    let owed = |kind| {
        let mut duty = Duty::new(kind);
        duty.payee = Some(CURATOR.to_owned());
        duty
    };
    let mut pay = owed(DutyKind::Pay);
    (pay.amount, pay.currency) = (Some(PRICE), Some("CNY".to_owned()));
    let rule = Rule::permit([
        Action::Train,
        Action::Reproduce,
        Action::Distribute,
        Action::DistributeModel,
        Action::ServeOutputs,
    ])
    .duty(owed(DutyKind::Attribute))
    .duty(owed(DutyKind::Report))
    .duty(Duty::revenue_share(CURATOR, 500))
    .duty(pay.clone());
    let parties = [CURATOR, TRAINER, EXCHANGE];
    let number = "DEMO-T-2026-0001";
    let mut deal = Transaction::new(number, training.id(), parties, DeliveryMethod::Download);
    deal.rules = [rule].into();
    deal.amount = PRICE;
    deal.registration = Some(registration);
    let sold = ledger.sign(CURATOR, Day::SOLD, &deal)?;
    ledger.sign(TRAINER, Day::SOLD, &deal)?;
    ledger.sign(EXCHANGE, Day::SOLD, &deal)?;

    let paid = Event::fulfilment(sold, pay, TRAINER, ledger.time(Day::SOLD));
    ledger.sign(CURATOR, Day::SOLD, &paid)?;
    let filed = Event::licence_filing(registration, sold, ledger.time(Day::SOLD));
    ledger.sign(REGISTRAR, Day::SOLD, &filed)?;
    Ok(())
}
