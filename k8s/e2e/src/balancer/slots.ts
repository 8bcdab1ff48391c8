import type { Address } from './haproxy.js';

/** Who is in each place of a backend: a pod, nobody (`null`), or whoever was there before us (`undefined`). */
export type Slots = readonly (Address | null | undefined)[];

/**
 * Puts pods into places: who stays keeps his, who is not wanted any more leaves first, and newcomers take what is free. Pods
 * beyond the places there are wait outside.
 * @returns the places afterwards, and HAProxy's commands for what changed; requests under way go on to where they were sent
 */
export function seat(
  backend: string,
  slots: Slots,
  wanted: readonly Address[],
): { readonly slots: Slots; readonly commands: readonly string[] } {
  const staying = slots.map((address) => (address && wanted.includes(address) ? address : null));
  const newcomers = wanted.filter((address) => !staying.includes(address));
  const seated = staying.map((address) => address ?? newcomers.shift() ?? null);
  const commands = seated.flatMap((address, index) => {
    if (address === slots[index]) return [];
    const server = `${backend}/pod${index + 1}`;
    const leave = `set server ${server} state maint`;
    if (!address) return [leave];
    const separator = address.lastIndexOf(':');
    const [host, port] = [address.slice(0, separator), address.slice(separator + 1)];
    return [leave, `set server ${server} addr ${host} port ${port}`, `set server ${server} state ready`];
  });
  return { slots: seated, commands };
}
