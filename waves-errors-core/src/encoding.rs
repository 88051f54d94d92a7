//! The encoding of a [table](crate::table): numbers, texts and lists in one string of printable characters.
//!
//! A program contains a catalog as one string literal, which is a single token for rustc, independently of its size. The literal
//! needs no relocations, and all texts are borrowed from it without a copy.
//!
//! | value | encoding |
//! | --- | --- |
//! | number | digits in base 32, the lowest first. A digit is one of the 64 characters from `0` to `o`: its value, plus 32 if another digit follows |
//! | text | its length in bytes, as a number, then its bytes |
//! | list | a text that contains the items, one after another |
//! | record | its fields, one after another, in the order that [`layout`](crate::layout) defines |
//! | fixed-width number | digits in base 64, the lowest first, without separators: the n-th number is found without reading the others |
//!
//! For example, a record of the text `sk_`, the number 500 and the list of the texts `a` and `bc`:
//!
//! ```text
//! 3sk_ d? 51a2bc      (without the spaces)
//! │    │  │└┴─┴── the items: 1 byte `a`, 2 bytes `bc`
//! │    │  └────── the list is 5 bytes long
//! │    └───────── 500 = 20 + 15 · 32; the digits are 20 + 32, since another follows, and 15
//! └────────────── the text is 3 bytes long
//! ```
//!
//! Decoders never panic. Values that are missing in a damaged text decode as zero or as an empty text. Every item of a list takes
//! at least one byte, so that decoding ends.

use std::marker::PhantomData;

/// The digit zero. The 64 characters from here on, to `o`, are printable ASCII.
const ZERO: u8 = b'0';
/// Set in a digit of a number if another digit follows.
const MORE: u8 = 0b10_0000;

/// Encodes values into a text.
#[derive(Debug, Default)]
pub(crate) struct Encoder(String);

impl Encoder {
    /// Appends a number.
    pub(crate) fn number(&mut self, mut value: u64) {
        loop {
            let digit = u8::try_from(value & 31).unwrap_or(0);
            value >>= 5;
            self.0.push(char::from(ZERO + if value > 0 { digit | MORE } else { digit }));
            if value == 0 {
                return;
            }
        }
    }

    /// Appends a text.
    pub(crate) fn text(&mut self, text: &str) {
        self.number(text.len() as u64);
        self.0.push_str(text);
    }

    /// Appends a text that `encode` writes.
    pub(crate) fn nested(&mut self, encode: impl FnOnce(&mut Self)) {
        let mut inner = Self::default();
        encode(&mut inner);
        self.text(&inner.0);
    }

    /// Appends a number of exactly `WIDTH` digits. A larger number loses its highest digits.
    pub(crate) fn fixed<const WIDTH: usize>(&mut self, value: usize) {
        for digit in 0..WIDTH {
            let bits = u8::try_from((value >> (6 * digit)) & 63).unwrap_or(0);
            self.0.push(char::from(ZERO + bits));
        }
    }

    /// Returns the number of bytes so far.
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// Returns the encoded text.
    pub(crate) fn finish(self) -> String {
        self.0
    }
}

/// A value that can be encoded.
pub(crate) trait Encode {
    /// Appends the value.
    fn encode(&self, to: &mut Encoder);
}

impl Encode for String {
    fn encode(&self, to: &mut Encoder) {
        to.text(self);
    }
}

impl<T: Encode> Encode for Vec<T> {
    fn encode(&self, to: &mut Encoder) {
        to.nested(|to| self.iter().for_each(|item| item.encode(to)));
    }
}

impl<T: Encode, U: Encode> Encode for (T, U) {
    fn encode(&self, to: &mut Encoder) {
        self.0.encode(to);
        self.1.encode(to);
    }
}

/// An optional index: zero for `None`, or else the index plus one.
impl Encode for Option<u16> {
    fn encode(&self, to: &mut Encoder) {
        to.number(self.map_or(0, |index| u64::from(index) + 1));
    }
}

macro_rules! encode_numbers {
    ($($number:ty),*) => {$(
        impl Encode for $number {
            fn encode(&self, to: &mut Encoder) {
                to.number((*self).into());
            }
        }
    )*};
}
encode_numbers!(u16, u32, u64, bool);

/// Decodes values from the front of a text.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Decoder<'a>(&'a str);

impl<'a> Decoder<'a> {
    /// Creates a decoder for a text.
    pub(crate) const fn new(text: &'a str) -> Self {
        Self(text)
    }

    /// Creates a decoder for a text from an offset on; for an empty text if no character begins there.
    #[inline]
    pub(crate) const fn at(text: &'a str, offset: usize) -> Self {
        match text.split_at_checked(offset) {
            Some((_, rest)) => Self(rest),
            None => Self(""),
        }
    }

    #[inline]
    pub(crate) const fn is_empty(self) -> bool {
        self.0.is_empty()
    }

    /// Decodes a number.
    #[inline]
    pub(crate) const fn u64(&mut self) -> u64 {
        // Most numbers have one digit, and most lengths of texts have two.
        match *self.0.as_bytes() {
            [first, ..] if first.wrapping_sub(ZERO) & MORE == 0 => {
                self.take(1);
                (first.wrapping_sub(ZERO) & 31) as u64
            }
            [first, second, ..] if second.wrapping_sub(ZERO) & MORE == 0 => {
                self.take(2);
                (first.wrapping_sub(ZERO) & 31) as u64 | ((second.wrapping_sub(ZERO) & 31) as u64) << 5
            }
            _ => self.long_number(),
        }
    }

    const fn long_number(&mut self) -> u64 {
        let bytes = self.0.as_bytes();
        let mut value = 0;
        let mut at = 0;
        while at < bytes.len() && at < 13 {
            let bits = bytes[at].wrapping_sub(ZERO);
            value |= ((bits & 31) as u64) << (5 * at);
            at += 1;
            if bits & MORE == 0 {
                break;
            }
        }
        self.take(at);
        value
    }

    /// Decodes a number; a larger one decodes as `u32::MAX`.
    pub(crate) const fn u32(&mut self) -> u32 {
        let number = self.u64();
        #[expect(clippy::cast_possible_truncation, reason = "compared in the same line; `try_from` is not const")]
        if number > u32::MAX as u64 { u32::MAX } else { number as u32 }
    }

    /// Decodes a number; a larger one decodes as `u16::MAX`.
    pub(crate) const fn u16(&mut self) -> u16 {
        let number = self.u64();
        #[expect(clippy::cast_possible_truncation, reason = "compared in the same line; `try_from` is not const")]
        if number > u16::MAX as u64 { u16::MAX } else { number as u16 }
    }

    /// Decodes a boolean.
    pub(crate) const fn bool(&mut self) -> bool {
        self.u64() != 0
    }

    /// Decodes an optional index.
    pub(crate) const fn index(&mut self) -> Option<u16> {
        match self.u16() {
            0 => None,
            number => Some(number - 1),
        }
    }

    /// Decodes a text.
    #[inline]
    pub(crate) const fn text(&mut self) -> &'a str {
        let length = self.u64();
        if length > u32::MAX as u64 {
            self.0 = "";
            return "";
        }
        #[expect(clippy::cast_possible_truncation, reason = "compared just above; `try_from` is not const")]
        self.take(length as usize)
    }

    /// Decodes a list.
    #[inline]
    pub(crate) const fn list<T>(&mut self) -> List<'a, T> {
        List::of(Self(self.text()))
    }

    /// Removes `length` bytes from the front and returns them. Removes all if there are fewer.
    #[inline]
    const fn take(&mut self, length: usize) -> &'a str {
        match self.0.split_at_checked(length) {
            Some((head, tail)) => {
                self.0 = tail;
                head
            }
            None => {
                self.0 = "";
                ""
            }
        }
    }
}

/// Does not print the text, which may be the rest of a table.
impl std::fmt::Debug for Decoder<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} bytes", self.0.len())
    }
}

/// A value that can be decoded.
pub trait Decode<'a>: Sized {
    /// Decodes the value, or returns `None` if it is unknown to this version.
    fn decode(from: &mut Decoder<'a>) -> Option<Self>;
}

impl<'a> Decode<'a> for &'a str {
    fn decode(from: &mut Decoder<'a>) -> Option<Self> {
        Some(from.text())
    }
}

impl Decode<'_> for u16 {
    fn decode(from: &mut Decoder<'_>) -> Option<Self> {
        Some(from.u16())
    }
}

impl Decode<'_> for bool {
    fn decode(from: &mut Decoder<'_>) -> Option<Self> {
        Some(from.bool())
    }
}

impl<'a, T: Decode<'a>, U: Decode<'a>> Decode<'a> for (T, U) {
    fn decode(from: &mut Decoder<'a>) -> Option<Self> {
        Some((T::decode(from)?, U::decode(from)?))
    }
}

impl<'a, T> Decode<'a> for List<'a, T> {
    fn decode(from: &mut Decoder<'a>) -> Option<Self> {
        Some(from.list())
    }
}

impl<'a, T: Decode<'a>> Decode<'a> for Vec<T> {
    fn decode(from: &mut Decoder<'a>) -> Option<Self> {
        Some(from.list().collect())
    }
}

/// The items of a list, decoded one by one. It ends at an item that is unknown to this version.
#[derive(Debug)]
pub struct List<'a, T> {
    items: Decoder<'a>,
    item: PhantomData<fn() -> T>,
}

impl<'a, T> List<'a, T> {
    /// Returns the list of all items in a text.
    pub(crate) const fn of(items: Decoder<'a>) -> Self {
        Self { items, item: PhantomData }
    }
}

impl<T> Clone for List<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for List<'_, T> {}

impl<T> PartialEq for List<'_, T> {
    fn eq(&self, other: &Self) -> bool {
        self.items == other.items
    }
}

impl<T> Eq for List<'_, T> {}

#[expect(clippy::copy_iterator, reason = "a list is a position in a table: steps copy it before they read it")]
impl<'a, T: Decode<'a>> Iterator for List<'a, T> {
    type Item = T;

    fn next(&mut self) -> Option<T> {
        if self.items.is_empty() { None } else { T::decode(&mut self.items) }
    }
}

/// Numbers of a fixed width.
#[derive(Debug, Clone, Copy)]
pub(crate) struct FixedWidth<'a, const WIDTH: usize>(&'a [[u8; WIDTH]]);

impl<'a, const WIDTH: usize> FixedWidth<'a, WIDTH> {
    #[inline]
    pub(crate) const fn new(text: &'a str) -> Self {
        Self(text.as_bytes().as_chunks().0)
    }

    #[inline]
    pub(crate) const fn len(self) -> usize {
        self.0.len()
    }

    /// Returns the number with this index, if there is one.
    #[inline]
    pub(crate) const fn get(self, index: usize) -> Option<usize> {
        if index >= self.0.len() {
            return None;
        }
        let (digits, mut value, mut digit) = (&self.0[index], 0, WIDTH);
        while digit > 0 {
            digit -= 1;
            value = value << 6 | (digits[digit].wrapping_sub(ZERO) & 63) as usize;
        }
        Some(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn example_encodes_as_documented() {
        let mut to = Encoder::default();
        "sk_".to_owned().encode(&mut to);
        500_u32.encode(&mut to);
        vec!["a".to_owned(), "bc".to_owned()].encode(&mut to);
        assert_eq!(to.finish(), "3sk_d?51a2bc");
    }

    #[test]
    fn encoded_values_decode() {
        let numbers = [0, 1, 31, 32, 1023, 1024, u64::from(u32::MAX), u64::MAX];
        let mut to = Encoder::default();
        for number in numbers {
            number.encode(&mut to);
        }
        vec!["naïve ✓".to_owned(), String::new()].encode(&mut to);
        for index in [None, Some(0), Some(u16::MAX - 1)] {
            index.encode(&mut to);
        }
        (true, 7_u16).encode(&mut to);
        to.fixed::<5>(123_456_789);
        let text = to.finish();

        let mut from = Decoder::new(&text);
        assert_eq!(numbers.map(|_| from.u64()), numbers);
        assert_eq!(from.list::<&str>().collect::<Vec<_>>(), ["naïve ✓", ""]);
        assert_eq!([from.index(), from.index(), from.index()], [None, Some(0), Some(u16::MAX - 1)]);
        assert_eq!(<(bool, u16)>::decode(&mut from), Some((true, 7)));
        assert_eq!(FixedWidth::<5>::new(from.0).get(0), Some(123_456_789));
        from.take(5);
        assert_eq!((from.u64(), from.text(), from.is_empty()), (0, "", true));
    }

    #[test]
    fn damaged_text_decodes_as_zero_or_empty() {
        for text in ["", "o", "oooooooooooooooooooo", "5ab", "1é", "~~~~~~", "\u{7f}\0"] {
            Decoder::new(text).u64();
            assert!(Decoder::new(text).text().len() <= text.len());
            Decoder::new(text).list::<&str>().for_each(drop);
            assert_eq!(FixedWidth::<5>::new(text).get(usize::MAX), None);
            assert!(Decoder::at(text, 2).0.len() <= text.len());
        }
    }

    #[test]
    fn numbers_are_printable() {
        let mut to = Encoder::default();
        for number in 0..5000 {
            to.number(number as u64);
            to.fixed::<3>(number);
        }
        assert!(to.finish().bytes().all(|byte| byte.is_ascii_graphic()));
    }
}
