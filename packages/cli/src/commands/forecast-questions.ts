import { fitTable } from '../forecast/fit-table.ts'
import { loadMarket, type Market } from '../forecast/load-market.ts'
import type { QuestionHistory } from '../forecast/market-history.ts'
import type { LiveQuestion } from '../forecast/market-view.ts'
import { quote, shortIds, titleOf } from '../forecast/question-name.ts'
import { createOutput, type Output } from '../output.ts'
import { printable } from '../question-files.ts'
import { type Column, truncate } from '../table.ts'
import type { NetworkFlags } from './ps.ts'

export interface QuestionsFlags extends NetworkFlags {
  readonly last: number
}

const OUTCOME_WIDTH_MAX = 24
/** What a narrow terminal can do without. */
const LIVE_DROPS = ['opened', 'sealed', 'opens']
const OVER_DROPS = ['', 'statements', 'kept back']

/** Shows the questions that are not settled, where each stands, and the latest that are over. */
export async function runForecastQuestions(
  flags: QuestionsFlags,
  output: Output = createOutput(flags),
): Promise<void> {
  showQuestions(await loadMarket(flags, output), flags, output)
}

export function showQuestions(
  { history, view }: Market,
  { last }: Pick<QuestionsFlags, 'last'>,
  output: Output,
): void {
  const over = history.questions
    .filter(({ end }) => end !== null)
    .toSorted((a, b) => (b.end?.height ?? 0) - (a.end?.height ?? 0))
  const shown = over.slice(0, last)
  output.json({
    height: view.height,
    epoch: view.epoch,
    live: view.questions,
    over: shown.map(({ id, author, body, askedHeight, end, statements, withheld }) => {
      const statementCount = statements.length
      return { id, author, ...body, askedHeight, end, statementCount, withheld }
    }),
  })
  const { style } = output
  const width = output.isTerminal ? output.width : Number.POSITIVE_INFINITY
  const shorten = shortIds([...view.questions, ...history.questions].map(({ id }) => id))
  output.line(`${style.bold('Questions')} at height ${view.height}, epoch ${view.epoch}`)
  if (view.questions.length === 0) output.line('none is open')
  else
    output.lines(
      fitTable(liveColumns(shorten), view.questions, style.dim, { width, dropOrder: LIVE_DROPS }),
    )
  output.line()
  output.line(style.bold('Over'))
  if (shown.length === 0) output.line('none so far')
  else
    output.lines(fitTable(overColumns(shorten), shown, style.dim, { width, dropOrder: OVER_DROPS }))
  if (over.length > shown.length) output.line(style.dim(`and ${over.length - shown.length} before`))
}

function liveColumns(shorten: (id: string) => string): readonly Column<LiveQuestion>[] {
  return [
    { title: 'id', cell: ({ id }) => shorten(id) },
    { title: 'about', cell: ({ topic }) => titleOf(topic) },
    { title: 'stage', cell: ({ stage }) => stage.at },
    { title: 'until', align: 'right', cell: ({ dueHeight }) => String(dueHeight ?? '') },
    { title: 'opens', align: 'right', cell: ({ openHeight }) => String(openHeight) },
    {
      title: 'closes',
      align: 'right',
      cell: ({ snapshots }) => snapshots.map(({ closeHeight }) => closeHeight).join(' '),
    },
    { title: 'resolves', align: 'right', cell: ({ resolveHeight }) => String(resolveHeight) },
    { title: 'sealed', align: 'right', cell: ({ sealCount }) => String(sealCount) },
    { title: 'opened', align: 'right', cell: ({ openedCount }) => String(openedCount) },
  ]
}

function overColumns(shorten: (id: string) => string): readonly Column<QuestionHistory>[] {
  return [
    { title: 'id', cell: ({ id }) => shorten(id) },
    { title: 'about', cell: ({ body }) => titleOf(body.topic) },
    { title: 'came true', cell: outcomeOf },
    { title: 'height', align: 'right', cell: ({ end }) => String(end?.height ?? '') },
    { title: 'statements', align: 'right', cell: ({ statements }) => String(statements.length) },
    {
      title: 'kept back',
      align: 'right',
      cell: ({ withheld }) => (withheld.length === 0 ? '' : String(withheld.length)),
    },
    { title: '', cell: ({ body }) => quote(body.text, 40) },
  ]
}

function outcomeOf({ body, end }: QuestionHistory): string {
  if (end?.kind !== 'settled') return 'not admitted'
  if (end.outcome === null) return 'void'
  const name = body.outcomes[end.outcome] ?? `outcome ${end.outcome}`
  return truncate(printable(name), OUTCOME_WIDTH_MAX)
}
