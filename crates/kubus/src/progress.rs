//! A line of progress on a terminal; nothing when the output goes to a file.

use std::sync::Mutex;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use crate::message::Messages;

/// Shows the stage that is under way.
pub(crate) struct Stages<'a> {
    bar: ProgressBar,
    messages: &'a Messages,
    stage: Mutex<String>,
}

impl<'a> Stages<'a> {
    /// A line that says nothing yet.
    pub(crate) fn new(messages: &'a Messages) -> Self {
        let bar = ProgressBar::new(100);
        let style = ProgressStyle::with_template("{spinner} {msg} {bar:30} {percent:>3} % {elapsed}");
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        bar.enable_steady_tick(Duration::from_millis(120));
        Self { bar, messages, stage: Mutex::new(String::new()) }
    }

    /// A stage (a message key `stage-…` without its prefix) and the part done, 0 to 1.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a percentage between 0 and 100")]
    pub(crate) fn show(&self, stage: &str, done: f64) {
        if let Ok(mut shown) = self.stage.lock()
            && *shown != stage
        {
            stage.clone_into(&mut shown);
            let code = format!("stage-{stage}");
            let text = self.messages.text(&code, &[]);
            self.bar.set_message(if text == code { stage.to_owned() } else { text });
        }
        self.bar.set_position((done.clamp(0.0, 1.0) * 100.0) as u64);
    }

    /// Removes the line.
    pub(crate) fn finish(&self) {
        self.bar.finish_and_clear();
    }
}
