"""The desk has letters for what people write: a box in the place of each is no text."""

import ctypes
import ctypes.util

import pytest

# A few of each, and what a therapist's whiteboard needs most.
TEXTS = {
    "Latin": "Straße, Ελλάδα, Україна", "Arabic": "مرحبا", "Persian": "گفتگو", "Hebrew": "שלום", "Chinese": "你好，歡迎",
    "Japanese": "こんにちは、漢字とカタカナ", "Korean": "안녕하세요", "Thai": "สวัสดี", "Hindi": "नमस्ते", "Bengali": "নমস্কার",
    "Tamil": "வணக்கம்", "Amharic": "ሰላም", "Georgian": "გამარჯობა", "Armenian": "Բարեւ",
    "emoji": "😀🎉👍🏽❤️", "arrows and signs": "→ ✓ ★ ∑ €",
}


def unknown_glyphs(text, font):
    """How many letters of a text Pango, which draws the whiteboard's, has only a box for."""
    pango, cairo, objects = (
        ctypes.CDLL(ctypes.util.find_library(name)) for name in ("pango-1.0", "pangocairo-1.0", "gobject-2.0")
    )
    pointer, number = ctypes.c_void_p, ctypes.c_int
    for function, result, given in (
        (cairo.pango_cairo_font_map_get_default, pointer, []),
        (pango.pango_font_map_create_context, pointer, [pointer]),
        (pango.pango_layout_new, pointer, [pointer]),
        (pango.pango_layout_set_text, None, [pointer, ctypes.c_char_p, number]),
        (pango.pango_font_description_from_string, pointer, [ctypes.c_char_p]),
        (pango.pango_layout_set_font_description, None, [pointer, pointer]),
        (pango.pango_font_description_free, None, [pointer]),
        (pango.pango_layout_get_unknown_glyphs_count, number, [pointer]),
        (objects.g_object_unref, None, [pointer]),
    ):
        function.restype, function.argtypes = result, given
    context = pango.pango_font_map_create_context(cairo.pango_cairo_font_map_get_default())
    layout = pango.pango_layout_new(context)
    description = pango.pango_font_description_from_string(font.encode())
    pango.pango_layout_set_font_description(layout, description)
    pango.pango_layout_set_text(layout, text.encode(), -1)
    count = pango.pango_layout_get_unknown_glyphs_count(layout)
    pango.pango_font_description_free(description)
    objects.g_object_unref(layout)
    objects.g_object_unref(context)
    return count


@pytest.mark.parametrize("script", TEXTS)
def test_text_of_every_script_is_drawn_and_not_boxed(script):
    for font in ("Sans 12", "Serif 12", "Monospace 12"):
        assert unknown_glyphs(TEXTS[script], font) == 0, font


def test_a_letter_that_no_font_has_would_be_noticed():
    # The private use area's last character but two.
    assert unknown_glyphs("\U0010fffd", "Sans 12") == 1


def test_the_whiteboards_icons_can_be_drawn(folder):
    """They are SVG files: gdk-pixbuf needs librsvg's loader for them."""
    icon = folder / "icon.svg"
    icon.write_text('<svg xmlns="http://www.w3.org/2000/svg" width="16" height="16"><rect width="9" height="9"/></svg>')
    pixbuf = ctypes.CDLL(ctypes.util.find_library("gdk_pixbuf-2.0"))
    pixbuf.gdk_pixbuf_new_from_file.restype = ctypes.c_void_p
    pixbuf.gdk_pixbuf_new_from_file.argtypes = [ctypes.c_char_p, ctypes.c_void_p]
    assert pixbuf.gdk_pixbuf_new_from_file(str(icon).encode(), None)
