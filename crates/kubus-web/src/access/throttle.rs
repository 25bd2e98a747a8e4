//! Slows down guessing: per name from one address, per address, and per name from everywhere. After
//! a number of free attempts the wait doubles with each failure, up to a quarter of an hour.
//! In memory only; a restart forgets it.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// The longest wait.
const LONGEST: Duration = Duration::from_secs(15 * 60);
/// Failures older than this are forgotten.
const MEMORY: Duration = Duration::from_secs(60 * 60);
/// Entries kept at most; then the forgotten ones are dropped, and after that new names wait.
const MOST: usize = 20_000;

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Key {
    NameAt(String, IpAddr),
    Address(IpAddr),
    Name(String),
}

impl Key {
    /// Attempts that may fail before the first wait. A name from everywhere gets the most, so that
    /// a stranger cannot easily keep its owner out.
    const fn free(&self) -> u32 {
        match self {
            Self::NameAt(..) => 5,
            Self::Address(_) => 20,
            Self::Name(_) => 100,
        }
    }
}

#[derive(Debug, Clone, Copy)]
struct Entry {
    failures: u32,
    last: Instant,
}

impl Entry {
    fn wait(&self, free: u32) -> Duration {
        let over = self.failures.saturating_sub(free);
        if over == 0 { Duration::ZERO } else { Duration::from_secs(1 << over.min(10)).min(LONGEST) }
    }
}

/// Failed attempts, by name and address.
#[derive(Debug, Default)]
pub struct Throttle {
    entries: Mutex<HashMap<Key, Entry>>,
}

impl Throttle {
    /// Admits an attempt, or says how long to wait. An admitted attempt counts as failed until
    /// [`Throttle::succeeded`], so that attempts at the same moment count too.
    ///
    /// # Errors
    /// The time to wait, whole seconds, at least one.
    pub fn attempt(&self, name: &str, address: IpAddr, now: Instant) -> Result<(), Duration> {
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        if entries.len() >= MOST {
            entries.retain(|_, entry| now.duration_since(entry.last) < MEMORY);
        }
        let keys = keys(name, address);
        let waiting = keys.iter().filter_map(|key| remaining(entries.get(key)?, key.free(), now)).max();
        if let Some(wait) = waiting {
            return Err(wait);
        }
        if entries.len() >= MOST {
            return Err(Duration::from_secs(1));
        }
        for key in keys {
            count(entries.entry(key).or_insert(Entry { failures: 0, last: now }), now);
        }
        Ok(())
    }

    /// Takes back what [`Throttle::attempt`] counted: the password was right.
    pub fn succeeded(&self, name: &str, address: IpAddr) {
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        let [pair, from, known] = keys(name, address);
        entries.remove(&pair);
        for key in [from, known] {
            if let Some(entry) = entries.get_mut(&key) {
                entry.failures = entry.failures.saturating_sub(1);
            }
        }
    }
}

fn keys(name: &str, address: IpAddr) -> [Key; 3] {
    let address = network(address);
    [Key::NameAt(name.to_owned(), address), Key::Address(address), Key::Name(name.to_owned())]
}

/// The address itself; of an IPv6 address the /64 network, which one person has whole.
fn network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(six) => IpAddr::V6((six.to_bits() >> 64 << 64).into()),
    }
}

fn count(entry: &mut Entry, now: Instant) {
    if now.duration_since(entry.last) >= MEMORY {
        entry.failures = 0;
    }
    entry.failures = entry.failures.saturating_add(1);
    entry.last = now;
}

fn remaining(entry: &Entry, free: u32, now: Instant) -> Option<Duration> {
    let since = now.duration_since(entry.last);
    let left = entry.wait(free).checked_sub(since).filter(|left| !left.is_zero() && since < MEMORY)?;
    Some(Duration::from_secs(left.as_secs() + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::LOCALHOST);
    const THERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(10, 0, 0, 1));

    #[test]
    fn the_wait_doubles_and_ends_at_a_quarter_of_an_hour() {
        let (throttle, mut now) = (Throttle::default(), Instant::now());
        let mut waits = Vec::new();
        for _ in 0..17 {
            match throttle.attempt("a", HERE, now) {
                Ok(()) => waits.push(0),
                Err(wait) => {
                    waits.push(wait.as_secs());
                    now += wait;
                    throttle.attempt("a", HERE, now).unwrap();
                }
            }
        }
        assert_eq!(&waits[..9], [0, 0, 0, 0, 0, 0, 3, 5, 9]);
        assert_eq!(waits.last(), Some(&901));
    }

    #[test]
    fn the_owner_elsewhere_is_not_kept_out_and_a_right_password_clears_the_wait() {
        let (throttle, now) = (Throttle::default(), Instant::now());
        for _ in 0..6 {
            throttle.attempt("a", HERE, now).unwrap();
        }
        assert!(throttle.attempt("a", HERE, now).is_err());
        assert!(throttle.attempt("a", THERE, now).is_ok());
        throttle.succeeded("a", HERE);
        assert!(throttle.attempt("a", HERE, now).is_ok());
    }

    #[test]
    fn many_names_from_one_address_wait_too() {
        let (throttle, now) = (Throttle::default(), Instant::now());
        let refused = (0..30).filter(|n| throttle.attempt(&format!("name {n}"), HERE, now).is_err()).count();
        assert_eq!(refused, 9);
    }

    #[test]
    fn addresses_of_one_ipv6_network_count_together() {
        let one: IpAddr = "2001:db8:1:2::1".parse().unwrap();
        let two: IpAddr = "2001:db8:1:2:3::2".parse().unwrap();
        assert_eq!(network(one), network(two));
        assert_ne!(network(one), network("2001:db8:1:3::1".parse().unwrap()));
    }
}
