"""Burned-in words: where they are asked for, in the script of the name, and readable on every ground."""

import numpy as np
import pydicom
import pytest
from hostile_objects import image, written
from lightbox import PYDICOM_FILES
from PIL import Image, ImageDraw, ImageFont
from rendered_pictures import shown
from syntax_objects import color8, described, native

from gateway.dicom.rendering import Viewport
from gateway.imaging.lettering import Lettering, can_write, font_for

CHARSETS = PYDICOM_FILES.parent / "charset_files"
ROWS, COLUMNS = 360, 480
NAMES = {
    "Latin": ("ISO_IR 100", "Äneas^Rüdiger"),
    "Greek": ("ISO_IR 126", "Διονυσιος"),
    "Arabic": ("ISO_IR 127", "قباني^لنزار"),
    "Hebrew": ("ISO_IR 138", "שרון^דבורה"),
    "Cyrillic": ("ISO_IR 144", "Люкceмбypг"),
    "Japanese": ("ISO_IR 192", "Yamada^Tarou=山田^太郎=やまだ^たろう"),
    "Korean": ("ISO_IR 192", "Hong^Gildong=洪^吉洞=홍^길동"),
    "Chinese": ("ISO_IR 192", "Wang^XiaoDong=王^小东"),
}


def made(grey=60, **changes):
    values = np.full((ROWS, COLUMNS), grey, np.uint8)
    facts = {"PatientName": "Doe^Jane", "PatientID": "4711", "PatientBirthDate": "19700131", "PatientSex": "F"}
    facts |= {"Modality": "CR", "SeriesDescription": "Thorax", "SeriesNumber": 3, "InstanceNumber": 7, "KVP": 120}
    return image(PixelData=values.tobytes(), **described(values), **facts | changes)


def ink(whole, *, annotations, **asked):
    """What the words changed."""
    plain, written_on = (shown(whole, annotations=words, **asked)[1] for words in ((), annotations))
    return written_on != plain


@pytest.mark.parametrize(
    ("annotations", "has_top", "has_bottom"),
    [
        ((), False, False),
        (("patient",), True, False),
        (("technique",), False, True),
        (("patient", "technique"), True, True),
    ],
)
def test_the_patient_stands_on_top_and_the_technique_below(annotations, has_top, has_bottom):
    found = ink(written(made()), annotations=annotations)
    assert found[:80].any() == has_top
    assert found[-80:].any() == has_bottom
    assert not found[90:-90].any()


@pytest.mark.parametrize("grey", [0, 60, 128, 255])
def test_words_are_readable_on_every_ground(grey):
    """White with a black edge."""
    _, found = shown(written(made(grey)), annotations=("patient",))
    assert found[:80].min() < 10
    assert found[:80].max() > 245


@pytest.mark.parametrize("name", NAMES)
def test_names_are_written_in_their_script(name):
    """The picture of the name has the letters that the font draws for it, and no boxes in their place."""
    charset, words = NAMES[name]
    found = ink(written(made(PatientName=words, SpecificCharacterSet=charset)), annotations=("patient",))
    for group in words.split("=")[:2]:
        assert can_write(group), "the fonts of the tests are not installed"
    assert found[:30].any()
    # Other names of the same length look different: a row of boxes would not.
    backwards = "=".join(group[::-1] for group in words.split("="))
    other = made(PatientName=backwards, SpecificCharacterSet=charset)
    assert not np.array_equal(found, ink(written(other), annotations=("patient",)))


@pytest.mark.parametrize("name", ["Greek", "Arabic", "Hebrew", "Cyrillic", "Japanese", "Korean", "Chinese"])
def test_no_letter_of_a_name_is_a_box(name):
    group = NAMES[name][1].split("=")[-1].replace("^", " ")
    assert boxes_in(group) == []


def boxes_in(words):
    """What the font for the words has no letter for."""
    font = font_for(words, 40)
    assert isinstance(font, ImageFont.FreeTypeFont)
    missing = _drawn("\U000f0000", font)
    return [one for one in words if not one.isspace() and np.array_equal(_drawn(one, font), missing)]


@pytest.mark.parametrize("words", ["שרון, דבורה", "קצר (A-B) 12", "قباني (A-B) 12", "Läsion α, β", "左 (L) 12 mm"])
def test_words_of_two_scripts_are_written_with_a_face_that_has_both(words):
    assert boxes_in(words) == []


def test_each_writing_of_a_name_has_its_own_line():
    both, one = (
        ink(written(made(PatientName=name, SpecificCharacterSet="ISO_IR 192")), annotations=("patient",))
        for name in ("Somchai^Dee=สมชาย^ดี", "Somchai^Dee")
    )
    line = Lettering.for_picture(ROWS, COLUMNS).line_height
    last = [np.nonzero(found.any(axis=1))[0][-1] for found in (both, one)]
    assert abs(last[0] - last[1] - line) <= 2
    assert np.array_equal(both[: int(1.2 * line)], one[: int(1.2 * line)])


def _drawn(letter, font):
    canvas = Image.new("L", (80, 80))
    ImageDraw.Draw(canvas).text((10, 10), letter, fill=255, font=font)
    return np.asarray(canvas)


@pytest.mark.parametrize(
    "name", ["chrArab", "chrGreek", "chrH31", "chrHbrw", "chrKoreanMulti", "chrRuss", "chrX1", "chrJapMulti"]
)
def test_names_of_every_character_set_are_written(name):
    """The package's files of character sets, with a picture each."""
    read = pydicom.dcmread(CHARSETS / f"{name}.dcm")
    whole = written(made(PatientName=read.PatientName, SpecificCharacterSet=read.SpecificCharacterSet))
    name_alone = ink(whole, annotations=("patient",))
    assert name_alone[:30].sum() > 100


def test_the_first_line_is_the_name():
    """Without identifier, birth date and sex there is a single line."""
    alone = ink(written(made(PatientID="", PatientBirthDate="", PatientSex="")), annotations=("patient",))
    line = Lettering.for_picture(ROWS, COLUMNS).line_height
    assert alone[: int(2 * line)].any()
    assert not alone[int(2 * line) :].any()
    assert ink(written(made()), annotations=("patient",))[int(2 * line) : int(4 * line)].any()


def test_the_frame_is_named_where_there_are_several():
    whole = made(NumberOfFrames="2")
    whole.PixelData = whole.PixelData * 2
    one, two = (shown(written(whole), number, annotations=("technique",))[1] for number in (1, 2))
    assert not np.array_equal(one, two)


@pytest.mark.parametrize("viewport", [Viewport(240, 180), Viewport(960, 720), Viewport(300, 300, 100, 100, 50, 50)])
def test_words_have_the_size_of_the_picture_that_is_sent(viewport):
    found = ink(written(made()), annotations=("patient",), viewport=viewport)
    assert found.any()
    rows = np.nonzero(found.any(axis=1))[0]
    assert rows[-1] < found.shape[0] / 2
    columns = np.nonzero(found.any(axis=0))[0]
    assert columns[0] > 0
    assert columns[-1] < found.shape[1] - 1


def test_words_stand_upright_on_a_turned_picture():
    found = ink(written(made()), annotations=("patient",), turns=1)
    assert found.any()


def test_colour_pictures_are_written_on_too():
    found = ink(native(color8(), PatientName="Doe^Jane"), annotations=("patient",))
    assert found[:60].any()
    assert not found[120:].any()


@pytest.mark.parametrize("words", ["", "=", "^^^^", "x" * 5000, "a\nb\r\nc", "\U0001f600" * 3])
def test_odd_names_never_cost_the_picture(words):
    whole = written(made(SpecificCharacterSet="ISO_IR 192"))
    changed = made(SpecificCharacterSet="ISO_IR 192")
    changed.add_new("PatientName", "LO", words)
    assert shown(written(changed), annotations=("patient",))[1].shape == shown(whole)[1].shape
