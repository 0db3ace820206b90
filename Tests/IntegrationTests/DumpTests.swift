import Foundation
import Testing

extension GuestTests {
    /// `virt-node debug dump`, with secrets planted wherever one may lie.
    @Suite(.tags(.qemu))
    struct DumpTests {
        private let sandbox: Sandbox
        private static let port = 20_000 + Int.random(in: 0..<12_000)

        init() throws { sandbox = try Sandbox() }

        /// Makes a dump and unpacks it; the folder of its files.
        private func dump(_ options: String...) throws -> String {
            let archive = "\(sandbox.root)/dump.tar.gz"
            let result = try sandbox.run(["debug", "dump", "--root", sandbox.root, "--output", archive] + options)
            try #require(result.status == 0, "\(result.errors)")
            #expect(result.output == "\(archive)\n")
            let folder = "\(sandbox.root)/unpacked"
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
            #expect(try shell("tar", "-xzf", archive, "-C", folder).status == 0)
            let names = try FileManager.default.contentsOfDirectory(atPath: folder)
            #expect(names.count == 1 && names.first?.hasPrefix("virt-node-dump-") == true, "\(names)")
            return "\(folder)/\(names.first ?? "")"
        }

        private func text(_ folder: String, _ name: String) throws -> String {
            try String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8)
        }

        @Test("without a daemon there is still an archive, whose index says what could not be had and why")
        func noDaemon() throws {
            let folder = try dump()
            let index = try text(folder, "INDEX.txt")
            let parts = index.components(separatedBy: "What could not be had\n")
            try #require(parts.count == 2, "\(index)")
            for name in ["host/proc/version", "doctor.json", "host.json", "versions/virt-node"] {
                #expect(parts[0].contains("\n\(name) "), "\(index)")
                #expect(FileManager.default.fileExists(atPath: "\(folder)/\(name)"))
            }
            #expect(parts[1].contains("the daemon's answers: "), "\(index)")
            #expect(parts[1].contains("the objects of the API: "), "\(index)")
            #expect(parts[1].contains("\(sandbox.root)/var/lib/virt-node: there is no such folder"), "\(index)")
            // What the archive holds is what the index lists.
            let files = try shell("find", folder, "-type", "f", "-printf", "%P\n").output.split(separator: "\n")
            let listed = parts[0].split(separator: "\n").compactMap { $0.split(separator: " ").first }
            #expect(Set(files).subtracting(listed) == ["INDEX.txt"])
        }

        @Test("an archive that is there already is not overwritten")
        func taken() throws {
            let path = try sandbox.write("mine", "dump.tar.gz")
            let result = try sandbox.run(["debug", "dump", "--root", sandbox.root, "--output", path])
            #expect(result.status == 1 && result.errors.contains(path), "\(result.errors)")
            #expect(try String(contentsOfFile: path, encoding: .utf8) == "mine")
        }

        @Test("no secret of the node and of its VMs gets into it")
        func planted() throws {
            try sandbox.importHello()
            let secrets = try plant()
            let daemon = try TestDaemon(
                sandbox, options: ["--authfile", "\(sandbox.root)/auth.json", "--set", "metrics.port=\(Self.port)"])
            defer { withExtendedLifetime(daemon) {} }
            let manifest = """
                {"apiVersion": "kubevirt.io/v1", "kind": "VirtualMachineInstance",
                 "metadata": {"name": "vm", "annotations": {"example.org/note": "planted-annotation",
                  "kubectl.kubernetes.io/last-applied-configuration": "{\\"userData\\": \\"planted-userdata\\"}"}},
                 "spec": {"terminationGracePeriodSeconds": 0,
                  "domain": {"memory": {"guest": "96Mi"}, "devices": {"disks": [
                    {"name": "seed", "disk": {"bus": "virtio"}}, {"name": "more", "disk": {"bus": "virtio"}}]},
                   "firmware": {"kernelBoot": {
                    "container": {"image": "hello:latest", "kernelPath": "/boot/vmlinuz", "initrdPath": "/boot/initrd"},
                    "kernelArgs": "console=ttyS0 quiet cryptomgr.notests app_password=planted-argument"}}},
                  "volumes": [
                   {"name": "seed", "cloudInitNoCloud": {"userData": "#!/bin/sh\\necho planted-userdata\\n"}},
                   {"name": "more", "cloudInitNoCloud": {
                    "userDataBase64": "\(Data("#!/bin/sh\n# planted-encoded\n".utf8).base64EncodedString())"}}]}}
                """
            try daemon.create(manifest)
            try daemon.waitForRunning("vm")
            let folder = try dump()
            let index = try text(folder, "INDEX.txt")
            for name in [
                "api/instances.json", "api/events.json", "api/node.json", "daemon/overview.json",
                "daemon/resources.json",
                "daemon/machines/default_vm.json", "daemon/healthz.txt", "daemon/readyz.txt", "daemon/metrics.txt",
                "configuration/config.yaml", "state/intents/default_vm.json", "state/intents/default_vm.vmi",
                "libvirt/embedded/live/default_vm.xml", "libvirt/embedded/defined/default_vm.xml",
                "libvirt/embedded/log/default_vm.log", "folders/state.txt", "folders/run.txt", "images.txt",
            ] {
                #expect(FileManager.default.fileExists(atPath: "\(folder)/\(name)"), "\(name) is missing: \(index)")
            }
            let qemu = try #require(daemon.qemu("vm"))
            for name in ["status", "cgroup", "limits", "ns", "cmdline"] {
                let file = "processes/\(qemu)-qemu-system-x86_64/\(name)"
                #expect(!(try text(folder, file).isEmpty), "\(file)")
            }
            #expect(try text(folder, "daemon/metrics.txt").contains("kubevirt_vmi_"))
            #expect(try text(folder, "api/instances.json").contains("REMOVED"))
            #expect(try text(folder, "folders/state.txt").contains("local/token"))
            for secret in secrets + ["planted-"] {
                let found = try shell("grep", "-rlF", "-e", secret, folder)
                #expect(found.output.isEmpty, "\(secret) stands in \(found.output)")
            }
            try daemon.delete("vm")
        }

        /// Puts secrets where a node has them, and a few into files that the dump takes; returns them all.
        private func plant() throws -> [String] {
            func write(_ text: String, _ name: String) throws {
                let path = sandbox.folder.appendingPathComponent(name)
                try FileManager.default.createDirectory(
                    at: path.deletingLastPathComponent(), withIntermediateDirectories: true)
                try text.write(to: path, atomically: false, encoding: .utf8)
            }
            let login = Data("robot:planted-password".utf8).base64EncodedString()
            let key = Data((0..<96).map { UInt8($0) }).base64EncodedString()
            let auth =
                #"{"auths": {"registry.example.org": {"auth": "\#(login)", "identitytoken": "opaque-identity-4711"}}}"#
            try write(auth, "auth.json")
            try write("-----BEGIN PRIVATE KEY-----\n\(key)\n-----END PRIVATE KEY-----\n", "server.key")
            try write(
                """
                users:
                - {name: a, user: {token: opaque-kubeconfig-4712, password: opaque-kubeconfig-4713, \
                client-key: \(sandbox.root)/server.key}}
                """, "var/lib/virt-node/local/kubeconfig")
            try write("metrics: {port: \(Self.port), address: 127.0.0.1}\n", "etc/virt-node/config.yaml")
            // Logs may hold anything.
            try write(
                """
                opaque-identity-4711 \(login) opaque-kubeconfig-4712 opaque-kubeconfig-4713 \(key)
                vnc password: "planted-vnc"
                <graphics type='vnc' passwd='planted-vnc'/>
                """, "run/virt-node/serve/l/log/qemu/default_old.log")
            return [login, key, "opaque-"]
        }
    }
}
