# The declarations of a municipality: town.toml, areas/, sources/, indicators/ and rules.toml.
declaration-folder-empty = The folder { $source } holds no .toml file. Declare at least one.
declaration-file-missing = The file { $source } is missing.
declaration-file-unreadable = The file { $source } cannot be read: { $reason }.
declaration-not-toml = Line { $row } of { $source } is not valid TOML: { $reason }.
declaration-missing-key = { $source } lacks "{ $key }" (near line { $row }).
declaration-unknown-key = Line { $row } of { $source } names "{ $key }", which does not exist here. Did you mean: { $suggestion }?
declaration-unknown-value = Line { $row } of { $source } has the value "{ $value }", which does not exist here. Did you mean: { $suggestion }?
declaration-wrong-type = Line { $row } of { $source } has a value of the wrong kind: { $reason }.
declaration-unknown-name = { $source } names "{ $name }" at { $key } ({ $kind ->
    [source] source
    [level] area level
    [column] column
    [attribute] attribute
    [breakdown] breakdown
    [theme] theme
   *[value] value
}), which is not declared. Did you mean: { $suggestion }?
declaration-double = { $source } names "{ $name }" twice, at { $key }. Choose another name.
declaration-no-dutch = { $source } lacks the Dutch text (nl) at { $key }.
declaration-id-differs = { $source } calls itself "{ $name }" ({ $key }). A file is named after what it declares; expected: { $expected }.
declaration-no-population = The source "{ $name }" cannot be the population: its kind must be "population", with a column for the person ({ $source }, { $key }).
declaration-column-or-linked = { $source } must name either "column" or "linked" at { $key }, and not both.
declaration-needs = { $source } lacks at { $key }: { $what ->
    [column] the column that holds the place (column)
    [date] a date (on, start, period or fixed)
   *[population] a source with the population (population in town.toml)
}.
expression-too-large = The condition at { $key } in { $source } is too large: at most { $deepest } levels deep and { $largest } parts.
expression-not-understood = The condition at { $key } in { $source } cannot be understood: { $reason }
expression-query = The condition at { $key } in { $source } holds a query (SELECT). Only a plain condition over columns is accepted.
expression-unknown-column = The condition at { $key } in { $source } names the column "{ $name }", which is not declared here or cannot be used. Did you mean: { $suggestion }?
expression-unknown-function = The condition at { $key } in { $source } uses the function "{ $name }", which is not allowed. Did you mean: { $suggestion }?
expression-not-allowed = The condition at { $key } in { $source } uses something that is not allowed: { $what }.
expression-wrong-type = The condition at { $key } in { $source } gives { $found }, but what is needed is: { $wanted ->
    [true-or-false] true or false
   *[number] a number
}.
