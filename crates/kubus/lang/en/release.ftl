# Protection and release.
release-attack-succeeded = The release was not made. Our attacker derived { $exact } counts exactly and proved { $below } small groups. Make the rules stricter (rules.toml: more noise or a higher threshold) or publish fewer breakdowns.
release-attack-failed = The attacker tried { $cells } figures and found nothing. { $hidden } figures are not shown.
release-repaired = { $cells } further figures are hidden, because another figure could be derived from them.
release-sources-unfit = The release was not made: { $count } times a source does not meet the rules.
release-source-incomplete = Source { $source } is { $completeness } % complete. The rules ask for { $least } %. Ask the data owner for a new delivery, or change min_completeness in rules.toml.
release-source-late = Source { $source } is { $days } days late. The rules allow { $most } days. Ask the data owner for a new delivery, or change max_delay_days in rules.toml.
release-rules-unusable = No safe release can be made with these rules: { $reason }. Change rules.toml.
release-internal = The release was not made because of a fault in the program: { $reason }.
