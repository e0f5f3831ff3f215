"""Small reference renderings that a person has checked, kept in ``tests/data/renderings`` and compared as an eye would.

Both pictures are blurred a little, so that the rounding of a pixel, the hinting of a letter or another release of
libvips makes no difference, and compared in CIELAB: both the largest and the mean difference must be small.

After a deliberate change, run this file as a script; it rewrites the pictures that differ. Look at every picture that
``git status`` shows before committing it::

    python -m tests.local.rendering.test_references
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
import pyvips

from imagekitio.local.base.settings import Settings
from imagekitio.local.rendering import LayerFile, render

FOLDER = Path(__file__).parents[2] / "data" / "renderings"
MAX_MEAN_DIFFERENCE = 0.7  # CIELAB; 2.3 is the smallest difference that an eye notices
MAX_DIFFERENCE = 12.0

SCENE = """
<svg xmlns="http://www.w3.org/2000/svg" width="320" height="240">
  <rect width="320" height="240" fill="#3b7dd8"/><rect y="60" width="320" height="180" fill="#6f9fe0"/>
  <rect y="110" width="320" height="130" fill="#a9bfd4"/><rect y="150" width="320" height="90" fill="#f6d9a8"/>
  <circle cx="240" cy="70" r="32" fill="#ffe27a"/>
  <path d="M0 190Q80 110 170 180T320 150V240H0Z" fill="#3f7f4f"/>
  <path d="M0 215Q120 170 320 215V240H0Z" fill="#2b5a37"/>
  <rect x="66" y="120" width="10" height="60" fill="#5b3a1e"/><circle cx="71" cy="110" r="30" fill="#2f6b35"/>
  <path d="M190 190v-40l30-22 30 22v40z" fill="#b5482f"/><rect x="212" y="160" width="16" height="30" fill="#f0e6d2"/>
</svg>"""
LOGO = """
<svg xmlns="http://www.w3.org/2000/svg" width="120" height="120">
  <circle cx="60" cy="60" r="44" fill="#d6249f"/>
  <path d="M60 24l11 24 26 3-19 18 5 26-23-13-23 13 5-26-19-18 26-3z" fill="#fff"/>
</svg>"""
MAP = """
<svg xmlns="http://www.w3.org/2000/svg" width="320" height="240">
  <defs><linearGradient id="a"><stop stop-color="#ff8000"/><stop offset=".5" stop-color="#808000"/>
  <stop offset="1" stop-color="#008000"/></linearGradient></defs><rect width="320" height="240" fill="url(#a)"/>
</svg>"""

SCENES = {
    "layer-image-corner": "w-160:l-image,i-logo.png,w-50,lfo-top_left,l-end",
    "layer-image-far-edge": "w-160:l-image,i-logo.png,w-50,lx-N5,ly-N5,l-end",
    "layer-image-anchor": "w-160:l-image,i-logo.png,w-40,lxc-0,lyc-N30,lap-center,rt-30,l-end",
    "layer-solid-bar": "w-160:l-image,i-ik_canvas,bg-red,w-bw,h-bh_div_10,ly-N0,l-end",
    "layer-solid-faded": "w-160:l-image,i-ik_canvas,bg-0000FF,al-5,w-80,h-60,r-20,l-end",
    "layer-gradient": "w-160:l-image,i-ik_canvas,e-gradient-ld-top_from-000000_to-00000000_sp-0.6,l-end",
    "layer-nested": "w-160:l-image,i-scene.png,w-80,b-4_FFFFFF,l-image,i-logo.png,w-30,lfo-bottom_right,"
    "l-text,i-A,fs-14,co-black,l-end,l-end,l-end",
    "layer-multiply": "w-140:l-image,i-logo.png,w-90,lm-multiply,l-end",
    "layer-cutout": "w-160:l-image,i-logo.png,w-90,lm-cutout,l-end",
    "layer-cutter": "w-160:l-image,i-logo.png,w-90,lm-cutter,lfo-left,l-end",
    "layer-displace": "w-160:l-image,i-map.png,w-160,lm-displace,x-20,y-0,t-false,l-end",
    "text-plain": "w-160:l-text,i-Hello World,fs-24,co-FFFFFF,l-end",
    "text-box": "w-160:l-text,i-Autumn sale,fs-18,w-90,pa-8_12,bg-00000080,co-FFFF00,r-10,ia-left,"
    "lfo-bottom_left,l-end",
    "text-styles": "w-160:l-text,i-Bold and strange,fs-20,w-120,tg-b_i_strikethrough,co-navy,lh-30,l-end",
    "text-rotated": "w-160:l-text,ie-R3LDvMOfZQ%3D%3D,fs-26,co-white,bg-B5482F,pa-6,rt-N20,r-max,l-end",
    "text-cutter": "w-160:l-text,i-HILLS,fs-60,tg-b,lm-cutter,l-end",
    "old-overlays": "w-160,oi-logo.png,ow-40,ofo-top_right:ot-Old,ots-18,otbg-FFFFFF80,otp-5,ofo-bottom,or-5",
    "gradient-fade": "w-80,e-gradient-ld-right_from-00000000_to-FF000090",
    "sharpen": "w-160,e-sharpen-300",
    "unsharp": "w-140,e-usm-3-3-2-0.02",
    "contrast": "w-160,e-contrast",
    "colorize": "w-160,e-colorize-co-teal_in-70",
    "colour-replaced": "w-160,cr-purple_30_b5482f",
    "perspective": "w-160:e-distort-p-20_0_150_25_160_100_0_120",
    "arc": "w-120:e-distort-a-120",
    "arc-downwards": "w-120:e-distort-a-N60,bg-white",
}
LOGOS = {
    "shadow": "w-90,h-90,cm-pad_resize,bg-FFFFFF00:e-shadow-bl-4_st-60_x-6_y-8:bg-F3F3F3",
    "logo-distorted": "e-distort-p-10_5_100_30_110_90_0_115:w-100",
}


def write_sources(folder: Path) -> dict[str, Path]:
    """Write the source pictures of the renderings."""
    files = {}
    for name, drawing in (("scene.png", SCENE), ("logo.png", LOGO), ("map.png", MAP)):
        files[f"/{name}"] = folder / name
        pyvips.Image.svgload_buffer(drawing.encode()).write_to_file(str(folder / name))
    return files


def render_reference(files: dict[str, Path], name: str) -> pyvips.Image:
    source, steps = ("/scene.png", SCENES[name]) if name in SCENES else ("/logo.png", LOGOS[name])
    settings = Settings(data=files[source].parent, url_endpoint="http://127.0.0.1/local")
    library = {path: LayerFile(file) for path, file in files.items()}
    made = render(files[source], f"{steps}:f-png,lo-true", settings=settings, mime="image/png", library=library.get)
    assert made.warnings == ()
    return pyvips.Image.new_from_buffer(made.content, "")


def measure_difference(one: pyvips.Image, other: pyvips.Image) -> tuple[float, float]:
    """Return the mean and largest distance in CIELAB after a little blur, with grey behind transparent pixels."""
    if (one.width, one.height) != (other.width, other.height):
        return 100.0, 100.0
    first, second = (
        (image if image.hasalpha() else image.bandjoin(255)).flatten(background=[128, 128, 128]).gaussblur(1.2)
        for image in (one, other)
    )
    distance = first.colourspace("lab").dE76(second.colourspace("lab"))
    largest = distance.max()
    assert isinstance(largest, float)
    return distance.avg(), largest


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return write_sources(tmp_path_factory.mktemp("references"))


@pytest.mark.parametrize("name", [*SCENES, *LOGOS])
def test_a_rendition_looks_like_its_reference(files: dict[str, Path], name: str) -> None:
    reference = FOLDER / f"{name}.png"
    assert reference.stat().st_size <= 10_240
    mean, largest = measure_difference(render_reference(files, name), pyvips.Image.new_from_file(str(reference)))
    assert mean <= MAX_MEAN_DIFFERENCE
    assert largest <= MAX_DIFFERENCE


def test_every_reference_belongs_to_a_rendition() -> None:
    assert {file.stem for file in FOLDER.iterdir()} == {*SCENES, *LOGOS}


def test_the_comparison_detects_visible_differences(files: dict[str, Path]) -> None:
    shifted = render_reference(files, "text-plain").wrap(x=2, y=0)
    _, largest = measure_difference(shifted, render_reference(files, "text-plain"))
    assert largest > MAX_DIFFERENCE
    assert (
        measure_difference(render_reference(files, "sharpen"), render_reference(files, "unsharp"))[0]
        > MAX_MEAN_DIFFERENCE
    )


def write_references() -> None:
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        files = write_sources(Path(folder))
        for name in (*SCENES, *LOGOS):
            image, file = render_reference(files, name), FOLDER / f"{name}.png"
            if not file.exists() or max(measure_difference(image, pyvips.Image.new_from_file(str(file)))) > 0:
                image.pngsave(str(file), compression=9, keep=0)
    for file in FOLDER.iterdir():
        if file.stem not in {*SCENES, *LOGOS}:
            file.unlink()


if __name__ == "__main__":
    write_references()
