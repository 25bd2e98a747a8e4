# Fetching public files.
fetch-present = { $file } is there already and is used as it is.
fetch-present-differs = { $file } is there already but is not the file that was declared (expected { $expected }, found { $found }). Remove it to fetch it again, or change sha256.
fetch-fetched = { $file } was fetched ({ $bytes } bytes, SHA-256 { $sha256 }).
fetch-bad-name = { $file } is no plain file name. Give a name only, without a folder.
fetch-bad-address = The address of { $file } cannot be read: { $address }.
fetch-host-not-allowed = { $file } was not fetched: nothing may be fetched from { $host }. Get the file yourself and put it in deliveries.
fetch-not-secure = { $file } was not fetched: { $address } is no secure address. Use https.
fetch-bad-redirect = { $file } was not fetched: the server redirects without a usable address.
fetch-too-many-redirects = { $file } was not fetched: the server keeps redirecting.
fetch-no-answer = { $file } was not fetched: there was no answer ({ $reason }). Try again later; what is there is kept.
fetch-cut-off = { $file } was not fetched whole: the connection kept breaking. Start kubus fetch again; it goes on where it stopped.
fetch-status = { $file } was not fetched: the server answered { $status }. See whether the address is still right.
fetch-web-page = { $file } was not fetched: the server sent a web page instead of a file. See whether the address is still right.
fetch-other-format = { $file } was not fetched: the answer has another format than the file name says. Change the name and the format in the source.
fetch-too-large = { $file } was not fetched: it is larger than { $limit } bytes.
fetch-empty = { $file } was not fetched: the answer was empty.
fetch-checksum = { $file } was not kept: the checksum is wrong (expected { $expected }, found { $found }).
