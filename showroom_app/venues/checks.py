"""What must always be true of venues and of goods on the way, one query each."""

from showroom_app.ledger.checks import Check

# Pieces of notes by what became of them: (transfer, unit, amount), below zero where they are on the way no more.
_CAME = (
    "(SELECT transfer_id AS transfer, item_id AS unit, quantity AS amount FROM transfer_line"
    " UNION ALL SELECT a.transfer_id, l.item_id, -l.quantity FROM arrival_line l JOIN arrival a ON a.id = l.arrival_id"
    " UNION ALL SELECT transfer_id, item_id, -quantity FROM write_off WHERE transfer_id IS NOT NULL)"
)

VENUE_CHECKS = [
    Check(
        "each venue has its account and a till desk of its showroom, and a closed one is empty",
        "SELECT v.id AS venue FROM venue v LEFT JOIN account a ON a.kind = 'venue' AND a.owner_id = v.id"
        " LEFT JOIN desk k ON k.id = v.desk_id WHERE a.id IS NULL OR k.id IS NULL OR k.showroom_id <> v.showroom_id"
        " OR k.kind <> 'till' OR v.closed_at IS NOT NULL AND (EXISTS (SELECT 1 FROM balance b WHERE b.account_id = a.id"
        " AND b.amount <> 0) OR EXISTS (SELECT 1 FROM transfer t WHERE t.venue_id = v.id AND t.arrived_at IS NULL)"
        " OR EXISTS (SELECT 1 FROM shift s WHERE s.desk_id = v.desk_id AND s.closed_at IS NULL))"
        " UNION ALL SELECT -a.id FROM account a WHERE a.kind = 'venue'"
        " AND NOT EXISTS (SELECT 1 FROM venue v WHERE v.id = a.owner_id)",
    ),
    Check(
        "each note of goods on the way took just the pieces that its lines say, from where it says",
        "SELECT t.id AS transfer FROM transfer t LEFT JOIN entry e ON e.id = t.entry_id LEFT JOIN desk k ON k.id = t.desk_id"
        " LEFT JOIN venue v ON v.id = t.venue_id WHERE e.id IS NULL OR k.id IS NULL OR v.id IS NULL OR e.kind <> 'transfer'"
        " OR e.at <> t.at OR e.desk_id <> t.desk_id OR coalesce(e.actor_id, 0) <> t.user_id OR k.showroom_id <> t.showroom_id"
        " OR v.showroom_id <> t.showroom_id"
        " OR t.pieces <> (SELECT coalesce(sum(l.quantity), 0) FROM transfer_line l WHERE l.transfer_id = t.id)"
        " UNION SELECT x.transfer FROM (SELECT l.transfer_id AS transfer, l.item_id AS unit,"
        " CASE t.direction WHEN 'out' THEN 'shelf' ELSE 'venue' END AS place,"
        " CASE t.direction WHEN 'out' THEN t.showroom_id ELSE t.venue_id END AS owner, l.quantity AS amount"
        " FROM transfer_line l JOIN transfer t ON t.id = l.transfer_id"
        " UNION ALL SELECT t.id, p.unit, c.kind, c.owner_id, -p.amount FROM transfer t JOIN posting p ON p.entry_id = t.entry_id"
        " JOIN account c ON c.id = p.credit_id) x GROUP BY x.transfer, x.unit, x.place, x.owner HAVING sum(x.amount) <> 0"
        " UNION SELECT -e.id FROM entry e WHERE e.kind = 'transfer'"
        " AND NOT EXISTS (SELECT 1 FROM transfer t WHERE t.entry_id = e.id)",
    ),
    Check(
        "each arrival brought just the pieces that its lines say, to where it says",
        "SELECT a.id AS arrival FROM arrival a LEFT JOIN entry e ON e.id = a.entry_id WHERE e.id IS NULL OR e.kind <> 'arrival'"
        " OR e.at <> a.at OR coalesce(e.actor_id, 0) <> a.user_id"
        " UNION SELECT x.arrival FROM (SELECT l.arrival_id AS arrival, l.item_id AS unit,"
        " CASE WHEN (t.direction = 'out') = (a.kind = 'arrived') THEN 'venue' ELSE 'shelf' END AS place,"
        " CASE WHEN (t.direction = 'out') = (a.kind = 'arrived') THEN t.venue_id ELSE t.showroom_id END AS owner,"
        " l.quantity AS amount FROM arrival_line l JOIN arrival a ON a.id = l.arrival_id JOIN transfer t ON t.id = a.transfer_id"
        " UNION ALL SELECT a.id, p.unit, d.kind, d.owner_id, -p.amount FROM arrival a JOIN posting p ON p.entry_id = a.entry_id"
        " JOIN account d ON d.id = p.debit_id) x GROUP BY x.arrival, x.unit, x.place, x.owner HAVING sum(x.amount) <> 0"
        " UNION SELECT -e.id FROM entry e WHERE e.kind = 'arrival'"
        " AND NOT EXISTS (SELECT 1 FROM arrival a WHERE a.entry_id = e.id)",
    ),
    Check(
        "what is on the way by the book is what its notes have not told of yet, and a note is done when nothing is",
        "SELECT x.showroom, x.unit FROM (SELECT t.showroom_id AS showroom, c.unit, c.amount FROM " + _CAME + " c"
        " JOIN transfer t ON t.id = c.transfer UNION ALL SELECT a.owner_id, b.unit, -b.amount FROM balance b"
        " JOIN account a ON a.id = b.account_id AND a.kind = 'transit') x GROUP BY x.showroom, x.unit HAVING sum(x.amount) <> 0"
        " UNION ALL SELECT -c.transfer, c.unit FROM " + _CAME + " c GROUP BY c.transfer, c.unit HAVING sum(c.amount) < 0"
        " UNION ALL SELECT -t.id, 0 FROM transfer t LEFT JOIN (SELECT c.transfer, sum(c.amount) AS amount FROM " + _CAME + " c"
        " GROUP BY c.transfer) y ON y.transfer = t.id WHERE (t.arrived_at IS NOT NULL) <> (coalesce(y.amount, 0) = 0)",
    ),
]  # fmt: skip
