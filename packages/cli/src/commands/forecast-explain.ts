import { explainQuestion } from '../forecast/explanation.ts'
import { findByName } from '../forecast/find-by-name.ts'
import { loadMarket, type Market } from '../forecast/load-market.ts'
import { renderExplanation } from '../forecast/render-explanation.ts'
import { createOutput, type Output } from '../output.ts'
import type { NetworkFlags } from './ps.ts'

/** Shows why a question went as it did: who said what on which grounds, and who was paid for it. */
export async function runForecastExplain(
  question: string,
  flags: NetworkFlags,
  output: Output = createOutput(flags),
): Promise<void> {
  showExplanation(await loadMarket(flags, output), question, output)
}

export function showExplanation(
  { history, view, nameOf }: Market,
  text: string,
  output: Output,
): void {
  const named = history.questions.map((question) => ({
    id: question.id,
    name: question.body.topic,
    question,
  }))
  const { question } = findByName(text, named, 'question')
  const live = view.questions.find(({ id }) => id === question.id)
  const explanation = explainQuestion(history, question, nameOf, live)
  output.json(explanation)
  if (output.isJson) return
  output.lines(renderExplanation(explanation, nameOf, output.style, output.width))
}
