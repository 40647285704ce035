//! Formulas as a line of text, for titles, tables of contents and summaries.

use super::tree::Element;

/// A formula as a line of text: `πr²`, `(a+b)/2`, `√(x+1)`.
pub(super) fn text(root: &Element) -> String {
    let mut out = String::new();
    push_all(&root.children, &mut out);
    out.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn push_all(elements: &[Element], out: &mut String) {
    for element in elements {
        push(element, out);
    }
}

fn push(element: &Element, out: &mut String) {
    let children = &element.children;
    match (element.name.as_str(), children.as_slice()) {
        ("mspace", _) => out.push(' '),
        ("mfrac", [over, under]) => {
            out.push_str(&whole(over));
            out.push('/');
            out.push_str(&whole(under));
        }
        ("msqrt", _) => {
            let mut under = String::new();
            push_all(children, &mut under);
            out.push('√');
            out.push_str(&in_parentheses(under));
        }
        ("mroot", [under, index]) => {
            out.push_str(&small(&whole(index), '^'));
            out.push('√');
            out.push_str(&whole(under));
        }
        ("msub" | "munder", [base, below]) => scripts(base, Some(below), None, out),
        ("msup" | "mover", [base, above]) => scripts(base, None, Some(above), out),
        ("msubsup" | "munderover", [base, below, above]) => {
            scripts(base, Some(below), Some(above), out);
        }
        ("mtable", _) => out.push_str(&joined(children, "; ")),
        ("mtr", _) => out.push_str(&joined(children, " ")),
        ("mo", _) => match element.text.as_str() {
            // Marks that are not seen.
            "\u{2061}" => {}
            "=" | "+" | "−" | "≈" | "≤" | "≥" | "<" | ">" | "≠" | "→" | "∈" => {
                out.push(' ');
                out.push_str(&element.text);
                out.push(' ');
            }
            "," | ";" => {
                out.push_str(&element.text);
                out.push(' ');
            }
            text => out.push_str(text),
        },
        _ => {
            out.push_str(&element.text);
            push_all(children, out);
        }
    }
}

fn scripts(base: &Element, below: Option<&Element>, above: Option<&Element>, out: &mut String) {
    push(base, out);
    for (script, mark) in [(below, '_'), (above, '^')] {
        if let Some(script) = script {
            out.push_str(&small(&line(script), mark));
        }
    }
}

/// Those that hold something, with a mark between them.
fn joined(elements: &[Element], mark: &str) -> String {
    let lines = elements.iter().map(line);
    let lines: Vec<String> = lines.filter(|line| !line.is_empty()).collect();
    lines.join(mark)
}

fn line(element: &Element) -> String {
    let mut out = String::new();
    push(element, &mut out);
    out.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// An element that reads as one, in parentheses where it has to be.
fn whole(element: &Element) -> String {
    in_parentheses(line(element))
}

fn in_parentheses(text: String) -> String {
    let is_one = text.chars().count() < 2 || text.chars().all(char::is_alphanumeric);
    if is_one { text } else { format!("({text})") }
}

/// A script in small letters where Unicode has them all, or else behind its mark.
fn small(text: &str, mark: char) -> String {
    const ABOVE: (&str, &str) = ("0123456789+−=()ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿⁱ");
    const BELOW: (&str, &str) = ("0123456789+−=()aeoxijrn", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₒₓᵢⱼᵣₙ");
    let (full, small) = if mark == '^' { ABOVE } else { BELOW };
    let letter = |c: char| {
        let at = full.chars().position(|other| other == c)?;
        small.chars().nth(at)
    };
    // Primes, bars and arrows stand where they are.
    if text
        .chars()
        .all(|c| !c.is_alphanumeric() && !full.contains(c))
    {
        return text.to_owned();
    }
    let letters: Option<String> = text.chars().filter(|c| *c != ' ').map(letter).collect();
    letters.unwrap_or_else(|| format!("{mark}{}", in_parentheses(text.to_owned())))
}
