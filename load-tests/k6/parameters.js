// How much of each scenario, unless the environment says otherwise: as `npm run load` has it.

export const AMOUNTS = {
  peak: { rate: 40, seconds: 180 },
  'qr-guests': { sessions: 5000, seconds: 180 },
  spike: { rate: 30, seconds: 120 },
  stress: { rate: 40, seconds: 15 },
  soak: { rate: 20, seconds: 1800 },
};

/** What was asked for by RATE, DURATION (seconds) and SESSIONS, else what the scenario has by itself. */
export function amountOf(scenario, environment) {
  const { rate, seconds, sessions } = AMOUNTS[scenario];
  return {
    rate: Number(environment.RATE || rate || 0),
    seconds: Number(environment.DURATION || seconds),
    sessions: Number(environment.SESSIONS || sessions || 0),
  };
}
