"""python -m app; installed, python -m descent"""

from app.cli import main

main()
