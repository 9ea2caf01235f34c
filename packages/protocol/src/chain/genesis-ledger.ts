import { chooseValidators } from '../consensus/validators.ts'
import { EMISSION_TOTAL_MICRO_MAX } from '../emission/schedule.ts'
import { firstBeacon } from '../epoch/beacon.ts'
import { type Genesis, validatorChoiceOf } from '../genesis.ts'
import { sumBigint } from '../integer.ts'
import { present } from '../invariant.ts'
import { changeAccount } from '../ledger/account.ts'
import { emptyLedger, type Ledger } from '../ledger/draft.ts'
import { openHold, treasuries } from '../ledger/money.ts'
import { ignore, ok, type Result } from '../result.ts'
import { AMOUNT_MICRO_MAX } from '../schema/atoms.ts'
import type { ChainContext } from './context.ts'
import { addToLock } from './forecast/lock.ts'
import { foundMarket } from './forecast/market.ts'
import { headOf, putHead, shareKey, shares } from './head.ts'
import { instances, seatHoldId } from './instance.ts'
import { startEpochOf, startRun } from './run.ts'
import type { Work } from './work.ts'

export type GenesisCode =
  | 'unknown-subnet-kind'
  | 'bad-subnet-params'
  | 'duplicate-account'
  | 'duplicate-instance'
  | 'seat-without-account'
  | 'seat-cannot-fund-bond'
  | 'no-validators'
  | 'signal-digests-missing'
  | 'supply-too-large'
  | 'duplicate-lock'
  | 'lock-without-account'

/** The ledger at height 0. [GEN-2] Errors say what in the document contradicts itself. */
export function createGenesisLedger(context: ChainContext): Result<Ledger, GenesisCode> {
  const { genesis } = context
  const work: Work = { ledger: emptyLedger(), context, events: [] }
  const funded = fundAccounts(work, genesis)
  if (!funded.ok) return funded
  const validators = chooseValidators(genesis.accounts, validatorChoiceOf(genesis))
  if (validators.length === 0) return ignore('no-validators')
  const beacon = firstBeacon(context.networkId)
  putHead(work, {
    height: 0,
    epoch: 1,
    phase: 'negotiate',
    phaseHeight: 1,
    beacon,
    leaderSeed: beacon,
    signal: null,
    validators,
  })
  for (const { agent, digest } of genesis.signalDigests) {
    const key = shareKey(1, 'signal', agent)
    shares.put(work, key, { agent, epoch: 1, purpose: 'signal', digest, share: null })
  }
  const founded = foundInstances(work, genesis)
  if (!founded.ok) return founded
  const market = foundForecasting(work, genesis)
  return market.ok ? ok(work.ledger) : market
}

/** The market, and the locks that are open from the start. [FOR-2] */
function foundForecasting(work: Work, { forecast, accounts }: Genesis): Result<void, GenesisCode> {
  if (forecast === null) return ok(undefined)
  const { houseWeightMicro, locks } = forecast
  foundMarket(work, houseWeightMicro)
  for (const [index, { agent, lockedMicro }] of locks.entries()) {
    if (locks.findIndex((lock) => lock.agent === agent) !== index) {
      return ignore('duplicate-lock', { agent })
    }
    if (!accounts.some((account) => account.agent === agent)) {
      return ignore('lock-without-account', { agent })
    }
    addToLock(work, agent, lockedMicro)
  }
  return ok(undefined)
}

function fundAccounts(work: Work, genesis: Genesis): Result<void, GenesisCode> {
  const agents = new Set(genesis.accounts.map((account) => account.agent))
  if (agents.size !== genesis.accounts.length) return ignore('duplicate-account')
  const faucetMicro = genesis.faucet?.fundMicro ?? 0n
  const issuedMicro = sumBigint(
    genesis.accounts.map((account) => account.balanceMicro + account.bondMicro),
  )
  const lockedMicro = sumBigint((genesis.forecast?.locks ?? []).map((lock) => lock.lockedMicro))
  // [GEN-4] So no sum of amounts, wherever they go, ever leaves the range of one amount.
  const supplyMicro = issuedMicro + lockedMicro + faucetMicro
  const laterMicro =
    genesis.forecast === null ? 0n : EMISSION_TOTAL_MICRO_MAX + genesis.forecast.houseWeightMicro
  if (supplyMicro + laterMicro > AMOUNT_MICRO_MAX)
    return ignore('supply-too-large', { supply: supplyMicro })
  treasuries.put(work, 'main', {
    issuedMicro: supplyMicro,
    burnedMicro: 0n,
    faucetMicro,
    faucetGrants: 0,
  })
  for (const { agent, name, balanceMicro, bondMicro } of genesis.accounts) {
    changeAccount(work, agent, { name, balanceMicro, bondMicro })
  }
  return ok(undefined)
}

function foundInstances(work: Work, genesis: Genesis): Result<void, GenesisCode> {
  for (const founding of genesis.instances) {
    const { id, kind, seats } = founding
    if (instances.find(work.ledger, id) !== undefined) return ignore('duplicate-instance', { id })
    const subnet = work.context.subnets.get(kind)
    if (subnet === undefined) {
      return ignore('unknown-subnet-kind', {
        given: kind,
        accepted: [...work.context.subnets.keys()].join(', '),
      })
    }
    const params = subnet.paramsSchema.safeParse(founding.params)
    if (!params.success) {
      const issue = present(params.error.issues[0], 'a failed parse has an issue')
      return ignore('bad-subnet-params', { id, at: issue.path.join('.'), why: issue.message })
    }
    const digests = new Set(genesis.signalDigests.map(({ agent }) => agent))
    const silent = headOf(work.ledger).validators.find(({ agent }) => !digests.has(agent))
    if (subnet.hasSignal(params.data) && silent !== undefined) {
      return ignore('signal-digests-missing', { id, agent: silent.agent })
    }
    instances.put(work, id, { ...founding, params: params.data })
    for (const agent of seats) {
      if (!genesis.accounts.some((account) => account.agent === agent)) {
        return ignore('seat-without-account', { id, agent })
      }
      const bonded = openHold(work, seatHoldId(id, agent), {
        owner: agent,
        purpose: 'seat',
        subnet: id,
        amountMicro: founding.seatBondMicro,
      })
      if (!bonded) return ignore('seat-cannot-fund-bond', { id, agent })
    }
    startRun(work, id, { seats, run: 1, startEpoch: 1 })
    startEpochOf(work, id, 1)
  }
  return ok(undefined)
}
