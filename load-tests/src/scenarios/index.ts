import type { ScenarioName } from '../load/options.js';
import type { Scenario } from '../load/scenario.js';
import { faults } from './faults.js';
import { peak } from './peak.js';
import { qrGuests } from './qr-guests.js';
import { soak } from './soak.js';
import { spike } from './spike.js';
import { stress } from './stress.js';

/** Every load test, by its name. */
export const SCENARIOS: Readonly<Record<ScenarioName, Scenario>> = {
  peak,
  'qr-guests': qrGuests,
  spike,
  stress,
  soak,
  faults,
};
