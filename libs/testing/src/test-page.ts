import type { Browser, Page } from 'playwright-core';
import { afterAll } from 'vitest';

import { findChromium, whyMissing } from './servers/index.js';

/** An empty page of a real Chromium, which closes after the last test of the file. */
export async function testPage(): Promise<Page> {
  const executablePath = process.env['COMANDA_TEST_CHROMIUM'] ?? findChromium();
  if (!executablePath) throw new Error(`This test needs chromium: ${whyMissing('chromium')}.`);
  // Loaded when it is needed: most tests have no page.
  const { chromium } = await import('playwright-core');
  const browser = await chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
  browsers.push(browser);
  return browser.newPage();
}

const browsers: Browser[] = [];

afterAll(async () => {
  for (const browser of browsers.splice(0)) await browser.close();
});
