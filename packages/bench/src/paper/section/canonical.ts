import { measureCanonical } from '../../games/canonical-table.ts'
import { drawBars } from '../../report/plot/bar-plot.ts'
import type { PaperSection } from '../section.ts'
import { judge } from '../verdict-row.ts'

const NAME = 'canonical'

/** By setting: equilibria with their payoffs, the best welfare, the gap to 20 (24 in the 2×2 game). */
const EXPECTED: Readonly<Record<string, string>> = {
  'no contract, λ = 0': 'DH,DH → -2,-2; W -4; gap 24',
  'contract on base actions, λ = 0': 'CH,CL → 7,12 CL,CH → 12,7; W 19; gap 1',
  'the same, symmetric mixed': 'mixed → 8,8; W 16; gap 4',
  'no contract, λ = 1': 'CH,CL → 7,12 CL,CH → 12,7; W 19; gap 1',
  'no contract, λ = 3': 'CH,CH → 10,10; W 20; gap 0',
  'contract on base actions, λ = 3': 'CH,CH → 10,10; W 20; gap 0',
  'no contract, λ = 0 and 3': 'DH,CH → 18,-8; W 10; gap 10',
  'contract on base actions, λ = 0 and 3': 'CL,CH → 12,7; W 19; gap 1',
  'effort observable, λ = 0': 'CH,CH → 10,10; W 20; gap 0',
  'outcome observable, λ = 0': 'CH,CH → 10,10; W 20; gap 0',
  '2×2 game, λ = 0': 'C,C → 12,12; W 24; gap 0',
}

/** One game with hidden effort in every setting, controls included. */
export const canonicalSection: PaperSection = {
  name: NAME,
  title: 'One game in every setting',
  text: [
    'The game (12, −6, 20, 0), in which ε = 2 and η = 1. C and D are cooperation and defection, H and L high and low effort. The last three settings are controls: a fine of 3 on low effort, a fine of 3 when welfare is below 20, and the 2×2 game in which nothing is hidden.',
    'With a contract a prosocial player beside a selfish one is still exploited, but by no more than effort can hide: 7 against 12 instead of −8 against 18.',
  ],
  measure() {
    const measured = measureCanonical()
    return {
      rows: measured.map(({ setting, equilibria, welfare, gap }, index) =>
        judge(NAME, {
          id: `canonical/${index + 1}`,
          what: setting,
          expected: EXPECTED[setting] ?? 'no published figure',
          got: `${equilibria.join(' ')}; W ${welfare}; gap ${gap}`,
        }),
      ),
      figures: [
        {
          id: 'canonical-gap',
          title: 'Welfare missing to the first best, by what a contract may see',
          caption:
            'The game (12, −6, 20, 0): welfare at the best equilibrium of each kind less than at the first best, two players, one round. By enumeration of all equilibria in exact arithmetic. Contracts on base actions close most of the gap but not all; prosocial weight, or sight of effort or outcome, closes it.',
          svg: drawBars({
            name: 'Welfare missing to the first best',
            y: 'welfare missing',
            digits: 0,
            categories: measured.map(({ setting }) => setting),
            series: [{ name: 'gap', values: measured.map(({ gap }) => Number(gap)) }],
          }),
        },
      ],
    }
  },
}
