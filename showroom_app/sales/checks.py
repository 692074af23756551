"""What must always be true of sales and their money, one query each."""

from showroom_app.ledger.checks import Check

# Numbers given at a desk: (desk, name, entry, number). An entry's id grows with time at its own desk.
_NUMBERED = (
    "(SELECT desk_id AS desk, 'sale' AS name, entry_id AS entry, number FROM sale"
    " UNION ALL SELECT desk_id, 'consignment', entry_id, number FROM consignment WHERE number IS NOT NULL)"
)

SALES_CHECKS = [
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
        "each sale says of the showroom's share what the book says",
        "SELECT x.sale, sum(x.told) AS told, sum(x.posted) AS posted FROM ("
        " SELECT l.sale_id AS sale, l.showroom_share AS told, 0 AS posted FROM sale_line l"
        " UNION ALL SELECT s.id, 0, CASE WHEN p.credit_id = a.id THEN p.amount ELSE -p.amount END"
        " FROM sale s JOIN account a ON a.kind = 'commission' AND a.owner_id = s.showroom_id"
        " JOIN posting p ON p.entry_id = s.entry_id AND p.unit = 0 AND (p.credit_id = a.id OR p.debit_id = a.id)) x"
        " GROUP BY x.sale HAVING sum(x.told) <> sum(x.posted)",
    ),
    Check(
        "each sale's money lies where its payments say, in its own shift",
        "SELECT x.sale, x.kind, sum(x.told) AS told, sum(x.posted) AS posted FROM ("
        " SELECT y.sale_id AS sale, CASE y.tender WHEN 'cash' THEN 'drawer' ELSE y.tender END AS kind, y.amount AS told,"
        " 0 AS posted FROM payment y"
        " UNION ALL SELECT s.id, a.kind, 0, p.amount FROM sale s JOIN posting p ON p.entry_id = s.entry_id AND p.unit = 0"
        " JOIN account a ON a.id = p.debit_id AND a.kind IN ('drawer', 'qris', 'transfer') AND a.owner_id = s.shift_id) x"
        " GROUP BY x.sale, x.kind HAVING sum(x.told) <> sum(x.posted)",
    ),
    Check(
        "each sale took from the shelf just what its lines say",
        "SELECT x.sale, x.item FROM ("
        " SELECT l.sale_id AS sale, l.item_id AS item, l.quantity AS pieces FROM sale_line l"
        " UNION ALL SELECT s.id, p.unit, -p.amount FROM sale s JOIN posting p ON p.entry_id = s.entry_id AND p.unit > 0) x"
        " GROUP BY x.sale, x.item HAVING sum(x.pieces) <> 0",
    ),
    Check(
        "each sale has the time, desk and attendant of its entry, and the desk of its shift",
        "SELECT s.id AS sale FROM sale s LEFT JOIN entry e ON e.id = s.entry_id LEFT JOIN shift t ON t.id = s.shift_id"
        " LEFT JOIN desk d ON d.id = s.desk_id"
        " WHERE e.id IS NULL OR t.id IS NULL OR d.id IS NULL OR e.kind <> 'sale' OR e.at <> s.at OR e.desk_id <> s.desk_id"
        " OR e.actor_id <> s.user_id OR t.desk_id <> s.desk_id OR t.showroom_id <> s.showroom_id"
        " OR d.showroom_id <> s.showroom_id"
        " UNION SELECT l.sale_id FROM sale_line l JOIN sale s ON s.id = l.sale_id WHERE l.at <> s.at",
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
        "a shift's float, and what was expected and counted at its close, are what the book says",
        "SELECT s.id AS shift FROM shift s JOIN account a ON a.kind = 'drawer' AND a.owner_id = s.id"
        " JOIN account o ON o.kind = 'office' AND o.owner_id = s.showroom_id"
        " WHERE s.float_rupiah <> (SELECT coalesce(sum(p.amount), 0) FROM posting p"
        " WHERE p.debit_id = a.id AND p.credit_id = o.id)"
        " OR s.closed_at IS NOT NULL AND (s.counted_rupiah <> (SELECT coalesce(sum(p.amount), 0) FROM posting p"
        " WHERE p.credit_id = a.id AND p.debit_id = o.id)"
        " OR s.expected_rupiah <> s.float_rupiah + (SELECT coalesce(sum(y.amount), 0) FROM payment y"
        " JOIN sale t ON t.id = y.sale_id WHERE t.shift_id = s.id AND y.tender = 'cash'))",
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
        "receipt and note numbers run 1 to N at every desk, without gaps, in the order of the book",
        f"SELECT x.desk, x.name, x.last FROM (SELECT desk, name, count(*) AS many, max(number) AS last FROM {_NUMBERED} f"
        " GROUP BY desk, name) x LEFT JOIN series n ON n.desk_id = x.desk AND n.name = x.name"
        " WHERE x.many <> x.last OR coalesce(n.last, 0) <> x.last"
        " UNION ALL SELECT n.desk_id, n.name, n.last FROM series n WHERE n.last > 0 AND NOT EXISTS"
        f" (SELECT 1 FROM {_NUMBERED} f WHERE f.desk = n.desk_id AND f.name = n.name)"
        " UNION ALL SELECT s.desk_id, 'sale', s.number FROM sale s"
        " JOIN sale t ON t.desk_id = s.desk_id AND t.number = s.number + 1 WHERE t.entry_id < s.entry_id",
    ),
    Check(
        "one sale per request and per basket, and a basket is sold when it has one",
        "SELECT e.request_id FROM sale s JOIN entry e ON e.id = s.entry_id GROUP BY e.request_id HAVING count(*) > 1"
        " UNION ALL SELECT CAST(b.id AS TEXT) FROM basket b LEFT JOIN sale s ON s.basket_id = b.id"
        " WHERE (b.status = 'sold') <> (s.id IS NOT NULL)",
    ),
    Check(
        "no orphans: every sale entry has its sale; showrooms, crafters and shifts have their accounts",
        "SELECT e.id AS id, e.kind FROM entry e WHERE e.kind = 'sale'"
        " AND NOT EXISTS (SELECT 1 FROM sale s WHERE s.entry_id = e.id)"
        " UNION ALL SELECT c.id, 'crafter' FROM crafter c"
        " WHERE NOT EXISTS (SELECT 1 FROM account a WHERE a.kind = 'crafter' AND a.owner_id = c.id)"
        " UNION ALL SELECT r.id, 'showroom' FROM showroom r WHERE 5 <> (SELECT count(*) FROM account a"
        " WHERE a.kind IN ('shelf', 'buyers', 'commission', 'office', 'cash_difference') AND a.owner_id = r.id)"
        " UNION ALL SELECT s.id, 'shift' FROM shift s WHERE 3 <> (SELECT count(*) FROM account a"
        " WHERE a.kind IN ('drawer', 'qris', 'transfer') AND a.owner_id = s.id)",
    ),
]
