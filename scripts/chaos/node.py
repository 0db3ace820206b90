"""A node under test: its folder, its daemon, and the API that it speaks to."""

import http.client
import json
import os
import re
import shutil
import signal
import socket
import ssl
import subprocess
import tempfile
import time

# Limits are for a machine that has time; one that builds or tests beside it is given more.
PATIENCE = float(os.environ.get("VIRT_NODE_CHAOS_PATIENCE", "1"))
INSTANCES = "/apis/kubevirt.io/v1/namespaces/default/virtualmachineinstances"
COMMANDS = "/apis/subresources.kubevirt.io/v1/namespaces/default/virtualmachineinstances"


class Refused(Exception):
    """The API answered with a failure."""

    def __init__(self, code, text):
        super().__init__(f"{code}: {text[:300]}")
        self.code = code


class UnixConnection(http.client.HTTPConnection):
    def __init__(self, path, timeout):
        super().__init__("localhost", timeout=timeout)
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self.path)


class API:
    """Speaks to a Kubernetes API: one connection a request, since the other side may die at any moment."""

    def __init__(self, connect):
        self.connect = connect

    @classmethod
    def local(cls, root):
        return cls(lambda timeout: UnixConnection(f"{root}/run/virt-node/virt-node.sock", timeout))

    @classmethod
    def cluster(cls, state):
        port = server_port(state)
        context = ssl.create_default_context(cafile=f"{state}/pki/ca.crt")
        context.load_cert_chain(f"{state}/pki/admin.crt", f"{state}/pki/admin.key")
        return cls(lambda timeout: http.client.HTTPSConnection("127.0.0.1", port, context=context, timeout=timeout))

    def call(self, method, path, body=None, kind="application/json", timeout=10):
        connection = self.connect(timeout)
        try:
            data = json.dumps(body) if body is not None else None
            connection.request(method, path, data, {"Content-Type": kind} if data else {})
            answer = connection.getresponse()
            text = answer.read().decode()
        except (OSError, http.client.HTTPException) as error:
            raise ConnectionError(f"{method} {path}: {error!r}") from error
        finally:
            connection.close()
        if answer.status >= 400:
            raise Refused(answer.status, text)
        return json.loads(text) if text.startswith("{") else None

    def instances(self, timeout=10):
        return {item["metadata"]["name"]: item for item in self.call("GET", INSTANCES, timeout=timeout)["items"]}

    def get(self, name):
        try:
            return self.call("GET", f"{INSTANCES}/{name}")
        except Refused as refusal:
            if refusal.code == 404:
                return None
            raise

    def create(self, manifest):
        return self.call("POST", INSTANCES, manifest)

    def delete(self, name):
        return self.call("DELETE", f"{INSTANCES}/{name}")

    def patch(self, name, change, subresource=""):
        return self.call("PATCH", f"{INSTANCES}/{name}{subresource}", change, "application/merge-patch+json")

    def command(self, name, verb, body=None):
        return self.call("PUT", f"{COMMANDS}/{name}/{verb}", body or {})


def server_port(state):
    """The port of the API server that scripts/kubernetes/up.sh started."""
    text = open(f"{state}/admin.kubeconfig").read()
    return int(re.search(r"https://127\.0\.0\.1:(\d+)", text).group(1))


def start_time(pid):
    """The start time of a process in clock ticks; None for one that is gone, or a zombie."""
    try:
        fields = open(f"/proc/{pid}/stat").read().rpartition(")")[2].split()
    except OSError:
        return None
    return None if fields[0] == "Z" else fields[19]


class Emulator:
    """A QEMU of a node."""

    def __init__(self, pid, words):
        self.pid = pid
        self.start = start_time(pid)
        self.uuid = words[words.index("-uuid") + 1] if "-uuid" in words else ""
        name = words[words.index("-name") + 1] if "-name" in words else ""
        self.domain = re.sub(r"^guest=|,.*", "", name)

    @property
    def key(self):
        return (self.pid, self.start)

    def __repr__(self):
        return f"QEMU {self.pid} of {self.domain} ({self.uuid})"


class Node:
    """Owns a folder, and the daemon that serves it. What it started, it ends."""

    def __init__(self, program, guest, libvirt="embedded", api=None, options=(), name="chaos", folder=None):
        self.program = program
        self.root = folder or tempfile.mkdtemp(prefix="vnx", dir="/tmp")
        os.chmod(self.root, 0o711)
        self.name = name
        self.libvirt = libvirt
        self.options = list(options)
        self.api = api or API.local(self.root)
        # What the daemon alone is given, and the words that its command begins with.
        self.environment = {}
        self.wrapper = []
        self.daemon = None
        self.lives = 0
        self.log_path = f"{self.root}/daemon.log"
        if guest:
            subprocess.run(
                [program, "image", "import", "--root", self.root, "hello:latest", guest], check=True,
                stdout=subprocess.DEVNULL)

    # The daemon

    def start(self):
        self.lives += 1
        log = open(self.log_path, "a")
        log.write(f"--- life {self.lives} at {time.strftime('%H:%M:%S', time.gmtime())}\n")
        log.flush()
        words = [
            *self.wrapper, self.program, "serve", "--root", self.root, "--node-name", self.name, "--libvirt-uri", self.libvirt,
            "--set", "metrics.port=0", *self.options]
        for key in ("streams.port", "local.loopbackPort"):
            if not any(key in option for option in self.options):
                words += ["--set", f"{key}=0"]
        environment = {"SWIFT_BACKTRACE": "enable=no", **os.environ, **self.environment}
        self.daemon = subprocess.Popen(
            words, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True, env=environment)
        log.close()

    def wait_ready(self, limit=30):
        """Waits until the daemon answers; the seconds that it took."""
        begin = time.monotonic()
        while time.monotonic() - begin < limit * PATIENCE:
            if self.daemon.poll() is not None:
                raise RuntimeError(f"the daemon ended by itself with {self.daemon.returncode}:\n{self.tail()}")
            try:
                API.local(self.root).call("GET", "/virt-node/v1/overview", timeout=2)
                return time.monotonic() - begin
            except Refused:
                return time.monotonic() - begin
            except ConnectionError:
                time.sleep(0.02)
        raise RuntimeError(f"the daemon does not answer within {limit} s:\n{self.tail()}")

    def kill(self):
        self.daemon.send_signal(signal.SIGKILL)
        self.daemon.wait()

    def terminate(self, limit=20):
        """Ends the daemon as an upgrade does; whether it went by itself."""
        self.daemon.send_signal(signal.SIGTERM)
        try:
            self.daemon.wait(limit)
            return self.daemon.returncode == 0
        except subprocess.TimeoutExpired:
            self.kill()
            return False

    def tail(self, lines=12):
        return "".join(open(self.log_path).readlines()[-lines:])

    # What there is on the host

    def emulators(self):
        found = []
        for name in os.listdir("/proc"):
            if not name.isdigit():
                continue
            try:
                words = open(f"/proc/{name}/cmdline").read().split("\0")
            except OSError:
                continue
            # Between fork and exec the words are still the daemon's: only QEMU's own program counts.
            if "qemu-system" in words[0] and any(f"{self.root}/" in word for word in words):
                emulator = Emulator(int(name), words)
                if emulator.start:
                    found.append(emulator)
        return found

    def domains(self):
        """The domains that libvirt has, where somebody else can ask it."""
        if self.libvirt != "system":
            return []
        answer = subprocess.run(
            ["virsh", "-q", "-c", "qemu:///system", "list", "--all", "--name"], capture_output=True, text=True)
        return answer.stdout.split()

    def traces(self):
        """Files that a VM leaves behind if nobody removes them."""
        found = []
        state, run = f"{self.root}/var/lib/virt-node", f"{self.root}/run/virt-node/serve"
        for folder in ("vms", "intents", "guests", "timelines"):
            found += [f"{state}/{folder}/{name}" for name in listed(f"{state}/{folder}")]
        found += [f"{run}/v/{name}" for name in listed(f"{run}/v")]
        for folder, pattern in (("l/etc/qemu", r".*\.xml"), ("l/run/qemu", r".*\.(xml|pid)"), ("l/lib/qemu", r"domain-.*"),
                                ("l/lib/qemu/channel/target", r".*"), ("l/lib/qemu/nvram", r".*")):
            found += [f"{run}/{folder}/{name}" for name in listed(f"{run}/{folder}")
                      if re.fullmatch(pattern, name) and name != "driver.pid"]
        return found

    def keep_evidence(self, folder):
        """Copies what tells how it came to this."""
        os.makedirs(folder, exist_ok=True)
        if self.daemon and self.daemon.poll() is not None:
            with open(self.log_path, "a") as log:
                log.write(f"--- the daemon is not there any more: {self.daemon.returncode}\n")
        shutil.copy(self.log_path, folder)
        state = f"{self.root}/var/lib/virt-node"
        for name in ("intents", "timelines", "guests"):
            if os.path.isdir(f"{state}/{name}"):
                shutil.copytree(f"{state}/{name}", f"{folder}/{name}", dirs_exist_ok=True)
        for name in ("run/qemu", "etc/qemu", "log/qemu"):
            source = f"{self.root}/run/virt-node/serve/l/{name}"
            if os.path.isdir(source):
                shutil.copytree(source, f"{folder}/libvirt/{name}", dirs_exist_ok=True)
        try:
            with open(f"{folder}/instances.json", "w") as file:
                json.dump(self.api.instances(), file, indent=1)
        except (ConnectionError, Refused):
            pass

    def remove_machines(self):
        """Ends the daemon and its QEMUs."""
        if self.daemon and self.daemon.poll() is None:
            self.kill()
        for emulator in self.emulators():
            if start_time(emulator.pid) == emulator.start:
                os.kill(emulator.pid, signal.SIGKILL)
        if self.libvirt == "system":
            for domain in self.domains():
                if domain.startswith("default_x"):
                    for verb in ("destroy", "undefine"):
                        subprocess.run(["virsh", "-q", "-c", "qemu:///system", verb, domain], capture_output=True)
        for _ in range(50):
            if not self.emulators():
                break
            time.sleep(0.1)

    def remove(self):
        """Ends all that is left, and removes the folder."""
        self.remove_machines()
        shutil.rmtree(self.root, ignore_errors=True)


def listed(folder):
    try:
        return os.listdir(folder)
    except FileNotFoundError:
        return []


def manifest(name, grace=0, arguments="", devices=None, volumes=None, networks=None, strategy=None, labels=None,
             memory="96Mi"):
    spec = {
        "terminationGracePeriodSeconds": grace,
        "domain": {
            "memory": {"guest": memory},
            "firmware": {"kernelBoot": {
                "container": {"image": "hello:latest", "kernelPath": "/boot/vmlinuz", "initrdPath": "/boot/initrd"},
                "kernelArgs": f"console=ttyS0 quiet cryptomgr.notests {arguments}".strip()}},
            "devices": devices or {},
        },
    }
    if volumes:
        spec["volumes"] = volumes
    if networks:
        spec["networks"] = networks
    if strategy:
        spec["startStrategy"] = strategy
    metadata = {"name": name}
    if labels:
        metadata["labels"] = labels
    return {"apiVersion": "kubevirt.io/v1", "kind": "VirtualMachineInstance", "metadata": metadata, "spec": spec}


def phase(instance):
    return instance.get("status", {}).get("phase", "")


def condition(instance, kind):
    for found in instance.get("status", {}).get("conditions", []):
        if found["type"] == kind:
            return found["status"]
    return None


def uuid(instance):
    return instance["spec"]["domain"].get("firmware", {}).get("uuid") or instance["metadata"]["uid"]
