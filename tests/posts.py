"""Posts that tests ask for, changed in one field or another."""

from dataclasses import fields, replace
from typing import Any

from crosspromo.domain.requests import FromTemplate, OwnPost, Reshare, Words
from crosspromo.publishing.compose import Material


def changed(material: Material, **values: Any) -> Material:
    """The post with other values: of its records and images, or of its request. `text` is what a
    person wrote, `template` another template.
    """
    of_material = {field.name for field in fields(Material)}
    records = {name: values.pop(name) for name in of_material & values.keys()}
    request = material.request
    if "text" in values:
        match request:
            case OwnPost():
                values["says"] = Words(values.pop("text"))
            case Reshare():
                values["quote"] = values.pop("text")
            case _:
                pass
    if "template" in values and isinstance(request, OwnPost):
        values["says"] = FromTemplate(values.pop("template"))
    return replace(material, request=replace(request, **values), **records)
