//! Which modules a page needs before it does anything: the static imports of its entry module, so that the
//! browser is told of all at once and does not find them one behind the other.
//!
//! The build script compiles this file, too. It reads modules as they are written here: statements begin at
//! the start of a line. Dynamic imports are not followed, as they are for later.

use std::collections::BTreeSet;

/// How a page names its entry module, up to the name.
const ENTRY: &str = "<script type=\"module\" src=\"{assets}/";

/// Returns the entry module of a page.
pub(crate) fn entry(html: &str) -> Option<&str> {
    let (_, rest) = html.split_once(ENTRY)?;
    Some(rest.split_once('"')?.0)
}

/// Returns all modules that `entry` imports, directly or not, nearest first; not itself.
///
/// # Errors
/// A sentence that names an import that leads nowhere.
pub(crate) fn graph(
    entry: &str,
    read: impl Fn(&str) -> Option<String>,
) -> Result<Vec<String>, String> {
    let mut found = vec![entry.to_owned()];
    let mut known = BTreeSet::from([entry.to_owned()]);
    let mut next = 0;
    while let Some(module) = found.get(next).cloned() {
        next += 1;
        let source = read(&module).ok_or_else(|| format!("{module} is not there"))?;
        for specifier in imports(&source) {
            let imported = resolve(&module, specifier)
                .filter(|imported| read(imported).is_some())
                .ok_or_else(|| format!("{module} imports {specifier}, which is not there"))?;
            if known.insert(imported.clone()) {
                found.push(imported);
            }
        }
    }
    found.remove(0);
    Ok(found)
}

/// Returns what a module imports statically, as it is written.
fn imports(source: &str) -> Vec<&str> {
    let mut specifiers = Vec::new();
    let mut rest = source;
    let mut in_comment = false;
    while !rest.is_empty() {
        let line = rest.split_inclusive('\n').next().unwrap_or(rest);
        if in_comment || line.starts_with("/*") {
            in_comment = !line.contains("*/");
        } else if begins_import(line) {
            // To its end, which may be lines further.
            let end = rest.find(';').unwrap_or(rest.len());
            let (statement, behind) = rest.split_at(end);
            specifiers.extend(specifier(statement));
            rest = behind;
            continue;
        }
        rest = &rest[line.len()..];
    }
    specifiers
}

fn begins_import(line: &str) -> bool {
    let begins = |words: &[&str]| words.iter().any(|word| line.starts_with(word));
    begins(&[
        "import \"",
        "import '",
        "import {",
        "import *",
        "export {",
        "export *",
    ]) || (line.starts_with("import ") && !begins(&["import (", "import ."]))
}

/// Returns the text in quotes at the end of a statement.
fn specifier(statement: &str) -> Option<&str> {
    let statement = statement.trim_end();
    let quote = statement.chars().next_back()?;
    let inner = statement.strip_suffix(['"', '\''])?;
    Some(&inner[inner.rfind(quote)? + 1..])
}

/// Returns the asset that `specifier` means in `module`.
fn resolve(module: &str, specifier: &str) -> Option<String> {
    if !specifier.starts_with("./") && !specifier.starts_with("../") {
        return None;
    }
    let mut parts: Vec<&str> = module.split('/').collect();
    parts.pop();
    for part in specifier.split('/') {
        match part {
            "." => {}
            ".." => drop(parts.pop()?),
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn static_imports_are_found_and_no_others() {
        let source = "\
/** What it is.
import { no } from \"./in-comment.js\";
 * @import { No } from \"./types.js\" */
// import \"./line-comment.js\";
/** @import { No } from \"./types.js\" */
import { a } from \"./a.js\";
import {
  b,
  c,
} from \"../b.js\";
import \"./effect.js\";
import * as d from './d.js';
import e from \"./e.js\";
export { f } from \"./f.js\";
export * from \"./g.js\";
export { local };
export const h = 1;
const lazy = import(\"./lazy.js\");
import(\"./lazier.js\");
const address = new URL(\"./worker.js\", import.meta.url);
import.meta.url;
  import { indented } from \"./indented.js\";
export function i() { return \"./i.js\"; }
import { last } from \"./last.js\"";
        assert_eq!(
            imports(source),
            [
                "./a.js",
                "../b.js",
                "./effect.js",
                "./d.js",
                "./e.js",
                "./f.js",
                "./g.js",
                "./last.js"
            ]
        );
        assert!(imports("").is_empty() && imports("import {").is_empty());
    }

    #[test]
    fn the_graph_has_each_module_once_nearest_first() {
        let modules = BTreeMap::from([
            (
                "send.js",
                "import \"./views/a.js\";\nimport \"./words.js\";\n",
            ),
            (
                "views/a.js",
                "import \"../words.js\";\nimport \"./b.js\";\n",
            ),
            (
                "views/b.js",
                "import \"../send.js\";\nimport(\"../lazy.js\");\n",
            ),
            ("words.js", ""),
        ]);
        let read = |name: &str| modules.get(name).map(|text| (*text).to_owned());
        assert_eq!(
            graph("send.js", read).unwrap(),
            ["views/a.js", "words.js", "views/b.js"]
        );
        assert_eq!(graph("open.js", read).unwrap_err(), "open.js is not there");
        for lost in [
            "./c.js",
            "../../send.js",
            "send.js",
            "/send.js",
            "https://x/a.js",
        ] {
            let read = |name: &str| (name == "a.js").then(|| format!("import \"{lost}\";"));
            assert!(graph("a.js", read).unwrap_err().contains(lost), "{lost}");
        }
    }

    #[test]
    fn the_entry_is_the_module_script() {
        let html = "<script type=\"module\" src=\"{assets}/send.js\"></script>";
        assert_eq!(entry(html), Some("send.js"));
        assert_eq!(entry("<p>nothing</p>"), None);
    }
}
