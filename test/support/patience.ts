/** Before each file of the components: what is looked for on the page is waited for as patiently as anything else. */
import { configure } from '@solidjs/testing-library'
import { PATIENCE_MS } from './eventually.ts'

configure({ asyncUtilTimeout: PATIENCE_MS })
