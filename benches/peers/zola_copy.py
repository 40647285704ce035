"""A copy of an archive for Zola, which has names of its own for what front matter says.

Tags and authors become taxonomies, the summary becomes the description, pins become data of the
site's own, and links to files begin at the content folder. Folders of years go: a page of Zola's
stands at the address of its folder, an article of the archive at that of its section.
"""

import pathlib
import posixpath
import re

SECTION = """+++
title = "{title}"
sort_by = "date"
paginate_by = 50
weight = {weight}
generate_feeds = true
# So that the front page has all articles.
transparent = true
+++
"""
SECTIONS = ("news", "culture", "sport", "business", "opinion")
FILE_LINK = re.compile(r"\]\(([^):]+\.md)((?:#[^)]*)?)\)")


def copy(archive, content):
    """All articles, and a file for each section."""
    archive, content = pathlib.Path(archive), pathlib.Path(content)
    for weight, section in enumerate(SECTIONS):
        folder = content / section
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "_index.md").write_text(SECTION.format(title=section.title(), weight=weight + 1), encoding="utf-8")
    for file in archive.glob("**/*.md"):
        path = file.relative_to(archive)
        target = content / place(path.as_posix())
        target.write_text(translated(file.read_text(encoding="utf-8"), path.parent.as_posix()), encoding="utf-8")


def place(path):
    """Where an article of the archive stands in the copy."""
    section, *_, name = path.split("/")
    return f"{section}/{name}"


def translated(text, folder):
    """An article's text. `folder` is where it stands in the archive."""
    _, front_matter, body = text.split("---\n", 2)
    kept, taxonomies, pins = [], [], []
    lines = iter(front_matter.splitlines())
    key = None
    for line in lines:
        if line.startswith("  - "):
            (pins if key == "related" else taxonomies).append(line)
            continue
        key = line.split(":", 1)[0]
        if key in ("tags", "authors"):
            taxonomies.append(f"  {line}")
        elif key == "summary":
            kept.append("description" + line.removeprefix("summary"))
        elif key != "related":
            kept.append(line)
    if taxonomies:
        kept += ["taxonomies:", *taxonomies]
    if pins:
        paths = (place(pin.removeprefix("  - content/")) for pin in pins)
        kept += ["extra:", "  related:", *(f"    - {path}" for path in paths)]
    return "---\n" + "\n".join(kept) + "\n---\n" + FILE_LINK.sub(lambda link: begun_at_content(link, folder), body)


def begun_at_content(link, folder):
    path = posixpath.normpath(posixpath.join(folder, link[1]))
    return f"](@/{place(path)}{link[2]})"
