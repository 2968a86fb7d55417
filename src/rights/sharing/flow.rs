//! The amount on its way from payee to payee.

use super::graph::{Claim, Node, Title};
use super::split::{Exceeds, WHOLE, apportion, split};
use super::{Allocation, Entitlement, Line, Withheld, WithheldReason};
use crate::id::StatementId;
use crate::rights::DutyDue;

/// What is known while the nodes are walked.
pub(super) struct Flow {
    allocation: Allocation,
    /// The lines on which each node receives.
    received: Vec<Vec<usize>>,
    /// Whether a node may receive more than its lines say.
    uncertain: Vec<bool>,
}

impl Flow {
    pub(super) fn new(nodes: usize, allocation: Allocation) -> Self {
        Self { allocation, received: vec![Vec::new(); nodes], uncertain: vec![false; nodes] }
    }

    pub(super) fn finish(mut self) -> Allocation {
        self.allocation.withheld.sort_unstable();
        self.allocation
    }

    /// A duty of which nobody knows what it comes to.
    pub(super) fn withhold_duty(
        &mut self,
        due: &DutyDue,
        payee: Option<usize>,
        why: WithheldReason,
    ) {
        let duty = &due.duty;
        self.withhold(Withheld {
            of: duty.of.clone(),
            payee: duty.payee.clone(),
            due: Some(due.clone()),
            amount: 0,
            reason: why,
            owed: None,
        });
        self.doubt(payee);
    }

    fn withhold(&mut self, entry: Withheld) {
        self.allocation.withheld.push(entry);
    }

    fn doubt(&mut self, nodes: impl IntoIterator<Item = usize>) {
        for at in nodes {
            if let Some(uncertain) = self.uncertain.get_mut(at) {
                *uncertain = true;
            }
        }
    }

    /// Whoever shares in what a node receives may receive more than his lines say.
    pub(super) fn doubt_payees(&mut self, node: &Node<'_>) {
        self.doubt(node.pays.iter().copied());
    }

    /// Nothing of what a node receives reaches anybody: neither who shares in it nor its payee.
    pub(super) fn stop(
        &mut self,
        at: usize,
        node: &Node<'_>,
        why: WithheldReason,
        owed: Option<u64>,
    ) {
        for claim in &node.claims {
            self.withhold(withheld(node, Some(claim), 0, why));
        }
        self.doubt(node.pays.iter().copied());
        if at == 0 || !self.lines(at).is_empty() {
            let amount = self.receives(at);
            self.withhold(Withheld { owed, ..withheld(node, None, amount, why) });
        }
        self.keep(at, 0);
    }

    /// Shares what a node receives. Everybody from whom it receives comes before it.
    pub(super) fn pass_on(&mut self, at: usize, node: &Node<'_>) {
        let uncertain = self.uncertain.get(at) == Some(&true);
        let amount = self.receives(at);
        if at > 0 && self.lines(at).is_empty() && !uncertain {
            // Whoever shares in nothing, or in a title of which nobody says anything.
            for claim in &node.claims {
                self.withhold(withheld(node, Some(claim), 0, WithheldReason::NobodyReceives));
            }
            self.doubt(node.pays.iter().take(node.claims.len()).copied());
            return;
        }
        if uncertain && !node.claims.is_empty() {
            return self.stop(at, node, WithheldReason::Base, None);
        }
        // Nobody knows whether it leaves anything to the others.
        if node.claims.iter().any(|claim| claim.open_ended) {
            return self.stop(at, node, WithheldReason::Currency, None);
        }
        let asked: Vec<_> = node.claims.iter().map(|claim| claim.asked).collect();
        let (parts, rest) = match split(amount, &asked) {
            Ok(parts) => parts,
            Err(Exceeds(owed)) => {
                return self.stop(at, node, WithheldReason::Exceeds, Some(owed));
            }
        };
        for ((claim, to), part) in node.claims.iter().zip(&node.pays).zip(parts) {
            if claim.foreign {
                self.withhold(withheld(node, Some(claim), part.amount, WithheldReason::Currency));
                self.doubt([*to]);
                continue;
            }
            self.line(
                *to,
                Line {
                    payee: claim.payee.to_owned(),
                    amount: part.amount,
                    share: part.amount,
                    of: node.name.map(str::to_owned),
                    base: amount,
                    basis_points: claim.asked.basis_points,
                    by: claim.due.map_or(Entitlement::Pool, |due| Entitlement::Duty {
                        manifest: due.manifest,
                        licence: due.licence,
                    }),
                    limit: part.limit,
                    rounding: part.rounding,
                },
            );
        }
        let why = match &node.title {
            Title::Joint(claimants) => {
                self.keep(at, 0);
                return self.split_title(node, rest, claimants, uncertain);
            }
            Title::None => return self.keep(at, rest),
            Title::Unknown => WithheldReason::Claimants,
            Title::Unstated => WithheldReason::Shares,
        };
        self.withhold(withheld(node, None, rest, why));
        self.keep(at, 0);
    }

    fn split_title(
        &mut self,
        node: &Node<'_>,
        rest: u64,
        claimants: &[(&str, u64)],
        uncertain: bool,
    ) {
        let name = node.name.unwrap_or_default();
        let Ok(registration) = name.parse::<StatementId>() else { return };
        let weights: Vec<u64> = claimants.iter().map(|(_, share)| *share).collect();
        let shares = apportion(rest, WHOLE, &weights);
        let pays: Vec<usize> = node.pays.iter().skip(node.claims.len()).copied().collect();
        for (((iss, basis_points), to), (share, rounding)) in
            claimants.iter().zip(&pays).zip(shares)
        {
            self.line(
                *to,
                Line {
                    payee: (*iss).to_owned(),
                    amount: share,
                    share,
                    of: Some(name.to_owned()),
                    base: rest,
                    basis_points: *basis_points,
                    by: Entitlement::Title(registration),
                    limit: None,
                    rounding,
                },
            );
        }
        if uncertain {
            self.doubt(pays);
        }
    }

    fn line(&mut self, to: usize, line: Line) {
        if let Some(received) = self.received.get_mut(to) {
            received.push(self.allocation.lines.len());
        }
        self.allocation.lines.push(line);
    }

    fn lines(&self, at: usize) -> &[usize] {
        self.received.get(at).map_or(&[], Vec::as_slice)
    }

    /// What a node receives, in minor units: at most the amount, as nobody passes on more than that.
    fn receives(&self, at: usize) -> u64 {
        if at == 0 {
            return self.allocation.amount;
        }
        self.shares(at).into_iter().fold(0, u64::saturating_add)
    }

    fn shares(&self, at: usize) -> Vec<u64> {
        let lines = self.lines(at).iter();
        lines.filter_map(|line| self.allocation.lines.get(*line)).map(|line| line.share).collect()
    }

    /// The node keeps this much: each of its lines as much of it as it brought, in proportion.
    fn keep(&mut self, at: usize, rest: u64) {
        if at == 0 {
            self.allocation.retained = rest;
            return;
        }
        let shares = self.shares(at);
        let kept = apportion(rest, self.receives(at), &shares);
        let lines = self.received.get(at).into_iter().flatten();
        for (line, (amount, _)) in lines.zip(kept) {
            if let Some(line) = self.allocation.lines.get_mut(*line) {
                line.amount = amount;
            }
        }
    }
}

/// Of the receipts of a node: what one claim asks, or what is left of them.
fn withheld(
    node: &Node<'_>,
    claim: Option<&Claim<'_>>,
    amount: u64,
    reason: WithheldReason,
) -> Withheld {
    Withheld {
        of: node.name.map(str::to_owned),
        payee: claim.map(|claim| claim.payee.to_owned()),
        due: claim.and_then(|claim| claim.due.cloned()),
        amount,
        reason,
        owed: None,
    }
}
