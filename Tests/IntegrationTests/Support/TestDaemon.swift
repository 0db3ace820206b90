import Foundation
import Testing

/// A `virt-node serve` in a folder of its own, and its API as a tenant uses it.
final class TestDaemon {
    let sandbox: Sandbox
    private let words: [String]
    private(set) var program: Program

    static let instances = "/apis/kubevirt.io/v1/namespaces/default/virtualmachineinstances"
    static let subresources = "/apis/subresources.kubevirt.io/v1/namespaces/default/virtualmachineinstances"

    init(_ sandbox: Sandbox, _ driver: Driver = .embedded, options: [String] = []) throws {
        self.sandbox = sandbox
        words =
            [
                "serve", "--root", sandbox.root, "--node-name", "node1", "--libvirt-uri", driver.rawValue,
                "--accelerator", "emulation", "--set", "metrics.port=0", "--set", "streams.port=0", "--set",
                "local.loopbackPort=0",
            ] + options
        program = try sandbox.start(words)
        try waitForAnswer()
    }

    deinit {
        program.send(SIGKILL)
        for pid in sandbox.helpers { kill(pid, SIGKILL) }
    }

    var socket: String { "\(sandbox.root)/run/virt-node/virt-node.sock" }

    /// Kills the daemon and starts it anew; its VMs stay.
    func restart() throws {
        program.send(SIGKILL)
        program.wait()
        program = try sandbox.start(words)
        try waitForAnswer()
    }

    private func waitForAnswer() throws {
        try program.waitUntil("an answer of the daemon") { (try? call("GET", "/virt-node/v1/overview").code) == 200 }
    }

    // MARK: The API

    struct Answer {
        var code: Int
        var body: String
        var object: [String: Any] {
            (try? JSONSerialization.jsonObject(with: Data(body.utf8)) as? [String: Any]) ?? [:]
        }
        /// The fields that a refusal names.
        var fields: [String] {
            let details = object["details"] as? [String: Any]
            return (details?["causes"] as? [[String: Any]] ?? []).compactMap { $0["field"] as? String }
        }
    }

    func call(_ method: String, _ path: String, _ body: String? = nil) throws -> Answer {
        var words = [
            "curl", "-s", "-m", "30", "--path-as-is", "--unix-socket", socket, "-X", method, "-w", "\n%{http_code}",
        ]
        if let body {
            let type = method == "PATCH" ? "application/merge-patch+json" : "application/json"
            words += ["-H", "Content-Type: \(type)", "--data-binary", "@\(try sandbox.write(body, "body"))"]
        }
        let output = try shell(words + ["http://localhost\(path)"]).output
        let lines = output.split(separator: "\n", omittingEmptySubsequences: false)
        return Answer(code: Int(lines.last ?? "") ?? 0, body: lines.dropLast().joined(separator: "\n"))
    }

    /// Creates a VMI that must be taken.
    func create(_ manifest: String) throws {
        let answer = try call("POST", Self.instances, manifest)
        try #require(answer.code == 201, "\(answer.body)")
    }

    func instance(_ name: String) throws -> [String: Any] { try call("GET", "\(Self.instances)/\(name)").object }

    func status(_ name: String) throws -> [String: Any] { try instance(name)["status"] as? [String: Any] ?? [:] }

    func phase(_ name: String) throws -> String { try status(name)["phase"] as? String ?? "" }

    /// What the conditions say, a line each.
    func messages(_ name: String) throws -> String {
        let conditions = try status(name)["conditions"] as? [[String: Any]] ?? []
        return conditions.compactMap { $0["message"] as? String }.joined(separator: "\n")
    }

    /// Waits until the VM runs.
    func waitForRunning(_ name: String) throws {
        try program.waitUntil("\(name) runs: \((try? messages(name)) ?? "")") {
            (try? phase(name)) == "Running" && qemu(name) != nil
        }
    }

    /// Waits until the VMI's start has failed, and returns what its conditions say.
    func refusal(_ name: String) throws -> String {
        try program.waitUntil("a refusal of \(name)") {
            let conditions = (try? status(name)["conditions"] as? [[String: Any]]) ?? []
            return conditions.contains { $0["type"] as? String == "Synchronized" && $0["status"] as? String == "False" }
        }
        return try messages(name)
    }

    /// Deletes a VMI and waits until nothing of it is left.
    func delete(_ name: String) throws {
        _ = try call("DELETE", "\(Self.instances)/\(name)", #"{"gracePeriodSeconds": 0}"#)
        try program.waitUntil("the end of \(name)") {
            (try? call("GET", "\(Self.instances)/\(name)").code) == 404 && qemu(name) == nil
        }
    }

    // MARK: The host

    /// The QEMU of a VM.
    func qemu(_ name: String) -> Int32? {
        sandbox.helpers.first { arguments($0).contains { $0.hasPrefix("guest=default_\(name),") } }
    }

    func arguments(_ pid: Int32) -> [String] { Self.strings("/proc/\(pid)/cmdline") }
    func environment(_ pid: Int32) -> [String] { Self.strings("/proc/\(pid)/environ") }

    private static func strings(_ path: String) -> [String] {
        let data = FileManager.default.contents(atPath: path) ?? Data()
        return String(decoding: data, as: UTF8.self).split(separator: "\0").map(String.init)
    }
}
