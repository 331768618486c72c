"""How a WebSocket's bytes are handled: uvicorn's protocol, which takes a refusal with an answer for the end of a handshake too.

Without this each refused caller leaves an error in the log that is none.
"""

from typing import Any

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

__all__ = ["WatchProtocol"]


class WatchProtocol(WebSocketsSansIOProtocol):
    """One WebSocket connection."""

    async def send(self, message: Any) -> None:
        """Send; the last piece of an answer to a refused handshake completes it."""
        await super().send(message)
        if message["type"] == "websocket.http.response.body" and not message.get("more_body", False):
            self.handshake_complete = True

    def shutdown(self) -> None:
        """The server ends."""
        if self.initial_response is not None:
            self.transport.close()
        else:
            super().shutdown()
