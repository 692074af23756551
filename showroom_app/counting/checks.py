"""What must always be true of counts: what was scanned, what they came to, and what became of the differences."""

from showroom_app.ledger.checks import Check

# What a row's item has on its shelf by the postings up to the entry that the row names.
_ON_SHELF_THEN = (
    "(SELECT coalesce(sum(CASE WHEN p.debit_id = a.id THEN p.amount ELSE -p.amount END), 0) FROM posting p"
    " WHERE p.unit = {row}.item_id AND p.unit > 0 AND p.entry_id <= {row}.entry_id AND a.id IN (p.debit_id, p.credit_id))"
)

COUNTING_CHECKS = [
    Check(
        "each count is of its own showroom, begun and ended by its people, with at most one open",
        'SELECT t.id AS stocktake FROM stocktake t LEFT JOIN "user" b ON b.id = t.started_by'
        ' LEFT JOIN "user" e ON e.id = t.closed_by LEFT JOIN crafter c ON c.id = t.crafter_id'
        " WHERE b.id IS NULL OR b.showroom_id <> t.showroom_id OR (t.status = 'open') <> (t.closed_by IS NULL)"
        " OR (t.status = 'open') <> (t.closed_at IS NULL) OR (t.closed_by IS NOT NULL AND (e.id IS NULL OR e.showroom_id <> t.showroom_id))"
        " OR (t.scope = 'crafter') <> (t.crafter_id IS NOT NULL) OR (t.crafter_id IS NOT NULL AND (c.id IS NULL OR c.showroom_id <> t.showroom_id))"
        " OR (t.scope = 'category') <> (t.category <> '')"
        " UNION ALL SELECT -showroom_id FROM stocktake WHERE status = 'open' GROUP BY showroom_id HAVING count(*) > 1",
    ),
    Check(
        "each scan has what the book said of its item at that moment, and a labelled single piece once",
        "SELECT k.stocktake_id AS stocktake, k.item_id AS item FROM stocktake_count k"
        " LEFT JOIN stocktake t ON t.id = k.stocktake_id LEFT JOIN item i ON i.id = k.item_id"
        " LEFT JOIN \"user\" u ON u.id = k.user_id LEFT JOIN account a ON a.kind = 'shelf' AND a.owner_id = i.showroom_id"
        " WHERE t.id IS NULL OR i.id IS NULL OR u.id IS NULL OR u.showroom_id <> t.showroom_id"
        " OR k.pieces < 0 OR (i.quantity = 1 AND k.pieces <> 1)"
        " OR (k.place = 'elsewhere') <> (i.showroom_id <> t.showroom_id) OR (k.place = 'shelf') <> (k.on_shelf > 0)"
        f" OR k.on_shelf <> CASE WHEN k.place = 'elsewhere' THEN 0 ELSE {_ON_SHELF_THEN.format(row='k')} END",
    ),
    Check(
        "each closed count's result says what was scanned, no more and no less, and an open one has none",
        "SELECT x.stocktake, max(x.code) FROM (SELECT k.stocktake_id AS stocktake, i.code, i.id AS item, k.on_shelf AS expected, k.pieces AS counted,"
        " k.place, k.user_id AS who, k.at, k.entry_id AS entry, 1 AS sign FROM stocktake_count k JOIN item i ON i.id = k.item_id"
        " JOIN stocktake t ON t.id = k.stocktake_id AND t.status = 'closed'"
        " UNION ALL SELECT s.stocktake_id, s.code, 0, 0, 1, 'unknown', s.user_id, s.at, 0, 1 FROM stocktake_stranger s"
        " JOIN stocktake t ON t.id = s.stocktake_id AND t.status = 'closed'"
        " UNION ALL SELECT r.stocktake_id, r.code, coalesce(r.item_id, 0), r.expected, r.counted, r.place, r.counted_by, r.counted_at,"
        " coalesce(r.entry_id, 0), -1 FROM stocktake_result r WHERE r.counted_by IS NOT NULL OR r.counted <> 0) x"
        " GROUP BY x.stocktake, x.item, CASE WHEN x.item = 0 THEN x.code ELSE '' END, x.expected, x.counted, x.place, x.who, x.at, x.entry HAVING sum(x.sign) <> 0"
        " UNION ALL SELECT r.stocktake_id, r.code FROM stocktake_result r LEFT JOIN stocktake t ON t.id = r.stocktake_id"
        " WHERE t.id IS NULL OR t.status <> 'closed'",
    ),
    Check(
        "what nobody scanned stood on the shelf by the book, and what came after the start is not called missing",
        "SELECT r.stocktake_id AS stocktake, r.code FROM stocktake_result r JOIN stocktake t ON t.id = r.stocktake_id"
        " LEFT JOIN item i ON i.id = r.item_id LEFT JOIN account a ON a.kind = 'shelf' AND a.owner_id = t.showroom_id"
        " WHERE r.counted_by IS NULL AND (i.id IS NULL OR i.showroom_id <> t.showroom_id OR r.place <> 'shelf'"
        " OR (t.crafter_id IS NOT NULL AND i.crafter_id <> t.crafter_id)"
        f" OR r.expected + r.later <> {_ON_SHELF_THEN.format(row='r')}"
        " OR r.expected <> CASE WHEN r.expected + r.later < (SELECT coalesce(sum(p.amount), 0) FROM posting p"
        " WHERE p.unit = r.item_id AND p.unit > 0 AND p.debit_id = a.id AND p.entry_id > t.after_entry_id AND p.entry_id <= r.entry_id)"
        " THEN 0 ELSE r.expected + r.later - (SELECT coalesce(sum(p.amount), 0) FROM posting p"
        " WHERE p.unit = r.item_id AND p.unit > 0 AND p.debit_id = a.id AND p.entry_id > t.after_entry_id AND p.entry_id <= r.entry_id) END)",
    ),
    Check(
        "each result is called by what was expected and counted, of its item, and adds up to its count",
        "SELECT r.stocktake_id AS stocktake, r.code FROM stocktake_result r LEFT JOIN item i ON i.id = r.item_id"
        " WHERE (r.item_id IS NULL) <> (r.place = 'unknown') OR (r.item_id IS NOT NULL AND (i.id IS NULL OR (i.code <> r.code AND NOT EXISTS (SELECT 1 FROM activity g"
        " WHERE g.kind = 'label-swap' AND g.subject = 'item:' || i.id))))"
        " OR r.kind <> CASE WHEN r.counted < r.expected THEN 'missing' WHEN r.counted > r.expected THEN 'unexpected'"
        " WHEN r.counted_by IS NULL THEN 'later' ELSE 'counted' END OR (r.later > 0 AND r.counted_by IS NOT NULL)"
        " UNION ALL SELECT t.id, 'sum' FROM stocktake t LEFT JOIN (SELECT r.stocktake_id, count(*) AS labels, sum(r.expected) AS expected,"
        " sum(CASE WHEN r.counted < r.expected THEN r.counted ELSE r.expected END) AS counted,"
        " sum(CASE WHEN r.counted < r.expected THEN r.expected - r.counted ELSE 0 END) AS missing,"
        " sum(CASE WHEN r.counted > r.expected THEN r.counted - r.expected ELSE 0 END) AS unexpected"
        " FROM stocktake_result r GROUP BY r.stocktake_id) x ON x.stocktake_id = t.id"
        " WHERE t.labels <> coalesce(x.labels, 0) OR t.expected <> coalesce(x.expected, 0) OR t.counted <> coalesce(x.counted, 0)"
        " OR t.missing <> coalesce(x.missing, 0) OR t.unexpected <> coalesce(x.unexpected, 0)",
    ),
    Check(
        "each difference is decided once, with a reason; what was posted is a loss of just what is missing",
        "SELECT r.stocktake_id AS stocktake, r.code FROM stocktake_result r LEFT JOIN write_off w ON w.id = r.write_off_id"
        ' LEFT JOIN stocktake t ON t.id = r.stocktake_id LEFT JOIN "user" u ON u.id = r.settled_by'
        " WHERE (r.settled_at IS NULL) <> (r.reason = '') OR (r.settled_at IS NULL) <> (r.settled_by IS NULL)"
        " OR (r.settled_at IS NOT NULL AND (r.kind NOT IN ('missing', 'unexpected') OR u.id IS NULL OR u.showroom_id <> t.showroom_id))"
        " OR (r.write_off_id IS NOT NULL AND (r.settled_at IS NULL OR w.id IS NULL OR w.kind <> 'lost' OR w.item_id <> r.item_id"
        " OR w.quantity <> r.expected - r.counted OR w.at <> r.settled_at OR w.user_id <> r.settled_by OR w.reason <> r.reason))"
        " UNION ALL SELECT min(r.stocktake_id), min(r.code) FROM stocktake_result r WHERE r.write_off_id IS NOT NULL"
        " GROUP BY r.write_off_id HAVING count(*) > 1",
    ),
]
