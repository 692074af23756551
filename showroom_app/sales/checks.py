"""What must always be true of sales and their money, one query each."""

from showroom_app.ledger.checks import Check

# Numbers given at a desk: (desk, name, entry, number). An entry's id grows with time at its own desk.
_NUMBERED = (
    "(SELECT desk_id AS desk, 'sale' AS name, entry_id AS entry, number FROM sale"
    " UNION ALL SELECT desk_id, 'consignment', entry_id, number FROM consignment WHERE number IS NOT NULL"
    " UNION ALL SELECT desk_id, 'refund', entry_id, number FROM refund"
    " UNION ALL SELECT desk_id, 'payout', entry_id, number FROM payout"
    " UNION ALL SELECT desk_id, 'advance', entry_id, number FROM advance"
    " UNION ALL SELECT desk_id, 'hand_back', entry_id, number FROM hand_back"
    " UNION ALL SELECT desk_id, 'transfer', entry_id, number FROM transfer"
    " UNION ALL SELECT desk_id, 'write_off', entry_id, number FROM write_off)"
)
# What came into and went out of a shift's drawer besides its float: sales, refunds, moves, payouts, advances.
_DRAWER = (
    "(SELECT shift, sum(amount) AS amount FROM ("
    "SELECT t.shift_id AS shift, y.amount AS amount FROM payment y JOIN sale t ON t.id = y.sale_id WHERE y.tender = 'cash'"
    " UNION ALL SELECT r.shift_id, -y.amount FROM refund_payment y JOIN refund r ON r.id = y.refund_id WHERE y.tender = 'cash'"
    " UNION ALL SELECT shift_id, CASE WHEN kind = 'change' THEN amount ELSE -amount END FROM cash_move"
    " UNION ALL SELECT shift_id, -amount FROM payout WHERE shift_id IS NOT NULL"
    " UNION ALL SELECT reversed_shift_id, amount FROM payout WHERE reversed_shift_id IS NOT NULL"
    " UNION ALL SELECT shift_id, -amount FROM advance WHERE shift_id IS NOT NULL"
    " UNION ALL SELECT reversed_shift_id, amount FROM advance WHERE reversed_shift_id IS NOT NULL) u GROUP BY shift)"
)
# What came from the office into a drawer when it was opened, or went there when it was closed.
_OFFICE = (
    "(SELECT a.owner_id AS shift, o.owner_id AS showroom, sum(p.amount) AS amount FROM entry e JOIN posting p ON p.entry_id = e.id"
    " JOIN account a ON a.id = p.{drawer}_id AND a.kind = 'drawer' JOIN account o ON o.id = p.{office}_id AND o.kind = 'office'"
    " WHERE e.kind = '{kind}' GROUP BY a.owner_id, o.owner_id)"
)
# Whose drawer an entry moved money of.
_DRAWER_OF = (
    "(SELECT {which}(a.owner_id) FROM posting p JOIN account a ON a.id IN (p.debit_id, p.credit_id) AND a.kind = 'drawer'"
    " WHERE p.entry_id = e.id)"
)

SALES_CHECKS = [
    Check(
        "each sale: lines and services add up to the total, payments less change too",
        "SELECT s.id AS sale FROM sale s"
        " WHERE s.total <> s.services + (SELECT coalesce(sum(net), 0) FROM sale_line l WHERE l.sale_id = s.id)"
        " OR s.services <> (SELECT coalesce(sum(amount), 0) FROM sale_service v WHERE v.sale_id = s.id)"
        " OR s.pieces <> (SELECT coalesce(sum(quantity), 0) FROM sale_line l WHERE l.sale_id = s.id)"
        " OR s.total + s.rounding <> (SELECT coalesce(sum(amount), 0) FROM payment y WHERE y.sale_id = s.id)",
    ),
    Check(
        "each line: crafter share + showroom share = net price",
        "SELECT sale_id AS sale, position FROM sale_line"
        " WHERE crafter_share + showroom_share <> net OR net <> price * quantity - discount"
        " OR discount < discount_showroom + discount_crafter OR discount_showroom < 0 OR discount_crafter < 0",
    ),
    Check(
        "each line has its item's crafter and the terms of that moment, and is shared as these say",
        # The first change after the sale says what the terms were.
        "SELECT l.sale_id AS sale, l.position FROM sale_line l LEFT JOIN item i ON i.id = l.item_id LEFT JOIN item_change c"
        " ON c.id = (SELECT min(n.id) FROM item_change n WHERE n.item_id = l.item_id AND n.at > l.at)"
        " WHERE i.id IS NULL OR l.crafter_id <> i.crafter_id OR l.terms_kind <> coalesce(c.old_terms_kind, i.terms_kind)"
        " OR l.commission_bps <> coalesce(c.old_commission_bps, i.commission_bps)"
        " OR l.net_price <> coalesce(c.old_net_price, i.net_price) OR l.list_price NOT IN (0, coalesce(c.old_price, i.price))"
        " OR l.crafter_share <> CASE l.terms_kind WHEN 'net_price' THEN l.net_price * l.quantity ELSE"
        " (l.net + l.discount_showroom + l.discount_crafter)"
        " - ((l.net + l.discount_showroom + l.discount_crafter) * l.commission_bps + 5000) / 10000 - l.discount_crafter END",
    ),
    Check(
        "each sale says of every crafter's money what the book says",
        "SELECT x.sale, x.crafter, sum(x.told) AS told, sum(x.posted) AS posted FROM ("
        " SELECT l.sale_id AS sale, l.crafter_id AS crafter, l.crafter_share AS told, 0 AS posted FROM sale_line l WHERE NOT l.joint"
        " UNION ALL SELECT h.sale_id, h.crafter_id, h.amount, 0 FROM sale_share h"
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
        " JOIN account a ON a.id = p.debit_id AND a.kind IN ('drawer', 'qris', 'transfer', 'card') AND a.owner_id = s.shift_id) x"
        " GROUP BY x.sale, x.kind HAVING sum(x.told) <> sum(x.posted)",
    ),
    Check(
        "each sale took just what its lines say from the shelf, or the venue, of its desk",
        "SELECT x.sale, x.item FROM ("
        " SELECT l.sale_id AS sale, l.item_id AS item, l.quantity AS pieces FROM sale_line l"
        " UNION ALL SELECT s.id, p.unit, -p.amount FROM sale s JOIN posting p ON p.entry_id = s.entry_id AND p.unit > 0"
        " JOIN account d ON d.id = p.debit_id AND d.kind = 'buyers' LEFT JOIN venue v ON v.desk_id = s.desk_id"
        " JOIN account c ON c.id = p.credit_id AND c.kind = CASE WHEN v.id IS NULL THEN 'shelf' ELSE 'venue' END"
        " AND c.owner_id = coalesce(v.id, s.showroom_id)) x"
        " GROUP BY x.sale, x.item HAVING sum(x.pieces) <> 0",
    ),
    Check(
        "each sale has the time, desk and attendant of its entry, and the desk of its shift",
        "SELECT s.id AS sale FROM sale s LEFT JOIN entry e ON e.id = s.entry_id LEFT JOIN shift t ON t.id = s.shift_id"
        " LEFT JOIN desk d ON d.id = s.desk_id"
        " WHERE e.id IS NULL OR t.id IS NULL OR d.id IS NULL OR e.kind <> 'sale' OR e.at <> s.at OR e.desk_id <> s.desk_id"
        " OR coalesce(e.actor_id, 0) <> s.user_id OR t.desk_id <> s.desk_id OR t.showroom_id <> s.showroom_id"
        " OR d.showroom_id <> s.showroom_id"
        " UNION SELECT l.sale_id FROM sale_line l JOIN sale s ON s.id = l.sale_id WHERE l.at <> s.at",
    ),
    Check(
        "each sale's services and rounding are what the book says",
        "SELECT x.sale, x.kind, sum(x.told) AS told, sum(x.posted) AS posted FROM ("
        " SELECT v.sale_id AS sale, CASE v.payee WHEN 'driver' THEN 'driver' ELSE 'service' END AS kind, v.amount AS told,"
        " 0 AS posted FROM sale_service v"
        " UNION ALL SELECT s.id, 'rounding', s.rounding, 0 FROM sale s WHERE s.rounding <> 0"
        " UNION ALL SELECT s.id, a.kind, 0, CASE WHEN p.credit_id = a.id THEN p.amount ELSE -p.amount END FROM account a"
        " JOIN posting p ON p.credit_id = a.id OR p.debit_id = a.id JOIN sale s ON s.entry_id = p.entry_id"
        " WHERE a.kind IN ('service', 'driver', 'rounding')) x GROUP BY x.sale, x.kind HAVING sum(x.told) <> sum(x.posted)",
    ),
    Check(
        "an open drawer holds float + cash in − cash out; a closed one is empty",
        "SELECT s.id AS shift, b.amount, s.float_rupiah FROM shift s"
        " JOIN account a ON a.kind = 'drawer' AND a.owner_id = s.id"
        f" LEFT JOIN balance b ON b.account_id = a.id AND b.unit = 0 LEFT JOIN {_DRAWER} d ON d.shift = s.id"
        " WHERE coalesce(b.amount, 0) <> CASE WHEN s.closed_at IS NOT NULL THEN 0"
        " ELSE s.float_rupiah + coalesce(d.amount, 0) END",
    ),
    Check(
        "a shift's float, and what was expected and counted at its close, are what the book says",
        f"SELECT s.id AS shift FROM shift s LEFT JOIN {_DRAWER} d ON d.shift = s.id"
        f" LEFT JOIN {_OFFICE.format(kind='shift_open', drawer='debit', office='credit')} b ON b.shift = s.id AND b.showroom = s.showroom_id"
        f" LEFT JOIN {_OFFICE.format(kind='shift_close', drawer='credit', office='debit')} c ON c.shift = s.id AND c.showroom = s.showroom_id"
        " WHERE s.float_rupiah <> coalesce(b.amount, 0)"
        " OR s.closed_at IS NOT NULL AND (coalesce(s.counted_rupiah, -1) <> coalesce(c.amount, 0)"
        " OR coalesce(s.expected_rupiah, -1) <> s.float_rupiah + coalesce(d.amount, 0))",
    ),
    Check(
        "each cash movement is what the book says: amount, both sides, time, desk and who",
        "SELECT m.id AS cash_move FROM cash_move m LEFT JOIN shift t ON t.id = m.shift_id LEFT JOIN entry e ON e.id = m.entry_id"
        " LEFT JOIN posting p ON p.entry_id = m.entry_id AND p.line = 1"
        " LEFT JOIN account i ON i.id = CASE m.kind WHEN 'change' THEN p.debit_id ELSE p.credit_id END"
        " LEFT JOIN account o ON o.id = CASE m.kind WHEN 'change' THEN p.credit_id ELSE p.debit_id END"
        " WHERE t.id IS NULL OR e.id IS NULL OR i.id IS NULL OR o.id IS NULL OR e.kind <> 'cash_move' OR e.at <> m.at"
        " OR coalesce(e.actor_id, 0) <> m.user_id OR e.desk_id <> t.desk_id OR p.amount <> m.amount OR i.kind <> 'drawer'"
        " OR i.owner_id <> m.shift_id OR o.kind <> CASE m.kind WHEN 'change' THEN 'office' ELSE m.kind END"
        " OR o.owner_id <> t.showroom_id OR (SELECT count(*) FROM posting q WHERE q.entry_id = m.entry_id) <> 1",
    ),
    Check(
        "each shift was opened and closed when, where and by whom it says",
        # From the few entries to their postings, never from all postings to a few.
        f"SELECT e.id AS entry FROM entry e LEFT JOIN shift s ON s.id = {_DRAWER_OF.format(which='min')}"
        f" WHERE e.kind IN ('shift_open', 'shift_close') AND (s.id IS NULL OR s.id <> {_DRAWER_OF.format(which='max')}"
        " OR e.desk_id <> s.desk_id OR e.at <> coalesce(CASE e.kind WHEN 'shift_open' THEN s.opened_at ELSE s.closed_at END, s.opened_at)"
        " OR coalesce(e.actor_id, 0) <> CASE e.kind WHEN 'shift_open' THEN s.user_id ELSE coalesce(s.closed_by, e.actor_id) END)",
    ),
    Check(
        "a closed drawer's notes and coins add up to what was counted, and a difference has its reason",
        "SELECT s.id AS shift FROM shift s WHERE s.closed_at IS NOT NULL AND ("
        " ((s.closed_by IS NOT NULL OR EXISTS (SELECT 1 FROM shift_count c WHERE c.shift_id = s.id)) AND s.counted_rupiah <>"
        " (SELECT coalesce(sum(c.worth * c.pieces), 0) FROM shift_count c WHERE c.shift_id = s.id))"
        " OR (s.closed_by IS NOT NULL AND s.counted_rupiah <> s.expected_rupiah AND s.difference_note = ''))",
    ),
    Check(
        "nothing is written into a shift after its close",
        "SELECT s.id AS shift, x.at FROM shift s JOIN (SELECT shift_id, at FROM sale UNION ALL SELECT shift_id, at FROM refund"
        " UNION ALL SELECT shift_id, at FROM cash_move UNION ALL SELECT shift_id, at FROM payout"
        " UNION ALL SELECT reversed_shift_id, reversed_at FROM payout UNION ALL SELECT shift_id, at FROM advance"
        " UNION ALL SELECT reversed_shift_id, reversed_at FROM advance) x"
        " ON x.shift_id = s.id WHERE x.at > s.closed_at",
    ),
    Check(
        "refunds never exceed what was sold, in pieces and in rupiah",
        "SELECT l.sale_id AS sale, l.position FROM sale_line l JOIN refund_line r ON r.sale_id = l.sale_id"
        " AND r.sale_position = l.position GROUP BY l.sale_id, l.position, l.quantity, l.net, l.crafter_share"
        " HAVING sum(r.quantity) > l.quantity OR sum(r.net) > l.net OR sum(r.crafter_share) > l.crafter_share"
        " OR (sum(r.quantity) = l.quantity AND (sum(r.net) <> l.net OR sum(r.crafter_share) <> l.crafter_share))"
        " UNION ALL SELECT x.sale, 0 FROM (SELECT r.sale_id AS sale, y.tender AS tender, -y.amount AS amount"
        " FROM refund_payment y JOIN refund r ON r.id = y.refund_id UNION ALL SELECT sale_id, tender, amount FROM payment) x"
        " GROUP BY x.sale, x.tender HAVING sum(x.amount) < 0",
    ),
    Check(
        "each refund: lines and services add up to its total, money given back less rounding too",
        "SELECT r.id AS refund FROM refund r WHERE r.total <>"
        " (SELECT coalesce(sum(net), 0) FROM refund_line l WHERE l.refund_id = r.id)"
        " + (SELECT coalesce(sum(amount), 0) FROM refund_service v WHERE v.refund_id = r.id)"
        " OR r.total + r.rounding <> (SELECT coalesce(sum(amount), 0) FROM refund_payment y WHERE y.refund_id = r.id)",
    ),
    Check(
        "each refund says of every crafter's and the showroom's money what the book says",
        "SELECT x.refund, x.kind, x.owner FROM ("  # owner: a crafter, or the shift that money went out of
        " SELECT l.refund_id AS refund, 'crafter' AS kind, l.crafter_id AS owner, l.crafter_share - l.borne AS amount FROM refund_line l"
        " WHERE NOT l.joint UNION ALL SELECT h.refund_id, 'crafter', h.crafter_id, h.amount - h.borne FROM refund_share h"
        " UNION ALL SELECT l.refund_id, 'loss', 0, l.borne FROM refund_line l"
        " UNION ALL SELECT l.refund_id, 'commission', 0, l.showroom_share FROM refund_line l"
        " UNION ALL SELECT v.refund_id, CASE v.payee WHEN 'driver' THEN 'driver' ELSE 'service' END, 0, v.amount FROM refund_service v"
        " UNION ALL SELECT r.id, 'rounding', 0, r.rounding FROM refund r"
        " UNION ALL SELECT y.refund_id, CASE y.tender WHEN 'cash' THEN 'drawer' ELSE y.tender END, r.shift_id, -y.amount"
        " FROM refund_payment y JOIN refund r ON r.id = y.refund_id"
        " UNION ALL SELECT r.id, a.kind, CASE WHEN a.kind IN ('crafter', 'drawer', 'qris', 'transfer', 'card')"
        " THEN a.owner_id ELSE 0 END,"
        " CASE WHEN p.debit_id = a.id THEN -p.amount ELSE p.amount END FROM refund r JOIN posting p ON p.entry_id = r.entry_id"
        " AND p.unit = 0 JOIN account a ON a.id IN (p.debit_id, p.credit_id) AND a.kind <> 'buyers') x"
        " GROUP BY x.refund, x.kind, x.owner HAVING sum(x.amount) <> 0",
    ),
    Check(
        "each refund put back just the pieces that its lines say, where they say",
        "SELECT x.refund, x.item FROM (SELECT l.refund_id AS refund, l.item_id AS item, l.place AS place, l.quantity AS pieces"
        " FROM refund_line l UNION ALL SELECT r.id, p.unit, CASE WHEN a.kind <> 'venue' THEN a.kind WHEN a.owner_id = v.id"
        " THEN 'shelf' ELSE '' END, -p.amount FROM refund r JOIN posting p ON p.entry_id = r.entry_id AND p.unit > 0"
        " JOIN account a ON a.id = p.debit_id LEFT JOIN venue v ON v.desk_id = r.desk_id"
        " JOIN account b ON b.id = p.credit_id AND b.kind = 'buyers') x"
        " GROUP BY x.refund, x.item, x.place HAVING sum(x.pieces) <> 0",
    ),
    Check(
        "each refund has the time, desk and attendant of its entry, and turns its own sale's entry round",
        "SELECT r.id AS refund FROM refund r LEFT JOIN entry e ON e.id = r.entry_id LEFT JOIN sale s ON s.id = r.sale_id"
        " LEFT JOIN shift t ON t.id = r.shift_id WHERE e.id IS NULL OR s.id IS NULL OR t.id IS NULL OR e.kind <> r.kind"
        " OR e.at <> r.at OR e.desk_id <> r.desk_id OR coalesce(e.actor_id, 0) <> r.user_id OR coalesce(e.reverses_id, 0) <> s.entry_id"
        " OR t.desk_id <> r.desk_id OR s.showroom_id <> r.showroom_id"
        " UNION SELECT l.refund_id FROM refund_line l JOIN refund r ON r.id = l.refund_id WHERE l.at <> r.at OR l.sale_id <> r.sale_id"
        " UNION SELECT l.refund_id FROM refund_line l LEFT JOIN sale_line o ON o.sale_id = l.sale_id AND o.position = l.sale_position"
        " WHERE o.sale_id IS NULL OR o.item_id <> l.item_id OR o.crafter_id <> l.crafter_id"
        " UNION SELECT v.refund_id FROM refund_service v LEFT JOIN refund r ON r.id = v.refund_id LEFT JOIN sale_service o"
        " ON o.sale_id = v.sale_id AND o.position = v.sale_position WHERE r.id IS NULL OR o.sale_id IS NULL"
        " OR v.sale_id <> r.sale_id OR v.amount <> o.amount OR v.payee <> o.payee",
    ),
    Check(
        "a crafter is owed shares − refunds + what the showroom bore and answered for − payouts − advances",
        "SELECT c.id AS crafter, -coalesce(b.amount, 0) AS owed FROM crafter c"
        " JOIN account a ON a.kind = 'crafter' AND a.owner_id = c.id"
        " LEFT JOIN balance b ON b.account_id = a.id AND b.unit = 0 LEFT JOIN ("
        " SELECT crafter_id, sum(amount) AS amount FROM (SELECT crafter_id, crafter_share AS amount FROM sale_line WHERE NOT joint"
        " UNION ALL SELECT crafter_id, amount FROM sale_share"
        " UNION ALL SELECT crafter_id, borne - crafter_share FROM refund_line WHERE NOT joint"
        " UNION ALL SELECT crafter_id, borne - amount FROM refund_share"
        " UNION ALL SELECT crafter_id, compensation FROM write_off WHERE NOT joint"
        " UNION ALL SELECT crafter_id, amount FROM write_off_share"
        " UNION ALL SELECT crafter_id, -amount FROM payout WHERE reversed_at IS NULL"
        " UNION ALL SELECT crafter_id, -amount FROM advance WHERE reversed_at IS NULL) u GROUP BY crafter_id) d ON d.crafter_id = c.id"
        " WHERE -coalesce(b.amount, 0) <> coalesce(d.amount, 0)",
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
        f"SELECT x.desk, x.name, x.last FROM (SELECT desk, name, count(*) AS many, min(number) AS first, max(number) AS last FROM {_NUMBERED} f"
        " GROUP BY desk, name) x LEFT JOIN series n ON n.desk_id = x.desk AND n.name = x.name"
        " WHERE x.first <> 1 OR x.many <> x.last OR coalesce(n.last, 0) <> x.last"
        " UNION ALL SELECT n.desk_id, n.name, n.last FROM series n WHERE n.last > 0 AND NOT EXISTS"
        f" (SELECT 1 FROM {_NUMBERED} f WHERE f.desk = n.desk_id AND f.name = n.name)"
        " UNION ALL SELECT o.desk, o.name, o.number FROM (SELECT f.desk, f.name, f.number, f.entry,"
        f" lag(f.entry) OVER (PARTITION BY f.desk, f.name ORDER BY f.number) AS earlier FROM {_NUMBERED} f) o WHERE o.earlier > o.entry",
    ),
    Check(
        "one sale per request and per basket, and a basket is sold when it has one",
        "SELECT e.request_id FROM sale s JOIN entry e ON e.id = s.entry_id GROUP BY e.request_id HAVING count(*) > 1"
        " UNION ALL SELECT CAST(b.id AS TEXT) FROM basket b LEFT JOIN sale s ON s.basket_id = b.id"
        " WHERE (b.status = 'sold') <> (s.id IS NOT NULL)",
    ),
    Check(
        "no orphans: every entry of a sale, refund or cash movement has its row; showrooms, crafters and shifts have their accounts",
        "SELECT e.id AS id, e.kind FROM entry e WHERE e.kind = 'sale'"
        " AND NOT EXISTS (SELECT 1 FROM sale s WHERE s.entry_id = e.id)"
        " UNION ALL SELECT e.id, e.kind FROM entry e WHERE e.kind IN ('refund', 'void')"
        " AND NOT EXISTS (SELECT 1 FROM refund r WHERE r.entry_id = e.id)"
        " UNION ALL SELECT e.id, e.kind FROM entry e WHERE e.kind = 'cash_move'"
        " AND NOT EXISTS (SELECT 1 FROM cash_move m WHERE m.entry_id = e.id)"
        " UNION ALL SELECT c.id, 'crafter' FROM crafter c"
        " WHERE NOT EXISTS (SELECT 1 FROM account a WHERE a.kind = 'crafter' AND a.owner_id = c.id)"
        " UNION ALL SELECT r.id, 'showroom' FROM showroom r WHERE 14 <> (SELECT count(*) FROM account a"
        " WHERE a.kind IN ('shelf', 'transit', 'damaged', 'lost', 'buyers', 'commission', 'office', 'bank', 'cash_difference', 'rounding',"
        " 'service', 'driver', 'expense', 'loss') AND a.owner_id = r.id)"
        " UNION ALL SELECT s.id, 'shift' FROM shift s WHERE 4 <> (SELECT count(*) FROM account a"
        " WHERE a.kind IN ('drawer', 'qris', 'transfer', 'card') AND a.owner_id = s.id)",
    ),
]
