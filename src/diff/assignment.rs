//! The best pairing of two sets, where each pair is worth something.
//!
//! Kuhn, "The Hungarian Method for the Assignment Problem" (1955), in the form with potentials and
//! shortest augmenting paths: for n by m values it takes n²·m steps.

/// For each row, the column it is paired with, so that the sum of values is the largest there is. Values are
/// not negative; a pair that is worth nothing is not made.
pub(super) fn assign(values: &[Vec<f64>]) -> Vec<Option<usize>> {
    let rows = values.len();
    let columns = values.first().map_or(0, Vec::len);
    let size = rows.max(columns);
    // A square of costs, numbered from 1: row 0 and column 0 stand for none.
    let cost = |row: usize, column: usize| {
        -values.get(row - 1).and_then(|row| row.get(column - 1)).copied().unwrap_or(0.0)
    };
    let (mut of_row, mut of_column) = (vec![0.0; size + 1], vec![0.0; size + 1]);
    let mut paired = vec![0; size + 1];
    for row in 1..=size {
        paired[0] = row;
        let mut column = 0;
        let mut least = vec![f64::INFINITY; size + 1];
        let mut way = vec![0; size + 1];
        let mut is_used = vec![false; size + 1];
        while paired[column] != 0 {
            is_used[column] = true;
            let (from, mut next, mut delta) = (paired[column], 0, f64::INFINITY);
            for other in 1..=size {
                if is_used[other] {
                    continue;
                }
                let reduced = cost(from, other) - of_row[from] - of_column[other];
                if reduced < least[other] {
                    least[other] = reduced;
                    way[other] = column;
                }
                if least[other] < delta {
                    delta = least[other];
                    next = other;
                }
            }
            for other in 0..=size {
                if is_used[other] {
                    of_row[paired[other]] += delta;
                    of_column[other] -= delta;
                } else {
                    least[other] -= delta;
                }
            }
            column = next;
        }
        while column != 0 {
            let before = way[column];
            paired[column] = paired[before];
            column = before;
        }
    }
    let mut found = vec![None; rows];
    for column in 1..=columns {
        let row = paired[column];
        if (1..=rows).contains(&row) && values[row - 1][column - 1] > 0.0 {
            found[row - 1] = Some(column - 1);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The largest sum there is, by trying all.
    fn best(values: &[Vec<f64>], used: u32) -> f64 {
        let Some((row, rest)) = values.split_first() else { return 0.0 };
        let without = best(rest, used);
        (0..row.len())
            .filter(|column| used >> column & 1 == 0)
            .map(|column| row[column] + best(rest, used | 1 << column))
            .fold(without, f64::max)
    }

    proptest! {
        #[test]
        fn nothing_is_worth_more(
            (rows, columns) in (0_usize..6, 1_usize..6),
            numbers in prop::collection::vec(0_u8..10, 36),
        ) {
            let value = |row: usize, column: usize| f64::from(numbers[row * 6 + column]);
            let values: Vec<Vec<f64>> =
                (0..rows).map(|row| (0..columns).map(|column| value(row, column)).collect()).collect();
            let found = assign(&values);
            let pairs: Vec<(usize, usize)> =
                found.iter().enumerate().filter_map(|(row, column)| Some((row, (*column)?))).collect();
            let mut columns: Vec<usize> = pairs.iter().map(|pair| pair.1).collect();
            columns.sort_unstable();
            columns.dedup();
            prop_assert_eq!(columns.len(), pairs.len(), "each column once");
            let sum: f64 = pairs.iter().map(|(row, column)| values[*row][*column]).sum();
            prop_assert_eq!(sum, best(&values, 0));
        }
    }
}
