mod malformed;
mod streams;

use std::io::Cursor;

use proptest::collection::vec;
use proptest::prelude::*;

use super::*;
use crate::manifest::Dtype;

/// A file of this header, as it stands, and these data.
fn file(header: &str, data: &[u8]) -> Vec<u8> {
    let length = u64::try_from(header.len()).unwrap();
    [&length.to_le_bytes(), header.as_bytes(), data].concat()
}

#[track_caller]
fn open(file: &[u8]) -> Model<Cursor<&[u8]>> {
    Model::open(Cursor::new(file)).unwrap()
}

#[track_caller]
fn attached(file: &[u8], proof: &[u8]) -> Vec<u8> {
    let mut output = Vec::new();
    open(file).attach(proof, &mut output).unwrap();
    output
}

#[track_caller]
fn detached(file: &[u8]) -> Vec<u8> {
    let mut output = Vec::new();
    open(file).detach(&mut output).unwrap();
    output
}

/// The header as text, without its padding.
fn header_of(file: &[u8]) -> &str {
    let length = u64::from_le_bytes(*file.first_chunk().unwrap());
    assert_eq!(length % 8, 0);
    let end = 8 + usize::try_from(length).unwrap();
    std::str::from_utf8(&file[8..end]).unwrap().trim_end_matches(' ')
}

const A: &str = r#""a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}"#;
const B: &str = r#""b":{"dtype":"U8","shape":[],"data_offsets":[8,9]}"#;
const DATA: &[u8] = b"abcdefghi";

fn two() -> Vec<u8> {
    file(&format!("{{{A},{B}}}"), DATA)
}

#[test]
fn a_new_proof_goes_first_and_keeps_everything_else() {
    let output = attached(&two(), b"proof");
    assert_eq!(
        header_of(&output),
        format!(r#"{{"__metadata__":{{"datadeed.lineage":"cHJvb2Y"}},{A},{B}}}"#)
    );
    assert!(output.ends_with(DATA));
    assert_eq!(detached(&output), detached(&two()));
    assert_eq!(header_of(&detached(&two())), format!("{{{A},{B}}}"));
}

#[test]
fn entries_and_metadata_keep_their_order() {
    let before = r#""__metadata__":{"z":"\u00e9\n","datadeed.lineage":"","a":"\"é/"}"#;
    let input = file(&format!(" {{ {B} , {before},\t{A}}}  ")[1..], DATA);
    let model = open(&input);
    assert_eq!(model.proof(), Some(&b""[..]));
    let pairs = [("z", "é\n"), ("a", "\"é/")].map(|(k, v)| (k.to_owned(), v.to_owned()));
    assert_eq!(model.metadata(), pairs);
    let after = r#""__metadata__":{"z":"é\n","datadeed.lineage":"_w","a":"\"é/"}"#;
    assert_eq!(header_of(&attached(&input, &[0xff])), format!("{{{B},{after},{A}}}"));
    let without = r#""__metadata__":{"z":"é\n","a":"\"é/"}"#;
    let plain = detached(&input);
    assert_eq!(header_of(&plain), format!("{{{B},{without},{A}}}"));
    // Once gone, its place is forgotten: it comes back last.
    let last = r#""__metadata__":{"z":"é\n","a":"\"é/","datadeed.lineage":"_w"}"#;
    assert_eq!(header_of(&attached(&plain, &[0xff])), format!("{{{B},{last},{A}}}"));
}

#[test]
fn a_model_without_tensors_carries_a_proof_too() {
    for header in ["{}", "{}      ", r#"{"__metadata__":{}}"#] {
        let input = file(header, b"");
        assert_eq!(header_of(&detached(&input)), "{}");
        let output = attached(&input, b"p");
        assert_eq!(header_of(&output), r#"{"__metadata__":{"datadeed.lineage":"cA"}}"#);
        assert_eq!(open(&output).manifest().parts().count(), 0);
    }
}

#[test]
fn proofs_longer_than_a_piece_are_encoded_as_one() {
    for length in [PIECE - 1, PIECE, PIECE + 1, 3 * PIECE + 2] {
        let proof: Vec<u8> = (0..length).map(|i| u8::try_from(i % 251).unwrap()).collect();
        let output = attached(&two(), &proof);
        assert!(header_of(&output).contains(&base64url(&proof)));
        assert_eq!(read(Cursor::new(output)).unwrap().proof, proof);
    }
}

#[test]
fn only_weights_change_their_id() {
    let id = |header: &str, data: &[u8]| open(&file(header, data)).weights();
    let original = id(&format!("{{{A},{B}}}"), DATA);
    let same = [
        (format!("{{{B},{A}}}"), DATA),
        (format!(r#"{{{A},"__metadata__":{{"k":"v"}},{B}}}   "#), DATA),
        // The data in another order.
        (
            r#"{"a":{"data_offsets":[1,9],"shape":[2],"dtype":"F32"},
                "b":{"dtype":"U8","shape":[],"data_offsets":[0,1]}}"#
                .to_owned(),
            b"iabcdefgh",
        ),
    ];
    for (header, data) in same {
        assert_eq!(id(&header, data), original, "{header}");
    }
    let other = [
        (A.replace("\"a\"", "\"c\""), B.to_owned(), DATA),
        (A.replace("F32", "I32"), B.to_owned(), DATA),
        (A.replace("[2]", "[1,2]"), B.to_owned(), DATA),
        (A.to_owned(), B.replace("[]", "[1]"), DATA),
        (A.replace("\"a\"", "\"b\""), B.replace("\"b\"", "\"a\""), DATA),
        (A.to_owned(), B.to_owned(), b"abcdefgh!"),
    ];
    for (a, b, data) in other {
        assert_ne!(id(&format!("{{{a},{b}}}"), data), original, "{a} {b}");
    }
}

#[test]
fn every_weight_byte_counts() {
    let original = open(&two()).weights();
    for (index, _) in DATA.iter().enumerate() {
        let mut changed = two();
        let end = changed.len() - DATA.len();
        changed[end + index] ^= 1;
        assert_ne!(open(&changed).weights(), original, "{index}");
    }
}

#[test]
fn the_id_is_that_of_a_manifest_made_by_hand() {
    let manifest = Manifest::tensors(vec![
        TensorEntry::new("b", Dtype::U8, vec![], 1, Digest::of(b"i")),
        TensorEntry::new("a", Dtype::F32, vec![2], 8, Digest::of(b"abcdefgh")),
    ]);
    assert_eq!(open(&two()).manifest(), &manifest.unwrap());
}

#[test]
fn empty_tensors_stand_where_others_begin_or_end() {
    let empty = |name: &str, at: u64| {
        format!(r#""{name}":{{"dtype":"F32","shape":[3,0],"data_offsets":[{at},{at}]}}"#)
    };
    let (w, x, y, z) = (empty("w", 9), empty("x", 8), empty("y", 0), empty("z", 0));
    let model = file(&format!("{{{w},{A},{x},{y},{B},{z}}}"), DATA);
    assert_eq!(open(&model).manifest().parts().count(), 6);
    assert_eq!(open(&attached(&model, b"p")).weights(), open(&model).weights());
}

#[test]
fn every_dtype_of_the_reference_is_read() {
    // In the order of safetensors 0.8, which is also that of alignment.
    let dtypes = "BOOL F4 F6_E2M3 F6_E3M2 U8 I8 F8_E5M2 F8_E4M3 F8_E8M0 F8_E4M3FNUZ F8_E5M2FNUZ \
                  I16 U16 F16 BF16 I32 U32 F32 C64 F64 I64 U64";
    for code in dtypes.split_whitespace() {
        let bytes = Dtype::from_code(code).unwrap().bits();
        let header =
            format!(r#"{{"t":{{"dtype":"{code}","shape":[8],"data_offsets":[0,{bytes}]}}}}"#);
        let data = vec![7; usize::try_from(bytes).unwrap()];
        let output = attached(&file(&header, &data), b"p");
        assert!(header_of(&output).ends_with(&header[1..]));
    }
}

fn dtype() -> impl Strategy<Value = Dtype> {
    let all = [Dtype::Bf16, Dtype::Bool, Dtype::C64, Dtype::F32, Dtype::F6E2M3, Dtype::U8];
    prop::sample::select(all.to_vec())
}

prop_compose! {
    /// A valid file: tensors `t0..` with data in an order of their own, metadata, spaces.
    fn models()(
        tensors in vec((dtype(), vec(0..3_u64, 0..4), any::<u32>()), 0..6),
        metadata in prop::option::of((prop::collection::btree_map(".{0,8}", ".{0,8}", 0..4), 0..7_usize)),
        padding in 0..9_usize,
        seed in any::<u8>(),
    ) -> Vec<u8> {
        let mut order: Vec<(usize, Dtype, Vec<u64>, u32)> = tensors
            .into_iter()
            .enumerate()
            .map(|(i, (dtype, mut shape, rank))| {
                // 6-bit elements come in fours.
                shape.push(4);
                (i, dtype, shape, rank)
            })
            .collect();
        order.sort_by_key(|tensor| tensor.3);
        let mut end = 0;
        let mut entries = Vec::new();
        for (i, dtype, shape, _) in order {
            let begin = end;
            end += TensorEntry::required_size(dtype, &shape).unwrap();
            entries.push((i, format!(
                r#""t{i}": {{"data_offsets":[{begin},{end}],"shape":{shape:?},"dtype":"{dtype}"}}"#
            )));
        }
        entries.sort();
        let mut entries: Vec<String> = entries.into_iter().map(|(_, entry)| entry).collect();
        if let Some((pairs, at)) = metadata {
            let text = serde_json::to_string(&pairs).unwrap();
            entries.insert(at.min(entries.len()), format!("\"__metadata__\":{text}"));
        }
        let header = format!("{{{}}}{}", entries.join(","), " ".repeat(padding));
        let data: Vec<u8> = (0..end).map(|i| u8::try_from(i % 251).unwrap() ^ seed).collect();
        file(&header, &data)
    }
}

/// Reads without a panic; what is accepted is written again as the same model.
fn stays_itself(bytes: &[u8]) {
    let Ok(mut model) = Model::open(Cursor::new(bytes)) else {
        return;
    };
    let mut output = Vec::new();
    model.attach(b"proof", &mut output).unwrap();
    let again = open(&output);
    assert_eq!(again.manifest(), model.manifest());
    assert_eq!(again.metadata(), model.metadata());
    assert_eq!(again.proof(), Some(&b"proof"[..]));
}

proptest! {
    #[test]
    fn reading_undoes_attaching(
        model in models(),
        proof in vec(any::<u8>(), 0..100),
        other in vec(any::<u8>(), 0..100),
    ) {
        let original = open(&model);
        let output = attached(&model, &proof);
        let found = read(Cursor::new(&output)).unwrap();
        prop_assert_eq!(&found.proof, &proof);
        prop_assert_eq!(found.weights, original.weights());
        let again = open(&output);
        prop_assert_eq!(again.metadata(), original.metadata());
        prop_assert_eq!(&attached(&output, &proof), &output);
        prop_assert_eq!(attached(&attached(&model, &other), &proof), output.clone());
        prop_assert_eq!(detached(&output), detached(&model));
        prop_assert_eq!(detached(&detached(&model)), detached(&model));
        let names = |file: &[u8]| open(file).header.tensors;
        prop_assert_eq!(names(&output), names(&model));
    }

    #[test]
    fn no_bytes_cause_a_panic(bytes in vec(any::<u8>(), 0..64), header in ".{0,64}") {
        stays_itself(&bytes);
        stays_itself(&file(&header, &bytes));
        stays_itself(&file(&format!("{{{header}}}"), &bytes));
    }

    #[test]
    fn no_damage_causes_a_panic(
        model in models(),
        at in any::<prop::sample::Index>(),
        with in any::<u8>(),
        cut in any::<prop::sample::Index>(),
    ) {
        let (at, cut) = (at.index(model.len()), cut.index(model.len()));
        let mut changed = model.clone();
        changed[at] = with;
        stays_itself(&changed);
        changed.insert(at, with);
        stays_itself(&changed);
        stays_itself(&[&model[..at], &model[cut..]].concat());
    }
}
