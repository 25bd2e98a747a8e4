# De beschrijving van een gemeente: town.toml, areas/, sources/, indicators/ en rules.toml.
declaration-folder-empty = In de map { $source } staat geen enkel .toml-bestand. Beschrijf er minstens één.
declaration-file-missing = Het bestand { $source } ontbreekt.
declaration-file-unreadable = Het bestand { $source } is niet te lezen: { $reason }.
declaration-not-toml = Regel { $row } van { $source } is geen geldige TOML: { $reason }.
declaration-missing-key = In { $source } ontbreekt "{ $key }" (bij regel { $row }).
declaration-unknown-key = Regel { $row } van { $source } noemt "{ $key }", maar dat bestaat hier niet. Bedoelde u: { $suggestion }?
declaration-unknown-value = Regel { $row } van { $source } heeft de waarde "{ $value }", maar die bestaat hier niet. Bedoelde u: { $suggestion }?
declaration-wrong-type = Regel { $row } van { $source } heeft een waarde van de verkeerde soort: { $reason }.
declaration-unknown-name = { $source } noemt bij { $key } de naam "{ $name }" ({ $kind ->
    [source] bron
    [level] gebiedsniveau
    [column] kolom
    [attribute] kenmerk
    [breakdown] uitsplitsing
    [theme] thema
   *[value] waarde
}), maar die is niet beschreven. Bedoelde u: { $suggestion }?
declaration-double = { $source } noemt "{ $name }" bij { $key } twee keer. Kies een andere naam.
declaration-no-dutch = In { $source } ontbreekt de Nederlandse tekst (nl) bij { $key }.
declaration-id-differs = { $source } noemt zichzelf "{ $name }" ({ $key }). Een bestand heet zoals wat het beschrijft; verwacht: { $expected }.
declaration-no-population = De bron "{ $name }" kan niet de bevolking zijn: de soort moet "population" zijn, met een kolom voor de persoon ({ $source }, { $key }).
declaration-column-or-linked = { $source } moet bij { $key } óf "column" óf "linked" noemen, en niet allebei.
declaration-needs = { $source } mist bij { $key }: { $what ->
    [column] de kolom waarin de plaats staat (column)
    [date] een datum (on, start, period of fixed)
   *[population] een bron met de bevolking (population in town.toml)
}.
expression-too-large = De voorwaarde bij { $key } in { $source } is te groot: hoogstens { $deepest } lagen diep en { $largest } delen.
expression-not-understood = De voorwaarde bij { $key } in { $source } is niet te begrijpen: { $reason }
expression-query = De voorwaarde bij { $key } in { $source } bevat een zoekopdracht (SELECT). Alleen een losse voorwaarde over kolommen mag.
expression-unknown-column = De voorwaarde bij { $key } in { $source } noemt de kolom "{ $name }", maar die is hier niet beschreven of niet te gebruiken. Bedoelde u: { $suggestion }?
expression-unknown-function = De voorwaarde bij { $key } in { $source } gebruikt de functie "{ $name }", en die mag niet. Bedoelde u: { $suggestion }?
expression-not-allowed = De voorwaarde bij { $key } in { $source } gebruikt iets dat niet mag: { $what }.
expression-wrong-type = De voorwaarde bij { $key } in { $source } geeft { $found }, maar nodig is: { $wanted ->
    [true-or-false] waar of onwaar
   *[number] een getal
}.
