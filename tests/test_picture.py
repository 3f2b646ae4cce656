"""The picture of the packages shows the imports that there are, reads in the dark, and a command draws it again."""

from xml.etree import ElementTree

from docs.picture import PICTURE, draw, imports, order, picture

SVG = "{http://www.w3.org/2000/svg}"


def test_the_picture_is_that_of_the_code() -> None:
    assert PICTURE.read_text(encoding="utf-8") == picture(), "The code has got another shape: run `make picture`."


def test_every_package_has_its_place_in_the_order_that_imports_follow() -> None:
    packages = order()
    assert packages[0] == "config"
    assert packages[-1] == "workflow"
    assert all(packages.index(source) < packages.index(target) for source, target in imports(packages))


def test_another_import_makes_another_picture() -> None:
    packages = order()
    arrows = imports(packages)
    one_more = (packages[0], packages[-2])
    assert draw(packages, arrows - {one_more}) != draw(packages, arrows | {one_more})


def test_the_picture_has_a_title_and_colours_for_light_and_dark() -> None:
    root = ElementTree.fromstring(PICTURE.read_text(encoding="utf-8"))
    assert "workflow" in (root.findtext(f"{SVG}title") or "")
    style = root.findtext(f"{SVG}style") or ""
    light, dark = style.split("prefers-color-scheme: dark")
    names = ("--paper", "--ink", "--soft", "--box", "--edge", "--arrow")
    assert all(f"{name}: #" in light and f"{name}: #" in dark for name in names)
    drawn = [element for element in root.iter() if element.tag not in {f"{SVG}svg", f"{SVG}title", f"{SVG}style"}]
    assert all("fill" not in element.attrib and "stroke" not in element.attrib for element in drawn)
