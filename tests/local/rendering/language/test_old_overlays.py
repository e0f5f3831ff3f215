from __future__ import annotations

import pytest

from imagekitio.local.rendering import TransformationError
from imagekitio.local.rendering.language.grammar import parse_text
from imagekitio.local.rendering.language.old_overlays import translate
from imagekitio.local.rendering.language.steps import parse_steps


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("w-300,h-200", "w-300,h-200"),
        ("w-300,oi-logo.png", "w-300,l-image,i-logo.png,l-end"),
        (
            "oi-a@@b.png,ow-50,oh-40,oiar-1-1,oib-2_red,oibg-blue,oidpr-2,oiq-5,oic-force,oifo-left,oit-false",
            "l-image,i-a@@b.png,w-50,h-40,ar-1-1,b-2_red,bg-blue,dpr-2,q-5,c-force,fo-left,t-false,l-end",
        ),
        ("oi-a.png,oicm-extract,oix-1,oiy-2", "l-image,i-a.png,cm-extract,x-1,y-2,l-end"),
        ("obg-red,ow-10,oh-20,or-5,oa-3", "l-image,i-ik_canvas,bg-red,w-10,h-20,r-5,al-3,l-end"),
        (
            "ot-Hello,ots-20,otf-Lato,otc-red,otbg-blue,otp-1_2,otia-left,ott-b,otw-99,ox-5,oy-N6",
            "l-text,i-Hello,fs-20,ff-Lato,co-red,bg-blue,pa-1_2,ia-left,tg-b,w-99,lx-5,ly-N6,t-false,l-end",
        ),
        ("ote-SGk=,ofo-top", "l-text,ie-SGk=,lfo-top,t-false,l-end"),
        (
            "ot-x,obg-red,oi-a.png,ofo-left,l-text,i-new,l-end",
            "l-text,i-new,l-end,l-image,i-a.png,lfo-left,l-end,l-image,i-ik_canvas,bg-red,lfo-left,l-end,"
            "l-text,i-x,lfo-left,t-false,l-end",
        ),
        (
            "if-w_gt_1,oi-a.png,if-else,ot-b,if-end",
            "if-w_gt_1,l-image,i-a.png,l-end,if-else,l-text,i-b,t-false,l-end,if-end",
        ),
    ],
)
def test_old_codes_become_layers(old: str, new: str) -> None:
    assert translate(parse_text(old)) == parse_text(new)


def test_a_long_encoded_text_is_truncated() -> None:
    assert translate(parse_text(f"ote-{'A' * 200}")) == translate(parse_text(f"ote-{'A' * 144}"))


@pytest.mark.parametrize("code", ["ox-5", "ow-5", "otc-red", "or-3", "ofo-left"])
def test_an_old_code_without_an_overlay_is_refused(code: str) -> None:
    with pytest.raises(TransformationError, match=r"belongs to an overlay \(obg, oi, ot, ote\)"):
        parse_steps(f"w-5,{code}")
