import Foundation
import KubeVirtModel
import KubernetesModel
import Testing

extension GuestTests {
    @Suite(.tags(.qemu))
    struct DebianTests {
        /// The whole way of a user with a registry: push, pull, overlay, cloud-init, forwarded port, guest agent.
        @Test(
            "a Debian disk boots from a registry, takes cloud-init, answers on its port, and its agent speaks",
            arguments: Driver.allCases)
        func debian(_ driver: Driver) throws {
            let sandbox = try Sandbox()
            let registry = try Registry(sandbox)
            defer { registry.stop() }
            let image = "\(registry.address)/guests/debian:12"
            try registry.push(TestGuests.debian, as: image)
            let log = "\(sandbox.root)/serial.log"
            let file = try sandbox.write(manifest(image), "debian.yaml")
            let program = try sandbox.start([
                "run", "--root", sandbox.root, "--libvirt-uri", driver.rawValue, "--no-tls-verify", "-o", "yaml",
                "--progress", "always", "--serial-log", log, file,
            ])
            try program.waitUntil("the forward") { ports(program.errors).count == 1 }
            let port = try #require(ports(program.errors).first)
            try program.waitUntil("the page that cloud-init wrote", limit: 400) {
                (try? shell("curl", "-s", "-m", "2", "http://127.0.0.1:\(port)/").output)?.contains(
                    "set up by cloud-init")
                    == true
            }
            try program.waitUntil("the guest agent's words", limit: 200) {
                statuses(program.output).last?.guestOSInfo?.id == "debian"
            }
            let status = try #require(statuses(program.output).last)
            #expect(status.conditions.contains { $0.type == "AgentConnected" && $0.status == "True" })
            #expect(status.guestOSInfo?.prettyName?.contains("Debian GNU/Linux 12") == true)
            #expect(status.volumeStatus.first?.target == "vda")
            try program.waitUntil("the guest's address") {
                statuses(program.output).last?.interfaces.first?.ipAddress?.hasPrefix("10.0.2.") == true
            }
            program.send(SIGINT)
            let result = program.wait()
            #expect(result.status == 0, "\(result.errors)")
            #expect(statuses(result.output).last?.phase == .succeeded)
            #expect(sandbox.leftovers == [])
        }

        private func manifest(_ image: String) -> String {
            """
            apiVersion: kubevirt.io/v1
            kind: VirtualMachineInstance
            metadata: {name: debian}
            spec:
              terminationGracePeriodSeconds: 90
              domain:
                cpu: {cores: 2}
                memory: {guest: 768Mi}
                devices:
                  rng: {}
                  disks:
                  - {name: root, bootOrder: 1, disk: {bus: virtio}}
                  - {name: seed, disk: {bus: virtio}}
                  interfaces:
                  - {name: default, masquerade: {}, ports: [{name: http, port: 8080}]}
              networks:
              - {name: default, pod: {}}
              volumes:
              - name: root
                containerDisk: {image: "\(image)"}
              - name: seed
                cloudInitNoCloud: {secretRef: {name: seed}}
            ---
            apiVersion: v1
            kind: Secret
            metadata: {name: seed}
            stringData:
              userdata: |
                #cloud-config
                hostname: test-guest
                write_files:
                - {path: /srv/index.html, content: "set up by cloud-init"}
                runcmd:
                - systemd-run --unit=page python3 -m http.server --directory /srv 8080
            """
        }
    }
}

/// A registry of Debian's `docker-registry` on loopback.
final class Registry {
    let address: String
    private let process: Process
    private let script: String
    private let end: String

    init(_ sandbox: Sandbox) throws {
        let folder = sandbox.folder.appendingPathComponent("registry")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        script =
            URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../scripts/make-container-disk").standardized.path
        let ready = folder.appendingPathComponent("address").path
        process = Process()
        process.executableURL = URL(fileURLWithPath: script).deletingLastPathComponent()
            .appendingPathComponent("with-registry")
        end = folder.appendingPathComponent("end").path
        // A child of a test's thread has its signals blocked: a file tells it when to end.
        let words = "echo $REGISTRY >\(ready).new && mv \(ready).new \(ready); until [ -e \(end) ]; do sleep 0.2; done"
        process.arguments = ["--", "sh", "-c", words]
        process.standardInput = FileHandle.nullDevice
        try process.run()
        var text = ""
        for _ in 0..<600 where text.isEmpty {
            usleep(50_000)
            text = (try? String(contentsOfFile: ready, encoding: .utf8)) ?? ""
        }
        address = text.trimmingCharacters(in: .whitespacesAndNewlines)
        try #require(!address.isEmpty, "the registry did not start")
    }

    func push(_ disk: String, as image: String) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: script)
        process.arguments = ["docker://\(image)", disk]
        process.environment = ProcessInfo.processInfo.environment.merging(["REGISTRY": address]) { _, new in new }
        try process.run()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0, "the disk cannot be pushed")
    }

    func stop() {
        _ = FileManager.default.createFile(atPath: end, contents: nil)
        process.waitUntilExit()
    }
}
