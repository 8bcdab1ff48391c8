import { vi } from 'vitest';

// A worker runs many files. Each gets our own modules anew, as if it were alone, with what they keep and what they have
// registered to be closed after it; libraries, which take most of the time to load, are loaded once.
vi.resetModules();
