"""Step records: people, equipment, material, method, environment and measurement at one task node, with photos."""
