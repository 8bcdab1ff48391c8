/** What work in progress shows: nothing when it is over at once, else what is being done and for how long. */
const firstShown = 700;

/**
 * @template T
 * @param {{ isTTY?: boolean, write(text: string): unknown }} out a terminal or a log
 * @param {string} doing as in "installing the packages"
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function showing(out, doing, work) {
  const since = Date.now();
  const seconds = () => Math.round((Date.now() - since) / 1000);
  const line = () => `${doing} … ${seconds()} s`;
  let shown = false;
  const show = () => {
    // A terminal keeps one line up to date; a log gets a line now and then.
    if (out.isTTY) out.write(`\r${line()}`);
    else if (!shown || seconds() % 15 === 0) out.write(`${line()}\n`);
    shown = true;
  };
  /** @type {NodeJS.Timeout | undefined} */
  let ticking;
  const waiting = setTimeout(() => {
    show();
    ticking = setInterval(show, 1_000);
  }, firstShown);
  try {
    return await work();
  } finally {
    clearTimeout(waiting);
    clearInterval(ticking);
    if (shown) out.write(out.isTTY ? `\r${line()}\n` : `${doing}: ${seconds()} s\n`);
  }
}
