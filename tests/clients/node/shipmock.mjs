// What a test suite needs to drive Shipmock: a world for each test, and calls to it. Standard library only; for
// node:test, vitest and jest.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';

const server = process.env.SHIPMOCK_URL;

/** One call; refusals are answers like any other. */
export async function call(method, url, body, headers = {}) {
  const fields = { Accept: 'application/json', ...headers };
  if (body !== undefined) fields['Content-Type'] ??= 'application/json';
  const answer = await fetch(url, { method, headers: fields, body: body === undefined ? undefined : JSON.stringify(body) });
  const text = await answer.text();
  return { status: answer.status, headers: answer.headers, text, json: () => JSON.parse(text) };
}

/** Who runs the test: its title with those around it, its file, and how it is told what to do afterwards. */
function running(test) {
  // vitest hands a context over.
  if (test?.task) {
    const titles = [];
    for (let task = test.task; task?.name; task = task.suite) titles.unshift(task.name);
    return { title: titles.join(' '), file: test.task.file?.filepath, after: (done) => test.onTestFinished(done) };
  }
  // node:test too; before version 22 the file is the process's own.
  if (typeof test?.after === 'function') {
    return { title: test.fullName ?? test.name, file: test.filePath ?? process.argv[1], after: (done) => test.after(done) };
  }
  // jest hands nothing over and has its state where all can see it; what is left to do is done after each test.
  const state = globalThis.expect?.getState?.();
  assert.ok(state?.currentTestName, 'World.of needs the context of node:test or vitest, or to be called within a test of jest');
  return { title: state.currentTestName, file: state.testPath, after: (done) => left.push(done) };
}

/** What jest has to do after each test. */
const left = [];
globalThis.afterEach?.(() => Promise.all(left.splice(0).map((done) => done())));

const taken = new Map();

/** A name that no other test has and that can be read: the letters of the title, and a hash of all of it and its file. */
export function worldName(title, file = '') {
  const key = `${file}\n${title}`;
  const turn = (taken.get(key) ?? 0) + 1;
  taken.set(key, turn);
  const hash = createHash('sha256').update(`${key}\n${turn}`).digest('hex').slice(0, 8);
  const latin = title.normalize('NFKD').replace(/\p{M}/gu, '').replace(/[^A-Za-z0-9]+/g, '-');
  const readable = latin.replace(/^-+/, '').slice(0, 64 - hash.length - 1).replace(/-+$/, '');
  return readable ? `${readable}-${hash}` : hash;
}

/** A world of one test, as `shipmock exec` announced the server in the environment. */
export class World {
  constructor(name) {
    this.name = name;
    this.url = `${server}/w/${name}`;
  }

  /** Makes a world for a test and drops it afterwards. Its clock stands. `test` is what the runner hands to a test. */
  static async of(test, order = { clock: { mode: 'frozen', at: '2026-05-14T09:00:00Z' } }) {
    const { title, file, after } = running(test);
    const world = new World(worldName(title, file));
    const made = await call('PUT', `${server}/_shipmock/worlds/${world.name}`, order);
    assert.ok([200, 201].includes(made.status), made.text);
    after(() => call('DELETE', `${server}/_shipmock/worlds/${world.name}`));
    return world;
  }

  /** The base URL of a provider in this world. */
  baseUrl(provider) {
    return this.url + process.env[`${provider.toUpperCase()}_BASE_URL`].slice(server.length);
  }

  /** A call of the control API. */
  control(method, path, body) {
    return call(method, `${this.url}/_shipmock${path}`, body);
  }

  async ask(method, path, body) {
    const answer = await this.control(method, path, body);
    assert.equal(answer.status, 200, answer.text);
    return answer.json();
  }

  /** Lets time pass: `{ by: '36h' }`, `{ to }` or `{ until: 'idle' }`. */
  advance(order) {
    return this.ask('POST', '/clock/advance', order);
  }

  /** Fails, with the nearest calls, unless calls like this came so often. */
  verify(request, count) {
    return this.ask('POST', '/verify', { request, count });
  }

  /** Waits for a `request`, a `state` or a `delivery` instead of sleeping. */
  await(what) {
    return this.ask('POST', '/await', what);
  }
}
