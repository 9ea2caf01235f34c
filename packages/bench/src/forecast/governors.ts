import {
  type CreditMethodName,
  computePool,
  creditMethods,
  type HeardQuestion,
} from '@commonweal/node/agent'
import { present } from '@commonweal/protocol'
import type { ImportedQuestions } from './import-questions.ts'
import { hearIncrements, hearWhole, type NestedModels, nestModels } from './nested-models.ts'
import { rankCorrelation } from './rank-correlation.ts'
import { learn, openBook, playSupply, poolOf, supplySettings } from './supply-chain.ts'

/** The models of the governors' races, the smallest first: polls; with fundamentals; with the ratings of experts. */
export const GOVERNOR_MODELS: readonly string[] = ['538-lite', '538-classic', '538-deluxe']

export const creditMethodNames: readonly CreditMethodName[] = [
  'aumann-shapley',
  'leave-one-out',
  'monte-carlo-shapley',
  'commit-order',
  'equal',
]

/** A supply of nested models, and how it is paid under each way to divide credit. */
export interface SupplyReport {
  readonly setting: string
  /** Mean log loss of the paid forecaster, in nats. */
  readonly loss: number
  /** By model: how much more it would lose without, having learned without it too. */
  readonly marginals: readonly number[]
  readonly pays: readonly MethodPay[]
}

export interface MethodPay {
  readonly method: CreditMethodName
  /** Part of all that was paid which each model kept, and the buyer. */
  readonly shares: readonly number[]
  readonly buyerShare: number
  /** Rank correlation of pay with marginal value over the models. Of three, so that few values can occur. */
  readonly payCorrelation: number | null
  /** The same of credit with marginal value over all pairs of a question and a model. */
  readonly creditCorrelation: number | null
}

/**
 * What governors' models are paid for what they said so many days before the races were over. Races of one night are settled one
 * after another, as a ledger would: what a buyer has learned from one counts in the next.
 */
export function measureGovernors(
  imported: ImportedQuestions,
  daysBefore: number,
): readonly SupplyReport[] {
  return measureSupply(nestModels(imported, { names: GOVERNOR_MODELS, role: 'model', daysBefore }))
}

/** How nested models are paid, sold whole, as increments, or down a chain. */
export function measureSupply(nested: NestedModels): readonly SupplyReport[] {
  return supplySettings(nested).map((setting) => {
    const hear = setting.view === 'whole' ? hearWhole : hearIncrements
    const heard = nested.questions.map((question) => hear(nested.models, question))
    const { losses } = playBook(nested, heard, { ...setting, method: 'equal' })
    // By model, then by question.
    const missing = nested.models.map((model) => {
      const without = heard.map((question) => ({
        ...question,
        heard: question.heard.filter(({ supplier }) => supplier !== model),
      }))
      const lost = playBook(nested, without, { ...setting, method: 'equal' }).losses
      return lost.map((loss, index) => loss - present(losses[index], 'every question is played'))
    })
    const marginals = missing.map(meanOf)
    const pays = creditMethodNames.map((method): MethodPay => {
      const { shares, buyerShare } = playSupply(nested, setting, method)
      const { credits } = playBook(nested, heard, { ...setting, method })
      const byModel = nested.models.map((_, model) => credits.map((each) => each[model] ?? 0))
      return {
        method,
        shares,
        buyerShare,
        payCorrelation: rankCorrelation(shares, marginals),
        creditCorrelation: rankCorrelation(byModel.flat(), missing.flat()),
      }
    })
    return { setting: setting.name, loss: meanOf(losses), marginals, pays }
  })
}

/** Loss and credits of the paid forecaster, question by question. */
function playBook(
  { models }: NestedModels,
  questions: readonly HeardQuestion[],
  { learns, method }: { readonly learns: boolean; readonly method: CreditMethodName },
): { readonly losses: readonly number[]; readonly credits: readonly (readonly number[])[] } {
  let book = openBook(models, { learns })
  const losses: number[] = []
  const credits: (readonly number[])[] = []
  for (const question of questions) {
    const { id, outcome, heard } = question
    const pool = poolOf(book, question)
    losses.push(-Math.log(computePool(pool)[outcome] ?? 0))
    const parts = pool.parts.map((part, index) => ({ ...part, order: heard[index]?.order ?? 0 }))
    credits.push(creditMethods[method]({ ...pool, parts, outcome, seed: id }))
    book = learn(book, question, { learns, method })
  }
  return { losses, credits }
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
