"""Writes the stylesheet with the colours of the sender: pages may hold no styles themselves, as their policy forbids it.

Put here: which variable of `portal.css` gets which colour. Keep out: deriving the colours (`sender.py`), and all other style.
"""

from orchestration.publication.renderings.sender import Colours

SHEET = """\
:root, .papier {{ --kop: {one.main}; --link: {one.link}; --staaf: {one.link}; --staaf-eerder: {one.muted}; --tint: {one.tint}; }}
@media screen and (prefers-color-scheme: dark) {{
  :root {{
    --kop: {one.main_dark}; --link: {one.link_dark}; --staaf: {one.link_dark}; --staaf-eerder: {one.muted_dark}; --tint: {one.tint_dark};
  }}
}}
"""


def stylesheet(colours: Colours) -> str:
    """Return the stylesheet, which follows `portal.css`."""
    return SHEET.format(one=colours)
