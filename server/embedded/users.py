"""Who uses the server: open connections, which the kernel ends however a user dies."""

import contextlib
import json
import selectors
import signal
import socket
from pathlib import Path


class Abandoned(Exception):
    """The last user left, or a signal asks us to stop."""


class Users:
    """The supervisor's users. Each hears words as lines of JSON: {"word": …, "message": …}."""

    def __init__(self, first: socket.socket) -> None:
        self._connections = {first}
        self._stop_asked = False
        self._word: bytes | None = None
        self._listener: socket.socket | None = None
        self._selector = selectors.DefaultSelector()
        self._selector.register(first, selectors.EVENT_READ)
        # A child that ends, or a request to stop, must end the wait below at once.
        self._alarm, self._bell = socket.socketpair()
        for end in (self._alarm, self._bell):
            end.settimeout(0)
        self._selector.register(self._alarm, selectors.EVENT_READ)
        signal.set_wakeup_fd(self._bell.fileno(), warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        for sign in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(sign, self._ask_to_stop)

    def listen(self, path: Path) -> None:
        """Let others join at this socket."""
        path.unlink(missing_ok=True)
        self._listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._listener.bind(str(path))
        self._listener.listen(64)
        self._selector.register(self._listener, selectors.EVENT_READ)

    def tell(self, word: str, message: str = "") -> None:
        """Say it to every user, and to those who join later."""
        self._word = json.dumps({"word": word, "message": message}).encode() + b"\n"
        for connection in self._connections:
            self._send(connection, self._word)

    def wait(self, seconds: float | None = None) -> None:
        """Let users come and go until something happens; Abandoned when no one is left."""
        ready = [key.fileobj for key, _events in self._selector.select(seconds)]
        # Those who come first: one told that the server is ready must not see it stop at once.
        if self._listener in ready:
            self._welcome(self._listener)
        for source in ready:
            if source is self._alarm:
                with contextlib.suppress(BlockingIOError):
                    self._alarm.recv(4096)
            elif isinstance(source, socket.socket) and source is not self._listener:
                self._hear(source)
        if self._stop_asked:
            raise Abandoned

    def close_door(self) -> None:
        """Take no new user: one who knocks now finds nobody and starts a server of its own."""
        if self._listener is not None:
            self._selector.unregister(self._listener)
            self._listener.close()
            self._listener = None

    def _welcome(self, listener: socket.socket | None) -> None:
        assert listener is not None  # noqa: S101 - it was found among the ready ones
        connection, _address = listener.accept()
        self._connections.add(connection)
        self._selector.register(connection, selectors.EVENT_READ)
        if self._word is not None:
            self._send(connection, self._word)

    def _hear(self, connection: socket.socket) -> None:
        with contextlib.suppress(OSError):
            if connection.recv(4096):
                return
        self._selector.unregister(connection)
        if len(self._connections) == 1:
            # The last one keeps its connection: it waits there to hear that all has stopped.
            self._stop_asked = True
            return
        self._connections.discard(connection)
        connection.close()

    def _send(self, connection: socket.socket, line: bytes) -> None:
        with contextlib.suppress(OSError):  # it left; its end will be heard
            connection.sendall(line)

    def _ask_to_stop(self, *_: object) -> None:
        self._stop_asked = True
