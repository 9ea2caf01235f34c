import { SEATTLE_WEATHER } from '@commonweal/bench/forecast'
import { type PluginConfigFile, type Prosociality, parseWeatherRole } from '@commonweal/node/agent'
import { ConfigError, formatWeight, LOCAL_TURN_HEIGHTS, SEAL_HEIGHTS } from '@commonweal/node/local'
import { type Genesis, TOKEN_MICRO } from '@commonweal/protocol'
import { z } from 'zod'
import { FIRST_DEFAULT } from '../forecast/forecast-up.ts'
import { SUPPLIER_KINDS } from '../forecast/scenario.ts'
import type { NodeApi } from '../node-api.ts'
import type { Style } from '../output.ts'
import { formatTokens } from '../tokens.ts'
import { UsageError } from '../usage-error.ts'
import type { JoinHand, JoinPart } from './join-part.ts'

/** Weight that a newcomer who forecasts puts behind its reports: half of what the faucet of a local network gives. */
const LOCK_MICRO: bigint = 100n * TOKEN_MICRO

export interface ForecastPlan {
  readonly role: string
  readonly prosociality: Prosociality | null
  /** A language model that decides for a forecaster; null for none. */
  readonly model: string | null
  /** Whether an assistant outside decides for a forecaster. */
  readonly assistant: boolean
  /** A file of the operator's own that decides for a forecaster; null for none. */
  readonly plugin: PluginConfigFile | null
}

/** Forecasts, or sells signals, in a network that asks about the weather. Errors  UsageError */
export function createForecastPart(
  genesis: Genesis,
  { role, prosociality, model, assistant, plugin }: ForecastPlan,
  style: Style,
): JoinPart {
  const { kind } = readRole(role)
  const suppliers = genesis.accounts
    .filter(({ name }) => SUPPLIER_KINDS[kind].some((prefix) => name.startsWith(`${prefix}-`)))
    .map(({ agent }) => agent)
  const isForecaster = kind === 'forecaster'
  const isAsked = model !== null || assistant || plugin !== null
  if (isAsked && !isForecaster) {
    const flag = assistant ? '--assistant' : model === null ? '--agent' : '--model'
    throw new UsageError(`${flag} decides for a forecaster, and not for --role ${role}`)
  }
  return {
    agent: {
      prosociality: prosociality === null ? '0' : formatWeight(prosociality),
      model: model === null ? null : { name: model },
      assistant: assistant ? {} : null,
      plugin,
      weather: {
        role,
        series: SEATTLE_WEATHER,
        first: FIRST_DEFAULT,
        asks: null,
        suppliers,
        marginHeights: SEAL_HEIGHTS + (isAsked ? thinkHeightsOf(genesis) : 0),
      },
    },
    neededMicro: isForecaster ? LOCK_MICRO : 0n,
    async takePart(hand) {
      if (isForecaster) await lock(hand)
      await speak(hand, suppliers.length)
    },
    statusLine: (status) =>
      `${style.dim('height')} ${status.finalHeight}  ${style.dim('epoch')} ${status.epoch}  ${style.dim('peers')} ${status.peers.length}`,
    progressLine: () => undefined,
    async withdraw(account) {
      if (isForecaster) await account.send({ kind: 'close-lock' })
    },
  }
}

/** Whoever is asked needs time when its suppliers have spoken: as long as the network gives, where it was launched for that. */
function thinkHeightsOf({ turnHeightsMax }: Genesis): number {
  return turnHeightsMax > LOCAL_TURN_HEIGHTS ? turnHeightsMax : HURRY_HEIGHTS
}

/** What another network leaves, whose questions take statements for some twenty heights. */
const HURRY_HEIGHTS = 8

function readRole(role: string): ReturnType<typeof parseWeatherRole> {
  try {
    return parseWeatherRole(role)
  } catch (error) {
    if (error instanceof ConfigError) throw new UsageError(`--role ${role}: ${error.message}`)
    throw error
  }
}

async function lock(hand: JoinHand): Promise<void> {
  hand.begin('locked')
  const { locks } = marketSchema.parse(await hand.api.get('/forecast'))
  const own = locks.find(({ agent }) => agent === hand.agent)
  if (own === undefined) await hand.send({ kind: 'lock', amountMicro: String(LOCK_MICRO) })
  const weightMicro = own?.weightMicro ?? LOCK_MICRO
  hand.done('locked', `${formatTokens(weightMicro)} tokens of weight stand behind its reports`)
}

/** Waits for the first question on which this node spoke and that is settled. */
async function speak(hand: JoinHand, supplierCount: number): Promise<void> {
  hand.begin('heard')
  hand.status(`waiting for a question, and for the signals of ${supplierCount} suppliers`)
  // What was asked before the snapshot that the node began with has no event here: the ledger names it until it is settled.
  const topics = new Map<string, string>()
  let found: string | undefined
  await hand.until(async () => {
    const { questions } = marketSchema.parse(await hand.api.get('/forecast'))
    for (const { id, topic } of questions) topics.set(id, topic)
    found = await findSpoken(hand.api, hand.agent, topics)
    return found !== undefined
  })
  hand.done('heard', found === undefined ? '' : `${found}: spoke, and it is settled`)
}

/** The topic of the first question that is settled and on which the agent spoke, or its id where nothing here tells it. */
async function findSpoken(
  api: NodeApi,
  agent: string,
  known: ReadonlyMap<string, string>,
): Promise<string | undefined> {
  const { events } = eventsSchema.parse(await api.get('/forecast/events'))
  const topics = new Map(known)
  const spoken = new Set<string>()
  for (const { event } of events) {
    if (event.kind === 'question-asked') topics.set(event.question, event.body.topic)
    if (event.kind === 'statement-opened' && event.author === agent) spoken.add(event.question)
    if (event.kind === 'question-settled' && spoken.has(event.question)) {
      return topics.get(event.question) ?? event.question
    }
  }
  return undefined
}

const marketSchema = z.object({
  questions: z.array(z.object({ id: z.string(), topic: z.string() })),
  locks: z.array(
    z.object({ agent: z.string(), weightMicro: z.string().transform((text) => BigInt(text)) }),
  ),
})

const eventsSchema = z.object({
  events: z.array(
    z.object({
      event: z.union([
        z.object({
          kind: z.literal('question-asked'),
          question: z.string(),
          body: z.object({ topic: z.string() }),
        }),
        z.object({
          kind: z.literal('statement-opened'),
          question: z.string(),
          author: z.string(),
        }),
        z.object({ kind: z.literal('question-settled'), question: z.string() }),
        z.object({ kind: z.string().transform(() => 'other' as const) }),
      ]),
    }),
  ),
})
