"""Bills of material: the tree that is edited at every level, where-used, comparison, summary."""
