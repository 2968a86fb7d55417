//! Guides: how the crate is used, what it proves, and why it is as it is.
//!
//! | guide | answers |
//! |---|---|
//! | [`quick_start`] | from a directory to a verdict in one program |
//! | [`verify`] | may I use this model? |
//! | [`rights`] | what is a verdict an answer to, and how does it come about? |
//! | [`attach`] | how does my model carry where it came from? |
//! | [`sell`] | how do I offer a dataset, and how does a buyer check it? |
//! | [`exchange`] | where is each task of a data exchange done? |
//! | [`run_a_registry`] | how do I keep a log, and what do its clients keep? |
//! | [`evidence`] | how do I show what is in a dataset, and what is not? |
//! | [`preferences`] | what do publishers tell machines, and how is it read? |
//! | [`proven`] | what is proven, and what is not? |
//! | [`threats`] | what may somebody try, and what stops it? |
//! | [`size_and_time`] | how large are manifests and proofs, and how long do they take? |
//! | [`design`] | why is it so? |
//! | [`format`](mod@self::format) | what does each byte mean? |

#[doc = include_str!("guide/quick_start.md")]
pub mod quick_start {}

#[doc = include_str!("guide/verify.md")]
pub mod verify {}

#[doc = include_str!("guide/rights.md")]
pub mod rights {}

#[doc = include_str!("guide/attach.md")]
pub mod attach {}

#[doc = include_str!("guide/sell.md")]
pub mod sell {}

#[doc = include_str!("guide/exchange.md")]
pub mod exchange {}

#[doc = include_str!("guide/run_a_registry.md")]
pub mod run_a_registry {}

#[doc = include_str!("guide/evidence.md")]
pub mod evidence {}

#[doc = include_str!("guide/preferences.md")]
pub mod preferences {}

#[doc = include_str!("guide/proven.md")]
pub mod proven {}

#[doc = include_str!("guide/threats.md")]
pub mod threats {}

#[doc = include_str!("guide/size_and_time.md")]
pub mod size_and_time {}

#[doc = include_str!("guide/design.md")]
pub mod design {}

pub mod format;
