# Is iets te weten, voordat iemand gegevens vraagt?
feasibility-outside = Het getal bij --{ $name } kan niet. Zie kubus feasibility --help.
feasibility-level-wrong = Het niveau "{ $text }" is niet te begrijpen. Verwacht: naam:gebieden:inwoners per gebied, bijvoorbeeld buurt:10:2000.
feasibility-level = { $level } ({ $areas } gebieden): gemiddeld { $expected } gebeurtenissen per gebied in de gegevens.
feasibility-enough = Een gebied met { $ratio } keer het gewone wordt in { $found } % van de gevallen gevonden. Dat is genoeg (nodig: { $needed } %).
feasibility-too-little = Een gebied met { $ratio } keer het gewone wordt in { $found } % van de gevallen gevonden. Dat is te weinig (nodig: { $needed } %).
feasibility-years = Het kan na { $years } jaar verzamelen.
feasibility-never = Ook na twintig jaar verzamelen is dat te weinig.
feasibility-ratio = Een gebied met { $smallest } keer het gewone is nu wel te vinden.
feasibility-trend = Een verandering van { $change } % per jaar in één gebied wordt in { $trend } % van de gevallen gevonden.
feasibility-finest = Het fijnste niveau waarop een afwijkend gebied te vinden is: { $level }.
feasibility-nowhere = Op geen van deze niveaus is een afwijkend gebied te vinden. Vraag deze gegevens hier niet voor aan.
feasibility-all = Alle gebieden samen: een verandering van { $change } % per jaar wordt in { $trend } % van de gevallen gevonden, een aanpak die het aantal { $effect } keer zo groot maakt in { $found } % (genoeg na { $years } jaar).
feasibility-late = Late en onvolledige gegevens kosten dit, op het fijnste niveau: nu { $now } %, op tijd { $inTime } %, volledig { $complete } %, allebei { $both } %.
