"""An echo server for the interop tests, on the websockets package.

usage: peer.py WINDOW, where WINDOW is "default", "off", or 9 to 15: the
server_max_window_bits that the server insists on, with no_context_takeover
when it ends in "n" ("12n").

Prints its port. Each message comes back after a ping with a payload; text that
starts with "split" comes back in two fragments with a ping between them.
"""

import asyncio
import sys

try:
    import websockets
    from websockets.extensions.permessage_deflate import ServerPerMessageDeflateFactory
except ImportError:
    sys.exit("The Python package websockets is missing: install python3-websockets, or pip install websockets.")


async def echo(ws, *_):
    async for message in ws:
        await ws.ping(b"a payload that must not enter the window")
        if isinstance(message, str) and message.startswith("split"):
            async def halves():
                half = len(message) // 2
                yield message[:half]
                await ws.ping(b"between")
                yield message[half:]
            await ws.send(halves())
        else:
            await ws.send(message)


async def main(window):
    options = {}
    if window == "off":
        options["compression"] = None
    elif window != "default":
        options["extensions"] = [ServerPerMessageDeflateFactory(
            server_no_context_takeover=window.endswith("n"),
            server_max_window_bits=int(window.rstrip("n")),
        )]
    async with websockets.serve(echo, "127.0.0.1", 0, max_size=None, **options) as server:
        sockets = server.sockets if hasattr(server, "sockets") else server.server.sockets
        print(sockets[0].getsockname()[1], flush=True)
        await asyncio.Future()


asyncio.run(main(sys.argv[1]))
