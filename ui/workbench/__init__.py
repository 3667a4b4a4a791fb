"""物料工作台: everything about one item on one page, reached from wherever an item stands."""
