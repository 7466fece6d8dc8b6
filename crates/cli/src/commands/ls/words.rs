//! The table of `onekey ls`: a row for each link, and below it the link itself in all its forms, which is never cut.

use onekey_client::LinkInfo;
use onekey_core::url::Link;
use onekey_core::wire::LinkState;

use super::Answer;
use crate::history::{OwnLink, Share};
use crate::terminal::{self, shown};
use crate::units;

const HEADING: [&str; COLUMNS] = ["SENT", "STATE", "ENDS", "DOWNLOADS", "SIZE", "WHAT"];
const COLUMNS: usize = 6;

/// What stands between columns, and before a link.
const GAP: &str = "  ";

/// Least columns of the last one, however narrow the window is.
const LEAST_WHAT: usize = 12;

/// Stands at a link that the server may decrypt for.
const DIRECT: &str = "direct";

/// A row, and the forms of the link below it.
struct Row {
    cells: [String; COLUMNS],
    links: Vec<String>,
}

/// Returns the table, its rows cut to the window's width.
pub(super) fn table(listed: &[(&Share, &Answer)], width: Option<usize>) -> String {
    let mut rows = vec![Row {
        cells: HEADING.map(str::to_owned),
        links: Vec::new(),
    }];
    for (share, answer) in listed {
        rows.extend(rows_of(share, answer));
    }
    let widths: Vec<usize> = (0..COLUMNS - 1)
        .map(|column| {
            let cells = rows.iter().map(|row| terminal::columns(&row.cells[column]));
            cells.max().unwrap_or_default()
        })
        .collect();
    let before: usize = widths.iter().map(|width| width + GAP.len()).sum();
    let what = width.map(|width| width.saturating_sub(before).max(LEAST_WHAT));
    let lines = rows.iter().flat_map(|row| {
        let mut line = String::new();
        for (cell, width) in row.cells.iter().zip(&widths) {
            line.push_str(cell);
            let missing = width - terminal::columns(cell) + GAP.len();
            line.extend(std::iter::repeat_n(' ', missing));
        }
        line.push_str(&terminal::cut(&row.cells[COLUMNS - 1], what));
        let links = row.links.iter().map(|link| format!("{GAP}{link}"));
        std::iter::once(line.trim_end().to_owned()).chain(links)
    });
    lines.collect::<Vec<_>>().join("\n")
}

fn rows_of(share: &Share, answer: &Answer) -> Vec<Row> {
    let mut rows: Vec<Row> = match answer {
        Answer::Share(_, links) => links
            .iter()
            .map(|link| Row {
                cells: cells_of(link),
                links: share.own(&link.locator).map(forms).unwrap_or_default(),
            })
            .collect(),
        Answer::Gone => own_rows(share, "gone", String::new()),
        Answer::Unknown(_) => {
            let end = share.expires_at.map_or_else(String::new, ends);
            own_rows(share, "?", end)
        }
    };
    if rows.is_empty() {
        // Its links ended so long ago that the server names none.
        rows = own_rows(share, "ended", String::new());
    }
    let first = &mut rows[0].cells;
    first[0] = units::day(share.created_at);
    first[4] = share.size.map_or_else(String::new, units::size);
    let label = std::mem::take(&mut first[COLUMNS - 1]);
    first[COLUMNS - 1] = what(share);
    if !label.is_empty() {
        first[COLUMNS - 1].push_str(&format!(" ({label})"));
    }
    rows
}

/// Rows of the links that were made here, where the server tells of none.
fn own_rows(share: &Share, state: &str, end: String) -> Vec<Row> {
    let rows = share.links.iter().map(|own| {
        let mut cells: [String; COLUMNS] = Default::default();
        state.clone_into(&mut cells[1]);
        cells[2].clone_from(&end);
        cells[5] = marks(own.label.as_deref(), own.direct.is_some());
        Row {
            cells,
            links: forms(own),
        }
    });
    rows.collect()
}

fn cells_of(link: &LinkInfo) -> [String; COLUMNS] {
    let state = match link.state {
        LinkState::Expired => "expired",
        LinkState::Live => "live",
        LinkState::Revoked => "revoked",
        LinkState::UsedUp => "used up",
    };
    let end = match (link.state, link.expires_at) {
        (LinkState::Expired | LinkState::Revoked, _) => String::new(),
        (_, None) => "never".to_owned(),
        (_, Some(end)) => ends(end),
    };
    let downloads = link.max_downloads.map_or_else(
        || link.downloads.to_string(),
        |most| format!("{} of {most}", link.downloads),
    );
    let label = link.label.as_ref().and_then(|label| label.as_deref().ok());
    let (size, marks) = (String::new(), marks(label, link.direct));
    [String::new(), state.to_owned(), end, downloads, size, marks]
}

/// What tells a link from the others of its share.
fn marks(label: Option<&str>, direct: bool) -> String {
    let label = label.map(shown);
    let direct = direct.then(|| DIRECT.to_owned());
    label
        .into_iter()
        .chain(direct)
        .collect::<Vec<_>>()
        .join(", ")
}

/// The forms of a link, the one that was printed first.
fn forms(own: &OwnLink) -> Vec<String> {
    let links = own.direct.iter().chain([&own.link]);
    links.map(Link::to_url).collect()
}

fn ends(end: i64) -> String {
    units::left(end).map_or_else(String::new, |left| format!("in {left}"))
}

/// The share's title or names, and how many files they are if they do not tell.
fn what(share: &Share) -> String {
    let mut text = match (&share.title, share.names.as_slice()) {
        (Some(title), _) => shown(title),
        (None, []) => "a share that was put elsewhere".to_owned(),
        (None, names) => {
            let names = names.iter().map(|name| shown(name));
            names.collect::<Vec<_>>().join(", ")
        }
    };
    if let Some(files) = share.files.filter(|&files| files != 1) {
        text.push_str(&format!(", {}", units::count(files, "file")));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use onekey_core::url::ManageLink;

    fn share(names: &[&str], title: Option<&str>) -> Share {
        let key = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";
        let manage = format!("https://a.example/manage/AAECAwQFBgcICQoLDA0ODw#{key}");
        let link = format!("https://a.example/s#{key}");
        Share {
            manage: ManageLink::parse(&manage).unwrap(),
            created_at: 0,
            expires_at: None,
            size: Some(2048),
            files: Some(3),
            title: title.map(str::to_owned),
            names: names.iter().map(|&name| name.to_owned()).collect(),
            links: vec![OwnLink {
                link: Link::parse(&link).unwrap(),
                direct: None,
                label: None,
                password: false,
            }],
            gone_since: None,
        }
    }

    #[test]
    fn rows_fit_the_window_and_links_stay_whole() {
        let long = "名".repeat(100);
        let share = share(&[&long, "\u{1b}[2J"], None);
        for width in [1, 40, 60, 80, 120] {
            let text = table(&[(&share, &Answer::Gone)], Some(width));
            let lines: Vec<_> = text.lines().collect();
            assert_eq!(lines.len(), 3);
            let row = terminal::columns(lines[1]);
            assert!(row <= width.max(60), "{row} of {width}");
            assert_eq!(lines[2].trim(), share.links[0].link.to_url());
        }
        let text = table(&[(&share, &Answer::Unknown("x"))], None);
        assert!(text.contains(r"\u{1b}[2J, 3 files") && text.contains("  ?  "));
    }

    #[test]
    fn a_direct_link_is_marked_and_both_forms_stand_below() {
        let mut share = share(&["a.png"], None);
        let url = share.links[0].link.to_url().replace("/s#", "/") + ".png";
        share.links[0].direct = Some(Link::parse(&url).unwrap());
        share.links[0].label = Some("for Bob".to_owned());
        let text = table(&[(&share, &Answer::Gone)], None);
        let lines: Vec<_> = text.lines().map(str::trim).collect();
        assert!(
            lines[1].ends_with("a.png, 3 files (for Bob, direct)"),
            "{text}"
        );
        assert_eq!(lines[2..], [url, share.links[0].link.to_url()]);
    }

    #[test]
    fn a_title_stands_for_the_names() {
        let share = share(&["a", "b"], Some("Our\nholiday"));
        let text = table(&[(&share, &Answer::Gone)], None);
        assert!(
            text.contains(r"gone") && text.contains(r"Our\u{a}holiday, 3 files"),
            "{text}"
        );
    }
}
