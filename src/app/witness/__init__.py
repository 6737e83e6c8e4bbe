"""The witness: runs elsewhere, needs no database, and believes only what is proven to it."""
