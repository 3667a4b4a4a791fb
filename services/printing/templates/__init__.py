"""Form templates as data: what a document type can show, which of it a template shows, and on which paper."""
