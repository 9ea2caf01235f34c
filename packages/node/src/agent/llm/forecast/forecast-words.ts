import { type AgentId, type Report, WHOLE_BPS } from '@commonweal/protocol'
import type { ForecastSituation, OpenQuestion, Signal } from '../../forecast/forecaster.ts'
import { reportedBy } from '../../forecast/heard-question.ts'
import { cleanse, quote } from '../foreign-text.ts'
import { rememberLatest } from '../memory.ts'
import type { Values } from '../prompt.ts'
import {
  type ForecastMemory,
  kindOf,
  NO_RECORD,
  type PastQuestion,
  type TrackRecord,
} from './forecast-memory.ts'

/** Characters; on the wire these limits are in bytes. [FOR-7] */
export const REASONING_MAX = 600
export const HYPOTHESIS_MAX = 200
export const HYPOTHESES_MAX = 8

/** Whom a forecaster buys from, numbered from 0, and what its node calls them. */
export interface SupplierNames {
  readonly suppliers: readonly AgentId[]
  /** Never a word of the agent's own. */
  readonly nameOf: (agent: AgentId) => string
}

/** Characters of a supplier's name that are shown. */
const NAME_LENGTH_MAX = 32

/** "supplier 2 (signal-markov)" */
export function nameSupplier({ suppliers, nameOf }: SupplierNames, agent: AgentId): string {
  const name = cleanse(nameOf(agent)).slice(0, NAME_LENGTH_MAX)
  return `supplier ${suppliers.indexOf(agent)} (${name})`
}

export interface ReportTelling {
  readonly names: SupplierNames
  readonly memory: ForecastMemory
  readonly memoryTokensMax: number
  /** The least that may be given to each outcome. */
  readonly floorsBps: readonly number[]
}

/** Values of `forecast-report`. Nothing of who else forecasts, nor of what decides the answer. */
export function describeReport(
  { question, signals }: ForecastSituation,
  { names, memory, memoryTokensMax, floorsBps }: ReportTelling,
): Values {
  const past = memory.past.filter(({ kind }) => kind === kindOf(question.outcomes))
  return {
    question: quote('the question', question.text),
    outcomes: describeOutcomes(question, floorsBps),
    base: describeBase(question, memory),
    signals: describeSignals(question, signals, { names, memory }),
    own: describeRecord(memory.own),
    memory: rememberLatest(past, (one) => describePast(one, names), memoryTokensMax),
    outcomeCount: String(question.outcomes.length),
    reasoningMax: String(REASONING_MAX),
    hypothesesMax: String(HYPOTHESES_MAX),
    hypothesisMax: String(HYPOTHESIS_MAX),
  }
}

function describeOutcomes(
  { outcomes, referenceBps }: OpenQuestion,
  floorsBps: readonly number[],
): string {
  return outcomes
    .map(
      (outcome, index) =>
        `- ${index}: ${quote('the question', outcome)}, reference ${referenceBps[index] ?? 0}, least ${floorsBps[index] ?? 0}`,
    )
    .join('\n')
}

function describeBase({ outcomes }: OpenQuestion, { counts }: ForecastMemory): string {
  const known = counts.get(kindOf(outcomes)) ?? []
  const total = known.reduce((sum, count) => sum + count, 0)
  if (total === 0) return 'none is settled yet.'
  const parts = known.map((count, outcome) => `outcome ${outcome} ${count} times`)
  return `of ${total} settled ones, ${parts.join(', ')}.`
}

/** In the order of the suppliers' numbers: who sealed first says nothing of what a report is worth. */
function describeSignals(
  { outcomes }: OpenQuestion,
  signals: readonly Signal[],
  { names, memory }: Pick<ReportTelling, 'names' | 'memory'>,
): string {
  const lines = names.suppliers.flatMap((supplier): string[] => {
    const signal = signals.findLast(({ author }) => author === supplier)
    if (signal === undefined) return []
    const record = describeRecord(memory.suppliers.get(supplier) ?? NO_RECORD)
    const probabilities = reportedBy(signal, outcomes.length)
    const report =
      probabilities === undefined ? 'no report' : formatReport(probabilities.map(toBps))
    const words = wordsOf(signal)
    return [
      `- ${nameSupplier(names, supplier)}: ${report}; its reports so far: ${record}`,
      ...(words === ''
        ? []
        : [`  ${quote(`supplier ${names.suppliers.indexOf(supplier)}`, words)}`]),
    ]
  })
  return lines.length === 0 ? 'nothing.' : lines.join('\n')
}

/** All words of a signal: findings too have names that somebody wrote. */
export function wordsOf({ statement }: Signal): string {
  const { findings, reasoning, hypotheses } = statement
  const found = findings.map(({ name, value }) => `${name} ${value}`).join(', ')
  return [reasoning, ...hypotheses, found].filter((text) => text !== '').join(' · ')
}

/** "34 settled, better than the reference by 0.091 nats each" */
export function describeRecord({ count, gain }: TrackRecord): string {
  if (count === 0) return 'none settled'
  const mean = gain / count
  const distance = Math.abs(mean).toFixed(3)
  if (Number(distance) === 0) return `${count} settled, as good as the reference`
  const side = mean < 0 ? 'worse' : 'better'
  return `${count} settled, ${side} than the reference by ${distance} nats each`
}

function describePast(
  { topic, outcome, own, reports }: PastQuestion,
  names: SupplierNames,
): string {
  const said = names.suppliers.flatMap((supplier, number) => {
    const report = reports.get(supplier)
    return report === undefined ? [] : [`supplier ${number} ${formatReport(report)}`]
  })
  const all = [...(own === null ? [] : [`you ${formatReport(own)}`]), ...said]
  return `- ${quote('the question', topic)}: outcome ${outcome} came true; ${all.join(', ')}`
}

function toBps(probability: number): number {
  return Math.round(probability * WHOLE_BPS)
}

function formatReport(report: Report): string {
  return report.join(' ')
}
