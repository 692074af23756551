"""What must always be true of goods, one query each."""

from showroom_app.ledger.checks import Check

# A piece is on its showroom's shelf, with its crafter, or with its showroom's buyers.
_ITS_PLACE = (
    "({account}.kind IN ('shelf', 'damaged', 'buyers') AND {account}.owner_id = i.showroom_id"
    " OR {account}.kind = 'crafter' AND {account}.owner_id = i.crafter_id)"
)
# Goods by place, their crafter's own left out: (unit, account_id, amount), a row for each movement.
_MOVED = (
    "(SELECT p.unit, p.debit_id AS account_id, p.amount FROM posting p WHERE p.unit > 0"
    " UNION ALL SELECT p.unit, p.credit_id, -p.amount FROM posting p WHERE p.unit > 0) x"
    " JOIN account a ON a.id = x.account_id AND a.kind <> 'crafter'"
)

STOCK_CHECKS = [
    Check(
        "goods move between their crafter, their shelf and their buyers only",
        "SELECT p.entry_id AS entry, p.line, p.unit FROM posting p LEFT JOIN item i ON i.id = p.unit"
        " LEFT JOIN account d ON d.id = p.debit_id LEFT JOIN account c ON c.id = p.credit_id"
        f" WHERE p.unit > 0 AND (i.id IS NULL OR NOT {_ITS_PLACE.format(account='d')} OR NOT {_ITS_PLACE.format(account='c')})",
    ),
    Check(
        "a labelled single piece is in exactly one place, a lot never in more places than pieces",
        f"SELECT x.unit, x.account_id AS account, sum(x.amount) AS pieces FROM {_MOVED}"
        " GROUP BY x.unit, x.account_id HAVING sum(x.amount) < 0"
        f" UNION ALL SELECT i.id, 0, y.pieces FROM item i JOIN (SELECT x.unit, sum(x.amount) AS pieces FROM {_MOVED}"
        " GROUP BY x.unit) y ON y.unit = i.id WHERE y.pieces > i.quantity",
    ),
    Check(
        "every item came in with exactly its quantity",
        "SELECT i.code, i.quantity, x.pieces FROM item i LEFT JOIN ("
        " SELECT p.unit, sum(p.amount) AS pieces FROM entry e JOIN posting p ON p.entry_id = e.id AND p.unit > 0"
        " WHERE e.kind = 'intake' GROUP BY p.unit) x ON x.unit = i.id"
        " WHERE coalesce(x.pieces, 0) <> i.quantity",
    ),
    Check(
        "every item is as its note says: crafter, showroom, price and terms",
        "SELECT i.code FROM item i JOIN consignment_line l ON l.id = i.line_id JOIN consignment c ON c.id = l.consignment_id"
        " WHERE i.crafter_id <> c.crafter_id OR i.showroom_id <> c.showroom_id OR i.product_id <> l.product_id"
        " OR i.price <> l.price OR i.terms_kind <> l.terms_kind OR i.commission_bps <> l.commission_bps OR i.net_price <> l.net_price"
        " OR coalesce(i.lowest_price, 0) <> coalesce(l.lowest_price, 0)",
    ),
    Check(
        "every note's lines have their labels, and add up to the note",
        "SELECT l.consignment_id AS note, l.position FROM consignment_line l LEFT JOIN item i ON i.line_id = l.id"
        " GROUP BY l.id, l.consignment_id, l.position, l.quantity HAVING coalesce(sum(i.quantity), 0) <> l.quantity"
        " UNION ALL SELECT c.id, -1 FROM consignment c LEFT JOIN consignment_line l ON l.consignment_id = c.id"
        " WHERE c.status = 'received' GROUP BY c.id, c.pieces, c.value"
        " HAVING coalesce(sum(l.quantity), 0) <> c.pieces OR coalesce(sum(l.quantity * l.price), 0) <> c.value",
    ),
    Check(
        "every received note has its entry, of its own desk and time",
        "SELECT c.id AS note FROM consignment c LEFT JOIN entry e ON e.id = c.entry_id LEFT JOIN desk d ON d.id = c.desk_id"
        " WHERE c.status = 'received' AND (e.id IS NULL OR e.kind <> 'intake' OR e.desk_id <> c.desk_id OR c.received_at IS NULL OR e.at <> c.received_at OR coalesce(e.actor_id, 0) <> c.user_id"
        " OR d.showroom_id <> c.showroom_id)"
        " UNION ALL SELECT -e.id FROM entry e"
        " WHERE e.kind = 'intake' AND NOT EXISTS (SELECT 1 FROM consignment c WHERE c.entry_id = e.id)",
    ),
]
