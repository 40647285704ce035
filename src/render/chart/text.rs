//! How wide a text will be, about. Drawings are shown in the reader's own fonts, which nobody can
//! measure beforehand; so letters are taken for wider than most fonts have them.

/// Units from one line of text to the next.
pub(super) const LINE: f64 = 19.0;

/// The size of text, in units.
pub(super) const SIZE: f64 = 16.0;

/// The width of a text, in units.
pub(super) fn width(text: &str) -> f64 {
    text.chars().map(|letter| advance(letter) * SIZE).sum()
}

/// The width of a letter, as a share of the text's size.
fn advance(letter: char) -> f64 {
    match letter {
        'i' | 'j' | 'l' | 'I' | '.' | ',' | ':' | ';' | '\'' | '|' | '!' => 0.32,
        ' ' | '\u{a0}' | '\u{202f}' | 't' | 'f' | 'r' | '(' | ')' | '-' => 0.4,
        'm' | 'w' | 'M' | 'W' | '%' | '—' | '@' => 0.95,
        '\u{200b}'..='\u{200f}'
        | '\u{2060}'..='\u{2069}'
        | '\u{300}'..='\u{36f}'
        | '\u{61c}'
        | '\u{64b}'..='\u{65f}' => 0.0,
        '\u{1100}'..='\u{115f}' | '\u{2e80}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}' => 1.0,
        '\u{f900}'..='\u{faff}' | '\u{ff00}'..='\u{ff60}' | '\u{1f000}'..='\u{3ffff}' => 1.1,
        letter if letter.is_uppercase() => 0.72,
        _ => 0.58,
    }
}

/// A text in lines of a width, broken at spaces. A word that is wider stands alone in its line.
pub(super) fn lines(text: &str, most: f64) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if width(line) + width(" ") + width(word) <= most => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}
