"""The commands of `jalon`, one file each: `register` declares its words, and what runs them."""
