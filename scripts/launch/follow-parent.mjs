// Ends this process when its parent is gone: npm, killed, leaves its children behind, and so would we. Programs load it
// with `?always`; the scripts that start them only follow npm, as a shell may well end before what it started.
if (import.meta.url.endsWith('?always') || process.env['npm_lifecycle_event']) {
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    process.kill(process.pid, 'SIGTERM');
  }, 500);
  watch.unref();
}
