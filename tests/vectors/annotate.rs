//! Bytes explained: every group in hex, with its meaning beside it.
//!
//! The walk knows COSE labels, the text keys of records and nothing of the
//! crate's decoders, so it explains whatever is well-formed CBOR.

use datadeed::Timestamp;

/// Bytes of a string on one line.
const ROW: usize = 16;

/// One CBOR item of the type `of`, named as in `datadeed.cddl`.
pub(crate) fn item(of: &'static str, bytes: &[u8]) -> String {
    let mut walk = Walk::new(bytes);
    walk.item("", of, false);
    walk.finish()
}

/// A sequence of byte strings: header, blocks, directory and trailer.
pub(crate) fn manifest_file(bytes: &[u8]) -> String {
    file_of_rows("file.Header", "Directory", bytes)
}

/// The same of an index over records.
pub(crate) fn record_index_file(bytes: &[u8]) -> String {
    file_of_rows("Index", "RecordDirectory", bytes)
}

fn file_of_rows(header: &'static str, directory: &'static str, bytes: &[u8]) -> String {
    let mut walk = Walk::new(bytes);
    walk.item("header: ", header, true);
    loop {
        let (_, _, head) = walk.head();
        // An array of less than 24 items, and the number of what it is.
        match walk.bytes[walk.at + head + 1] {
            0 => walk.item("block: ", "PartsBlock", true),
            1 => walk.item("block: ", "ContentBlock", true),
            2 => break walk.item("directory: ", directory, true),
            3 => walk.item("block: ", "RecordBlock", true),
            other => panic!("no item is numbered {other}"),
        }
    }
    walk.line(1, "trailer: byte string of 8 bytes");
    let offset = u64::from_le_bytes(*walk.bytes[walk.at..].first_chunk().unwrap());
    walk.line(8, &format!("{offset}, u64le: where the directory begins"));
    walk.finish()
}

/// A sequence of byte strings: header, shards and their blocks.
pub(crate) fn partial_file(bytes: &[u8]) -> String {
    let mut walk = Walk::new(bytes);
    walk.item("header: ", "PartialHeader", true);
    while walk.at < bytes.len() {
        let (_, _, head) = walk.head();
        // An array of less than 24 items: of a text and a summary, or of maps.
        match walk.bytes[walk.at + head + 1] >> 5 {
            3 => walk.item("shard: ", "PartialShard", true),
            5 => walk.item("block: ", "Entry", true),
            other => panic!("no item holds what has the major type {other}"),
        }
    }
    walk.finish()
}

/// A pruned tree whose rows are of the type `rows`.
pub(crate) fn pruned_tree(rows: &'static str, bytes: &[u8]) -> String {
    let mut walk = Walk::new(bytes);
    walk.pruned(rows, 0);
    walk.finish()
}

/// A safetensors file whose metadata holds a proof in base64url.
pub(crate) fn safetensors(bytes: &[u8]) -> String {
    let mut walk = Walk::new(bytes);
    let length = u64::from_le_bytes(*bytes.first_chunk().unwrap());
    walk.line(8, &format!("{length}, u64le: length of the header"));
    let header = 8 + usize::try_from(length).unwrap();
    let marker = br#""datadeed.lineage":""#;
    let start = bytes.windows(marker.len()).position(|window| window == marker).unwrap();
    let start = start + marker.len();
    let proof = bytes[start..].iter().position(|byte| *byte == b'"').unwrap();
    let padding = bytes[..header].iter().rev().take_while(|byte| **byte == b' ').count();
    walk.note("header: JSON up to the proof");
    walk.text(start - 8);
    walk.note(&format!("the proof: base64url without padding, {proof} characters"));
    walk.text(proof);
    walk.note("header: JSON after the proof");
    walk.text(header - padding - walk.at);
    if padding > 0 {
        walk.note("spaces up to a multiple of 8");
        walk.text(padding);
    }
    walk.note("data area: little-endian, row-major");
    walk.opaque(bytes.len() - header);
    walk.finish()
}

/// 32 bytes that are a public key and nothing else.
pub(crate) fn public_key(bytes: &[u8]) -> String {
    let mut walk = Walk::new(bytes);
    walk.note("PublicKey: an Ed25519 point (RFC 8032)");
    walk.opaque(bytes.len());
    walk.finish()
}

/// Lines of text, each in rows that say what they spell.
pub(crate) fn lines(bytes: &[u8]) -> String {
    let mut walk = Walk::new(bytes);
    for (line, number) in bytes.split_inclusive(|byte| *byte == b'\n').zip(1_u64..) {
        walk.note(&format!("line {number}"));
        walk.text(line.len());
    }
    walk.finish()
}

/// The blocks of a tar archive.
pub(crate) fn tar(bytes: &[u8]) -> String {
    let mut walk = Walk::new(bytes);
    for (block, number) in bytes.chunks(512).zip(0_u64..) {
        let kind = match block {
            _ if block.starts_with(b"\0") => "zeros at the end",
            _ if block[257..].starts_with(b"ustar") => "header",
            _ => "content, and zeros up to a whole block",
        };
        walk.note(&format!("block {number}: {kind}"));
        walk.opaque(block.len());
    }
    walk.finish()
}

/// The bytes that an annotated text stands for: everything left of `#`.
pub(crate) fn hex_column(text: &str) -> Vec<u8> {
    let digits: String = text.lines().filter_map(|line| line.split('#').next()).collect::<String>();
    let digits: String = digits.chars().filter(|c| !c.is_whitespace()).collect();
    data_encoding::HEXLOWER.decode(digits.as_bytes()).unwrap()
}

struct Walk<'a> {
    bytes: &'a [u8],
    at: usize,
    depth: usize,
    /// The kind that the content type named last, which is the type of the next payload.
    kind: String,
    /// The type of the rows of the index that was named last.
    rows: &'static str,
    /// Hex, indented, with its meaning.
    lines: Vec<(String, String)>,
}

impl<'a> Walk<'a> {
    fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0, depth: 0, kind: String::new(), rows: "", lines: Vec::new() }
    }

    fn line(&mut self, len: usize, meaning: &str) {
        let hex = data_encoding::HEXLOWER.encode(&self.bytes[self.at..self.at + len]);
        self.at += len;
        let hex = format!("{:indent$}{hex}", "", indent = 2 * self.depth);
        self.lines.push((hex, meaning.to_owned()));
    }

    /// All lines, their meanings in one column.
    fn finish(self) -> String {
        let column = self.lines.iter().map(|(hex, _)| hex.len()).max().unwrap_or(0);
        let lines = self.lines.iter().map(|(hex, meaning)| match meaning.as_str() {
            "" => format!("{hex}\n"),
            _ => format!("{hex:column$}  # {meaning}\n"),
        });
        lines.collect()
    }

    fn note(&mut self, meaning: &str) {
        self.line(0, meaning);
    }

    /// Rows of text, each with what it spells.
    fn text(&mut self, len: usize) {
        let end = self.at + len;
        while self.at < end {
            let mut row = (end - self.at).min(ROW);
            let spelled = loop {
                match str::from_utf8(&self.bytes[self.at..self.at + row]) {
                    Ok(text) => break format!("{text:?}"),
                    Err(_) => row -= 1,
                }
            };
            self.line(row, &spelled);
        }
    }

    /// Rows of bytes that mean nothing one by one.
    fn opaque(&mut self, len: usize) {
        let end = self.at + len;
        while self.at < end {
            self.line((end - self.at).min(ROW), "");
        }
    }

    /// Major type, value and length of the head at hand.
    fn head(&self) -> (u8, u64, usize) {
        let first = self.bytes[self.at];
        let extra = match first & 0x1f {
            info @ 0..=23 => return (first >> 5, u64::from(info), 1),
            info => 1_usize << (info - 24),
        };
        let value = self.bytes[self.at + 1..=self.at + extra].iter();
        (first >> 5, value.fold(0, |value, byte| value << 8 | u64::from(*byte)), 1 + extra)
    }

    /// `label` names the place, `of` the type; a byte string may hold CBOR of that type.
    fn item(&mut self, label: &str, of: &'static str, embedded: bool) {
        let (major, value, head) = self.head();
        let len = usize::try_from(value).unwrap();
        match major {
            0 => self.line(head, &[label, &unsigned(of, value)].concat()),
            1 => self.line(head, &[label, &negative(of, value)].concat()),
            2 if embedded => {
                self.line(head, &format!("{label}byte string of {len} bytes, CBOR inside"));
                self.depth += 1;
                self.item("", of, false);
                self.depth -= 1;
            }
            2 if of.starts_with("Pruned") => {
                self.line(head, &format!("{label}pruned tree, byte string of {len} bytes"));
                self.depth += 1;
                let rows = match of {
                    "PrunedParts" => "Entry",
                    "PrunedContent" => "ContentRow",
                    "PrunedMembers" => "StatementId",
                    _ => self.rows,
                };
                self.pruned(rows, 0);
                self.depth -= 1;
            }
            2 => {
                let of = if of.is_empty() { String::new() } else { format!("{of}, ") };
                self.line(head, &format!("{label}{of}byte string of {len} bytes"));
                self.depth += 1;
                self.byte_string(len);
                self.depth -= 1;
            }
            3 => self.text_string(label, of, head, len),
            4 => {
                let name = array_name(of);
                self.line(head, &format!("{label}{name}array of {len}"));
                self.depth += 1;
                for index in 0..len {
                    let (label, of, embedded) = element(of, index);
                    self.item(label, of, embedded);
                }
                self.depth -= 1;
            }
            5 => self.map(label, head, of, len),
            6 => {
                self.line(head, &format!("{label}tag {value}"));
                self.depth += 1;
                self.item("", of, false);
                self.depth -= 1;
            }
            _ if value == 22 => self.line(head, &format!("{label}null")),
            _ => self.line(head, &format!("{label}{}", value == 21)),
        }
    }

    fn byte_string(&mut self, len: usize) {
        if len != 48 {
            return self.opaque(len);
        }
        // A summary of a tree.
        let number = |at: usize| u64::from_le_bytes(*self.bytes[at..].first_chunk().unwrap());
        let (count, total) = (number(self.at + 32), number(self.at + 40));
        self.line(ROW, "hash of the root");
        self.line(ROW, "");
        self.line(8, &format!("{count} entries, u64le"));
        self.line(8, &format!("{total} bytes, u64le"));
    }

    /// One item of a pruned tree, with those below it, whose keys share the bits before `first`.
    fn pruned(&mut self, rows: &'static str, first: usize) {
        let tag = self.bytes[self.at];
        let depth = match tag {
            0x80.. => first + usize::from(tag - 0x80),
            _ => self.bytes.get(self.at + 1).copied().unwrap_or_default().into(),
        };
        match tag {
            0 => self.line(1, "0: the empty tree"),
            1 => self.line(1, "1: subtree, not opened"),
            2 => self.line(1, "2: leaf, its row not given"),
            3 => self.line(1, "3: leaf"),
            4 => self.line(2, &format!("4: node at bit {depth}, far from the one above")),
            0x80.. => self.line(1, &format!("node at bit {depth}, {} skipped", tag - 0x80)),
            5 => self.line(2, &format!("5: node at bit {depth}, neither side opened")),
            other => panic!("no item begins with {other}"),
        }
        self.depth += 1;
        match tag {
            1 => {
                self.hash("hash");
                self.sums();
            }
            2 => {
                self.hash("key");
                self.hash("value");
                self.sums();
            }
            3 => self.item("row: ", rows, false),
            5 => self.line(depth.div_ceil(8), &format!("the first {depth} bits")),
            _ => {}
        }
        if tag >= 4 {
            self.pruned(rows, depth + 1);
            self.pruned(rows, depth + 1);
        }
        self.depth -= 1;
    }

    fn hash(&mut self, meaning: &str) {
        self.line(ROW, meaning);
        self.line(ROW, "");
    }

    fn sums(&mut self) {
        for meaning in ["entries", "bytes"] {
            let len = 1 + self.bytes[self.at..].iter().take_while(|byte| **byte >= 0x80).count();
            let number = self.bytes[self.at..self.at + len].iter().rev();
            let number = number.fold(0_u64, |number, byte| number << 7 | u64::from(byte & 0x7f));
            self.line(len, &format!("{number} {meaning}, LEB128"));
        }
    }

    fn text_string(&mut self, label: &str, of: &str, head: usize, len: usize) {
        let start = self.at + head;
        let text = str::from_utf8(&self.bytes[start..start + len]).unwrap();
        if let Some(kind) = text.strip_prefix("application/vnd.datadeed.") {
            self.kind = kind.split('.').next().unwrap().to_owned();
        }
        if of == "IndexRule" {
            self.rows = if text == "sha256" { "Sha256Entry" } else { "RecordRow" };
        }
        if len <= ROW {
            let meaning = format!("{label}{text:?}");
            return self.line(head + len, &meaning);
        }
        self.line(head, &format!("{label}text of {len} bytes"));
        self.depth += 1;
        self.text(len);
        self.depth -= 1;
    }

    fn map(&mut self, label: &str, head: usize, of: &'static str, len: usize) {
        let of = match (of, len) {
            ("Payload", _) => payload(&self.kind),
            ("Entry", 2) => "Mount",
            ("Entry", 3) => "FileEntry",
            ("Entry", _) => "TensorEntry",
            _ => of,
        };
        let name = if of.is_empty() { String::new() } else { format!("{of}, ") };
        let pairs = if len == 1 { "pair" } else { "pairs" };
        self.line(head, &format!("{label}{name}map of {len} {pairs}"));
        self.depth += 1;
        for _ in 0..len {
            let (major, value, head) = self.head();
            let (of, embedded) = if major == 3 {
                let start = self.at + head;
                let end = start + usize::try_from(value).unwrap();
                let key = str::from_utf8(&self.bytes[start..end]).unwrap().to_owned();
                self.line(end - self.at, &format!("{key:?}"));
                member(of, &key)
            } else {
                let (name, of) = labelled(of, major, value);
                let number = if major == 1 { format!("-{}", value + 1) } else { value.to_string() };
                self.line(head, &format!("{number}: {name}"));
                (of, false)
            };
            self.depth += 1;
            self.item("", of, embedded);
            self.depth -= 1;
        }
        self.depth -= 1;
    }
}

fn unsigned(of: &str, value: u64) -> String {
    match (of, value) {
        ("Timestamp", _) => format!("{value} s, {}", Timestamp::from_seconds(value).unwrap()),
        ("KeyType", 1) => "1, OKP".to_owned(),
        ("Curve", 6) => "6, Ed25519".to_owned(),
        _ => value.to_string(),
    }
}

fn negative(of: &str, value: u64) -> String {
    let name = match (of, value) {
        ("Algorithm", 18) => ", Ed25519",
        ("Algorithm", 7) => ", EdDSA",
        _ => "",
    };
    format!("-{}{name}", value + 1)
}

/// The name of an array with a fixed form.
fn array_name(of: &str) -> &'static str {
    match of {
        "ContentBlock" => "ContentBlock, ",
        "ContentRow" => "ContentRow, ",
        "Described" => "Described, ",
        "Directory" => "Directory, ",
        "PartialShard" => "PartialShard, ",
        "PartsBlock" => "PartsBlock, ",
        "RecordRow" => "RecordRow, ",
        "SigStructure" => "Sig_structure, ",
        "Receipt" | "Statement" => "COSE_Sign1, ",
        "RootSignature" => "COSE_Signature, ",
        "TrustRoot" => "COSE_Sign, ",
        _ => "",
    }
}

fn payload(kind: &str) -> &'static str {
    match kind {
        "activity" => "Activity",
        "batch" => "Batch",
        "dataset" => "Dataset",
        "event" => "Event",
        "delegation" => "Delegation",
        "licence" => "Licence",
        "log-policy" => "LogPolicy",
        "assessment" => "Assessment",
        "consent" => "Consent",
        "preference" => "Preference",
        "registration" => "Registration",
        "transaction" => "Transaction",
        other => panic!("no payload is of kind {other}"),
    }
}

/// What stands at a place of an array: its label, its type, whether it is CBOR in a byte string.
fn element(of: &'static str, index: usize) -> (&'static str, &'static str, bool) {
    match (of, index) {
        ("Receipt" | "Statement", 0) | ("SigStructure", 1) => {
            ("protected header: ", "Header", true)
        }
        ("Statement" | "TrustRoot" | "RootSignature", 1) => ("unprotected header: ", "", false),
        ("Statement", 2) | ("SigStructure", 3) => ("payload: ", "Payload", true),
        ("Receipt" | "Statement", 3) | ("RootSignature", 2) => ("signature: ", "", false),
        ("SigStructure", 0) => ("context: ", "", false),
        ("SigStructure", 2) => ("external_aad: ", "", false),
        ("Receipt", 1) => ("unprotected header: ", "Proofs", false),
        ("Receipt", 2) => ("payload: ", "", false),
        ("InclusionProofs", _) => ("", "InclusionProof", true),
        ("InclusionProof", 1) => ("index: ", "", false),
        ("InclusionProof", 2) => ("path: ", "Sha256", false),
        ("Envelope", _) => ("", "Statement", true),
        ("TrustRoot", 0) => ("protected header: ", "RootHeader", true),
        ("TrustRoot", 2) => ("payload: ", "RootFile", true),
        ("TrustRoot", 3) => ("signatures: ", "RootSignatures", false),
        ("RootSignatures", _) => ("", "RootSignature", false),
        ("RootSignature", 0) => ("protected header: ", "RootSignatureHeader", true),
        ("PartialShard", 0) => ("id: ", "", false),
        ("PartialShard", 1) => ("commitment: ", "Summary", false),
        ("PartsBlock" | "ContentBlock" | "Described", 0) => ("tree: ", "", false),
        ("PartsBlock" | "ContentBlock", 1) | ("Described", 2) => ("", "Summary", false),
        ("PartsBlock", 2) => ("entries: ", "Entry", false),
        ("PartsBlock", 3) => ("SHA-256 of the entries: ", "", false),
        ("PartsBlock" | "Described", 4) => ("sha256: ", "Summary", false),
        ("ContentBlock", 2) => ("rows: ", "ContentRows", false),
        ("ContentRows", _) => ("", "ContentRow", false),
        ("Directory", 0) => ("number: ", "", false),
        ("Directory", _) => ("", "Described", false),
        ("Described", 1) => ("first key: ", "", false),
        ("Described", 3) => ("length: ", "", false),
        ("ContentRow" | "RecordRow", 0) => ("", "Digest", false),
        ("ContentRow" | "RecordRow", 1) => ("count: ", "", false),
        ("InclusionProof", 0) | ("ContentRow" | "RecordRow", 2) => ("size: ", "", false),
        _ => ("", of, false),
    }
}

/// The name of a numbered label and the type of its value.
fn labelled(of: &str, major: u8, value: u64) -> (&'static str, &'static str) {
    match (of, major, value) {
        ("Header" | "RootSignatureHeader", 0, 1) => ("alg", "Algorithm"),
        ("Header" | "RootHeader", 0, 3) => ("content type", ""),
        ("Header" | "RootSignatureHeader", 0, 4) => ("kid", "KeyId"),
        ("Header", 0, 15) => ("CWT claims", "Claims"),
        ("Header", 0, 16) => ("typ", ""),
        ("Header", 0, 395) => ("vds", ""),
        ("Proofs", 0, 396) => ("vdp", "Proofs"),
        ("Proofs", 1, 0) => ("inclusion proofs", "InclusionProofs"),
        ("Claims", 0, 1) => ("iss", ""),
        ("Claims", 0, 2) => ("sub", ""),
        ("Claims", 0, 6) => ("iat", "Timestamp"),
        ("CoseKey", 0, 1) => ("kty", "KeyType"),
        ("CoseKey", 1, 0) => ("crv", "Curve"),
        ("CoseKey", 1, 1) => ("x", "PublicKey"),
        _ => panic!("no label {value} in {of:?}"),
    }
}

/// The type of the value of a text key, or of its elements; whether that is CBOR in a byte string.
fn member(of: &str, key: &str) -> (&'static str, bool) {
    let of = match (of, key) {
        ("LineageProof", "statements") | ("StateFile", "chains") => "Envelope",
        ("RecordedFile", "statement") => return ("Statement", true),
        ("DatasetIndex", "id") => "IndexId",
        ("Licence" | "Preference" | "Transaction", "rules") => "Rule",
        (_, "manifest" | "of" | "with" | "subject" | "sample_root") => "ManifestId",
        ("EvidenceFile", "indexes") => "EvidenceIndex",
        ("EvidenceDataset", "parts") => "PrunedParts",
        ("EvidenceDataset", "content") => "PrunedContent",
        ("Index", "rule") => "IndexRule",
        ("Relation", "tree") => "TreeName",
        ("BatchMembers", "pruned") => "PrunedMembers",
        ("LineageProof", "batches") => "BatchMembers",
        ("LineageProof", "evidence") => "EvidenceFile",
        ("Sha256Entry", "sha256") | ("EquivocationFile", "root" | "path") => "Sha256",
        ("RootFile", "prev")
        | (_, "digest" | "rules" | "evidence" | "certificate_hash" | "trust") => "Digest",
        ("Seen", "id") | (_, "batch" | "prev" | "parent" | "statements" | "supersedes") => {
            "StatementId"
        }
        (_, "key" | "keys") => "PublicKey",
        (_, "parts" | "content" | "tree" | "sha256" | "files") => "Summary",
        (_, "head" | "heads") => "Head",
        (_, "pruned") => "Pruned",
        (_, "datasets") => "EvidenceDataset",
        (_, "index") => "Index",
        (_, "inputs" | "outputs") => "Entity",
        (_, "anchors") => "Anchor",
        (_, "mandate") => "Mandate",
        ("StateFile", "logs") => "LogFile",
        (_, "constraints") => "Constraint",
        (_, "duties") | ("Event", "duty") => "Duty",
        (_, "agents") => "Agents",
        (_, "sampling") => "Sampling",
        (_, "events") => "RecordedFile",
        (_, "evidence_deposit") => "EvidenceDeposit",
        (_, "indexes") => "DatasetIndex",
        (_, "observation") => "Observation",
        (_, "registrants") => "Registrant",
        (_, "relations") => "Relation",
        (_, "seen") => "Seen",
        ("Event", "to") => "Transferee",
        (_, "source_evidence") => "SourceEvidence",
        (_, "tool") => "Tool",
        (
            _,
            "after" | "agreement_cap" | "anchored_at" | "announced_at" | "as_of" | "assessed_at"
            | "created" | "effective" | "ended" | "from" | "issued_at" | "publicity_from"
            | "publicity_to" | "expires" | "recorded_at" | "started" | "time" | "until"
            | "update_until" | "valid_until",
        ) => "Timestamp",
        _ => "",
    };
    (of, false)
}
