/**
 * The same text however it was typed: one plain space wherever there are spaces or control characters, none at the ends,
 * accents in one piece.
 */
export function tidy(text: string): string {
  return IS_TIDY.test(text)
    ? text
    : text
        .normalize('NFC')
        .replaceAll(/[\s\p{Cc}]+/gu, ' ')
        .trim();
}

const IS_TIDY = /^[!-~]+(?: [!-~]+)*$/;
