//! The vectors of `tests/vectors/v1` against `src/guide/datadeed.cddl`.

#[cfg(test)]
mod tests;
