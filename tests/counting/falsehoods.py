"""What somebody might do to counts behind the program's back, by the line of `books check` that names it. Which count
is which, `tests/counting/test_counting_checks.py` says."""

COUNTING = {
    "each count is of its own showroom": {
        "begun by somebody next door": "UPDATE stocktake SET started_by = 6 WHERE id = 1",
        "closed by nobody": "UPDATE stocktake SET closed_by = NULL WHERE id = 1",
        "closed by somebody next door": "UPDATE stocktake SET closed_by = 6 WHERE id = 1",
        "closed without a time": "UPDATE stocktake SET closed_at = NULL WHERE id = 3",
        "of a crafter next door": "UPDATE stocktake SET crafter_id = 3 WHERE id = 3",
        "of a crafter who is not named": "UPDATE stocktake SET crafter_id = NULL WHERE id = 2",
        "of a category and of all": "UPDATE stocktake SET category = 'Kursi' WHERE id = 1",
        "two open at once": "DROP INDEX uq_stocktake_open;"
        "INSERT INTO stocktake SELECT 99, showroom_id, scope, category, crafter_id, status, started_at, started_by,"
        " after_entry_id, closed_at, closed_by, note, labels, expected, counted, missing, unexpected FROM stocktake"
        " WHERE id = 4",
    },
    "each scan has what the book said": {
        "a piece that was not there": "UPDATE stocktake_count SET on_shelf = 1, place = 'shelf' WHERE stocktake_id = 4"
        " AND place = 'sold'",
        "a piece that was there": "UPDATE stocktake_count SET on_shelf = 0, place = 'sold' WHERE stocktake_id = 4"
        " AND item_id = 1",
        "more of a lot by the book": "UPDATE stocktake_count SET on_shelf = 99 WHERE stocktake_id = 4 AND item_id = 6",
        "a single piece counted twice": "UPDATE stocktake_count SET pieces = 2 WHERE stocktake_id = 4 AND item_id = 1",
        "scanned by somebody next door": "UPDATE stocktake_count SET user_id = 6 WHERE stocktake_id = 4"
        " AND item_id = 1",
        "ours called the neighbours'": "UPDATE stocktake_count SET on_shelf = 0, place = 'elsewhere'"
        " WHERE stocktake_id = 4 AND item_id = 1",
        "a scan of no count": "UPDATE stocktake_count SET stocktake_id = 98 WHERE stocktake_id = 4 AND item_id = 1",
    },
    "each closed count's result says": {
        "a scan hidden": "DELETE FROM stocktake_count WHERE stocktake_id = 1 AND item_id = 1",
        "a stranger forgotten": "DELETE FROM stocktake_stranger WHERE stocktake_id = 1",
        "scanned by somebody else": "UPDATE stocktake_result SET counted_by = 3 WHERE stocktake_id = 1"
        " AND counted_by = 2 AND kind = 'counted'",
        "scanned at another time": "UPDATE stocktake_result SET counted_at = (SELECT min(at) FROM entry)"
        " WHERE stocktake_id = 1 AND kind = 'counted'",
        "where it was called otherwise": "UPDATE stocktake_result SET place = 'lost' WHERE stocktake_id = 1"
        " AND place = 'sold'",
    },
    "what nobody scanned stood": {
        "a missing piece that had been sold": "UPDATE stocktake_result SET entry_id = (SELECT max(entry_id)"
        " FROM posting WHERE unit = stocktake_result.item_id) WHERE stocktake_id = 1"
        " AND code = (SELECT code FROM item WHERE id = 3)",
        "what came later called missing": "UPDATE stocktake_result SET kind = 'missing', expected = 1, later = 0"
        " WHERE stocktake_id = 1 AND kind = 'later';"
        "UPDATE stocktake SET expected = expected + 1, missing = missing + 1 WHERE id = 1",
        "what was missing called later": "UPDATE stocktake_result SET kind = 'later', expected = 0, later = 1"
        " WHERE stocktake_id = 1 AND code = (SELECT code FROM item WHERE id = 3);"
        "UPDATE stocktake SET expected = expected - 1, missing = missing - 1 WHERE id = 1",
        "missing where nothing stood": "UPDATE stocktake_result SET place = 'sold' WHERE stocktake_id = 1"
        " AND code = (SELECT code FROM item WHERE id = 3)",
        "another crafter's, in a crafter's count": "UPDATE stocktake SET crafter_id = 2 WHERE id = 2",
    },
    "each result is called by": {
        "a missing piece called counted": "UPDATE stocktake_result SET kind = 'counted' WHERE stocktake_id = 1"
        " AND code = (SELECT code FROM item WHERE id = 3)",
        "a missing piece left out": "DELETE FROM stocktake_result WHERE stocktake_id = 1"
        " AND code = (SELECT code FROM item WHERE id = 3)",
        "fewer missing than there are": "UPDATE stocktake SET missing = missing - 1, counted = counted + 1"
        " WHERE id = 1",
        "one label more": "UPDATE stocktake SET labels = labels + 1 WHERE id = 1",
        "more expected": "UPDATE stocktake SET expected = expected + 1 WHERE id = 1",
        "nothing unexpected": "UPDATE stocktake SET unexpected = 0 WHERE id = 1",
        "the code of another piece": "UPDATE stocktake_result SET code = 'X' WHERE stocktake_id = 1"
        " AND code = (SELECT code FROM item WHERE id = 3)",
    },
    "each difference is decided once": {
        "decided without a reason": "UPDATE stocktake_result SET reason = '' WHERE write_off_id IS NOT NULL",
        "decided by nobody": "UPDATE stocktake_result SET settled_by = NULL WHERE write_off_id IS NULL"
        " AND reason <> ''",
        "decided by somebody next door": "UPDATE stocktake_result SET settled_by = 6 WHERE write_off_id IS NULL"
        " AND reason <> ''",
        "another reason than in the book": "UPDATE stocktake_result SET reason = 'dicuri'"
        " WHERE write_off_id IS NOT NULL",
        "the loss of another piece": "UPDATE stocktake_result SET write_off_id = 1 WHERE write_off_id IS NOT NULL"
        " AND item_id = 4",
        "posted without a decision": "UPDATE stocktake_result SET settled_at = NULL, settled_by = NULL, reason = ''"
        " WHERE write_off_id IS NOT NULL",
        "what was counted explained": "UPDATE stocktake_result SET reason = 'x', settled_by = 1,"
        " settled_at = (SELECT min(at) FROM entry) WHERE stocktake_id = 1 AND kind = 'counted'",
    },
}
