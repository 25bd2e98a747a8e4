# Beveiliging en uitgave.
release-attack-succeeded = De uitgave is niet gemaakt. Onze aanvaller rekende { $exact } aantallen precies terug en bewees { $below } kleine groepen. Maak de regels strenger (rules.toml: meer ruis of een hogere drempel) of publiceer minder uitsplitsingen.
release-attack-failed = De aanvaller probeerde { $cells } cijfers en vond niets. { $hidden } cijfers zijn niet getoond.
release-repaired = { $cells } cijfers zijn extra verborgen, omdat daarmee een ander cijfer terug te rekenen was.
release-sources-unfit = De uitgave is niet gemaakt: { $count } keer voldoet een bron niet aan de regels.
release-source-incomplete = Bron { $source } is voor { $completeness } % compleet. De regels vragen { $least } %. Vraag de bronhouder om een nieuwe levering, of pas min_completeness in rules.toml aan.
release-source-late = Bron { $source } is { $days } dagen te laat. De regels staan { $most } dagen toe. Vraag de bronhouder om een nieuwe levering, of pas max_delay_days in rules.toml aan.
release-rules-unusable = Met deze regels is geen veilige uitgave te maken: { $reason }. Pas rules.toml aan.
release-internal = De uitgave is niet gemaakt door een fout in het programma: { $reason }.
