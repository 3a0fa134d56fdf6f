"""Merge reviewed lists of names into the data file of the glossary pipe, with counts from the reports.

Each list has the columns name, label, flag and canonical name. The built file is a list too, so naming it
first adds the names of the others to it::

    python training/glossary/build.py govreport_nlp/pipes/glossary/glossary.tsv NEW-LIST… \
        --reports raw-reports.parquet --terms terms --out govreport_nlp/pipes/glossary/glossary.tsv
"""

from __future__ import annotations

import argparse
import re
from collections import Counter
from pathlib import Path

import pyarrow.parquet as pq

from govreport_nlp.pipes.glossary import Entry, Glossary, GlossaryMatcher, key_of, read_entries
from govreport_nlp.pipes.tables import read_rows, read_text

HERE = Path(__file__).parent
# What the term lists have around a term: footnote and list numbers, title marks.
AROUND = re.compile(
    r"[\[［﹝(（]\s*\^?\d+\s*[\]］﹞)）]|^[〇○◎●\s\d、.．]+(?=[^\d+×xX个大项条+])|[《》]|[，。；、：:]+$"
)
HEADER = """\
# Names of policies, slogans and projects in Chinese government work reports.
# Columns: name, label, flag (quoted: only in quotation marks), canonical name (empty: the name itself),
# number of reports that hold it as longest match, year of the first, year of the last, sources of the name.
# Sources: appendix, terms explained in appendices of reports, and quoted, strings quoted in at least five
# reports, both of the public collection lawtext/gov (2,900 reports, 1954-2025; the counts are of the same);
# guidelines, examples and rulings of the annotation guidelines, version 3, and national formulas and policies
# of the same kinds. Each name was judged by reading it and its contexts under guidelines version 3. In
# doubtful cases the readers looked at the annotated sample documents, and the hand-written list was made with
# knowledge of them, so figures measured on those documents flatter this list.
"""


def merge(lists: list[Path]) -> list[Entry]:
    """Give the entries of all lists, by key; a name judged differently must stand among the decisions."""
    decisions = HERE / "decisions.tsv"
    decided = {
        key_of(entry.name): entry for entry in read_entries(read_text(decisions), where=str(decisions))
    }
    merged: dict[str, Entry] = {}
    for path in lists:
        for entry in read_entries(read_text(path), where=str(path)):
            key = key_of(entry.name)
            same = key_of(entry.canonical) == key
            entry = decided.get(key) or Entry(
                entry.name, entry.label, entry.quoted, "" if same else entry.canonical
            )
            other = merged.setdefault(key, entry)
            if (other.label, other.quoted, other.canonical) != (entry.label, entry.quoted, entry.canonical):
                raise SystemExit(f"{path}: {entry} was judged as {other} before; decide it in {decisions}")
    return [merged[key] for key in sorted(merged) if merged[key].label != "-"]


def sources(terms: Path) -> dict[str, list[str]]:
    """Give the sources of every key of the term lists and the hand-written list."""
    found: dict[str, list[str]] = {}
    for name, path in (
        ("appendix", terms / "glossary-entries.tsv"),
        ("quoted", terms / "quoted-terms.tsv"),
        ("guidelines", HERE / "national.tsv"),
    ):
        terms_read = [term for _, (term,) in read_rows(read_text(path), 1, where=str(path))]
        for key in {key_of(form) for term in terms_read for form in (term, AROUND.sub("", term))}:
            found.setdefault(key, []).append(name)
    return found


def count(entries: list[Entry], reports: Path) -> tuple[Counter[str], dict[str, list[int]]]:
    """Give for every name the number of reports that hold it and their first and last years."""
    by_key = [Entry(entry.name, entry.label, entry.quoted, key_of(entry.name)) for entry in entries]
    matcher = GlossaryMatcher(Glossary(entries=by_key))
    documents: Counter[str] = Counter()
    years: dict[str, list[int]] = {}
    table = pq.read_table(reports, columns=["year", "text"]).to_pylist()
    for report in table:
        for key in {match.name for line in report["text"].splitlines() for match in matcher.find(line)}:
            documents[key] += 1
            span = years.setdefault(key, [report["year"], report["year"]])
            span[:] = min(span[0], report["year"]), max(span[1], report["year"])
    return documents, years


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "lists", nargs="+", type=Path, help="reviewed lists; the hand-written one is always added"
    )
    parser.add_argument(
        "--reports", required=True, type=Path, help="Parquet file with the columns year and text"
    )
    parser.add_argument("--terms", required=True, type=Path, help="folder of the term lists")
    parser.add_argument("--out", required=True, type=Path)
    options = parser.parse_args()
    entries = merge([*options.lists, HERE / "national.tsv"])
    documents, years = count(entries, options.reports)
    origin = sources(options.terms)
    rows = []
    for entry in entries:
        key = key_of(entry.name)
        first, last = years.get(key, ["", ""])
        flag = "quoted" if entry.quoted else ""
        cells = (entry.name, entry.label, flag, entry.canonical, documents[key], first, last)
        rows.append("\t".join([*map(str, cells), "+".join(origin.get(key, ["appendix"]))]))
    options.out.write_text(HEADER + "\n".join(rows) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
