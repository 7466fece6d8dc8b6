//! Binary values in JSON.

/// `#[serde(with = "bytes::fixed")]`: exactly `N` bytes.
pub(super) mod fixed {
    use alloc::string::String;

    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    use crate::base64url;

    pub(in crate::wire) fn serialize<S: Serializer, const N: usize>(
        bytes: &[u8; N],
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&base64url::encode(bytes))
    }

    pub(in crate::wire) fn deserialize<'de, D: Deserializer<'de>, const N: usize>(
        deserializer: D,
    ) -> Result<[u8; N], D::Error> {
        base64url::decode(&String::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}

/// `#[serde(with = "bytes::optional")]`: exactly `N` bytes or null.
pub(super) mod optional {
    use alloc::string::String;

    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    use crate::base64url;

    pub(in crate::wire) fn serialize<S: Serializer, const N: usize>(
        bytes: &Option<[u8; N]>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        match bytes {
            Some(bytes) => serializer.serialize_some(&base64url::encode(bytes)),
            None => serializer.serialize_none(),
        }
    }

    pub(in crate::wire) fn deserialize<'de, D: Deserializer<'de>, const N: usize>(
        deserializer: D,
    ) -> Result<Option<[u8; N]>, D::Error> {
        Option::<String>::deserialize(deserializer)?
            .map(|text| base64url::decode(&text).map_err(D::Error::custom))
            .transpose()
    }
}

/// `#[serde(with = "bytes::any")]`: a message of any length; its user checks the bounds.
pub(super) mod any {
    use alloc::string::String;
    use alloc::vec::Vec;

    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    use crate::base64url;

    pub(in crate::wire) fn serialize<S: Serializer>(
        bytes: &[u8],
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&base64url::encode(bytes))
    }

    pub(in crate::wire) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Vec<u8>, D::Error> {
        base64url::decode_vec(&String::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}

/// `#[serde(with = "bytes::any_optional")]`: a message of any length or null.
pub(super) mod any_optional {
    use alloc::string::String;
    use alloc::vec::Vec;

    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    use crate::base64url;

    pub(in crate::wire) fn serialize<S: Serializer>(
        bytes: &Option<Vec<u8>>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        match bytes {
            Some(bytes) => serializer.serialize_some(&base64url::encode(bytes)),
            None => serializer.serialize_none(),
        }
    }

    pub(in crate::wire) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<Vec<u8>>, D::Error> {
        Option::<String>::deserialize(deserializer)?
            .map(|text| base64url::decode_vec(&text).map_err(D::Error::custom))
            .transpose()
    }
}

/// `#[serde(with = "bytes::present")]`: a field that may be left out, which is not the same as null.
pub(super) mod present {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub(in crate::wire) fn serialize<S: Serializer, T: Serialize>(
        field: &Option<Option<T>>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        field
            .as_ref()
            .and_then(Option::as_ref)
            .serialize(serializer)
    }

    pub(in crate::wire) fn deserialize<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
        deserializer: D,
    ) -> Result<Option<Option<T>>, D::Error> {
        Option::deserialize(deserializer).map(Some)
    }
}

/// Values of [`crate::keys`] as their text.
macro_rules! text {
    ($($name:ident),*) => {$(
        impl serde::Serialize for crate::keys::$name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.to_base64url())
            }
        }

        impl<'de> serde::Deserialize<'de> for crate::keys::$name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = alloc::string::String::deserialize(deserializer)?;
                Self::from_base64url(&text).map_err(serde::de::Error::custom)
            }
        }
    )*};
}

text!(Grant, Locator, OwnerVerifier, ShareId, Verifier);
