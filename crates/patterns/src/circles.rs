//! Which concepts contain each other.

use std::collections::HashMap;

/// Gives every concept the number of its circle: two concepts have the same number exactly if each leads to the other.
/// Two walks through the references (Kosaraju's algorithm), without recursion.
pub(crate) fn circles(references: &HashMap<String, Vec<String>>) -> HashMap<String, usize> {
    let mut backwards: HashMap<&str, Vec<&str>> = HashMap::new();
    let mut forwards: HashMap<&str, Vec<&str>> = HashMap::new();
    for (name, others) in references {
        for other in others {
            forwards.entry(name).or_default().push(other);
            backwards.entry(other).or_default().push(name);
        }
    }
    let mut finished = Vec::new();
    let mut seen = HashMap::new();
    for name in references.keys() {
        walk(name, &forwards, 0, &mut seen, &mut finished);
    }
    let mut circle_of = HashMap::new();
    for (number, name) in finished.iter().rev().enumerate() {
        walk(name, &backwards, number, &mut circle_of, &mut Vec::new());
    }
    circle_of.into_iter().map(|(name, number)| (name.to_owned(), number)).collect()
}

/// Marks everything reached from `start` that was not seen before, and lists it in the order of leaving it.
fn walk<'n>(
    start: &'n str,
    edges: &HashMap<&'n str, Vec<&'n str>>,
    mark: usize,
    seen: &mut HashMap<&'n str, usize>,
    finished: &mut Vec<&'n str>,
) {
    if seen.contains_key(start) {
        return;
    }
    seen.insert(start, mark);
    let mut path = vec![(start, 0)];
    while let Some((name, next)) = path.last_mut() {
        let other = edges.get(name).and_then(|others| others.get(*next));
        *next += 1;
        match other {
            Some(other) if !seen.contains_key(other) => {
                seen.insert(other, mark);
                path.push((other, 0));
            }
            Some(_) => {}
            None => {
                finished.push(name);
                path.pop();
            }
        }
    }
}
