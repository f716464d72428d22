"""What a test suite needs to drive Shipmock: a world for each test, and calls to it. Standard library only."""

import hashlib
import json
import os
import re
import unittest
import urllib.error
import urllib.request


class Answer:
    """Status, header fields and body of one answer."""

    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    def json(self):
        return json.loads(self.body)


def call(method, url, body=None, headers=None):
    """One call; refusals are answers like any other."""
    fields = {"Accept": "application/json", **(headers or {})}
    data = None
    if body is not None:
        data = json.dumps(body).encode()
        fields.setdefault("Content-Type", "application/json")
    request = urllib.request.Request(url, data=data, headers=fields, method=method)
    try:
        with urllib.request.urlopen(request, timeout=30) as reply:
            return Answer(reply.status, reply.headers, reply.read().decode())
    except urllib.error.HTTPError as refusal:
        return Answer(refusal.code, refusal.headers, refusal.read().decode())


class World:
    """A world of one test, as `shipmock exec` announced the server in the environment."""

    def __init__(self, name, order=None):
        self.server = os.environ["SHIPMOCK_URL"]
        self.name, self.url = name, f"{self.server}/w/{name}"
        made = call("PUT", f"{self.server}/_shipmock/worlds/{name}", order or {})
        assert made.status in (200, 201), made.body

    def base_url(self, provider):
        """The base URL of a provider in this world."""
        announced = os.environ[f"{provider.upper()}_BASE_URL"]
        return self.url + announced[len(self.server):]

    def control(self, method, path, body=None):
        """A call of the control API."""
        return call(method, f"{self.url}/_shipmock{path}", body)

    def advance(self, **order):
        """Lets time pass: `by="36h"`, `to=...` or `until="idle"`."""
        passed = self.control("POST", "/clock/advance", order)
        assert passed.status == 200, passed.body
        return passed.json()

    def send_webhooks(self, origin, to):
        """Says where webhooks for an origin go: to a receiver that listens by now, on any free port."""
        told = self.control("PUT", "/webhooks/targets", {origin: to})
        assert told.status == 200, told.body

    def verify(self, request, **count):
        """Fails, with the nearest calls, unless calls like this came so often."""
        verified = self.control("POST", "/verify", {"request": request, "count": count})
        assert verified.status == 200, verified.body

    def wait_for(self, **what):
        """Waits for a `request`, a `state` or a `delivery` instead of sleeping."""
        awaited = self.control("POST", "/await", what)
        assert awaited.status == 200, awaited.body
        return awaited.json()

    def drop(self):
        call("DELETE", f"{self.server}/_shipmock/worlds/{self.name}")


def world_name(test):
    """A name that no other test has and that can be read: the end of the test's own, and a hash of all of it."""
    digest = hashlib.sha256(test.encode()).hexdigest()[:8]
    readable = re.sub("[^A-Za-z0-9_]+", "-", test)[-55:].strip("-")
    return f"{readable}-{digest}".strip("-")


class WorldCase(unittest.TestCase):
    """A test case whose every test has a world of its own, its clock standing."""

    ORDER = {"clock": {"mode": "frozen", "at": "2026-05-14T09:00:00Z"}}

    def setUp(self):
        self.world = World(world_name(self.id()), self.ORDER)
        self.addCleanup(self.world.drop)
