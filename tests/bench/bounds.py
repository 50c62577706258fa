"""What bounds the goals that do not hold: written by hand, by whoever looked."""

from typing import Final

BOUNDS: Final[dict[int, str]] = {
    1: "vdirsyncer reads a time and a size for each file and compares them with one row; we read"
    " every record of both sides over HTTP, decode it and find it by a join. With 10,000 records"
    " half of ours or more is start-up, which more records share.",
    2: "dlt normalises a row and appends it. A first sync decides 12 fields by their rules, writes"
    " down what it is about to send, what the answer showed and who set it, for two sides. Three"
    " quarters of its instructions are the interpreter's, an eighth SQLite's. dlt's start-up is"
    " nearly half of its time with 10,000 records, so that with more of them the ratio is worse.",
    3: "the requests are the same, and fewer than a twelfth of what a request costs is ours; what is"
    " above is deciding and remembering each record, as in goal 2.",
    4: "loading what a run needs: 300 modules of ours, the database's library (a fifth), HTTP and"
    " the checks of settings; nothing of it is work.",
    5: "half of it are two requests and one commit (that it ran, and how it ended); the rest are up to"
    " four statements, a lock that holds other processes off, and the order of the stages.",
    6: "vdirsyncer reads each file's time whatever changed, so its price a changed record falls"
    " with fewer records; ours is start-up, shared by the records that changed. With batch push the"
    " target is less than the start of a process that does nothing, of ours and of dlt alike.",
    7: "structures that are held for a whole cycle.",
    10: "below 5,000 records all is held, which is most of the growth from the smallest number;"
    " beyond, what is pulled, decided and planned waits on disk, and what stays is ids of what was"
    " told, a place for each new record, what finds it again, and intents: about 1 KB a record.",
    11: "of each record its agreed values with who set them, of each link what it showed otherwise,"
    " and what finds them again. With few records, pages of tables that hold hardly anything.",
    8: "a read that is answered 503 is asked once more. A write may have happened all the same, so"
    " it is looked up and then sent again: with 2 % of answers 503 reads cost 1.02 of the floor"
    " and writes 1.04, if the vendor is never written to blindly.",
    9: "a request holds its place until a whole window after its answer, for nobody knows when it"
    " arrived: of a window W with answers after L no more than W / (W + L) can be used without"
    " the risk of a refusal. In scaled time the machine's own delays weigh as much more.",
    12: "the CPU of a request with its hundred records, of which the page's JSON is the larger"
    " part; and what other work on the machine takes from the core.",
}
"""By the number of the goal. Shown only where it does not hold."""
