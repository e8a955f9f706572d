"""python -m tests.chaos [--kills N] [--seed S]: the campaign, and a table of what became of it."""

import argparse
import tempfile
from pathlib import Path

from tests.chaos.campaign import Campaign


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=0)
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, Campaign(Path(folder), wanted.seed) as campaign:
        for done in range(1, wanted.kills + 1):
            campaign.round()
            if done % 10 == 0:
                print(
                    f"{done} kills, {campaign.acknowledged} commands acknowledged, {len(campaign.lost)} lost",
                    flush=True,
                )
    print(f"kills of a host {campaign.kills['host']}, of the server {campaign.kills['server']}")
    for lost in campaign.lost:
        print("lost:", *lost)
    return 1 if campaign.lost else 0


if __name__ == "__main__":
    raise SystemExit(main())
