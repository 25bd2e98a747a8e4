# The declarations of a municipality: towns/<name>/*.toml.
declaration-folder-empty = The folder { $source } has no .toml files. Put at least one in it.
declaration-file-missing = The file { $source } is not there. Make it, or put it back. The system says: { $reason }
declaration-file-unreadable = The file { $source } cannot be read: { $reason }
declaration-not-toml = This is not valid TOML: { $reason }
declaration-wrong-type = There is another kind of value here than expected: { $reason }
declaration-missing-key = The key "{ $key }" is missing. Add it.
declaration-unknown-key = There is no "{ $key }" here. Did you mean: { $suggestion }? It can be: { $known }.
declaration-unknown-value = There is no value "{ $value }" here. Did you mean: { $suggestion }? It can be: { $known }.
declaration-unknown-name = At "{ $key }" stands "{ $name }", but that { $what ->
    [source] source
    [level] area level
    [theme] theme
    [attribute] attribute
    [column] column
   *[other] value
    } is not declared. Did you mean: { $suggestion }?
declaration-text-missing = A text is missing at "{ $key }". Names and explanations must at least be there in Dutch.
declaration-id-not-file = At "{ $key }" stands "{ $id }", but the file is called "{ $expected }". Make them equal.
declaration-bad-identifier = The name "{ $id }" at "{ $key }" cannot be used. Use small letters, digits and underscores, and begin with a letter.
declaration-duplicate = "{ $id }" at "{ $key }" is there twice. Every name may be used once.
declaration-bad-municipality = The municipality code "{ $code }" at "{ $key }" is not right. Expected: GM and four digits, such as GM0034.
declaration-bad-duration = The duration "{ $value }" at "{ $key }" is not understood. Expected: P1M (a month), P3M or P5Y (five years).
declaration-out-of-range = The number at "{ $key }" cannot be right. Choose one from { $low } to { $high }.
declaration-range-reversed = At "{ $key }" the smallest number is larger than the largest. Turn them round.
declaration-key-needed = "{ $key }" is needed here ({ $kind }). Add it.
declaration-one-of = At "{ $key }" either "{ $one }" or "{ $other }" must be given, not both and not neither.
declaration-wrong-kind = At "{ $key }" stands the source "{ $name }". Its kind is { $found }; { $wanted } is needed.
declaration-wrong-column-type = At "{ $key }" stands the column "{ $name }". Its type is { $found }; { $wanted } is needed.
declaration-not-linked = The source "{ $name }" at "{ $key }" has no column for the person or the household, so nothing can be linked.
declaration-no-population = "{ $key }" needs a population source. Name it in town.toml at population.
declaration-no-households = "{ $key }" needs households, but the source "{ $name }" has no column for the household.
declaration-not-coarser = At "{ $key }" stands "{ $name }", but that level is not coarser. Look at rank: the municipality has 0, smaller areas a higher number.
declaration-not-of-unit = The attribute "{ $name }" at "{ $key }" belongs to persons, but households are counted here.
declaration-not-broken-down = The attribute "{ $name }" at "{ $key }" is not one of the breakdowns by itself. Add it there first.
declaration-measure-differs = The value at "{ $key }" does not fit what is counted ({ $kind }).
expression-failed = A condition or recode does not work on all values. We do not tell the value itself. Use TRY_CAST instead of CAST, or COALESCE, and look for division by zero and numbers that are too large.
expression-too-large = The condition at "{ $key }" is too long or too deep. It may have { $deepest } layers and { $largest } parts. Make it shorter.
expression-not-understood = The condition at "{ $key }" is not understood: { $reason }
expression-query = At "{ $key }" stands a query. Only a condition or a calculation may stand here.
expression-unknown-column = The column "{ $name }" at "{ $key }" is not declared. Did you mean: { $suggestion }?
expression-unknown-function = The function "{ $name }" at "{ $key }" is not allowed here or does not exist. Did you mean: { $suggestion }?
expression-not-allowed = At "{ $key }" stands something that is not allowed here: { $what }.
expression-wrong-type = What "{ $key }" gives is of type { $found }; { $wanted } is needed.
