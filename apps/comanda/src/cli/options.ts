import { SERVICES, type ServiceName } from '@comanda/contracts/words';
import { InvalidArgumentError } from 'commander';

/** Reads an option that names a service. */
export function serviceName(text: string): ServiceName {
  const found = SERVICES.find((name) => name === text);
  if (!found) throw new InvalidArgumentError(`There are ${SERVICES.join(', ')}.`);
  return found;
}

/** Reads an option that is a whole number. */
export function wholeNumber(min: number, max: number): (text: string) => number {
  return (text) => {
    const number = Number(text);
    if (!/^\d+$/.test(text) || number < min || number > max)
      throw new InvalidArgumentError(`It must be a whole number between ${min} and ${max}.`);
    return number;
  };
}

/** Reads an option that is a moment. */
export function moment(text: string): Date {
  const date = new Date(text);
  if (Number.isNaN(date.getTime())) throw new InvalidArgumentError('Write it as 2026-03-06T19:30:00Z.');
  return date;
}

/** Reads an option that is a day, `yyyy-mm-dd`. */
export function day(text: string): string {
  const date = new Date(`${text}T00:00:00Z`);
  // The 30th of February is a day in March to some.
  if (Number.isNaN(date.getTime()) || date.toISOString().slice(0, 10) !== text)
    throw new InvalidArgumentError('Write it as 2026-03-06.');
  return text;
}
