import Foundation
import Testing

extension GuestTests {
    /// What users do with the daemon, and what happens to it: `scripts/chaos/run`, a little of it. `make chaos` does more.
    @Suite(.tags(.qemu))
    struct ChaosTests {
        @Test(
            "a case of the fault suite holds",
            arguments: [
                "kubectl_scenario", "qemu_killed_while_the_daemon_is_away", "restart_and_drain_survive_a_kill",
                "drain_and_undo", "successor", "secret_comes_later", "manifest_folder", "disk_full", "run_full",
            ])
        func local(_ name: String) throws {
            try Self.expectSuccess("--faults", "local", "--case", name)
        }

        @Test("a daemon that is killed at any moment loses no VM")
        func kills() throws {
            let output = try Self.expectSuccess("--kills", "50", "--seed", "5")
            #expect(output.split(separator: "\n").last == "50 kills, 0 VMs lost", "\(output)")
        }

        /// The API server is built by `scripts/kubernetes/build.sh`, which takes minutes.
        @Test(
            "the same holds against the API server of a cluster",
            .enabled(if: hasServer, "run scripts/kubernetes/build.sh"),
            arguments: ["kubectl_scenario", "api_cut_off", "watch_breaks", "writes_fail", "two_claimers"])
        func cluster(_ name: String) throws {
            try Self.expectSuccess("--faults", "cluster", "--case", name, "--seconds", "20")
        }

        private static let hasServer = FileManager.default.isExecutableFile(
            atPath: "\(ProcessInfo.processInfo.environment["OUT"] ?? "/var/cache/virt-node-kubernetes")/devapiserver")

        private static let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../scripts/chaos/run").standardized.path

        @discardableResult
        private static func expectSuccess(_ options: String...) throws -> String {
            let sandbox = try Sandbox()
            let process = Process()
            let output = sandbox.folder.appendingPathComponent("output")
            _ = FileManager.default.createFile(atPath: output.path, contents: nil)
            process.executableURL = URL(fileURLWithPath: script)
            process.arguments = [Program.path, TestGuests.hello] + options
            // How fast things go is `make chaos`' to judge, not that of a test beside which anything may run.
            process.environment = ProcessInfo.processInfo.environment.merging(["VIRT_NODE_CHAOS_PATIENCE": "8"]) { $1 }
            process.standardInput = FileHandle.nullDevice
            process.standardOutput = try FileHandle(forWritingTo: output)
            process.standardError = process.standardOutput
            try process.run()
            process.waitUntilExit()
            let text = try String(contentsOf: output, encoding: .utf8)
            #expect(process.terminationStatus == 0, "\(text)")
            return text
        }
    }
}
