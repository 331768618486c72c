"""One window a user: a second start hands its files to the first and brings it to the front."""

import getpass
import hashlib
import json
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

__all__ = ["SingleInstance"]

ANSWER_MS = 500
LARGEST_MESSAGE = 64 * 1024


class SingleInstance(QObject):
    """A local socket only this user may open, named after the user and the settings folder."""

    asked = Signal(list)  # list[Path]: files of the second start

    def __init__(self, folder: Path) -> None:
        super().__init__()
        mark = hashlib.sha256(f"{getpass.getuser()}:{folder.absolute()}".encode()).hexdigest()[:16]
        self._name = f"zerosec-{mark}"
        self._server: QLocalServer | None = None

    def hand_over(self, files: list[Path]) -> bool:
        """Give the files to a window that is open already; False if there is none."""
        socket = QLocalSocket()
        socket.connectToServer(self._name)
        if not socket.waitForConnected(ANSWER_MS):
            return False
        socket.write(json.dumps([str(path.absolute()) for path in files]).encode() + b"\n")
        socket.waitForBytesWritten(ANSWER_MS)
        answered = socket.waitForReadyRead(2 * ANSWER_MS)
        socket.disconnectFromServer()
        return answered

    def listen(self) -> bool:
        """Be the first window; removes what a crashed one left."""
        server = QLocalServer(self)
        server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        server.newConnection.connect(self._connected)
        if not server.listen(self._name):
            QLocalServer.removeServer(self._name)
            if not server.listen(self._name):
                return False
        self._server = server
        return True

    def close(self) -> None:
        """Let another be the first."""
        if self._server is not None:
            self._server.close()
            self._server = None

    def _connected(self) -> None:
        assert self._server is not None
        socket = self._server.nextPendingConnection()
        socket.disconnected.connect(socket.deleteLater)
        socket.readyRead.connect(self._read)
        if socket.bytesAvailable():
            self._take(socket)

    def _read(self) -> None:
        socket = self.sender()
        if isinstance(socket, QLocalSocket):
            self._take(socket)

    def _take(self, socket: QLocalSocket) -> None:
        if not socket.canReadLine():
            if socket.bytesAvailable() > LARGEST_MESSAGE:
                socket.abort()
            return
        try:
            names = json.loads(bytes(socket.readLine().data()))
            files = [Path(name) for name in names if isinstance(name, str)]
        except (ValueError, TypeError):
            socket.abort()
            return
        socket.write(b"ok\n")
        socket.flush()
        self.asked.emit(files)
