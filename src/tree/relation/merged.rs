//! Several trees as one: all their rows, each counted as often as they have it together.

use std::collections::BTreeSet;
use std::marker::PhantomData;

use super::{Front, Place, What, pass};
use crate::tree::{Region, Summary};

/// The sum of several trees, each taken some times.
///
/// Where one of them stands alone, and once, its subtrees are those of the sum. Where
/// several meet, no summary tells what they have together until they are opened.
pub(crate) struct Merged<F> {
    parts: Vec<(F, u64)>,
    /// The parts that are not in `here`, by their next place.
    ahead: BTreeSet<(Region, usize)>,
    /// The parts whose next place is in `lead`; without that those that have moved.
    here: Vec<usize>,
    lead: Option<Region>,
    /// What those in `here` have still to pass over.
    passed: Option<Region>,
}

impl<F: Front> Merged<F> {
    /// Trees, each with how often it counts, at least once.
    pub(crate) fn new(parts: Vec<(F, u64)>) -> Self {
        let here = (0..parts.len()).collect();
        Self { parts, ahead: BTreeSet::new(), here, lead: None, passed: None }
    }

    /// The trees in their order.
    pub(crate) fn into_parts(self) -> impl Iterator<Item = F> {
        self.parts.into_iter().map(|(part, _)| part)
    }

    /// The region that begins first, of all that begin there the widest.
    fn lead(&mut self) -> Result<Option<Region>, F::Error> {
        if self.lead.is_none() {
            for index in self.here.drain(..) {
                let Some((part, _)) = self.parts.get_mut(index) else { continue };
                if let Some(passed) = &self.passed {
                    pass(part, passed)?;
                }
                if let Some(place) = part.place()? {
                    self.ahead.insert((place.region, index));
                }
            }
            self.passed = None;
            let Some((lead, _)) = self.ahead.first().copied() else { return Ok(None) };
            while let Some((region, index)) = self.ahead.first().copied()
                && lead.covers(&region)
            {
                self.ahead.pop_first();
                self.here.push(index);
            }
            self.lead = Some(lead);
        }
        Ok(self.lead)
    }
}

impl<F: Front> Front for Merged<F> {
    type Error = F::Error;

    fn place(&mut self) -> Result<Option<Place>, F::Error> {
        let Some(region) = self.lead()? else { return Ok(None) };
        let mut all: Option<What> = None;
        for index in &self.here {
            let Some((part, times)) = self.parts.get_mut(*index) else { continue };
            let what = match part.place()? {
                Some(place) if place.region == region => place.what.times(*times),
                _ => What::Mixed,
            };
            all = Some(all.map_or(what, |before| before.and(what)));
        }
        Ok(all.map(|what| Place { region, what }))
    }

    fn pass(&mut self) {
        self.passed = self.lead.take();
    }

    fn open(&mut self) -> Result<bool, F::Error> {
        let Some(lead) = self.lead()? else { return Ok(false) };
        let mut opened = false;
        for index in &self.here {
            let Some((part, _)) = self.parts.get_mut(*index) else { continue };
            if part.place()?.is_some_and(|place| place.region == lead && place.what.is_closed()) {
                opened |= part.open()?;
            }
        }
        if opened {
            self.lead = None;
        }
        Ok(opened)
    }

    /// Where one part stands alone, and once, what it has.
    fn closed(&self, region: &Region) -> Option<Summary> {
        let is_here = self.lead.is_some_and(|lead| region.covers(&lead));
        let here = self.here.iter().filter(|_| is_here);
        let ahead = self.ahead.range((*region, 0)..);
        let ahead = ahead.take_while(|(at, _)| region.covers(at)).map(|(_, index)| index);
        let mut all = here.chain(ahead);
        match (self.parts.get(*all.next()?)?, all.next()) {
            ((part, 1), None) => part.closed(region),
            _ => None,
        }
    }
}

impl What {
    /// The same as often as that.
    fn times(self, times: u64) -> Self {
        match self {
            Self::Leaf { row, count } => {
                count.checked_mul(times).map_or(Self::Mixed, |count| Self::Leaf { row, count })
            }
            Self::Subtree(_) if times == 1 => self,
            Self::Subtree(_) | Self::Mixed => Self::Mixed,
        }
    }

    /// Both at one place. A digest with two sizes is a lie, of which nothing is told.
    fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Leaf { row, count }, Self::Leaf { row: same, count: more }) if row == same => {
                count.checked_add(more).map_or(Self::Mixed, |count| Self::Leaf { row, count })
            }
            _ => Self::Mixed,
        }
    }
}

/// A tree of which the root alone is known.
pub(crate) struct Root<E> {
    root: Option<Summary>,
    error: PhantomData<E>,
}

impl<E> Root<E> {
    /// The root of a tree that has rows.
    pub(crate) fn new(root: Summary) -> Self {
        Self { root: Some(root), error: PhantomData }
    }
}

impl<E> Front for Root<E> {
    type Error = E;

    fn place(&mut self) -> Result<Option<Place>, E> {
        let place = |root| Place { region: Region::ALL, what: What::Subtree(root) };
        Ok(self.root.map(place))
    }

    fn pass(&mut self) {
        self.root = None;
    }

    fn open(&mut self) -> Result<bool, E> {
        Ok(false)
    }

    fn closed(&self, region: &Region) -> Option<Summary> {
        self.root.filter(|_| *region == Region::ALL)
    }
}

impl<F: Front + ?Sized> Front for Box<F> {
    type Error = F::Error;

    fn place(&mut self) -> Result<Option<Place>, F::Error> {
        (**self).place()
    }

    fn pass(&mut self) {
        (**self).pass();
    }

    fn open(&mut self) -> Result<bool, F::Error> {
        (**self).open()
    }

    fn closed(&self, region: &Region) -> Option<Summary> {
        (**self).closed(region)
    }
}
