//! Code as runs of one class each, in bytes: the class, and its length with seven bits in each byte,
//! lowest first. A run of each word is two bytes.

use super::class::Class;

/// Runs that follow each other.
#[derive(Debug, Default)]
pub(super) struct Runs {
    bytes: Vec<u8>,
    /// The run that may grow still.
    class: Class,
    length: usize,
    /// Blanks after it, which belong to it if what follows has its class.
    blank: usize,
}

impl Runs {
    /// Adds text of a class. Blanks between two runs of one class become part of both.
    pub fn push(&mut self, class: Class, text: &str) {
        if text.is_empty() {
            return;
        }
        if class == Class::Plain && text.bytes().all(|byte| matches!(byte, b' ' | b'\t')) {
            self.blank += text.len();
            return;
        }
        if class == self.class {
            self.length += self.blank + text.len();
        } else if class == Class::Plain {
            self.end(self.length);
            (self.class, self.length) = (class, self.blank + text.len());
        } else {
            let blank = self.blank;
            if self.class == Class::Plain {
                self.end(self.length + blank);
            } else {
                self.end(self.length);
                write(&mut self.bytes, Class::Plain, blank);
            }
            (self.class, self.length) = (class, text.len());
        }
        self.blank = 0;
    }

    fn end(&mut self, length: usize) {
        write(&mut self.bytes, self.class, length);
    }

    /// The bytes.
    pub fn finish(mut self) -> Vec<u8> {
        self.end(self.length);
        write(&mut self.bytes, Class::Plain, self.blank);
        self.bytes
    }
}

fn write(bytes: &mut Vec<u8>, class: Class, mut length: usize) {
    if length == 0 {
        return;
    }
    bytes.push(class as u8);
    while length >= 0x80 {
        bytes.push(length as u8 | 0x80);
        length >>= 7;
    }
    bytes.push(length as u8);
}

/// The runs of a text, whatever the bytes are: together they are the text.
pub(super) fn of<'a>(text: &'a str, bytes: &'a [u8]) -> impl Iterator<Item = (Class, &'a str)> {
    let mut bytes = bytes.iter();
    let mut rest = text;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let (class, length) = next(&mut bytes).unwrap_or((Class::Plain, rest.len()));
        let (run, after) = rest.split_at_checked(length).unwrap_or((rest, ""));
        rest = after;
        Some((class, run))
    })
}

fn next(bytes: &mut std::slice::Iter<u8>) -> Option<(Class, usize)> {
    let class = Class::of_number(*bytes.next()?);
    let mut length = 0;
    for shift in (0..usize::BITS).step_by(7) {
        let byte = *bytes.next()?;
        length |= usize::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            break;
        }
    }
    Some((class, length))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_of_one_class_are_one_with_the_blanks_between_them() {
        let mut runs = Runs::default();
        let text = "pub fn  main () ";
        for (class, word) in [
            (Class::Keyword, "pub"),
            (Class::Plain, " "),
            (Class::Keyword, "fn"),
            (Class::Plain, "  "),
            (Class::Function, "main"),
            (Class::Plain, " "),
            (Class::Plain, "()"),
            (Class::Plain, " "),
        ] {
            runs.push(class, word);
        }
        let bytes = runs.finish();
        let read: Vec<_> = of(text, &bytes).collect();
        assert_eq!(
            read,
            [
                (Class::Keyword, "pub fn"),
                (Class::Plain, "  "),
                (Class::Function, "main"),
                (Class::Plain, " ()"),
                (Class::Plain, " "),
            ]
        );
    }

    proptest::proptest! {
        #[test]
        fn whatever_the_bytes_are_the_runs_are_the_text(
            text in "[a-zé\n ]{0,40}",
            bytes in proptest::collection::vec(0_u8..=255, 0..20),
        ) {
            let read: String = of(&text, &bytes).map(|(_, run)| run).collect();
            proptest::prop_assert_eq!(read, text);
        }

        #[test]
        fn runs_are_read_as_they_were_written(
            words in proptest::collection::vec((0_u8..12, "[a-zé\n ]{0,9}|[a-z]{200,300}"), 0..20),
        ) {
            let mut runs = Runs::default();
            for (class, word) in &words {
                runs.push(Class::of_number(*class), word);
            }
            let text: String = words.iter().map(|(_, word)| &**word).collect();
            let bytes = runs.finish();
            let class_of = |at: usize| {
                let mut end = 0;
                of(&text, &bytes).find(|(_, run)| { end += run.len(); end > at }).map(|(class, _)| class)
            };
            let mut at = 0;
            for (class, word) in &words {
                for (within, c) in word.char_indices() {
                    if !matches!(c, ' ') {
                        proptest::prop_assert_eq!(class_of(at + within), Some(Class::of_number(*class)));
                    }
                }
                at += word.len();
            }
        }
    }
}
