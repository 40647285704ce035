use std::fmt::Write as _;

use proptest::prelude::*;

use super::class::Class;
use super::language::{self, Language, Named};
use super::paint::{knows, paint};
use super::runs;
use super::*;

/// The HTML of a block.
fn block(info: &str, code: &str) -> String {
    let (fence, _) = Fence::read(info);
    html(&fence, code, Some(&Colours::default()))
}

/// What is wrong with a block: what is meant, the message, and the hint.
fn faults(info: &str, code: &str) -> String {
    let (fence, mut faults) = Fence::read(info);
    faults.extend(fence.faults_with(code));
    faults.iter().fold(String::new(), |mut out, fault| {
        let meant = &info[fault.range.clone()];
        let _ = writeln!(
            out,
            "{}: [{meant}] {}; {}",
            fault.code.as_str(),
            fault.message,
            fault.hint
        );
        out
    })
}

/// What is left of HTML without its tags. Fails if they are not well nested.
fn text_of(html: &str) -> String {
    let mut text = String::new();
    let mut open = Vec::new();
    let mut rest = html;
    while let Some((before, after)) = rest.split_once('<') {
        text.push_str(before);
        let (tag, after) = after.split_once('>').expect("a tag that ends");
        match tag.strip_prefix('/') {
            Some(name) => assert_eq!(open.pop(), Some(name), "{html}"),
            None => open.push(tag.split(' ').next().unwrap_or_default()),
        }
        rest = after;
    }
    assert!(open.is_empty(), "{open:?} in {html}");
    text.push_str(rest);
    let text = text.replace("&lt;", "<").replace("&gt;", ">");
    text.replace("&amp;", "&")
}

#[test]
fn every_language_has_a_syntax_and_every_name_one_meaning() {
    for language in Language::all() {
        assert!(knows(language), "{}", language.syntax());
    }
    assert_eq!(language::repeated(), Vec::<&str>::new());
}

#[test]
fn the_manual_names_every_language() {
    let manual = concat!(env!("CARGO_MANIFEST_DIR"), "/content/guides/code.md");
    let manual = std::fs::read_to_string(manual).expect("the manual");
    let (_, list) = manual.split_once("## Languages").expect("a list");
    let named: Vec<&str> = list.split('`').skip(1).step_by(2).collect();
    let mut usual: Vec<&str> = language::usual().collect();
    usual.sort_unstable();
    usual.dedup();
    assert_eq!(named, usual);
}

#[test]
fn names_that_people_use_are_known_in_any_letters() {
    for name in [
        "rust",
        "js",
        "ts",
        "tsx",
        "jsx",
        "sh",
        "shell",
        "console",
        "yml",
        "py",
        "rb",
        "c++",
        "C#",
        "golang",
        "Dockerfile",
        "toml",
        "JSON",
        "html",
        "kt",
        "objc",
    ] {
        assert!(
            matches!(language::named(name), Named::Language(_)),
            "{name}"
        );
    }
    for name in ["text", "mermaid", "plaintext", "powershell"] {
        assert_eq!(language::named(name), Named::Plain, "{name}");
    }
}

#[test]
fn code_gets_few_classes_and_no_style() {
    assert_eq!(
        block(
            "rust",
            "// Start\npub fn main() {\n    say(\"<a>\", 1);\n}\n"
        ),
        "<pre tabindex=\"0\"><code class=\"language-rust\"><span class=\"c-c\">// Start\n</span>\
         <span class=\"c-k\">pub fn</span> <span class=\"c-f\">main</span>() {\n    \
         <span class=\"c-f\">say</span>(<span class=\"c-s\">\"&lt;a&gt;\"</span>, <span class=\"c-n\">1</span>);\n}\n\
         </code></pre>\n"
    );
}

#[test]
fn in_a_session_only_what_was_typed_has_colours() {
    let html = block("console", "$ echo \"a\" \\\n> if\nif true\n# no prompt\n");
    assert_eq!(
        html,
        "<pre tabindex=\"0\"><code class=\"language-console\"><span class=\"c-c\">$ </span>\
         <span class=\"c-f\">echo</span> <span class=\"c-s\">\"a\"</span> \\\n\
         <span class=\"c-c\">&gt; </span>if\nif true\n# no prompt\n</code></pre>\n"
    );
}

#[test]
fn without_colours_a_block_says_its_language_and_nothing_else() {
    let fence = Fence::named("rust {linenos=true title=\"a\"}");
    let html = html(&fence, "fn a() {}\n", None);
    assert_eq!(
        html,
        "<pre tabindex=\"0\"><code class=\"language-rust\">fn a() {}\n</code></pre>\n"
    );
    assert_eq!(
        block("a\"b", "x"),
        "<pre tabindex=\"0\"><code class=\"language-a&quot;b\">x</code></pre>\n"
    );
    assert_eq!(
        block("", "x\n"),
        "<pre tabindex=\"0\"><code>x\n</code></pre>\n"
    );
}

#[test]
fn lines_are_numbered_and_stand_out_without_a_change_to_the_text() {
    let numbered = block(
        "text {linenos=true hl_lines=[2] linenostart=9 title=\"a < b\"}",
        "a\n\nb",
    );
    assert_eq!(
        numbered,
        "<figure class=\"code\"><figcaption>a &lt; b</figcaption>\n<pre tabindex=\"0\"><code class=\"language-text\">\
         <span class=\"c-l\" data-n=\"9\">a</span>\n<mark class=\"c-l\" data-n=\"10\"></mark>\n\
         <span class=\"c-l\" data-n=\"11\">b</span></code></pre></figure>\n"
    );
    assert_eq!(
        block("text,hl_lines=2", "a\nb\nc\n"),
        "<pre tabindex=\"0\"><code class=\"language-text\">a\n<mark class=\"c-l\">b</mark>\nc\n</code></pre>\n"
    );
    let comment = block("c {hl_lines=[2]}", "/* a\nb\n*/\n");
    assert!(
        comment.contains(
            "<span class=\"c-c\">/* a</span>\n<mark class=\"c-l\"><span class=\"c-c\">b</span></mark>\n<span"
        ),
        "{comment}"
    );
}

#[test]
fn each_way_of_writing_attributes_means_the_same() {
    let code = "a\nb\nc\nd\ne\nf\ng\n";
    let hugo = block(
        "go {linenos=table,hl_lines=[2,\"4-6\"],linenostart=10,title=\"main.go\"}",
        code,
    );
    for info in [
        "go {linenos=true hl_lines=[2, \"4-6\"] linenostart=10 title='main.go'}",
        "go {lineNos=inline hl_lines=\"2 4-6\" lineNoStart=10 title=main.go}",
        "go{linenos, 2, 4-6, linenostart=10, title=main.go}",
        "go,linenos,hl_lines=2 4-6,linenostart=10,name=main.go",
        "go linenos hl_lines=2 4-6 linenostart=10 title=\"main.go\"",
    ] {
        assert_eq!(faults(info, code), "", "{info}");
        assert_eq!(block(info, code), hugo, "{info}");
    }
    assert!(!block("go {linenos=false}", code).contains("data-n"));
}

#[test]
fn what_is_wrong_with_a_block_is_told_where_it_is() {
    let told = [
        ("rsut", ""),
        ("cobolt", ""),
        ("gibberish", ""),
        (
            "go {lineno=true hl_lines=[2,\"4-x\",0,9-8] linenostart=first linenos=maybe}",
            "a\nb\n",
        ),
        ("go {hl_lines=\"1 3-5\"}", "a\nb\n"),
        ("go {style=monokai, title=\"main.go}", ""),
        ("{python}", ""),
        ("rust,ignore,hl_line=3,hide_lines=1", ""),
        ("rust,title", "x"),
    ]
    .map(|(info, code)| format!("{info}\n{}", faults(info, code)));
    insta::assert_snapshot!(told.join("\n"));
}

#[test]
fn what_is_not_for_us_is_left_alone() {
    for info in [
        "",
        "text",
        "rust,ignore,no_run,edition2021",
        "python my script",
        "mermaid",
        "js showLineNumbers",
        "js {1,3-4}",
    ] {
        assert_eq!(faults(info, "a\nb\nc\nd\n"), "", "{info}");
    }
}

#[test]
fn a_block_that_is_nothing_but_text_needs_no_style_sheet() {
    for info in ["", "text", "mermaid", "nonsense"] {
        assert_eq!(Fence::read(info).0.key("a"), None, "{info}");
    }
    let key = |info: &str, code: &str| Fence::read(info).0.key(code).expect("a key");
    assert_eq!(key("js", "a"), key("javascript {linenos=true}", "a"));
    assert_ne!(key("js", "a"), key("ts", "a"));
    assert_ne!(key("sh", "$ a"), key("console", "$ a"));
    assert_ne!(key("js", "a"), key("js", "b"));
    key("text {title=a}", "a");
    assert_eq!(Fence::read("console").0.key("a"), None);
    key("console", "a\n$ b\n");
}

#[test]
fn what_was_told_is_kept_as_long_as_the_site_has_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join(FILE);
    let (fence, _) = Fence::read("rust");
    let blocks = ["fn a() {}\n", "fn b() {}\n"];
    let keys = blocks.map(|code| fence.key(code).expect("a key"));
    let all = |colours: &Colours| blocks.map(|code| html(&fence, code, Some(colours)));

    let first = Colours::of(folder.path());
    first.save(keys.into_iter());
    assert!(!path.exists(), "nobody asked for a block");
    let pages = all(&first);
    first.save(keys.into_iter());
    let both = std::fs::read(&path).expect("it was written");

    let second = Colours::of(folder.path());
    assert_eq!(all(&second), pages);
    std::fs::remove_file(&path).expect("it was there");
    second.save(keys.into_iter());
    assert!(!path.exists(), "there was nothing new");

    // A block that the site has no more goes when another comes.
    std::fs::write(&path, &both).expect("a file");
    let third = Colours::of(folder.path());
    let _ = html(&fence, "fn c() {}\n", Some(&third));
    let key = fence.key("fn c() {}\n").expect("a key");
    third.save([keys[1], key].into_iter());
    let kept = std::fs::read(&path).expect("it was written");
    let has = |key: crate::key::Key| kept.windows(16).any(|bytes| bytes == key.bytes());
    assert!(!has(keys[0]) && has(keys[1]) && has(key));
    assert_eq!(third.warning(), None);
}

#[test]
fn a_file_that_is_damaged_is_told_and_made_anew() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join(FILE);
    let (fence, _) = Fence::read("rust");
    let code = "fn a() {}\n";
    let key = fence.key(code);
    let first = Colours::of(folder.path());
    let page = html(&fence, code, Some(&first));
    first.save(key.into_iter());
    let whole = std::fs::read(&path).expect("it was written");
    for at in [0, whole.len() / 2, whole.len() - 1] {
        let mut damaged = whole.clone();
        damaged[at] ^= 1;
        std::fs::write(&path, &damaged).expect("a file");
        let colours = Colours::of(folder.path());
        assert_eq!(html(&fence, code, Some(&colours)), page);
        assert!(colours.warning().is_some());
        colours.save(key.into_iter());
        assert_eq!(std::fs::read(&path).expect("it was written"), whole);
    }
}

/// Code that is meant to be hard to read.
fn hostile() -> impl Iterator<Item = String> {
    let parts = [
        "(", "{", "[", "<", "\"", "'", "`", "a ", "<<A\n", "/*", "$(", "\\", "#{", "-", "\t", "a=",
        "<a ", "é",
    ];
    let long = parts.map(|part| part.repeat(30_000 / part.len()));
    let broken = parts.map(|part| format!("{}\n", part.repeat(400 / part.len())).repeat(40));
    long.into_iter().chain(broken)
}

#[test]
fn hostile_code_is_bounded_and_loses_no_letter() {
    for code in hostile() {
        for name in ["rust", "yaml", "html", "ruby"] {
            let Named::Language(language) = language::named(name) else {
                panic!("{name} is a language");
            };
            let runs = paint(language, &code);
            let length: usize = runs::of(&code, &runs).map(|(_, run)| run.len()).sum();
            assert_eq!(length, code.len());
        }
    }
}

#[test]
fn a_ruler_in_a_comment_is_a_comment() {
    let ruler = format!("// {}\nlet a;\n", "-".repeat(90));
    let html = block("rust", &ruler);
    assert!(
        html.contains(&format!(
            "<span class=\"c-c\">// {}\n</span><span",
            "-".repeat(90)
        )),
        "{html}"
    );
}

#[test]
fn what_is_too_large_is_plain() {
    let Named::Language(rust) = language::named("rust") else {
        panic!("rust is a language");
    };
    let long = format!("let a = \"{}\";\nlet b = 1;\n", "x".repeat(1000));
    let runs = paint(rust, &long);
    let read: Vec<_> = runs::of(&long, &runs).collect();
    assert_eq!(read[0].0, Class::Plain);
    assert_eq!(read[1], (Class::Keyword, "let"));
    assert!(paint(rust, &"let a;\n".repeat(20_000)).is_empty());
}

fn any_language() -> impl Strategy<Value = &'static str> {
    prop_oneof![
        Just("rust"),
        Just("html"),
        Just("yaml"),
        Just("markdown"),
        Just("bash"),
        Just("console"),
        Just("php"),
        Just("typescript"),
        Just("diff"),
        Just("text"),
        Just("nonsense"),
    ]
}

/// Text that has much of what code has.
fn any_code() -> impl Strategy<Value = String> {
    let word = prop_oneof![
        Just("<"),
        Just(">"),
        Just("&amp;"),
        Just("\""),
        Just("'"),
        Just("{"),
        Just("}"),
        Just("("),
        Just("$ "),
        Just("\n"),
        Just("\r\n"),
        Just("\n\n"),
        Just(" "),
        Just("\t"),
        Just("fn"),
        Just("<?php"),
        Just("</script>"),
        Just("//"),
        Just("/*"),
        Just("```"),
        Just("#"),
        Just("- a: 1"),
        Just("é"),
        Just("\u{fdd0}"),
        Just("0x1"),
    ];
    proptest::collection::vec(word, 0..40).prop_map(|words| words.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn a_block_says_exactly_its_code(
        language in any_language(),
        rest in "( \\{linenos( 1-2)?( title=\"a<b\")?\\})?",
        code in any_code(),
    ) {
        let html = block(&format!("{language}{rest}"), &code);
        let (_, html) = html.split_once("<pre").expect("a block");
        let html = html.replace("</figure>", "");
        let said = text_of(&format!("<pre{html}"));
        prop_assert_eq!(said.strip_suffix('\n'), Some(&*code));
    }

    #[test]
    fn whatever_is_said_of_a_block_every_fault_has_a_place(info in "[a-z]{0,3}[-{}=,\\[\\] \"'0-9a-zé_]{0,30}|go \\{(linenos|hl_lines=|title=|[0-9\"\\[\\],-]|é| ){0,9}\\}?") {
        let (fence, mut faults) = Fence::read(&info);
        faults.extend(fence.faults_with("a\nb\n"));
        for fault in faults {
            prop_assert!(info.get(fault.range.clone()).is_some_and(|meant| !meant.is_empty() || fault.range.start > 0), "{fault:?}");
        }
    }
}
