"""Pictures made in this process, the way the sandbox's child makes them: from files, as PNG unless said otherwise."""

import contextlib
import io
import tempfile

import numpy as np
from PIL import Image

from gateway.dicom.rendering import MediaType, Rendering
from gateway.imaging.pipeline import render
from gateway.imaging.planes import plane


@contextlib.contextmanager
def open_files(*wholes):
    """The bytes as open files."""
    with contextlib.ExitStack() as closes:
        files = [closes.enter_context(tempfile.TemporaryFile()) for _ in wholes]
        for file, whole in zip(files, wholes, strict=True):
            file.write(whole)
            file.seek(0)
        yield files


def rendered(whole, frame_number=1, *, state=None, **asked):
    """The truth and the body of the picture of an object given as bytes; `asked` are fields of Rendering."""
    wholes = [whole] if state is None else [whole, state]
    with open_files(*wholes) as files:
        return of_files(files, frame_number, **asked)


def of_files(files, frame_number=1, **asked):
    """The same from open files: the object, and its presentation state where there are two."""
    rendering = Rendering(**{"media_type": MediaType.PNG, **asked}).as_arguments()
    arguments = {"frame_number": frame_number, "rendering": rendering, "files": ["object", "state"][: len(files)]}
    return render(arguments, files)[:2]


def pixels(body):
    """The picture's pixels."""
    return np.asarray(Image.open(io.BytesIO(body)))


def shown(whole, frame_number=1, **asked):
    """The truth and the pixels, as integers that can be subtracted."""
    truth, body = rendered(whole, frame_number, **asked)
    return truth, pixels(body).astype(int)


def plane_of_bytes(whole, frame_number=1, reduce=1):
    """The facts and the packed body of the stored values."""
    with open_files(whole) as files:
        return plane({"frame_number": frame_number, "reduce": reduce}, files)
