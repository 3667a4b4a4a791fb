"""Pure guessing: folding of texts, an index of items, ranking, lines of a chat."""
