import type { AnswerOutcome, AssistantView } from '../agent/assistant/assistant-view.ts'

/** An agent that an assistant decides for, wherever it runs. Errors  a sentence on what is not there */
export interface AssistantPort {
  look(): Promise<AssistantView>
  /** The same, as soon as something is asked, at the latest after so long. */
  wait(seconds: number): Promise<AssistantView>
  answer(question: string, reply: object): Promise<AnswerOutcome>
}
