/** fast-check as our suites use it: take `fc` from here. A list is as long as it says, not a third of it. */
import fc, { Arbitrary, type Random, type Stream, type Value } from 'fast-check'
import { inject } from 'vitest'

// By itself fast-check makes lists of ten or twenty at most, whatever maximum they are given. One seed for everybody:
// what is green here is green there, and a run of another size plays other games. What fails is shrunk for a person to
// read; of a planted bug nothing is asked but whether it shows.
fc.configureGlobal({
  defaultSizeToMaxWhenMaxSpecified: true,
  seed: 20_261_121,
  endOnFailure: inject('endOnFailure') ?? false,
})

/** Lists of exactly so many; what fails is shrunk to fewer all the same. */
export function exactly<Step>(step: fc.Arbitrary<Step>, count: number): fc.Arbitrary<Step[]> {
  return new Exactly(step, count)
}

class Exactly<Step> extends Arbitrary<Step[]> {
  readonly #whole: fc.Arbitrary<Step[]>
  readonly #some: fc.Arbitrary<Step[]>

  constructor(step: fc.Arbitrary<Step>, count: number) {
    super()
    this.#whole = fc.array(step, { minLength: count, maxLength: count })
    this.#some = fc.array(step, { maxLength: count })
  }

  override generate(random: Random, bias: number | undefined): Value<Step[]> {
    return this.#whole.generate(random, bias)
  }

  override canShrinkWithoutContext(value: unknown): value is Step[] {
    return this.#some.canShrinkWithoutContext(value)
  }

  override shrink(value: Step[], context: unknown): Stream<Value<Step[]>> {
    return this.#some.shrink(value, context)
  }
}

export { fc }
