"""What every window is built of: jobs, grid, look-up, page, actions, refusals."""
