import type { Style } from '../output.ts'
import { wrap } from '../table.ts'
import { formatTokens } from '../tokens.ts'
import type { ContractEffects, ContractReport, RunReport, TalkTurn } from './run-report.ts'

/** What was agreed, how it came about and what it did, as lines for people. */
export function renderContracts(report: RunReport, style: Style, width: number): readonly string[] {
  if (report.contractMode === 'none') return ['None: this commons takes no contracts.']
  const lines = report.contracts.flatMap((contract, index) => [
    ...(index > 0 ? [''] : []),
    ...renderContract(contract, { style, width, played: report.rows.length }),
  ])
  const [failed] = report.failedTalks
  if (failed === undefined) {
    return lines.length > 0 ? lines : ['None: nothing was proposed.']
  }
  const where = listNumbers(report.failedTalks.map((talks) => talks.round))
  return [
    ...lines,
    ...(lines.length > 0 ? [''] : []),
    `No agreement in the talks of round ${where}. Round ${failed.round}:`,
    ...renderTalks(failed.talks, style, width),
  ]
}

function renderContract(
  contract: ContractReport,
  { style, width, played }: { style: Style; width: number; played: number },
): readonly string[] {
  const [from, to] = contract.rounds
  const rounds = from === to ? `round ${from}` : `rounds ${from} to ${to}`
  const bound =
    contract.bound.length > 0 ? `; binds ${listNames(contract.bound)} without signature` : ''
  return [
    from > played
      ? style.bold(`Agreed from round ${from} on, to which the run did not come:`)
      : style.bold(style.green(`In force in ${rounds}:`)),
    ...contract.words.flatMap((words) => wrap(words, width - 2, '  ')).map((line) => `  ${line}`),
    ...wrap(`Signed by ${listNames(contract.signers)}${bound}.`, width),
    ...(from > played ? [] : wrap(describeDeeds(contract), width)),
    ...wrap(describePath(contract.talks), width).map(style.dim),
    ...renderTalks(contract.talks, style, width),
  ]
}

function describeDeeds({ mode, effects }: ContractReport): string {
  if (mode === 'law') return describeEffects(effects)
  return 'What it did: nothing by itself. It is a text, and nobody enforces it.'
}

/** What enforcement came to. */
export function describeEffects(effects: ContractEffects): string {
  const parts: string[] = []
  if (effects.capsApplied > 0) {
    parts.push(`cut ${times(effects.capsApplied, 'request')} by ${effects.unitsCut} units in all`)
  }
  if (effects.sanctions > 0) {
    parts.push(
      `charged ${times(effects.sanctions, 'sanction')} of ${formatTokens(effects.sanctionsMicro)} tokens`,
    )
  }
  if (effects.transfersMicro > 0n) {
    parts.push(`moved ${formatTokens(effects.transfersMicro)} tokens between agents`)
  }
  if (effects.shortfalls > 0) {
    parts.push(
      `fell short ${effects.shortfalls === 1 ? 'once' : `${effects.shortfalls} times`} by ${formatTokens(effects.shortfallMicro)} tokens`,
    )
  }
  if (effects.faults > 0) parts.push(`had ${times(effects.faults, 'clause')} fail to evaluate`)
  if (parts.length === 0) return 'What it did: nothing was beyond its limits.'
  return `What it did: ${joinWords(parts)}.`
}

/** How the final terms relate to the first ones. */
export function describePath(talks: readonly TalkTurn[]): string {
  const offers = talks.filter((turn) => turn.move === 'propose')
  const [first] = offers
  const last = offers.at(-1)
  if (first === undefined || last === undefined) return 'How it came about: not recorded.'
  const counters = offers.length - 1
  const isMoved = first.words.join('\n') !== last.words.join('\n')
  if (counters === 0) return 'How it came about: by one proposal, accepted as it was.'
  const path = `${counters} counter-proposal${counters === 1 ? '' : 's'}`
  return `How it came about: an opening proposal and ${path}; the final terms ${isMoved ? 'differ from' : 'are'} the first.`
}

export const MOVES: Readonly<Record<TalkTurn['move'], string>> = {
  propose: 'proposes',
  accept: 'accepts',
  reject: 'rejects',
  pass: 'passes',
  silent: 'says nothing',
}

function renderTalks(talks: readonly TalkTurn[], style: Style, width: number): readonly string[] {
  return talks.flatMap((turn) => {
    const said = [...turn.words, turn.text].filter((part) => part !== '').join(' ')
    const move = turn.move === 'accept' ? style.green(MOVES.accept) : MOVES[turn.move]
    if (said === '') return [`  ${turn.speaker} ${move}`]
    const [head = '', ...rest] = wrap(said, width - turn.speaker.length - 14, '')
    return [`  ${turn.speaker} ${move}: ${head}`, ...rest.map((line) => `      ${line}`)]
  })
}

function times(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}

function joinWords(words: readonly string[]): string {
  if (words.length < 2) return words.join('')
  return `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`
}

function listNames(names: readonly string[]): string {
  return joinWords(names)
}

/** Ascending numbers, runs of them as a range: 1–4, 7. */
function listNumbers(numbers: readonly number[]): string {
  const parts: string[] = []
  let from = 0
  numbers.forEach((number, index) => {
    if (number + 1 === numbers[index + 1]) return
    const start = numbers[from] ?? number
    parts.push(start === number ? String(number) : `${start}–${number}`)
    from = index + 1
  })
  return parts.join(', ')
}
