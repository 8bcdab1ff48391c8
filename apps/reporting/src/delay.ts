/** How long after something happened it was recorded; clocks that disagree make nothing earlier than it happened. */
export const millisecondsBetween = (happened: string, recorded: string): number =>
  Math.max(0, Date.parse(recorded) - Date.parse(happened));
