//! The attacker on a bare system: atoms, and cells that are sums of atoms.
