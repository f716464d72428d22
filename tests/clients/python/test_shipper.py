"""A shop's integration with Shipper, tested as a shop would: run with `shipmock exec -- python3 -m unittest discover -s tests/clients/python`."""

import hashlib
import hmac
import http.server
import os
import threading
import unittest

from shipmock import WorldCase, call, world_name

ORDER = {
    "address": {"name": "Omar Ben Ali", "phone1": "28177188", "address1": "Rue de la Liberte", "country": "TN"},
    "items": [{"id": "YOUR_PRODUCT_UUID"}],
    "auto_fulfill": True,
    "with_confirmation": True,
}


class ShipperCase(WorldCase):
    def shipper(self, method, path, body=None, key=None):
        key = key or os.environ["SHIPPER_API_KEY"]
        return call(method, self.world.base_url("shipper") + path, body, {"Authorization": f"Bearer {key}"})


class Orders(ShipperCase):
    def test_an_order_is_cancelled_once(self):
        self.assertEqual(self.shipper("POST", "/orders/554/cancel").status, 200)
        late = self.shipper("POST", "/orders/554/cancel")
        self.assertEqual((late.status, late.headers["X-Shipmock-Evidence"]), (422, "documented"))
        self.world.verify({"on": "POST /shipper/api/v1/orders/{id}/cancel"}, exactly=2)

    def test_worlds_share_nothing(self):
        # The other test cancelled it, in its own world.
        self.assertEqual(self.shipper("GET", "/orders/554").json()["shipments"][0]["status"], "awaitingpackaging")

    def test_a_foreign_key_is_refused_and_explained(self):
        refused = self.shipper("GET", "/orders", key="not-a-key")
        self.assertEqual(refused.status, 401)
        entry = self.world.control("GET", f"/requests/{refused.headers['X-Shipmock-Request']}").json()
        self.assertIn("GET /_shipmock/presets", entry["explanation"])

    def test_what_nothing_reads_is_told(self):
        made = self.shipper("POST", "/orders", {**ORDER, "coupon": "SUMMER"})
        self.assertEqual(made.status, 201, made.body)
        entry = self.world.control("GET", f"/requests/{made.headers['X-Shipmock-Request']}").json()
        self.assertEqual(entry["unread"], ["body.coupon"])

    def test_an_answer_that_is_lost_leaves_the_order_behind(self):
        rule = {"on": "POST /shipper/api/v1/orders", "first": 1, "then": {"fault": "reset"}}
        self.assertEqual(self.world.control("POST", "/rules", rule).status, 201)
        with self.assertRaises(OSError):
            self.shipper("POST", "/orders", {**ORDER, "external_order_id": "A-1"})
        newest = self.shipper("GET", "/orders").json()["data"][0]
        self.assertEqual(newest["external_order_id"], "A-1")

    def test_a_parcel_is_delivered_when_its_time_has_come(self):
        made = self.shipper("POST", "/orders", ORDER).json()
        passed = self.world.advance(by="10d")
        self.assertIn("delivered", [moved["to"] for moved in passed["fired"]])
        order = self.shipper("GET", f"/orders/{made['id']}").json()
        self.assertEqual(order["shipments"][0]["status"], "delivered")


class Receiver(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.received.append((dict(self.headers.items()), body))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_):
        pass


class Webhooks(ShipperCase):
    SECRET = "a-secret-of-this-test"

    def setUp(self):
        super().setUp()
        self.shop = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
        self.shop.received = []
        serving = threading.Thread(target=self.shop.serve_forever, daemon=True)
        serving.start()
        self.addCleanup(self.shop.server_close)
        self.addCleanup(self.shop.shutdown)
        self.world.send_webhooks("https://mystore.com", f"http://127.0.0.1:{self.shop.server_port}")

    def test_every_step_is_told_and_signed(self):
        hook = {
            "url": "https://mystore.com/webhooks/shipper",
            "events": ["order.status_changed", "shipment.status_changed"],
            "secret": self.SECRET,
        }
        self.assertEqual(self.shipper("POST", "/webhooks", hook).status, 201)
        self.shipper("POST", "/orders", ORDER)
        self.world.advance(by="10d")
        self.world.wait_for(delivery={"event": "shipment.status_changed", "state": "delivered"})
        self.assertGreater(len(self.shop.received), 2)
        for headers, body in self.shop.received:
            signature = next(value for name, value in headers.items() if "signature" in name.lower())
            expected = hmac.new(self.SECRET.encode(), body, hashlib.sha256).hexdigest()
            self.assertTrue(signature.endswith(expected), signature)


class Names(unittest.TestCase):
    def test_worlds_have_readable_names_of_their_own(self):
        names = [world_name(test) for test in ("test_a.Case.test_x", "test_a.Case.test-x", "tést.Größe.test_注文", "x" * 200, "注文")]
        self.assertEqual(len(set(names)), len(names))
        for name in names:
            self.assertRegex(name, r"^[A-Za-z0-9_-][A-Za-z0-9._-]{0,63}$")
        self.assertRegex(names[0], r"^test_a-Case-test_x-[0-9a-f]{8}$")


if __name__ == "__main__":
    unittest.main()
