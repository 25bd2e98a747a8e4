//! Placeholder until merged.
use std::collections::BTreeMap;
pub(super) fn validate(_d: &super::Declarations, _t: &BTreeMap<String, String>) -> Vec<kubus_model::Finding> {
    Vec::new()
}
