"""What leaves the system on paper or as a file: QR labels and tables.

A label prints the same on every machine, Chinese included, for its font travels with the product.
"""
