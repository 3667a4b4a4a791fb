"""Readers of .csv files and workbooks: cells in, nothing understood yet."""
