/**
 * Runs the browser tests.
 *
 * Against a running kubus-web: KUBUS_E2E_URL, KUBUS_E2E_NAME, KUBUS_E2E_PASSWORD, and
 * KUBUS_E2E_TRUTH (path of truth.json). Without KUBUS_E2E_URL: against the mock server.
 * KUBUS_E2E_CHROMIUM is the browser, /usr/bin/chromium by default.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { start, USER } from './mock/server.mjs';

const TESTS = new URL('./tests/', import.meta.url);

async function mockEnvironment() {
  if (!existsSync(new URL('../web/dist/index.html', import.meta.url)))
    throw new Error('web/dist is not built: run `npm run build` in web');
  const server = await start(0);
  const url = `http://127.0.0.1:${server.address().port}`;
  const truth = fileURLToPath(new URL('./mock/truth.json', import.meta.url));
  return {
    server,
    variables: {
      KUBUS_E2E_URL: url,
      KUBUS_E2E_NAME: USER.name,
      KUBUS_E2E_PASSWORD: USER.password,
      KUBUS_E2E_TRUTH: truth,
      KUBUS_E2E_MOCK: '1',
    },
  };
}

async function testFiles() {
  const names = (await readdir(TESTS)).filter((name) => name.endsWith('.test.mjs')).sort();
  return names.map((name) => fileURLToPath(new URL(name, TESTS)));
}

const mock = process.env.KUBUS_E2E_URL ? null : await mockEnvironment();
const environment = { ...process.env, ...mock?.variables };
const runner = spawn(process.execPath, ['--test', '--test-concurrency=1', ...(await testFiles())], {
  stdio: 'inherit',
  env: environment,
});
runner.on('exit', (code) => {
  mock?.server.close();
  process.exit(code ?? 1);
});
