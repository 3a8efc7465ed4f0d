"""What suppliers refuse."""

from plumbline.problems import Problem


class SupplierUnknown(Problem):
    """The project has no such organization."""

    slug = "supplier-unknown"
    status = 422
    title = {"zh": "没有这个供应商", "en": "Unknown supplier"}
    detail = {
        "zh": "项目中没有这个单位。请同步后重新选择，或先在“人员”中添加单位。",
        "en": "The project has no such organization. Sync and choose again, or add it under People first.",
    }


class SupplierSuspended(Problem):
    """Nothing is received of a suspended supplier."""

    slug = "supplier-suspended"
    status = 409
    title = {"zh": "供应商已暂停", "en": "Supplier suspended"}
    detail = {
        "zh": "“{name}”已被暂停供货：{reason}。这批材料不能验收，请让车辆等候并联系项目经理或材料员。",
        "en": "“{name}” is suspended: {reason}. Do not receive this delivery; hold the truck and call the project "
        "manager or the material keeper.",
    }


class SupplierMerged(Problem):
    """The organization was merged into another, which stands for it."""

    slug = "supplier-merged"
    status = 409
    title = {"zh": "供应商已合并", "en": "Supplier merged"}
    detail = {
        "zh": "“{name}”已合并到“{into}”。请改选“{into}”。",
        "en": "“{name}” was merged into “{into}”. Choose “{into}”.",
    }


class SupplierMergeSelf(Problem):
    """A merge into itself, or into one that was merged into it."""

    slug = "supplier-merge-self"
    status = 422
    title = {"zh": "不能与自己合并", "en": "Cannot merge with itself"}
    detail = {
        "zh": "合并的两个供应商必须不同。请选择另一个。",
        "en": "The two suppliers must be different ones. Choose another.",
    }


class SupplierNameTaken(Problem):
    """The name is confirmed for another supplier."""

    slug = "supplier-name-taken"
    status = 409
    title = {"zh": "名称已属于其他供应商", "en": "Name taken"}
    detail = {
        "zh": "“{name}”已确认为“{of}”的名称。两者是同一家时请合并供应商。",
        "en": "“{name}” is confirmed as a name of “{of}”. If both are one company, merge the suppliers.",
    }


class SupplierNameEmpty(Problem):
    """Nothing is left of the name without its legal form."""

    slug = "supplier-name-empty"
    status = 422
    title = {"zh": "名称不完整", "en": "Name incomplete"}
    detail = {
        "zh": "“{name}”只有公司形式，没有名称。请写出完整的单位名称。",
        "en": "“{name}” is a legal form and no name. Write the whole name of the company.",
    }
