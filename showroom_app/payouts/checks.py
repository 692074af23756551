"""What must always be true of payouts, advances, and what they settled."""

from showroom_app.ledger.checks import Check

# Postings in rupiah on crafters' accounts, from the crafter's side.
_OWN = (
    "(SELECT p.entry_id, p.line, a.id AS account, a.owner_id AS crafter,"
    " CASE WHEN p.credit_id = a.id THEN p.amount ELSE -p.amount END AS amount"
    " FROM account a JOIN posting p ON (p.credit_id = a.id OR p.debit_id = a.id) AND p.unit = 0 WHERE a.kind = 'crafter')"
)

PAYOUT_CHECKS = [
    Check(
        "every paid-out posting is paid once",
        "SELECT entry_id AS entry, line FROM settlement WHERE live GROUP BY entry_id, line HAVING count(*) > 1",
    ),
    Check(
        "what a payout paid, and the payout, come to nothing together, all on one crafter's account",
        "SELECT s.by_entry_id AS entry FROM settlement s LEFT JOIN "
        + _OWN
        + " o ON o.entry_id = s.entry_id AND o.line = s.line"
        " WHERE s.live OR s.entry_id = s.by_entry_id GROUP BY s.by_entry_id"
        " HAVING count(o.account) <> count(*) OR min(o.account) <> max(o.account)"
        " OR (sum(o.amount) <> 0 AND s.by_entry_id NOT IN (SELECT entry_id FROM payout WHERE reversed_at IS NOT NULL)"
        " AND s.by_entry_id NOT IN (SELECT reversal_entry_id FROM payout WHERE reversal_entry_id IS NOT NULL))",
    ),
    Check(
        "what nothing has paid yet is what a crafter is owed",
        "SELECT c.crafter, c.owed, u.amount FROM (SELECT a.owner_id AS crafter, a.id AS account, -coalesce(b.amount, 0) AS owed"
        " FROM account a LEFT JOIN balance b ON b.account_id = a.id AND b.unit = 0 WHERE a.kind = 'crafter') c"
        " LEFT JOIN (SELECT o.account, sum(o.amount) AS amount FROM " + _OWN + " o"
        " LEFT JOIN settlement s ON s.entry_id = o.entry_id AND s.line = o.line AND s.live"
        " WHERE s.id IS NULL GROUP BY o.account) u ON u.account = c.account WHERE c.owed <> coalesce(u.amount, 0)",
    ),
    Check(
        "everything that is said to be settled up to an entry is",
        "SELECT t.account_id AS account, o.entry_id AS entry FROM settled_through t JOIN " + _OWN + " o"
        " ON o.account = t.account_id AND o.entry_id <= t.entry_id"
        " LEFT JOIN settlement s ON s.entry_id = o.entry_id AND s.line = o.line AND s.live WHERE s.id IS NULL",
    ),
    Check(
        "each payout and advance is what the book says: amount, crafter, source, time and desk",
        "SELECT x.entry_id AS entry FROM (SELECT entry_id, 'payout' AS kind, at, desk_id, user_id, crafter_id, amount, method,"
        " shift_id, showroom_id FROM payout UNION ALL SELECT entry_id, 'advance', at, desk_id, user_id, crafter_id, amount,"
        " method, shift_id, showroom_id FROM advance) x LEFT JOIN entry e ON e.id = x.entry_id"
        " LEFT JOIN posting p ON p.entry_id = x.entry_id AND p.line = 1"
        " LEFT JOIN account d ON d.id = p.debit_id LEFT JOIN account c ON c.id = p.credit_id"
        " WHERE e.id IS NULL OR e.kind <> x.kind OR e.at <> x.at OR e.desk_id <> x.desk_id OR e.actor_id <> x.user_id"
        " OR p.amount <> x.amount OR d.kind <> 'crafter' OR d.owner_id <> x.crafter_id"
        " OR c.kind <> CASE x.method WHEN 'drawer' THEN 'drawer' WHEN 'office' THEN 'office' ELSE 'bank' END"
        " OR c.owner_id <> CASE x.method WHEN 'drawer' THEN x.shift_id ELSE x.showroom_id END"
        " OR (SELECT count(*) FROM posting q WHERE q.entry_id = x.entry_id) <> 1",
    ),
    Check(
        "each undone payout or advance is turned round once, with its reason",
        "SELECT y.entry_id AS entry FROM (SELECT entry_id, crafter_id, amount, reversal_entry_id, reversed_at, reversed_by,"
        " reversal_reason, 'payout_reversal' AS kind FROM payout UNION ALL SELECT entry_id, crafter_id, amount,"
        " reversal_entry_id, reversed_at, reversed_by, reversal_reason, 'advance_reversal' FROM advance) y LEFT JOIN entry e ON e.id = y.reversal_entry_id"
        " LEFT JOIN posting p ON p.entry_id = e.id AND p.line = 1 LEFT JOIN account c ON c.id = p.credit_id"
        " WHERE y.reversed_at IS NOT NULL AND (e.id IS NULL OR e.kind <> y.kind OR e.reverses_id <> y.entry_id"
        " OR e.at <> y.reversed_at OR p.amount <> y.amount OR c.kind <> 'crafter' OR c.owner_id <> y.crafter_id"
        " OR y.reversal_reason = '' OR y.reversed_by IS NULL)",
    ),
    Check(
        "each batch has the payouts that it says",
        "SELECT b.id AS batch FROM payout_batch b LEFT JOIN payout y ON y.batch_id = b.id AND y.showroom_id = b.showroom_id"
        " GROUP BY b.id, b.count, b.total HAVING count(y.id) <> b.count OR coalesce(sum(y.amount), 0) <> b.total",
    ),
    Check(
        "no orphans: every entry of a payout, its undoing or an advance has its row",
        "SELECT e.id AS id, e.kind FROM entry e WHERE"
        " (e.kind = 'payout' AND NOT EXISTS (SELECT 1 FROM payout y WHERE y.entry_id = e.id))"
        " OR (e.kind = 'payout_reversal' AND NOT EXISTS (SELECT 1 FROM payout y WHERE y.reversal_entry_id = e.id))"
        " OR (e.kind = 'advance' AND NOT EXISTS (SELECT 1 FROM advance y WHERE y.entry_id = e.id))"
        " OR (e.kind = 'advance_reversal' AND NOT EXISTS (SELECT 1 FROM advance y WHERE y.reversal_entry_id = e.id))",
    ),
]
