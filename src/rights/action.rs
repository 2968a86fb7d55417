//! What can be done with data, as a tree.

use crate::cbor::codes;

codes! {
    /// An action in the sense of ODRL, with the `includedIn` tree of its AI vocabulary draft.
    ///
    /// A rule about an action is a rule about everything below it, and a
    /// question about an action is one about every leaf below it: an inner
    /// action is permitted only if all its leaves are, and denied if one is.
    ///
    /// ```text
    /// use
    /// ├── reproduce, format_shift, derive, index, search
    /// ├── data_mine
    /// │   ├── train ── train_generative, train_nongenerative
    /// │   └── infer_input, evaluate, synthesize
    /// ├── distribute, distribute_derived, distribute_model
    /// └── serve_outputs, sublicense, transfer
    /// ```
    ///
    /// ```
    /// use datadeed::rights::Action;
    ///
    /// assert!(Action::TrainGenerative.is_within(Action::DataMine));
    /// assert!(!Action::Distribute.is_within(Action::DataMine));
    /// ```
    pub enum Action("action") in rights {
        /// Computational analysis of any kind.
        DataMine = "data_mine",
        /// Make derived data from it: clean, annotate, merge, translate.
        Derive = "derive",
        /// Pass it on unchanged, whole or in part.
        Distribute = "distribute",
        /// Pass on data derived from it.
        DistributeDerived = "distribute_derived",
        /// Pass on a model trained on it.
        DistributeModel = "distribute_model",
        /// Measure a model with it.
        Evaluate = "evaluate",
        /// Change its technical format only.
        FormatShift = "format_shift",
        /// Build a search index over it.
        Index = "index",
        /// Give it to a model as input.
        InferInput = "infer_input",
        /// Copy it.
        Reproduce = "reproduce",
        /// Search in it.
        Search = "search",
        /// Offer the outputs of a model trained on it.
        ServeOutputs = "serve_outputs",
        /// Grant rights in it to others.
        Sublicense = "sublicense",
        /// Produce synthetic data from it.
        Synthesize = "synthesize",
        /// Train any model.
        Train = "train",
        /// Train a model that generates content.
        TrainGenerative = "train_generative",
        /// Train a model that does not generate content.
        TrainNongenerative = "train_nongenerative",
        /// Assign the rights in it.
        Transfer = "transfer",
        /// Anything at all.
        Use = "use",
    }
}

impl Action {
    /// The action this one is directly included in; `None` for [`Action::Use`].
    pub const fn parent(self) -> Option<Self> {
        match self {
            Self::Use => None,
            Self::TrainGenerative | Self::TrainNongenerative => Some(Self::Train),
            Self::Train | Self::InferInput | Self::Evaluate | Self::Synthesize => {
                Some(Self::DataMine)
            }
            Self::DataMine
            | Self::Derive
            | Self::Distribute
            | Self::DistributeDerived
            | Self::DistributeModel
            | Self::FormatShift
            | Self::Index
            | Self::Reproduce
            | Self::Search
            | Self::ServeOutputs
            | Self::Sublicense
            | Self::Transfer => Some(Self::Use),
        }
    }

    /// Whether this action is `other` or below it.
    pub fn is_within(self, other: Self) -> bool {
        std::iter::successors(Some(self), |action| action.parent()).any(|action| action == other)
    }

    /// The actions at or below this one that have nothing below them.
    pub fn leaves(self) -> impl Iterator<Item = Self> {
        Self::ALL.iter().copied().filter(move |action| {
            action.is_within(self) && !Self::ALL.iter().any(|a| a.parent() == Some(*action))
        })
    }

    /// Whether nothing is below it.
    pub(super) fn is_leaf(self) -> bool {
        self.leaves().eq([self])
    }

    /// Whether it makes something available to others.
    pub(crate) const fn is_distribution(self) -> bool {
        matches!(
            self,
            Self::Distribute
                | Self::DistributeDerived
                | Self::DistributeModel
                | Self::ServeOutputs
                | Self::Sublicense
                | Self::Transfer
        )
    }
}
