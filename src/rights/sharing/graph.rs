//! Who shares in whose receipts.

use std::collections::{BTreeMap, BTreeSet};

use super::split::{Asked, WHOLE};
use super::{Sharing, SharingError};
use crate::id::StatementId;
use crate::limits::{MAX_SHARE_DEPTH, MAX_SHARES};
use crate::rights::DutyDue;

/// A share that somebody asks.
#[derive(Clone, Copy, Debug)]
pub(super) struct Claim<'a> {
    pub(super) payee: &'a str,
    /// The duty; absent for a pool.
    pub(super) due: Option<&'a DutyDue>,
    /// Without bounds where these are in another currency.
    pub(super) asked: Asked,
    /// Whether it has bounds in another currency.
    pub(super) foreign: bool,
    /// Whether a floor is among these, so that it may be any amount.
    pub(super) open_ended: bool,
}

impl<'a> Claim<'a> {
    pub(super) const fn pool(payee: &'a str, basis_points: u64) -> Self {
        let asked = Asked { basis_points, floor: None, ceiling: None };
        Self { payee, due: None, asked, foreign: false, open_ended: false }
    }

    /// The claim of a duty; `None` where that lacks what it needs.
    pub(super) fn duty(due: &'a DutyDue, currency: &str) -> Option<Self> {
        let duty = &due.duty;
        if !duty.is_sound() {
            return None;
        }
        let (payee, basis_points) = (duty.payee.as_deref()?, duty.basis_points?);
        let foreign = duty.currency.as_deref().is_some_and(|other| other != currency);
        let own = |bound: Option<u64>| bound.filter(|_| !foreign);
        let asked = Asked { basis_points, floor: own(duty.floor), ceiling: own(duty.ceiling) };
        let open_ended = foreign && duty.floor.is_some_and(|least| least > 0);
        Some(Self { payee, due: Some(due), asked, foreign, open_ended })
    }

    /// The order in which units are given out: payee, licence, dataset; then whatever tells two apart.
    fn order(&self) -> impl Ord + use<'a> {
        let due = self.due.map(|due| (due.licence, due.manifest, &due.duty));
        (self.payee, due, self.asked.basis_points)
    }
}

/// Among whom a payee's receipts are split.
#[derive(Debug)]
pub(super) enum Title<'a> {
    /// The claimants by name, with their shares, which add up to the whole.
    Joint(Vec<(&'a str, u64)>),
    /// The payee is no registration, and keeps them.
    None,
    Unknown,
    Unstated,
}

/// The whole, or what one payee receives.
#[derive(Debug)]
pub(super) struct Node<'a> {
    /// The payee; absent for the whole.
    pub(super) name: Option<&'a str>,
    pub(super) claims: Vec<Claim<'a>>,
    pub(super) title: Title<'a>,
    /// To whom it passes on: a node for each claim, then for each claimant.
    pub(super) pays: Vec<usize>,
    /// Whether what it receives comes back to it, or lies between two such.
    pub(super) in_cycle: bool,
}

/// The whole first, then the payees by name.
pub(super) fn nodes<'a>(
    sharing: &'a Sharing,
    claims: Vec<(Option<&'a str>, Claim<'a>)>,
) -> Result<Vec<Node<'a>>, SharingError> {
    let mut names: BTreeSet<&str> = BTreeSet::new();
    let mut titles: BTreeMap<&str, Title<'_>> = BTreeMap::new();
    let mut lines = claims.len();
    let mut next: Vec<&str> =
        claims.iter().flat_map(|(of, claim)| of.iter().copied().chain([claim.payee])).collect();
    while let Some(name) = next.pop() {
        if lines > MAX_SHARES {
            return Err(SharingError::TooManyShares { found: lines, limit: MAX_SHARES });
        }
        if names.insert(name) {
            let title = title(sharing, name);
            if let Title::Joint(claimants) = &title {
                lines = lines.saturating_add(claimants.len());
                next.extend(claimants.iter().map(|(iss, _)| *iss));
            }
            titles.insert(name, title);
        }
    }
    let mut claims_of: BTreeMap<Option<&str>, Vec<Claim<'_>>> = BTreeMap::new();
    for (of, claim) in claims {
        claims_of.entry(of).or_default().push(claim);
    }
    let places = names.iter().zip(1..).map(|(name, place)| (*name, place));
    let places: BTreeMap<&str, usize> = places.collect();
    let node = |name: Option<&'a str>| {
        let mut claims = claims_of.remove(&name).unwrap_or_default();
        claims.sort_by(|a, b| a.order().cmp(&b.order()));
        let title = name.and_then(|name| titles.remove(name)).unwrap_or(Title::None);
        let claimants = match &title {
            Title::Joint(claimants) => claimants.as_slice(),
            Title::None | Title::Unknown | Title::Unstated => &[],
        };
        let payees = claims.iter().map(|claim| claim.payee);
        let payees = payees.chain(claimants.iter().map(|(iss, _)| *iss));
        let pays = payees.filter_map(|payee| places.get(payee).copied()).collect();
        Node { name, claims, title, pays, in_cycle: false }
    };
    let mut nodes: Vec<Node<'a>> =
        std::iter::once(None).chain(names.iter().copied().map(Some)).map(node).collect();
    mark_cycles(&mut nodes);
    Ok(nodes)
}

fn title<'a>(sharing: &'a Sharing, name: &str) -> Title<'a> {
    let Ok(registration) = name.parse::<StatementId>() else { return Title::None };
    let Some(claimants) = sharing.claimants.get(&registration) else { return Title::Unknown };
    match claimants.as_slice() {
        [] => Title::Unknown,
        [(only, None)] => Title::Joint(vec![(only, WHOLE)]),
        several => {
            let mut joint = Vec::with_capacity(several.len());
            for (iss, share) in several {
                let Some(share) = share else { return Title::Unstated };
                joint.push((iss.as_str(), *share));
            }
            let whole = joint.iter().fold(0, |sum: u64, (_, share)| sum.saturating_add(*share));
            if whole == WHOLE { Title::Joint(joint) } else { Title::Unstated }
        }
    }
}

fn mark_cycles(nodes: &mut [Node<'_>]) {
    let onward: Vec<Vec<usize>> = nodes.iter().map(|node| node.pays.clone()).collect();
    let mut back = vec![Vec::new(); nodes.len()];
    for (from, to) in onward.iter().enumerate() {
        for to in to {
            if let Some(back) = back.get_mut(*to) {
                back.push(from);
            }
        }
    }
    let all = vec![true; nodes.len()];
    let left = peel(&back, &onward, peel(&onward, &back, all));
    for (node, left) in nodes.iter_mut().zip(left) {
        node.in_cycle = left;
    }
}

/// Removes whatever nothing that is left leads to, again and again.
fn peel(onward: &[Vec<usize>], back: &[Vec<usize>], mut left: Vec<bool>) -> Vec<bool> {
    let is_left = |left: &[bool], at: usize| left.get(at).copied().unwrap_or_default();
    let incoming = back.iter().map(|from| from.iter().filter(|at| is_left(&left, **at)).count());
    let mut incoming: Vec<usize> = incoming.collect();
    let mut next: Vec<usize> = incoming
        .iter()
        .enumerate()
        .filter_map(|(at, incoming)| (*incoming == 0 && is_left(&left, at)).then_some(at))
        .collect();
    while let Some(at) = next.pop() {
        if let Some(left) = left.get_mut(at) {
            *left = false;
        }
        for to in onward.get(at).into_iter().flatten() {
            if let Some(incoming) = incoming.get_mut(*to) {
                *incoming = incoming.saturating_sub(1);
                if *incoming == 0 && is_left(&left, *to) {
                    next.push(*to);
                }
            }
        }
    }
    left
}

/// The nodes that are in no cycle, each after all from whom it receives.
pub(super) fn order(nodes: &[Node<'_>]) -> Result<Vec<usize>, SharingError> {
    let mut incoming = vec![0_usize; nodes.len()];
    for to in nodes.iter().filter(|node| !node.in_cycle).flat_map(|node| &node.pays) {
        if let Some(incoming) = incoming.get_mut(*to) {
            *incoming = incoming.saturating_add(1);
        }
    }
    let in_cycle = |at: usize| nodes.get(at).is_none_or(|node| node.in_cycle);
    let ready = |at: &usize| incoming.get(*at) == Some(&0) && !in_cycle(*at);
    // Level by level, so that lines stand by their distance from the whole.
    let mut level: Vec<usize> = (0..nodes.len()).filter(ready).collect();
    let (mut order, mut depth) = (Vec::with_capacity(nodes.len()), 0_usize);
    while !level.is_empty() {
        if depth > MAX_SHARE_DEPTH {
            return Err(SharingError::TooDeep { limit: MAX_SHARE_DEPTH });
        }
        let mut deeper = Vec::new();
        for at in &level {
            for to in nodes.get(*at).map_or(&[][..], |node| &node.pays) {
                if let Some(incoming) = incoming.get_mut(*to) {
                    *incoming = incoming.saturating_sub(1);
                    if *incoming == 0 && !in_cycle(*to) {
                        deeper.push(*to);
                    }
                }
            }
        }
        order.append(&mut level);
        deeper.sort_unstable();
        level = deeper;
        depth = depth.saturating_add(1);
    }
    Ok(order)
}
