name = עברית
direction = rtl
