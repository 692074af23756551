"""What must always be true of goods, one query each."""

from showroom_app.ledger.checks import Check
from showroom_app.stock.write_off import PAID_FOR

# A piece is on its showroom's shelf, on the way, damaged or lost there, at a venue of it, with its crafter, or with its
# showroom's buyers.
_ITS_PLACE = (
    "({account}.kind IN ('shelf', 'transit', 'damaged', 'lost', 'buyers') AND {account}.owner_id = i.showroom_id"
    " OR {account}.kind = 'venue' AND i.showroom_id = (SELECT u.showroom_id FROM venue u WHERE u.id = {account}.owner_id)"
    " OR {account}.kind = 'crafter' AND {account}.owner_id = i.crafter_id)"
)
# Goods by place, their crafter's own left out: (unit, account_id, amount), a row for each movement.
_MOVED = (
    "(SELECT p.unit, p.debit_id AS account_id, p.amount FROM posting p WHERE p.unit > 0"
    " UNION ALL SELECT p.unit, p.credit_id, -p.amount FROM posting p WHERE p.unit > 0) x"
    " JOIN account a ON a.id = x.account_id AND a.kind <> 'crafter'"
)


def _told(table: str, before: str = "") -> str:
    """Price and terms as one text, to be compared whole; `before` is the prefix of what they were before a change."""
    of = f"{table}.{before}"
    return (
        f"{of}price || ' ' || {of}terms_kind || ' ' || {of}commission_bps || ' ' || {of}net_price || ' '"
        f" || coalesce({of}lowest_price, 0)"
    )


STOCK_CHECKS = [
    Check(
        "goods move between their crafter, their shelf, their showroom's venues and their buyers only",
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
        "every item is as its note says, or as was agreed since: crafter, showroom, price and terms",
        "SELECT i.code FROM item i JOIN consignment_line l ON l.id = i.line_id JOIN consignment c ON c.id = l.consignment_id"
        " WHERE i.crafter_id <> c.crafter_id OR i.showroom_id <> c.showroom_id OR i.product_id <> l.product_id"
        " UNION ALL SELECT i.code FROM (SELECT i.id, i.code, "
        + _told("i")
        + " AS told, coalesce((SELECT "
        + _told("c")
        + " FROM item_change c WHERE c.item_id = i.id ORDER BY c.id DESC LIMIT 1), "
        + _told("l")
        + ") AS agreed"
        " FROM item i JOIN consignment_line l ON l.id = i.line_id) i WHERE i.told <> i.agreed",
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
    Check(
        "each change of price or terms begins where the one before ended",
        "SELECT x.id AS change FROM (SELECT c.id, "
        + _told("c", "old_")
        + " AS old, coalesce(lag("
        + _told("c")
        + ") OVER (PARTITION BY c.item_id ORDER BY c.id), "
        + _told("l")
        + ") AS earlier FROM item_change c"
        " JOIN item i ON i.id = c.item_id JOIN consignment_line l ON l.id = i.line_id) x WHERE x.old <> x.earlier"
        " UNION ALL SELECT -c.id FROM item_change c WHERE NOT EXISTS (SELECT 1 FROM item i WHERE i.id = c.item_id)",
    ),
    Check(
        "each hand-back gave its crafter just the pieces that its lines say",
        "SELECT h.id AS hand_back FROM hand_back h LEFT JOIN entry e ON e.id = h.entry_id LEFT JOIN desk k ON k.id = h.desk_id"
        " WHERE e.id IS NULL OR k.id IS NULL OR e.kind <> 'hand_back' OR e.at <> h.at OR e.desk_id <> h.desk_id"
        " OR coalesce(e.actor_id, 0) <> coalesce(h.user_id, 0) OR k.showroom_id <> h.showroom_id"
        " OR h.pieces <> (SELECT coalesce(sum(l.quantity), 0) FROM hand_back_line l WHERE l.hand_back_id = h.id)"
        " UNION SELECT x.hand_back FROM (SELECT l.hand_back_id AS hand_back, l.item_id AS item, l.place, h.crafter_id AS crafter,"
        " l.quantity AS pieces FROM hand_back_line l JOIN hand_back h ON h.id = l.hand_back_id"
        " UNION ALL SELECT h.id, p.unit, c.kind, d.owner_id, -p.amount FROM hand_back h JOIN posting p ON p.entry_id = h.entry_id"
        " JOIN account d ON d.id = p.debit_id AND d.kind = 'crafter' JOIN account c ON c.id = p.credit_id) x"
        " GROUP BY x.hand_back, x.item, x.place, x.crafter HAVING sum(x.pieces) <> 0"
        " UNION SELECT -e.id FROM entry e WHERE e.kind = 'hand_back'"
        " AND NOT EXISTS (SELECT 1 FROM hand_back h WHERE h.entry_id = e.id)",
    ),
    Check(
        "each damage, loss, mending or find is what the book says: piece, place, crafter's money, time, desk and who",
        "SELECT w.id AS write_off FROM write_off w LEFT JOIN entry e ON e.id = w.entry_id LEFT JOIN item i ON i.id = w.item_id"
        " LEFT JOIN desk k ON k.id = w.desk_id LEFT JOIN write_off f ON f.id = w.undoes_id"
        " WHERE e.id IS NULL OR i.id IS NULL OR k.id IS NULL OR e.kind <> w.kind OR e.at <> w.at OR e.desk_id <> w.desk_id"
        " OR coalesce(e.actor_id, 0) <> w.user_id OR i.crafter_id <> w.crafter_id OR i.showroom_id <> w.showroom_id"
        " OR k.showroom_id <> w.showroom_id OR coalesce(e.reverses_id, 0) <> coalesce(f.entry_id, 0)"
        " OR (w.undoes_id IS NOT NULL AND (f.id IS NULL OR f.item_id <> w.item_id OR w.compensation > 0"
        " OR w.kind <> CASE f.kind WHEN 'damaged' THEN 'mended' WHEN 'lost' THEN 'found' ELSE '' END))"
        " OR (w.undoes_id IS NULL AND w.compensation < 0)"
        " UNION SELECT x.id FROM (SELECT w.id, w.item_id AS unit, CASE WHEN w.undoes_id IS NULL THEN w.kind"
        " WHEN h.kind IN ('venue', 'transit') THEN 'shelf' ELSE h.kind END AS place,"
        " w.quantity AS amount FROM write_off w LEFT JOIN write_off f ON f.id = w.undoes_id"
        " LEFT JOIN posting q ON q.entry_id = f.entry_id AND q.unit = f.item_id LEFT JOIN account h ON h.id = q.credit_id UNION ALL SELECT w.id, p.unit, d.kind, -p.amount FROM write_off w"
        " JOIN posting p ON p.entry_id = w.entry_id AND p.unit > 0 JOIN account d ON d.id = p.debit_id"
        " UNION ALL SELECT w.id, -w.crafter_id, 'crafter', w.compensation FROM write_off w WHERE NOT w.joint"
        " UNION ALL SELECT h.write_off_id, -h.crafter_id, 'crafter', h.amount FROM write_off_share h"
        " UNION ALL SELECT w.id, -a.owner_id, 'crafter', CASE WHEN p.credit_id = a.id THEN -p.amount ELSE p.amount END"
        " FROM write_off w JOIN posting p ON p.entry_id = w.entry_id AND p.unit = 0 JOIN account a ON a.kind = 'crafter'"
        " AND a.id IN (p.debit_id, p.credit_id)"
        " UNION ALL SELECT w.id, 0, 'book', p.amount FROM write_off w JOIN posting p ON p.entry_id = w.entry_id AND p.unit = 0"
        " UNION ALL SELECT w.id, 0, 'book', -abs(w.compensation) FROM write_off w) x"
        " GROUP BY x.id, x.unit, x.place HAVING sum(x.amount) <> 0"
        " UNION SELECT -e.id FROM entry e WHERE e.kind IN ('damaged', 'lost', 'mended', 'found')"
        " AND NOT EXISTS (SELECT 1 FROM write_off w WHERE w.entry_id = e.id)",
    ),
    Check(
        "makers of joint work are of its showroom, begin with who brought it, and have all of it together",
        "SELECT m.line_id AS line FROM maker m JOIN consignment_line l ON l.id = m.line_id JOIN consignment c ON c.id = l.consignment_id"
        " JOIN crafter w ON w.id = m.crafter_id WHERE w.showroom_id <> c.showroom_id OR m.position = 0 AND m.crafter_id <> c.crafter_id"
        " UNION SELECT line_id FROM maker GROUP BY line_id HAVING sum(share_bps) <> 10000 OR min(position) <> 0 OR count(*) < 2"
        " OR max(position) <> count(*) - 1"
        " UNION SELECT -i.id FROM item i WHERE i.joint <> EXISTS (SELECT 1 FROM maker m WHERE m.line_id = i.line_id)"
        " UNION SELECT -w.id FROM write_off w JOIN item i ON i.id = w.item_id LEFT JOIN (SELECT write_off_id, sum(amount) AS amount"
        " FROM write_off_share GROUP BY write_off_id) h ON h.write_off_id = w.id WHERE w.joint <> i.joint"
        " OR w.joint AND coalesce(h.amount, -1) <> w.compensation AND (w.compensation <> 0 OR h.amount IS NOT NULL)"
        " OR NOT w.joint AND h.write_off_id IS NOT NULL",
    ),
    Check(
        "no more was mended or found than was damaged or lost, nor taken back than was paid for it",
        "SELECT f.id AS write_off FROM write_off f JOIN (SELECT undoes_id, sum(quantity) AS pieces, sum(compensation) AS back"
        " FROM write_off WHERE undoes_id IS NOT NULL GROUP BY undoes_id) u ON u.undoes_id = f.id"
        " WHERE u.pieces > f.quantity OR -u.back > f.compensation OR (u.pieces = f.quantity AND -u.back <> f.compensation)",
    ),
    Check(
        "no more damaged pieces are paid for than lie there; what was paid for and lost had lain there",
        "SELECT i.code FROM item i LEFT JOIN account a ON a.kind = 'damaged' AND a.owner_id = i.showroom_id"
        " LEFT JOIN balance b ON b.account_id = a.id AND b.unit = i.id"
        " WHERE i.id IN (SELECT item_id FROM write_off UNION SELECT item_id FROM refund_line WHERE place = 'damaged')"
        f" AND NOT {PAID_FOR.format(item='i.id')} BETWEEN 0 AND coalesce(b.amount, 0)"
        " UNION ALL SELECT cast(w.id AS text) FROM write_off w WHERE w.owned <> 0 AND (abs(w.owned) > w.quantity"
        " OR w.kind NOT IN ('lost', 'mended') OR w.kind = 'lost' AND w.owned < 0 OR w.kind = 'lost' AND NOT EXISTS (SELECT 1 FROM posting p JOIN account a ON a.id = p.credit_id"
        " WHERE p.entry_id = w.entry_id AND p.unit = w.item_id AND a.kind = 'damaged'))",
    ),
    Check(
        "each item's agreed end is what its crafter extended it to last, or its note's; who wrote it down is of its showroom",
        "SELECT i.code FROM item i JOIN consignment_line l ON l.id = i.line_id JOIN consignment c ON c.id = l.consignment_id"
        " WHERE i.agreed_until <> coalesce((SELECT a.until FROM ageing_answer a WHERE a.item_id = i.id AND a.answer = 'extend'"
        " ORDER BY a.id DESC LIMIT 1), c.agreed_until)"
        " UNION ALL SELECT cast(a.id AS text) FROM ageing_answer a LEFT JOIN item i ON i.id = a.item_id"
        ' LEFT JOIN "user" u ON u.id = a.user_id WHERE i.id IS NULL OR u.id IS NULL OR u.showroom_id <> i.showroom_id'
        " OR (a.answer = 'extend' AND a.until = '')",
    ),
    Check(
        "each product shows the first of its photos, and none where it has none or was merged into another",
        "SELECT d.id AS product FROM product d WHERE d.photo <> CASE WHEN d.merged_into_id IS NOT NULL THEN ''"
        " ELSE coalesce((SELECT f.name FROM photo f WHERE f.product_id = d.id ORDER BY f.position, f.id LIMIT 1), '') END"
        " UNION ALL SELECT -f.id FROM photo f WHERE NOT EXISTS (SELECT 1 FROM product d WHERE d.id = f.product_id)",
    ),
    Check(
        "what was merged away holds no items and no lines of notes, and became part of one that stays, of the same crafter",
        "SELECT g.id AS product FROM product g LEFT JOIN product s ON s.id = g.merged_into_id WHERE g.merged_into_id IS NOT NULL"
        " AND (s.id IS NULL OR s.merged_into_id IS NOT NULL OR s.crafter_id <> g.crafter_id OR s.showroom_id <> g.showroom_id)"
        " UNION SELECT g.id FROM product g JOIN item i ON i.product_id = g.id WHERE g.merged_into_id IS NOT NULL"
        " UNION SELECT g.id FROM product g JOIN consignment_line l ON l.product_id = g.id WHERE g.merged_into_id IS NOT NULL",
    ),
]
