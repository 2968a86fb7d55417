//! What a verifier refuses, and what it makes of what it accepts.

mod prune;
mod refused;
mod story;
mod verdicts;
