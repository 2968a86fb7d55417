//! Many short lists of numbers in one piece of memory.

/// One list of numbers for each number from 0.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Lists {
    /// Where each list begins in `items`, and where the last one ends.
    starts: Vec<usize>,
    items: Vec<usize>,
}

impl Default for Lists {
    fn default() -> Self {
        Self { starts: vec![0], items: Vec::new() }
    }
}

impl Lists {
    /// None yet, with room for so many lists of an item each.
    pub(crate) fn with_capacity(lists: usize) -> Self {
        let mut starts = Vec::with_capacity(lists.saturating_add(1));
        starts.push(0);
        Self { starts, items: Vec::with_capacity(lists) }
    }

    /// Adds an item to the list that is to be ended next.
    pub(crate) fn add(&mut self, item: usize) {
        self.items.push(item);
    }

    /// Ends a list, of what was added since the last one ended.
    pub(crate) fn end(&mut self) {
        self.starts.push(self.items.len());
    }

    /// Replaces each item by what stands for it, 0 where nothing does.
    pub(crate) fn translate(&mut self, by: &[usize]) {
        for item in &mut self.items {
            *item = by.get(*item).copied().unwrap_or_default();
        }
    }

    /// `count` lists with the second number of each pair in that of its first; pairs keep their order.
    ///
    /// A pair whose first number is not below `count` is in none.
    pub(crate) fn of_pairs(
        count: usize,
        pairs: impl Iterator<Item = (usize, usize)> + Clone,
    ) -> Self {
        // How many items each list has, one place further on; then where each begins.
        let mut starts = vec![0_usize; count.saturating_add(2)];
        for (list, _) in pairs.clone() {
            if let Some(len) = starts.get_mut(list.saturating_add(2)) {
                *len = len.saturating_add(1);
            }
        }
        let mut end = 0_usize;
        for len in &mut starts {
            end = end.saturating_add(*len);
            *len = end;
        }
        let mut items = vec![0; end];
        for (list, item) in pairs {
            if list < count
                && let Some(next) = starts.get_mut(list.saturating_add(1))
                && let Some(slot) = items.get_mut(*next)
            {
                *slot = item;
                *next = next.saturating_add(1);
            }
        }
        starts.truncate(count.saturating_add(1));
        Self { starts, items }
    }

    /// For each number below `count`, which lists it is in.
    pub(crate) fn inverted(&self, count: usize) -> Self {
        Self::of_pairs(count, self.pairs().map(|(list, item)| (item, list)))
    }

    /// The same lists, the last one first.
    pub(crate) fn reversed(&self) -> Self {
        let mut reversed = Self::with_capacity(self.len());
        for list in (0..self.len()).rev() {
            reversed.items.extend_from_slice(self.of(list));
            reversed.end();
        }
        reversed
    }

    /// One of them; empty where there is none of this number.
    pub(crate) fn of(&self, list: usize) -> &[usize] {
        match self.starts.get(list..).unwrap_or_default() {
            [start, end, ..] => self.items.get(*start..*end).unwrap_or_default(),
            _ => &[],
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.starts.len().saturating_sub(1)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &[usize]> + Clone {
        let bounds = self.starts.windows(2);
        bounds.map(|bounds| match bounds {
            [start, end] => self.items.get(*start..*end).unwrap_or_default(),
            _ => &[],
        })
    }

    /// Every item after the number of its list.
    pub(crate) fn pairs(&self) -> impl Iterator<Item = (usize, usize)> + Clone {
        self.iter()
            .enumerate()
            .flat_map(|(list, items)| items.iter().map(move |item| (list, *item)))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    fn lists(vectors: &[Vec<usize>]) -> Lists {
        let mut lists = Lists::default();
        for vector in vectors {
            for item in vector {
                lists.add(*item);
            }
            lists.end();
        }
        lists
    }

    fn vectors() -> impl Strategy<Value = Vec<Vec<usize>>> {
        prop::collection::vec(prop::collection::vec(0..9_usize, 0..5), 0..20)
    }

    proptest! {
        #[test]
        fn lists_are_vectors_of_vectors(mut vectors in vectors()) {
            let lists = lists(&vectors);
            prop_assert_eq!(lists.len(), vectors.len());
            prop_assert!(lists.iter().eq(&vectors));
            for list in 0..=vectors.len() {
                prop_assert_eq!(lists.of(list), vectors.get(list).map_or(&[][..], Vec::as_slice));
            }
            prop_assert_eq!(&Lists::of_pairs(vectors.len(), lists.pairs()), &lists);
            vectors.reverse();
            prop_assert!(lists.reversed().iter().eq(&vectors));
        }

        #[test]
        fn inverted_lists_say_which_lists_a_number_is_in(vectors in vectors()) {
            let inverted = lists(&vectors).inverted(7);
            prop_assert_eq!(inverted.len(), 7);
            for number in 0..7 {
                let list = |(list, vector): (usize, &Vec<usize>)| {
                    vec![list; vector.iter().filter(|item| **item == number).count()]
                };
                let expected: Vec<usize> = vectors.iter().enumerate().flat_map(list).collect();
                prop_assert_eq!(inverted.of(number), expected);
            }
        }

        #[test]
        fn items_are_translated_one_by_one(vectors in vectors()) {
            let mut translated = lists(&vectors);
            translated.translate(&[0, 10, 20, 30]);
            let of = |item: usize| if item < 4 { item * 10 } else { 0 };
            let expected: BTreeSet<usize> = vectors.iter().flatten().map(|item| of(*item)).collect();
            prop_assert_eq!(translated.pairs().map(|(_, item)| item).collect::<BTreeSet<_>>(), expected);
        }
    }
}
