"""The bug garden: small mistakes that a good engineer makes, planted one at a time to see which test finds each.

`make garden` plants all of them and says which test catches which; `tests/test_garden.py` sees to it that each of them
still has its place in the source. See `patches` for the mistakes and `__main__` for how they are planted.
"""
