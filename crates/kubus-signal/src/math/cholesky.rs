//! Small symmetric positive-definite systems, by Cholesky's factorisation.

/// Solves `matrix` · x = `right` for a symmetric positive-definite matrix of which the lower
/// triangle is read. `None` when it is not positive-definite.
///
/// ```
/// use kubus_signal::math::cholesky::solve;
/// let found = solve([[4.0, 0.0], [2.0, 3.0]], [8.0, 7.0]).unwrap();
/// assert!((found[0] - 1.25).abs() < 1e-12 && (found[1] - 1.5).abs() < 1e-12);
/// ```
#[must_use]
pub fn solve<const N: usize>(matrix: [[f64; N]; N], right: [f64; N]) -> Option<[f64; N]> {
    let mut factor = matrix;
    for column in 0..N {
        let above: f64 = factor[column][..column].iter().map(|value| value * value).sum();
        let pivot = factor[column][column] - above;
        if pivot <= 0.0 || !pivot.is_finite() {
            return None;
        }
        factor[column][column] = pivot.sqrt();
        for row in column + 1..N {
            let product: f64 = (0..column).map(|at| factor[row][at] * factor[column][at]).sum();
            factor[row][column] = (factor[row][column] - product) / factor[column][column];
        }
    }
    let mut x = right;
    for row in 0..N {
        let known: f64 = (0..row).map(|at| factor[row][at] * x[at]).sum();
        x[row] = (x[row] - known) / factor[row][row];
    }
    for row in (0..N).rev() {
        let known: f64 = (row + 1..N).map(|at| factor[at][row] * x[at]).sum();
        x[row] = (x[row] - known) / factor[row][row];
    }
    Some(x)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// A·Aᵀ + 1 is positive-definite, and the solution solves.
        #[test]
        fn a_solution_solves(a in proptest::array::uniform4(proptest::array::uniform4(-3.0..3.0f64)),
                             right in proptest::array::uniform4(-5.0..5.0f64)) {
            let dot = |x: &[f64; 4], y: &[f64; 4]| x.iter().zip(y).map(|(x, y)| x * y).sum::<f64>();
            let matrix: [[f64; 4]; 4] =
                std::array::from_fn(|r| std::array::from_fn(|c| dot(&a[r], &a[c]) + f64::from(u8::from(r == c))));
            let x = solve(matrix, right).unwrap();
            for (row, right) in matrix.iter().zip(right) {
                prop_assert!((dot(row, &x) - right).abs() < 1e-8);
            }
        }
    }

    #[test]
    fn a_matrix_that_is_not_positive_definite_has_no_solution() {
        assert_eq!(solve([[1.0, 2.0], [2.0, 1.0]], [1.0, 1.0]), None);
    }
}
