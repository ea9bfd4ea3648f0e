import { z } from 'zod'
import { Email, PersonName } from './accounts.ts'

export const ContactChange = z
  .strictObject({ name: PersonName.nullable().optional(), email: Email.nullable().optional() })
  .meta({ id: 'ContactChange', description: 'Null takes a value away; what is left out stays.' })
export type ContactChange = z.infer<typeof ContactChange>
