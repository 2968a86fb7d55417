//! What may be a name of a file or of a tensor.
//!
//! One validator, used when building, when decoding and when extracting. The
//! [`NameProfile::Portable`] rules are a policy and never part of an id.

mod glance;
#[cfg(feature = "fs")]
mod sorted;
mod together;

use unicase::UniCase;
use unicode_normalization::{UnicodeNormalization as _, is_nfc};
use unicode_properties::{GeneralCategory, UnicodeGeneralCategory as _};

use crate::digest::Role;
use crate::limits::{MAX_COMPONENT, MAX_NAME};
use crate::text::excerpt;
use glance::glance;
#[cfg(feature = "fs")]
pub(crate) use sorted::{Collisions, SortedNames};
pub(crate) use together::check_together;
#[cfg(feature = "fs")]
pub(crate) use together::{Folds, check_alone};

/// How strict to be with file names, beyond what every manifest requires.
///
/// ```
/// use datadeed::Digest;
/// use datadeed::manifest::{FileEntry, Manifest, NameError, NameProfile};
///
/// let file = |name| FileEntry::new(name, 1, Digest::of(b"x"));
/// let files = vec![file("README"), file("readme")];
/// assert!(Manifest::files(files.clone(), NameProfile::Any).is_ok());
/// let (name, other) = ("readme".into(), "README".into());
/// let collision = NameError::Collision { name, other };
/// assert_eq!(Manifest::files(files, NameProfile::Portable), Err(collision.into()));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum NameProfile {
    /// Names that every common file system can hold side by side: NFC, assigned code points, unique under
    /// NFC and case folding, no Windows device names, no trailing dot or space, none of `<>:"|?*`.
    #[default]
    Portable,
    /// Only the rules that every manifest obeys.
    Any,
}

/// A name that a manifest cannot hold.
///
/// ```
/// use datadeed::Digest;
/// use datadeed::manifest::{FileEntry, Manifest, NameError, NameProfile};
///
/// let escape = FileEntry::new("../authorized_keys", 0, Digest::of(b""));
/// let error = NameError::DotComponent { name: "../authorized_keys".into() };
/// assert_eq!(Manifest::files(vec![escape], NameProfile::Any), Err(error.into()));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NameError {
    /// Begins with `/`.
    #[error("{name:?} is absolute")]
    Absolute {
        /// The name, at most 80 bytes of it.
        name: String,
    },
    /// Contains a backslash.
    #[error("{name:?} contains a backslash")]
    Backslash {
        /// The name, at most 80 bytes of it.
        name: String,
    },
    /// Differs from another name only by case or normalisation (profile `portable`).
    #[error("{name:?} and {other:?} collide on file systems that fold case or normalise")]
    Collision {
        /// The name, at most 80 bytes of it.
        name: String,
        /// The name it collides with, at most 80 bytes of it.
        other: String,
    },
    /// Contains a control character.
    #[error("{name:?} contains a control character")]
    Control {
        /// The name, at most 80 bytes of it.
        name: String,
    },
    /// A component is a Windows device name such as `nul` or `com1.txt` (profile `portable`).
    #[error("{name:?} contains a Windows device name")]
    Device {
        /// The name, at most 80 bytes of it.
        name: String,
    },
    /// A component is `.` or `..`.
    #[error("{name:?} contains a dot component")]
    DotComponent {
        /// The name, at most 80 bytes of it.
        name: String,
    },
    /// A component begins with a drive letter and a colon.
    #[error("{name:?} contains a drive letter")]
    Drive {
        /// The name, at most 80 bytes of it.
        name: String,
    },
    /// Two entries have one name.
    #[error("{name:?} occurs twice")]
    Duplicate {
        /// The name, at most 80 bytes of it.
        name: String,
    },
    /// Has no characters, or a component has none.
    #[error("{name:?} has an empty component")]
    Empty {
        /// The name, at most 80 bytes of it.
        name: String,
    },
    /// Is a file, and a directory of another file.
    #[error("{name:?} is both a file and a directory")]
    FileAndDirectory {
        /// The name, at most 80 bytes of it.
        name: String,
    },
    /// Is not in normalisation form C (profile `portable`).
    #[error("{name:?} is not in normalisation form C")]
    NotNfc {
        /// The name, at most 80 bytes of it.
        name: String,
    },
    /// Contains NUL.
    #[error("{name:?} contains NUL")]
    Nul {
        /// The name, at most 80 bytes of it.
        name: String,
    },
    /// Contains one of `<>:"|?*`, which Windows refuses (profile `portable`).
    #[error("{name:?} contains {character:?}, which not every file system holds")]
    Reserved {
        /// The name, at most 80 bytes of it.
        name: String,
        /// The character.
        character: char,
    },
    /// The name or one of its components is too long.
    #[error("{name:?} has {found} bytes, at most {limit} allowed")]
    TooLong {
        /// The name, at most 80 bytes of it.
        name: String,
        /// Its length, or its component's, in bytes.
        found: usize,
        /// [`MAX_NAME`] or [`MAX_COMPONENT`].
        limit: usize,
    },
    /// A component ends with a dot or a space (profile `portable`).
    #[error("{name:?} has a component that ends with a dot or a space")]
    TrailingDotOrSpace {
        /// The name, at most 80 bytes of it.
        name: String,
    },
    /// Contains a code point that the pinned Unicode version does not assign (profile `portable`).
    #[error("{name:?} contains the unassigned code point U+{:04X}", u32::from(*character))]
    Unassigned {
        /// The name, at most 80 bytes of it.
        name: String,
        /// The code point.
        character: char,
    },
}

/// The key of a name in every tree that is keyed by names: `H[name](name)`.
///
/// ```
/// use datadeed::Digest;
/// use datadeed::manifest::{EvidenceBuilder, FileEntry, Manifest, NameProfile, Prover, name_key};
///
/// let file = FileEntry::new("a.txt", 1, Digest::of(b"x"));
/// let manifest = Manifest::files(vec![file.clone()], NameProfile::Portable)?;
/// let prover = Prover::new(&manifest);
/// let mut evidence = EvidenceBuilder::new();
/// evidence.names(&prover, ["a.txt"]);
/// let Ok(evidence) = evidence.build();
/// let opened = evidence.opened_files(manifest.id()).ok_or("nothing is opened")?;
/// assert_eq!(opened.get(&name_key("a.txt")).present(), Some(&file));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn name_key(name: &str) -> [u8; 32] {
    Role::Name.hash(name.as_bytes())
}

/// Any name: 1 to [`MAX_NAME`] bytes, no NUL. All that a tensor's name must obey.
pub(crate) fn check_any(name: &str) -> Result<(), NameError> {
    let shown = || excerpt(name);
    if name.is_empty() {
        return Err(NameError::Empty { name: shown() });
    }
    if name.len() > MAX_NAME {
        return Err(NameError::TooLong { name: shown(), found: name.len(), limit: MAX_NAME });
    }
    if name.contains('\0') {
        return Err(NameError::Nul { name: shown() });
    }
    Ok(())
}

/// A file's name: a relative path that stays below its root on every system.
pub(crate) fn check_file(name: &str) -> Result<(), NameError> {
    check_any(name)?;
    let shown = || excerpt(name);
    if name.starts_with('/') {
        return Err(NameError::Absolute { name: shown() });
    }
    if name.contains('\\') {
        return Err(NameError::Backslash { name: shown() });
    }
    if name.contains(char::is_control) {
        return Err(NameError::Control { name: shown() });
    }
    for component in name.split('/') {
        match component {
            "" => return Err(NameError::Empty { name: shown() }),
            "." | ".." => return Err(NameError::DotComponent { name: shown() }),
            _ => {}
        }
        if component.len() > MAX_COMPONENT {
            let found = component.len();
            return Err(NameError::TooLong { name: shown(), found, limit: MAX_COMPONENT });
        }
        if matches!(component.as_bytes(), [letter, b':', ..] if letter.is_ascii_alphabetic()) {
            return Err(NameError::Drive { name: shown() });
        }
    }
    Ok(())
}

/// The rules of [`NameProfile::Portable`] for one name that [`check_file`] accepts.
pub(crate) fn check_portable(name: &str) -> Result<(), NameError> {
    let shown = || excerpt(name);
    if name.is_ascii() {
        // ASCII is NFC and assigned.
    } else if !is_nfc(name) {
        return Err(NameError::NotNfc { name: shown() });
    } else if let Some(character) =
        name.chars().find(|c| c.general_category() == GeneralCategory::Unassigned)
    {
        return Err(NameError::Unassigned { name: shown(), character });
    }
    if let Some(character) =
        name.chars().find(|c| matches!(c, '<' | '>' | ':' | '"' | '|' | '?' | '*'))
    {
        return Err(NameError::Reserved { name: shown(), character });
    }
    for component in name.split('/') {
        if component.ends_with(['.', ' ']) {
            return Err(NameError::TrailingDotOrSpace { name: shown() });
        }
        if is_device(component) {
            return Err(NameError::Device { name: shown() });
        }
    }
    Ok(())
}

/// Windows reserves these stems whatever the case and the extension.
fn is_device(component: &str) -> bool {
    let stem = component.split('.').next().unwrap_or_default().trim_end_matches(' ');
    let is = |device: &str| stem.eq_ignore_ascii_case(device);
    if ["CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$", "CLOCK$"].into_iter().any(is) {
        return true;
    }
    let Some((kind, port)) = stem.split_at_checked(3) else { return false };
    ["COM", "LPT"].into_iter().any(|port| kind.eq_ignore_ascii_case(port))
        && matches!(
            port,
            "0" | "1" | "2" | "3" | "4" | "5" | "6" | "7" | "8" | "9" | "¹" | "²" | "³"
        )
}

/// Whether a character is drawn over or around the one before it.
pub(crate) fn is_mark(character: char) -> bool {
    let category = character.general_category();
    matches!(category, GeneralCategory::EnclosingMark | GeneralCategory::NonspacingMark)
}

/// NFC and full case folding, as file systems that ignore case compare names.
fn folded(name: &str) -> String {
    if name.is_ascii() {
        return name.to_ascii_lowercase();
    }
    // Folding may denormalise, so normalise on both sides of it.
    let nfc: String = name.nfc().collect();
    UniCase::new(nfc).to_folded_case().nfc().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(names: &[&str], profile: NameProfile) -> Result<(), NameError> {
        let mut sorted = names.to_vec();
        sorted.sort_unstable();
        check_together(&sorted, profile, 1)
    }

    #[test]
    fn paths_that_could_leave_the_root_are_refused() {
        let name = |name: &str| name.to_owned();
        assert_eq!(check_file(""), Err(NameError::Empty { name: name("") }));
        assert_eq!(check_file("/a"), Err(NameError::Absolute { name: name("/a") }));
        assert_eq!(check_file("a//b"), Err(NameError::Empty { name: name("a//b") }));
        assert_eq!(check_file("a/"), Err(NameError::Empty { name: name("a/") }));
        assert_eq!(check_file("../a"), Err(NameError::DotComponent { name: name("../a") }));
        assert_eq!(check_file("a/./b"), Err(NameError::DotComponent { name: name("a/./b") }));
        assert_eq!(check_file("a\\b"), Err(NameError::Backslash { name: name("a\\b") }));
        assert_eq!(check_file("a\nb"), Err(NameError::Control { name: name("a\nb") }));
        assert_eq!(check_file("a\u{85}b"), Err(NameError::Control { name: name("a\u{85}b") }));
        assert_eq!(check_file("C:/a"), Err(NameError::Drive { name: name("C:/a") }));
        assert_eq!(check_file("x/c:a"), Err(NameError::Drive { name: name("x/c:a") }));
        assert_eq!(check_file("a\0"), Err(NameError::Nul { name: name("a\0") }));
        assert_eq!(check_file("...hidden/.x"), Ok(()));
        assert_eq!(check_file("数据/训练集.jsonl"), Ok(()));
    }

    #[test]
    fn lengths_end_at_their_limits() {
        let component = "x".repeat(MAX_COMPONENT);
        assert_eq!(check_file(&component), Ok(()));
        let long = format!("{component}x");
        assert_eq!(
            check_file(&long),
            Err(NameError::TooLong { name: "x".repeat(80), found: 256, limit: 255 })
        );
        assert_eq!(check_any(&"x".repeat(MAX_NAME)), Ok(()));
        assert_eq!(
            check_any(&"x".repeat(MAX_NAME + 1)),
            Err(NameError::TooLong { name: "x".repeat(80), found: 4_097, limit: 4_096 })
        );
    }

    #[test]
    fn a_name_is_a_file_or_a_directory() {
        // "a-" and "a.b" sort between "a" and "a/b".
        assert_eq!(
            files(&["a", "a-", "a.b", "a/b"], NameProfile::Any),
            Err(NameError::FileAndDirectory { name: "a".into() })
        );
        assert_eq!(
            files(&["a", "a"], NameProfile::Any),
            Err(NameError::Duplicate { name: "a".into() })
        );
    }

    #[test]
    fn portable_names_never_collide() {
        let collision = |name: &str, other: &str| {
            Err(NameError::Collision { name: name.into(), other: other.into() })
        };
        assert_eq!(files(&["README", "readme"], NameProfile::Any), Ok(()));
        assert_eq!(
            files(&["README", "readme"], NameProfile::Portable),
            collision("readme", "README")
        );
        assert_eq!(files(&["Dir/a", "dir/b"], NameProfile::Portable), collision("dir", "Dir"));
        assert_eq!(
            files(&["Straße", "STRASSE"], NameProfile::Portable),
            collision("Straße", "STRASSE")
        );
        assert_eq!(files(&["a/b", "a/c", "a0"], NameProfile::Portable), Ok(()));
        assert_eq!(
            files(&["e\u{301}"], NameProfile::Portable),
            Err(NameError::NotNfc { name: "e\u{301}".into() })
        );
        assert_eq!(
            files(&["a\u{378}"], NameProfile::Portable),
            Err(NameError::Unassigned { name: "a\u{378}".into(), character: '\u{378}' })
        );
    }

    #[test]
    fn portable_names_exist_on_windows() {
        for device in ["nul", "a/CON.txt", "com1", "LPT¹", "aux .c"] {
            assert_eq!(
                files(&[device], NameProfile::Portable),
                Err(NameError::Device { name: device.into() })
            );
        }
        for fine in ["nullable", "com", "com10", "console.txt"] {
            assert_eq!(files(&[fine], NameProfile::Portable), Ok(()));
        }
        assert_eq!(
            files(&["a."], NameProfile::Portable),
            Err(NameError::TrailingDotOrSpace { name: "a.".into() })
        );
        assert_eq!(
            files(&["a /b"], NameProfile::Portable),
            Err(NameError::TrailingDotOrSpace { name: "a /b".into() })
        );
        assert_eq!(
            files(&["what?"], NameProfile::Portable),
            Err(NameError::Reserved { name: "what?".into(), character: '?' })
        );
    }

    /// The three Unicode crates must agree on what a character is.
    #[test]
    fn one_unicode_version_is_pinned() {
        let (major, minor, _) = unicode_normalization::UNICODE_VERSION;
        let (other_major, other_minor, _) = unicode_properties::UNICODE_VERSION;
        assert_eq!((u64::from(major), u64::from(minor)), (other_major, other_minor));
    }
}
