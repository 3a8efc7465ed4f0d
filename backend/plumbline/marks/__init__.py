"""How a thing is recognised: labels of ours printed ahead on rolls, and marks that its maker put there.

A blank label has a code that no thing has yet; the first scan binds it, and it binds once. A mark is a heat number in
a bar code, a GS1 element string or Digital Link, an RFID or NFC tag: kept as it was read, looked up by its normal form.
One heat number may stand on several lots; a serial number or a tag stands on one thing at a time.
"""
