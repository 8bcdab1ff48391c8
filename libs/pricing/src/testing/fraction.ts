import type { RoundingMode } from '@comanda/money';

/** An exact fraction, for checking the engine against plain arithmetic. */
export class Fraction {
  private constructor(
    readonly top: bigint,
    readonly bottom: bigint,
  ) {}

  static of(top: number | bigint, bottom: number | bigint = 1): Fraction {
    return new Fraction(BigInt(top), BigInt(bottom));
  }

  plus(other: Fraction): Fraction {
    return new Fraction(this.top * other.bottom + other.top * this.bottom, this.bottom * other.bottom);
  }

  minus(other: Fraction): Fraction {
    return this.plus(other.times(Fraction.of(-1)));
  }

  times(other: Fraction): Fraction {
    return new Fraction(this.top * other.top, this.bottom * other.bottom);
  }

  over(other: Fraction): Fraction {
    return new Fraction(this.top * other.bottom, this.bottom * other.top);
  }

  isBelow(other: Fraction): boolean {
    return this.top * other.bottom < other.top * this.bottom;
  }

  equals(other: Fraction): boolean {
    return this.top * other.bottom === other.top * this.bottom;
  }

  /** The largest whole number that is not above a fraction that is not below zero. */
  floor(): Fraction {
    return Fraction.of(this.top / this.bottom);
  }

  /** The multiple of `step` that the mode picks of the two around this fraction. */
  rounded(mode: RoundingMode, step: Fraction = Fraction.of(1)): Fraction {
    if (this.isBelow(Fraction.of(0))) return this.times(Fraction.of(-1)).rounded(mode, step).times(Fraction.of(-1));
    const lower = this.over(step).floor().times(step);
    if (lower.equals(this)) return lower;
    const upper = lower.plus(step);
    const middle = lower.plus(step.over(Fraction.of(2)));
    if (mode === 'up') return upper;
    if (mode === 'down') return lower;
    if (this.isBelow(middle)) return lower;
    if (middle.isBelow(this)) return upper;
    if (mode === 'half-up') return upper;
    const half = lower.over(step).over(Fraction.of(2));
    return half.equals(half.floor()) ? lower : upper;
  }

  /** A whole fraction as a number. */
  toNumber(): number {
    if (this.top % this.bottom !== 0n) throw new Error(`${this.top}/${this.bottom} is not whole.`);
    return Number(this.top / this.bottom);
  }
}
