# De beschrijving van een gemeente: towns/<naam>/*.toml.
declaration-folder-empty = De map { $source } bevat geen .toml-bestanden. Zet er minstens één in.
declaration-file-missing = Het bestand { $source } is er niet. Maak het, of zet het terug. Het systeem zegt: { $reason }
declaration-file-unreadable = Het bestand { $source } is niet te lezen: { $reason }
declaration-not-toml = Dit is geen geldige TOML: { $reason }
declaration-wrong-type = Hier staat een ander soort waarde dan verwacht: { $reason }
declaration-missing-key = De regel "{ $key }" ontbreekt. Voeg hem toe.
declaration-unknown-key = De naam "{ $key }" bestaat hier niet. Bedoelt u: { $suggestion }? Het kan zijn: { $known }.
declaration-unknown-value = De waarde "{ $value }" bestaat hier niet. Bedoelt u: { $suggestion }? Het kan zijn: { $known }.
declaration-unknown-name = Bij "{ $key }" staat "{ $name }", maar die { $what ->
    [source] bron
    [level] gebiedslaag
    [theme] themanaam
    [attribute] naam van een kenmerk
    [column] kolom
   *[other] waarde
    } is niet beschreven. Bedoelt u: { $suggestion }?
declaration-text-missing = Bij "{ $key }" ontbreekt een tekst. Namen en uitleg moeten er in elk geval in het Nederlands zijn.
declaration-id-not-file = Bij "{ $key }" staat "{ $id }", maar het bestand heet "{ $expected }". Maak ze gelijk.
declaration-bad-identifier = De naam "{ $id }" bij "{ $key }" kan niet. Gebruik kleine letters, cijfers en liggende streepjes, en begin met een letter.
declaration-duplicate = "{ $id }" bij "{ $key }" komt twee keer voor. Elke naam mag één keer.
declaration-bad-municipality = De gemeentecode "{ $code }" bij "{ $key }" klopt niet. Verwacht: GM en vier cijfers, zoals GM0034.
declaration-bad-duration = De duur "{ $value }" bij "{ $key }" is niet te begrijpen. Verwacht: P1M (een maand), P3M of P5Y (vijf jaar).
declaration-out-of-range = Het getal bij "{ $key }" kan niet. Kies een getal van { $low } tot en met { $high }.
declaration-range-reversed = Bij "{ $key }" is het kleinste getal groter dan het grootste. Draai ze om.
declaration-key-needed = Hier is "{ $key }" nodig ({ $kind }). Voeg het toe.
declaration-one-of = Bij "{ $key }" moet óf "{ $one }" óf "{ $other }" staan, niet allebei en niet geen van beide.
declaration-wrong-kind = Bij "{ $key }" staat de bron "{ $name }". Die is van de soort { $found }; nodig is { $wanted }.
declaration-wrong-column-type = Bij "{ $key }" staat de kolom "{ $name }". Die is van de soort { $found }; nodig is { $wanted }.
declaration-not-linked = De bron "{ $name }" bij "{ $key }" heeft geen kolom voor de persoon of het huishouden. Daarom is er niets te koppelen.
declaration-no-population = Voor "{ $key }" is een bevolkingsbron nodig. Noem die in town.toml bij population.
declaration-no-households = Voor "{ $key }" zijn huishoudens nodig, maar de bron "{ $name }" heeft geen kolom voor het huishouden.
declaration-not-coarser = Bij "{ $key }" staat "{ $name }", maar die laag is niet grover. Kijk naar rank: de gemeente heeft 0, kleinere gebieden een hoger getal.
declaration-not-of-unit = Het kenmerk "{ $name }" bij "{ $key }" hoort bij personen, maar hier worden huishoudens geteld.
declaration-not-broken-down = Het kenmerk "{ $name }" bij "{ $key }" staat niet als losse uitsplitsing bij breakdowns. Zet het er eerst bij.
declaration-measure-differs = De waarde bij "{ $key }" past niet bij wat er wordt geteld ({ $kind }).
expression-failed = Een voorwaarde of omrekening lukt niet op alle waarden. De waarde zelf noemen we niet. Gebruik TRY_CAST in plaats van CAST, of COALESCE, en kijk naar delen door nul en te grote getallen.
expression-too-large = De voorwaarde bij "{ $key }" is te lang of te diep. Het mag { $deepest } lagen en { $largest } delen hebben. Maak hem korter.
expression-not-understood = De voorwaarde bij "{ $key }" is niet te begrijpen: { $reason }
expression-query = Bij "{ $key }" staat een zoekopdracht. Hier mag alleen een voorwaarde of een berekening staan.
expression-unknown-column = De kolom "{ $name }" bij "{ $key }" is niet beschreven. Bedoelt u: { $suggestion }?
expression-unknown-function = De functie "{ $name }" bij "{ $key }" mag hier niet of bestaat niet. Bedoelt u: { $suggestion }?
expression-not-allowed = Bij "{ $key }" staat iets dat hier niet mag: { $what }.
expression-wrong-type = De uitkomst bij "{ $key }" is van de soort { $found }; nodig is { $wanted }.
