"""``govreport corpus``: the annotated corpora."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from govreport_nlp.cli.errors import DebugOption, describe, reporting_errors, wrong_usage
from govreport_nlp.cli.output import print_json, print_table, write_tsv
from govreport_nlp.errors import GovReportError

if TYPE_CHECKING:
    from govreport_nlp.corpora.catalogue import Corpus
    from govreport_nlp.corpora.names import Mention

__all__ = ["corpus"]

corpus = typer.Typer(
    help="Annotated corpora: list them, join them with their texts, count, check, compare, export.",
    no_args_is_help=True,
    rich_markup_mode="markdown",
)

NameOption = Annotated[
    str, typer.Option("--corpus", "-c", metavar="NAME", help="Corpus, or a folder that holds one.")
]
TextsOption = Annotated[
    Path | None,
    typer.Option("--texts", "-t", metavar="DIR", help="Folder of the texts of a stand-off corpus."),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Give JSON.")]


@corpus.command("list")
def list_corpora(as_json: JsonOption = False, debug: DebugOption = False) -> None:
    """List the corpora that come with the package: size, licence, what they are."""
    from govreport_nlp.corpora import corpora

    with reporting_errors(debug):
        facts = [_facts(item) for item in corpora()]
        if as_json:
            print_json(facts)
        else:
            columns = [name for name in facts[0] if name != "folder"]
            print_table("", columns, [[str(fact[name]) for name in columns] for fact in facts], fold=True)


def _facts(item: Corpus) -> dict[str, Any]:
    records = list(item.records())
    return {
        "name": item.name,
        "documents": len(records),
        "characters": sum(end - start for record in records for start, end in record["regions"]),
        "text": "included" if all(record["text"] for record in records) else "attach or fetch it",
        "license": item.license,
        "description": item.description,
        "folder": str(item.folder),
    }


@corpus.command("attach")
def attach_texts(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="Folder that holds the texts, or some of them.")
    ],
    name: NameOption = "govreport",
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", metavar="OUT", help="Folder to write the joined records to, by split."
        ),
    ] = None,
    debug: DebugOption = False,
) -> None:
    """Verify the texts of a stand-off corpus in a folder, and join them with the annotations.

    Texts are found by name, by content, or in raw-reports.parquet. Missing and changed ones are reported, and
    the exit code is then 1; the joined records of the others are written all the same.
    """
    from govreport_nlp.corpora.attaching import attach, attached_records
    from govreport_nlp.corpora.records import write_records

    with reporting_errors(debug):
        with wrong_usage("--corpus"):
            item = _find(name)
        with wrong_usage("DIR"):
            found = attach(item, folder)
        for source in found.missing:
            typer.echo(f"Missing: {source}", err=True)
        for changed, path in found.changed.items():
            typer.echo(f"Changed: {changed} (in {path}): its SHA-256 is another one", err=True)
        for path in found.extra:
            typer.echo(f"Extra: {path} belongs to no record", err=True)
        written = 0
        for split in item.splits if output else ():
            records = [r for r in attached_records(item.records(split), found.texts) if r["text"] is not None]
            write_records(Path(str(output)) / f"{split}.jsonl", records)
            written += len(records)
        typer.echo(
            f"{len(found.texts)} texts found, {len(found.missing)} missing, {len(found.changed)} changed, "
            f"{len(found.extra)} extra" + (f"; {written} records written to {output}" if output else "")
        )
        if not found.complete:
            raise typer.Exit(1)


@corpus.command("fetch")
def fetch_texts(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder to download to.", file_okay=False)],
    name: NameOption = "govreport",
    base: Annotated[
        str | None,
        typer.Option(
            "--base-url",
            metavar="URL",
            help="Address of a mirror: what stands before /owner/name/commit/path.",
        ),
    ] = None,
    retries: Annotated[
        int, typer.Option("--retries", min=0, help="Further tries after a passing failure.")
    ] = 3,
    timeout: Annotated[
        float, typer.Option("--timeout", min=0.1, help="Seconds to wait for the server.")
    ] = 30.0,
    debug: DebugOption = False,
) -> None:
    """Download the texts of a stand-off corpus from their public repository, and verify them.

    What is there already is kept. Texts that lie in no public repository are listed with title, issuer and
    date. The exit code is 1 if a download failed.
    """
    from rich.console import Console
    from rich.progress import Progress

    from govreport_nlp.corpora.attaching import sources_of
    from govreport_nlp.corpora.fetching import fetch
    from govreport_nlp.corpora.sources import RAW_FILES

    with reporting_errors(debug):
        with wrong_usage("--corpus"):
            sources = sources_of(_find(name))
        with wrong_usage("--base-url"), Progress(console=Console(stderr=True), transient=True) as progress:
            task = progress.add_task("Fetching", total=len(sources))
            result = fetch(
                sources,
                folder,
                base=base or RAW_FILES,
                retries=retries,
                timeout=timeout,
                on_source=lambda _: progress.advance(task),
            )
        for failed, reason in result.failed.items():
            typer.echo(f"Failed: {describe(GovReportError(reason, where=failed))}", err=True)
        for source in result.private:
            typer.echo(f"Not public: put into {folder}: {source}", err=True)
        typer.echo(
            f"{len(result.done)} texts downloaded, {len(result.present)} there already, "
            f"{len(result.failed)} failed, {len(result.private)} not public"
        )
        if result.failed:
            raise typer.Exit(1)


@corpus.command()
def stats(
    names: Annotated[
        list[str] | None, typer.Argument(metavar="[NAMES]", help="Corpora; all by default.")
    ] = None,
    texts: TextsOption = None,
    plots: Annotated[
        Path | None,
        typer.Option("--plots", metavar="DIR", help="Also draw charts into this folder (needs matplotlib)."),
    ] = None,
    as_json: JsonOption = False,
    debug: DebugOption = False,
) -> None:
    """Count documents, spans, themes, lengths; with the texts, also frequent and unseen names."""
    from govreport_nlp.corpora.attaching import attach, attached_records
    from govreport_nlp.corpora.counting import statistics, tables

    with reporting_errors(debug):
        with wrong_usage("NAMES"):
            items = _find_all(names)
        figures: dict[str, Any] = {}
        for item in items:
            found = attach(item, texts).texts if texts else {}
            figures[item.name] = statistics(attached_records(item.records(), found))
        if plots:
            from govreport_nlp.corpora.plotting import plot

            for name, figure in figures.items():
                for path in plot(figure, plots / name):
                    typer.echo(f"Drawn: {path}", err=True)
        if as_json:
            print_json(figures)
            return
        for name, figure in figures.items():
            for table in tables(figure):
                print_table(f"{name}: {table.title}", table.columns, table.rows)
            if figure["unseen"] is None:
                typer.echo(f"{name}: names are counted only with the texts: --texts DIR", err=True)


@corpus.command()
def check(
    names: Annotated[
        list[str] | None, typer.Argument(metavar="[NAMES]", help="Corpora; all by default.")
    ] = None,
    texts: TextsOption = None,
    listing: Annotated[
        Path | None,
        typer.Option("--list", metavar="FILE", help="Write names to look at to this tab-separated file."),
    ] = None,
    debug: DebugOption = False,
) -> None:
    """Check form, offsets, splits and near-duplicates; list names that are marked unevenly.

    What needs the texts is checked where they are; without NAMES, the checksums of the corpora too. Problems
    give exit code 1; names that have several labels or stand unmarked are for a person to judge.
    """
    from govreport_nlp.corpora.catalogue import data_folder
    from govreport_nlp.corpora.checking import check as check_corpus
    from govreport_nlp.corpora.checking import check_sums

    with reporting_errors(debug):
        with wrong_usage("NAMES"):
            items = _find_all(names)
        problems = [] if names else check_sums(data_folder())
        mentions: list[Mention] = []
        for item in items:
            found = check_corpus(item, texts)
            problems += found.problems
            mentions += [*found.several_labels, *found.unmarked]
            typer.echo(
                f"{item.name}: {found.records} records, {found.with_text} with text, "
                f"{len(found.problems)} problems; "
                f"{len({mention.name for mention in found.several_labels})} names with several labels, "
                f"{len({mention.name for mention in found.unmarked})} names with unmarked mentions"
            )
        for problem in problems:
            typer.echo(f"Problem ({problem.kind}): {problem.where}: {problem.what}", err=True)
        if listing:
            columns = ["name", "record", "start", "end", "label", "usual labels", "context"]
            write_tsv(listing, columns, (_mention_row(mention) for mention in mentions))
        if problems:
            raise typer.Exit(1)


def _mention_row(mention: Mention) -> list[object]:
    usual = ", ".join(f"{label} {count}" for label, count in mention.usual.items())
    return [
        mention.name,
        mention.record,
        mention.start,
        mention.end,
        mention.label or "–",
        usual,
        mention.context,
    ]


@corpus.command()
def diff(
    a: Annotated[
        Path, typer.Argument(metavar="A", help="JSONL file of records.", exists=True, dir_okay=False)
    ],
    b: Annotated[
        Path,
        typer.Argument(metavar="B", help="The same texts, annotated again.", exists=True, dir_okay=False),
    ],
    listing: Annotated[
        Path | None,
        typer.Option("--list", metavar="FILE", help="Write every difference to this tab-separated file."),
    ] = None,
    texts: TextsOption = None,
    as_json: JsonOption = False,
    debug: DebugOption = False,
) -> None:
    """Measure how far two annotations of the same texts agree, and list where they differ.

    Both files hold corpus records or records of govreport annotate.
    """
    from govreport_nlp.corpora.agreement import compare
    from govreport_nlp.corpora.records import read_records

    with reporting_errors(debug):
        left, right = list(read_records(a)), list(read_records(b))
        agreement = compare(left, right)
        figures = agreement.to_dict()
        if listing:
            slices = _slices([*left, *right], texts)
            rows = (
                [
                    item.record,
                    item.kind,
                    item.start,
                    item.end,
                    item.a,
                    item.b,
                    slices(item.record, item.start, item.end),
                ]
                for item in agreement.differences
            )
            write_tsv(listing, ["record", "kind", "start", "end", "A", "B", "text"], rows)
        if as_json:
            print_json(figures)
            return
        scores = {**figures["entities"], "sentences": figures["sentences"], "themes": figures["themes"]}
        lines = [[name, *(f"{value:,}" for value in score.values())] for name, score in scores.items()]
        title = f"{figures['records']} reports, {figures['characters']:,} characters"
        print_table(title, ["", "A", "B", "both", "F1"], lines)
        typer.echo(
            f"Same main theme: {figures['main_theme']:.1%}. "
            f"Cohen's kappa: {figures['kappa_entities']} (characters), {figures['kappa_themes']} (themes). "
            f"{len(agreement.differences)} differences"
        )


@corpus.command()
def export(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Corpus, or a folder that holds one.")],
    output: Annotated[Path, typer.Argument(metavar="OUT", help="Folder to write to.", file_okay=False)],
    texts: TextsOption = None,
    incomplete: Annotated[
        bool, typer.Option("--incomplete", help="Leave out reports whose text is missing.")
    ] = False,
    debug: DebugOption = False,
) -> None:
    """Write a corpus as Parquet files with a dataset card, ready for the Hugging Face hub."""
    from govreport_nlp.corpora.exporting import export as export_corpus

    with reporting_errors(debug):
        with wrong_usage("NAME"):
            item = _find(name)
        files = export_corpus(item.folder, output, texts=texts, incomplete=incomplete)
        typer.echo(f"{len(files)} files written to {output}")


def _find(name: str) -> Corpus:
    from govreport_nlp.corpora import find_corpus

    return find_corpus(name)


def _find_all(names: Sequence[str] | None) -> list[Corpus]:
    from govreport_nlp.corpora import corpora

    return [_find(name) for name in names] if names else corpora()


def _slices(records: Iterable[dict[str, Any]], folder: Path | None) -> Any:
    """Give a function that gives the text of a span without white space, where the text is known."""
    from govreport_nlp.corpora import attach, find_corpus

    found = attach(find_corpus("govreport"), folder).texts if folder else {}
    texts = {
        str(record.get("id") or record["source"]): record.get("text") or found.get(record["source"] or "", "")
        for record in records
    }
    return lambda name, start, end: "".join(texts.get(name, "")[start:end].split())[:80]
