//! A small store of recent results with a bound on its weight; the oldest leave first. One per
//! release, so a new release starts empty.

use std::collections::{HashMap, VecDeque};
use std::hash::Hash;
use std::sync::{Mutex, PoisonError};

/// Recent results by key, at most `limit` weight in all.
#[derive(Debug)]
pub struct Recent<K, V> {
    limit: usize,
    held: Mutex<Held<K, V>>,
}

#[derive(Debug)]
struct Held<K, V> {
    values: HashMap<K, (V, usize)>,
    order: VecDeque<K>,
    weight: usize,
}

impl<K: Clone + Eq + Hash, V: Clone> Recent<K, V> {
    /// An empty store.
    #[must_use]
    pub fn new(limit: usize) -> Self {
        Self { limit, held: Mutex::new(Held { values: HashMap::new(), order: VecDeque::new(), weight: 0 }) }
    }

    /// The result under this key.
    pub fn get(&self, key: &K) -> Option<V> {
        let held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        held.values.get(key).map(|(value, _)| value.clone())
    }

    /// Keeps a result, unless it alone is over a quarter of the bound or is kept already.
    pub fn keep(&self, key: K, value: V, weight: usize) {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        if weight > self.limit / 4 || held.values.contains_key(&key) {
            return;
        }
        held.values.insert(key.clone(), (value, weight));
        held.order.push_back(key);
        held.weight += weight;
        while held.weight > self.limit {
            held.drop_oldest();
        }
    }
}

impl<K: Eq + Hash, V> Held<K, V> {
    fn drop_oldest(&mut self) {
        let oldest = self.order.pop_front();
        if let Some((_, weight)) = oldest.and_then(|key| self.values.remove(&key)) {
            self.weight -= weight;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_results_leave_when_the_bound_is_reached() {
        let recent = Recent::new(8);
        for key in 0..10 {
            recent.keep(key, key * 10, 2);
        }
        let kept: Vec<i32> = (0..10).filter(|key| recent.get(key).is_some()).collect();
        assert_eq!(kept, [6, 7, 8, 9]);
        assert_eq!(recent.get(&9), Some(90));
    }

    #[test]
    fn a_result_that_is_too_heavy_is_not_kept() {
        let recent = Recent::new(8);
        recent.keep("a", 1, 3);
        assert_eq!(recent.get(&"a"), None);
    }
}
