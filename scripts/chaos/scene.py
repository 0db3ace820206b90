"""Where a case takes place: a node with a few VMs, and what is expected of them."""

import os
import socket
import time

from checks import Expectation, Problems, describe, is_met, settle
from node import PATIENCE, Refused, manifest

EVENTS = "/api/v1/namespaces/default/events"


class Scene:
    """A node with a few VMs that run, and what is expected of them."""

    def __init__(self, node, say):
        self.node = node
        self.say = say
        self.expected = {}
        self.problems = Problems()
        self.is_cluster = False

    def manifest(self, name, **options):
        labels = {"kubevirt.io/nodeName": self.node.name} if self.is_cluster else None
        return manifest(name, labels=options.pop("labels", labels), **options)

    def emulators(self, name):
        return [e for e in self.node.emulators() if e.domain == f"default_{name}"]

    def create(self, *names, **options):
        for name in names:
            self.node.api.create(self.manifest(name, **options))
        for name in names:
            self.expected[name] = Expectation(Expectation.RUN)
            self.wait(f"{name} to run", lambda: is_met("run", self.node.api.get(name), self.emulators(name)), 90)
            found = self.emulators(name)
            self.expected[name] = Expectation(Expectation.RUN, emulator=found[0] if found else None)

    def wait(self, what, condition, limit=5.0):
        """Waits until something holds; the seconds that it took. Whether it ever did is a check."""
        begin = time.monotonic()
        while time.monotonic() - begin < limit * PATIENCE:
            try:
                if condition():
                    return time.monotonic() - begin
            except (ConnectionError, Refused):
                pass
            time.sleep(0.05)
        self.problems.add(f"waited {limit:.0f} s for {what}: in vain")
        return None

    def check(self, holds, text):
        if not holds:
            self.problems.add(text)

    def holds_for(self, seconds, what, condition):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if not condition():
                self.problems.add(f"did not hold: {what}")
                return
            time.sleep(0.2)

    def status(self, name):
        return describe(self.node.api.get(name))

    def settle(self, begin=None, **options):
        return settle(self.node, self.expected, self.problems, begin or time.monotonic(), **options)

    def gone(self, *names):
        for name in names:
            self.expected[name] = Expectation(Expectation.GONE)

    def events(self, name):
        items = self.node.api.call("GET", EVENTS)["items"]
        return [i["reason"] for i in items if i["involvedObject"].get("name") == name]


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def write(path, text):
    with open(path + ".new", "w") as file:
        file.write(text)
    os.rename(path + ".new", path)
