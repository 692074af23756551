"""What must always be true of payouts, advances, and what they settled."""

from showroom_app.ledger.checks import Check

# Postings in rupiah on crafters' accounts, from the crafter's side.
_OWN = (
    "(SELECT p.entry_id, p.line, a.id AS account, a.owner_id AS crafter,"
    " CASE WHEN p.credit_id = a.id THEN p.amount ELSE -p.amount END AS amount"
    " FROM account a JOIN posting p ON (p.credit_id = a.id OR p.debit_id = a.id) AND p.unit = 0 WHERE a.kind = 'crafter')"
)

# What an entry may move, and between what: the table in docs/architecture.md.
_TENDERS = ("drawer", "qris", "transfer", "card")
_EARNED = ("commission", "service", "driver", "rounding")
_MAY = {
    "intake": [("shelf", "crafter")],
    "hand_back": [("crafter", "shelf"), ("crafter", "damaged")],
    "transfer": [("transit", "shelf"), ("transit", "venue")],
    "arrival": [("venue", "transit"), ("shelf", "transit")],
    "damaged": [("damaged", "shelf"), ("damaged", "venue"), ("loss", "crafter")],
    "lost": [*(("lost", kind) for kind in ("shelf", "damaged", "venue", "transit")), ("loss", "crafter")],
    "mended": [("shelf", "damaged"), ("crafter", "loss")],
    "found": [("shelf", "lost"), ("damaged", "lost"), ("crafter", "loss")],
    "shift_open": [("drawer", "office")],
    "sale": [
        ("buyers", "shelf"), ("buyers", "venue"), ("buyers", "crafter"), ("commission", "buyers"), ("rounding", "buyers"),
        *(("buyers", kind) for kind in _EARNED), *((kind, "buyers") for kind in _TENDERS),
    ],
    "refund": [
        ("shelf", "buyers"), ("venue", "buyers"), ("damaged", "buyers"), ("crafter", "buyers"), ("buyers", "commission"), ("buyers", "rounding"),
        ("loss", "crafter"), *((kind, "buyers") for kind in _EARNED), *(("buyers", kind) for kind in _TENDERS),
    ],
    "cash_move": [("drawer", "office"), *((kind, "drawer") for kind in ("expense", "driver", "bank", "office"))],
    "shift_close": [("drawer", "cash_difference"), ("cash_difference", "drawer"), ("office", "drawer")],
    "payout": [("crafter", "drawer"), ("crafter", "office"), ("crafter", "bank")],
    "payout_reversal": [("drawer", "crafter"), ("office", "crafter"), ("bank", "crafter")],
}  # fmt: skip
_MAY |= {"void": _MAY["refund"], "advance": _MAY["payout"], "advance_reversal": _MAY["payout_reversal"]}
_MAY_MOVE = ", ".join(f"'{kind} {debit} {credit}'" for kind, sides in _MAY.items() for debit, credit in sides)
# Whose an account is: its showroom.
_WHOSE = (
    "CASE WHEN {a}.kind = 'crafter' THEN (SELECT w.showroom_id FROM crafter w WHERE w.id = {a}.owner_id)"
    " WHEN {a}.kind = 'venue' THEN (SELECT w.showroom_id FROM venue w WHERE w.id = {a}.owner_id)"
    " WHEN {a}.kind IN ('drawer', 'qris', 'transfer', 'card') THEN (SELECT w.showroom_id FROM shift w WHERE w.id = {a}.owner_id)"
    " ELSE {a}.owner_id END"
)

PAYOUT_CHECKS = [
    Check(
        "every posting moves what its kind of entry may move, within the showroom of its desk",
        "SELECT e.id AS entry, p.line, e.kind FROM posting p JOIN entry e ON e.id = p.entry_id JOIN desk k ON k.id = e.desk_id"
        " JOIN account d ON d.id = p.debit_id JOIN account c ON c.id = p.credit_id"
        f" WHERE e.kind || ' ' || d.kind || ' ' || c.kind NOT IN ({_MAY_MOVE})"
        f" OR coalesce({_WHOSE.format(a='d')}, 0) <> k.showroom_id OR coalesce({_WHOSE.format(a='c')}, 0) <> k.showroom_id",
    ),
    Check(
        "shelves, venues, goods on the way, damaged and lost, and drawers have their floor, and what must keep a balance keeps it",
        "SELECT a.id AS account FROM account a WHERE coalesce(a.floor, -1) <>"
        " CASE WHEN a.kind IN ('shelf', 'venue', 'transit', 'damaged', 'lost', 'drawer') THEN 0 ELSE -1 END OR a.keeps_balance <>"
        " (a.kind IN ('shelf', 'venue', 'transit', 'damaged', 'lost', 'drawer', 'qris', 'transfer', 'card', 'crafter'))",
    ),
    Check(
        "every paid-out posting is paid once",
        "SELECT entry_id AS entry, line FROM settlement WHERE live GROUP BY entry_id, line HAVING count(*) > 1",
    ),
    Check(
        "what a payout paid, and the payout, come to nothing together, all on one crafter's account",
        "SELECT s.by_entry_id AS entry FROM settlement s LEFT JOIN "
        + _OWN
        + " o ON o.entry_id = s.entry_id AND o.line = s.line"
        " GROUP BY s.by_entry_id"
        " HAVING count(o.account) <> count(*) OR min(o.account) <> max(o.account) OR max(s.entry_id) > s.by_entry_id"
        " OR (sum(o.amount) <> 0 AND s.by_entry_id NOT IN"
        " (SELECT reversal_entry_id FROM payout WHERE reversal_entry_id IS NOT NULL))"
        " UNION ALL SELECT y.entry_id FROM (SELECT entry_id FROM payout UNION ALL SELECT reversal_entry_id FROM payout"
        " WHERE reversal_entry_id IS NOT NULL UNION ALL SELECT reversal_entry_id FROM advance WHERE reversal_entry_id IS NOT NULL) y"
        " WHERE NOT EXISTS (SELECT 1 FROM settlement s WHERE s.by_entry_id = y.entry_id AND s.entry_id = y.entry_id AND s.live)",
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
        " LEFT JOIN desk k ON k.id = x.desk_id LEFT JOIN crafter w ON w.id = x.crafter_id"
        " WHERE e.id IS NULL OR p.entry_id IS NULL OR e.kind <> x.kind OR e.at <> x.at OR e.desk_id <> x.desk_id"
        " OR coalesce(e.actor_id, 0) <> x.user_id OR k.showroom_id <> x.showroom_id OR w.showroom_id <> x.showroom_id"
        " OR p.amount <> x.amount OR d.kind <> 'crafter' OR d.owner_id <> x.crafter_id"
        " OR c.kind <> CASE x.method WHEN 'drawer' THEN 'drawer' WHEN 'office' THEN 'office' ELSE 'bank' END"
        " OR c.owner_id <> CASE x.method WHEN 'drawer' THEN x.shift_id ELSE x.showroom_id END"
        " OR (SELECT count(*) FROM posting q WHERE q.entry_id = x.entry_id) <> 1",
    ),
    Check(
        "each undone payout or advance is turned round once, with its reason",
        "SELECT y.entry_id AS entry FROM (SELECT entry_id, crafter_id, amount, reversal_entry_id, reversed_at, reversed_by,"
        " reversal_reason, 'payout_reversal' AS kind, method, reversed_shift_id, shift_id, showroom_id FROM payout"
        " UNION ALL SELECT entry_id, crafter_id, amount, reversal_entry_id, reversed_at, reversed_by, reversal_reason,"
        " 'advance_reversal', method, reversed_shift_id, shift_id, showroom_id FROM advance) y"
        " LEFT JOIN entry e ON e.id = y.reversal_entry_id LEFT JOIN posting p ON p.entry_id = e.id AND p.line = 1"
        " LEFT JOIN account c ON c.id = p.credit_id LEFT JOIN account d ON d.id = p.debit_id"
        " WHERE y.reversed_at IS NOT NULL AND (e.id IS NULL OR p.entry_id IS NULL OR e.kind <> y.kind"
        " OR coalesce(e.reverses_id, 0) <> y.entry_id OR e.at <> y.reversed_at OR coalesce(e.actor_id, 0) <> coalesce(y.reversed_by, -1)"
        " OR p.amount <> y.amount OR c.kind <> 'crafter' OR c.owner_id <> y.crafter_id OR y.reversal_reason = ''"
        # Back where it came from; once that drawer was closed, in the office.
        " OR d.kind <> CASE WHEN y.method = 'transfer' THEN 'bank' WHEN y.reversed_shift_id IS NULL THEN 'office' ELSE 'drawer' END"
        " OR d.owner_id <> coalesce(y.reversed_shift_id, y.showroom_id) OR y.reversed_shift_id <> coalesce(y.shift_id, 0)"
        " OR (SELECT count(*) FROM posting q WHERE q.entry_id = e.id) <> 1)",
    ),
    Check(
        "each batch has the payouts that it says",
        "SELECT b.id AS batch FROM payout_batch b LEFT JOIN payout y ON y.batch_id = b.id AND y.showroom_id = b.showroom_id"
        " GROUP BY b.id, b.count, b.total HAVING count(y.id) <> b.count OR coalesce(sum(y.amount), 0) <> b.total"
        " UNION ALL SELECT y.batch_id FROM payout y LEFT JOIN payout_batch b ON b.id = y.batch_id"
        " WHERE b.id IS NULL OR b.at <> y.at OR b.user_id <> y.user_id OR b.showroom_id <> y.showroom_id",
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
