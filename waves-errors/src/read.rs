//! `bytes_checked`, `text_checked` and `json_checked` on the responses of blocking clients.

use bytes::Bytes;
use serde_core::de::DeserializeOwned;
use waves_errors_core::Evidence;

use crate::decode;
use crate::error::CatalogEnum;
use crate::failure::Failure;

/// The part of [`ReadChecked`] that an adapter implements. It is not exported, which seals the trait.
pub trait WholeBody: Sized {
    /// Reads the whole body, and returns it with the evidence of the exchange.
    fn whole_body<K: CatalogEnum>(self) -> Result<(Evidence, Bytes), Failure<K>>;
}

/// Reads the body of a response. Fails if the connection ends before the body is complete.
pub trait ReadChecked: WholeBody {
    /// Reads the whole body. Its length is not limited.
    ///
    /// # Errors
    ///
    /// Fails if the body does not arrive completely, or reports an error as `failed-when` of the catalog describes.
    #[cfg(feature = "waves")]
    fn bytes_checked(self) -> Result<Bytes, Failure> {
        self.bytes_checked_as()
    }

    /// Like `bytes_checked`, for the catalog of `K`.
    ///
    /// # Errors
    ///
    /// Fails like `bytes_checked`.
    fn bytes_checked_as<K: CatalogEnum>(self) -> Result<Bytes, Failure<K>> {
        whole(self).map(|(_, bytes)| bytes)
    }

    /// Reads the whole body as UTF-8 text.
    ///
    /// # Errors
    ///
    /// Fails if the body does not arrive completely, reports an error as `failed-when` of the catalog describes, or is not UTF-8.
    #[cfg(feature = "waves")]
    fn text_checked(self) -> Result<String, Failure> {
        self.text_checked_as()
    }

    /// Like `text_checked`, for the catalog of `K`.
    ///
    /// # Errors
    ///
    /// Fails like `text_checked`.
    fn text_checked_as<K: CatalogEnum>(self) -> Result<String, Failure<K>> {
        let (evidence, bytes) = whole(self)?;
        decode::text(evidence, &bytes)
    }

    /// Reads the whole body and decodes it as JSON.
    ///
    /// # Errors
    ///
    /// Fails if the body does not arrive completely, reports an error as `failed-when` of the catalog describes, or cannot be decoded
    /// as a `T`. A decoding failure names the type and the location in the document, and is not retried.
    #[cfg(feature = "waves")]
    fn json_checked<T: DeserializeOwned>(self) -> Result<T, Failure> {
        self.json_checked_as()
    }

    /// Like `json_checked`, for the catalog of `K`.
    ///
    /// # Errors
    ///
    /// Fails like `json_checked`.
    fn json_checked_as<T: DeserializeOwned, K: CatalogEnum>(self) -> Result<T, Failure<K>> {
        let (evidence, bytes) = whole(self)?;
        decode::json(evidence, &bytes)
    }
}

impl<T: WholeBody> ReadChecked for T {}

/// Reads the whole body, and fails if it reports an error.
fn whole<K: CatalogEnum>(response: impl WholeBody) -> Result<(Evidence, Bytes), Failure<K>> {
    response.whole_body().and_then(|(evidence, bytes)| decode::checked(evidence, bytes))
}
