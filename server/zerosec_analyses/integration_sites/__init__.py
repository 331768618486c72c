"""Integration sites from LAM-PCR reads: trimming, mapping and the sites with their clonal abundances."""
