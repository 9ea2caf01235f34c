import { format, type Rational } from '../../games/rational.ts'
import {
  equalCostsGame,
  measureFine,
  measureState,
  smallestStateGame,
} from '../../games/state-figures.ts'
import type { PaperSection } from '../section.ts'
import { judge, type VerdictRow } from '../verdict-row.ts'

const NAME = 'hidden-state'

/** Micro-tokens on x = 0, and expected welfare of selfish seats: up to each cost, and from it on. */
const FINES: readonly (readonly [fineMicro: number, welfare: string])[] = [
  [0, '0'],
  [999_999, '0'],
  [1_000_001, '-1'],
  [1_999_999, '-1'],
  [2_000_001, '2'],
  [9_000_000, '2'],
]

/** The smallest game in which all see a state that no contract sees. */
export const hiddenStateSection: PaperSection = {
  name: NAME,
  title: 'A state that contracts cannot see',
  text: [
    'Two players see whether acting is worth its cost today; a contract of the class own-action charges a player for its own act alone. Acting costs 2 in state 1, where it brings the other 5, and 1 in state 0, where it brings nothing; both states are as likely. Expected welfare at the best pure equilibrium of each state, in exact arithmetic.',
  ],
  measure() {
    const figures = measureState(smallestStateGame)
    const edge = measureState(equalCostsGame)
    const row = (id: string, what: string, expected: string, got: Rational | null): VerdictRow =>
      judge(NAME, {
        id: `hidden-state/${id}`,
        what,
        expected,
        got: got === null ? 'none' : format(got),
      })
    return {
      rows: [
        row('first-best', 'first best, x = ω', '3', figures.firstBest),
        ...FINES.map(([fineMicro, welfare]) =>
          row(
            `fine/${fineMicro}`,
            `a fine of ${fineMicro / 1e6} on x = 0`,
            welfare,
            measureFine(smallestStateGame, fineMicro),
          ),
        ),
        row('best-contract', 'best contract of own-action', '2', figures.bestContract),
        row('gap', 'gap, n(1 − p)c₀', '1', figures.gap),
        row('threshold', 'λ*, c₁/(b − c₁)', '2/3', figures.threshold),
        row('prosocial', 'everybody at λ*, no contract', '3', figures.prosocial),
        row('rigid', 'everybody at λ*, x = 1 forced', '2', figures.prosocialForced),
        row('edge', 'control, equal costs: gap', '0', edge.gap),
        row('seen', 'control, a fine on x ≠ ω: welfare', '3', figures.stateSeen),
        row('mismatch', 'control, a fine of 3 on x₁ ≠ x₂: welfare', '3', figures.mismatchFine),
      ],
    }
  },
}
