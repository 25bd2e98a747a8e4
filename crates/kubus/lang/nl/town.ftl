# De demostad: kubus town.
town-ground = De grond van de stad wordt getekend: wijken, buurten, straten en adressen.
town-people = De inwoners worden verzonnen.
town-deliveries = De leveringen worden geschreven.
town-done = De demostad is klaar.
town-out-of-range = { $what ->
    [residents] Het aantal inwoners is { $given }. Kies een aantal van { $low } tot en met { $high }.
   *[other] Het aantal maanden is { $given }. Kies een aantal van { $low } tot en met { $high }.
}
town-foreign-files = In { $path } staan { $count } bestanden die niet van de demostad zijn, bijvoorbeeld { $file }. Er is niets geschreven. Kies een andere map, of gebruik --force: dan blijven die bestanden staan.
town-file-failed = Het lukte niet om dit te doen: { $action } van { $path }. Het systeem zegt: { $reason }. Kijk of de schijf vol is en of u rechten hebt.
town-format-failed = Het bestand { $path } kon niet worden gemaakt: { $reason }. Dit is een fout in het programma.
