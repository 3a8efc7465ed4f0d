"""Texts of messages. They stand on locked screens: what it is about, no person's name, no reason."""

from plumbline.problems import Lang

# kind → title and text; {name} is the task node's name, or the code of the recall.
TEXTS: dict[str, dict[Lang, tuple[str, str]]] = {
    "approve": {
        "zh": ("工序已批准", "{name}：工序记录已批准。"),
        "en": ("Record approved", "{name}: the record is approved."),
    },
    "reject": {
        "zh": ("工序被退回", "{name}：工序记录被退回，请打开查看原因。"),
        "en": ("Record rejected", "{name}: the record was sent back. Open it to read why."),
    },
    "ask": {
        "zh": ("需要补充", "{name}：审批人要求补充，请打开查看。"),
        "en": ("More is asked", "{name}: the approver asks for more. Open it to see what."),
    },
    "question": {
        "zh": ("有一条记录需要处理", "一条未被接受的记录已有答复，请打开发件箱查看。"),
        "en": ("A record needs you", "A record that was not taken has an answer. Open the outbox."),
    },
    "recall": {
        "zh": ("召回：停止使用", "召回 {name}：有材料须立即停用，请打开查看并确认。"),
        "en": ("Recall: stop using", "{name}: material must not be used any more. Open it and acknowledge."),
    },
    "drill": {
        "zh": ("召回演练", "演练 {name}：材料照常使用，请打开查看并确认。"),
        "en": ("Recall drill", "{name} is a drill: nothing is stopped. Open it and acknowledge."),
    },
    "unsent": {
        "zh": ("照片尚未发送", "这部手机上还有 {count} 个文件未到达服务器，请打开应用并保持联网。"),
        "en": ("Photos not sent yet", "Files not at the server yet: {count}. Open the app where there is a signal."),
    },
}


def said(kind: str, lang: Lang, **facts: str) -> tuple[str, str]:
    """Title and text of a message."""
    title, text = TEXTS[kind][lang]
    return title, text.format(**facts)
