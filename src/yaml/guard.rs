//! Refuses YAML that the parser is slow on.
//!
//! Measured with yaml_serde 0.10: 50 KB of `[` take it 9 s, 21 KB of aliases that refer to each
//! other 2 s and 573 MB. Nobody writes such front matter, so a generous bound costs nothing.

/// Most bytes of front matter or configuration.
pub const MOST_BYTES: usize = 64 * 1024;
/// Deepest nesting of `[` and `{`.
pub const DEEPEST: usize = 64;
/// The same in a list that may be long, such as a file of comments, in whose texts there may be some that
/// nobody closes.
pub const DEEPEST_IN_LIST: usize = 1024;
/// Most of them in all, since one that closes may stand in quotes or in a comment, where it closes nothing.
pub const MOST_BRACKETS: usize = 1024;
/// Most anchors and aliases together.
pub const MOST_ANCHORS: usize = 64;

pub(super) struct Fault {
    pub message: String,
    pub hint: String,
    /// Line of the text, from 1.
    pub line: u32,
}

/// Finds what exceeds the bounds. Brackets inside quotes count as well: a text that has more
/// than 64 of them open is no text that a person wrote.
pub(super) fn check(text: &str) -> Result<(), Fault> {
    if text.len() > MOST_BYTES {
        return Err(Fault {
            message: format!("{} bytes of YAML are more than {MOST_BYTES}", text.len()),
            hint: "move long texts into the article's body, or data into a file in data/".into(),
            line: 1,
        });
    }
    let (mut depth, mut brackets, mut anchors, mut line) = (0_usize, 0_usize, 0_usize, 1);
    let mut previous = b'\n';
    let bytes = text.as_bytes();
    for (at, &byte) in bytes.iter().enumerate() {
        match byte {
            b'\n' => line += 1,
            b'[' | b'{' => {
                depth += 1;
                brackets += 1;
            }
            b']' | b'}' => depth = depth.saturating_sub(1),
            b'&' | b'*'
                if matches!(previous, b' ' | b'\t' | b'\n' | b'[' | b'{' | b',')
                    && bytes
                        .get(at + 1)
                        .is_some_and(|next| !next.is_ascii_whitespace()) =>
            {
                anchors += 1;
            }
            _ => {}
        }
        previous = byte;
        if depth > DEEPEST {
            return Err(too_deep(DEEPEST, line));
        }
        if brackets > MOST_BRACKETS {
            return Err(Fault {
                message: format!("there are more than {MOST_BRACKETS} brackets"),
                hint: "write lists and mappings in lines of their own, or move data into a file in data/".into(),
                line,
            });
        }
        if anchors > MOST_ANCHORS {
            return Err(Fault {
                message: format!("there are more than {MOST_ANCHORS} anchors and aliases"),
                hint: "write the values out, or put the text in quotes".into(),
                line,
            });
        }
    }
    Ok(())
}

/// Finds brackets that are nested too deep in a list that may be long.
pub(super) fn check_list(text: &str) -> Result<(), Fault> {
    let mut depth = 0_usize;
    let mut line = 1;
    for byte in text.bytes() {
        match byte {
            b'\n' => line += 1,
            b'[' | b'{' => depth += 1,
            b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > DEEPEST_IN_LIST {
            return Err(too_deep(DEEPEST_IN_LIST, line));
        }
    }
    Ok(())
}

fn too_deep(deepest: usize, line: u32) -> Fault {
    Fault {
        message: format!("brackets are nested more than {deepest} deep"),
        hint: "close the brackets, or put the text in a block: `key: |`".into(),
        line,
    }
}
