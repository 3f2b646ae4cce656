"""`manage.py makemessages`, without guesses: a new text is empty until someone translates it."""

import re
from pathlib import Path

from django.core.management.commands import makemessages


class Command(makemessages.Command):
    msgmerge_options = ["--quiet", "--backup=none", "--update", "--no-fuzzy-matching"]

    def write_po_file(self, potfile: str, locale: str) -> None:
        super().write_po_file(potfile, locale)
        if locale == "ky":
            # A new file comes with two plural forms; Kyrgyz has one, and msgfmt refuses the second.
            path = Path(potfile).parent / locale / "LC_MESSAGES" / f"{self.domain}.po"
            path.write_text(re.sub(r'^msgstr\[1\] ""\n', "", path.read_text(), flags=re.M))
