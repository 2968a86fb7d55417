//! Model files.

use std::io::Cursor;

use datadeed::attach::safetensors::{Model, read};

/// Whether `data` is a model; it then carries any proof, and stays the model it was.
pub(crate) fn accepts(data: &[u8]) -> bool {
    let Ok(mut model) = Model::open(Cursor::new(data)) else { return false };
    match read(Cursor::new(data)) {
        Ok(found) => {
            assert_eq!(Some(found.proof.as_slice()), model.proof());
            assert_eq!(found.weights, model.weights());
        }
        Err(_) => assert_eq!(model.proof(), None),
    }
    for proof in [&b""[..], b"p", b"proof"] {
        let mut attached = Vec::new();
        model.attach(proof, &mut attached).expect("opened before");
        let found = read(Cursor::new(&attached)).expect("attached before");
        assert_eq!(found.proof, proof);
        assert_eq!(found.weights, model.weights());

        let mut carrier = Model::open(Cursor::new(&attached)).expect("attached before");
        assert_eq!(carrier.manifest(), model.manifest());
        assert_eq!(carrier.metadata(), model.metadata());
        let (mut again, mut bare, mut as_bare) = (Vec::new(), Vec::new(), Vec::new());
        carrier.attach(proof, &mut again).expect("attached before");
        assert_eq!(again, attached);
        carrier.detach(&mut bare).expect("attached before");
        model.detach(&mut as_bare).expect("opened before");
        assert_eq!(bare, as_bare);
        let bare = Model::open(Cursor::new(&bare)).expect("detached before");
        assert_eq!((bare.proof(), bare.weights()), (None, model.weights()));
    }
    true
}
