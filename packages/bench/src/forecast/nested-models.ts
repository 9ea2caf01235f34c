import { type HeardQuestion, probabilitiesOf } from '@commonweal/node/agent'
import { type AgentId, invariant, present } from '@commonweal/protocol'
import { agentNamed } from './agent-named.ts'
import type { ImportedQuestions } from './import-questions.ts'
import { lastReports } from './last-reports.ts'
import { byClosing } from './replication.ts'
import { toReport } from './to-report.ts'

/** Models of which each contains the one before it, and what they said about resolved questions. */
export interface NestedModels {
  /** The smallest first. */
  readonly models: readonly AgentId[]
  readonly questions: readonly NestedQuestion[]
}

export interface NestedQuestion {
  readonly id: string
  /** Every outcome alike. */
  readonly reference: readonly number[]
  readonly outcome: number
  /** Probabilities by model. */
  readonly said: readonly (readonly number[])[]
}

const DAY_MS = 86_400_000

/**
 * What nested models said, so many days before each question closed, about the questions on which all of them spoke.
 *
 * @param names the smallest model first.
 */
export function nestModels(
  imported: ImportedQuestions,
  { names, role, daysBefore }: { names: readonly string[]; role: string; daysBefore: number },
): NestedModels {
  const questions = imported.questions.map((question) => ({
    ...question,
    closeAtMs: question.closeAtMs - daysBefore * DAY_MS,
  }))
  const reports = lastReports({ ...imported, questions }, role)
  return {
    models: names.map(agentNamed),
    questions: byClosing(questions).flatMap(({ id, outcomes, outcomeIndex }) => {
      const byName = new Map(reports.get(id)?.map(({ name, report }) => [name, report]))
      const said = names.flatMap((name) => {
        const report = byName.get(name)
        return report === undefined ? [] : [probabilitiesOf(report)]
      })
      if (said.length < names.length) return []
      const reference = probabilitiesOf(toReport(outcomes.map(() => 1 / outcomes.length)))
      return [{ id, reference, outcome: outcomeIndex, said }]
    }),
  }
}

/** Each model as a signal of its own: what is common to all is in every one. */
export function hearWhole(models: readonly AgentId[], question: NestedQuestion): HeardQuestion {
  return {
    ...bare(question),
    heard: question.said.map((said, index) => signalOf(models, index, said)),
  }
}

/** Each model as what it adds to the one before it, p ∝ r·p_j/p_{j−1}: with weights of 1 their pool is the last model. */
export function hearIncrements(
  models: readonly AgentId[],
  question: NestedQuestion,
): HeardQuestion {
  const heard = question.said.map((said, index) => {
    const before = question.said[index - 1] ?? question.reference
    return signalOf(models, index, increment(question.reference, said, before))
  })
  return { ...bare(question), heard }
}

/** What a model is made from: the whole of the one before it, and what it adds itself. */
export function hearSupplier(
  models: readonly AgentId[],
  question: NestedQuestion,
  index: number,
): HeardQuestion {
  invariant(index > 0, 'the smallest model has no supplier')
  const all = hearIncrements(models, question).heard
  const before = present(question.said[index - 1], 'every model has spoken')
  const own = present(all[index], 'every model has spoken')
  return { ...bare(question), heard: [signalOf(models, index - 1, before), own] }
}

function bare({ id, reference, outcome }: NestedQuestion): Omit<HeardQuestion, 'heard'> {
  return { id, reference, outcome }
}

/** The smaller model seals first: the others are made from it. */
function signalOf(
  models: readonly AgentId[],
  index: number,
  probabilities: readonly number[],
): HeardQuestion['heard'][number] {
  return { supplier: present(models[index], 'the model has an id'), order: index, probabilities }
}

function increment(
  reference: readonly number[],
  said: readonly number[],
  before: readonly number[],
): readonly number[] {
  const masses = reference.map((mass, k) => (mass * (said[k] ?? 0)) / (before[k] ?? 1))
  const sum = masses.reduce((total, mass) => total + mass, 0)
  return masses.map((mass) => mass / sum)
}
