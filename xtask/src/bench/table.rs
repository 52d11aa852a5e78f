//! Laying out a table, for the terminal or as Markdown.

use std::fmt::Write;
use std::time::Duration;

/// Rows of cells; the first row is the head. Two columns of words, then columns of numbers.
#[derive(Debug)]
pub(super) struct Table {
    rows: Vec<Vec<String>>,
}

const WORDS: usize = 2;

impl Table {
    pub(super) fn new(head: &[&str]) -> Self {
        Self { rows: vec![head.iter().map(|&cell| cell.to_owned()).collect()] }
    }

    pub(super) fn push(&mut self, row: Vec<String>) {
        self.rows.push(row);
    }

    /// The table with its columns aligned.
    pub(super) fn render(&self, markdown: bool) -> String {
        let columns = self.rows.iter().map(Vec::len).max().unwrap_or(0);
        let width = |column: usize| {
            let cells = self.rows.iter().filter_map(|row| row.get(column));
            cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
        };
        let widths: Vec<usize> = (0..columns).map(width).collect();
        let mut out = String::new();
        for (index, row) in self.rows.iter().enumerate() {
            let cells: Vec<String> = widths
                .iter()
                .zip(row)
                .enumerate()
                .map(|(column, (&width, cell))| match column {
                    0..WORDS => format!("{cell:<width$}"),
                    _ => format!("{cell:>width$}"),
                })
                .collect();
            let line =
                if markdown { format!("| {} |", cells.join(" | ")) } else { cells.join("  ") };
            let _ = writeln!(out, "{}", line.trim_end());
            if markdown && index == 0 {
                let rule = |column: usize| if column < WORDS { "---|" } else { "---:|" };
                let _ = writeln!(out, "|{}", (0..columns).map(rule).collect::<String>());
            }
        }
        out
    }
}

/// A time in the unit that suits it, with three digits.
pub(super) fn time(duration: Duration) -> String {
    let seconds = duration.as_secs_f64();
    match seconds {
        _ if seconds < 0.001 => format!("{} µs", three_digits(seconds * 1e6)),
        _ if seconds < 1.0 => format!("{} ms", three_digits(seconds * 1e3)),
        _ => format!("{} s", three_digits(seconds)),
    }
}

/// Bytes as MB, a million of them.
pub(super) fn megabytes(bytes: f64) -> String {
    format!("{} MB", three_digits(bytes / 1e6))
}

/// A number with three digits at least.
pub(super) fn three_digits(number: f64) -> String {
    match number {
        _ if number < 10.0 => format!("{number:.2}"),
        _ if number < 100.0 => format!("{number:.1}"),
        _ => thousands(&format!("{number:.0}")),
    }
}

/// A whole number with a comma after every third digit from the right.
pub(super) fn thousands(digits: &str) -> String {
    let mut out = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short() {
        assert_eq!(thousands("1702"), "1,702");
        assert_eq!(thousands("100880"), "100,880");
        assert_eq!(thousands("12"), "12");
        assert_eq!(time(Duration::from_micros(9_412)), "9.41 ms");
        assert_eq!(time(Duration::from_micros(412)), "412 µs");
        assert_eq!(time(Duration::from_millis(2_380)), "2.38 s");
        assert_eq!(megabytes(326_900_000.0), "327 MB");
    }

    #[test]
    fn columns_are_aligned() {
        let mut table = Table::new(&["input", "command", "wall"]);
        table.push(["a", "µ-tool", "9.41 ms"].map(str::to_owned).into());
        assert_eq!(table.render(false), "input  command     wall\na      µ-tool   9.41 ms\n");
        assert_eq!(
            table.render(true),
            "| input | command |    wall |\n|---|---|---:|\n| a     | µ-tool  | 9.41 ms |\n"
        );
    }
}
