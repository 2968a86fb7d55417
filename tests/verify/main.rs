//! What a verifier refuses, and what it makes of what it accepts.

mod batches;
mod cache;
mod cases;
mod delegation;
mod events;
mod hops;
mod laws;
mod memory;
mod pack;
mod prune;
mod random;
mod receipts;
mod refused;
mod relations;
mod report;
mod sharing;
mod story;
mod verdicts;
