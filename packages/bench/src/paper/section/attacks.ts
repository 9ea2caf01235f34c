import { type AttackCell, measureAttackMatrix } from '../../adversary/deviation-gain.ts'
import { scoreAttacks } from '../../forecast/attacks.ts'
import { type Gain, measureGain } from '../../forecast/gain.ts'
import { drawHeat } from '../../report/plot/heat-plot.ts'
import type { Figure } from '../../report/report.ts'
import type { PaperSection } from '../section.ts'

const WORLD_COUNT = 30
const QUESTION_COUNT = 30

/** The mix that is drawn: others who all hold back, and so have something to lose. */
const DRAWN = 'λ = 1'
const CONTRACTS = ['none', 'text', 'law'] as const

/** What adversaries of a commons and attacks on the score of forecasts gain. */
export const attacksSection: PaperSection = {
  name: 'attacks',
  title: 'What adversaries gain',
  text: [
    'Each adversary against the same stake in the same seeded world behaving honestly. In the commons: one seat of five (or a ring of several) by contract condition and by the weights of the others. On the score of forecasts: some rows are attacks on a weaker rule, to show what the rule is for: reports shown before their snapshots close, losses given back at exit, questions that nobody admitted.',
  ],
  partSeconds: 20,
  async measure({ seed }) {
    const cells = await measureAttackMatrix({ seed: `${seed}/commons` })
    const options = {
      seed: `${seed}/attacks`,
      worldCount: WORLD_COUNT,
      questionCount: QUESTION_COUNT,
    }
    const gains = scoreAttacks.map((attack) => measureGain(attack, options))
    return { rows: [], figures: [commonsFigure(cells), scoreFigure(gains)] }
  },
}

function commonsFigure(cells: readonly AttackCell[]): Figure {
  const names = [...new Set(cells.map(({ adversary }) => adversary))]
  const of = (adversary: string, contract: string): AttackCell | undefined =>
    cells.find(
      (cell) => cell.adversary === adversary && cell.contract === contract && cell.mix === DRAWN,
    )
  return {
    id: 'attack-matrix-commons',
    title: 'Gain of each adversary of the commons, and what the others lose',
    caption: `Rows are adversaries among others of weight 1 who would hold back. For each contract condition: the adversary's gain over the same stake behaving honestly, then what all others together lose by it, in units of the resource. Orange is above 0, blue below; the colours of a column run over that column. Means over ten seeds.`,
    svg: drawHeat({
      name: 'Gain of each adversary of the commons',
      rows: names,
      columns: CONTRACTS.flatMap((contract) => [`gain, ${contract}`, `loss, ${contract}`]),
      values: names.map((name) =>
        CONTRACTS.flatMap((contract) => {
          const cell = of(name, contract)
          return [cell?.gain.mean ?? null, cell?.loss.mean ?? null]
        }),
      ),
      digits: 1,
    }),
    table: {
      id: 'attack-matrix-commons-numbers',
      title: 'Gain of each adversary of the commons, and what the others lose',
      caption:
        'Means and 95 % bootstrap intervals over seeds; rounds is how long the commons lasts.',
      columns: [
        { title: 'adversary' },
        { title: 'contract' },
        { title: 'others' },
        ...['gain', 'lo', 'hi', 'loss', 'lo', 'hi'].map((title) => ({ title, digits: 2 })),
        { title: 'success', digits: 2 },
        { title: 'rounds', digits: 1 },
      ],
      rows: cells.map(({ adversary, contract, mix, gain, loss, success, rounds }) => [
        adversary,
        contract,
        mix,
        ...[gain, loss].flatMap(({ mean, lo, hi }) => [mean, lo, hi]),
        success.mean,
        rounds,
      ]),
    },
  }
}

function scoreFigure(gains: readonly Gain[]): Figure {
  return {
    id: 'attack-matrix',
    title: 'Gain of each attack on the score',
    caption: `Rows are attacks. Columns are the gain in forecasting weight as a part of the stake, and in pay as a part of the honest pay: above 0 (orange) the attacker gains, below (blue) it loses; the colours of a column run over that column. Means over ${WORLD_COUNT} seeded worlds of ${QUESTION_COUNT} questions.`,
    svg: drawHeat({
      name: 'Gain of each attack on the score',
      rows: gains.map(({ name }) => name),
      columns: ['gain in weight', 'gain in pay'],
      values: gains.map(({ weight, pay }) => [weight.mean, pay.mean]),
      digits: 3,
    }),
    table: {
      id: 'attack-matrix-numbers',
      title: 'Gain of each attack on the score',
      caption: 'Means and 95 % bootstrap intervals over worlds.',
      columns: [
        { title: 'attack' },
        ...['weight', 'lo', 'hi', 'pay', 'lo', 'hi'].map((title) => ({ title, digits: 4 })),
      ],
      rows: gains.map(({ name, weight, pay }) => [
        name,
        ...[weight, pay].flatMap(({ mean, lo, hi }) => [mean, lo, hi]),
      ]),
    },
  }
}
