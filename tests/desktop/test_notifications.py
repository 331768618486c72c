"""The notification centre counts as unread what is there to be read."""

from zerosec_desktop.notifications import NotificationCentre


def test_what_was_replaced_or_taken_back_is_not_counted_as_unread(qapp: object) -> None:
    centre = NotificationCentre()
    centre.info("The server starts", key="server")
    centre.info("The server starts again", key="server")
    centre.info("Saved")
    assert centre.unread == 2

    centre.withdraw("server")
    assert centre.unread == 1

    centre.read_all()
    assert centre.unread == 0
    centre.info("Another")
    assert centre.unread == 1
