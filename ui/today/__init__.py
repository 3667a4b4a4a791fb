"""今日: what waits for somebody, on a page of its own and as counts in the frame's head."""
