// Loaded before everything else (`node --import @comanda/platform/register`): Nest is ESM, and a library is only
// instrumented when the module hook is there before the library is first imported.
import { register } from 'node:module';

register('@opentelemetry/instrumentation/hook.mjs', import.meta.url);

if (process.env['OTEL_EXPORTER_OTLP_ENDPOINT'] && process.env['OTEL_SDK_DISABLED'] !== 'true') {
  const { startTracing } = await import('./tracing.js');
  await startTracing();
}
