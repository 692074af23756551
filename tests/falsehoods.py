"""What somebody might do to the database behind the program's back, by the line of `books check` that names it.

They are cunning: every rule of the database is off, the chain is hashed again and the balances are kept, so that what
finds a falsehood is the one line that says it can't be. `[office 1]` is the account of showroom (shift, crafter) 1,
`<sale 4>` the entry of sale 4; who and what these are, `tests/test_checks_money.py` says.
"""

import re

_SHIFT_OPEN = "(SELECT max(id) FROM entry WHERE kind = 'shift_open')"  # shift 3's
_SHIFT_CLOSE = "(SELECT max(id) FROM entry WHERE kind = 'shift_close')"
_NOW = "(SELECT max(at) FROM entry)"
_EMPTY_ENTRY = (
    "INSERT INTO entry (id, desk_id, number, kind, at, actor_id, request_id, memo, hash)"
    " SELECT 999, d.id, d.entry_number + 1, '{kind}', e.at, e.actor_id, e.request_id, '', '' FROM desk d"
    " JOIN entry e ON e.desk_id = d.id WHERE e.id = <advance 1>;"
    "UPDATE desk SET entry_number = entry_number + 1 WHERE id = (SELECT desk_id FROM advance WHERE id = 1)"
)


def worded(sql: str) -> list[str]:
    """The statements of a falsehood, accounts and entries put in."""
    sql = re.sub(r"\[(\w+) (\d+)\]", r"(SELECT id FROM account WHERE kind = '\1' AND owner_id = \2)", sql)
    return re.sub(r"<(\w+) (\d+)>", r"(SELECT entry_id FROM \1 WHERE id = \2)", sql).split(";")


def posting(entry: str, debit: str, credit: str, amount: int) -> str:
    """One more posting of rupiah in an entry."""
    return f"INSERT INTO posting VALUES ({entry}, 99, 0, {debit}, {credit}, {amount})"


def entry(kind: str) -> str:
    """One more entry at the office, that takes money to the bank, and no row that it belongs to."""
    return f"{_EMPTY_ENTRY.format(kind=kind)};{posting('999', '[bank 1]', '[office 1]', 5000)}"


BOOK = {
    "postings have positive amounts": {
        "a posting of nothing": posting("<consignment 2>", "[bank 1]", "[office 1]", 0),
        "a posting of no entry": posting("999", "[bank 1]", "[office 1]", 5000),
        "an account that is not": posting("<consignment 2>", "999", "[office 1]", 5000),
    },
    "every entry has postings": {"an entry of nothing": _EMPTY_ENTRY.format(kind="gift")},
    "every balance equals its postings": {
        "more came by QRIS": "UPDATE balance SET amount = amount + 1000 WHERE account_id = [qris 1]",
        "what came by card forgotten": "DELETE FROM balance WHERE account_id = [card 3]",
    },
    "no balance is below its floor": {
        "a drawer that may be overdrawn": "UPDATE balance SET floor = -100000 WHERE account_id = [drawer 3]",
        "a shelf without a floor": "UPDATE balance SET floor = NULL WHERE account_id = [shelf 1]",
    },
    "shelves, venues, goods on the way": {
        "nothing has a floor": "UPDATE account SET floor = NULL WHERE floor = 0;"
        "UPDATE balance SET floor = NULL WHERE floor = 0",
        "a drawer that nobody counts": "UPDATE account SET keeps_balance = FALSE WHERE id = [drawer 3]",
    },
    "every posting moves": {
        "an entry of no kind": entry("gift"),
        "a shortage paid by the bank": "UPDATE posting SET debit_id = [bank 1] WHERE debit_id = [cash_difference 1]",
        "delivery earned next door": "UPDATE posting SET credit_id = [service 2] WHERE credit_id = [service 1]",
        "an expense in a sale": posting("<sale 4>", "[expense 1]", "[office 1]", 5000),
    },
    "the hash chain": {
        "a reason rewritten": "UPDATE entry SET memo = 'bensin' WHERE id = <cash_move 1>",
        "a link put in": "UPDATE entry SET hash = 'x' WHERE id = <sale 1>",
    },
    "every finished request": {"an act without an end": "UPDATE request SET result = '' WHERE result LIKE '%sale_id%'"},
}

GOODS = {
    "goods move between": {
        "a lamp that somebody else brought": "UPDATE posting SET credit_id = [crafter 2] WHERE unit = 4",
        "a lamp on the shelf next door": "UPDATE posting SET debit_id = [shelf 2] WHERE unit = 4",
    },
    "a labelled single piece": {
        "rings that buyers brought": "UPDATE posting SET credit_id = [buyers 1] WHERE entry_id = <consignment 2>",
    },
    "every item came in": {"a ring less": "UPDATE posting SET amount = 19 WHERE entry_id = <consignment 2>"},
    "every item is as its note says": {"a lower price agreed": "UPDATE item SET lowest_price = 1 WHERE id = 4"},
    "every note's lines": {"a note worth more": "UPDATE consignment SET value = value + 1 WHERE id = 2"},
    "every received note": {
        "a note of no time": "UPDATE consignment SET received_at = NULL WHERE id = 1",
        "a note of another time": f"UPDATE consignment SET received_at = {_NOW} WHERE id = 1",
        "goods without a note": entry("intake"),
    },
}

SALES = {
    "each sale: lines and services": {
        "a total that is less": "UPDATE sale SET total = total - 1000 WHERE id = 1",
        "services that are more": "UPDATE sale SET services = services + 1000, total = total + 1000 WHERE id = 1",
        "a piece more": "UPDATE sale SET pieces = pieces + 1 WHERE id = 3",
    },
    "each line: crafter share": {
        "a higher price": "UPDATE sale_line SET price = price + 1 WHERE sale_id = 1 AND position = 1",
        "a bigger discount": "UPDATE sale_line SET discount = discount + 1000 WHERE sale_id = 1 AND position = 1",
    },
    "each line has its item's crafter": {
        "a rate that was not agreed": "UPDATE sale_line SET commission_bps = 3000 WHERE sale_id = 1",
        "a discount that the showroom bore": "UPDATE sale_line SET discount_showroom = discount WHERE sale_id = 1",
        "another price on its label": "UPDATE sale_line SET list_price = 2 * list_price WHERE sale_id = 1",
        "a share that is too small": "UPDATE sale_line SET crafter_share = crafter_share - 1000,"
        " showroom_share = showroom_share + 1000 WHERE sale_id = 5;"
        "UPDATE posting SET amount = amount - 1000 WHERE entry_id = <sale 5> AND credit_id = [crafter 2];"
        "UPDATE posting SET amount = amount + 1000 WHERE entry_id = <sale 5> AND credit_id = [commission 1]",
    },
    "each sale says of every crafter's money": {
        "a share in another entry": f"UPDATE posting SET entry_id = {_SHIFT_OPEN}, line = 99 WHERE entry_id = <sale 5>"
        " AND credit_id = [crafter 2]",
    },
    "each sale says of the showroom's share": {
        "commission to the office": "UPDATE posting SET credit_id = [office 1] WHERE entry_id = <sale 4>"
        " AND credit_id = [commission 1]",
    },
    "each sale's money lies": {
        "a card called QRIS": "UPDATE payment SET tender = 'qris' WHERE tender = 'card'",
        "QRIS of another shift": "UPDATE posting SET debit_id = [qris 2] WHERE debit_id = [qris 1]",
    },
    "each sale took just what": {
        "another lamp": "UPDATE sale_line SET item_id = 4 WHERE sale_id = 4",
        "rings sold to the damaged": "UPDATE posting SET debit_id = [damaged 1] WHERE entry_id = <sale 3> AND unit = 5",
        "one ring for three": "UPDATE posting SET amount = 1 WHERE entry_id = <sale 1> AND unit = 5",
    },
    "each sale's services and rounding": {
        "our delivery called the driver's": "UPDATE sale_service SET payee = 'driver' WHERE payee = 'showroom'",
        "the driver paid for packing": "UPDATE posting SET credit_id = [driver 1] WHERE credit_id = [service 1]",
        "rounding in the office's pocket": "UPDATE posting SET credit_id = [office 1] WHERE entry_id = <sale 1>"
        " AND credit_id = [rounding 1]",
    },
    "the buyers' account is even": {
        "a commission that no buyer paid": "UPDATE posting SET debit_id = [office 1] WHERE entry_id = <sale 4>"
        " AND credit_id = [commission 1]",
    },
    "receipt and note numbers": {
        "a slip skipped": "UPDATE refund SET number = 2 WHERE id = 2",
        "a kuitansi skipped": "UPDATE payout SET number = 9 WHERE id = 3",
        "a receipt of number 0": "UPDATE sale SET number = 0 WHERE number = 1 AND desk_id = 2",
        "two notes that changed numbers": "UPDATE consignment SET number = 99 WHERE id = 1;"
        "UPDATE consignment SET number = 1 WHERE id = 2; UPDATE consignment SET number = 2 WHERE id = 1",
        "an advance's number to give again": "UPDATE series SET last = 0 WHERE name = 'advance'",
    },
    "one sale per request": {
        "two sales of one press": "UPDATE entry SET request_id = (SELECT request_id FROM entry WHERE id = <sale 2>)"
        " WHERE id = <sale 3>",
        "a sale's basket taken up again": "UPDATE basket SET status = 'dropped' WHERE id = 1",
    },
    "no orphans: every entry of a sale": {
        "a sale without its row": entry("sale"),
        "a refund without its row": entry("refund"),
        "a void without its row": entry("void"),
        "money moved without a row": entry("cash_move"),
        "a showroom without its loss": "UPDATE account SET owner_id = 999 WHERE id = [loss 2]",
        "a showroom without a place for what is lost": "UPDATE account SET owner_id = 999 WHERE id = [lost 2]",
        "a shift without its cards": "UPDATE account SET owner_id = 999 WHERE id = [card 2]",
        "a crafter without an account": "UPDATE account SET owner_id = 999 WHERE id = [crafter 3]",
    },
}

DRAWERS = {
    "an open drawer holds": {
        "money taken out without a word": posting(_SHIFT_OPEN, "[office 1]", "[drawer 3]", 1000),
        "money left in a closed drawer": posting(_SHIFT_CLOSE, "[drawer 1]", "[cash_difference 1]", 1000),
    },
    "a shift's float": {
        "a shortage counted away": "UPDATE shift SET counted_rupiah = counted_rupiah + 1000 WHERE id = 1;"
        "UPDATE shift_count SET pieces = pieces + 1 WHERE shift_id = 1 AND worth = 1000",
        "nothing counted": "UPDATE shift SET counted_rupiah = NULL WHERE id = 1",
        "nothing expected": "UPDATE shift SET expected_rupiah = NULL WHERE id = 1",
        "a float from the bank": f"UPDATE posting SET credit_id = [bank 1] WHERE entry_id = {_SHIFT_OPEN}",
    },
    "a closed drawer's notes and coins": {
        "a note that nobody counted": "UPDATE shift_count SET pieces = pieces + 1 WHERE worth = 50000",
        "no notes at all": "DELETE FROM shift_count WHERE shift_id = 1",
        "a shortage that nobody explains": "UPDATE shift SET difference_note = '' WHERE id = 1",
    },
    "each cash movement": {
        "an expense called the bank's": "UPDATE cash_move SET kind = 'bank' WHERE id = 1",
        "somebody else's errand": "UPDATE cash_move SET user_id = 1 WHERE id = 1",
        "two that changed entries": "UPDATE cash_move SET entry_id = -1 WHERE id = 1;"
        "UPDATE cash_move SET entry_id = entry_id - 1 WHERE id = 2;"
        "UPDATE cash_move SET entry_id = (SELECT entry_id + 1 FROM cash_move WHERE id = 2) WHERE id = 1",
    },
    "each shift was opened": {
        "closed later": f"UPDATE shift SET closed_at = {_NOW} WHERE id = 1",
        "closed by somebody else": "UPDATE shift SET closed_by = 1 WHERE id = 1",
        "opened by somebody else": "UPDATE shift SET user_id = 4 WHERE id = 3",
    },
    "nothing is written into a shift after its close": {
        "a sale of the day after": f"UPDATE entry SET at = {_NOW} WHERE id = <sale 3>;"
        f"UPDATE sale SET at = {_NOW} WHERE id = 3; UPDATE sale_line SET at = {_NOW} WHERE sale_id = 3",
        "a refund of the day after": f"UPDATE entry SET at = {_NOW} WHERE id = <refund 1>;"
        f"UPDATE refund SET at = {_NOW} WHERE id = 1; UPDATE refund_line SET at = {_NOW} WHERE refund_id = 1",
        "an expense of the day after": f"UPDATE entry SET at = {_NOW} WHERE id = <cash_move 1>;"
        f"UPDATE cash_move SET at = {_NOW} WHERE id = 1",
    },
}

REFUNDS = {
    "refunds never exceed": {
        "four rings of three": "UPDATE refund_line SET quantity = 4 WHERE refund_id = 1;"
        "UPDATE posting SET amount = 4 WHERE entry_id = <refund 1> AND unit = 5",
        "another way than it was paid": "UPDATE refund_payment SET tender = 'qris' WHERE refund_id = 2;"
        "UPDATE posting SET credit_id = [qris 3] WHERE entry_id = <refund 2> AND credit_id = [transfer 3]",
    },
    "each refund: lines and services": {
        "a slip that says more": "UPDATE refund SET total = total + 1000 WHERE id = 2",
        "a line that says less": "UPDATE refund_line SET net = net - 1 WHERE refund_id = 1",
    },
    "each refund says of every": {
        "a share moved to the showroom": "UPDATE refund_line SET showroom_share = showroom_share + 1",
        "the driver's money given back by us": "UPDATE posting SET debit_id = [service 1]"
        " WHERE entry_id = <refund 1> AND debit_id = [driver 1]",
        "a loss called an expense": "UPDATE posting SET debit_id = [expense 1] WHERE debit_id = [loss 1]",
        "a transfer out of another shift": "UPDATE posting SET credit_id = [transfer 1] WHERE credit_id = [transfer 3]",
        "a transfer out of the bank itself": "UPDATE posting SET credit_id = [bank 1] WHERE credit_id = [transfer 3]",
    },
    "each refund put back": {
        "a damaged ring on the shelf": "UPDATE refund_line SET place = 'shelf' WHERE refund_id = 1",
        "two rings for one": "UPDATE posting SET amount = 2 WHERE entry_id = <refund 1> AND unit = 5",
    },
    "each refund has the time, desk": {
        "somebody else's refund": "UPDATE refund SET user_id = 1 WHERE id = 2",
        "a refund called a void": "UPDATE refund SET kind = 'void' WHERE id = 1",
        "a line of another time": f"UPDATE refund_line SET at = {_NOW} WHERE refund_id = 1",
        "no sale turned round": "UPDATE entry SET reverses_id = NULL WHERE id = <refund 1>",
        "another line of the same worth": "UPDATE refund_line SET sale_position = 1 WHERE refund_id = 2",
        "another crafter, where the showroom bears it": "UPDATE refund_line SET crafter_id = 2 WHERE refund_id = 2",
        "another service": "UPDATE refund_service SET sale_position = 1",
        "another sale turned round": "UPDATE entry SET reverses_id = <sale 3> WHERE id = <refund 1>",
    },
}

CRAFTERS = {
    "a crafter is owed shares": {
        "owed for nothing": posting(_SHIFT_OPEN, "[office 1]", "[crafter 2]", 5000),
        "a debt for nothing": posting(_SHIFT_OPEN, "[crafter 3]", "[office 2]", 5000),
    },
    "every paid-out posting": {
        "a line paid twice": "DROP INDEX uq_settlement_live;"
        "UPDATE settlement SET live = TRUE WHERE entry_id = <sale 1> AND by_entry_id = <payout 2>",
    },
    "what a payout paid": {
        "a line that another payout paid": "UPDATE settlement SET by_entry_id = <payout 3> WHERE entry_id = <sale 2>"
        " AND line = 3",
        "a payout that paid nothing": "DELETE FROM settlement WHERE by_entry_id = <payout 1>;"
        "DELETE FROM settled_through WHERE account_id = [crafter 1]",
        "what an undone payout had paid": "DELETE FROM settlement WHERE NOT live",
        "what was sold after it was paid": "UPDATE settlement SET entry_id = <sale 4>, line = 2"
        " WHERE entry_id = <sale 2> AND line = 3; DELETE FROM settled_through WHERE account_id = [crafter 1]",
        "a payout of another crafter's lines": "UPDATE settlement SET by_entry_id = <payout 3>"
        " WHERE by_entry_id = <payout 1>",
    },
    "what nothing has paid yet": {
        "paid without a payout": "INSERT INTO settlement (entry_id, line, by_entry_id, live)"
        " SELECT <sale 4>, line, reversal_entry_id, TRUE FROM payout, posting WHERE payout.id = 4"
        " AND posting.entry_id = <sale 4> AND credit_id = [crafter 1]",
    },
    "everything that is said to be settled": {
        "settled a day too far": "UPDATE settled_through SET entry_id = <sale 5> WHERE account_id = [crafter 2]",
    },
    "each payout and advance": {
        "somebody else paid": "UPDATE payout SET user_id = 2 WHERE id = 1;"
        "UPDATE payout_batch SET user_id = 2 WHERE id = 1",
        "a payout of another time": f"UPDATE payout SET at = {_NOW} WHERE id = 1;"
        f"UPDATE payout_batch SET at = {_NOW} WHERE id = 1",
        "cash called a transfer": "UPDATE payout SET method = 'transfer' WHERE id = 1",
        "out of the bank, not the office": "UPDATE posting SET credit_id = [bank 1] WHERE entry_id = <payout 1>",
        "an advance next door": "UPDATE advance SET showroom_id = 2 WHERE id = 2",
        "something besides": posting("<advance 1>", "[expense 1]", "[office 1]", 5000),
    },
    "each undone payout": {
        "undone without a reason": "UPDATE payout SET reversal_reason = '' WHERE id = 2",
        "undone by nobody": "UPDATE payout SET reversed_by = NULL WHERE id = 2",
        "undone by somebody else": "UPDATE payout SET reversed_by = 2 WHERE id = 2",
        "back to the office, not the bank": "UPDATE posting SET debit_id = [office 1] WHERE debit_id = [bank 1]",
        "an advance undone without a reason": "UPDATE advance SET reversal_reason = '' WHERE id = 2",
        "another payout turned round": "UPDATE entry SET reverses_id = <payout 1> WHERE kind = 'payout_reversal'",
    },
    "each batch": {
        "a crafter more": "UPDATE payout_batch SET count = 2 WHERE id = 1",
        "somebody else's batch": "UPDATE payout_batch SET user_id = 2 WHERE id = 1",
        "no batch at all": "DELETE FROM payout_batch WHERE id = 1",
        "a rupiah more": "UPDATE payout_batch SET total = total + 1 WHERE id = 1",
    },
    "no orphans: every entry of a payout": {
        "a payout without its row": entry("payout"),
        "an undoing without its row": entry("payout_reversal"),
        "an advance without its row": entry("advance"),
        "an advance's undoing without its row": entry("advance_reversal"),
    },
}

PLANTED = {
    "the book": BOOK, "goods": GOODS, "sales": SALES, "drawers": DRAWERS, "refunds": REFUNDS, "crafters": CRAFTERS,
}  # fmt: skip
