//! The Waves API's own errors, made by the macro from the catalog that is built into it.

crate::error_catalog! {
    /// Why a call of the Waves API failed: Lightning text-to-speech and Pulse speech-to-text, over REST and WebSocket.
    pub enum WavesError = waves;
    /// The documented pages of the Waves API's errors.
    pub mod reference;
}

/// The catalog, for enums that are derived from it.
pub const WAVES: waves_errors_core::Catalog = <WavesError as crate::error::CatalogEnum>::CATALOG;
