"""What is submitted as versions that never change: a plan-schedule, a deliverable."""

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.planning.contents import sha256_of
from cases.registry.models import User
from workflow.rounds.decided import DecidedInRounds
from workflow.rounds.models import Round

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager


class SubmittedVersion(models.Model):
    """The exact contents as they were submitted; never changed. `sha256` is what the answers of the round rest on."""

    TRAIL_GRANTS = ("SELECT", "INSERT")

    number = models.PositiveSmallIntegerField(_("version"))
    contents = models.TextField()
    sha256 = models.CharField("SHA-256", max_length=64)
    submitted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    submitted_at = models.DateTimeField()

    class Meta:
        abstract = True
        ordering = ["number"]
        verbose_name = _("submitted version")

    def read(self) -> Mapping[str, object]:
        """The contents as they were."""
        contents: Mapping[str, object] = json.loads(self.contents)
        return contents


class SubmittedInVersions(DecidedInRounds):
    """A case whose record keeps what was submitted; each version has a round of the same number."""

    submissions = models.PositiveSmallIntegerField(_("times submitted"), default=0)
    submitted_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    sha256 = models.CharField("SHA-256", max_length=64, blank=True)

    if TYPE_CHECKING:
        versions: RelatedManager[SubmittedVersion]

    class Meta:
        abstract = True

    def contents(self) -> str:
        """Everything that is decided on, as one exact text."""
        raise NotImplementedError

    def contents_sha256(self) -> str:
        return sha256_of(self.contents())

    def submitter_id(self) -> int | None:
        return self.submitted_by_id

    def keep_submitted(self) -> None:
        act, contents = self.acting, self.contents()
        self.submissions += 1
        self.submitted_by_id, self.sha256 = act.person_id, sha256_of(contents)
        self.versions.create(
            number=self.submissions,
            contents=contents,
            sha256=self.sha256,
            submitted_by_id=act.person_id,
            submitted_at=act.at,
        )

    def version_of(self, decided: Round) -> SubmittedVersion | None:
        """The version that the round decided on; None where it is not the one that was kept."""
        version = next((version for version in self.versions.all() if version.number == decided.place), None)
        return version if version and sha256_of(version.contents) == decided.sha256 else None
