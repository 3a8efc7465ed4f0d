"""What a trace refuses."""

from plumbline.problems import Problem


class TraceStartIncomplete(Problem):
    """The kind of start needs something that the request does not say."""

    slug = "trace-start-incomplete"
    status = 422
    title = {"zh": "追溯起点不完整", "en": "Start of the trace incomplete"}
    detail = {
        "zh": "请说明从哪里追溯：按送货单追溯要填单号，按时间段追溯要填起止时间（带时区），其他要选一个对象。",
        "en": "Say where to start: a delivery needs the number of its note, a period its first and last instant with "
        "offset, everything else one record.",
    }
