"""Sends traces to a collector by OTLP over HTTP: names of steps, their times, and our own ids.

Imported only where TUTORBOT_OTLP_URL is set.
"""

import hashlib
import threading
from collections.abc import Generator
from contextlib import contextmanager
from urllib.parse import urlsplit

from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.trace.id_generator import RandomIdGenerator
from opentelemetry.trace import Status, StatusCode, use_span


class OtlpTraces:
    """`tutorbot.traces.Traces` for a collector; how much is kept, OTEL_TRACES_SAMPLER says."""

    def __init__(self, url: str, version: str) -> None:
        self._ids = _Ids()
        self._provider = TracerProvider(
            resource=Resource.create({"service.name": "tutorbot", "service.version": version}),
            id_generator=self._ids,
            shutdown_on_exit=False,
        )
        endpoint = url if urlsplit(url).path.strip("/") else f"{url.rstrip('/')}/v1/traces"
        exporter = OTLPSpanExporter(endpoint=endpoint, timeout=_PATIENCE)
        self._provider.add_span_processor(BatchSpanProcessor(exporter))
        self._tracer = self._provider.get_tracer("tutorbot", version)

    @contextmanager
    def span(self, step: str, *, update: int | None = None, **ids: int | None) -> Generator[None]:
        about = {"update": update, **ids}
        known = {f"tutorbot.{name}": each for name, each in about.items() if each is not None}
        if update is None:
            span = self._tracer.start_span(step, attributes=known)
        else:
            # Every step of an update is in one trace, also where another process sends the reply.
            self._ids.next_trace = _trace_of(update)
            span = self._tracer.start_span(step, Context(), attributes=known)
            self._ids.next_trace = None
        # An exception may quote what somebody typed, so the span gets its class alone.
        with use_span(
            span, end_on_exit=True, record_exception=False, set_status_on_exception=False
        ):
            try:
                yield
            except BaseException as error:
                span.set_status(Status(StatusCode.ERROR, type(error).__name__))
                raise

    def close(self) -> None:
        """Send what is left, unless the collector takes too long."""
        leaving = threading.Thread(target=self._provider.shutdown, daemon=True)
        leaving.start()
        leaving.join(_PATIENCE)


_PATIENCE = 3.0  # seconds


class _Ids(RandomIdGenerator):
    """Lets us choose a trace. Spans are started on the event loop alone, one after the other."""

    next_trace: int | None = None

    def generate_trace_id(self) -> int:
        return self.next_trace or super().generate_trace_id()


def _trace_of(update: int) -> int:
    """Numbers of updates follow each other, and sampling wants ids that do not.

    >>> f"{_trace_of(712_345_678):032x}"
    'b05c6995ab83875dac23380587214ad1'
    """
    digest = hashlib.blake2b(str(update).encode(), digest_size=16).digest()
    return int.from_bytes(digest, "big")
