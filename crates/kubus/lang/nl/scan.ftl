# Zoeken naar cirkels met meer gevallen dan verwacht.
scan-no-counts = Er zijn geen aantallen met een bevolking, of de gebieden hebben geen plaats. Zoeken naar cirkels kan alleen met x, y, pop en cases.
scan-cases-wrong = Het aantal (cases) van het gebied { $name } is geen heel aantal van nul of meer.
scan-too-many = Er zijn { $areas } gebieden. Zoeken naar cirkels kan met hoogstens { $most }. Kies een grover niveau.
scan-areas = { $areas } gebieden met een cijfer, { $missing } zonder. Cirkels die duidelijker zijn dan toeval: { $clusters }.
scan-cluster = Rond { $centre }: { $count } gebieden met { $cases } gevallen, waar { $expected } te verwachten was; { $risk } keer zo vaak als elders (LLR { $llr }, p { $p }).
scan-cluster-guarded = Rond { $centre }: { $count } gebieden met { $cases } gevallen, waar { $expected } te verwachten was; { $risk } keer zo vaak als elders (LLR { $llr }, p { $p }). De gebieden verschillen overal meer dan toeval geeft; houdt men daar rekening mee, dan is p { $guarded }.
