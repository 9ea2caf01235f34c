import type { AssistantView, OpenQuestion } from '../agent/assistant/assistant-view.ts'

/** Which tools answer a question, by what it asks for. */
const TOOLS: Readonly<Record<string, string>> = {
  request: '`harvest`',
  action: '`play`',
  forecast: '`forecast`',
  credit: '`pay`',
  move: '`propose` (where contracts are clauses, with a `law` of yours), `accept`, `reject` or `pass`',
}

/** All that an assistant is told, as text. */
export function describeView(view: AssistantView): string {
  const { agent, name, epoch, phase, questions, situations } = view
  return [
    `You decide for ${agent} (${name}). Epoch ${epoch}, phase ${phase}. ${describeRecord(view)}`,
    ...(questions.length === 0
      ? ['Nothing is asked of you now.', ...situations.map(({ words }) => words)]
      : [...new Set(questions.map(({ role }) => role)), ...questions.map(describeQuestion)]),
  ].join('\n\n')
}

function describeRecord({ answered, unanswered, fallback }: AssistantView): string {
  const missed = Object.entries(unanswered).map(([code, count]) => `${count} ${code}`)
  const rest = missed.length === 0 ? 'none was missed' : `missed: ${missed.join(', ')}`
  return `You have answered ${answered} questions, ${rest}; where you do not answer in time, it is decided by ${fallback}.`
}

function describeQuestion({ id, asks, secondsLeft, words }: OpenQuestion): string {
  const tools = TOOLS[asks] ?? 'a tool that this server does not have'
  return [
    `Question ${id}, ${secondsLeft} seconds left. Answer with ${tools}: its arguments are the JSON object that is spoken of, with \`question\`: "${id}".`,
    words,
  ].join('\n\n')
}
