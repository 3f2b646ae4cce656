"""Measures this checkout, and an older one in turn with it: `python -m bench --before <folder>`; see --help.

Prints the figures, and leaves them in var/bench.json.
"""

import argparse
import json
import os
import platform
import statistics
import subprocess
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench.checkouts import Checkout, Process, drop, make_databases, running
from bench.web import measure_web

ROOT = Path(__file__).resolve().parent.parent
SIZES = {"recommendations": "10000,100000,1000000", "monitorings": "1000,24000"}
WARM = 2
"""Rounds that are not counted."""
Processes = Mapping[tuple[str, int], Process]
Figures = dict[str, dict[str, dict[str, float]]]
"""name -> "checkout size" -> what was measured."""


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--before", type=Path, help="folder of an older checkout, measured in turn with this one")
    parser.add_argument("--rows", choices=SIZES, default="recommendations", help="what there is much of")
    parser.add_argument("--sizes", help="numbers of recommendations, or of deliverables of monitorings")
    parser.add_argument("--rounds", type=int, default=40, help="calls of each operation")
    parser.add_argument("--bulk-rounds", type=int, default=3, help="calls of each operation in bulk")
    parser.add_argument("--only", default="", help="operations whose name has one of these words in it")
    parser.add_argument("--web", action="store_true", help="pages over HTTP too")
    return parser.parse_args()


def main() -> None:
    asked = arguments()
    sizes = [int(size) for size in (asked.sizes or SIZES[asked.rows]).split(",")]
    checkouts = [Checkout("now", ROOT)]
    if asked.before:
        checkouts.insert(0, Checkout("before", asked.before.resolve()))
    make_databases(checkouts, sizes, asked.rows)
    result: dict[str, Any] = {"date": datetime.now(UTC).isoformat(timespec="minutes"), "machine": _machine()}
    result["load_before"] = os.getloadavg()
    with running(checkouts, sizes) as processes:
        result |= _measure(processes, asked)
        if asked.web:
            result["web"] = {
                checkout.name: measure_web(checkout, checkout.database(sizes[0]), processes[checkout.name, sizes[0]])
                for checkout in checkouts
            }
    result["load_after"] = os.getloadavg()
    drop([checkout.database(size) for checkout in checkouts for size in sizes])
    _keep(result)
    _print(result)


def _measure(processes: Processes, asked: argparse.Namespace) -> dict[str, Figures]:
    names, bulk_names = [process.ask(f"prepare_{asked.rows}", size) for (_name, size), process in processes.items()][0]
    words = asked.only.split(",")
    chosen, chosen_bulks = (
        [name for name in each if any(word in name for word in words)] for each in (names, bulk_names)
    )
    return {
        "operations": _in_turn(processes, "run", chosen, asked.rounds, warm=WARM),
        "bulk": _in_turn(processes, "run_bulk", chosen_bulks, asked.bulk_rounds, warm=1),
    }


def _in_turn(processes: Processes, how: str, names: Sequence[str], rounds: int, *, warm: int) -> Figures:
    """Each operation of each checkout at each size, once a round: what else the machine does falls on all alike."""
    answers: dict[str, dict[str, list[dict[str, float]]]] = {
        name: {f"{checkout} {size}": [] for checkout, size in processes} for name in names
    }
    for turn in range(rounds + warm):
        for name in names:
            for (checkout, size), process in processes.items():
                more = [turn] if how == "run" else []
                answer = process.ask(how, name, *more)
                if turn >= warm:
                    answers[name][f"{checkout} {size}"].append(answer)
    return {name: {key: _figure(each) for key, each in found.items()} for name, found in answers.items()}


def _figure(answers: Sequence[Mapping[str, float]]) -> dict[str, float]:
    """Medians and the 95th percentile of the wall time, in milliseconds."""
    walls = [answer["wall"] for answer in answers]
    figure = {
        "cpu": round(statistics.median(answer["cpu"] for answer in answers), 2),
        "wall": round(statistics.median(walls), 2),
        "p95": round(statistics.quantiles(walls, n=20)[-1] if len(walls) > 1 else walls[0], 2),
        "queries": statistics.median(answer["queries"] for answer in answers),
    }
    if "rows" in answers[0]:
        figure["cpu_a_row"] = round(figure["cpu"] / answers[0]["rows"], 4)
    return figure


def _machine() -> dict[str, Any]:
    commit = subprocess.run(["git", "log", "-1", "--format=%h"], cwd=ROOT, capture_output=True, text=True, check=False)
    return {"cores": os.cpu_count(), "python": platform.python_version(), "commit": commit.stdout.strip()}


def _keep(result: Mapping[str, Any]) -> None:
    path = ROOT / "var" / "bench.json"
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(result, indent=1, ensure_ascii=False))


def _print(result: Mapping[str, Any]) -> None:
    for part in ("operations", "bulk"):
        for name, found in result[part].items():
            print(f"\n{name}")
            for key, figure in found.items():
                print(f"  {key:<16} " + "  ".join(f"{what} {value:>9,.2f}" for what, value in figure.items()))
    for checkout, pages in result.get("web", {}).items():
        for name, figure in pages.items():
            print(f"{checkout:<8} {name:<14} {figure}")
    print(f"\nLoad {result['load_before']} before, {result['load_after']} after.")


main()
