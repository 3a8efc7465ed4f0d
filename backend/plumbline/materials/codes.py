"""First letters of the human-readable codes of lots."""

# By the material's category.
PREFIX = {
    "reinforcing_steel": "R", "concrete": "C", "cement": "CE", "structural_steel": "S", "bolt": "B", "aggregate": "A",
    "welding_consumable": "W", "masonry_unit": "M", "waterproofing": "WP", "prestressing": "P", "mep": "E",
    "assembly": "Z",
}  # fmt: skip


def prefix(category: str) -> str:
    """As in R-0231; L where nothing is agreed."""
    return PREFIX.get(category, "L")
