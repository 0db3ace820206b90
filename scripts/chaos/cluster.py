"""Faults of a cluster: nodes that fall silent, the Node object, and the streams that virt-api opens."""

import calendar
import contextlib
import os
import ssl
import subprocess
import threading
import time

import websocket
from checks import Expectation, check_leftovers
from node import API, Node, Refused, condition, phase
from scene import free_port

LEASES = "/apis/coordination.k8s.io/v1/namespaces/kube-system/leases"
NODES = "/api/v1/nodes"


# Nodes that fall silent

def moment(seconds_ago=0.0):
    now = time.time() - seconds_ago
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(now)) + ".000000Z"


class Ghosts:
    """Nodes that are only leases: some renewed, some not."""

    def __init__(self, api):
        self.api = api
        self.is_over = threading.Event()
        self.names = []

    def add(self, name, age, is_renewed=False):
        lease = {"apiVersion": "coordination.k8s.io/v1", "kind": "Lease", "metadata": {"name": f"virt-node-{name}"},
                 "spec": {"holderIdentity": name, "leaseDurationSeconds": 40, "renewTime": moment(age)}}
        self.api.call("POST", LEASES, lease)
        self.names.append(name)
        if is_renewed:
            threading.Thread(target=self.renew, args=(name,), daemon=True).start()

    def renew(self, name):
        while not self.is_over.wait(10):
            self.api.call("PATCH", f"{LEASES}/virt-node-{name}", {"spec": {"renewTime": moment()}},
                          "application/merge-patch+json")

    def remove(self):
        self.is_over.set()
        for name in self.names:
            with contextlib.suppress(Refused, ConnectionError):
                self.api.call("DELETE", f"{LEASES}/virt-node-{name}")


def instance_of(scene, name, node):
    """A VMI that some node said to run."""
    scene.node.api.create(scene.manifest(name, labels={"kubevirt.io/nodeName": node}))
    status = {"phase": "Running", "nodeName": node, "conditions": [
        {"type": "Ready", "status": "True", "lastProbeTime": None, "lastTransitionTime": moment(60)[:19] + "Z"}]}
    scene.node.api.patch(name, {"status": status}, scene.status_path)


def is_unresponsive(instance):
    return any(c["type"] == "Ready" and c["status"] == "Unknown" and c.get("reason") == "NodeUnresponsive"
               for c in instance["status"]["conditions"])


def node_unresponsive(scene):
    """VMIs of a node that fell silent are called unknown, and started nowhere; those of others are left alone."""
    node = scene.node
    node.options += ["--set", "unresponsiveAfterSeconds=60", "--set", "nodeLeaseSeconds=10"]
    other = Node(node.program, scene.guest, api=node.api, options=node.options, name="chaos2")
    ghosts = Ghosts(node.api)
    try:
        node.start()
        node.wait_ready()
        scene.create("xa")
        ghosts.add("ghost", 600)
        ghosts.add("fresh", 0, is_renewed=True)
        for name in ("ghost", "fresh", "missing"):
            instance_of(scene, f"x{name}", name)
        took = scene.wait("the ghost's VMI to be unknown", lambda: is_unresponsive(node.api.get("xghost")), 120)
        if took is not None:
            scene.say(f"    called unknown after {took:.0f} s: {scene.status('xghost')}")
        check_others(scene)
        # This node falls silent, and another one lives.
        other.start()
        other.wait_ready()
        time.sleep(5)
        node.kill()
        took = scene.wait("the VMI of the killed daemon to be unknown", lambda: is_unresponsive(node.api.get("xa")), 180)
        if took is not None:
            scene.say(f"    a killed daemon's VMI is called unknown after {took:.0f} s")
        scene.check(phase(node.api.get("xa")) == "Running", f"xa is {scene.status('xa')}")
        scene.check(not other.emulators(), "the other node started a VM of the silent one")
        scene.check(len(scene.emulators("xa")) == 1, "the VM that ran is gone")
        check_others(scene)
        begin = time.monotonic()
        node.start()
        node.wait_ready()
        scene.settle(begin)
        scene.holds_for(25, "the node that came back is believed", lambda: condition(node.api.get("xa"), "Ready") == "True")
        check_others(scene)
    finally:
        ghosts.remove()
        other.remove()


node_unresponsive.starts_itself = True


def check_others(scene):
    for name in ("fresh", "missing"):
        found = scene.node.api.get(f"x{name}")
        scene.check(condition(found, "Ready") == "True" and phase(found) == "Running",
                    f"the VMI of node {name} is {scene.status(f'x{name}')}")
    scene.check(not scene.emulators("xghost") and not scene.emulators("xfresh") and not scene.emulators("xmissing"),
                "a VMI of another node was started")


# The Node object

def node_object(scene):
    """The Node that a kubelet made gets its labels, a heartbeat, and what says whether it takes VMs."""
    node = scene.node
    path = f"{NODES}/{node.name}"
    labels = {"kubernetes.io/hostname": node.name, "example.com/mine": "stays"}
    node.api.call("POST", NODES, {"apiVersion": "v1", "kind": "Node", "metadata": {"name": node.name, "labels": labels}})
    try:
        # The kubelet may come after us; the next write is within a minute.
        took = scene.wait("the labels of the Node", lambda: label(node, "schedulable") == "true", 75)
        if took is not None:
            scene.say(f"    labelled {took:.0f} s after it was made")
        check_labels(scene)
        scene.create("xa")
        drained(scene)
        node.kill()
        node.start()
        node.wait_ready()
        scene.wait("the next daemon to know that it is not drained", lambda: label(node, "schedulable") == "true")
        begin = time.time()
        node.api.call("PATCH", path, {"metadata": {"labels": {"kubevirt.io/schedulable": "maybe"},
                                                   "annotations": {"kubevirt.io/heartbeat": None}}},
                      "application/merge-patch+json")
        took = scene.wait("a heartbeat that came after", lambda: heartbeat(node) >= begin - 1, 75)
        scene.check(label(node, "schedulable") == "true", "a label that somebody changed was not made right")
        scene.check(node.terminate(), "SIGTERM did not end the daemon cleanly within 20 s")
        scene.check(label(node, "schedulable") == "false", "a node without its daemon is said to take VMs")
        scene.check(len(scene.emulators("xa")) == 1, "the VM that ran is gone")
        begin = time.monotonic()
        node.start()
        node.wait_ready()
        scene.wait("the node to take VMs again", lambda: label(node, "schedulable") == "true")
        scene.settle(begin)
        scene.check(labels_of(node).get("example.com/mine") == "stays", "another's label was removed")
    finally:
        with contextlib.suppress(Refused, ConnectionError):
            node.api.call("DELETE", path)


def drained(scene):
    node = scene.node
    own = API.local(node.root)
    own.call("POST", "/virt-node/v1/drain", timeout=60)
    took = scene.wait("a drained node to say that it takes none", lambda: label(node, "schedulable") == "false")
    if took is not None:
        scene.say(f"    drained, it says so after {took:.1f} s")
    own.call("DELETE", "/virt-node/v1/drain")
    scene.wait("the drain's end to be said", lambda: label(node, "schedulable") == "true")
    scene.expected["xa"] = Expectation(Expectation.RUN)
    scene.settle()


def labels_of(node):
    return node.api.call("GET", f"{NODES}/{node.name}")["metadata"].get("labels", {})


def label(node, name):
    return labels_of(node).get(f"kubevirt.io/{name}")


def heartbeat(node):
    annotations = node.api.call("GET", f"{NODES}/{node.name}")["metadata"].get("annotations", {})
    text = annotations.get("kubevirt.io/heartbeat")
    return calendar.timegm(time.strptime(text, "%Y-%m-%dT%H:%M:%SZ")) if text else 0


def check_labels(scene):
    found = labels_of(scene.node)
    for prefix in ("cpu-model.node.kubevirt.io/", "machine-type.node.kubevirt.io/", "cpu-vendor.node.kubevirt.io/",
                   "host-model-cpu.node.kubevirt.io/"):
        scene.check(any(name.startswith(prefix) for name in found), f"the Node has no label {prefix}…")
    scene.check(found.get("virt-node.io/accelerator") in ("kvm", "emulation"), "the Node does not tell its accelerator")
    scene.check(abs(heartbeat(scene.node) - time.time()) < 75, "the Node's heartbeat is old")
    scene.wait("the Node's condition HardwareVirtualization", lambda: "virt-node.io/HardwareVirtualization" in conditions(scene))
    scene.check("Ready" not in conditions(scene), "the kubelet's condition was written")


def conditions(scene):
    status = scene.node.api.call("GET", f"{NODES}/{scene.node.name}").get("status", {})
    return [found["type"] for found in status.get("conditions", [])]


# Streams

def streams_over_tls(scene):
    """Console and display through port 8186, as virt-api opens them."""
    node = scene.node
    tls, port = with_streams(node)
    other = f"{node.root}/tls-other"
    os.makedirs(other)
    subprocess.run([make_tls(), other], check=True)
    node.start()
    node.wait_ready()
    scene.create("xa")
    client = websocket.context(tls, certificate="client")

    def open_stream(name, kind, context=client):
        path = f"/v1/namespaces/default/virtualmachineinstances/{name}/{kind}"
        return websocket.WebSocket("127.0.0.1", port, path, context)

    with open_stream("xa", "console?recent=true") as console:
        scene.check(console.wait(lambda text: b"hello:" in text, 180), f"no prompt: {console.received[-200:]}")
        console.send(b"echo $((6*7))x\r")
        scene.check(console.wait(lambda text: b"42x" in text, 15), f"the guest does not answer: {console.received[-200:]}")
        with open_stream("xa", "vnc") as display:
            scene.check(display.wait(lambda text: text.startswith(b"RFB 003."), 10), f"no VNC: {display.received[:40]}")
            display.send(b"RFB 003.008\n")
            scene.check(display.wait(lambda text: len(text) >= 14, 10), "the VNC handshake goes no further")
        refused(scene, "a second console that preserves the first", (503, 409),
                lambda: open_stream("xa", "console?preserveSession=true"))
        with open_stream("xa", "console") as second:
            code = console.wait_closed(5)
            scene.check(code == 4001, f"the first console ended with {code}, not 4001")
            second.send(b"\r")
            scene.check(second.wait(lambda text: b"hello:" in text, 15), "the second console is silent")
            # The console goes with the daemon, and the guest stays.
            node.kill()
            scene.check(second.wait_closed(5) is not None, "the console outlives its daemon")
    begin = time.monotonic()
    node.start()
    node.wait_ready()
    scene.settle(begin)
    with open_stream("xa", "console") as console:
        scene.check(any(typed(console, b"\recho $((6*9))y\r", b"54y") for _ in range(5)),
                    f"after a restart: {console.received[-200:]}")
        node.api.delete("xa")
        scene.gone("xa")
        scene.check(console.wait_closed(20) is not None, "the console outlives its VM")
    scene.settle()
    refused(scene, "the console of a VMI that is not there", (404,), lambda: open_stream("nobody", "console"))
    refused(scene, "a stranger that our authority knows", (403,),
            lambda: open_stream("xa", "console", websocket.context(tls, certificate="stranger")))
    foreign = websocket.context(tls)
    foreign.load_cert_chain(f"{other}/client.crt", f"{other}/client.key")
    refused(scene, "a stranger of another authority", (), lambda: open_stream("xa", "console", foreign))
    refused(scene, "nobody", (401,), lambda: open_stream("xa", "console", websocket.context(tls)))
    check_leftovers(node, {}, scene.problems)


streams_over_tls.starts_itself = True


def typed(console, words, answer):
    """Whether the guest answers; what is typed before the VM is taken over is not heard."""
    console.send(words)
    return console.wait(lambda text: answer in text, 4)


def refused(scene, who, codes, attempt):
    """A stream that must not open: by an answer with one of these codes, or in the handshake of TLS."""
    try:
        attempt().close()
    except websocket.Refusal as refusal:
        # A server of TLS 1.3 refuses after the client believes that all is well.
        scene.check(refusal.code in (*codes, 0), f"{who} is answered {refusal}, not {codes}")
    except (ssl.SSLError, OSError) as error:
        scene.check(codes in ((), (401,)), f"{who}: {error!r} instead of {codes}")
    else:
        scene.problems.add(f"{who} is let in")


def make_tls():
    return os.path.join(os.path.dirname(os.path.abspath(__file__)), "make-tls")


def with_streams(node):
    """Has the node serve consoles on a port of its own; the folder of the certificates, and the port."""
    tls = f"{node.root}/tls"
    os.makedirs(tls)
    subprocess.run([make_tls(), tls], check=True)
    port = free_port()
    settings = {"port": port, "address": "127.0.0.1", "tls.certificate": f"{tls}/server.crt",
                "tls.key": f"{tls}/server.key", "tls.clientCA": f"{tls}/ca.crt",
                "allowedNames": "kubevirt.io:system:client:virt-handler"}
    for key, value in settings.items():
        node.options += ["--set", f"streams.{key}={value}"]
    return tls, port
