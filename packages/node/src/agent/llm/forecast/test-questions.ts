import {
  type AgentId,
  cidOf,
  createNobleSigner,
  digestOf,
  encode,
  type Report,
  type Statement,
  secretKeyOf,
} from '@commonweal/protocol'
import type { OpenQuestion, SettledQuestion, Signal } from '../../forecast/forecaster.ts'
import { prosocialityOfLambda } from '../../prosocial.ts'
import type { ChatReply, ChatRequest } from '../chat-model.ts'
import type { LanguageModel } from '../language-model.ts'
import { createMandate, type Mandate } from '../mandate.ts'
import { modelConfigSchema } from '../model-config.ts'
import { scriptedModel } from '../test-situation.ts'
import type { ModelForecasterOptions } from './model-forecaster.ts'

const AGENTS: readonly AgentId[] = Array.from(
  { length: 6 },
  (_, index) => createNobleSigner(secretKeyOf('forecasts', index)).agent,
)

/** The agents of a test by number: 0 is the forecaster itself, 1 to 3 its suppliers, 4 and 5 others. */
export function agentAt(index: number): AgentId {
  const agent = AGENTS[index]
  if (agent === undefined) throw new RangeError(`there are six agents, and no ${index}`)
  return agent
}

export const SUPPLIERS: readonly AgentId[] = AGENTS.slice(1, 4)

export function questionAt(index: number, change: Partial<OpenQuestion> = {}): OpenQuestion {
  return {
    id: cidOf(encode(['question', index])),
    text: `Does it rain on day ${index}?`,
    topic: `day/${index}/rain`,
    outcomes: ['no', 'yes'],
    resolver: { kind: 'schelling' },
    referenceBps: [6_000, 4_000],
    weight: 1,
    openHeight: 10 * index,
    snapshots: [{ closeHeight: 10 * index + 8, weightBps: 10_000 }],
    resolveHeight: 10 * index + 9,
    ...change,
  }
}

export function say(
  report: Report | null,
  reasoning = '',
  more: Partial<Statement> = {},
): Statement {
  return { report, findings: [], parents: [], reasoning, hypotheses: [], ...more }
}

/** What one has sealed on a question. */
export function signalOf(author: AgentId, question: OpenQuestion, statement: Statement): Signal {
  const digest = digestOf(encode([author, question.id]))
  return { author, snapshot: 0, digest, statement, order: AGENTS.indexOf(author) }
}

export function settle(
  question: OpenQuestion,
  outcome: number | null,
  said: readonly (readonly [agent: number, statement: Statement])[],
): SettledQuestion {
  const signals = said.map(([agent, statement]) => signalOf(agentAt(agent), question, statement))
  return { question, outcome, signals }
}

export function mandateOf(forecast: object = {}): Mandate {
  const { mandate } = modelConfigSchema.parse({ name: 'm', mandate: { forecast } })
  if (mandate === null) throw new TypeError('a mandate is there unless null is given')
  return createMandate(mandate)
}

type Script = (request: ChatRequest, index: number) => string | Partial<ChatReply>

/** All that a forecaster with a scripted model needs, and the requests that it made. */
export function scriptedOptions(
  script: Script,
  change: Partial<ModelForecasterOptions> & { readonly lambda?: number } = {},
): ModelForecasterOptions & {
  readonly model: LanguageModel & { readonly requests: readonly ChatRequest[] }
} {
  const { lambda = 0, ...rest } = change
  const prosociality = prosocialityOfLambda(lambda)
  if (!prosociality.ok) throw new TypeError('no such λ')
  return {
    mandate: mandateOf(),
    prosociality: prosociality.value,
    memoryTokensMax: 500,
    creditEvery: 4,
    agent: agentAt(0),
    suppliers: SUPPLIERS,
    nameOf: (agent) => `name-${AGENTS.indexOf(agent)}`,
    ...rest,
    model: scriptedModel(script),
  }
}

/** The last thing that a model was told. */
export function lastWords(request: ChatRequest | undefined): string {
  return request?.messages.at(-1)?.content ?? ''
}
