"""How a refusal becomes an error of a form: at the field that it is about, where there is one."""

from django.forms import BaseForm, FileField
from django.http import HttpRequest

from cases.ground.storage import WrongFile
from workflow.door import Refused


def refuse(form: BaseForm, refused: Refused) -> None:
    about = _file_field(form) if isinstance(refused, WrongFile) else refused.about
    form.add_error(about if about in form.fields else None, refused.sentence)


def refuse_upload(form: BaseForm, request: HttpRequest) -> None:
    """Says why config/uploads.py refused a file (too large, the disk is full); Django would call it missing."""
    sentence = getattr(request, "upload_refusal", "")
    if sentence:
        name = _file_field(form)
        form.errors.pop(name, None)
        form.add_error(name, sentence)


def _file_field(form: BaseForm) -> str:
    return next(name for name, field in form.fields.items() if isinstance(field, FileField))
