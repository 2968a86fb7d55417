//! The header's JSON.
//!
//! Visitors instead of a tree of values: memory stays in proportion to the
//! tensors described, nothing nests deeper than a header does, and no map
//! drops a repeated key.

use std::fmt;
use std::io::{self, Write as _};

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::error::Category;

use super::KEY;
use super::header::{Frame, Header, HeaderError, Tensor};
use crate::limits::MAX_RANK;
use crate::manifest::Dtype;
use crate::text::excerpt;

const METADATA: &str = "__metadata__";

/// Every tensor and metadata pair in order; names and offsets are not checked against each other.
pub(super) fn parse(text: &str) -> Result<Header, HeaderError> {
    let mut context = Context { name: String::new(), expected: "an object", fault: None };
    let mut json = serde_json::Deserializer::from_str(text);
    HeaderSeed(&mut context)
        .deserialize(&mut json)
        .and_then(|header| json.end().map(|()| header))
        .map_err(|error| context.into_fault(&error))
}

/// Where the parser is and what it refused; `serde_json` errors hold neither as values.
struct Context {
    /// Tensor or metadata key being read, an excerpt.
    name: String,
    /// What the value being read must be.
    expected: &'static str,
    fault: Option<HeaderError>,
}

impl Context {
    /// Records the true fault behind an error that only stops the parser.
    fn refuse<E: Error>(&mut self, fault: HeaderError) -> E {
        self.fault = Some(fault);
        E::custom("refused")
    }

    fn into_fault(self, error: &serde_json::Error) -> HeaderError {
        if let Some(fault) = self.fault {
            return fault;
        }
        match error.classify() {
            Category::Data => HeaderError::WrongType { name: self.name, expected: self.expected },
            Category::Eof | Category::Io | Category::Syntax => {
                HeaderError::Syntax { line: error.line(), column: error.column() }
            }
        }
    }
}

/// The whole header: tensors by name, and `__metadata__`.
struct HeaderSeed<'a>(&'a mut Context);

impl<'de> DeserializeSeed<'de> for HeaderSeed<'_> {
    type Value = Header;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Header, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for HeaderSeed<'_> {
    type Value = Header;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.expected)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Header, A::Error> {
        let Self(context) = self;
        let mut metadata = None;
        let mut tensors = Vec::new();
        while let Some(name) = map.next_key::<String>()? {
            context.name = excerpt(&name);
            if name != METADATA {
                context.expected = "an object";
                tensors.push(map.next_value_seed(TensorSeed { name, context })?);
            } else if metadata.is_none() {
                context.expected = "an object of strings";
                metadata = Some((tensors.len(), map.next_value_seed(MetadataSeed(context))?));
            } else {
                return Err(context.refuse(HeaderError::DuplicateEntry { name }));
            }
        }
        let (metadata_at, pairs) = metadata.unwrap_or_default();
        Ok(Header { metadata_at, pairs, proof: None, tensors, end: 0, file: 0 })
    }
}

/// `{"key":"value",..}`.
struct MetadataSeed<'a>(&'a mut Context);

impl<'de> DeserializeSeed<'de> for MetadataSeed<'_> {
    type Value = Vec<(String, String)>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for MetadataSeed<'_> {
    type Value = Vec<(String, String)>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.expected)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let Self(context) = self;
        let mut pairs = Vec::new();
        while let Some(key) = map.next_key::<String>()? {
            context.name = excerpt(&key);
            context.expected = "a string";
            pairs.push((key, map.next_value::<String>()?));
        }
        Ok(pairs)
    }
}

/// `{"dtype":"F32","shape":[2],"data_offsets":[0,8]}`, in any order.
struct TensorSeed<'a> {
    name: String,
    context: &'a mut Context,
}

impl<'de> DeserializeSeed<'de> for TensorSeed<'_> {
    type Value = Tensor;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Tensor, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for TensorSeed<'_> {
    type Value = Tensor;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.context.expected)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Tensor, A::Error> {
        let Self { name, context } = self;
        let (mut dtype, mut shape, mut offsets) = (None, None, None);
        while let Some(field) = map.next_key::<String>()? {
            let twice = match field.as_str() {
                DTYPE if dtype.is_none() => {
                    dtype = Some(next_dtype(&mut map, context)?);
                    continue;
                }
                SHAPE if shape.is_none() => {
                    shape = Some(next_shape(&mut map, context)?);
                    continue;
                }
                OFFSETS if offsets.is_none() => {
                    offsets = Some(next_offsets(&mut map, context)?);
                    continue;
                }
                DTYPE => DTYPE,
                SHAPE => SHAPE,
                OFFSETS => OFFSETS,
                _ => {
                    let (name, field) = (excerpt(&name), excerpt(&field));
                    return Err(context.refuse(HeaderError::UnknownField { name, field }));
                }
            };
            let name = excerpt(&name);
            return Err(context.refuse(HeaderError::DuplicateField { name, field: twice }));
        }
        let mut missing = |field| {
            let name = excerpt(&name);
            context.refuse(HeaderError::MissingField { name, field })
        };
        let dtype = dtype.ok_or_else(|| missing(DTYPE))?;
        let shape = shape.ok_or_else(|| missing(SHAPE))?;
        let (begin, end) = offsets.ok_or_else(|| missing(OFFSETS))?;
        Ok(Tensor { name, dtype, shape, begin, end })
    }
}

const DTYPE: &str = "dtype";
const SHAPE: &str = "shape";
const OFFSETS: &str = "data_offsets";

fn next_dtype<'de, A: MapAccess<'de>>(
    map: &mut A,
    context: &mut Context,
) -> Result<Dtype, A::Error> {
    context.expected = "a dtype as a string";
    let code: String = map.next_value()?;
    Dtype::from_code(&code).ok_or_else(|| {
        let name = context.name.clone();
        context.refuse(HeaderError::Dtype { name, found: excerpt(&code) })
    })
}

fn next_shape<'de, A: MapAccess<'de>>(
    map: &mut A,
    context: &mut Context,
) -> Result<Vec<u64>, A::Error> {
    context.expected = "a shape as a list of whole numbers below 2^64";
    let numbers = map.next_value_seed(Numbers { limit: MAX_RANK })?;
    if numbers.found > MAX_RANK {
        let name = context.name.clone();
        let fault = HeaderError::Rank { name, found: numbers.found, limit: MAX_RANK };
        return Err(context.refuse(fault));
    }
    Ok(numbers.first)
}

fn next_offsets<'de, A: MapAccess<'de>>(
    map: &mut A,
    context: &mut Context,
) -> Result<(u64, u64), A::Error> {
    context.expected = "data_offsets as two whole numbers below 2^64";
    let numbers = map.next_value_seed(Numbers { limit: 2 })?;
    if let ([begin, end], 2) = (numbers.first.as_slice(), numbers.found) {
        return Ok((*begin, *end));
    }
    let name = context.name.clone();
    Err(context.refuse(HeaderError::WrongType { name, expected: context.expected }))
}

/// A list of whole numbers, of which only the first `limit` are kept.
struct Numbers {
    limit: usize,
}

/// What stood in a list.
struct Counted {
    first: Vec<u64>,
    /// How many stood there in all.
    found: usize,
}

impl<'de> DeserializeSeed<'de> for Numbers {
    type Value = Counted;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Counted, D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Numbers {
    type Value = Counted;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of whole numbers below 2^64")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Counted, A::Error> {
        let mut counted = Counted { first: Vec::new(), found: 0 };
        while let Some(number) = seq.next_element::<u64>()? {
            counted.found = counted.found.saturating_add(1);
            if counted.found <= self.limit {
                counted.first.push(number);
            }
        }
        Ok(counted)
    }
}

/// Spells a header, with room for a proof before metadata pair `at`.
///
/// `{"__metadata__":{"k":"v","datadeed.lineage":"` | proof |
/// `"},"name":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}`
pub(super) fn frame(header: &Header, at: Option<usize>) -> io::Result<Frame> {
    let mut out = Vec::new();
    let mut proof_at = None;
    let mut separator = b'{';
    let (head, tail) = split(&header.tensors, header.metadata_at);
    for tensor in head {
        write_tensor(&mut out, &mut separator, tensor)?;
    }
    if at.is_some() || !header.pairs.is_empty() {
        write_key(&mut out, &mut separator, METADATA)?;
        proof_at = write_metadata(&mut out, &header.pairs, at)?;
    }
    for tensor in tail {
        write_tensor(&mut out, &mut separator, tensor)?;
    }
    let end: &[u8] = if separator == b'{' { b"{}" } else { b"}" };
    out.extend_from_slice(end);
    let after = proof_at.map(|at| out.split_off(at)).unwrap_or_default();
    Ok(Frame { before: out, after })
}

/// The offset in `out` at which the proof's text goes.
fn write_metadata(
    out: &mut Vec<u8>,
    pairs: &[(String, String)],
    at: Option<usize>,
) -> io::Result<Option<usize>> {
    let mut proof_at = None;
    let mut separator = b'{';
    let (head, tail) = split(pairs, at.unwrap_or(0));
    for (key, value) in head {
        write_key(out, &mut separator, key)?;
        write_text(out, value)?;
    }
    if at.is_some() {
        write_key(out, &mut separator, KEY)?;
        out.push(b'"');
        proof_at = Some(out.len());
        out.push(b'"');
    }
    for (key, value) in tail {
        write_key(out, &mut separator, key)?;
        write_text(out, value)?;
    }
    out.push(b'}');
    Ok(proof_at)
}

fn write_tensor(out: &mut Vec<u8>, separator: &mut u8, tensor: &Tensor) -> io::Result<()> {
    write_key(out, separator, &tensor.name)?;
    write!(out, "{{\"dtype\":\"{}\",\"shape\":[", tensor.dtype)?;
    for (index, dimension) in tensor.shape.iter().enumerate() {
        let comma = if index == 0 { "" } else { "," };
        write!(out, "{comma}{dimension}")?;
    }
    write!(out, "],\"data_offsets\":[{},{}]}}", tensor.begin, tensor.end)
}

/// `{"key":` or `,"key":`.
fn write_key(out: &mut Vec<u8>, separator: &mut u8, key: &str) -> io::Result<()> {
    out.push(*separator);
    *separator = b',';
    write_text(out, key)?;
    out.push(b':');
    Ok(())
}

fn write_text(out: &mut Vec<u8>, text: &str) -> io::Result<()> {
    serde_json::to_writer(out, text).map_err(io::Error::from)
}

fn split<T>(items: &[T], at: usize) -> (&[T], &[T]) {
    items.split_at_checked(at).unwrap_or((items, &[]))
}
