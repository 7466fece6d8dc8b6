//! Envelopes and labels, behind their tag.

use onekey_core::keys::{Locator, OwnerKey, WrapKey};

use super::decryptor::header;
use crate::Reached;
use crate::counter::Given;

pub(super) fn run(data: &[u8], reached: &mut Reached) {
    let (owner, wrap) = (OwnerKey::from_bytes([1; 32]), WrapKey::from_bytes([2; 32]));
    let locator = Locator::from_bytes([3; 16]);
    if let Ok(label) = owner.open_label(&locator, data) {
        reached.mark("OwnerKey::open_label");
        if let Ok(sealed) = owner.seal_label(&locator, &label, &mut Given(&data[..12])) {
            assert_eq!(sealed, data);
        }
    }
    let Ok(envelope) = data.try_into() else {
        return;
    };
    if let Ok(share) = wrap.unwrap(&locator, envelope) {
        reached.mark("WrapKey::unwrap");
        assert_eq!(wrap.wrap(&locator, &share, &mut Given(&data[..12])), data);
    }
    if let Ok(share) = owner.unwrap(&header(), envelope) {
        reached.mark("OwnerKey::unwrap");
        assert_eq!(owner.wrap(&header(), &share, &mut Given(&data[..12])), data);
    }
}
