import { Show } from 'solid-js'
import { SelectField, TextArea, TextField } from '../../ui/Field.tsx'
import type { Form } from '../form/createForm.ts'
import { TERMS, type Terms } from './createTerms.ts'

/** The fields of `createTerms`. */
export function TermFields(props: { terms: Terms; form: Pick<Form, 'fault'> }) {
  return (
    <>
      <SelectField
        label="How long"
        value={props.terms.choice()}
        options={TERMS}
        onChange={(event) => props.terms.choose(event.currentTarget.value)}
      />
      <Show when={props.terms.choice() === 'date'}>
        <TextField
          label="Until"
          type="datetime-local"
          value={props.terms.date()}
          error={props.form.fault('expiresAt')}
          onInput={(event) => props.terms.setDate(event.currentTarget.value)}
        />
      </Show>
      <TextArea
        label="Reason"
        rows={2}
        hint="For your team. The visitor never sees it."
        value={props.terms.reason()}
        error={props.form.fault('reason')}
        onInput={(event) => props.terms.setReason(event.currentTarget.value)}
      />
    </>
  )
}
