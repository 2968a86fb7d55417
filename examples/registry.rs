//! A log that is killed while it registers, goes on, and proves what it has: `cargo run --release --example registry -- DIR`.

mod common;

use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader, Write as _};
use std::ops::Range;
use std::path::Path;
use std::process::{Child, Command, ExitCode, Stdio};
use std::sync::mpsc::sync_channel;
use std::thread;
use std::time::Duration;

use common::{Args, Failure, Refused, date};
use datadeed::digest::Digest;
use datadeed::id::Origin;
use datadeed::key::{PublicKey, SigningKey};
use datadeed::log::{
    DirectoryError, DirectoryStore, Log, LogKey, LogPolicy, Receipt, Refusal, SignedCheckpoint,
    Store as _, VerifiedCheckpoint, advance,
};
use datadeed::manifest::{Dataset, ScanMethod};
use datadeed::statement::{Envelope, Issuer, Kind, Payload as _, Signed};
use datadeed::trust::TrustState;
use datadeed::{ManifestId, Timestamp};
use indicatif::{HumanCount, ProgressBar, ProgressStyle};

const HELP: &str = "\
Registers statements in a log below a directory, as a registry does in its own process: one process
writes, is killed at some point, another goes on to the end; then the log proves what it has to
somebody who knows its key and kept what was told him, in DIR.seen from one run to the next.

Usage: registry DIR [OPTIONS]

DIR is made, or holds a log of this example, which then grows if it has fewer than N. The statements are generated, signed
by three suppliers with keys from seeds; nobody should believe any of them.

Options:
  --count N       how many statements [default: 100000]
  --batch N       how many are published at once [default: 1000]
  --serve         be the writer: go on to N statements, and print each checkpoint as a JSON text
  -h, --help      print this

The last line on standard output is `registered N, of which everything acknowledged is proven`: each of
the N statements was read back, and a checkpoint of each publication that was acknowledged, before
the kill and after it and at the end of the run before, was proven to be part of the log.
Exit codes: 0 done; 1 something acknowledged is missing, or a proof does not verify; 2 usage, unreadable.";

const SUPPLIERS: [&str; 3] =
    ["did:web:east.example", "did:web:north.example", "did:web:south.example"];

/// The one who keeps the log has the seed after those of the suppliers.
const REGISTRY: u8 = 3;

fn main() -> ExitCode {
    common::run(HELP, registry)
}

fn registry(args: &Args) -> Result<(), Failure> {
    let [directory] = args.operands(["DIR"])?;
    let job = Job {
        directory,
        count: args.find("count")?.unwrap_or(100_000),
        batch: args.find("batch")?.unwrap_or(1_000),
    };
    if job.count == 0 || job.batch == 0 {
        return Err("--count, --batch: one at least".into());
    }
    if args.has("serve") { job.serve() } else { job.watch() }
}

/// What there is to do.
struct Job<'a> {
    directory: &'a Path,
    count: u64,
    batch: usize,
}

// The registry.

type DirectoryLog = Log<DirectoryStore, SigningKey>;

fn issuer(iss: &str, seed: u8) -> Issuer<SigningKey> {
    Issuer::new(iss, SigningKey::from_seed(&[seed; 32]))
}

fn keeper() -> Issuer<SigningKey> {
    issuer("did:web:registry.example", REGISTRY)
}

fn origin() -> Result<Origin, Failure> {
    Ok(Origin::new("registry.example/log")?)
}

/// The suppliers, each with its key.
fn suppliers() -> Vec<Issuer<SigningKey>> {
    SUPPLIERS.into_iter().zip(0..).map(|(iss, seed)| issuer(iss, seed)).collect()
}

/// What a supplier sent as number `number`, from 1; the log's policy has place 0.
fn statement(suppliers: &[Issuer<SigningKey>], number: u64) -> Result<Envelope, Failure> {
    let supplier = &suppliers[usize::try_from(number)? % suppliers.len()];
    let manifest = ManifestId::from_bytes(*Digest::of(&number.to_le_bytes()).as_bytes());
    let dataset = Dataset::new(manifest, format!("Dataset {number}"), ScanMethod::Full);
    let signed = dataset.sign(supplier, "2026-11-03T00:00:00Z".parse()?)?;
    Ok(signed.envelope().clone())
}

/// Datasets of the suppliers, with the keys that they are known by; whether they signed, the log sees.
fn admit(known: &[(String, PublicKey)], statement: &Envelope) -> Result<PublicKey, Refusal> {
    let header = statement.header();
    if header.kind != Kind::Dataset {
        return Err(Refusal::new("datasets only"));
    }
    let supplier = known.iter().find(|(iss, _)| *iss == header.issuer);
    supplier.map(|(_, key)| *key).ok_or_else(|| Refusal::new("no supplier"))
}

impl Job<'_> {
    /// Goes on from wherever the log is to the end, and prints what was published when it was.
    fn serve(&self) -> Result<(), Failure> {
        let store = DirectoryStore::open(self.directory)?;
        let mut log = if store.checkpoint()?.is_some() {
            Log::open(store, keeper(), &origin()?)?
        } else {
            Log::create(store, keeper(), &LogPolicy::new(origin()?), date::now()?)?
        };
        acknowledge(log.checkpoint())?;
        let suppliers = suppliers();
        let known: Vec<(String, PublicKey)> =
            suppliers.iter().map(|one| (one.iss().to_owned(), one.public_key())).collect();
        let policy = |statement: &Envelope, _: Timestamp| admit(&known, statement);
        let (sender, received) = sync_channel(self.batch);
        let wanted = log.checkpoint().size()..=self.count;
        thread::scope(|scope| {
            // The suppliers sign while the registry verifies.
            scope.spawn(move || {
                for number in wanted {
                    let sent = statement(&suppliers, number).map_err(|error| error.to_string());
                    if sender.send(sent).is_err() {
                        break; // the registry failed, and says why
                    }
                }
            });
            for statement in received {
                log.append(&statement?, &policy, date::now()?)?;
                if log.pending() == self.batch {
                    acknowledge(&log.publish(date::now()?)?.checkpoint)?;
                }
            }
            if log.pending() > 0 {
                acknowledge(&log.publish(date::now()?)?.checkpoint)?;
            }
            Ok(())
        })
    }
}

/// Tells the suppliers that what they sent is in the log: never before it is.
fn acknowledge(checkpoint: &VerifiedCheckpoint) -> Result<(), Failure> {
    let note = String::from_utf8(checkpoint.signed().to_bytes())?;
    let mut out = std::io::stdout().lock();
    writeln!(out, "{}", serde_json::to_string(&note)?)?;
    Ok(out.flush()?)
}

// Those who rely on it.

impl Job<'_> {
    /// Has the log written, by a process that is killed and by another, and holds it to its word.
    fn watch(&self) -> Result<(), Failure> {
        let pinned = LogKey::new(origin()?, keeper().public_key());
        let seen = self.directory.with_extension("seen");
        let mut state = remembered(&seen, &pinned)?;
        let mut told: Vec<_> =
            state.last_checkpoint(pinned.origin()).cloned().into_iter().collect();
        let known = told.last().map_or(0, VerifiedCheckpoint::size);
        if known > 0 {
            println!("known from the run before: {} statements", HumanCount(known - 1));
        }

        let mut first = Writer::start(self, &pinned)?;
        let deadline = self.count / 4 + random(self.count / 2)?;
        told.extend(first.follow(deadline)?);
        // Wherever it is by now: signing, writing, between two publications.
        thread::sleep(Duration::from_millis(random(20)?));
        told.extend(first.kill()?);
        let acknowledged = last(&told)?.size();
        println!("killed when {} statements were acknowledged", HumanCount(acknowledged - 1));

        let log = self.reopen(&pinned)?;
        let now = log.checkpoint().size();
        println!("reopened with {} statements", HumanCount(now - 1));
        held_to_its_word(&log, &told)?;
        // What only a writer could tell: every statement is there, byte for byte.
        everything_is_there(&log, 1..acknowledged)?;
        if now > self.count {
            println!("the log was done: nothing is left for another process");
        }
        drop(log);

        let mut second = Writer::start(self, &pinned)?;
        told.extend(second.follow(u64::MAX)?);
        second.wait()?;
        let log = Log::open(DirectoryStore::open(self.directory)?, keeper(), &origin()?)?;
        let size = log.checkpoint().size();
        println!("went on to {} statements", HumanCount(size - 1));
        if size <= self.count || last(&told)? != log.checkpoint() {
            return Err(Refused::new("refused: not all is there, or another than was told").into());
        }
        held_to_its_word(&log, &told)?;
        everything_is_there(&log, acknowledged..size)?;
        prove(&log, &told, acknowledged)?;
        let link = log.prove_consistency(known.max(1), size)?;
        state.checkpoint(log.checkpoint(), Some(&link)).map_err(Refused::because)?;
        std::fs::write(&seen, state.to_bytes())?;
        println!("registered {}, of which everything acknowledged is proven", size - 1);
        Ok(())
    }

    /// The log that the killed process left, which nobody else writes to: this process started it.
    fn reopen(&self, pinned: &LogKey) -> Result<DirectoryLog, Failure> {
        let store = match DirectoryStore::open(self.directory) {
            Err(DirectoryError::Locked { .. }) => {
                println!("the lock of the killed process is taken over");
                DirectoryStore::take_over(self.directory)?
            }
            // It was done before it was killed.
            other => other?,
        };
        Ok(Log::open(store, keeper(), pinned.origin())?)
    }
}

/// Has statements proven that came before, around and after the kill, and the last one.
fn prove(log: &DirectoryLog, told: &[VerifiedCheckpoint], killed: u64) -> Result<(), Failure> {
    let latest = last(told)?;
    let suppliers = suppliers();
    let end = latest.size() - 1;
    let places = [1, killed / 2, killed - 1, killed, killed.midpoint(end), end];
    let places: BTreeSet<u64> = places.into_iter().filter(|one| (1..=end).contains(one)).collect();
    for place in places {
        let sent = statement(&suppliers, place)?;
        let bytes = log.receipt(place, date::now()?)?.as_bytes().to_vec();

        // The supplier has the statement, the checkpoint, the pinned key and these bytes.
        let receipt = Receipt::decode(&bytes)?;
        let verified = receipt.verify(&sent, latest.log().key()).map_err(Refused::because)?;
        if verified.index_at(latest) != Some(place) {
            return Err(Refused::new(format!("refused: {} is elsewhere", sent.id())).into());
        }
        let other = statement(&suppliers, place + 1)?;
        if receipt.verify(&other, latest.log().key()).is_ok() {
            return Err(Refused::new("refused: one receipt for two statements").into());
        }
        let when = if place < killed { "before" } else { "after" };
        println!("statement {place}, {when} the kill: receipt of {} bytes verifies", bytes.len());
    }
    // The log begins with its policy, which is a statement like any other.
    Signed::<LogPolicy>::decode(log.statement(0)?.as_bytes())?.verify(latest.log().key())?;
    Ok(())
}

/// Whether the log extends everything that it ever said of itself.
fn held_to_its_word(log: &DirectoryLog, told: &[VerifiedCheckpoint]) -> Result<(), Failure> {
    let seen = log.checkpoint();
    for kept in told {
        if kept.size() > seen.size() {
            let (known, found) = (kept.size(), seen.size());
            return Err(Refused::new(format!("refused: {found} entries, {known} are known")).into());
        }
        let proof = log.prove_consistency(kept.size(), seen.size())?;
        advance(kept, seen, Some(&proof)).map_err(Refused::because)?;
    }
    println!("extends all {} checkpoints that were acknowledged", told.len());
    Ok(())
}

/// What the one who relies on the log kept of the runs before.
fn remembered(path: &Path, pinned: &LogKey) -> Result<TrustState, Failure> {
    let mut state = match std::fs::read(path) {
        Ok(bytes) => TrustState::decode(&bytes)?,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => TrustState::new(date::now()?),
        Err(error) => return Err(error.into()),
    };
    state.pin(pinned)?;
    Ok(state)
}

/// Whether the log has what was sent to it, in the order in which it was.
fn everything_is_there(log: &DirectoryLog, places: Range<u64>) -> Result<(), Failure> {
    let (suppliers, from, end) = (suppliers(), places.start, places.end);
    if from >= end {
        return Ok(());
    }
    let bar = bar("checking", places.end);
    for place in places {
        bar.set_position(place);
        if log.statement(place)? != statement(&suppliers, place)? {
            return Err(Refused::new(format!("refused: another statement at {place}")).into());
        }
    }
    bar.finish_and_clear();
    println!("has every statement from {} to {}", HumanCount(from), HumanCount(end - 1));
    Ok(())
}

fn last(told: &[VerifiedCheckpoint]) -> Result<&VerifiedCheckpoint, Failure> {
    told.last().ok_or_else(|| "nothing was acknowledged".into())
}

/// A number below `end`, or 0.
fn random(end: u64) -> Result<u64, Failure> {
    Ok(getrandom::u64().map_err(|error| error.to_string())? % end.max(1))
}

fn bar(prefix: &'static str, length: u64) -> ProgressBar {
    let style = "{prefix} {human_pos} of {human_len} {wide_bar} {eta}";
    let style =
        ProgressStyle::with_template(style).unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::new(length).with_prefix(prefix).with_style(style)
}

/// The process that writes, and what it says.
struct Writer<'a> {
    process: Child,
    said: BufReader<std::process::ChildStdout>,
    pinned: &'a LogKey,
    bar: ProgressBar,
}

impl<'a> Writer<'a> {
    /// This program again.
    fn start(job: &Job<'_>, pinned: &'a LogKey) -> Result<Self, Failure> {
        let mut command = Command::new(std::env::current_exe()?);
        command.arg(job.directory).arg("--serve");
        command.args(["--count", &job.count.to_string(), "--batch", &job.batch.to_string()]);
        let mut process = command.stdout(Stdio::piped()).spawn()?;
        let said = BufReader::new(process.stdout.take().ok_or("no output")?);
        Ok(Self { process, said, pinned, bar: bar("registering", job.count) })
    }

    /// What it acknowledges, until that is `enough` statements or it ends.
    fn follow(&mut self, enough: u64) -> Result<Vec<VerifiedCheckpoint>, Failure> {
        let mut told = Vec::new();
        loop {
            let mut line = String::new();
            self.said.read_line(&mut line)?;
            // Half a line is none: its writer was killed.
            let Some(line) = line.strip_suffix('\n') else { break };
            let note: String = serde_json::from_str(line)?;
            let seen = SignedCheckpoint::decode(note.as_bytes())?.verify(self.pinned)?;
            self.bar.set_position(seen.size() - 1);
            let is_enough = seen.size() > enough;
            told.push(seen);
            if is_enough {
                break;
            }
        }
        Ok(told)
    }

    /// Kills it; what it still said.
    fn kill(mut self) -> Result<Vec<VerifiedCheckpoint>, Failure> {
        self.process.kill()?;
        self.process.wait()?;
        self.bar.finish_and_clear();
        self.follow(u64::MAX)
    }

    /// Waits for its end, which must be a good one.
    fn wait(mut self) -> Result<(), Failure> {
        self.bar.finish_and_clear();
        if self.process.wait()?.success() { Ok(()) } else { Err("the writer failed".into()) }
    }
}
