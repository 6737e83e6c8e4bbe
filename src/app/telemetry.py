"""OpenTelemetry, wired once a process.

Without an endpoint nothing is set up and the API's no-op providers stand.
"""

from opentelemetry import metrics, trace
from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import PeriodicExportingMetricReader
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor


class Telemetry:
    """The providers of this process.

    `close` sends what is still waiting, for at most five seconds.
    """

    def __init__(self, endpoint: str | None) -> None:
        self._tracing: TracerProvider | None = None
        self._metering: MeterProvider | None = None
        if endpoint is not None:
            self._start()

    def _start(self) -> None:
        # The exporters read OTEL_EXPORTER_OTLP_* themselves: endpoint, headers and time-outs.
        resource = Resource.create({"service.name": "nguon"})
        self._tracing = TracerProvider(resource=resource)
        self._tracing.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
        trace.set_tracer_provider(self._tracing)
        reader = PeriodicExportingMetricReader(OTLPMetricExporter(), export_interval_millis=15_000)
        self._metering = MeterProvider(resource=resource, metric_readers=[reader])
        metrics.set_meter_provider(self._metering)

    def close(self) -> None:
        """Send what is waiting and stop."""
        if self._tracing is not None:
            self._tracing.force_flush(5_000)
            self._tracing.shutdown()
        if self._metering is not None:
            self._metering.shutdown(5_000)
