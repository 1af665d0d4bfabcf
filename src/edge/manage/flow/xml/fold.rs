//! Which lines can be folded: from the line in which an element starts to the one in which it ends.

use crate::edge::pretty::Line;

/// Lines that an element must have to be worth a fold.
const WORTH: usize = 4;
/// Folds in folds.
const DEEPEST: usize = 24;

/// For every line, whether a fold begins with it and how many end with it.
pub struct Folds {
    begins: Vec<bool>,
    ends: Vec<usize>,
}

impl Folds {
    /// Of the lines of a document. Elements end in the order in which they began, whatever the document says, so
    /// folds never cross.
    pub fn of(lines: &[Line]) -> Self {
        let elements = lines.iter().filter_map(|line| line.element).max();
        let mut last = vec![0; elements.map_or(0, |most| most + 1)];
        for (at, line) in lines.iter().enumerate() {
            if let Some(element) = line.element {
                last[element] = at;
            }
        }
        let mut folds = Self {
            begins: vec![false; lines.len()],
            ends: vec![0; lines.len()],
        };
        let mut known = vec![false; last.len()];
        let mut open: Vec<usize> = Vec::new();
        for (at, line) in lines.iter().enumerate() {
            open.retain(|end| *end >= at);
            let Some(element) = line.element else {
                continue;
            };
            let first = !std::mem::replace(&mut known[element], true);
            let text = line.text.trim_start();
            let starts = first && text.starts_with('<') && !text.starts_with("</");
            let is_markup = text.starts_with("<!") || text.starts_with("<?");
            if starts && !is_markup && last[element] + 1 >= at + WORTH && open.len() < DEEPEST {
                folds.begins[at] = true;
                folds.ends[last[element]] += 1;
                open.push(last[element]);
            }
        }
        folds
    }

    /// Whether a fold begins with this line.
    pub fn begins(&self, line: usize) -> bool {
        self.begins[line]
    }
    /// How many folds end with this line.
    pub fn ends(&self, line: usize) -> usize {
        self.ends[line]
    }
}
