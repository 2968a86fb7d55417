//! Files that stop or fail at every single operation in turn.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;

use super::*;
use crate::log::VerifiedCheckpoint;

/// What becomes of the operation that fails.
#[derive(Clone, Copy, Debug)]
enum Fault {
    /// It did not happen.
    Before,
    /// It happened.
    After,
    /// Half of the bytes were written; every other operation happened.
    Torn,
}

/// What becomes of everything then.
#[derive(Clone, Copy, Debug)]
enum Crash {
    /// Nothing: the one operation failed, and the process sees it.
    None,
    /// The process is killed; the files stay as they are.
    Kill,
    /// The power fails: what was not flushed is gone.
    Power,
    /// The power fails: names are on the disk before the content of the files is.
    PowerAfterNames,
}

const FAULTS: [Fault; 3] = [Fault::Before, Fault::After, Fault::Torn];
const CRASHES: [Crash; 4] = [Crash::None, Crash::Kill, Crash::Power, Crash::PowerAfterNames];

/// A disk with a cache before it.
#[derive(Debug, Default)]
struct Model {
    content: RefCell<Vec<Content>>,
    names: RefCell<Names>,
    flushed: RefCell<Names>,
    left: Cell<usize>,
    failure: Cell<Option<(Fault, Crash)>>,
}

#[derive(Clone, Debug, Default)]
struct Content {
    now: Vec<u8>,
    flushed: Vec<u8>,
}

/// Files with the number of their content, and directories.
type Names = BTreeMap<PathBuf, Option<usize>>;

impl Model {
    fn operation<T>(
        &self,
        whole: impl FnOnce(&mut Names, &mut Vec<Content>) -> io::Result<T>,
    ) -> io::Result<T> {
        self.operation_or(None::<fn(&mut Vec<Content>)>, whole)
    }

    fn operation_or<T>(
        &self,
        torn: Option<impl FnOnce(&mut Vec<Content>)>,
        whole: impl FnOnce(&mut Names, &mut Vec<Content>) -> io::Result<T>,
    ) -> io::Result<T> {
        let (mut names, mut content) = (self.names.borrow_mut(), self.content.borrow_mut());
        let stopped = || Err(io::Error::other("stopped"));
        match (self.left.get(), self.failure.get()) {
            (0, _) => stopped(),
            (1, Some((fault, crash))) => {
                match (fault, torn) {
                    (Fault::Before, _) => {}
                    (Fault::Torn, Some(torn)) => torn(&mut content),
                    (Fault::Torn | Fault::After, _) => drop(whole(&mut names, &mut content)),
                }
                self.left.set(if matches!(crash, Crash::None) { usize::MAX } else { 0 });
                self.failure.set(None);
                stopped()
            }
            (left, _) => {
                self.left.set(left - 1);
                whole(&mut names, &mut content)
            }
        }
    }

    /// What the next process finds.
    fn restart(&self, crash: Crash) {
        self.left.set(usize::MAX);
        self.failure.set(None);
        if matches!(crash, Crash::Power) {
            self.names.borrow_mut().clone_from(&self.flushed.borrow());
        }
        if matches!(crash, Crash::Power | Crash::PowerAfterNames) {
            for content in &mut *self.content.borrow_mut() {
                content.now.clone_from(&content.flushed);
            }
        }
    }
}

fn add(path: &Path, names: &mut Names, content: &mut Vec<Content>) -> io::Result<usize> {
    name(names, path, Some(content.len()))?;
    content.push(Content::default());
    Ok(content.len() - 1)
}

fn is_below(path: &Path, directory: &Path) -> bool {
    path.parent() == Some(directory)
}

fn missing() -> io::Error {
    io::ErrorKind::NotFound.into()
}

fn name(names: &mut Names, path: &Path, entry: Option<usize>) -> io::Result<()> {
    let parent = path.parent().unwrap();
    if parent != Path::new("/") && names.get(parent) != Some(&None) {
        return Err(missing());
    }
    names.insert(path.to_owned(), entry);
    Ok(())
}

impl Files for &Model {
    type File = usize;

    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        self.operation(|names, content| {
            let number = names.get(path).copied().flatten().ok_or_else(missing)?;
            Ok(content[number].now.clone())
        })
    }

    fn list(&self, directory: &Path) -> io::Result<Vec<PathBuf>> {
        self.operation(|names, _| {
            Ok(names.keys().filter(|path| is_below(path, directory)).cloned().collect())
        })
    }

    fn make_path(&self, directory: &Path) -> io::Result<()> {
        self.operation(|names, _| name(names, directory, None))
    }

    fn make_directory(&self, directory: &Path) -> io::Result<()> {
        self.operation(|names, _| {
            if names.contains_key(directory) {
                return Err(io::ErrorKind::AlreadyExists.into());
            }
            name(names, directory, None)
        })
    }

    fn create(&self, path: &Path) -> io::Result<usize> {
        self.operation(|names, content| add(path, names, content))
    }

    fn claim(&self, path: &Path) -> io::Result<usize> {
        self.operation(|names, content| {
            if names.contains_key(path) {
                return Err(io::ErrorKind::AlreadyExists.into());
            }
            add(path, names, content)
        })
    }

    fn write(&self, file: &mut usize, bytes: &[u8]) -> io::Result<()> {
        let number = *file;
        let half = &bytes[..bytes.len() / 2];
        let torn = |content: &mut Vec<Content>| content[number].now.extend(half);
        self.operation_or(Some(torn), |_, content| {
            content[number].now.extend(bytes);
            Ok(())
        })
    }

    fn flush(&self, file: &usize) -> io::Result<()> {
        self.operation(|_, content| {
            content[*file].flushed = content[*file].now.clone();
            Ok(())
        })
    }

    fn flush_directory(&self, directory: &Path) -> io::Result<()> {
        self.operation(|names, _| {
            let mut flushed = self.flushed.borrow_mut();
            flushed.retain(|path, _| !is_below(path, directory));
            let below = names.iter().filter(|(path, _)| is_below(path, directory));
            flushed.extend(below.map(|(path, entry)| (path.clone(), *entry)));
            Ok(())
        })
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.operation(|names, _| {
            let entry = names.remove(from).ok_or_else(missing)?;
            name(names, to, entry)
        })
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        self.operation(|names, _| names.remove(path).map(drop).ok_or_else(missing))
    }
}

const BATCHES: [u8; 3] = [2, 0, 1];

/// What a party was told.
#[derive(Default)]
struct Told {
    statements: u8,
    checkpoints: Vec<VerifiedCheckpoint>,
}

fn opened(model: &Model) -> Result<Directory<&Model>, DirectoryError> {
    let root = || PathBuf::from("/log");
    match Directory::open(model, root()) {
        Err(DirectoryError::Locked { .. }) => Directory::take_over(model, root()),
        other => other,
    }
}

/// One life: everything that nobody was told of is registered.
fn live(
    model: &Model,
    statements: &[Envelope],
    told: &mut Told,
) -> Result<(), Box<dyn std::error::Error>> {
    let store = opened(model)?;
    let mut log = if store.checkpoint()?.is_some() {
        Log::open(store, registry(), &origin())?
    } else {
        assert!(told.checkpoints.is_empty(), "the log is gone");
        Log::create(store, registry(), &LogPolicy::new(origin()), now())?
    };
    for kept in &told.checkpoints {
        let proof = log.prove_consistency(kept.size(), log.checkpoint().size())?;
        assert_eq!(proof.verify(kept.root(), log.checkpoint().root()), Ok(()));
    }
    let own = key().public_key();
    let policy = move |_: &Envelope, _: Timestamp| -> Result<PublicKey, Refusal> { Ok(own) };
    for batch in BATCHES {
        let end = usize::from(told.statements + batch).min(statements.len());
        for statement in &statements[usize::from(told.statements)..end] {
            log.append(statement, &policy, now())?;
        }
        told.checkpoints.push(log.publish(now())?.checkpoint);
        told.statements = u8::try_from(end).unwrap();
    }
    Ok(())
}

/// Everything that was told is there, and nothing that is not whole.
fn check(model: &Model, statements: &[Envelope]) {
    let store = opened(model).unwrap();
    let in_root = (&model).list(Path::new("/log")).unwrap();
    let names: Vec<_> = in_root.iter().map(|path| path.file_name().unwrap()).collect();
    assert_eq!(names, ["checkpoint", "lock", "statement", "tile"]);
    let log = Log::open(store, registry(), &origin()).unwrap();
    let found: Vec<Envelope> =
        (1..log.checkpoint().size()).map(|index| log.statement(index).unwrap()).collect();
    // One that was published and not acknowledged is registered again.
    let mut rest = found.iter();
    assert!(statements.iter().all(|one| rest.any(|other| other == one)), "one is gone");
    for (index, statement) in (1..).zip(&found) {
        let receipt = log.receipt(index, now()).unwrap();
        assert!(receipt.verify(statement, &key().public_key()).is_ok());
    }
}

fn statements() -> Vec<Envelope> {
    (0..BATCHES.iter().sum()).map(statement).collect()
}

#[test]
fn nothing_that_was_told_is_lost_wherever_a_file_operation_stops_or_fails() {
    let statements = statements();
    let (model, plenty) = (Model::default(), 1_000_000);
    model.left.set(plenty);
    live(&model, &statements, &mut Told::default()).unwrap();
    let operations = plenty - model.left.get();
    assert!(operations > 100, "only {operations} operations");
    for stop in 1..=operations {
        for (fault, crash) in FAULTS.iter().flat_map(|fault| CRASHES.map(|crash| (*fault, crash))) {
            let (model, mut told) = (Model::default(), Told::default());
            model.left.set(stop);
            model.failure.set(Some((fault, crash)));
            // What fails when the lock is removed at the end, nobody is told of.
            let first = live(&model, &statements, &mut told);
            let is_done = told.checkpoints.len() == BATCHES.len();
            assert_eq!(first.is_ok(), is_done, "{stop} {fault:?} {crash:?}");
            model.restart(crash);
            live(&model, &statements, &mut told)
                .unwrap_or_else(|error| panic!("{stop} {fault:?} {crash:?}: {error:?}"));
            check(&model, &statements);
        }
    }
}
