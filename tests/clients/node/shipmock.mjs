// What a test suite needs to drive Shipmock: a world for each test, and calls to it. Standard library only.

import assert from 'node:assert/strict';

const server = process.env.SHIPMOCK_URL;

/** One call; refusals are answers like any other. */
export async function call(method, url, body, headers = {}) {
  const fields = { Accept: 'application/json', ...headers };
  if (body !== undefined) fields['Content-Type'] ??= 'application/json';
  const answer = await fetch(url, { method, headers: fields, body: body === undefined ? undefined : JSON.stringify(body) });
  const text = await answer.text();
  return { status: answer.status, headers: answer.headers, text, json: () => JSON.parse(text) };
}

/** A world of one test, as `shipmock exec` announced the server in the environment. */
export class World {
  constructor(name) {
    this.name = name;
    this.url = `${server}/w/${name}`;
  }

  /** Makes a world for a test and drops it afterwards. Its clock stands. */
  static async of(test, order = { clock: { mode: 'frozen', at: '2026-05-14T09:00:00Z' } }) {
    const world = new World(test.name.replace(/[^A-Za-z0-9]+/g, '-').slice(0, 64));
    const made = await call('PUT', `${server}/_shipmock/worlds/${world.name}`, order);
    assert.ok([200, 201].includes(made.status), made.text);
    test.after(() => call('DELETE', `${server}/_shipmock/worlds/${world.name}`));
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
