name = English
direction = ltr
