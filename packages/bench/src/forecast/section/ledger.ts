import { TOKEN_MICRO } from '@commonweal/protocol'
import type { Interval } from '../../statistics/bootstrap.ts'
import { type LedgerAttackGroup, ledgerAttacks } from '../attack/ledger/attacks.ts'
import { type LedgerGain, measureLedgerGain } from '../attack/ledger/ledger-gain.ts'
import { type Measured, type SectionOptions, written } from './section.ts'

/** A world is a whole ledger, block by block. */
const WORLD_COUNT_MAX = 40

/** What attacks gain that need a ledger to be played on. */
export function ledgerSection({ seed, worldCount }: SectionOptions): Measured {
  const options = { seed, worldCount: Math.min(WORLD_COUNT_MAX, worldCount) }
  const groups = ledgerAttacks.map(({ title, unit, attacks }) => ({
    title,
    unit,
    gains: attacks.map((attack) => measureLedgerGain(attack, options)),
  }))
  return {
    figures: groups,
    lines: [
      `Gain on a whole ledger over the same stake behaving honestly, ${options.worldCount} worlds, 95 % interval over worlds`,
      ...groups.flatMap(({ title, unit, gains }) => [
        `  ${`${title}, ${unit}`.padEnd(74)}${HEADINGS.map((one) => one.padEnd(WIDTH)).join('')}fees`,
        ...gains.map((gain) => describe(gain, unit)),
      ]),
    ],
  }
}

const HEADINGS = ['gain, before fees', 'weight', 'the others lose']
const WIDTH = 30

function describe(gain: LedgerGain, unit: LedgerAttackGroup['unit']): string {
  const columns = [gain.tokens, gain.weight, gain.harm].map((one) => inUnit(one, unit))
  const padded = columns.map((column) => column.padEnd(WIDTH))
  return `    ${gain.name.padEnd(72)}${padded.join('')}${inUnit(gain.fees, unit)}`
}

function inUnit({ mean, lo, hi }: Interval, unit: LedgerAttackGroup['unit']): string {
  if (unit === 'micro-tokens') return `${tenths(mean)} [${tenths(lo)}, ${tenths(hi)}]`
  const inTokens = (micro: number): number => micro / Number(TOKEN_MICRO)
  return written({ mean: inTokens(mean), lo: inTokens(lo), hi: inTokens(hi) })
}

function tenths(micro: number): string {
  return `${micro < 0 ? '−' : '+'}${Math.abs(micro).toFixed(1)}`
}
