"""What materials refuse."""

from plumbline.problems import Problem


class LotUnknown(Problem):
    """No such lot in this project."""

    slug = "lot-unknown"
    status = 409
    title = {"zh": "批次不存在", "en": "Lot not found"}
    detail = {
        "zh": "本项目中没有这个批次。请同步后重新扫码。",
        "en": "This project has no such lot. Sync and scan again.",
    }


class LotThere(Problem):
    """A lot with this id exists and cannot be received again."""

    slug = "lot-closed"
    status = 409
    title = {"zh": "批次已关闭", "en": "Lot closed"}
    detail = {
        "zh": "批次 {code} 已开始使用，不能再入库。请为新到的材料建立新批次。",
        "en": "Lot {code} is in use, so nothing more can be received into it. Open a new lot for what came later.",
    }


class LotOfOtherMaterial(Problem):
    """A further delivery names another material or unit than the lot."""

    slug = "lot-of-other-material"
    status = 409
    title = {"zh": "材料不符", "en": "Other material"}
    detail = {
        "zh": "批次 {code} 是另一种材料或炉批号。请核对标签，或建立新批次。",
        "en": "Lot {code} is another material or heat. Check the label, or open a new lot.",
    }


class MaterialUnknown(Problem):
    """No such material type."""

    slug = "material-unknown"
    status = 409
    title = {"zh": "材料种类不存在", "en": "Material type not found"}
    detail = {
        "zh": "没有材料种类“{material}”。请从列表中选择。",
        "en": "There is no material type “{material}”. Choose one from the list.",
    }


class UnitDoesNotFit(Problem):
    """The unit is unknown, or of another dimension than the lot's base unit."""

    slug = "unit-does-not-fit"
    status = 409
    title = {"zh": "单位不符", "en": "Unit does not fit"}
    detail = {
        "zh": "数量单位“{unit}”不能用于批次 {code}（单位为 {base}）。请按 {base} 填写。",
        "en": "The unit “{unit}” does not fit lot {code}, which is kept in {base}. Enter it in {base}.",
    }


class BalanceTooSmall(Problem):
    """More than the device knew to be on hand."""

    slug = "balance-too-small"
    status = 409
    title = {"zh": "库存不足", "en": "Not enough on hand"}
    detail = {
        "zh": "批次 {code} 只剩 {on_hand} {unit}，不能领用 {wanted} {unit}。请核对数量，或改用其他批次。",
        "en": "Lot {code} has {on_hand} {unit} left, not {wanted} {unit}. Check the quantity or use another lot.",
    }


class LotStopped(Problem):
    """The lot is stopped or quarantined, and the device had seen it."""

    slug = "lot-stopped"
    status = 409
    title = {"zh": "批次已停用", "en": "Lot stopped"}
    detail = {
        "zh": "批次 {code} 已停用（{reason}），不能使用。请联系质检员，或改用其他批次。",
        "en": "Lot {code} is stopped ({reason}) and must not be used. Ask the quality inspector, or use another lot.",
    }


class LotUnderRecall(Problem):
    """The status of a recalled lot changes when its recall closes."""

    slug = "lot-under-recall"
    status = 409
    title = {"zh": "批次在召回中", "en": "Lot under recall"}
    detail = {
        "zh": "批次 {code} 在召回 {recall} 中，状态由召回决定。请在 {recall} 里处理这一批。",
        "en": "Lot {code} is in recall {recall}, which decides its status. Settle the lot there.",
    }


class PlaceUnknown(Problem):
    """No such place, crew or organization in this project."""

    slug = "place-unknown"
    status = 409
    title = {"zh": "地点、班组或单位不存在", "en": "Place, crew or company not found"}
    detail = {
        "zh": "本项目中没有这个{what}。请同步后重新选择。",
        "en": "This project has no such {what}. Sync and choose again.",
    }


class NotIssued(Problem):
    """A return runs from an issued sublot only."""

    slug = "lot-not-issued"
    status = 409
    title = {"zh": "不是已领用的批次", "en": "Not an issued lot"}
    detail = {
        "zh": "批次 {code} 没有发给班组，不能退库。请扫描领用时的标签。",
        "en": "Lot {code} was not issued to a crew, so it cannot be returned. Scan the label it was issued with.",
    }


class CertificateWithoutFile(Problem):
    """A certificate without photo or PDF."""

    slug = "certificate-without-file"
    status = 422
    title = {"zh": "缺少证书文件", "en": "Certificate file missing"}
    detail = {
        "zh": "请拍摄或选择证书的照片或 PDF。",
        "en": "Photograph the certificate or choose its PDF.",
    }
