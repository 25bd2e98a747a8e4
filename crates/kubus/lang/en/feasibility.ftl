# Could it be known, before anyone asks for data?
feasibility-outside = The number of --{ $name } is not possible. See kubus feasibility --help.
feasibility-level-wrong = The level "{ $text }" cannot be understood. Expected: name:areas:residents per area, such as buurt:10:2000.
feasibility-level = { $level } ({ $areas } areas): on average { $expected } events per area in the data.
feasibility-enough = An area with { $ratio } times the usual is found in { $found }% of cases. That is enough (needed: { $needed }%).
feasibility-too-little = An area with { $ratio } times the usual is found in { $found }% of cases. That is too little (needed: { $needed }%).
feasibility-years = It is possible after collecting for { $years } years.
feasibility-never = It is too little even after collecting for twenty years.
feasibility-ratio = An area with { $smallest } times the usual can be found now.
feasibility-trend = A change of { $change }% a year in one area is found in { $trend }% of cases.
feasibility-finest = The finest level at which a deviating area can be found: { $level }.
feasibility-nowhere = A deviating area can be found at none of these levels. Do not ask for these data for this.
feasibility-all = All areas together: a change of { $change }% a year is found in { $trend }% of cases, an intervention that makes the count { $effect } times as large in { $found }% (enough after { $years } years).
feasibility-late = Late and incomplete data cost this, at the finest level: now { $now }%, in time { $inTime }%, complete { $complete }%, both { $both }%.
