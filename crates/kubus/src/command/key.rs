//! `kubus key`: the link key and the sealing key of a town, outside its folder.

use std::path::Path;

use kubus_store::key::KeyError;
use kubus_store::{LinkKey, SealingKey};

use super::{Context, Outcome, keys_of};

pub(super) fn run(context: &Context, town: &Path, if_absent: bool) -> Outcome {
    let keys = keys_of(town)?;
    match LinkKey::create(&keys, town) {
        Err(KeyError::Exists(_)) if if_absent => {}
        Err(error) => return Err(error.into()),
        Ok(_) => {}
    }
    SealingKey::load_or_create(&keys, town)?;
    context.say(&context.messages.text("keys-made", &[("path", keys.display().to_string())]));
    Ok(())
}
