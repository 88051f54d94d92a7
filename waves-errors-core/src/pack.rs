//! The packed form: a tree of numbers, texts and records in one string of printable characters. One literal
//! costs rustc one token whatever the catalog's size, needs no relocation, and is cut without copying.
//!
//! A number is written five bits a character, lowest first, the sixth bit meaning "more follows"; a text is its
//! length and its bytes; a record is a text that holds further values; an offset has a fixed width of five
//! characters, so that the n-th can be found without reading the others. Readers never panic: what a damaged
//! text does not hold reads as zero or as nothing.

/// The character for zero; the 64 characters from here to `o` are all printable ASCII.
const ZERO: u8 = b'0';
const MORE: u8 = 0b10_0000;

/// How many characters an offset takes: five of six bits, for texts up to a gigabyte.
pub(crate) const OFFSET: usize = 5;

/// Writes the packed form.
#[derive(Debug, Default)]
pub struct Writer(String);

impl Writer {
    /// An empty text.
    pub fn new() -> Self {
        Self::default()
    }

    /// Appends a number.
    pub fn number(&mut self, mut value: u64) -> &mut Self {
        loop {
            let low = u8::try_from(value & 31).unwrap_or(0);
            value >>= 5;
            self.0.push(char::from(ZERO + if value > 0 { low | MORE } else { low }));
            if value == 0 {
                return self;
            }
        }
    }

    /// Appends a text.
    pub fn text(&mut self, text: &str) -> &mut Self {
        self.number(text.len() as u64);
        self.0.push_str(text);
        self
    }

    /// Appends a record: the values that `fill` writes, under one length.
    pub fn record(&mut self, fill: impl FnOnce(&mut Self)) -> &mut Self {
        let mut inner = Self::new();
        fill(&mut inner);
        self.text(&inner.0)
    }

    /// Appends a list: its length, then each item as `fill` writes it.
    pub fn list<T>(
        &mut self,
        items: impl IntoIterator<Item = T, IntoIter: ExactSizeIterator>,
        mut fill: impl FnMut(&mut Self, T),
    ) -> &mut Self {
        let items = items.into_iter();
        self.number(items.len() as u64);
        for item in items {
            fill(self, item);
        }
        self
    }

    /// Appends a number in exactly `width` characters of six bits; what does not fit is lost.
    pub(crate) fn fixed(&mut self, value: usize, width: usize) -> &mut Self {
        for place in 0..width {
            let bits = u8::try_from((value >> (6 * place)) & 63).unwrap_or(0);
            self.0.push(char::from(ZERO + bits));
        }
        self
    }

    /// Appends offsets, each in its fixed width.
    pub(crate) fn offsets(&mut self, offsets: impl Iterator<Item = usize>) {
        for at in offsets {
            self.fixed(at, OFFSET);
        }
    }

    /// Appends a text as it stands, without its length.
    pub(crate) fn raw(&mut self, text: &str) -> &mut Self {
        self.0.push_str(text);
        self
    }

    /// How many bytes have been written.
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// The packed text.
    pub fn finish(self) -> String {
        self.0
    }
}

/// Reads the packed form from its front.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reader<'a>(&'a str);

impl<'a> Reader<'a> {
    /// A reader at the front of `text`.
    pub const fn new(text: &'a str) -> Self {
        Self(text)
    }

    /// The next number, or zero where there is none.
    #[inline]
    pub const fn number(&mut self) -> u64 {
        // Most numbers are small, and most lengths of texts take two characters.
        match *self.0.as_bytes() {
            [first, ..] if first.wrapping_sub(ZERO) & MORE == 0 => {
                self.skip(1);
                (first.wrapping_sub(ZERO) & 31) as u64
            }
            [first, second, ..] if second.wrapping_sub(ZERO) & MORE == 0 => {
                self.skip(2);
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
        self.skip(at);
        value
    }

    /// The next text, or an empty one where there is none.
    #[inline]
    pub const fn text(&mut self) -> &'a str {
        let length = self.number();
        if length > u32::MAX as u64 {
            self.0 = "";
            return "";
        }
        #[expect(clippy::cast_possible_truncation, reason = "compared just above; `try_from` is not const")]
        self.skip(length as usize)
    }

    /// The next record.
    #[inline]
    pub const fn record(&mut self) -> Self {
        Self(self.text())
    }

    /// The next list, which the reader still stands before: as many items as it names, each read by `read`.
    pub(crate) fn list<T>(self, read: fn(&mut Self) -> T) -> List<'a, T> {
        let mut rest = self;
        let left = rest.number();
        List { rest, left, read }
    }

    /// Passes over a list and stands behind it.
    pub(crate) fn skip_list<T>(&mut self, read: fn(&mut Self) -> T) {
        let mut list = self.list(read);
        while list.next().is_some() {}
        *self = list.rest;
    }

    #[inline]
    const fn skip(&mut self, length: usize) -> &'a str {
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

/// The items of a packed list.
#[derive(Debug, Clone, Copy)]
pub(crate) struct List<'a, T> {
    rest: Reader<'a>,
    left: u64,
    read: fn(&mut Reader<'a>) -> T,
}

impl<T> Iterator for List<'_, T> {
    type Item = T;

    fn next(&mut self) -> Option<T> {
        if self.left == 0 || self.rest.0.is_empty() {
            return None;
        }
        self.left -= 1;
        Some((self.read)(&mut self.rest))
    }
}

/// Numbers of a fixed width, one after the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Fixed<'a, const WIDTH: usize>(&'a [[u8; WIDTH]]);

impl<'a, const WIDTH: usize> Fixed<'a, WIDTH> {
    /// The numbers that a text holds.
    #[inline]
    pub(crate) const fn new(text: &'a str) -> Self {
        Self(text.as_bytes().as_chunks().0)
    }

    /// How many there are.
    #[inline]
    pub(crate) const fn len(self) -> usize {
        self.0.len()
    }

    /// The number at a place, if there is one.
    #[inline]
    pub(crate) const fn get(self, place: usize) -> Option<usize> {
        if place >= self.0.len() {
            return None;
        }
        let (digits, mut value, mut digit) = (&self.0[place], 0, WIDTH);
        while digit > 0 {
            digit -= 1;
            value = value << 6 | (digits[digit].wrapping_sub(ZERO) & 63) as usize;
        }
        Some(value)
    }
}

/// What stands in `text` from `at` on, or nothing where no character begins there.
#[inline]
pub(crate) const fn tail(text: &str, at: usize) -> &str {
    match text.split_at_checked(at) {
        Some((_, tail)) => tail,
        None => "",
    }
}

/// What stands in `text` before `at`, or nothing where no character ends there.
pub(crate) const fn head(text: &str, at: usize) -> &str {
    match text.split_at_checked(at) {
        Some((head, _)) => head,
        None => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let numbers = [0, 1, 31, 32, 1023, 1024, u64::from(u32::MAX), u64::MAX];
        let mut writer = Writer::new();
        writer.list(numbers, |w, n| {
            w.number(n);
        });
        writer.record(|inner| {
            inner.text("naïve ✓").text("");
        });
        writer.fixed(123_456_789, OFFSET).number(7);
        let text = writer.finish();

        let mut reader = Reader::new(&text);
        assert_eq!(reader.list(Reader::number).collect::<Vec<_>>(), numbers);
        reader.skip_list(Reader::number);
        let mut record = reader.record();
        assert_eq!((record.text(), record.text(), record.text()), ("naïve ✓", "", ""));
        assert_eq!(Fixed::<OFFSET>::new(reader.0).get(0), Some(123_456_789));
        reader.skip(OFFSET);
        assert_eq!((reader.number(), reader.number()), (7, 0));
    }

    #[test]
    fn a_damaged_text_reads_as_nothing() {
        for text in ["", "o", "oooooooooooooooooooo", "5ab", "1é", "~~~~~~", "\u{7f}\0"] {
            let mut reader = Reader::new(text);
            reader.number();
            let mut reader = Reader::new(text);
            assert!(reader.text().len() <= text.len());
            reader.list(Reader::text).for_each(drop);
            assert_eq!(Fixed::<OFFSET>::new(text).get(usize::MAX), None);
            assert!(head(text, 1).len() <= 1 && tail(text, 2).len() <= text.len());
        }
    }

    #[test]
    fn the_form_is_printable() {
        let mut writer = Writer::new();
        (0..5000).for_each(|n| {
            writer.number(n).fixed(usize::try_from(n).unwrap(), 3);
        });
        assert!(writer.finish().bytes().all(|b| b.is_ascii_graphic()));
    }
}
