import { createSignal } from 'solid-js'
import { ApiProblem } from '../../lib/api.ts'
import { momentOf } from '../../lib/moment.ts'

/** What a form says about itself: a sentence for the whole, and one per field by its path in the request. */
export interface FormFaults {
  sentence: string | null
  fields: Readonly<Record<string, string>>
}

export interface Form {
  busy(): boolean
  faults(): FormFaults
  /** The fault of one field. */
  fault(path: string): string | undefined
  /** For `onSubmit`: checks, sends, and turns a refusal into faults. What was typed stays. */
  submit(event: SubmitEvent): void
}

export interface FormOptions {
  /** Sentences for fields that cannot be sent as they are; empty where all is well. */
  check?(): Record<string, string>
  send(): Promise<void>
  /** A better sentence for a refusal than the server's own. */
  explain?(problem: ApiProblem['problem']): string | undefined
}

const NONE: FormFaults = { sentence: null, fields: {} }

/** The life of a form: one submission at a time, its faults, and the focus on the first field that has one. */
export function createForm(options: FormOptions): Form {
  const [busy, setBusy] = createSignal(false)
  const [faults, setFaults] = createSignal(NONE)

  async function run(form: EventTarget | null): Promise<void> {
    const fields = options.check?.() ?? {}
    if (Object.keys(fields).length > 0) return show({ sentence: null, fields }, form)
    setFaults(NONE)
    setBusy(true)
    try {
      await options.send()
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error
      show(faultsOf(error.problem, options.explain?.(error.problem)), form)
    } finally {
      setBusy(false)
    }
  }

  function show(next: FormFaults, form: EventTarget | null): void {
    setFaults(next)
    if (!(form instanceof HTMLFormElement)) return
    queueMicrotask(() => form.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus())
  }

  return {
    busy,
    faults,
    fault: (path) => faults().fields[path],
    submit: (event) => {
      event.preventDefault()
      if (!busy()) void run(event.currentTarget)
    },
  }
}

function faultsOf(problem: ApiProblem['problem'], better: string | undefined): FormFaults {
  const fields = Object.fromEntries((problem.errors ?? []).map(({ path, message }) => [path, sentenceOf(message)]))
  if (better) return { sentence: better, fields }
  const when = problem.retryAt === undefined ? '' : ` You can try again ${momentOf(problem.retryAt)}.`
  return { sentence: Object.keys(fields).length > 0 ? null : problem.detail + when, fields }
}

/** The server's schemas speak in fragments: "is not a time zone". */
function sentenceOf(message: string): string {
  return message.startsWith('is ') || message.startsWith('has ') ? `This ${message}.` : message
}
