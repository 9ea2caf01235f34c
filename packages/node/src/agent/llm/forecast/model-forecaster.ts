import type { AgentId, Statement, StreamShares } from '@commonweal/protocol'
import type { Forecaster, ForecastSituation, SettledQuestion } from '../../forecast/forecaster.ts'
import { SERVING_TERMS_DEFAULT, servesCustomer } from '../../forecast/serving.ts'
import type { Prosociality } from '../../prosocial.ts'
import type { ChatMessage } from '../chat-model.ts'
import type { LanguageModel } from '../language-model.ts'
import type { Mandate } from '../mandate.ts'
import { type Mind, mindOf } from '../mind.ts'
import { fillPrompt, loadPrompt, type Prompt, type Values } from '../prompt.ts'
import { describeCredit } from './credit-words.ts'
import { checkForecast, checkPay, computeFloorsBps, computePayLimits } from './forecast-mandate.ts'
import { emptyMemory, stepMemory } from './forecast-memory.ts'
import { creditReplySchema, forecastReplySchema, toShares, toStatement } from './forecast-reply.ts'
import { describeReport, type SupplierNames } from './forecast-words.ts'
import {
  countSettled,
  lastWordsOf,
  mergeRecords,
  noBooks,
  poolOf,
  stepBooks,
} from './kind-books.ts'

export interface ModelForecasterOptions extends GuardedForecasting {
  readonly model: LanguageModel
}

/** What whoever decides is told about forecasts, and what it may say and pay. */
export interface GuardedForecasting extends SupplierNames {
  /** Null leaves it unguarded: for measuring what the guard is worth. */
  readonly mandate: Mandate | null
  readonly prosociality: Prosociality
  readonly memoryTokensMax: number
  /** Settled questions after which it thinks about whom to pay again. */
  readonly creditEvery: number
  /** The agent's own id. */
  readonly agent: AgentId
}

/** A forecaster that a language model decides for. */
export function createModelForecaster({ model, ...options }: ModelForecasterOptions): Forecaster {
  return createGuardedForecaster(mindOf(model), options)
}

/**
 * A forecaster that a mind decides for: what it reports, by whose reports it went, and whom it pays for them. What
 * each supplier was worth is not the mind's to say: it is learned as by any forecaster, told to the mind, and its mandate goes
 * by it.
 *
 * Errors  ModelFailure: there is no answer that may be said. Then nothing is reported, or nobody's pay is changed.
 */
export function createGuardedForecaster(mind: Mind, options: GuardedForecasting): Forecaster {
  const { mandate, agent, prosociality, memoryTokensMax, creditEvery, nameOf } = options
  const suppliers = options.suppliers.filter((supplier) => supplier !== agent)
  const listener = { agent, suppliers }
  const names = { suppliers, nameOf }
  const isGuarded = mandate !== null
  const prompts = loadPrompts()
  let books = noBooks
  let memory = emptyMemory
  let decided: StreamShares | null = null
  let lastOpenHeight = 0
  let creditedCount = 0

  function create(prompt: Prompt, values: Values): ChatMessage[] {
    return [
      { role: 'system', content: prompts.role.text },
      { role: 'user', content: fillPrompt(prompt, values) },
    ]
  }

  return {
    name: `${mind.name}, λ=${prosociality.lambda}`,
    suppliers,

    forecast(situation: ForecastSituation): Promise<Statement> {
      const { question, signals } = situation
      const floorsBps = computeFloorsBps(mandate, poolOf(books, suppliers, situation))
      const telling = { names, memory, memoryTokensMax, floorsBps }
      return mind.decide({
        name: 'forecast',
        messages: create(prompts.report, describeReport(situation, telling)),
        schema: forecastReplySchema,
        epoch: question.openHeight,
        check: async (reply) => {
          const checked = checkForecast(reply.report, floorsBps)
          return checked.ok ? toStatement(reply, { suppliers, signals, isGuarded }) : checked
        },
      })
    },

    learn(settled: SettledQuestion): void {
      memory = stepMemory(memory, settled, listener)
      books = stepBooks(books, settled, listener)
      lastOpenHeight = settled.question.openHeight
    },

    async assignCredit(current: StreamShares): Promise<void> {
      const settledCount = countSettled(books)
      if (settledCount < creditedCount + creditEvery) return
      creditedCount = settledCount
      const records = mergeRecords(books)
      const limits = computePayLimits(mandate, suppliers, records)
      const passedBps = new Map(current.map(({ to, bps }) => [to, bps]))
      const wordsOf = (supplier: AgentId): string => lastWordsOf(books, supplier)
      const telling = { names, memory, records, limits, prosociality, passedBps, wordsOf }
      decided = await mind.decide({
        name: 'credit',
        messages: create(prompts.credit, describeCredit(telling)),
        schema: creditReplySchema,
        epoch: lastOpenHeight,
        check: async (reply) => {
          const shares = toShares(reply, suppliers)
          return shares.ok ? checkPay(agent, shares.value, limits) : shares
        },
      })
    },

    chooseStreams(): StreamShares | null {
      const chosen = decided
      decided = null
      return chosen
    },

    serves: (customer) => servesCustomer(customer, SERVING_TERMS_DEFAULT),
  }
}

function loadPrompts(): Readonly<Record<'role' | 'report' | 'credit', Prompt>> {
  return {
    role: loadPrompt('forecast-role.v1'),
    report: loadPrompt('forecast-report.v1'),
    credit: loadPrompt('forecast-credit.v1'),
  }
}
