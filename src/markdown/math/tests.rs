use std::time::{Duration, Instant};

use super::*;

/// A formula's MathML without its annotation, and its text.
fn read(latex: &str) -> (String, String) {
    let formula = Formula::read(latex, Display::Inline).expect(latex);
    let mathml = formula.mathml(latex, Display::Inline);
    let inner = mathml
        .strip_prefix("<math><semantics><mrow>")
        .expect("a beginning");
    let (inner, _) = inner.split_once("</mrow><annotation").expect("an end");
    (inner.to_owned(), formula.text())
}

fn fault(latex: &str) -> Fault {
    Formula::read(latex, Display::Inline).expect_err(latex)
}

#[test]
fn a_formula_becomes_mathml_with_its_source() {
    let latex = r" a < \text{b \& c}^2 ";
    let formula = Formula::read(latex, Display::Block).expect("a formula");
    assert_eq!(
        formula.mathml(latex, Display::Block),
        "<math display=\"block\"><semantics><mrow><mi>a</mi><mo>&lt;</mo>\
         <msup><mtext>b &amp; c</mtext><mn>2</mn></msup></mrow>\
         <annotation encoding=\"application/x-tex\">a &lt; \\text{b \\&amp; c}^2</annotation>\
         </semantics></math>"
    );
}

#[test]
fn a_formula_is_a_line_of_text_where_there_is_only_text() {
    for (latex, text) in [
        (r"\pi r^2", "πr²"),
        (r"E=mc^2", "E = mc²"),
        (r"\frac{a+b}{2}", "(a + b)/2"),
        (r"\frac12", "1/2"),
        (r"x_{ij}", "xᵢⱼ"),
        (r"x^{\alpha+1}", "x^(α + 1)"),
        (r"\sqrt{2}", "√2"),
        (r"\sqrt[3]{x+1}", "³√(x + 1)"),
        (r"f'(x)", "f′(x)"),
        (r"\mathbb{R}^n", "ℝⁿ"),
        (r"\sin x", "sin x"),
        (
            r"\begin{pmatrix} a & b \\[2em] c & d \end{pmatrix}",
            "(a b; c d)",
        ),
        (r"\operatorname{arg\,max}_x f", "arg maxₓ f"),
        (r"a~\text{if } b", "a if b"),
    ] {
        assert_eq!(read(latex).1, text, "{latex}");
    }
}

#[test]
fn nothing_in_a_formula_needs_a_style_attribute() {
    for (latex, has) in [
        (r"\color{red}x", "<mi mathcolor=\"#ff0000\">x</mi>"),
        (r"\colorbox{#ff0}{x}", ""),
        (r"\colorbox{yellow}{x}", "<mrow mathbackground=\"#ffff00\">"),
        (
            r"\fcolorbox{red}{white}{x}",
            "class=\"math-boxed\" mathbackground=\"#ffffff\"",
        ),
        (r"x\!y", "<mspace width=\"-0.16666667em\"></mspace>"),
        (
            r"\begin{matrix} a \\[2em] b \end{matrix}",
            "<mtr><mtd class=\"menv-nonumber\">",
        ),
        (r"\strut", "<mspace width=\"0em\" height=\"1em\"></mspace>"),
        (r"\big( x", "stretchy=\"true\" minsize=\"1.2em\""),
    ] {
        if has.is_empty() {
            fault(latex);
            continue;
        }
        let mathml = read(latex).0;
        assert!(
            mathml.contains(has) && !mathml.contains("style="),
            "{latex}: {mathml}"
        );
    }
}

#[test]
fn what_is_wrong_is_told_where_it_is() {
    for (latex, meant, message) in [
        (r"a + \frc{1}{2}", r"\frc", r"there is no command `\frc`"),
        (
            r"\frac{1}{2",
            "{",
            "the `{` that begins here is never closed",
        ),
        (r"1}", "}", "`}` ends what never began"),
        (
            r"\left( \frac{a}{b}",
            r"\left",
            r"the `\left` that begins here is never closed",
        ),
        (
            r"{ \left( a } \right)",
            "}",
            r"`}` stands where `\left` has to end first",
        ),
        (
            r"\begin{matrx} a \end{matrx}",
            "matrx",
            "there is no environment `matrx`",
        ),
        (
            r"\begin{matrix} a \end{cases}",
            r"\end{cases}",
            r"`\end{cases}` stands where `\begin{matrix}` has to end first",
        ),
        (
            r"\begin{matrix} a",
            r"\begin{matrix}",
            r"the `\begin{matrix}` that begins here is never closed",
        ),
        (
            r"\begin x",
            r"\begin",
            r"`\begin` is not followed by a name",
        ),
        (r"x_1_2", "x_1_2", "a second `_` follows the first"),
        (r"x^1^2", "x^1^2", "a second `^` follows the first"),
        (
            r"a & b",
            "a & b",
            "`&` stands where nothing is aligned, or once too often",
        ),
        (
            r"a \\ b",
            r"a \\ b",
            r"`\\` stands where there are no lines",
        ),
        (
            r"\operatorname*{max}",
            "*",
            "`*` stands where text between braces is meant",
        ),
        (
            r"\text{so \alpha}",
            r"\alpha",
            r"`\alpha` stands within text",
        ),
        (r"\frac", r"\frac", "a command lacks an argument"),
        (
            r"\color{mud}x",
            r"\color{mud}x",
            "this formula names a colour that there is not",
        ),
        (
            r"\def\a{\a}\a",
            r"\def",
            r"`\def` is not understood: formulas cannot define commands",
        ),
        (
            r"\newcommand{\a}{\a\a}\a",
            r"\newcommand",
            r"`\newcommand` is not understood: formulas cannot define commands",
        ),
        (r"\char é", r"\char", r"`\char` is not understood"),
        (r"a \", r"\", "a backslash ends this formula"),
    ] {
        let found = fault(latex);
        assert_eq!(
            (&latex[found.range], found.message.as_str()),
            (meant, message),
            "{latex}"
        );
    }
    assert_eq!(fault(r"\frc12").hint, r"did you mean `\frac`?");
    assert_eq!(
        fault(r"\begin{matrx}\end{matrx}").hint,
        "did you mean `matrix`?"
    );
}

#[test]
fn names_that_are_suggested_are_there() {
    for name in fault::COMMANDS
        .iter()
        .filter(|name| !["begin", "left", "right"].contains(name))
    {
        for arguments in ["", "{a}", "{a}{b}"] {
            if let Err(fault) = Formula::read(&format!("\\{name}{arguments}"), Display::Inline) {
                assert!(!fault.message.contains("no command"), "{name}");
            }
        }
    }
    for name in fault::ENVIRONMENTS {
        let latex = format!("\\begin{{{name}}}a\\end{{{name}}}");
        if let Err(fault) = Formula::read(&latex, Display::Block) {
            assert!(!fault.message.contains("no environment"), "{name}");
        }
    }
}

#[test]
fn a_formula_that_is_too_long_or_too_deep_is_refused_at_once() {
    let start = Instant::now();
    for latex in [
        "{".repeat(10_000),
        "{".repeat(3_000) + &"}".repeat(3_000),
        "x+".repeat(50_000),
        r"\hat".repeat(2_000),
        r"\sqrt ".repeat(1_300),
        r"\left(".repeat(1_000),
        r"\begin{matrix}".repeat(500),
        "x^{".repeat(40) + &"}".repeat(40),
        r"\def\a{\a\a}\a".to_owned(),
        r"\sqrt{".repeat(33) + &"}".repeat(33),
    ] {
        fault(&latex);
    }
    for latex in [
        "x+".repeat(4_000),
        "%\n".repeat(4_000),
        r"\relax ".repeat(60) + "x",
        r"\relax{}".repeat(1_000),
        r"\frac{1}{1+".repeat(31) + "x" + &"}".repeat(31),
        "x^{".repeat(31) + &"}".repeat(31),
        r"\hat ".repeat(60) + "x",
    ] {
        let shown: String = latex.chars().take(12).collect();
        let read = Formula::read(&latex, Display::Block);
        assert!(read.is_ok(), "{shown}: {:?}", read.err());
    }
    assert!(
        start.elapsed() < Duration::from_secs(5),
        "{:?}",
        start.elapsed()
    );
}

/// Whether all tags are closed in order, and nothing else is left unescaped.
fn is_well_formed(mathml: &str) -> bool {
    let mut reader = quick_xml::Reader::from_str(mathml);
    loop {
        match reader.read_event() {
            Ok(quick_xml::events::Event::Eof) => return true,
            Ok(quick_xml::events::Event::Start(tag)) => {
                if tag.attributes().any(|attribute| attribute.is_err()) {
                    return false;
                }
            }
            Ok(_) => {}
            Err(_) => return false,
        }
    }
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(2000))]

    #[test]
    fn no_formula_panics_and_what_is_set_is_well_formed(
        latex in "(\\\\(frac|sqrt|left|right|text|begin\\{(matrix|cases|array|align|alignedat)\\}|end\\{(matrix|cases|array|align|alignedat)\\}|hat|not|operatorname|color|kern|hspace|big|middle|limits|sum|sin|hline|overset|mathbb|\\\\|,|&|!)|[{}|lcr]{1,4}|\\{[|:lcr]{0,4}\\}|[a-z0-9_^&<>'\"$#%~(). \\[\\]*-]|1em\u{2003}|\\PC){0,16}"
    ) {
        for display in [Display::Inline, Display::Block] {
            match Formula::read(&latex, display) {
                Ok(formula) => {
                    let mathml = formula.mathml(&latex, display);
                    proptest::prop_assert!(is_well_formed(&mathml), "{}", mathml);
                    proptest::prop_assert!(!mathml.contains("style="), "{}", mathml);
                    let _ = formula.text();
                }
                Err(fault) => {
                    proptest::prop_assert!(latex.get(fault.range.clone()).is_some(), "{:?}", fault);
                    proptest::prop_assert!(!fault.message.is_empty() && !fault.hint.is_empty());
                }
            }
        }
    }
}
