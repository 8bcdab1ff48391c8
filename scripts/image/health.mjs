// Asked by a container engine that has no probes of its own: does the event loop turn?
const { PORT = '8080' } = process.env;
const answer = await fetch(`http://127.0.0.1:${PORT}/health/live`, { signal: AbortSignal.timeout(4_000) }).catch(
  () => undefined,
);
process.exit(answer?.ok ? 0 : 1);
