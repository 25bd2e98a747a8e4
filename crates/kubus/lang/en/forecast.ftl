# Forecasting, and the verdict on it.
panel-unreadable = The file { $file } cannot be read: { $reason }
panel-column-missing = { $file } lacks the column { $name }. Needed are: area, period and count.
panel-row-wrong = Row { $row } of { $file } cannot be understood. Expected: an area, a period (2024-03) and a whole count.
panel-mixed = Periods of different lengths stand together: { $one } and { $other }.
panel-twice = The area { $area } has two counts in { $period }.
panel-gap = The area { $area } has no count in { $period }. A gap is no zero: write a zero where there was nothing.
panel-too-short = There are { $periods } periods. That is too few; at least { $fewest } are needed.
forecast-stability = Where it is much, it stays much: the correlation between the first and the second half is { $stability } (1 is perfect). The map is the mean of many years.
forecast-worth-unknown = There are { $origins } moments to play back. That is too few for a verdict.
forecast-worth-negligible = Negligible: a forecast { $horizon } ahead adds nothing that matters. Use the simple figure ({ $baseline }).
forecast-worth-small = Small: a forecast { $horizon } ahead adds something to the simple figure ({ $baseline }).
forecast-worth-useful = Useful: a forecast { $horizon } ahead really adds to the simple figure ({ $baseline }).
forecast-skill = Gain over the best simple figure: { $skill }% (probably between { $low } and { $high }), at { $origins } moments.
forecast-calibrated = The uncertainty is right: { $within80 }% fell within the 80% margin and { $within95 }% within the 95% margin.
forecast-not-calibrated = The uncertainty is not right ({ $within80 }% within 80%, { $within95 }% within 95%; quietest fifth { $quietest } times what was forecast, busiest { $busiest }). Show no margins.
forecast-no-hotspots = There is no hotspot map.
