# The demo town: kubus town.
town-ground = Drawing the ground of the town: districts, neighbourhoods, streets and addresses.
town-people = Inventing the residents.
town-deliveries = Writing the deliveries.
town-done = The demo town is ready.
town-out-of-range = { $what ->
    [residents] The number of residents is { $given }. Choose a number from { $low } to { $high }.
   *[other] The number of months is { $given }. Choose a number from { $low } to { $high }.
}
town-foreign-files = { $path } holds { $count } files that do not belong to the demo town, such as { $file }. Nothing was written. Choose another folder, or use --force: those files then stay.
town-file-failed = Could not { $action } { $path }. The system says: { $reason }. Check whether the disk is full and whether you have permission.
town-format-failed = The file { $path } could not be made: { $reason }. This is a fault in the program.
