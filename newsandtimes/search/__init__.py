"""The search over posts, pages and headlines: its words, its index, its page."""
