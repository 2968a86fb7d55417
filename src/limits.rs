//! Every bound on input, and on what is compared for an answer, with its unit and its reason.
//!
//! A value larger than its bound is refused before anything is allocated for
//! it; what is not compared counts against a use. What one verification may spend altogether is the caller's
//! [`Budget`](crate::verify::Budget), whose defaults stand here too.
//!
//! ```
//! use datadeed::limits::{BUDGET_BYTES, MAX_SAFETENSORS_HEADER};
//!
//! // Whatever a verifier takes by default fits a model file, where it is base64url.
//! assert!((BUDGET_BYTES as u64).div_ceil(3) * 4 < MAX_SAFETENSORS_HEADER);
//! ```

/// Deepest nesting of one free CBOR item ([`cbor::Item`](crate::cbor::Item)), in containers.
///
/// Room for local form fields; keeps a walk's stack in a fixed array. The
/// records around such items nest 7 containers at most, as their types do.
pub const MAX_DEPTH: usize = 16;

/// Longest text value, in bytes of UTF-8.
///
/// RFC 9943 section 6 allows an issuer 8192 characters; no other text in a
/// statement needs more.
pub const MAX_TEXT: usize = 8_192;

/// Longest name of a log or of a key in a signed note, in bytes of UTF-8.
///
/// A host name has 253 at most; names of logs add a few characters of path.
pub const MAX_ORIGIN: usize = 512;

/// Most entries in one list, set or map of a statement.
///
/// A list this long of anything but the smallest items exceeds [`MAX_STATEMENT`], so in
/// statements that bound comes first; a status may hold as many events.
pub const MAX_LIST: usize = 1 << 20;

/// Most members of one COSE map (a key or a header) that another implementation wrote.
///
/// Some twenty labels are registered for each.
pub const MAX_LABELS: usize = 256;

/// Largest file with one key, in bytes.
///
/// A key takes 200; the rest is room for attributes and for text around a PEM block.
pub const MAX_KEY_FILE: usize = 16 << 10;

/// Largest statement envelope, in bytes.
///
/// A step that names its 100,000 inputs one by one, each with the statements about it, is as large.
pub const MAX_STATEMENT: usize = 8 << 20;

/// Most receipts of one statement: as many logs may have it.
pub const MAX_RECEIPTS: usize = 64;

/// Largest receipt, in bytes.
///
/// A path of 63 hashes takes 2,142 and an issuer up to [`MAX_TEXT`]; the rest is some 250.
pub const MAX_RECEIPT: usize = 16 << 10;

/// Longest name of a file or tensor, in bytes of UTF-8.
///
/// `PATH_MAX` of Linux, and longer than any tensor name in use.
pub const MAX_NAME: usize = 4_096;

/// Longest component of a file name, in bytes: `NAME_MAX` of common file systems.
pub const MAX_COMPONENT: usize = 255;

/// Most rows in one block of a manifest, record index or partial file.
///
/// A reader who wants one row reads the directory, which grows as rows / block,
/// and one block; their sum is least where a block has about as many rows as
/// there are blocks. 4096 rows of common names are some 400 KB, and the
/// directory of 10 million rows is as large; a writer or reader holds one block.
pub const BLOCK_ROWS: usize = 4_096;

/// Largest block of a manifest, record index or partial file, in bytes.
///
/// [`BLOCK_ROWS`] tensors with the longest name and shape take 19.6 million.
pub const MAX_BLOCK: usize = 20 << 20;

/// Largest directory that is read to answer from a part of a manifest or record index file, in bytes: 512 MiB.
///
/// That of a billion files takes some 50 million, and some 60 million with SHA-256 digests.
pub const MAX_DIRECTORY: usize = 512 << 20;

/// Largest header of a manifest file, in bytes; it has some 220.
pub const MAX_MANIFEST_HEADER: usize = 1_024;

/// Largest header of a record index file, in bytes; it has some 220, and a rule of up to [`MAX_RULE`].
pub const MAX_INDEX_HEADER: usize = 2_048;

/// Longest id of a shard of a distributed build, in bytes of UTF-8.
///
/// Room for the address of an object and a range of it; short enough for messages.
pub const MAX_SHARD_ID: usize = 255;

/// Largest header of a partial file, and of a shard in it, in bytes; the latter has some 310 at most.
pub const MAX_PARTIAL_ITEM: usize = 1_024;

/// Most dimensions of a tensor; frameworks stop at 64 or before.
pub const MAX_RANK: usize = 64;

/// Longest record that must be held to be put into its canonical form, in bytes: 64 MiB.
///
/// A line of JSON; a hundred times a long book. Lines and members that stand for
/// themselves are hashed as they arrive, whatever their length.
pub const MAX_RECORD: usize = 64 << 20;

/// Deepest nesting of a JSON record, in arrays and objects: what common parsers stop at.
pub const MAX_JSON_DEPTH: usize = 128;

/// Longest name of a rule by which records are made, in bytes.
pub const MAX_RULE: usize = 1_024;

/// Most members of one sample of a tar archive in the `WebDataset` form.
///
/// Samples have two to twenty.
pub const MAX_SAMPLE: usize = 4_096;

/// Largest extended header of a tar archive, in bytes: 1 MiB.
///
/// They hold a name and a few dates; attributes of some file systems take 64 KiB.
pub const MAX_TAR_HEADER: u64 = 1 << 20;

/// Largest safetensors header, in bytes: the limit of the reference implementation.
pub const MAX_SAFETENSORS_HEADER: u64 = 100_000_000;

/// Largest cache of a scan, in bytes: 1 GiB, some eight million files.
pub const MAX_CACHE: usize = 1 << 30;

/// Most levels of delegation below a delegation: a chain has up to 16 links.
///
/// Organisations have some four levels; the rest is room for changes of keys, each of which is one.
pub const MAX_DELEGATIONS_BELOW: u64 = 15;

/// Most licences above a sublicence, up to one by a claimant or an anchor.
///
/// Distribution of data knows some three levels (source, product, reseller).
pub const MAX_SUBLICENCES: usize = 8;

/// Most prefixes, schemes or places in the mandate of a delegation.
///
/// Each is held against each of the mandate above; a delegate for more of them than this needs a
/// prefix that they share, or several delegations.
pub const MAX_MANDATE: usize = 256;

/// Largest trust file, in bytes.
pub const MAX_TRUST: usize = 16 << 20;

/// Most anchors of one trust file.
///
/// Each has a key that is checked when it is read, in some 60 us: all of them in a second. Whoever
/// believes more parties than this believes a registrar or a delegate who names them.
pub const MAX_ANCHORS: usize = 16_384;

/// Most keys of one trust root: a board.
pub const MAX_ROOT_KEYS: usize = 64;

/// Most signatures under one trust root: of its own keys and of those of the version before.
pub const MAX_ROOT_SIGNATURES: usize = 128;

/// Largest trust state (what a verifier has seen), in bytes: some 200,000 chains.
pub const MAX_TRUST_STATE: usize = 256 << 20;

/// Largest status (a caller's list of events and sightings), in bytes.
pub const MAX_STATUS: usize = 256 << 20;

/// Largest checkpoint of a log with everything under it, in bytes: 128 KiB.
///
/// C2SP signed-note asks for room for 16 signatures, and post-quantum ones take 5 kB.
pub const MAX_CHECKPOINT: usize = 128 << 10;

/// Most signatures under one checkpoint: each of a known key is verified.
///
/// C2SP signed-note asks for room for 16.
pub const MAX_SIGNATURES: usize = 64;

/// Most statements that a log holds before it publishes them.
///
/// One publication of as many writes some 770 resources.
pub const MAX_PENDING: usize = 1 << 16;

/// Most bytes of statements that a log holds before it publishes them: 256 MiB.
pub const MAX_PENDING_BYTES: usize = 256 << 20;

/// Longest SPDX expression, in bytes.
///
/// Real expressions stay below 200; the bound keeps the parser's work small.
pub const MAX_EXPRESSION: usize = 1_024;

/// Most shares (pools, duties, claimants) of one amount; [`BUDGET_TERMS`] is less.
pub const MAX_SHARES: usize = 1 << 20;

/// Most payees one after the other who share in what the one before receives.
///
/// A chain of sublicences; whoever keeps it longer leaves nothing to share in.
pub const MAX_SHARE_DEPTH: usize = 64;

/// Most conditions and places of permissions times those of prohibitions that are held against each other, where a
/// contradiction makes a policy void.
///
/// Of more than that each rule counts as contradicted. A policy has some ten of each.
pub const MAX_COMPARED: usize = 1 << 14;

/// Most sets of places that are told apart of what is asked of one dataset in one respect; more count as unsaid.
///
/// Somebody can claim any number of steps, each taken elsewhere.
pub const MAX_PLACES: usize = 8;

/// Largest text from which a preference is read, in bytes: 1 MiB.
///
/// RFC 9309 section 2.5 asks crawlers to read 500 KiB of a `robots.txt`.
pub const MAX_PREFERENCE_TEXT: usize = 1 << 20;

/// Most elements, attributes' owners and texts in an XML document from which a preference is read.
///
/// A licence has some twenty; in memory each takes some 100 bytes.
pub const MAX_PREFERENCE_NODES: usize = 1 << 16;

/// Most equals signs between two `<` of such an XML document: as many attributes an element may have.
///
/// Elements have five; the parser holds each attribute against all others of its element.
pub const MAX_PREFERENCE_ATTRIBUTES: usize = 4_096;

/// Most declarations of name spaces in such an XML document, counted as places where `xmlns` stands.
///
/// Documents have one to three; nested declarations take the parser time by the cube of their number.
pub const MAX_PREFERENCE_NAMESPACES: usize = 1_024;

/// Most rules of one preference.
///
/// A rule for each way to permit and prohibit each leaf action is some 40.
pub const MAX_PREFERENCE_RULES: usize = 256;

/// Default budget: receipts and signatures of checkpoints in one lineage proof.
///
/// One receipt for every statement takes as long to verify as they do.
pub const BUDGET_RECEIPTS: usize = 200_000;

/// Default budget: bytes of one lineage proof.
///
/// What fits a safetensors header after base64url (4/3) with room to spare.
pub const BUDGET_BYTES: usize = 64 << 20;

/// Default budget: statements in one lineage proof.
pub const BUDGET_STATEMENTS: usize = 200_000;

/// Default budget: edges (inputs, outputs, vouchers, relations) of one lineage, and what events and
/// delegates add to them as [`Budget::edges`](crate::verify::Budget::edges) says.
pub const BUDGET_EDGES: usize = 2_000_000;

/// Default budget: references on the longest path from the subject.
pub const BUDGET_DEPTH: usize = 10_000;

/// Default budget: signatures checked in one verification.
pub const BUDGET_SIGNATURES: usize = 200_000;

/// Signatures that a cache remembers, unless made for fewer or more.
///
/// Each of its two halves takes what one verification within the default budget can verify,
/// [`BUDGET_SIGNATURES`] and [`BUDGET_RECEIPTS`]. In memory each takes some 50 bytes.
pub const CACHED_SIGNATURES: usize = 1 << 20;

/// Default budget: licence terms in one lineage, counted as
/// [`Budget::terms`](crate::verify::Budget::terms) says.
pub const BUDGET_TERMS: usize = 1_000_000;

/// Default budget: delegations in one lineage, and the ways over them from an anchor.
///
/// There is one way to each delegation unless somebody delegates the same twice, or is several anchors.
pub const BUDGET_DELEGATIONS: usize = 10_000;

/// Default budget: rows of the manifests and indexes that relations name, and opened items of
/// the evidence about them, each time a relation names them.
///
/// A step of a few relations over ten million files; comparing takes some 0.5 us a row.
pub const BUDGET_ROWS: usize = 100_000_000;

/// Default budget: nodes, leaves and closed subtrees of all pruned trees in one proof.
///
/// Proofs of some 20,000 single files among a billion. In memory each takes some 200 bytes.
pub const BUDGET_NODES: usize = 1 << 20;

/// Default age up to which a status counts as fresh, in seconds, inclusive: 24 hours.
pub const MAX_STATUS_AGE: u64 = 86_400;
