import { type Cid, computeFlow, invariant, type StreamShares } from '@commonweal/protocol'
import { agentOf, type ForecastWorld, reporting } from '@commonweal/protocol/testing'
import { Random } from '../../../simulator/engine/random.ts'
import { type Holding, holdingOf, type LedgerAttack, remember } from './ledger-gain.ts'
import { createMarket, outcomeIs, sumMicro } from './market.ts'
import { drawSituation } from './situation.ts'

const CUSTOMER = '1'
const SUPPLIER = '2'
/** Another name of the customer's. */
const SECOND = '5'
const MINE = [CUSTOMER, SECOND] as const
const OTHERS = ['0', SUPPLIER, '3', '4'] as const
const SUPPLIER_COINS = 6
/** So long is an epoch of a world in which nobody has to act. */
const EPOCH_HEIGHTS = 11

/** When the customer changes its stream; the question has opened before all of them. */
export type Moment = 'signal sent' | 'revealed' | 'a block before settlement'

export const MOMENTS: readonly Moment[] = ['signal sent', 'revealed', 'a block before settlement']

export interface StreamSwitch {
  readonly moment: Moment
  readonly to: 'nobody' | 'its own second name'
  /** Which streams count: the rule is those in force when the question opened. */
  readonly rule?: 'at opening' | 'at settlement'
}

/**
 * The customer promises its supplier a part of what it earns, has the signal and reports it under both of its names, and takes
 * the promise back. Under the rival rule the same payments flow down what is in force when they are settled.
 */
export function streamSwitch({ moment, to, rule = 'at opening' }: StreamSwitch): LedgerAttack {
  const rival = rule === 'at settlement' ? ', were that to count' : ''
  const shares = to === 'nobody' ? [] : [{ to: agentOf(SECOND), bps: 8_000 }]
  return {
    name: `to ${to}, ${moment}${rival}`,
    play(seed) {
      const world = playStream(seed, { moment, shares })
      const made = heldIn(world)
      return {
        made: rule === 'at opening' ? made : flowAgain(world, made, shares),
        honest: playHonest(seed),
      }
    },
  }
}

const playHonest: (seed: string) => Holding = remember((seed) => heldIn(playStream(seed, null)))

function heldIn(world: ForecastWorld): Holding {
  return holdingOf(world, MINE, OTHERS)
}

interface Change {
  readonly moment: Moment
  readonly shares: StreamShares
}

function playStream(seed: string, change: Change | null): ForecastWorld {
  const { outcome, beliefBps, others } = drawSituation(seed, {
    names: OTHERS.filter((name) => name !== SUPPLIER),
    coins: SUPPLIER_COINS,
  })
  const promisedBps = new Random(seed, 'promise').between(1_000, 8_000)
  const world = createMarket()
  world.act(CUSTOMER, { kind: 'stream', shares: [{ to: agentOf(SUPPLIER), bps: promisedBps }] })
  const id = world.ask('0', outcomeIs(outcome))
  const step = (at: Moment): void => {
    if (change?.moment === at) world.act(CUSTOMER, { kind: 'stream', shares: change.shares })
    else world.block()
  }
  world.advanceTo(world.question(id).openHeight)
  step('signal sent')
  const sold = Object.fromEntries([SUPPLIER, ...MINE].map((name) => [name, beliefBps]))
  const said = Object.entries({ ...others, ...sold })
  world.block(
    ...said.map(([name, bps]) => [name, world.sealStatement(name, id, reporting(bps))] as const),
  )
  world.advanceToStage(id, 'revealing')
  world.block(
    ...said.map(([name, bps]) => [name, world.openStatement(name, id, reporting(bps))] as const),
  )
  step('revealed')
  resolveLate(world, id)
  step('a block before settlement')
  world.block()
  invariant(!world.hasQuestion(id), 'the last step was a block before the settlement')
  return world
}

/** Resolves it, and goes on to two heights before the end of the epoch, in which it is settled. */
function resolveLate(world: ForecastWorld, id: Cid): void {
  world.advanceToStage(id, 'waiting')
  world.advanceTo(world.question(id).resolveHeight - 1)
  world.act('0', world.resolution(id))
  while (world.head.height % EPOCH_HEIGHTS < EPOCH_HEIGHTS - 2) world.block()
}

/** What would be held if the last payments had flowed down other streams of the customer. */
function flowAgain(world: ForecastWorld, held: Holding, shares: StreamShares): Holding {
  const { payments, nets } = world.lastEvent('emission-settled')
  const again = computeFlow(payments, new Map([[agentOf(CUSTOMER), shares]]))
  const mine = new Set(MINE.map(agentOf))
  const keptOf = (rows: typeof nets): bigint =>
    sumMicro(rows.filter(({ agent }) => mine.has(agent)).map(({ amountMicro }) => amountMicro))
  const moreMicro = keptOf(again.nets) - keptOf(nets)
  return {
    ...held,
    tokensMicro: held.tokensMicro + moreMicro,
    othersMicro: held.othersMicro - moreMicro,
  }
}
