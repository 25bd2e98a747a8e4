# Voorspellen, en het oordeel daarover.
panel-unreadable = Het bestand { $file } is niet te lezen: { $reason }
panel-column-missing = In { $file } ontbreekt de kolom { $name }. Nodig zijn: area, period en count.
panel-row-wrong = Rij { $row } van { $file } is niet te begrijpen. Verwacht: een gebied, een periode (2024-03) en een heel aantal.
panel-mixed = Perioden van verschillende lengte staan door elkaar: { $one } en { $other }.
panel-twice = Het gebied { $area } heeft twee aantallen in { $period }.
panel-gap = Het gebied { $area } heeft geen aantal in { $period }. Een gat is geen nul: vul een nul in als er niets was.
panel-too-short = Er zijn { $periods } perioden. Dat is te weinig; nodig zijn er minstens { $fewest }.
forecast-stability = Waar het veel is, blijft het veel: de samenhang tussen de eerste en de tweede helft is { $stability } (1 is volmaakt). De kaart is het meerjarig gemiddelde.
forecast-worth-unknown = Er zijn { $origins } momenten om op na te spelen. Dat is te weinig voor een oordeel.
forecast-worth-negligible = Verwaarloosbaar: een voorspelling van { $horizon } vooruit voegt niets toe dat ertoe doet. Gebruik het eenvoudige cijfer ({ $baseline }).
forecast-worth-small = Klein: een voorspelling van { $horizon } vooruit voegt iets toe aan het eenvoudige cijfer ({ $baseline }).
forecast-worth-useful = Bruikbaar: een voorspelling van { $horizon } vooruit voegt echt iets toe aan het eenvoudige cijfer ({ $baseline }).
forecast-skill = Winst op het beste eenvoudige cijfer: { $skill } % (waarschijnlijk tussen { $low } en { $high }), op { $origins } momenten.
forecast-calibrated = De onzekerheid klopt: { $within80 } % viel binnen de 80 %-marge en { $within95 } % binnen de 95 %-marge.
forecast-not-calibrated = De onzekerheid klopt niet ({ $within80 } % binnen 80 %, { $within95 } % binnen 95 %; rustigste vijfde { $quietest } keer voorspeld, drukste { $busiest }). Toon geen marges.
forecast-no-hotspots = Er is geen hotspotkaart.
