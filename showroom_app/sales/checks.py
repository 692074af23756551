"""What must always be true of goods and sales, one query each."""

from showroom_app.ledger.checks import Check

SALES_CHECKS = [
    Check(
        "a labelled single piece is in exactly one place",
        "SELECT i.code, coalesce(sum(x.amount), 0) AS places FROM item i LEFT JOIN ("
        " SELECT p.unit, p.amount FROM posting p JOIN account a ON a.id = p.debit_id WHERE p.unit > 0 AND a.kind <> 'crafter'"
        " UNION ALL"
        " SELECT p.unit, -p.amount FROM posting p JOIN account a ON a.id = p.credit_id WHERE p.unit > 0 AND a.kind <> 'crafter'"
        ") x ON x.unit = i.id"
        " GROUP BY i.id, i.code, i.quantity HAVING coalesce(sum(x.amount), 0) < 0 OR coalesce(sum(x.amount), 0) > i.quantity",
    ),
    Check(
        "every item came in with exactly its quantity",
        "SELECT i.code, i.quantity FROM item i LEFT JOIN posting p ON p.unit = i.id"
        " LEFT JOIN entry e ON e.id = p.entry_id AND e.kind = 'intake'"
        " GROUP BY i.id, i.code, i.quantity"
        " HAVING coalesce(sum(CASE WHEN e.id IS NOT NULL THEN p.amount END), 0) <> i.quantity",
    ),
    Check(
        "each sale: lines add up to the total, payments less change too",
        "SELECT s.id AS sale FROM sale s"
        " WHERE s.total <> (SELECT coalesce(sum(net), 0) FROM sale_line l WHERE l.sale_id = s.id)"
        " OR s.pieces <> (SELECT coalesce(sum(quantity), 0) FROM sale_line l WHERE l.sale_id = s.id)"
        " OR s.total + s.rounding <> (SELECT coalesce(sum(amount), 0) FROM payment y WHERE y.sale_id = s.id)",
    ),
    Check(
        "each line: crafter share + showroom share = net price",
        "SELECT sale_id AS sale, position FROM sale_line"
        " WHERE crafter_share + showroom_share <> net OR net <> price * quantity - discount",
    ),
    Check(
        "each sale says of every crafter's money what the book says",
        "SELECT x.sale, x.crafter, sum(x.told) AS told, sum(x.posted) AS posted FROM ("
        " SELECT l.sale_id AS sale, l.crafter_id AS crafter, l.crafter_share AS told, 0 AS posted FROM sale_line l"
        " UNION ALL SELECT s.id, a.owner_id, 0, p.amount FROM sale s JOIN posting p ON p.entry_id = s.entry_id AND p.unit = 0"
        " JOIN account a ON a.id = p.credit_id AND a.kind = 'crafter') x"
        " GROUP BY x.sale, x.crafter HAVING sum(x.told) <> sum(x.posted)",
    ),
    Check(
        "each sale took from the shelf just what its lines say",
        "SELECT x.sale, x.item FROM ("
        " SELECT l.sale_id AS sale, l.item_id AS item, l.quantity AS pieces FROM sale_line l"
        " UNION ALL SELECT s.id, p.unit, -p.amount FROM sale s JOIN posting p ON p.entry_id = s.entry_id AND p.unit > 0) x"
        " GROUP BY x.sale, x.item HAVING sum(x.pieces) <> 0",
    ),
    Check(
        "an open drawer holds float + cash in − cash out; a closed one is empty",
        "SELECT s.id AS shift, b.amount, s.float_rupiah FROM shift s"
        " JOIN account a ON a.kind = 'drawer' AND a.owner_id = s.id"
        " LEFT JOIN balance b ON b.account_id = a.id AND b.unit = 0"
        " WHERE coalesce(b.amount, 0) <> CASE WHEN s.closed_at IS NOT NULL THEN 0 ELSE s.float_rupiah + ("
        " SELECT coalesce(sum(y.amount), 0) FROM payment y JOIN sale t ON t.id = y.sale_id"
        " WHERE t.shift_id = s.id AND y.tender = 'cash') END",
    ),
    Check(
        "a crafter is owed the shares of their sales",
        "SELECT c.id AS crafter, -coalesce(b.amount, 0) AS owed FROM crafter c"
        " JOIN account a ON a.kind = 'crafter' AND a.owner_id = c.id"
        " LEFT JOIN balance b ON b.account_id = a.id AND b.unit = 0"
        " WHERE -coalesce(b.amount, 0) <> (SELECT coalesce(sum(crafter_share), 0) FROM sale_line l WHERE l.crafter_id = c.id)",
    ),
    Check(
        "the buyers' account is even: what was taken was paid",
        "SELECT a.owner_id AS showroom, sum(x.amount) AS left_over FROM account a JOIN ("
        " SELECT debit_id AS account_id, amount FROM posting WHERE unit = 0"
        " UNION ALL SELECT credit_id, -amount FROM posting WHERE unit = 0) x ON x.account_id = a.id"
        " WHERE a.kind = 'buyers' GROUP BY a.owner_id HAVING sum(x.amount) <> 0",
    ),
    Check(
        "receipt and note numbers run 1 to N at every desk, without gaps",
        "SELECT n.desk_id AS desk, n.name, n.last FROM series n LEFT JOIN ("
        " SELECT desk_id, 'sale' AS name, number FROM sale"
        " UNION ALL SELECT desk_id, 'consignment', number FROM consignment WHERE number IS NOT NULL) x"
        " ON x.desk_id = n.desk_id AND x.name = n.name GROUP BY n.desk_id, n.name, n.last"
        " HAVING count(x.number) <> n.last OR coalesce(max(x.number), 0) <> n.last",
    ),
    Check(
        "one sale per request and per basket",
        "SELECT e.request_id FROM sale s JOIN entry e ON e.id = s.entry_id GROUP BY e.request_id HAVING count(*) > 1",
    ),
    Check(
        "no orphans: every sale entry has its sale, every intake its note, every crafter an account",
        "SELECT e.id AS entry, e.kind FROM entry e WHERE"
        " (e.kind = 'sale' AND NOT EXISTS (SELECT 1 FROM sale s WHERE s.entry_id = e.id))"
        " OR (e.kind = 'intake' AND NOT EXISTS (SELECT 1 FROM consignment c WHERE c.entry_id = e.id))"
        " UNION ALL SELECT c.id, 'crafter' FROM crafter c"
        " WHERE NOT EXISTS (SELECT 1 FROM account a WHERE a.kind = 'crafter' AND a.owner_id = c.id)",
    ),
]
