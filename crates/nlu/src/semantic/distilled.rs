//! A table made of an encoder with attention: what the encoder says of each piece alone, in fewer numbers.
//!
//! The vectors are moved to the mean 0 and turned to their principal axes, of which the first ones stay; then each is
//! made the smaller the more frequent its piece is (`a / (a + p)`, Arora and others 2017), for what stands in every text
//! says little.

use super::Encoder;

/// `a` of the weight.
const RARE: f32 = 1e-4;
/// Turns until nothing is left to turn; eight are enough for any real matrix.
const SWEEPS: usize = 30;
const SMALL: f64 = 1e-10;

/// The rows of the table, of this width at the most, by the numbers of the pieces; and the width.
pub(super) fn rows(encoder: &Encoder, width: usize) -> (Vec<f32>, usize) {
    let pieces = encoder.tokenizer.by_frequency();
    let vectors: Vec<Vec<f32>> =
        pieces.iter().map(|(piece, _)| encoder.vector(&encoder.tokenizer.alone(*piece))).collect();
    let (full, count) = (encoder.width(), vectors.len().max(1) as f64);
    let mut mean = vec![0.0_f64; full];
    for vector in &vectors {
        mean.iter_mut().zip(vector).for_each(|(sum, value)| *sum += f64::from(*value) / count);
    }
    let centred: Vec<Vec<f64>> =
        vectors.iter().map(|it| it.iter().zip(&mean).map(|(value, mean)| f64::from(*value) - mean).collect()).collect();
    let mut covariance = vec![vec![0.0_f64; full]; full];
    for vector in &centred {
        for (row, one) in covariance.iter_mut().zip(vector) {
            row.iter_mut().zip(vector).for_each(|(sum, other)| *sum += one * other / count);
        }
    }
    let mut axes = axes(covariance);
    axes.truncate(width);
    let kept = axes.len();
    let mut rows = vec![0.0; encoder.tokenizer.rows() * kept];
    // The frequency of words falls with their rank (Zipf), where nothing better is known.
    let ranks: f32 = (1..=pieces.len()).map(|rank| 1.0 / rank as f32).sum();
    for (at, ((piece, probability), vector)) in pieces.iter().zip(&centred).enumerate() {
        let probability = probability.unwrap_or(1.0 / (at + 1) as f32 / ranks);
        let weight = RARE / (RARE + probability);
        for (value, axis) in rows[piece * kept..].iter_mut().zip(&axes) {
            *value = weight * axis.iter().zip(vector).map(|(a, b)| a * b).sum::<f64>() as f32;
        }
    }
    (rows, kept)
}

/// The principal axes of a symmetric matrix, that of the greatest variance first: Jacobi's rotations.
fn axes(mut matrix: Vec<Vec<f64>>) -> Vec<Vec<f64>> {
    let size = matrix.len();
    let mut axes: Vec<Vec<f64>> =
        (0..size).map(|at| (0..size).map(|other| if at == other { 1.0 } else { 0.0 }).collect()).collect();
    let trace: f64 = (0..size).map(|at| matrix[at][at].abs()).sum();
    for _ in 0..SWEEPS {
        let mut turned = false;
        for p in 0..size {
            for q in p + 1..size {
                if matrix[p][q].abs() <= SMALL * trace / size as f64 {
                    continue;
                }
                turned = true;
                let theta = (matrix[q][q] - matrix[p][p]) / (2.0 * matrix[p][q]);
                let t = theta.signum() / (theta.abs() + (theta * theta + 1.0).sqrt());
                let cosine = 1.0 / (t * t + 1.0).sqrt();
                let sine = t * cosine;
                rotate(&mut matrix, (p, q), (cosine, sine));
                for row in &mut matrix {
                    (row[p], row[q]) = (cosine * row[p] - sine * row[q], sine * row[p] + cosine * row[q]);
                }
                rotate(&mut axes, (p, q), (cosine, sine));
            }
        }
        if !turned {
            break;
        }
    }
    let mut order: Vec<usize> = (0..size).collect();
    order.sort_by(|a, b| matrix[*b][*b].total_cmp(&matrix[*a][*a]));
    order.into_iter().map(|at| std::mem::take(&mut axes[at])).collect()
}

/// Turns two rows in their plane.
fn rotate(rows: &mut [Vec<f64>], (p, q): (usize, usize), (cosine, sine): (f64, f64)) {
    let (head, tail) = rows.split_at_mut(q);
    for (one, other) in head[p].iter_mut().zip(&mut tail[0]) {
        (*one, *other) = (cosine * *one - sine * *other, sine * *one + cosine * *other);
    }
}

#[cfg(test)]
mod tests {
    use super::axes;

    #[test]
    fn axes_are_those_of_the_variance() {
        // Variances 9, 4 and 1 along axes turned by 30 degrees in the first plane.
        let (c, s) = (3.0_f64.sqrt() / 2.0, 0.5);
        let matrix = vec![
            vec![9.0 * c * c + s * s, 8.0 * c * s, 0.0],
            vec![8.0 * c * s, 9.0 * s * s + c * c, 0.0],
            vec![0.0, 0.0, 4.0],
        ];
        let expected = [[c, s, 0.0], [0.0, 0.0, 1.0], [-s, c, 0.0]];
        for (axis, expected) in axes(matrix).iter().zip(expected) {
            let cosine: f64 = axis.iter().zip(expected).map(|(a, b)| a * b).sum();
            assert!((cosine.abs() - 1.0).abs() < 1e-9, "{axis:?} {expected:?}");
        }
    }
}
