//! Whether recipients of an offer are let do no more than negotiated terms let anybody do.

use super::{Ask, covering, granted, prohibited, reconciled};
use crate::rights::outbound::{Outbound, Recipients};
use crate::rights::read::Meaning;
use crate::rights::{Action, ConflictStrategy, Effect, Licence, Outcome, Reason};

/// What stands against an offer of what came under rules, apart from the rule that lets it be passed on.
///
/// What recipients do with derived data is asked of the rules as if they did it with the data, only that they
/// pass on what is derived. Whoever lets a model be passed on lets it be used, unless he forbids that.
pub(super) fn offered(licence: &Licence, meanings: &[Meaning], ask: &Ask<'_>) -> Outcome {
    let Some(offer) = ask.offer() else { return Outcome::free() };
    let rules = Rules { licence, meanings, ask };
    match ask.action {
        Action::Distribute => rules.cover(offer, |action| action).meet(rules.cover_grant(offer)),
        Action::DistributeDerived => {
            let derived = rules.cover(offer, of_derived);
            if licence.licensees.is_empty() {
                derived
            } else {
                // Who was named may use what is derived; whoever takes it was not.
                derived.meet(rules.cover_grant(offer))
            }
        }
        Action::DistributeModel => rules.leave_outputs(offer),
        Action::Sublicense => rules.cover(offer, |action| action),
        // Nothing that came under them is offered.
        Action::DataMine
        | Action::Derive
        | Action::Evaluate
        | Action::FormatShift
        | Action::Index
        | Action::InferInput
        | Action::Reproduce
        | Action::Search
        | Action::ServeOutputs
        | Action::Synthesize
        | Action::Train
        | Action::TrainGenerative
        | Action::TrainNongenerative
        | Action::Transfer
        | Action::Use => Outcome::free(),
    }
}

/// What is asked of data when recipients do something with what was derived from them.
fn of_derived(action: Action) -> Action {
    if action == Action::Distribute { Action::DistributeDerived } else { action }
}

/// Rules, and the question under what they let something go on.
struct Rules<'a> {
    licence: &'a Licence,
    meanings: &'a [Meaning],
    ask: &'a Ask<'a>,
}

impl Rules<'_> {
    /// Whether they let anybody do what the public licences of an offer let recipients do, each action of
    /// which is asked of them as `asked` says.
    fn cover(&self, offer: &Outbound, asked: impl Fn(Action) -> Action) -> Outcome {
        let each = offer.grants().map(|(action, to)| {
            let action = asked(action);
            let rules = self.permit(action, to).meet(self.forbid(action, to));
            to.against(rules.meet(self.last()))
        });
        each.fold(Outcome::free(), Outcome::meet)
    }

    /// Whether whoever offers under a public licence may grant rights in what came under the rules.
    fn cover_grant(&self, offer: &Outbound) -> Outcome {
        if !offer.is_public() {
            return Outcome::free();
        }
        let ask = Ask { action: Action::Sublicense, outbound: None, ..*self.ask };
        let granted = granted(self.licence, self.meanings, &ask);
        reconciled(self.licence, granted, prohibited(self.licence, self.meanings, &ask))
    }

    /// Whether they forbid nothing that recipients may do with what a model puts out.
    fn leave_outputs(&self, offer: &Outbound) -> Outcome {
        let is_output =
            |action: Action| matches!(action, Action::ServeOutputs | Action::Synthesize);
        let outputs = offer.grants().filter(|(action, _)| is_output(*action));
        let each = outputs.map(|(action, to)| to.against(self.forbid(action, to)));
        each.fold(Outcome::free(), Outcome::meet)
    }

    /// Whether the term lets anybody act for good.
    fn last(&self) -> Outcome {
        match self.licence.until {
            Some(_) => Outcome::deny(Reason::OutboundTooBroad),
            None => Outcome::free(),
        }
    }

    /// What the best permission says of what recipients may do.
    fn permit(&self, action: Action, to: Recipients<'_>) -> Outcome {
        let ask = Ask { action, ..*self.ask };
        covering(self.licence, self.meanings, Effect::Permit, action)
            .map(|rule| to.are_permitted(rule, &ask))
            .reduce(Outcome::best)
            .unwrap_or_else(|| Outcome::deny(Reason::OutboundTooBroad))
    }

    /// What prohibitions that no permission outweighs say of it.
    fn forbid(&self, action: Action, to: Recipients<'_>) -> Outcome {
        let outweigh = self.licence.conflict == Some(ConflictStrategy::Permit);
        if outweigh && !matches!(self.permit(action, to), Outcome::Deny(_)) {
            return Outcome::free();
        }
        let ask = Ask { action, ..*self.ask };
        covering(self.licence, self.meanings, Effect::Prohibit, action)
            .map(|rule| to.are_prohibited(rule.conditions, &ask))
            .fold(Outcome::free(), Outcome::meet)
    }
}
