//! What must hold of the names of one `files` manifest, each by itself and all together.

use super::{NameError, Profile, check_file, check_portable, folded, glance};
use crate::parallel;
use crate::text::excerpt;

/// Names that one thread checks at a time: some 100 us of work.
const RUN: usize = 2_048;

/// A path, of a file or of a directory, whose folded form is another text.
struct Folding<'a> {
    folded: String,
    path: &'a str,
}

/// Checks the names of all files; `names` are in bytewise order.
///
/// Of several faults the first in that order is reported; collisions come last.
pub(crate) fn check_together(
    names: &[&str],
    profile: Profile,
    threads: usize,
) -> Result<(), NameError> {
    let runs = (0..names.len()).step_by(RUN);
    let mut folding = Vec::new();
    for run in parallel::map(threads, runs, |start| check_run(names, start, profile)) {
        folding.extend(run?);
    }
    check_collisions(names, folding)
}

/// Checks [`RUN`] names from `start`; with [`Profile::Portable`] gives what may collide.
fn check_run<'a>(
    names: &[&'a str],
    start: usize,
    profile: Profile,
) -> Result<Vec<Folding<'a>>, NameError> {
    let mut folding = Vec::new();
    let before = start.checked_sub(1).and_then(|before| names.get(before));
    let mut last = before.copied().unwrap_or_default();
    for name in names.iter().skip(start).take(RUN) {
        let glance = glance(name);
        if !glance.is_plain {
            check_file(name)?;
            if profile == Profile::Portable {
                check_portable(name)?;
            }
        }
        if last == *name {
            return Err(NameError::Duplicate { name: excerpt(name) });
        }
        // Names below one directory stand together, so it is new where the name before is not below it.
        let new = if same_directory(last, name) { "" } else { *name };
        for (slash, _) in new.match_indices('/') {
            let directory = name.get(..slash).unwrap_or_default();
            if is_below(last, directory) {
                continue;
            }
            // A file of that name would stand between the directory's and this one's place.
            if last >= directory && names.binary_search(&directory).is_ok() {
                return Err(NameError::FileAndDirectory { name: excerpt(directory) });
            }
            push_folding(&mut folding, directory, profile, glance.folds);
        }
        push_folding(&mut folding, name, profile, glance.folds);
        last = name;
    }
    Ok(folding)
}

fn push_folding<'a>(folding: &mut Vec<Folding<'a>>, path: &'a str, profile: Profile, folds: bool) {
    if folds && profile == Profile::Portable {
        let folded = folded(path);
        if folded != path {
            folding.push(Folding { folded, path });
        }
    }
}

/// Whether both names have the same text up to their last `/`.
fn same_directory(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    let shared = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    ![a, b].into_iter().any(|name| name.iter().skip(shared).any(|byte| *byte == b'/'))
}

/// Whether `name` is in `directory` or below it.
fn is_below(name: &str, directory: &str) -> bool {
    name.strip_prefix(directory).is_some_and(|rest| rest.starts_with('/'))
}

/// Two paths of one folded form; of the smallest such path that is not the first of its form.
///
/// Directories collide too: `A/x` and `a/y` cannot stand side by side. Of two
/// paths that collide at least one differs from its folded form, so only those
/// and what stands under their folded forms need be looked at.
fn check_collisions(names: &[&str], mut folding: Vec<Folding<'_>>) -> Result<(), NameError> {
    folding.sort_by(|a, b| (&a.folded, a.path).cmp(&(&b.folded, b.path)));
    let mut first: Option<(&str, &str)> = None;
    for same in folding.chunk_by(|a, b| a.folded == b.folded) {
        let Some(folded) = same.first().map(|folding| folding.folded.as_str()) else { continue };
        let mut paths: Vec<&str> = same.iter().map(|folding| folding.path).collect();
        if is_path(names, folded) && super::folded(folded) == folded {
            paths.push(folded);
            paths.sort_unstable();
        }
        if let [other, name, ..] = paths.as_slice()
            && first.is_none_or(|(known, _)| *name < known)
        {
            first = Some((name, other));
        }
    }
    match first {
        None => Ok(()),
        Some((name, other)) => {
            Err(NameError::Collision { name: excerpt(name), other: excerpt(other) })
        }
    }
}

/// Whether a file or directory of this name is among the files.
fn is_path(names: &[&str], path: &str) -> bool {
    if names.binary_search(&path).is_ok() {
        return true;
    }
    let inside = format!("{path}/");
    let at = names.partition_point(|name| *name < inside.as_str());
    names.get(at).is_some_and(|name| name.starts_with(&inside))
}

#[cfg(test)]
mod tests;
