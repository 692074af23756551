"""What must always be true of joint work that was sold or came back, one query each."""

from showroom_app.ledger.checks import Check

JOINT_CHECKS = [
    Check(
        "of joint work each maker gets what was agreed at intake, and all together the crafters' share",
        # Nobody's part is a whole rupiah away from their share of it.
        "SELECT l.sale_id AS sale, l.position FROM sale_line l LEFT JOIN (SELECT sale_id, position, sum(amount) AS amount,"
        " count(*) AS many FROM sale_share GROUP BY sale_id, position) h ON h.sale_id = l.sale_id AND h.position = l.position"
        " JOIN item i ON i.id = l.item_id"
        " WHERE l.joint <> i.joint OR l.joint AND (coalesce(h.amount, -1) <> l.crafter_share"
        " OR h.many <> (SELECT count(*) FROM maker m WHERE m.line_id = i.line_id)) OR NOT l.joint AND h.sale_id IS NOT NULL"
        " UNION SELECT h.sale_id, h.position FROM sale_share h JOIN sale_line l ON l.sale_id = h.sale_id AND l.position = h.position"
        " JOIN item i ON i.id = l.item_id LEFT JOIN maker m ON m.line_id = i.line_id AND m.crafter_id = h.crafter_id"
        " WHERE m.line_id IS NULL OR h.at <> l.at OR abs(h.amount * 10000 - l.crafter_share * m.share_bps) >= 10000",
    ),
    Check(
        "of joint work that came back each maker gives back their own part, and never more",
        "SELECT r.refund_id AS refund, r.position FROM refund_line r LEFT JOIN (SELECT refund_id, position, sum(amount) AS amount,"
        " sum(borne) AS borne, min(at) AS at FROM refund_share GROUP BY refund_id, position) h ON h.refund_id = r.refund_id"
        " AND h.position = r.position JOIN sale_line l ON l.sale_id = r.sale_id AND l.position = r.sale_position"
        " WHERE r.joint <> l.joint OR r.joint AND (coalesce(h.amount, -1) <> r.crafter_share OR h.borne <> r.borne OR h.at <> r.at)"
        " OR NOT r.joint AND h.refund_id IS NOT NULL"
        " UNION SELECT l.sale_id, l.position FROM sale_line l JOIN (SELECT r.sale_id, r.sale_position, h.crafter_id,"
        " sum(h.amount) AS amount, sum(r.quantity) AS pieces FROM refund_share h JOIN refund_line r ON r.refund_id = h.refund_id"
        " AND r.position = h.position GROUP BY r.sale_id, r.sale_position, h.crafter_id) b ON b.sale_id = l.sale_id"
        " AND b.sale_position = l.position LEFT JOIN sale_share s ON s.sale_id = l.sale_id AND s.position = l.position"
        " AND s.crafter_id = b.crafter_id WHERE s.sale_id IS NULL OR b.amount > s.amount"
        " OR b.pieces = l.quantity AND b.amount <> s.amount",
    ),
]
