"""The legal acts that come with Baikoo."""

from pathlib import Path

from cases.ground.tables import read_table
from cases.registry.imports import acts
from cases.registry.models import User
from cases.registry.verbs.recording import Right, registrar, write
from workflow.door import Refused

FILE = Path(__file__).parent / "data" / "legal-acts.csv"


def load_legal_acts(*, by: User | None = None) -> dict[str, int]:
    """Add those that are not in the registry yet; done by the system when nobody is named. Doing it twice adds nothing.

    Returns how many rows were new, changed and unchanged. Raises Refused, TableError.
    """
    right = registrar(by) if by else Right()
    preview = acts.preview(read_table(FILE.name, FILE.read_bytes(), ["kind"]), by)
    wrong = [
        f"{line.number}: {problem.column} {problem.sentence}" for line in preview.lines for problem in line.problems
    ]
    if wrong:
        raise Refused("\n".join(wrong))
    for batch in acts.batches(preview.steps()):
        write(batch, right)
    return preview.counts()
