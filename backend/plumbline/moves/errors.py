"""What moves refuse."""

from plumbline.problems import Problem


class LotUnderWay(Problem):
    """A lot that was dispatched has to arrive before it goes on."""

    slug = "lot-under-way"
    status = 409
    title = {"zh": "批次在途", "en": "Lot under way"}
    detail = {
        "zh": "批次 {code} 已发出、尚未收货。请先在到达地点登记收货。",
        "en": "Lot {code} was dispatched and has not arrived. Record its arrival first.",
    }


class LotNotUnderWay(Problem):
    """Only what was dispatched can arrive."""

    slug = "lot-not-under-way"
    status = 409
    title = {"zh": "批次不在途", "en": "Lot not under way"}
    detail = {
        "zh": "批次 {code} 没有发出记录。新到的材料请登记进场；数量不符请盘点。",
        "en": "Lot {code} was not dispatched. Receive what is new; count what differs.",
    }
