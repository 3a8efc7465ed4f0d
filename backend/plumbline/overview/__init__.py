"""What is open, late, stopped and unproven, of one project by place and trade, and of all projects of a reader.

Each number is counted from the rows when it is asked for, by the same statement that lists the records behind it, so
that a number and its list cannot differ.
"""
