"""What somebody might do to goods elsewhere and to joint work behind the program's back, by the line of `books check`
that names it; see tests/falsehoods.py.

Note 1 sent twenty rings to the fair: arrival 1 brought fifteen, write-off 1 lost one, four are on the way. Note 2 sent
three home, arrival 2 brought them. Three chairs that two crafters made (line 3) were sold, one came back; the loss of
a fourth is write-off 2. The bench of line 4 is theirs too. Nothing was ever sent to venue 2.
"""

VENUES = {
    "each venue has its account": {
        "at the office": "UPDATE venue SET desk_id = (SELECT min(id) FROM desk) WHERE id = 2",
        "closed with goods in it": "UPDATE venue SET closed_at = opened_at, closed_by = opened_by WHERE id = 1",
        "no venue": "UPDATE account SET owner_id = 99 WHERE kind = 'venue' AND owner_id = 2",
    },
    "each note of goods on the way": {
        "fewer rings": "UPDATE transfer SET pieces = 19 WHERE id = 1",
        "another time": "UPDATE transfer SET at = (SELECT min(at) FROM entry) WHERE id = 1",
        "somebody else's": "UPDATE transfer SET user_id = 1 WHERE id = 1",
    },
    "each arrival brought": {
        "another time": "UPDATE arrival SET at = (SELECT min(at) FROM entry) WHERE id = 1",
        "turned, not arrived": "UPDATE arrival SET kind = 'turned' WHERE id = 1",
        "somebody else's": "UPDATE arrival SET user_id = 1 WHERE id = 1",
    },
    "what is on the way": {
        "a note that says it is done": "UPDATE transfer SET arrived_at = at WHERE id = 1",
        "a note that says it is not": "UPDATE transfer SET arrived_at = NULL WHERE id = 2",
        "lost elsewhere": "UPDATE write_off SET transfer_id = NULL WHERE id = 1",
    },
}  # fmt: skip

JOINT = {
    "makers of joint work": {
        "less than all": "UPDATE maker SET share_bps = share_bps - 100 WHERE position = 1 AND line_id = 4",
        "somebody next door": "UPDATE maker SET crafter_id = 3 WHERE position = 1 AND line_id = 4",
    },
    "of joint work each maker gets": {
        "another moment": "UPDATE sale_share SET at = (SELECT min(at) FROM entry)",
    },
    "of joint work that came back": {
        "another moment": "UPDATE refund_share SET at = (SELECT min(at) FROM entry)",
    },
}  # fmt: skip
