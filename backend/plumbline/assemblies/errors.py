"""What assemblies and units refuse."""

from plumbline.problems import Problem


class LotsDiffer(Problem):
    """Lots of several materials, grades or sizes cannot become one lot."""

    slug = "lots-differ"
    status = 409
    title = {"zh": "材料不同，不能合并", "en": "Lots differ"}
    detail = {
        "zh": "批次 {code} 与 {other} 的材料、牌号或规格不同，不能合成一批。由几种材料做成的东西请用“制作组件”。",
        "en": "Lots {code} and {other} differ in material, grade or size, so they cannot become one lot. "
        "What is made of several materials is an assembly.",
    }


class NotAMix(Problem):
    """Only a silo, stockpile or bundle that was opened as a mix takes more."""

    slug = "lot-no-mix"
    status = 409
    title = {"zh": "不是混合批", "en": "Not a mix"}
    detail = {
        "zh": "批次 {code} 不是筒仓、料堆或混捆，不能再加料。请新建混合批。",
        "en": "Lot {code} is no silo, stockpile or bundle, so nothing can be added. Open a new mix.",
    }


class SerialTaken(Problem):
    """Another piece of the material has this serial number."""

    slug = "serial-taken"
    status = 409
    title = {"zh": "序列号已被使用", "en": "Serial number taken"}
    detail = {
        "zh": "序列号 {serial_no} 已属于 {code}。请核对铭牌。",
        "en": "Serial number {serial_no} belongs to {code}. Check the plate.",
    }


class NotCountable(Problem):
    """Only what is counted in pieces or sets has serial numbers."""

    slug = "lot-not-countable"
    status = 409
    title = {"zh": "不是按件计量", "en": "Not counted in pieces"}
    detail = {
        "zh": "批次 {code} 按 {unit} 计量，不能逐件编号。",
        "en": "Lot {code} is counted in {unit}, so its pieces cannot be numbered.",
    }


class NotBuiltIn(Problem):
    """More comes out of an assembly than went in, or something that never did."""

    slug = "not-built-in"
    status = 409
    title = {"zh": "组件中没有这么多", "en": "Not in the assembly"}
    detail = {
        "zh": "组件 {code} 中最多可取回 {left} {unit} 的批次 {input}。请核对数量和批次。",
        "en": "At most {left} {unit} of lot {input} can come out of assembly {code}. Check quantity and lot.",
    }
