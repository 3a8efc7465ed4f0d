"""The graph of material, work and building; walks both ways; the balance of every lot."""
