"""A made-up series of deburring experiments, seeded: 165 of them like real ones, a tenth without a wear."""

import random
from pathlib import Path

__all__ = ["EXPERIMENTS", "HEADER", "series"]

HEADER = "No.,回転速度,送り速度,UPカット,切込量,突出量,載せ率,パス数,ブラシ,直径,材料,線材長,線材本数,摩耗量,実験日"
EXPERIMENTS = 165


def series(folder: Path) -> tuple[Path, list[dict[str, str]]]:
    """Write the table `結果.csv`; its rows by column."""
    made, seen, rows = random.Random(165), set(), []
    names = HEADER.split(",")
    while len(rows) < EXPERIMENTS:
        speed, feed = made.choice((1000, 2000, 3000, 4000)), made.choice((200, 400, 600, 800))
        depth, reach = made.choice((0.1, 0.3, 0.5)), made.choice((5, 10, 15))
        key = (speed, feed, made.choice(("UP", "DOWN")), depth, reach, made.choice((30, 50, 70)))
        brush, material = made.choice((1, 2, 3)), made.choice(("Steel", "Alumi"))
        if (*key, brush, material) in seen:
            continue
        seen.add((*key, brush, material))
        wear = 0.2 + depth + speed / 10_000 - feed / 5000 + made.gauss(0, 0.05)
        cells = [len(rows) + 1, *key, made.choice((1, 2, 3)), brush, 25, material, 75, 6]
        told = "" if len(rows) % 10 == 9 else f"{wear:.3f}"
        day = f"2025-{9 + len(rows) % 3:02d}-{1 + len(rows) % 28:02d}"
        rows.append(dict(zip(names, [*map(str, cells), told, day], strict=True)))
    path = folder / "結果.csv"
    lines = [",".join(row.values()) for row in rows]
    path.write_text("\n".join([HEADER, *lines, ""]), encoding="utf-8")
    return path, rows
