"""Errors of the network and of the HTTP library, in our words.

A message says which host, and why in terms that a person understands; it never quotes a URL's path, since that may
hold a key, nor a header.
"""

import re
import socket
import ssl

import aiohttp
from yarl import URL

from ingest.edge.net.session import AddressRefusedError
from ingest.edge.net.urls import place
from ingest.errors import FetchError, FetchFailure

FAILURES: tuple[tuple[type[BaseException], FetchFailure, str], ...] = (
    (AddressRefusedError, "blocked", "{why}"),
    (socket.gaierror, "dns", "the name does not resolve ({why})"),
    (ssl.SSLCertVerificationError, "tls", "its certificate is not valid: {why}"),
    (ssl.SSLError, "tls", "no secure connection: {why}"),
    (aiohttp.ServerTimeoutError, "timeout", "no answer within {timeout_s:g} s"),
    (TimeoutError, "timeout", "the answer was not whole after {total_s:g} s"),
    (ConnectionRefusedError, "refused", "refused the connection"),
    (aiohttp.ServerDisconnectedError, "reset", "closed the connection without an answer"),
    (ConnectionError, "reset", "broke the connection off"),
    (aiohttp.ClientHttpProxyError, "refused", "the proxy does not connect: {why}"),
    (aiohttp.http.HttpProcessingError, "protocol", "the answer is not HTTP as it should be: {why}"),
    (aiohttp.ClientPayloadError, "reset", "the body broke off"),
    (aiohttp.ClientResponseError, "protocol", "the answer is not HTTP as it should be: {why}"),
    (aiohttp.InvalidURL, "bad-url", "a number that is no address; addresses are written as 192.0.2.1, in four parts"),
    (OSError, "refused", "no connection: {why}"),
)
"""First match first."""
QUOTED = re.compile(r":?\s*(?:\n|b['\"])")
"""Where the library begins to quote what came, which may hold a secret."""
TRANSLATED = (aiohttp.ClientError, OSError, TimeoutError)


def failure(error: BaseException, url: URL, timeout_s: float, total_s: float, proxy: URL | None = None) -> FetchError:
    """The FetchError for what went wrong with a hop."""
    where = f"{place(url)}: the proxy {place(proxy)}" if proxy and is_of(proxy, error) else place(url)
    root = rooted(error)
    for kind_of_error, kind, words in FAILURES:
        if isinstance(root, kind_of_error):
            why = words.format(why=reason(root), timeout_s=timeout_s, total_s=total_s)
            return FetchError(kind, f"{where}: {why}")
    return FetchError("protocol", f"{where}: {type(root).__name__}")


def is_of(proxy: URL, error: BaseException) -> bool:
    """Whether it is the proxy that could not be connected to."""
    return isinstance(error, aiohttp.ClientConnectorError) and (error.host, error.port) == (proxy.host, proxy.port)


def rooted(error: BaseException) -> BaseException:
    """The error that the library wrapped in its own."""
    if isinstance(error, aiohttp.ClientConnectorCertificateError):
        return error.certificate_error
    if isinstance(error, aiohttp.ClientConnectorError):
        return error.os_error
    if isinstance(error, aiohttp.ClientResponseError) and error.__cause__:
        return error.__cause__
    return error


def reason(error: BaseException) -> str:
    """The library's own words, on one line."""
    match error:
        case ssl.SSLCertVerificationError():
            words = error.verify_message
        case aiohttp.ClientResponseError() | aiohttp.http.HttpProcessingError():
            words = QUOTED.split(error.message)[0]
        case OSError():
            words = error.strerror or str(error)
        case _:
            words = type(error).__name__
    return " ".join(words.split())
