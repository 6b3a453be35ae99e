"""A Story's forms outside a live notebook: an image, sanitised HTML, one page to share."""

from __future__ import annotations

import base64
import gzip
import html
import json
import os
import re
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .story import Story
from .svg import static_svg

SHRUNK = 1600  # a wider picture cannot be read when it is shrunk to a page

_HERE = Path(__file__).parent
_PARTS = ("scene.js", "parts.js", "code.js", "hands.js", "player.js")
ESM = "".join((_HERE / name).read_text("utf-8") for name in _PARTS)
CSS = (_HERE / "player.css").read_text("utf-8")

_SHIM = """
function model(data) {
  const set = (key, value) => { data[key] = value; };
  return { get: (key) => data[key], set, on() {}, off() {}, save_changes() {} };
}
"""

# The page may run its own script and style and nothing else: no request can leave it.
_POLICY = (
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data: blob:"
)


def write_atomically(path: str | os.PathLike[str], data: bytes) -> Path:
    """Write a file so that it is there whole or not at all."""
    target = Path(path)
    handle, name = tempfile.mkstemp(dir=target.absolute().parent, prefix=f".{target.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        os.chmod(name, 0o644)
        os.replace(name, target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return target


def image(svg: str, alt: str, *, whole: bool = True) -> str:
    """An SVG as an `<img>` element, which a page with sanitised HTML still shows.

    It shrinks until it is seen whole, or else keeps its size, and one scrolls to see it.
    """
    shown = '<img alt="{}" style="max-width:{}" src="{}">'
    if whole:
        return shown.format(html.escape(alt), "100%", _inline(svg))
    return (
        f'<div style="overflow-x:auto">{shown.format(html.escape(alt), "none", _inline(svg))}</div>'
    )


def themed(light: str, dark: str, alt: str) -> str:
    """An image that follows JupyterLab's theme; where no script may run it stays the light one."""
    script = (
        "const img=document.currentScript.previousElementSibling,"
        f'light=img.src,dark="{_inline(dark)}",'
        'set=()=>{img.src=document.body.dataset.jpThemeLight==="false"?dark:light};set();'
        "new MutationObserver(set).observe(document.body,"
        '{attributes:true,attributeFilter:["data-jp-theme-light"]})'
    )
    return f"{image(light, alt)}<script>{{{script}}}</script>"


def _inline(svg: str) -> str:
    return f"data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()}"


def picture(story: Story) -> str:
    """The story's drawing as it is after the last frame."""
    marks = story.state() if story.frames else {k: set(v) for k, v in story.start.items()}
    return static_svg(story.drawing, marks, story.labels(), story.title)


def state_of(story: Story) -> dict[str, Any]:
    """What the front end is given to play a story."""
    return {"story": story.to_dict(), "step": 0}


def fallback(
    story: Story, head: str = "", state: Mapping[str, Any] | None = None,
    esm: str = ESM, css: str = CSS,
) -> str:  # fmt: skip
    """HTML that survives sanitising: the last picture, and every step in words; where scripts may
    run (nbconvert's pages), one line of script brings it to life without any request.

    `head` is HTML to stand above the story; a widget that is more than a player gives its own
    `state`, script and style.
    """
    captions = story.captions()
    steps = "".join(f"<li>{html.escape(caption)}</li>" for caption in captions)
    subtitle = f" &middot; {html.escape(story.subtitle)}" if story.subtitle else ""
    alt = f"{story!r}. {captions[-1] if captions else ''}"
    drawn = image(picture(story), alt, whole=story.drawing["w"] <= SHRUNK)
    return (
        f"<div>{head}<p><b>{html.escape(story.title)}</b>{subtitle}</p>{drawn}"
        f"{f'<p>{html.escape(story.left_out)}</p>' if story.left_out else ''}"
        f"<details><summary>Every step in words</summary><ol>{steps}</ol></details></div>"
        f"{_alive(state or state_of(story), esm, css)}"
    )


def _alive(state: Mapping[str, Any], esm: str, css: str) -> str:
    bundle = {"esm": esm, "css": css, "state": dict(state)}
    packed = base64.b64encode(gzip.compress(json.dumps(bundle).encode(), mtime=0)).decode()
    script = (
        'const box=document.currentScript.previousElementSibling,data="data:;base64,'
        + packed
        + '";'
        'const raw=Uint8Array.from(atob(data.split(",")[1]),c=>c.charCodeAt(0));'
        'new Response(new Blob([raw]).stream().pipeThrough(new DecompressionStream("gzip"))).json()'
        ".then(async b=>{const url=URL.createObjectURL(new Blob([b.esm],{type:'text/javascript'}));"
        "const m=await import(url);const css=document.createElement('style');css.textContent=b.css;"
        "document.head.append(css);const d=b.state;m.default.render({el:box,model:{"
        "get:k=>d[k],set:(k,v)=>{d[k]=v},on(){},off(){},save_changes(){}}})})"
    )
    return f"<script>{{{script}}}</script>"


def page(
    story: Story, state: Mapping[str, Any] | None = None, esm: str = ESM, css: str = CSS
) -> str:
    """One self-contained HTML page that plays the story."""
    data = json.dumps(state or state_of(story), ensure_ascii=False).replace("<", "\\u003c")
    module = re.sub(r"export default \{ render: (\w+) \};", r"const main = \1;", esm)
    module = module.replace("export default { render };", "const main = render;") + _SHIM
    title = html.escape(story.title)
    return f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="{_POLICY}">
<style>
:root {{ color-scheme: light dark; }}
body {{ margin: 24px auto; max-width: 1180px; padding: 0 16px; background: Canvas; }}
{css}</style></head>
<body><main id="story"><noscript><ol>{_list(story)}</ol></noscript></main>
<script type="application/json" id="data">{data}</script>
<script type="module">
{module}
const data = JSON.parse(document.getElementById("data").textContent);
main({{ model: model(data), el: document.getElementById("story") }});
</script></body></html>
"""


def _list(story: Story) -> str:
    return "".join(f"<li>{html.escape(caption)}</li>" for caption in story.captions())


def bundle(story: Story) -> dict[str, Any]:
    """What a notebook keeps of a story besides the live widget."""
    return {"text/plain": repr(story), "text/html": fallback(story)}
