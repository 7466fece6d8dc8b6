//! Blocks of `docs/self-hosting.md`, each behind a line that names it.

const TEXT: &str = include_str!("../../../../docs/self-hosting.md");

/// Returns the block behind `<!-- tried: NAME -->`.
pub(crate) fn block(name: &str) -> String {
    let mark = format!("<!-- tried: {name} -->\n");
    let (_, rest) = TEXT.split_once(&mark).expect("the document names it");
    let (fence, rest) = rest.split_once('\n').unwrap();
    assert!(fence.starts_with("```"), "{fence}");
    let (block, _) = rest.split_once("\n```").unwrap();
    format!("{block}\n")
}

/// Replaces what differs here: each text must be there.
pub(crate) fn with(block: &str, changes: &[(&str, &str)]) -> String {
    let mut block = block.to_owned();
    for (from, to) in changes {
        assert!(block.contains(from), "the block has no {from:?}");
        block = block.replace(from, to);
    }
    block
}
