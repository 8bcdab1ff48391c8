/** Numbers in [0, 1) that look like chance and repeat with their seed: Lehmer's generator with the constants of MINSTD. */
export function dice(seed: number): () => number {
  let state = (Math.abs(Math.trunc(seed)) % (MODULUS - 1)) + 1;
  return () => (state = (state * 16_807) % MODULUS) / MODULUS;
}

const MODULUS = 2_147_483_647;
