import Foundation
import Testing

extension GuestTests {
    /// The holes that were published for this role, tried against a running daemon by whoever may create VMIs, or has taken
    /// over a QEMU. Each is refused, leaves the host as it was, and another tenant's VM lives on.
    @Suite(.tags(.qemu))
    struct HoleTests {
        private let sandbox: Sandbox
        /// A folder of the host with a file that is root's alone.
        private let host: String
        private var secret: String { "\(host)/secret" }
        private static let content = "planted: nobody but root reads this\n"
        /// What no VMI may change.
        private var watched: [String] { [host, "/etc/shadow", "/etc/passwd"] }

        init() throws {
            sandbox = try Sandbox()
            host = "\(sandbox.root)/host"
            try FileManager.default.createDirectory(atPath: host, withIntermediateDirectories: false)
            _ = try sandbox.write(Self.content, "host/secret")
            chmod(secret, 0o600)
            try sandbox.importHello()
        }

        /// Starts a daemon and a VM of somebody else, whose QEMU must be the same at the end, after which nothing is left.
        private func withNeighbour(
            _ driver: Driver = .embedded, options: [String] = [], _ body: (TestDaemon) throws -> Void
        ) throws {
            let daemon = try TestDaemon(sandbox, driver, options: options)
            try daemon.create(Self.instance("neighbour"))
            try daemon.waitForRunning("neighbour")
            let neighbour = try #require(daemon.qemu("neighbour"))
            let before = try HostEvidence(watched)
            try body(daemon)
            #expect(try HostEvidence(watched) == before)
            #expect(daemon.qemu("neighbour") == neighbour)
            #expect(try daemon.phase("neighbour") == "Running")
            try daemon.delete("neighbour")
            #expect(sandbox.leftovers == [])
        }

        /// A VMI as JSON, with parts of its spec as JSON.
        private static func instance(
            _ name: String, kernel: String = "/boot/vmlinuz", initrd: String = "/boot/initrd",
            image: String = "hello:latest", metadata: String = "", devices: String = "", volumes: String = "",
            domain: String = "", spec: String = ""
        ) -> String {
            """
            {"apiVersion": "kubevirt.io/v1", "kind": "VirtualMachineInstance",
             "metadata": {"name": "\(name)"\(metadata)},
             "spec": {"terminationGracePeriodSeconds": 0\(spec),
              "domain": {"memory": {"guest": "96Mi"}, "devices": {\(devices)}\(domain),
               "firmware": {"kernelBoot": {
                "container": {"image": "\(image)", "kernelPath": "\(kernel)", "initrdPath": "\(initrd)"},
                "kernelArgs": "console=ttyS0 quiet cryptomgr.notests"}}},
              "volumes": [\(volumes)]}}
            """
        }

        private static func disk(_ source: String) -> (devices: String, volumes: String) {
            (#""disks": [{"name": "d", "disk": {"bus": "virtio"}}]"#, #"{"name": "d", \#(source)}"#)
        }

        private static func instance(_ name: String, disk source: String) -> String {
            let disk = disk(source)
            return instance(name, devices: disk.devices, volumes: disk.volumes)
        }

        /// Creates a VMI whose start is refused, and returns the words.
        private func refusal(_ daemon: TestDaemon, _ manifest: String, _ name: String = "evil") throws -> String {
            try daemon.create(manifest)
            defer { try? daemon.delete(name) }
            let words = try daemon.refusal(name)
            #expect(daemon.qemu(name) == nil, "\(words)")
            return words
        }

        // MARK: Images

        /// CVE-2022-1798, GHSA-qv98-3369-g364: paths of the spec that leave the image.
        @Test("a path that climbs out of an image is refused by its field")
        func climbingPaths() throws {
            try withNeighbour { daemon in
                let kernel = "spec.domain.firmware.kernelBoot.container"
                for path in ["../../../etc/shadow", "/disk/../../../etc/shadow", "/disk/./../../etc/shadow", "disk/x"] {
                    let source = #""containerDisk": {"image": "hello:latest", "path": "\#(path)"}"#
                    for (manifest, field) in [
                        (Self.instance("evil", disk: source), "spec.volumes[0].containerDisk.path"),
                        (Self.instance("evil", kernel: path), "\(kernel).kernelPath"),
                        (Self.instance("evil", initrd: path), "\(kernel).initrdPath"),
                    ] {
                        let answer = try daemon.call("POST", TestDaemon.instances, manifest)
                        #expect(answer.code == 422, "\(path): \(answer.body)")
                        #expect(answer.fields == [field], "\(path): \(answer.body)")
                    }
                }
            }
        }

        /// What the same advisories tell of links in an image, and what a disk's own header can name.
        @Test("an image whose links or disks lead out of it is refused with its entry")
        func hostileImages() throws {
            let registry = try Registry(sandbox)
            defer { registry.stop() }
            let overlay = "\(sandbox.root)/overlay.qcow2"
            let plain = try sandbox.write("nothing", "plain")
            try shell("qemu-img", "create", "-q", "-f", "qcow2", "-u", "-F", "raw", "-b", secret, overlay, "1M")
            let disks: [(entries: [[String]], words: String)] = [
                ([["symlink", "disk/x", secret]], "/disk/x"),
                ([["symlink", "disk/x", "../../../../../..\(secret)"]], "/disk/x"),
                ([["hardlink", "disk/x", secret]], "/disk/x"),
                ([["hardlink", "disk/x", "../../../../../..\(secret)"]], "/disk/x"),
                ([["symlink", "disk", host]], "/disk"),
                ([["file", "../../../../../..\(host)/planted", plain]], "its name holds '..'"),
                ([["file", "disk/x", overlay]], "names a backing file"),
            ]
            let kernels: [(entries: [[String]], words: String)] = [
                ([["file", "other", plain], ["symlink", "boot", host]], "/boot/secret"),
                ([["file", "other", plain], ["symlink", "boot", "../../../../../..\(host)"]], "/boot/secret"),
                ([["symlink", "boot/secret", secret]], "/boot/secret"),
                (
                    [["file", "other", plain], ["symlink", "a", "/"], ["symlink", "boot", "a\(host)"]], "/boot/secret"
                ),
            ]
            try withNeighbour(options: ["--no-tls-verify"]) { daemon in
                for (index, attempt) in disks.enumerated() {
                    let image = "\(registry.address)/evil/disk\(index):1"
                    try HostileImage.push(attempt.entries, as: image, sandbox)
                    let words = try refusal(
                        daemon,
                        Self.instance("evil", disk: #""containerDisk": {"image": "\#(image)", "path": "/disk/x"}"#))
                    #expect(words.contains("volume d: its image cannot be used"), "\(attempt.entries): \(words)")
                    #expect(words.contains(attempt.words), "\(attempt.entries): \(words)")
                }
                for (index, attempt) in kernels.enumerated() {
                    let image = "\(registry.address)/evil/kernel\(index):1"
                    try HostileImage.push(attempt.entries, as: image, sandbox)
                    let words = try refusal(daemon, Self.instance("evil", kernel: "/boot/secret", image: image))
                    #expect(words.contains("volume kernelBoot: its image cannot be used"), "\(words)")
                    #expect(words.contains(attempt.words), "\(attempt.entries): \(words)")
                }
                let copies = try shell("grep", "-rlF", Self.content.prefix(20).description, "\(sandbox.root)/var")
                #expect(copies.output.isEmpty, "\(copies.output)")
            }
        }

        // MARK: Disks of the host

        /// CVE-2025-64433 and its like: a claim whose `disk.img` is a link, from the start or later.
        @Test(
            "a claim's disk.img that is a link is refused, also where it was a disk before", arguments: Driver.allCases)
        func linkedClaim(_ driver: Driver) throws {
            let claim = "\(sandbox.root)/var/lib/virt-node/claims/default/data"
            let image = "\(claim)/disk.img"
            try withNeighbour(driver) { daemon in
                try FileManager.default.createDirectory(atPath: claim, withIntermediateDirectories: true)
                try shell("chmod", "-R", "a+rX", "\(sandbox.root)/var/lib/virt-node/claims")
                let manifest = Self.instance("evil", disk: #""persistentVolumeClaim": {"claimName": "data"}"#)
                for target in [secret, "/etc/passwd", "/dev/zero"] {
                    try FileManager.default.createSymbolicLink(atPath: image, withDestinationPath: target)
                    let words = try refusal(daemon, manifest)
                    #expect(words.contains("volume d: "), "\(words)")
                    #expect(words.contains(image), "\(words)")
                    try FileManager.default.removeItem(atPath: image)
                }
                // A disk at first: the VM runs, and is refused once its disk has become a link.
                try shell("truncate", "-s", "1M", image)
                chmod(image, 0o666)
                try daemon.create(manifest)
                try daemon.waitForRunning("evil")
                try FileManager.default.removeItem(atPath: image)
                try FileManager.default.createSymbolicLink(atPath: image, withDestinationPath: secret)
                #expect(try daemon.call("PUT", "\(TestDaemon.subresources)/evil/restart", "{}").code == 202)
                let words = try daemon.refusal("evil")
                #expect(words.contains("volume d: ") && words.contains(image), "\(words)")
                #expect(daemon.qemu("evil") == nil)
                try daemon.delete("evil")
            }
        }

        /// CVE-2025-64324, GHSA-46xp-26xh-hpqh: a hostDisk that exists was given to QEMU's user.
        @Test("a hostDisk keeps its owner and mode, be it refused or used", arguments: Driver.allCases)
        func hostDiskIsNotGiven(_ driver: Driver) throws {
            let open = "\(host)/open.img"
            try shell("truncate", "-s", "1M", open)
            chmod(open, 0o666)
            chmod(host, 0o711)
            func disk(_ path: String, _ type: String = #""type": "Disk""#) -> String {
                Self.instance("evil", disk: #""hostDisk": {"path": "\#(path)", \#(type)}"#)
            }
            let orCreate = #""type": "DiskOrCreate", "capacity": "1Mi""#
            try withNeighbour(driver) { daemon in
                for path in [secret, "/etc/shadow", "/etc/passwd"] {
                    for type in [#""type": "Disk""#, orCreate] {
                        let words = try refusal(daemon, disk(path, type))
                        #expect(words.contains("volume d: QEMU runs as user "), "\(words)")
                        #expect(words.contains("cannot open \(path), since the file belongs to user 0"), "\(words)")
                    }
                }
                for path in ["/dev/zero", "/dev/null", host] {
                    let words = try refusal(daemon, disk(path))
                    #expect(
                        words.contains("volume d: \(path) is neither a regular file nor a block device"), "\(words)")
                }
                for type in [#""type": "Disk""#, orCreate] {
                    try daemon.create(disk(open, type))
                    try daemon.waitForRunning("evil")
                    try daemon.delete("evil")
                }
                let climbing = try daemon.call("POST", TestDaemon.instances, disk("\(host)/../host/open.img"))
                #expect(
                    climbing.code == 422 && climbing.fields == ["spec.volumes[0].hostDisk.path"], "\(climbing.body)")
            }
        }

        @Test("a hostDisk leads to no file of virt-node's own, and to none outside of the folders that are allowed")
        func hostDiskElsewhere() throws {
            let claim = "\(sandbox.root)/var/lib/virt-node/claims/other/data"
            try FileManager.default.createDirectory(atPath: claim, withIntermediateDirectories: true)
            try shell("truncate", "-s", "1M", "\(claim)/disk.img")
            try shell("chmod", "-R", "a+rwX", "\(sandbox.root)/var/lib/virt-node/claims")
            let link = "\(host)/linked"
            try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: claim)
            chmod(host, 0o711)
            let allowed = "\(sandbox.root)/disks"
            try FileManager.default.createDirectory(atPath: allowed, withIntermediateDirectories: false)
            chmod(allowed, 0o777)
            try withNeighbour(options: ["--set", "hostDisks.folders=/var/lib,\(allowed),\(sandbox.root)"]) { daemon in
                for path in ["\(claim)/disk.img", "\(link)/disk.img", "\(sandbox.root)/var/lib/virt-node/new.img"] {
                    let words = try refusal(
                        daemon,
                        Self.instance(
                            "evil",
                            disk: #""hostDisk": {"path": "\#(path)", "type": "DiskOrCreate", "capacity": "1Mi"}"#))
                    #expect(words.contains("spec.volumes[0].hostDisk.path: \(path) lies in "), "\(words)")
                    #expect(words.contains("which is virt-node's own"), "\(words)")
                }
                let words = try refusal(
                    daemon, Self.instance("evil", disk: #""hostDisk": {"path": "/tmp/x.img", "type": "Disk"}"#))
                #expect(words.contains("spec.volumes[0].hostDisk.path: /tmp/x.img lies in none"), "\(words)")
                try daemon.create(
                    Self.instance(
                        "good",
                        disk: #""hostDisk": {"path": "\#(allowed)/x.img", "type": "DiskOrCreate", "capacity": "1Mi"}"#))
                try daemon.waitForRunning("good")
                try daemon.delete("good")
            }
        }

        // MARK: Sockets

        /// CVE-2026-7374 and GHSA-2r4r-5x78-mvqf: whoever has taken over a QEMU puts links where its sockets were.
        @Test("a link in the place of a console's socket leads root nowhere")
        func linkedSockets() throws {
            let runtime = try RuntimeSocket("\(host)/runtime.sock")
            try withNeighbour { daemon in
                try daemon.create(Self.instance("evil"))
                try daemon.waitForRunning("evil")
                let qemu = try #require(daemon.qemu("evil"))
                let report = try daemon.call("GET", "/virt-node/v1/namespaces/default/machines/evil").object
                let display = try #require(report["vncSocket"] as? String)
                let folder = URL(fileURLWithPath: display).deletingLastPathComponent().path
                #expect(try show(daemon, "vnc").contains("RFB 003.008"))
                let sockets = try FileManager.default.contentsOfDirectory(atPath: folder)
                #expect(sockets.contains("serial0") && sockets.contains("vnc"), "\(sockets)")
                for name in sockets {
                    try FileManager.default.removeItem(atPath: "\(folder)/\(name)")
                    try FileManager.default.createSymbolicLink(
                        atPath: "\(folder)/\(name)", withDestinationPath: runtime.path)
                }
                #expect(!(try show(daemon, "vnc").contains("RFB")))
                #expect(!runtime.wasConnected, "the display led to the runtime's socket")
                // A new process of the daemon looks for the serial console anew.
                try daemon.restart()
                try daemon.program.waitUntil("the VM's adoption") {
                    (try? daemon.call("GET", "/virt-node/v1/overview").body.contains(#""running""#)) == true
                        && daemon.program.errors.contains("its serial console at \(folder)/serial0 does not answer")
                }
                #expect(!(try show(daemon, "console").contains("RFB")))
                #expect(!(try show(daemon, "vnc").contains("RFB")))
                #expect(!runtime.wasConnected, "a console led to the runtime's socket")
                #expect(daemon.qemu("evil") == qemu, "the VM itself runs on")
                try daemon.delete("evil")
                #expect(FileManager.default.fileExists(atPath: runtime.path))
            }
        }

        /// What a console or display sends within two seconds of being opened.
        private func show(_ daemon: TestDaemon, _ what: String) throws -> String {
            try shell(
                "curl", "-s", "-i", "-N", "-m", "2", "--output", "-", "--unix-socket", daemon.socket, "-H",
                "Connection: Upgrade", "-H", "Upgrade: websocket", "-H", "Sec-WebSocket-Version: 13", "-H",
                "Sec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==", "-H", "Sec-WebSocket-Protocol: plain.kubevirt.io",
                "http://localhost\(TestDaemon.subresources)/evil/\(what)"
            ).output
        }

        // MARK: Nodes

        /// CVE-2023-26484: a node's account that may patch other nodes. What the account may is a matter of the cluster; here
        /// is what the daemon does with it.
        @Test("the daemon writes its own Node and no other")
        func otherNodes() throws {
            try withNeighbour { daemon in
                for name in ["node0", "node2"] {
                    let node = #"{"apiVersion": "v1", "kind": "Node", "metadata": {"name": "\#(name)"}}"#
                    #expect(try daemon.call("POST", "/api/v1/nodes", node).code == 201)
                }
                func versions() throws -> [String: String] {
                    let list = try daemon.call("GET", "/api/v1/nodes").object["items"] as? [[String: Any]] ?? []
                    let metadata = list.compactMap { $0["metadata"] as? [String: Any] }
                    return Dictionary(
                        metadata.compactMap { entry -> (String, String)? in
                            guard let name = entry["name"] as? String, let version = entry["resourceVersion"] as? String
                            else { return nil }
                            return (name, version)
                        }
                    ) { first, _ in first }
                }
                let before = try versions()
                #expect(Set(before.keys) == ["node0", "node1", "node2"])
                // Each of these makes a daemon write its Node: a start, a drain and its end.
                try daemon.restart()
                try daemon.program.waitUntil("a write of the own Node") {
                    (try? versions()["node1"]).map { $0 != before["node1"] } == true
                }
                let drained = try daemon.call("DELETE", "/virt-node/v1/drain")
                #expect(drained.code == 200, "\(drained.body)")
                try daemon.create(Self.instance("second"))
                try daemon.waitForRunning("second")
                try daemon.delete("second")
                let after = try versions()
                #expect(after["node0"] == before["node0"] && after["node2"] == before["node2"], "\(after)")
            }
        }

        // MARK: Names and texts

        @Test(
            "a name that is none is refused by its field, and makes no file",
            arguments: ["../../evil", "..", "x/../../../evil", "a\\u0000b", "a b", "-x", "<evil/>"])
        func names(_ name: String) throws {
            let daemon = try TestDaemon(sandbox)
            let before = try HostEvidence(watched)
            for (manifest, field) in [
                (Self.instance(name), "metadata.name"),
                (
                    Self.instance("evil", disk: #""persistentVolumeClaim": {"claimName": "\#(name)"}"#),
                    "spec.volumes[0].persistentVolumeClaim.claimName"
                ),
                (
                    Self.instance(
                        "evil", devices: #""disks": [{"name": "\#(name)", "disk": {}}]"#,
                        volumes: #"{"name": "\#(name)", "emptyDisk": {"capacity": "1Mi"}}"#), "spec.volumes[0].name"
                ),
                (Self.instance("evil", metadata: #", "labels": {"\#(name)": "x"}"#), "metadata.labels"),
                (Self.instance("evil", spec: #", "hostname": "\#(name)""#), "spec.hostname"),
            ] {
                let answer = try daemon.call("POST", TestDaemon.instances, manifest)
                #expect(answer.code == 422, "\(answer.body)")
                #expect(answer.fields.contains { $0.hasPrefix(field) }, "\(answer.body)")
            }
            let other = TestDaemon.instances.replacing("default", with: "..%2f..")
            #expect(try (400..<500).contains(daemon.call("POST", other, Self.instance("evil")).code))
            let list = try daemon.call("GET", TestDaemon.instances).object["items"] as? [Any]
            #expect(list?.count == 0)
            // libvirt may be asking a QEMU what it can do.
            #expect(sandbox.leftovers.filter { !$0.hasPrefix("process") } == [])
            #expect(try HostEvidence(watched) == before)
        }

        @Test("markup, NULs, hooks and variables in a VMI stay text")
        func texts() throws {
            let marker = "\(host)/hooked"
            let markup = #"</name></domain><evil a='1' b=\"2\">&evil;]]><!--,script=\#(marker),id=evil"#
            let hook = #"[{\"image\": \"evil:latest\", \"args\": [\"touch\", \"\#(marker)\"]}]"#
            let annotations = [
                "hooks.kubevirt.io/hookSidecars": hook, "example.org/text": markup,
                "kubevirt.io/environment": "LD_PRELOAD=\(marker)",
            ].map { "\"\($0)\": \"\($1)\"" }.joined(separator: ", ")
            let manifest = Self.instance(
                "evil", metadata: #", "annotations": {\#(annotations)}"#,
                devices: #""disks": [{"name": "seed", "disk": {"bus": "virtio"}}]"#,
                volumes:
                    #"{"name": "seed", "cloudInitNoCloud": {"userData": "\#(markup)\u0000tail", "networkData": "a\u0000b"}}"#,
                domain: #", "chassis": {"manufacturer": "\#(markup)", "asset": "\#(markup)"}"#)
            try withNeighbour { daemon in
                for text in ["a\\u0000b", "a\\u001bb", "a\\ufffeb"] {
                    let answer = try daemon.call(
                        "POST", TestDaemon.instances,
                        Self.instance("bad", domain: #", "chassis": {"manufacturer": "\#(text)"}"#))
                    #expect(answer.fields == ["spec.domain.chassis.manufacturer"], "\(answer.body)")
                }
                try daemon.create(manifest)
                try daemon.waitForRunning("evil")
                let qemu = try #require(daemon.qemu("evil"))
                let report = try daemon.call("GET", "/virt-node/v1/namespaces/default/machines/evil").object
                let domain = try #require(report["domain"] as? String)
                #expect(!domain.contains("<evil") && !domain.contains("evil:latest"), "\(domain)")
                let arguments = daemon.arguments(qemu)
                // QEMU reads a doubled comma as a comma of the text.
                #expect(arguments.contains { $0.contains(",,script=\(marker),,id=evil") }, "\(arguments)")
                #expect(!arguments.contains { $0.hasPrefix("script=") || $0 == "id=evil" })
                let environment = daemon.environment(qemu)
                #expect(!environment.isEmpty && !environment.contains { $0.hasPrefix("LD_PRELOAD") }, "\(environment)")
                #expect(!environment.contains { $0.hasPrefix("VIRT_NODE") }, "\(environment)")
                #expect(!FileManager.default.fileExists(atPath: marker))
                let events = try daemon.call("GET", "/api/v1/namespaces/default/events").body
                #expect(!events.contains("evil:latest") && !daemon.program.errors.contains("evil:latest"))
                try daemon.delete("evil")
            }
        }

        // MARK: Secrets

        @Test("what cloud-init is told stands in no log, event, argument or domain")
        func secretsStayHidden() throws {
            let secret =
                #"{"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "seed"}, "stringData": {"userdata": "planted-by-secret"}}"#
            let manifest = Self.instance(
                "evil",
                devices:
                    #""disks": [{"name": "a", "disk": {"bus": "virtio"}}, {"name": "b", "disk": {"bus": "virtio"}}]"#,
                volumes: #"""
                    {"name": "a", "cloudInitNoCloud": {"userData": "planted-in-the-spec", "networkData": "planted-net"}},
                    {"name": "b", "cloudInitConfigDrive": {"secretRef": {"name": "seed"}}}
                    """#)
            try withNeighbour(options: ["--set", "logLevel=trace"]) { daemon in
                #expect(try daemon.call("POST", "/api/v1/namespaces/default/secrets", secret).code == 201)
                // One that fails says why, and not with what.
                try daemon.create(manifest.replacing("\"seed\"", with: "\"absent\""))
                #expect(try daemon.refusal("evil").contains("there is no Secret"))
                try daemon.delete("evil")
                try daemon.create(manifest)
                try daemon.waitForRunning("evil")
                let qemu = try #require(daemon.qemu("evil"))
                let domain = try #require(
                    daemon.call("GET", "/virt-node/v1/namespaces/default/machines/evil").object["domain"] as? String)
                let state = "\(sandbox.root)/var/lib/virt-node"
                let files = try shell(
                    "grep", "-rlF", "planted-", "\(sandbox.root)/run", "\(state)/timelines", "\(state)/guests")
                #expect(files.output.isEmpty, "\(files.output)")
                let events = try daemon.call("GET", "/api/v1/events").body
                let status = String(describing: try daemon.status("evil"))
                for (place, text) in [
                    ("the log", daemon.program.errors + daemon.program.output), ("the domain", domain),
                    ("an argument", daemon.arguments(qemu).joined()),
                    ("a variable", daemon.environment(qemu).joined()),
                    ("an event", events),
                    ("the status", status),
                ] {
                    #expect(!text.isEmpty && !text.contains("planted-"), "\(place): \(text)")
                }
                // They did come to the guest: by a medium that nobody else may read.
                let media = try shell("grep", "-rlF", "planted-", "\(state)/vms").output.split(separator: "\n")
                #expect(media.count == 2, "\(media)")
                for medium in media {
                    #expect(try shell("stat", "-c", "%a", String(medium)).output == "600\n")
                }
                try daemon.delete("evil")
            }
        }
    }
}
