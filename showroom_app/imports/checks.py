"""What must always be true of imports, one query each."""

from showroom_app.ledger.checks import Check

IMPORT_CHECKS = [
    Check(
        "each accepted file made what it says: notes with their pieces and value, or crafters, at its time and for its showroom",
        # Notes are found by the request of their entry, crafters by the moment at which they were added.
        "SELECT f.id AS file FROM import_file f LEFT JOIN request r ON r.id = f.request_id LEFT JOIN ("
        " SELECT e.request_id, count(*) AS notes, sum(c.pieces) AS pieces, sum(c.value) AS value, min(c.showroom_id) AS first,"
        " max(c.showroom_id) AS last, min(c.received_at) AS early, max(c.received_at) AS late FROM consignment c"
        " JOIN entry e ON e.id = c.entry_id GROUP BY e.request_id) n ON n.request_id = f.request_id"
        " WHERE f.accepted_at IS NOT NULL AND (r.id IS NULL OR f.made + f.skipped = 0"
        " OR (f.kind = 'goods' AND (n.request_id IS NULL OR n.notes <> f.made OR n.pieces <> f.pieces OR n.value <> f.value"
        " OR n.first <> f.showroom_id OR n.last <> f.showroom_id OR n.early <> f.accepted_at OR n.late <> f.accepted_at))"
        " OR (f.kind = 'crafters' AND f.made <> (SELECT count(*) FROM crafter k"
        " WHERE k.showroom_id = f.showroom_id AND k.created_at = f.accepted_at)))"
        " UNION ALL SELECT f.id FROM import_file f WHERE f.accepted_at IS NULL AND f.made + f.skipped + f.pieces + f.value <> 0",
    ),
]
