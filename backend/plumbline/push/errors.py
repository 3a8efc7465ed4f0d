"""What push refuses."""

from plumbline.problems import Problem


class PushAddressUnusable(Problem):
    """Not an https address of a push service on the public network, or keys that are no keys."""

    slug = "push-address-unusable"
    status = 422
    title = {"zh": "无法使用该推送地址", "en": "Push address unusable"}
    detail = {
        "zh": "浏览器给出的推送地址或密钥无法使用。请在“我”中关闭消息提醒后重新打开，或换用其他浏览器。",
        "en": "The browser's address or keys for messages cannot be used. Switch messages off and on again under Me, "
        "or use another browser.",
    }


class PushNeedsDevice(Problem):
    """An API key has no browser that could be told."""

    slug = "push-needs-device"
    status = 403
    title = {"zh": "需在手机或浏览器上登录", "en": "Only for phones and browsers"}
    detail = {
        "zh": "消息提醒只能在已登录的手机或浏览器上打开。请登录后再试。",
        "en": "Messages can be switched on only on a phone or browser that is signed in. Sign in there and try again.",
    }


class DeviceTakesNoMessages(Problem):
    """Nobody switched messages on at this device, or they signed out."""

    slug = "device-takes-no-messages"
    status = 409
    title = {"zh": "该设备未开启消息提醒", "en": "The device takes no messages"}
    detail = {
        "zh": "该设备没有开启消息提醒。请直接联系使用者，请其打开应用并保持联网。",
        "en": "Messages are switched off on this device. Call its person and ask them to open the app with a signal.",
    }


class DeviceHoldsNothing(Problem):
    """Every file of the device's records has come."""

    slug = "device-holds-nothing"
    status = 409
    title = {"zh": "该设备没有缺少的文件", "en": "The device holds nothing back"}
    detail = {
        "zh": "该设备的记录所需文件均已核验，无需提醒。请刷新页面。",
        "en": "All files of this device's records are verified, so there is nothing to remind of. Load the page again.",
    }
