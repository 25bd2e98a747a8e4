# Ophalen van openbare bestanden.
fetch-present = { $file } is er al en wordt gebruikt zoals het is.
fetch-present-differs = { $file } is er al, maar is niet het bestand dat is opgegeven (verwacht { $expected }, gevonden { $found }). Haal het weg om het opnieuw op te halen, of pas sha256 aan.
fetch-fetched = { $file } is opgehaald ({ $bytes } bytes, SHA-256 { $sha256 }).
fetch-bad-name = { $file } is geen gewone bestandsnaam. Noem alleen een naam, zonder map.
fetch-bad-address = Het adres van { $file } is niet te lezen: { $address }.
fetch-host-not-allowed = { $file } is niet opgehaald: van { $host } mag niets worden opgehaald. Haal het bestand zelf en zet het in deliveries.
fetch-not-secure = { $file } is niet opgehaald: { $address } is geen beveiligd adres. Gebruik https.
fetch-bad-redirect = { $file } is niet opgehaald: de server verwijst door zonder een bruikbaar adres.
fetch-too-many-redirects = { $file } is niet opgehaald: de server blijft doorverwijzen.
fetch-no-answer = { $file } is niet opgehaald: er kwam geen antwoord ({ $reason }). Probeer het later opnieuw; wat er al is, blijft bewaard.
fetch-cut-off = { $file } is niet heel opgehaald: de verbinding viel steeds weg. Start kubus fetch opnieuw; het gaat verder waar het bleef.
fetch-status = { $file } is niet opgehaald: de server antwoordde met { $status }. Kijk of het adres nog klopt.
fetch-web-page = { $file } is niet opgehaald: de server stuurde een webpagina in plaats van een bestand. Kijk of het adres nog klopt.
fetch-other-format = { $file } is niet opgehaald: het antwoord heeft een ander formaat dan de bestandsnaam zegt. Pas de naam en het formaat bij de bron aan.
fetch-too-large = { $file } is niet opgehaald: het is groter dan { $limit } bytes.
fetch-empty = { $file } is niet opgehaald: het antwoord was leeg.
fetch-checksum = { $file } is niet bewaard: de controlesom klopt niet (verwacht { $expected }, gevonden { $found }).
