# Looking for circles with more cases than expected.
scan-no-counts = There are no counts with a population, or the areas have no place. Looking for circles needs x, y, pop and cases.
scan-cases-wrong = The count (cases) of the area { $name } is not a whole number of zero or more.
scan-too-many = There are { $areas } areas. Looking for circles can be done with at most { $most }. Choose a coarser level.
scan-areas = { $areas } areas with a figure, { $missing } without. Circles that are clearer than chance: { $clusters }.
scan-cluster = Around { $centre }: { $count } areas with { $cases } cases, where { $expected } were expected; { $risk } times as often as elsewhere (LLR { $llr }, p { $p }).
scan-cluster-guarded = Around { $centre }: { $count } areas with { $cases } cases, where { $expected } were expected; { $risk } times as often as elsewhere (LLR { $llr }, p { $p }). Areas differ more than chance gives everywhere; allowing for that, p is { $guarded }.
