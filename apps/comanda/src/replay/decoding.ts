/** A byte order mark says how a file is encoded, whatever others say. */
export function markedEncoding(bytes: Uint8Array): string | undefined {
  const begins = (...mark: number[]) => mark.every((byte, index) => bytes[index] === byte);
  if (begins(0xef, 0xbb, 0xbf)) return 'utf-8';
  if (begins(0xff, 0xfe)) return 'utf-16le';
  if (begins(0xfe, 0xff)) return 'utf-16be';
  return undefined;
}

/** Whether some bytes are nothing in that encoding. A file may also hold the sign for it that an earlier program left. */
export function isDamaged(bytes: Uint8Array, encoding: string): boolean {
  try {
    new TextDecoder(encoding, { fatal: true }).decode(bytes);
    return false;
  } catch {
    return true;
  }
}

/** What a file is if it is no text, as far as its beginning shows; `undefined` for text. */
export function noText(bytes: Uint8Array, encoding: string): string | undefined {
  const begin = bytes.subarray(0, 2_000);
  if (begin[0] === 0x50 && begin[1] === 0x4b && begin[2] === 0x03)
    return 'is a workbook or an archive: save the table as CSV';
  if (!CONTROLS.test(new TextDecoder(encoding).decode(begin))) return undefined;
  const [even = 0, odd = 0] = [0, 1].map(
    (parity) => begin.filter((byte, at) => at % 2 === parity && byte === 0).length,
  );
  const wide =
    even === 0 && odd > begin.length / 3 ? 'utf-16le' : odd === 0 && even > begin.length / 3 ? 'utf-16be' : '';
  return `is no text in ${encoding}${wide && `; ${wide} may be its encoding`}`;
}

/** What no text holds, tabs and breaks of lines and pages aside. */
const CONTROLS = /[\u0000-\u0008\u000e-\u001f]/;
