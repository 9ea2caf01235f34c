import { measureLockChurn } from '../attack/lock-churn.ts'
import { scoreAttacks } from '../attacks.ts'
import { measureGain } from '../gain.ts'
import { BELIEF_DEFAULT, measureTruthfulness } from '../truthfulness.ts'
import type { Measured, SectionOptions } from './section.ts'
import { written } from './section.ts'

/** Of the column with the names of attacks. */
const NAME_WIDTH = 52

/** What is best to report. */
export function truthfulnessSection(): Measured {
  const reports = measureTruthfulness(BELIEF_DEFAULT)
  const { belief, peers, share } = BELIEF_DEFAULT
  return {
    figures: reports,
    lines: [
      `Best report of an agent that believes ${belief}, peers at ${peers}, own share ${share}`,
      ...reports.map(({ rule, report }) => `  ${rule.padEnd(44)}${report.toFixed(3)}`),
    ],
  }
}

/** What attacks on the score gain. */
export function attackSection({ seed, worldCount }: SectionOptions): Measured {
  const gains = scoreAttacks.map((attack) =>
    measureGain(attack, { seed, worldCount, questionCount: 30 }),
  )
  return {
    figures: gains,
    lines: [
      'Gain over the same stake reporting honestly, 30 questions, 95 % interval over worlds',
      `  ${''.padEnd(NAME_WIDTH)}${'weight, of the stake'.padEnd(32)}pay, of the honest pay`,
      ...gains.map(
        ({ name, weight, pay }) =>
          `  ${name.padEnd(NAME_WIDTH)}${written(weight).padEnd(32)}${written(pay)}`,
      ),
    ],
  }
}

/** What closing and opening a lock over and over does to the others. */
export function churnSection(): Measured {
  const churn = [1, 4, 8].map((everyEpochs) => ({
    everyEpochs,
    payLeft: measureLockChurn(33, everyEpochs),
    payLeftIfAllToHouse: measureLockChurn(33, everyEpochs, 'all-to-house'),
  }))
  return {
    figures: churn,
    lines: [
      'Pay left to the others after 32 epochs, when a tenth of the stake is closed and opened again; nothing is drawn',
      ...churn.map(({ everyEpochs, payLeft, payLeftIfAllToHouse }) => {
        const rival = `(${payLeftIfAllToHouse.toFixed(3)} if the house took all weight)`
        return `  every ${everyEpochs} epochs`.padEnd(46) + `${payLeft.toFixed(3)} ${rival}`
      }),
    ],
  }
}
