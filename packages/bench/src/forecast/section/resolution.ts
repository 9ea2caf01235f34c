import { briberies, measureBribedJury } from '../attack/bribed-jury.ts'
import { liars, measureLiar } from '../attack/lying-asserter.ts'
import { type Measured, type SectionOptions, signed, written } from './section.ts'

/** Of the column that says what is tried. */
const WIDTH = 52
/** As many juries as are drawn at most. */
const ROUNDS_MAX = 3

/** What it costs to bribe juries. */
export function briberySection({ seed, worldCount }: SectionOptions): Measured {
  const bribes = briberies.map((bribery) => measureBribedJury(bribery, { seed, worldCount }))
  const heading = 'who believes, budget, worth in parts of the bound'.padEnd(WIDTH)
  return {
    figures: bribes,
    lines: [
      'Bribing juries of 7, 15, 31, in parts of what the question is worth, 95 % interval over worlds',
      `  ${heading}flipped  void   gain   bribes   bond     net`,
      ...bribes.map((bribe) => {
        const {
          believing,
          budget,
          worth,
          rounds,
          flipped,
          voided,
          gain,
          bribes: paid,
          bond,
          net,
        } = bribe
        const until = rounds === ROUNDS_MAX ? '' : `, gives up after ${rounds}`
        const who = `${believing} believe, budget ${budget}, worth ${worth}${until}`.padEnd(WIDTH)
        return (
          `  ${who}${flipped.toFixed(2)}     ${voided.toFixed(2)}` +
          `   ${gain.mean.toFixed(2)} ${paid.mean.toFixed(2).padStart(8)} ${signed(bond.mean).padStart(8)}   ${written(net)}`
        )
      }),
    ],
  }
}

/** What bonds for the wrong outcome bring. */
export function liarSection({ seed, worldCount }: SectionOptions): Measured {
  const lies = liars.map((liar) => measureLiar(liar, { seed, worldCount }))
  const columns = `${'net'.padEnd(30)}${'honest opponent'.padEnd(30)}pays from a worth of`
  return {
    figures: lies,
    lines: [
      'Bonding 50 tokens for the wrong outcome, in tokens, 95 % interval over worlds',
      `  ${''.padEnd(WIDTH)}flipped  void   ${columns}`,
      ...lies.map(
        ({ name, flipped, voided, net, opponent, breakEven }) =>
          `  ${name.padEnd(WIDTH)}${flipped.toFixed(2)}     ${voided.toFixed(2)}   ${written(net).padEnd(30)}` +
          `${written(opponent).padEnd(30)}${breakEven?.toFixed(0) ?? 'never'}`,
      ),
    ],
  }
}
