"""How a form is told what was refused: at the field that it is about, where there is one."""

from django.forms import BaseForm, FileField
from django.http import HttpRequest

from workflow.lifecycle import Refused


def refuse(form: BaseForm, refused: Refused) -> None:
    form.add_error(refused.about if refused.about in form.fields else None, refused.sentence)


def refuse_upload(form: BaseForm, request: HttpRequest) -> None:
    """What config/uploads.py did not take, as the disk is full or the file too large, instead of "missing"."""
    sentence = getattr(request, "upload_refusal", "")
    for name, field in form.fields.items():
        if sentence and isinstance(field, FileField):
            form.errors.pop(name, None)
            form.add_error(name, sentence)
