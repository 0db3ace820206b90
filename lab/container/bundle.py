"""Makes an OCI bundle of the DaemonSet's pod, as a kubelet and a container runtime would.

    bundle.py MANIFESTS BUNDLE --node NAME --token FILE --ca FILE --server HOST:PORT [--private-cgroup]

MANIFESTS is what `kubectl kustomize` prints. BUNDLE/rootfs is the image's; volumes are made below BUNDLE/volumes. The pod's
cgroup is /kubepods/NAME, where NAME is the bundle's. A container that is privileged is in the host's cgroup namespace, as
containerd and CRI-O have it; --private-cgroup gives it one of its own all the same.
"""

import argparse
import json
import os
import shutil
import sys

import yaml

PROPAGATION = {"None": "rprivate", "HostToContainer": "rslave", "Bidirectional": "rshared"}


class NotSupported(Exception):
    """The manifest asks for something that this does not know: better said than left out."""


def known(mapping, keys, where):
    unknown = set(mapping) - set(keys)
    if unknown:
        raise NotSupported(f"{where}: {', '.join(sorted(unknown))}")


def capabilities():
    """All that this process may hand on."""
    with open("/proc/self/status") as file:
        line = next(line for line in file if line.startswith("CapBnd"))
    bits = int(line.split()[1], 16)
    return [name for number, name in enumerate(NAMES) if bits >> number & 1]


NAMES = [
    "CAP_" + name
    for name in """CHOWN DAC_OVERRIDE DAC_READ_SEARCH FOWNER FSETID KILL SETGID SETUID SETPCAP LINUX_IMMUTABLE
    NET_BIND_SERVICE NET_BROADCAST NET_ADMIN NET_RAW IPC_LOCK IPC_OWNER SYS_MODULE SYS_RAWIO SYS_CHROOT SYS_PTRACE
    SYS_PACCT SYS_ADMIN SYS_BOOT SYS_NICE SYS_RESOURCE SYS_TIME SYS_TTY_CONFIG MKNOD LEASE AUDIT_WRITE AUDIT_CONTROL
    SETFCAP MAC_OVERRIDE MAC_ADMIN SYSLOG WAKE_ALARM BLOCK_SUSPEND AUDIT_READ PERFMON BPF CHECKPOINT_RESTORE""".split()
]


def volume(source, folder, manifests, options):
    """The path on the host that a volume is mounted from."""
    name = source["name"]
    if "hostPath" in source:
        path, kind = source["hostPath"]["path"], source["hostPath"].get("type", "")
        if kind == "DirectoryOrCreate":
            os.makedirs(path, exist_ok=True)
        elif kind == "Directory" and not os.path.isdir(path) or kind == "File" and not os.path.isfile(path):
            raise NotSupported(f"volume {name}: {path} is no {kind}")
        return path
    path = os.path.join(folder, name)
    os.makedirs(path)
    if "configMap" in source:
        wanted = source["configMap"]["name"]
        for manifest in manifests:
            if manifest["kind"] == "ConfigMap" and manifest["metadata"]["name"] == wanted:
                for key, text in manifest["data"].items():
                    with open(os.path.join(path, key), "w") as file:
                        file.write(text)
                return path
        raise NotSupported(f"volume {name}: there is no ConfigMap {wanted}")
    if "emptyDir" in source:
        os.chmod(path, 0o1777)
        return path
    if "serviceAccount" in source:
        shutil.copy(options.token, os.path.join(path, "token"))
        shutil.copy(options.ca, os.path.join(path, "ca.crt"))
        with open(os.path.join(path, "namespace"), "w") as file:
            file.write(source["serviceAccount"])
        return path
    raise NotSupported(f"volume {name}")


def environment(container, options):
    values = {"PATH": "/usr/local/bin:/usr/local/sbin:/usr/bin:/usr/sbin:/bin:/sbin", "HOME": "/root"}
    for entry in container.get("env", []):
        if "value" in entry:
            values[entry["name"]] = entry["value"]
        elif entry["valueFrom"].get("fieldRef", {}).get("fieldPath") == "spec.nodeName":
            values[entry["name"]] = options.node
        else:
            raise NotSupported(f"env {entry['name']}")
    values["KUBERNETES_SERVICE_HOST"], values["KUBERNETES_SERVICE_PORT"] = options.server.split(":")
    return [f"{name}={value}" for name, value in values.items()]


def mounts(pod, container, privileged, private, folder, manifests, namespace, options):
    read_write = "rw" if privileged else "ro"
    result = [
        {"destination": "/proc", "type": "proc", "source": "proc", "options": ["nosuid", "noexec", "nodev"]},
        {"destination": "/dev", "type": "tmpfs", "source": "tmpfs", "options": ["nosuid", "strictatime", "mode=755"]},
        {"destination": "/sys", "type": "sysfs", "source": "sysfs", "options": ["nosuid", "noexec", "nodev", read_write]},
        {
            "destination": "/sys/fs/cgroup", "type": "cgroup", "source": "cgroup",
            "options": ["nosuid", "noexec", "nodev", "relatime", read_write],
        },
    ]
    token = {"name": "kube-api-access", "serviceAccount": namespace}
    sources = {source["name"]: source for source in pod["volumes"] + [token]}
    wanted = container["volumeMounts"] + [
        {"name": token["name"], "mountPath": "/var/run/secrets/kubernetes.io/serviceaccount", "readOnly": True}
    ]
    # A mount below another one's place comes after it.
    for mount in sorted(wanted, key=lambda mount: mount["mountPath"].count("/")):
        known(mount, ["name", "mountPath", "readOnly", "mountPropagation"], f"volumeMount {mount['name']}")
        result = [other for other in result if other["destination"] != mount["mountPath"]]
        result.append({
            "destination": mount["mountPath"], "type": "bind",
            "source": volume(sources[mount["name"]], folder, manifests, options),
            "options": [
                "rbind", PROPAGATION[mount.get("mountPropagation", "None")], "ro" if mount.get("readOnly") else "rw"
            ],
        })
    return result


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("manifests")
    parser.add_argument("bundle")
    parser.add_argument("--node", required=True)
    parser.add_argument("--token", required=True)
    parser.add_argument("--ca", required=True)
    parser.add_argument("--server", required=True)
    parser.add_argument("--private-cgroup", action="store_true")
    options = parser.parse_args()
    with open(options.manifests) as file:
        manifests = list(yaml.safe_load_all(file))
    daemon_set = next(manifest for manifest in manifests if manifest["kind"] == "DaemonSet")
    pod = daemon_set["spec"]["template"]["spec"]
    known(
        pod, """serviceAccountName priorityClassName nodeSelector tolerations hostPID hostNetwork dnsPolicy
        terminationGracePeriodSeconds containers volumes""".split(), "the pod")
    (container,) = pod["containers"]
    known(
        container, """name image args env ports livenessProbe readinessProbe resources securityContext volumeMounts
        terminationMessagePath terminationMessagePolicy""".split(), "the container")
    security = container["securityContext"]
    known(security, ["privileged", "readOnlyRootFilesystem"], "securityContext")
    privileged = security["privileged"]
    if not privileged:
        raise NotSupported("a container that is not privileged")
    private = options.private_cgroup

    folder = os.path.join(options.bundle, "volumes")
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    namespaces = [{"type": "mount"}, {"type": "ipc"}]
    if private:
        namespaces.append({"type": "cgroup"})
    if not pod.get("hostPID"):
        namespaces.append({"type": "pid"})
    if not pod.get("hostNetwork"):
        namespaces += [{"type": "network"}, {"type": "uts"}]
    all_capabilities = capabilities()
    config = {
        "ociVersion": "1.0.2",
        "process": {
            "user": {"uid": 0, "gid": 0},
            # The image's entry point.
            "args": ["virt-node"] + container["args"],
            "cwd": "/",
            "env": environment(container, options),
            "capabilities": {kind: all_capabilities for kind in ("bounding", "effective", "permitted")},
        },
        "root": {"path": "rootfs", "readonly": bool(security.get("readOnlyRootFilesystem"))},
        "mounts": mounts(
            pod, container, privileged, private, folder, manifests, daemon_set["metadata"]["namespace"], options),
        "linux": {
            "namespaces": namespaces,
            "cgroupsPath": f"/kubepods/{os.path.basename(options.bundle)}",
            "resources": {"devices": [{"allow": True, "access": "rwm"}]},
        },
    }
    with open(os.path.join(options.bundle, "config.json"), "w") as file:
        json.dump(config, file, indent=1)


if __name__ == "__main__":
    try:
        main()
    except NotSupported as error:
        sys.exit(f"bundle.py: {error}")
