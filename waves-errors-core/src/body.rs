//! [`Body`]: the front of a body, and its length.

use std::fmt;

/// The maximum number of bytes that are kept.
const KEPT: usize = 64 * 1024;

/// The body of a request or a response: at most its first 64 KiB, and its length.
///
/// Bytes and texts convert into a whole body. `Debug` writes only the length.
///
/// # Examples
///
/// ```
/// use waves_errors::Body;
///
/// let whole = Body::from("{}");
/// assert_eq!((whole.bytes(), whole.length(), whole.is_whole()), (&b"{}"[..], Some(2), true));
/// let front = Body::prefix("<html>", Some(100_000));
/// assert_eq!((front.length(), front.is_whole()), (Some(100_000), false));
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Body {
    kept: Vec<u8>,
    length: Option<u64>,
}

impl Body {
    /// Creates a body from all of its bytes.
    pub fn whole(bytes: impl AsRef<[u8]>) -> Self {
        let bytes = bytes.as_ref();
        Self { kept: bytes[..bytes.len().min(KEPT)].to_vec(), length: Some(bytes.len() as u64) }
    }

    /// Creates a body from its front. `length` is the length that the sender announced, in bytes.
    pub fn prefix(bytes: impl AsRef<[u8]>, length: Option<u64>) -> Self {
        let bytes = bytes.as_ref();
        let kept = bytes[..bytes.len().min(KEPT)].to_vec();
        // An announced length below the number of read bytes is wrong.
        Self { length: length.filter(|&length| length >= bytes.len() as u64), kept }
    }

    /// Returns the bytes that are kept: at most 64 KiB.
    pub fn bytes(&self) -> &[u8] {
        &self.kept
    }

    /// Returns the length of the body in bytes, if it is known.
    pub const fn length(&self) -> Option<u64> {
        self.length
    }

    /// Returns whether the whole body is kept.
    pub fn is_whole(&self) -> bool {
        self.length == Some(self.kept.len() as u64)
    }

    /// The maximum number of bytes that are kept: 64 KiB. Adapters read no more than this from the body of an error response.
    pub const LIMIT: usize = KEPT;
}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.length {
            Some(length) => write!(f, "{length} bytes"),
            None => write!(f, "more than {} bytes", self.kept.len()),
        }
    }
}

macro_rules! from_bytes {
    ($($from:ty),*) => {$(
        impl From<$from> for Body {
            fn from(bytes: $from) -> Self {
                Self::whole(bytes)
            }
        }
    )*};
}

from_bytes!(&[u8], &str, &String, String, &Vec<u8>, Vec<u8>);

impl<const N: usize> From<&[u8; N]> for Body {
    fn from(bytes: &[u8; N]) -> Self {
        Self::whole(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn announced_length_below_the_number_of_read_bytes_is_ignored() {
        assert_eq!(Body::prefix("abc", Some(10)).length(), Some(10));
        assert_eq!(Body::prefix("abc", Some(2)).length(), None);
        assert_eq!(format!("{:?}", Body::prefix("abc", None)), "more than 3 bytes");
    }
}
