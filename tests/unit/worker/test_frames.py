"""Frames arrive whole however the pipe cuts them; anything else is refused, never guessed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zerosec_server.worker.frames import (
    MAX_FRAME_BYTES,
    Frame,
    FrameDecoder,
    FrameError,
    LogFrame,
    MetricFrame,
    ProgressFrame,
    encode,
)
from zerosec_shared.views import Metric

texts = st.text(max_size=50)
frames = st.one_of(
    st.builds(
        ProgressFrame,
        fraction=st.none() | st.floats(0, 1),
        stage=texts,
        message=texts,
        counters=st.dictionaries(texts, st.integers(-(2**53), 2**53) | texts, max_size=4),
    ),
    st.builds(LogFrame, level=st.sampled_from(["info", "warning", "error"]), message=texts),
    st.builds(
        lambda value: MetricFrame(metric=Metric(name="r2", value=value)),
        st.floats(allow_nan=False, allow_infinity=False),
    ),
)


@given(st.lists(frames, max_size=6), st.data())
def test_frames_survive_any_cuts(sent: list[Frame], data: st.DataObject) -> None:
    stream = b"".join(encode(frame) for frame in sent)
    decoder, received, position = FrameDecoder(), [], 0

    while position < len(stream):
        step = data.draw(st.integers(1, len(stream) - position))
        received += list(decoder.feed(stream[position : position + step]))
        position += step

    assert received == sent


@given(st.binary(min_size=5, max_size=300))
def test_garbage_is_a_frame_error_or_incomplete_and_never_anything_else(garbage: bytes) -> None:
    try:
        received = list(FrameDecoder().feed(garbage))
    except FrameError:
        return
    assert received == []


def test_a_frame_that_is_too_long_is_refused_before_it_is_read() -> None:
    announced = (MAX_FRAME_BYTES + 1).to_bytes(4, "big")

    with pytest.raises(FrameError, match="announced"):
        list(FrameDecoder().feed(announced))


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{}",
        b"[]",
        b'{"kind":"progress","fraction":2}',
        b'{"kind":"outcome"}',
        b'{"kind":"log","level":"info"}',
        b"\xff\xfe",
    ],
)
def test_a_body_that_is_no_frame_is_refused(body: bytes) -> None:
    with pytest.raises(FrameError):
        list(FrameDecoder().feed(len(body).to_bytes(4, "big") + body))
