"""An IMAP server that lists letters and does not give each of them, in whatever way it is told to."""

from __future__ import annotations

import re
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Box:
    """The letters of its one folder, by their UIDs."""

    def __init__(self, letters: dict[int, bytes]) -> None:
        self.letters, self.how, self.validity = letters, dict[int, str](), 7
        self.seen: set[int] = set()
        self.gone: set[int] = set()  # deleted, which is said at the next NOOP
        self.asked: list[list[int]] = []
        self.port = 0

    def uids(self, words: str) -> list[int]:
        found: set[int] = set()
        for part in words.split(","):
            first, colon, last = part.partition(":")
            end = max(self.letters, default=1) if last == "*" else int(last or first)
            found |= {uid for uid in self.letters if int(first) <= uid <= (end if colon else int(first))}
        return sorted(found)


class Session(socketserver.StreamRequestHandler):
    server: Server

    def handle(self) -> None:
        self.say(b"* OK Ready")
        for line in self.rfile:
            tag, _, command = line.decode().strip().partition(" ")
            answer = self.answer(command) or "OK Done"
            self.say(f"{tag} {answer}".encode())

    def say(self, line: bytes) -> None:
        self.wfile.write(line + b"\r\n")

    def answer(self, command: str) -> str | None:
        box = self.server.box
        if command == "CAPABILITY":
            self.say(b"* CAPABILITY IMAP4rev1")
        elif command.startswith("SELECT"):
            self.say(f"* {len(box.letters)} EXISTS\r\n* OK [UIDVALIDITY {box.validity}] Valid".encode())
            self.say(f"* OK [UIDNEXT {max(box.letters, default=0) + 1}] Next".encode())
        elif command == "NOOP":
            for uid in box.gone:
                box.letters.pop(uid, None)
        elif command.startswith("UID SEARCH"):
            among = re.search(r"UID ([\d,:*]+)$", command)
            found = box.uids(among[1]) if among else sorted(box.letters)
            shown = [uid for uid in found if "UNSEEN" not in command or uid not in box.seen]
            self.say(" ".join(["* SEARCH", *map(str, shown)]).encode())
        elif match := re.match(r"UID STORE ([\d,:]+)", command):
            box.seen |= set(box.uids(match[1]))
        elif match := re.match(r"UID FETCH ([\d,:]+) (.*)", command):
            return self.fetch(box, box.uids(match[1]), match[2])
        return None

    def fetch(self, box: Box, uids: list[int], items: str) -> str | None:
        if "BODY" in items:
            box.asked.append(uids)
        for number, uid in enumerate(uids, 1):
            how, raw = box.how.get(uid, ""), box.letters[uid]
            if "BODY" not in items:
                if how == "no size":
                    return "NO Cannot read a letter"
                self.say(f"* {number} FETCH (UID {uid} RFC822.SIZE {len(raw)})".encode())
            elif uid in box.gone or how == "nothing":
                continue
            elif how in ("NO", "BAD", "no size"):
                return f"{how if how == 'BAD' else 'NO'} [SERVERBUG] Letter {uid} cannot be read"
            elif how == "NIL":
                self.say(f"* {number} FETCH (UID {uid} BODY[] NIL)".encode())
            elif how == "no body":
                self.say(f'* {number} FETCH (UID {uid} INTERNALDATE "01-Jan-2026 10:00:00 +0000")'.encode())
            else:
                self.say(f"* {number} FETCH (UID {uid} BODY[] {{{len(raw)}}}\r\n".encode() + raw + b")")
        return None


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address, daemon_threads = True, True
    box: Box


@contextmanager
def withholding(*raws: bytes) -> Iterator[Box]:
    """The server, with these letters as 1, 2, 3, …"""
    with Server(("127.0.0.1", 0), Session) as server:
        server.box = Box(dict(enumerate(raws, 1)))
        server.box.port = server.server_address[1]
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield server.box
        server.shutdown()
