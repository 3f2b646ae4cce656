"""While the database is prepared, the line that is being worked on is shown, and none of an earlier start."""

from pathlib import Path

from config.start.prepare import last_line


def test_the_last_line_is_that_of_this_command(tmp_path: Path) -> None:
    log = tmp_path / "start.log"
    log.write_bytes(b"  Applying registry.0001_initial... OK\n")
    start = log.stat().st_size
    assert last_line(log, start) == ""
    with log.open("ab") as file:
        file.write("  Applying workflow.0001_initial... OK\n  Колдонулууда".encode())
    assert last_line(log, start) == "Колдонулууда"
