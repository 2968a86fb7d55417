//! A log in a directory by the number of its entries: `cargo bench --bench sizes -- log`.
//!
//! A process of its own grows the log to 10^4, 10^5, 10^6 and 10^7 entries, 10,000 to a publication, each
//! on the disk before it is signed, so that its peak memory is that of the log and nothing else.
//! `-- log MOST` stops early. 10^7 entries take 9 GB in `DATADEED_BENCH_DIR` or the system's
//! temporary directory, and go away with the process.

use std::env;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use datadeed::id::Origin;
use datadeed::key::SigningKey;
use datadeed::log::{DirectoryStore, Log, LogPolicy};
use datadeed::manifest::{Dataset, ScanMethod};
use datadeed::statement::{Envelope, Payload as _};
use datadeed::{Digest, ManifestId, Timestamp};

use crate::common::{issuer, now};
use crate::interleave::timed;
use crate::{bytes, directory, time};

const SIZES: [u64; 4] = [10_000, 100_000, 1_000_000, 10_000_000];
/// Entries of one publication; every size is a multiple.
const BATCH: u64 = 10_000;
/// Places at which proofs are made.
const PLACES: u64 = 100;
/// Statements that are signed; they are registered over and over, and every entry is stored whole.
const STATEMENTS: u64 = 512;

type DirectoryLog = Log<DirectoryStore, SigningKey>;

/// Prints the table; the child fills it line by line.
pub(crate) fn main(most: u64) {
    let child = env::args().nth(1).is_some_and(|argument| argument == "log-child");
    let parent = env::args().nth(2);
    if let (true, Some(root)) = (child, parent) {
        return grow(Path::new(&root), most);
    }
    let root = directory();
    println!(
        "| entries | let in, each | published, each | receipt | made | consistency | made | opened | peak memory |"
    );
    println!("|---:|---:|---:|---:|---:|---:|---:|---:|---:|");
    let mut command = Command::new(env::current_exe().expect("this program"));
    command.arg("log-child").arg(root.path()).arg(most.to_string()).stdout(Stdio::piped());
    let mut child = command.spawn().expect("this program again");
    let said = BufReader::new(child.stdout.take().expect("its output"));
    said.lines().for_each(|line| println!("{}", line.expect("text")));
    assert!(child.wait().expect("its end").success(), "the log failed");
}

/// What the appends since the size before took.
///
/// Of each publication by itself: its median is that of a machine with nothing else to do.
#[derive(Default)]
struct Taken {
    admitted: Vec<Duration>,
    published: Vec<Duration>,
}

fn grow(root: &Path, most: u64) {
    let supplier = issuer();
    let own = supplier.public_key();
    let statements: Vec<Envelope> = (0..STATEMENTS)
        .map(|number| {
            let manifest = ManifestId::from_bytes(*Digest::of(&number.to_le_bytes()).as_bytes());
            let dataset = Dataset::new(manifest, format!("Dataset {number}"), ScanMethod::Full);
            dataset.sign(&supplier, now()).expect("a sound statement").envelope().clone()
        })
        .collect();
    let origin = Origin::new("registry.example/log").expect("a sound name");
    let policy = LogPolicy::new(origin.clone());
    let store = DirectoryStore::open(root).expect("an empty directory");
    let mut log = Log::create(store, issuer(), &policy, now()).expect("an empty store");
    for size in SIZES.into_iter().filter(|size| *size <= most) {
        let mut taken = Taken::default();
        while log.checkpoint().size() < size {
            // Leaf 0 is the policy.
            let count = BATCH.min(size - log.checkpoint().size());
            let first = log.checkpoint().size();
            let each = u32::try_from(count).expect("few");
            let admitted = timed(|| {
                for number in first..first + count {
                    let place = usize::try_from(number % STATEMENTS).expect("few");
                    let admit = |_: &Envelope, _: Timestamp| Ok(own);
                    log.append(&statements[place], &admit, now()).expect("signed");
                }
            });
            taken.admitted.push(admitted / each);
            let published = timed(|| log.publish(now()).expect("a disk with room"));
            taken.published.push(published / each);
        }
        let memory = peak();
        let proofs = prove(&log, size);
        drop(log);
        let mut opened = None;
        let open = timed(|| {
            let store = DirectoryStore::open(root).expect("its own directory");
            opened = Some(Log::open(store, issuer(), &origin).expect("its own log"));
        });
        log = opened.expect("it was opened");
        let cells = [
            time(middle(taken.admitted)),
            time(middle(taken.published)),
            proofs,
            time(open),
            bytes(memory),
        ];
        println!("| {size} | {} |", cells.join(" | "));
    }
}

fn middle(mut taken: Vec<Duration>) -> Duration {
    taken.sort_unstable();
    taken[taken.len() / 2]
}

/// Bytes and time of receipts and of consistency proofs, in the mean over places and sizes of all magnitudes.
fn prove(log: &DirectoryLog, size: u64) -> String {
    let places = || (1..=PLACES).map(|place| place * (size - 1) / PLACES);
    let mut weighed = [0_usize; 2];
    let receipts = timed(|| {
        for place in places() {
            weighed[0] += log.receipt(place, now()).expect("an entry").as_bytes().len();
        }
    });
    let links = timed(|| {
        for old in places() {
            let proof = log.prove_consistency(old, size).expect("an earlier size");
            weighed[1] += proof.path.len() * 32;
        }
    });
    let places = u32::try_from(PLACES).expect("few");
    #[expect(clippy::cast_precision_loss, reason = "below 2^52")]
    let weighed = weighed.map(|weighed| bytes(weighed as f64 / f64::from(places)));
    let [receipt, link] = weighed;
    format!("{receipt} | {} | {link} | {}", time(receipts / places), time(links / places))
}

/// The most memory that this process ever had, in bytes; 0 where the system does not tell.
fn peak() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = line.and_then(|line| line.trim().strip_suffix(" kB"));
    kilobytes.and_then(|text| text.parse::<f64>().ok()).unwrap_or_default() * 1_024.0
}
