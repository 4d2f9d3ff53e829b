"""The process that sends: reads addresses and messages from standard input, and reports each message that arrived.

It reports `READY` when apprise is loaded, then lines of the number of a channel and a word. Channels send at the same time, each in a
thread; whoever started this process ends it when a channel takes too long. It imports nothing of the pipeline: it must start fast.

Put here: that process. Keep out: what to send, and how long it may take (`channels.py`).
"""

import json
import logging
import sys
from threading import Thread
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import apprise

READY, SENT, UNKNOWN = "klaar", "verstuurd", "onbekend"
SECONDS = 5.0  # that a connection or an answer may take, unless the address has its own limit


def main() -> None:
    """Do the work."""
    import apprise

    logging.disable(logging.CRITICAL)  # apprise logs addresses
    work: list[dict[str, Any]] = json.load(sys.stdin)
    threads = []
    for number, one in enumerate(work):
        channel = apprise.Apprise()
        if channel.add(_with_limits(one["url"])):
            threads.append(Thread(target=_send, args=(number, channel, one["messages"]), daemon=True))
        else:
            _report(f"{number} {UNKNOWN}")
    _report(READY)
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _with_limits(url: str) -> str:
    for name in ("cto", "rto"):
        if f"{name}=" not in url:
            url += f"{'&' if '?' in url else '?'}{name}={SECONDS}"
    return url


def _send(number: int, channel: "apprise.Apprise", messages: list[list[str]]) -> None:
    for title, body in messages:
        if not channel.notify(title=title, body=body, body_format="text", notify_type="warning"):
            return
        _report(f"{number} {SENT}")


def _report(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
