"""Bills of material: versions, explosion, where-used, comparison."""
