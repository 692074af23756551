"""What somebody might do to goods behind the program's back, by the line of `books check` that names it; see
tests/falsehoods.py.

Hand-back 1 gives back two rings of twenty and a damaged lamp; write-off 1 is that damage, 2 the loss of three rings, 3
one of them found, 4 a broken one, 5 another, which was mended (6). Changes 1 and 2 are a lamp's that was sold and came
back before, 3 and 4 another's.
Answers 1 and 2 extend the second lamp (2), 3 says that it will be collected. Lamps are product 1, with photos 1 and 2,
shown by the second; rings are 2; silver rings, product 3 and item 5, were merged into them.
"""

GOODS = {
    "each line has its item's crafter": {
        "the price that was agreed later": "UPDATE sale_line SET list_price = 90000 WHERE list_price = 100000",
    },
    "every item is as its note says": {
        "a price that nobody agreed": "UPDATE item SET price = price - 1 WHERE id ="
        " (SELECT item_id FROM item_change WHERE id = 3)",
        "another crafter's": "UPDATE consignment SET crafter_id = 2 WHERE id = 1",
    },
    "each change of price or terms": {
        "a change that begins elsewhere": "UPDATE item_change SET old_price = old_price + 1 WHERE id = 4",
    },
    "each hand-back gave": {
        "fewer rings": "UPDATE hand_back_line SET quantity = 1 WHERE quantity = 2;"
        "UPDATE hand_back SET pieces = pieces - 1",
        "from the shelf": "UPDATE hand_back_line SET place = 'shelf' WHERE place = 'damaged'",
        "other pieces in all": "UPDATE hand_back SET pieces = 9",
        "another attendant": "UPDATE hand_back SET user_id = 1",
        "another time": "UPDATE hand_back SET at = (SELECT min(at) FROM entry)",
        "no paper": "DELETE FROM hand_back_line;DELETE FROM hand_back;DELETE FROM series WHERE name = 'hand_back'",
    },
    "each damage, loss": {
        "paid more and taken back more": "UPDATE write_off SET compensation = compensation + 1000 WHERE id = 2;"
        "UPDATE write_off SET compensation = compensation - 1000 WHERE id = 3",
        "more rings": "UPDATE write_off SET quantity = 4 WHERE id = 2",
        "lost, not damaged": "UPDATE write_off SET kind = 'lost' WHERE id = 1",
        "somebody else's": "UPDATE write_off SET user_id = 2 WHERE id = 2",
        "another piece": "UPDATE write_off SET item_id = 1 WHERE id = 2",
        "no record": "DELETE FROM write_off WHERE id = 6;UPDATE series SET last = 5 WHERE name = 'write_off'",
    },
    "no more was mended": {
        "all is found and not all paid back": "UPDATE write_off SET quantity = 3 WHERE id = 3;"
        "UPDATE posting SET amount = 3 WHERE unit > 0 AND entry_id = (SELECT entry_id FROM write_off WHERE id = 3)",
    },
    "no more damaged pieces are paid for": {
        "a broken ring paid for, and mended as if it had been paid for": "UPDATE write_off SET owned = 1 WHERE id = 6",
        "more than lie there": "UPDATE write_off SET owned = -1 WHERE id = 6",
        "rings lost from the shelf, said to have lain damaged": "UPDATE write_off SET owned = 1 WHERE id = 2",
    },
    "each item's agreed end": {
        "an end that nobody agreed": "UPDATE item SET agreed_until = '2030-01-01' WHERE id = 4",
        "the end before the last": "UPDATE item SET agreed_until = (SELECT until FROM ageing_answer WHERE id = 1)"
        " WHERE id = 2",
        "an answer hidden": "DELETE FROM ageing_answer WHERE id = 2",
        "who collects extended": "UPDATE ageing_answer SET answer = 'extend' WHERE id = 3",
        "written down by somebody next door": "UPDATE ageing_answer SET user_id = 6 WHERE id = 3",
        "an answer about nothing": "UPDATE ageing_answer SET item_id = 999 WHERE id = 3",
    },
    "each product shows the first": {
        "another photo shown": "UPDATE product SET photo = (SELECT name FROM photo WHERE id = 1) WHERE id = 1",
        "another photo first": "UPDATE photo SET position = -9 WHERE id = 1",
        "its photo forgotten": "UPDATE product SET photo = '' WHERE id = 1",
        "its photos gone": "DELETE FROM photo",
        "photos of nothing": "UPDATE photo SET product_id = 999 WHERE id = 1",
        "a photo of what was merged": "UPDATE product SET photo = 'x' WHERE id = 3",
    },
    "what was merged away": {
        "a ring left behind": "UPDATE item SET product_id = 3 WHERE id = 5;"
        "UPDATE consignment_line SET product_id = 3 WHERE id = (SELECT line_id FROM item WHERE id = 5)",
        "part of itself": "UPDATE product SET merged_into_id = 3 WHERE id = 3",
        "part of nothing": "UPDATE product SET merged_into_id = 999 WHERE id = 3",
        "part of another crafter's": "UPDATE product SET crafter_id = 2 WHERE id = 3",
    },
}  # fmt: skip
