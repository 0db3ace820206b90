"""Faults other than the daemon's own death, one a function: each breaks one thing and says what must hold after it."""

import json
import os
import signal
import socket
import subprocess
import time

import cluster
import host
from checks import Expectation, check_leftovers, is_met
from node import API, Node, Refused, condition, phase, start_time
from proxy import Proxy
from scene import Scene, free_port, write

SECRETS = "/api/v1/namespaces/default/secrets"


# What users do

def kubectl_scenario(scene):
    """scripts/kubectl-scenario: against the node's own API, or against a cluster's, with port 8186 for the pauses."""
    words = [os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "kubectl-scenario")]
    node = scene.node
    if scene.is_cluster:
        tls, port = cluster.with_streams(node)
        words += ["--kubeconfig", f"{scene.state}/admin.kubeconfig", "--node", node.name,
                  "--streams", f"127.0.0.1:{port}", "--tls", tls]
    else:
        node.options += ["--set", f"local.loopbackPort={free_port()}"]
        words += ["--kubeconfig", f"{node.root}/var/lib/virt-node/local/kubeconfig"]
    node.start()
    node.wait_ready()
    if scene.is_cluster:
        for who, wanted in (("stranger", "403"), ("client", "404")):
            answer = subprocess.run(
                ["curl", "-sS", "-o", "/dev/null", "-w", "%{http_code}", "--cacert", f"{tls}/ca.crt", "--cert",
                 f"{tls}/{who}.crt", "--key", f"{tls}/{who}.key", "-X", "PUT", "-d", "{}",
                 f"https://127.0.0.1:{port}/v1/namespaces/default/virtualmachineinstances/nobody/pause"],
                capture_output=True, text=True).stdout
            scene.check(answer == wanted, f"port 8186 answers {answer}, not {wanted}, to the certificate of {who}")
    answer = subprocess.run(words, capture_output=True, text=True, timeout=400)
    steps = [line for line in answer.stdout.splitlines() if line.startswith("ok ")]
    scene.say(f"    {len(steps)} steps of kubectl")
    if answer.returncode != 0:
        for line in (answer.stdout + answer.stderr).splitlines():
            if not line.startswith("ok "):
                scene.problems.add(line)
    check_leftovers(node, {}, scene.problems)


kubectl_scenario.starts_itself = True


# QEMU

def qemu_killed(scene):
    scene.create("xa", "xb")
    victim = scene.emulators("xa")[0]
    os.kill(victim.pid, signal.SIGKILL)
    scene.wait("the status to say that QEMU died", lambda: phase(scene.node.api.get("xa")) == "Failed")
    scene.expected["xa"] = Expectation(Expectation.ENDED)
    scene.settle()


def qemu_killed_while_the_daemon_is_away(scene):
    scene.create("xa", "xb")
    victim = scene.emulators("xa")[0]
    scene.node.kill()
    os.kill(victim.pid, signal.SIGKILL)
    time.sleep(1)
    begin = time.monotonic()
    scene.node.start()
    scene.wait("the status to say that QEMU died", lambda: phase(scene.node.api.get("xa")) == "Failed")
    scene.expected["xa"] = Expectation(Expectation.ENDED)
    scene.settle(begin)


def qemu_stopped(scene):
    """A QEMU that does not answer must not hold up the others, nor be given up; it can be deleted."""
    scene.create("xa", "xb", "xc", "xe", grace=0)
    scene.create("xe2", grace=5)
    stopped = {name: scene.emulators(name)[0] for name in ("xa", "xb", "xe", "xe2")}
    for emulator in stopped.values():
        os.kill(emulator.pid, signal.SIGSTOP)
    scene.create("xd")
    scene.node.api.delete("xc")
    scene.gone("xc")
    scene.holds_for(12, "a stopped QEMU is no end", lambda: phase(scene.node.api.get("xa")) not in ("Failed", "Succeeded"))
    scene.node.api.delete("xe")
    wait_gone(scene, stopped, "xe", 20)
    # A daemon that starts now has one more thing that does not answer.
    scene.node.kill()
    scene.node.start()
    scene.node.wait_ready()
    scene.node.api.delete("xb")
    scene.node.api.delete("xe2")
    begin = time.monotonic()
    scene.holds_for(8, "a stopped QEMU is no end after the daemon's start either",
                    lambda: phase(scene.node.api.get("xa")) not in ("Failed", "Succeeded"))
    scene.check(is_met("run", scene.node.api.get("xd"), scene.emulators("xd")), f"xd is {scene.status('xd')} beside stopped QEMUs")
    wait_gone(scene, stopped, "xb", 20, begin)
    wait_gone(scene, stopped, "xe2", 25, begin)
    os.kill(stopped["xa"].pid, signal.SIGCONT)
    scene.settle()


def wait_gone(scene, stopped, name, limit, begin=None):
    """A stop of a QEMU that does not answer takes its time, and ends."""
    begin = begin or time.monotonic()
    scene.gone(name)
    if scene.wait(f"{name}, whose QEMU is stopped, to go", lambda: scene.node.api.get(name) is None,
                  max(0.1, begin + limit - time.monotonic())) is None:
        return
    scene.say(f"    {name} went {time.monotonic() - begin:.1f} s after its deletion")
    scene.check(start_time(stopped[name].pid) != stopped[name].start, f"{name} went, and its QEMU did not")


def guest_powers_off_while_the_daemon_is_away(scene):
    scene.create("xa")
    scene.create("xb", arguments="hello.poweroff=4")
    scene.node.kill()
    time.sleep(30)
    begin = time.monotonic()
    scene.node.start()
    # On a busy host the guest may not be that far yet.
    scene.wait("Succeeded", lambda: phase(scene.node.api.get("xb")) == "Succeeded", 180)
    scene.expected["xb"] = Expectation(Expectation.ENDED)
    scene.settle(begin)


# The daemon

def upgrade_while_vms_start(scene):
    scene.create("xa")
    for number in range(6):
        for index in range(3):
            name = f"x{number}{index}"
            scene.node.api.create(scene.manifest(name))
            scene.expected[name] = Expectation(Expectation.RUN)
        time.sleep(0.25 * number)
        scene.check(scene.node.terminate(), "SIGTERM did not end the daemon cleanly within 20 s")
        begin = time.monotonic()
        scene.node.start()
        scene.node.wait_ready()
        scene.settle(begin)
        for index in range(3):
            scene.node.api.delete(f"x{number}{index}")
            scene.gone(f"x{number}{index}")


def restart_and_drain_survive_a_kill(scene):
    scene.create("xa", grace=20)
    scene.create("xb", grace=20)
    time.sleep(12)
    scene.node.api.command("xa", "restart")
    time.sleep(0.1)
    scene.node.kill()
    time.sleep(6)
    scene.node.start()
    scene.node.wait_ready()
    scene.expected["xa"] = Expectation(Expectation.RUN)
    scene.settle()
    time.sleep(12)
    first = drain(scene.node)
    # What was not taken before the kill need not be done after it.
    scene.wait("the drain to be taken", lambda: os.path.exists(f"{scene.node.root}/var/lib/virt-node/drained"), 20)
    scene.node.kill()
    first.wait()
    time.sleep(6)
    scene.node.start()
    scene.node.wait_ready()
    scene.wait("the drained VMs to stop", lambda: not scene.node.emulators(), 40)
    scene.holds_for(3, "a drained node starts nothing", lambda: not scene.node.emulators())
    for name in ("xa", "xb"):
        scene.check(phase(scene.node.api.get(name)) not in ("Failed", "Succeeded"), f"drained, {name} is {scene.status(name)}")
    API.local(scene.node.root).call("DELETE", "/virt-node/v1/drain")
    scene.expected = {name: Expectation(Expectation.RUN) for name in ("xa", "xb")}
    scene.settle()


def drain(node):
    """Asks for a drain, and does not wait for its answer."""
    return subprocess.Popen(
        ["curl", "-s", "-m", "60", "-X", "POST", "--unix-socket", f"{node.root}/run/virt-node/virt-node.sock",
         "http://localhost/virt-node/v1/drain"], stdout=subprocess.DEVNULL)


def drain_and_undo(scene):
    scene.create("xa")
    scene.create("xb", grace=30)
    time.sleep(10)
    answer = API.local(scene.node.root).call("POST", "/virt-node/v1/drain", timeout=60)
    scene.check(answer["stopped"] == 2, f"drain stopped {answer}, not 2")
    scene.check(not scene.node.emulators(), "a drained node runs a QEMU")
    scene.node.api.create(scene.manifest("xc"))
    scene.holds_for(3, "a drained node starts nothing", lambda: not scene.node.emulators())
    scene.node.kill()
    scene.node.start()
    scene.node.wait_ready()
    scene.holds_for(4, "a drained node starts nothing in its next life", lambda: not scene.node.emulators())
    API.local(scene.node.root).call("DELETE", "/virt-node/v1/drain")
    scene.expected = {name: Expectation(Expectation.RUN) for name in ("xa", "xb", "xc")}
    scene.settle()


# Objects

def successor(scene):
    """A VMI of the same name, made as soon as the name is free."""
    scene.create("xa", grace=0)
    for _ in range(3):
        old = scene.emulators("xa")[0]
        first = scene.node.api.get("xa")["metadata"]["uid"]
        scene.node.api.delete("xa")
        scene.wait("the name to be free", lambda: created(scene, "xa"), 30)
        scene.check(scene.node.api.get("xa")["metadata"]["uid"] != first, "the successor has its predecessor's uid")
        scene.expected["xa"] = Expectation(Expectation.RUN)
        scene.settle()
        scene.check(start_time(old.pid) != old.start, "the predecessor's QEMU still runs")


def created(scene, name):
    try:
        scene.node.api.create(scene.manifest(name))
        return True
    except Refused:
        return False


def secret_comes_later(scene):
    volumes = [{"name": "seed", "cloudInitNoCloud": {"secretRef": {"name": "later"}}}]
    devices = {"disks": [{"name": "seed", "disk": {"bus": "virtio"}}]}
    scene.node.api.create(scene.manifest("xa", volumes=volumes, devices=devices))
    scene.wait("the status to name the Secret", lambda: "later" in scene.status("xa"), 2)
    scene.say(f"    {scene.status('xa')}")
    time.sleep(3)
    secret = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "later"}, "stringData": {"userdata": "#!/bin/sh\n"}}
    scene.node.api.call("POST", SECRETS, secret)
    took = scene.wait("the VM to start by itself", lambda: is_met("run", scene.node.api.get("xa"), scene.emulators("xa")), 75)
    if took:
        scene.say(f"    ran {took:.1f} s after its Secret came")
    scene.expected["xa"] = Expectation(Expectation.RUN)
    scene.settle()
    scene.node.api.call("DELETE", f"{SECRETS}/later")


def image_comes_later(scene):
    wrong = scene.manifest("xa")
    wrong["spec"]["domain"]["firmware"]["kernelBoot"]["container"]["image"] = "later:latest"
    scene.node.api.create(wrong)
    scene.wait("the status to name the image", lambda: "later:latest" in scene.status("xa"), 5)
    scene.say(f"    {scene.status('xa')}")
    subprocess.run([scene.node.program, "image", "import", "--root", scene.node.root, "later:latest", scene.guest],
                   check=True, stdout=subprocess.DEVNULL)
    scene.expected["xa"] = Expectation(Expectation.RUN)
    scene.settle()


def invalid_spec(scene):
    """In a cluster nothing checks a VMI before the node does."""
    wrong = scene.manifest("xa")
    wrong["spec"]["domain"]["devices"] = {"disks": [{"name": "nothing", "disk": {"bus": "virtio"}}]}
    try:
        scene.node.api.create(wrong)
    except Refused as refusal:
        scene.check("nothing" in str(refusal), f"the refusal does not name the disk: {refusal}")
        return
    scene.wait("the status to name the disk", lambda: "nothing" in scene.status("xa"), 2)
    scene.say(f"    {scene.status('xa')}")
    scene.check(not scene.emulators("xa"), "an invalid VMI runs")
    scene.node.api.delete("xa")
    scene.gone("xa")
    scene.settle()


def manifest_folder(scene):
    folder = f"{scene.node.root}/etc/virt-node/vmis.d"
    os.makedirs(folder, exist_ok=True)
    path = f"{folder}/xa.json"
    write(path, json.dumps(scene.manifest("xa")))
    scene.wait("the manifest's VM", lambda: is_met("run", scene.node.api.get("xa"), scene.emulators("xa")), 30)
    scene.expected["xa"] = Expectation(Expectation.RUN, emulator=scene.emulators("xa")[0])
    scene.node.kill()
    begin = time.monotonic()
    scene.node.start()
    scene.node.wait_ready()
    scene.settle(begin)
    scene.node.kill()
    os.remove(path)
    scene.node.start()
    scene.node.wait_ready()
    scene.gone("xa")
    scene.settle()
    write(path, "this: is: no: VMI")
    write(f"{folder}/xb.json", json.dumps(scene.manifest("xb")))
    scene.expected["xb"] = Expectation(Expectation.RUN)
    scene.wait("a good manifest beside a bad one", lambda: is_met("run", scene.node.api.get("xb"), scene.emulators("xb")), 30)
    os.remove(path)
    os.remove(f"{folder}/xb.json")
    scene.gone("xb")
    scene.settle()


# Full disks

def full(scene, folder, options):
    """Mounts a small file system over a folder of a fresh node, and fills it while a VM runs."""
    target = f"{scene.node.root}/{folder}"
    os.makedirs(target, exist_ok=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"{options},mode=0755", "chaos", target], check=True)
    filler = f"{target}/filler"
    try:
        scene.node.start()
        scene.node.wait_ready()
        scene.create("xa")
        file = os.open(filler, os.O_WRONLY | os.O_CREAT)
        try:
            while os.write(file, b"0" * 4096):
                pass
        except OSError:
            os.close(file)
        yield
        # What was asked for is known; what can be done is done, and the VM that runs goes on.
        try:
            scene.node.api.create(scene.manifest("xb"))
            scene.expected["xb"] = Expectation(Expectation.RUN)
        except (Refused, ConnectionError) as error:
            scene.say(f"    a VMI is refused: {error}")
        time.sleep(4)
        try:
            scene.say(f"    {scene.status('xb')}")
        except (Refused, ConnectionError) as error:
            scene.problems.add(f"a full disk keeps the API from answering: {error}")
        scene.check(len(scene.emulators("xa")) == 1, "the VM that ran is gone")
        scene.node.kill()
        scene.node.start()
        try:
            scene.node.wait_ready(10)
            scene.wait("the truth about xa", lambda: phase(scene.node.api.get("xa")) == "Running", 5)
        except RuntimeError as error:
            scene.say(f"    a full disk keeps the daemon from starting: {str(error)[-300:]}")
        os.remove(filler)
        begin = time.monotonic()
        if scene.node.daemon.poll() is not None:
            scene.node.start()
            scene.node.wait_ready()
        scene.settle(begin, limit=75)
        scene.node.api.delete("xa")
        scene.gone("xa")
        scene.settle()
    finally:
        scene.node.remove_machines()
        subprocess.run(["umount", "-l", target], check=False)


def disk_full(scene):
    for _ in full(scene, "var/lib/virt-node", "size=24m"):
        pass


def run_full(scene):
    for _ in full(scene, "run/virt-node", "size=4m"):
        pass


disk_full.starts_itself = run_full.starts_itself = True


# libvirtd

class Libvirtd:
    """The libvirtd that the test started, and may therefore break, with its virtlogd."""

    def __init__(self):
        self.process = None
        self.logger = None

    def start(self):
        if self.process is None and subprocess.run(["pgrep", "-x", "libvirtd|virtqemud"], capture_output=True).returncode == 0:
            raise RuntimeError("a libvirtd runs already, and is not ours to break")
        if self.logger is None and not answers("/run/libvirt/virtlogd-sock"):
            os.makedirs("/run/libvirt", exist_ok=True)
            self.logger = subprocess.Popen(["virtlogd"], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                           stderr=subprocess.DEVNULL, start_new_session=True)
        self.process = subprocess.Popen(["libvirtd"], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                        stderr=subprocess.DEVNULL, start_new_session=True)
        for _ in range(100):
            if subprocess.run(["timeout", "5", "virsh", "-q", "-c", "qemu:///system", "version"],
                              capture_output=True).returncode == 0:
                return
            time.sleep(0.1)
        raise RuntimeError("libvirtd does not answer")

    def end(self, number=signal.SIGTERM):
        self.process.send_signal(number)
        self.process.wait()

    def close(self):
        self.end()
        if self.logger:
            self.logger.terminate()
            self.logger.wait()


def answers(path):
    """Whether somebody listens at a Unix socket."""
    with socket.socket(socket.AF_UNIX) as client:
        try:
            client.connect(path)
            return True
        except OSError:
            return False


def libvirtd_restarted(scene):
    scene.create("xa", "xb")
    for number in (signal.SIGTERM, signal.SIGKILL):
        scene.libvirtd.end(number)
        time.sleep(2)
        for name in ("xa", "xb"):
            scene.check(phase(scene.node.api.get(name)) == "Running", f"without libvirtd {name} is {scene.status(name)}")
        name = f"xc{int(number)}"
        scene.node.api.create(scene.manifest(name))
        scene.wait("the status to say that libvirt is away", lambda: "ibvirt" in scene.status(name), 2)
        scene.libvirtd.start()
        begin = time.monotonic()
        scene.expected[name] = Expectation(Expectation.RUN)
        scene.settle(begin)


def libvirtd_killed_while_vms_start(scene):
    scene.create("xa")
    for number in range(5):
        names = [f"x{number}{index}" for index in range(2)]
        for name in names:
            scene.node.api.create(scene.manifest(name))
            scene.expected[name] = Expectation(Expectation.RUN)
        time.sleep(0.2 + 0.25 * number)
        scene.libvirtd.end(signal.SIGKILL)
        time.sleep(0.5)
        scene.libvirtd.start()
        scene.settle(time.monotonic())
        for name in names:
            scene.node.api.delete(name)
            scene.gone(name)
    scene.settle()


def libvirtd_stopped(scene):
    scene.create("xa", "xb")
    victim = scene.emulators("xb")[0]
    os.kill(scene.libvirtd.process.pid, signal.SIGSTOP)
    try:
        scene.node.api.create(scene.manifest("xc"))
        scene.node.api.delete("xb")
        scene.holds_for(scene.seconds, "a silent libvirtd ends nothing",
                        lambda: phase(scene.node.api.get("xa")) not in ("Failed", "Succeeded"))
        scene.check(start_time(victim.pid) == victim.start or scene.node.api.get("xb") is not None,
                    "xb is gone from the API while its QEMU runs")
        scene.say(f"    xa: {scene.status('xa')}; xc: {scene.status('xc')}")
    finally:
        os.kill(scene.libvirtd.process.pid, signal.SIGCONT)
    begin = time.monotonic()
    scene.gone("xb")
    scene.expected["xc"] = Expectation(Expectation.RUN)
    scene.settle(begin)


def domain_destroyed_by_virsh(scene):
    scene.create("xa", "xb")
    virsh("destroy", "default_xa")
    scene.wait("the status to say so", lambda: phase(scene.node.api.get("xa")) in ("Failed", "Succeeded"))
    scene.say(f"    {scene.status('xa')}")
    scene.expected["xa"] = Expectation(Expectation.ENDED)
    virsh("suspend", "default_xb")
    scene.wait("Paused", lambda: condition(scene.node.api.get("xb"), "Paused") == "True")
    virsh("resume", "default_xb")
    scene.settle()
    scene.create("xc")
    virsh("destroy", "default_xc")
    virsh("undefine", "default_xc")
    scene.expected["xc"] = Expectation(Expectation.ENDED)
    scene.settle()


def virsh(*words):
    return subprocess.run(["virsh", "-q", "-c", "qemu:///system", *words], capture_output=True, text=True)


# The API of a cluster, behind a proxy

def api_cut_off(scene):
    """Nothing gets through, longer than any timeout, and the world goes on."""
    for fault in ("refuses", "is_hole"):
        scene.create("xa", "xb", "xc")
        setattr(scene.proxy.faults, fault, True)
        time.sleep(1)
        os.kill(scene.emulators("xb")[0].pid, signal.SIGKILL)
        scene.node.api.delete("xc")
        scene.node.api.create(scene.manifest("xd"))
        time.sleep(scene.seconds)
        scene.check(len(scene.emulators("xa")) == 1, "the VM that ran is gone")
        scene.proxy.faults.reset()
        begin = time.monotonic()
        scene.wait(f"the truth about the dead one after {fault}", lambda: phase(scene.node.api.get("xb")) == "Failed", 5)
        scene.expected["xb"] = Expectation(Expectation.ENDED)
        scene.gone("xc")
        scene.expected["xd"] = Expectation(Expectation.RUN)
        scene.settle(begin)
        for name in ("xa", "xb", "xd"):
            scene.node.api.delete(name)
            scene.gone(name)
        scene.settle()


def daemon_starts_without_api(scene):
    """What was last known goes on being enforced."""
    scene.create("xa", "xb")
    scene.proxy.faults.refuses = True
    scene.node.kill()
    scene.node.start()
    time.sleep(3)
    os.kill(scene.emulators("xb")[0].pid, signal.SIGKILL)
    time.sleep(8)
    scene.check(len(scene.emulators("xa")) == 1, "the VM that ran is gone")
    scene.proxy.faults.reset()
    begin = time.monotonic()
    scene.expected["xb"] = Expectation(Expectation.ENDED)
    scene.wait("the truth about the dead one", lambda: phase(scene.node.api.get("xb")) == "Failed", 5)
    scene.settle(begin)


def watch_breaks(scene):
    """Watches cut in the middle of a line, expired, refused; events twice and in the wrong order."""
    faults = scene.proxy.faults
    scene.create("xa")
    for number in range(12):
        faults.reset()
        kind = ("cut", "expired", "410", "500", "429", "doubled")[number % 6]
        if kind == "cut":
            faults.cuts_after = number % 3
        elif kind == "expired":
            faults.expires_after = number % 3
        elif kind == "doubled":
            faults.duplicates = 0.6
            faults.reorders = 0.6
        else:
            faults.cuts_after = 0
            faults.watch_codes = [int(kind)] * 2
        name = f"x{number}"
        scene.node.api.create(scene.manifest(name))
        scene.expected[name] = Expectation(Expectation.RUN)
        if number >= 3:
            scene.node.api.delete(f"x{number - 3}")
            scene.gone(f"x{number - 3}")
        scene.settle()
    scene.say(f"    made up: {scene.proxy.made_up}")


def writes_fail(scene):
    """Every kind of failure on the way of a status."""
    faults = scene.proxy.faults
    scene.create("xa")
    for number, codes in enumerate(([409] * 2, [409] * 6, [429] * 3, [500] * 3, [503, 409, 429, 500], [410])):
        faults.write_codes = list(codes)
        name = f"x{number}"
        scene.node.api.create(scene.manifest(name))
        scene.expected[name] = Expectation(Expectation.RUN)
        scene.settle()
        faults.write_codes = list(codes)
        scene.node.api.delete(name)
        scene.gone(name)
        scene.settle()
    faults.codes = [429, 500, 503]
    faults.cuts_after = 0
    scene.node.api.create(scene.manifest("xz"))
    scene.expected["xz"] = Expectation(Expectation.RUN)
    scene.settle()
    scene.say(f"    made up: {scene.proxy.made_up}")


def managed_elsewhere(scene):
    scene.node.api.create(scene.manifest("xa", labels={"app": "x"}))
    status = {"status": {"activePods": {"0b2f": "other"}, "phase": "Scheduled"}}
    scene.node.api.patch("xa", status, scene.status_path)
    scene.node.api.patch("xa", {"metadata": {"labels": {"kubevirt.io/nodeName": scene.node.name}}})
    scene.wait("an event", lambda: "ManagedByVirtController" in scene.events("xa"))
    scene.holds_for(3, "it is left alone", lambda: not scene.emulators("xa")
                    and phase(scene.node.api.get("xa")) == "Scheduled")
    scene.node.api.delete("xa")
    scene.gone("xa")
    scene.settle()


def label_lost(scene):
    """A VMI that loses its node's label was not deleted."""
    scene.create("xa")
    scene.node.api.patch("xa", {"metadata": {"labels": {"kubevirt.io/nodeName": None}}})
    scene.holds_for(4, "its QEMU goes on", lambda: len(scene.emulators("xa")) == 1)
    scene.node.api.patch("xa", {"metadata": {"labels": {"kubevirt.io/nodeName": scene.node.name}}})
    scene.settle()


def two_claimers(scene):
    """Two agents that both claim: each VMI is taken once."""
    other = Node(scene.node.program, scene.guest, api=scene.node.api, options=scene.node.options + ["--claim"], name="chaos2")
    scene.node.terminate()
    scene.node.options.append("--claim")
    try:
        for node in (scene.node, other):
            node.start()
        for node in (scene.node, other):
            node.wait_ready()
        time.sleep(2)
        names = [f"x{index}" for index in range(6)]
        for name in names:
            scene.node.api.create(scene.manifest(name, labels={"app": "x"}))
        scene.wait("all to run", lambda: all(phase(scene.node.api.get(n)) == "Running" for n in names), 90)
        taken = {n: scene.node.api.get(n)["metadata"]["labels"].get("kubevirt.io/nodeName") for n in names}
        for name in names:
            places = [node.name for node in (scene.node, other)
                      if any(e.domain == f"default_{name}" for e in node.emulators())]
            scene.check(places == [taken[name]], f"{name} is {taken[name]}'s, and runs on {places}")
        scene.say(f"    {taken}")
        for name in names:
            scene.node.api.delete(name)
        scene.wait("all to go", lambda: not scene.node.api.instances(), 60)
        scene.check(not other.emulators() and not scene.node.emulators(), "a QEMU is left")
        check_leftovers(other, {}, scene.problems)
    finally:
        scene.node.options.remove("--claim")
        other.remove()


LOCAL = [
    kubectl_scenario, qemu_killed, qemu_killed_while_the_daemon_is_away, qemu_stopped, guest_powers_off_while_the_daemon_is_away,
    upgrade_while_vms_start, restart_and_drain_survive_a_kill, drain_and_undo, successor, secret_comes_later,
    image_comes_later, invalid_spec, manifest_folder, disk_full, run_full, host.clock_jumps, host.qemu_out_of_memory,
    host.emulation_forbidden, host.host_booted,
]
SYSTEM = [
    libvirtd_restarted, libvirtd_killed_while_vms_start, libvirtd_stopped, domain_destroyed_by_virsh, qemu_killed,
    qemu_killed_while_the_daemon_is_away, guest_powers_off_while_the_daemon_is_away, qemu_stopped, upgrade_while_vms_start,
]
CLUSTER = [
    kubectl_scenario, api_cut_off, daemon_starts_without_api, watch_breaks, writes_fail, managed_elsewhere, label_lost, two_claimers,
    secret_comes_later, invalid_spec, successor, upgrade_while_vms_start, cluster.node_unresponsive, cluster.node_object,
    cluster.streams_over_tls, host.last_known_state_after_boot,
]


def run(case, program, guest, evidence, say, where, seconds=25, state=None, libvirtd=None, status_path=""):
    """Runs one case on a node of its own; whether all held."""
    begin = time.monotonic()
    proxy = Proxy(state) if where == "cluster" else None
    node = Node(program, guest, "system" if where == "system" else "embedded",
                api=API.cluster(state) if proxy else None)
    if proxy:
        node.options += ["--kubeconfig", proxy.kubeconfig(f"{node.root}/proxy.kubeconfig")]
    scene = Scene(node, say)
    scene.proxy, scene.guest, scene.seconds, scene.state = proxy, guest, seconds, state
    scene.libvirtd, scene.is_cluster, scene.status_path = libvirtd, bool(proxy), status_path
    try:
        play(case, scene)
        label = f"{where}: {case.__name__.replace('_', ' ')}"
        say(f"{'FAIL' if scene.problems else 'ok':6}{label} ({time.monotonic() - begin:.0f} s)")
        for text in scene.problems.found:
            say(f"      {text}")
        if scene.problems:
            node.keep_evidence(f"{evidence}/{where}-{case.__name__}")
    finally:
        # Also where somebody ends the whole run.
        try:
            if proxy:
                proxy.faults.reset()
                clean(scene)
                proxy.close()
        finally:
            node.remove()
    return not scene.problems


def play(case, scene):
    try:
        if not getattr(case, "starts_itself", False):
            scene.node.start()
            scene.node.wait_ready()
        case(scene)
    except (ConnectionError, Refused, RuntimeError, IndexError) as error:
        scene.problems.add(f"the case ended with {type(error).__name__}: {error}")


def clean(scene):
    """Empties the cluster for the next case."""
    if scene.node.daemon and scene.node.daemon.poll() is None:
        scene.node.kill()
    try:
        for name in scene.node.api.instances():
            scene.node.api.patch(name, {"metadata": {"finalizers": None}})
            try:
                scene.node.api.delete(name)
            except Refused:
                pass
    except (ConnectionError, Refused) as error:
        scene.say(f"    the cluster could not be emptied: {error}")
