/** `npx drizzle-kit generate` writes the next migration from the schema; it needs no database. */
import { defineConfig } from 'drizzle-kit'

export default defineConfig({
  dialect: 'sqlite',
  schema: ['./worker/db/schema.ts', './worker/db/accountSchema.ts'],
  out: './migrations',
})
