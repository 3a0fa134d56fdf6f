"""Build the gazetteer of the reader from the administrative divisions of China.

Source: modood/Administrative-divisions-of-China (WTFPL), files provinces.csv, cities.csv, areas.csv.
``python -m training.places.build DIR``
"""

from __future__ import annotations

import csv
from pathlib import Path

import typer

OUT = Path(__file__).parents[2] / "govreport_nlp" / "reading" / "places.tsv"
HEADER = """\
# Names of provinces, prefectures and counties with their administrative level.
# Source: modood/Administrative-divisions-of-China (licence: WTFPL), reduced to names and levels.
"""


def names(path: Path) -> list[str]:
    with path.open(encoding="utf-8") as file:
        return [row["name"] for row in csv.DictReader(file)]


def main(folder: Path, out: Path = OUT) -> None:
    """Write name and level of every division down to the county."""
    skip = ("市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划")
    levels: dict[str, str] = {}
    for file, level in (("areas", "county"), ("cities", "city"), ("provinces", "province")):
        levels |= {name: level for name in names(folder / f"{file}.csv") if name not in skip}
    rows = sorted(levels.items(), key=lambda row: (row[1], row[0]))
    out.write_text(HEADER + "".join(f"{name}\t{level}\n" for name, level in rows), encoding="utf-8")


if __name__ == "__main__":
    typer.run(main)
