"""The window; only Qt, no table and no rule of the business."""
