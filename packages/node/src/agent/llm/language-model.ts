import { ConfigError } from '../../errors.ts'
import type { ClockPort } from '../../ports.ts'
import type { Questioner } from './ask.ts'
import { Cassette, recorded, type Tape } from './cassette.ts'
import type { ChatModel } from './chat-model.ts'
import { counted } from './counted-chat.ts'
import {
  type Endpoint,
  type Environment,
  findEndpoint,
  MODEL_NAME_FORMS,
  parseModelName,
} from './endpoint.ts'
import type { ModelConfig } from './model-config.ts'
import { ModelFailure } from './model-failure.ts'
import { UsageCounter } from './model-usage.ts'
import { retrying } from './retrying-chat.ts'
import { inSlots, Slots } from './slots.ts'
import { type Budget, FREE, type Price, type Purse, Spending, withinBudget } from './spending.ts'

export interface LanguageModelParts {
  readonly environment: Environment
  readonly clock: ClockPort
  /** Ends every call: the node stops. */
  readonly signal: AbortSignal
  /** Shared by the agents of a process; its own where it is left out. */
  readonly slots?: Slots
  readonly random?: () => number
  /** Answers in the place of the cassette that the configuration names. */
  readonly tape?: Tape
  /** What is spent from, in the place of the limits that the configuration has. */
  readonly purse?: Purse
}

/** A model that is ready to be asked, and counts what comes of it. */
export interface LanguageModel {
  readonly questioner: Questioner
  readonly counter: UsageCounter
}

/**
 * Puts a model together, from the outside in: it counts, answers from the cassette, waits for a slot, retries, keeps
 * to the budget, and asks the server.
 *
 * Errors  ConfigError: no such model, no server or key, a limit of cost without a price, a cassette that is none.
 */
export function createLanguageModel(config: ModelConfig, parts: LanguageModelParts): LanguageModel {
  const { clock, signal, environment, slots = new Slots(config.callsMax), random } = parts
  const { name } = config
  const tape = parts.tape ?? openCassette(config)
  const counter = new UsageCounter(name)
  const onFault: Questioner['onFault'] = (code) => counter.fault(code)
  const endpoint = tape?.mayAsk === false ? null : getEndpoint(name, environment)
  const price = choosePrice(config, endpoint)
  const purse = parts.purse ?? new Spending(budgetOf(config, price))
  const live =
    endpoint === null
      ? UNREACHABLE
      : // An attempt of which nobody knows what became may have cost, whatever the next one comes to.
        retrying(withinBudget(openLater(endpoint), purse, price), {
          clock,
          onFault,
          ...(random === undefined ? {} : { random }),
        })
  const careful = inSlots(live, slots)
  const known = tape === null ? careful : recorded(careful, tape)
  return {
    counter,
    questioner: {
      chat: counted(known, counter, price),
      model: name,
      parameters: {
        temperature: config.temperature,
        tokensMax: config.replyTokensMax,
        seed: config.seed,
      },
      clock,
      deadlineMs: config.turnMs,
      signal,
      onFault,
    },
  }
}

function openCassette({ cassette }: ModelConfig): Tape | null {
  return cassette === null ? null : new Cassette(cassette.path, cassette.mode)
}

/** The client is loaded with the first call: a node whose agent needs none starts sooner, and so does a replay. */
function openLater(endpoint: Endpoint): ChatModel {
  let opened: Promise<ChatModel> | undefined
  return {
    async complete(request, call) {
      opened ??= import('./openai-chat.ts').then((module) => module.createOpenAiChat(endpoint))
      const chat = await opened
      return chat.complete(request, call)
    },
  }
}

/** A replay asks nobody. */
const UNREACHABLE: ChatModel = {
  complete: () => Promise.reject(new ModelFailure('not-recorded', 'a replay asks no server')),
}

function getEndpoint(text: string, environment: Environment): Endpoint {
  const name = parseModelName(text)
  if (name === null) throw new ConfigError('agent.model.name', text, MODEL_NAME_FORMS)
  const endpoint = findEndpoint(name, environment)
  if (!('missing' in endpoint)) return endpoint
  throw new ConfigError(
    endpoint.missing,
    undefined,
    `what the model ${text} needs in the environment`,
  )
}

/** A limit of cost means nothing where nobody knows what a call costs. */
function choosePrice(config: ModelConfig, endpoint: Endpoint | null): Price {
  const { price, costMicroUsdMax, costMicroUsdPerEpochMax } = config
  if (price !== null) {
    return {
      promptMicroUsd: BigInt(price.promptMicroUsd),
      completionMicroUsd: BigInt(price.completionMicroUsd),
    }
  }
  const isLimited = costMicroUsdMax !== null || costMicroUsdPerEpochMax !== null
  const isKnown = endpoint === null || endpoint.isFree || endpoint.preset === 'openrouter'
  if (isLimited && !isKnown) {
    throw new ConfigError('agent.model.price', null, 'a price, where cost is limited')
  }
  return FREE
}

function budgetOf(config: ModelConfig, price: Price): Budget {
  const toMoney = (text: string | null): bigint | null => (text === null ? null : BigInt(text))
  return {
    price,
    run: { tokensMax: config.tokensMax, costMicroUsdMax: toMoney(config.costMicroUsdMax) },
    epoch: {
      tokensMax: config.tokensPerEpochMax,
      costMicroUsdMax: toMoney(config.costMicroUsdPerEpochMax),
    },
  }
}
