import Foundation
import Testing

/// What a running daemon may do. Its exec plugin stands for any program that it starts.
@Suite(.enabled(if: geteuid() == 0, "the daemon needs root"))
struct DaemonSandboxTests {
    /// Starts a daemon whose plugin enters a user namespace, which nothing here needs, and leaves a file where it could.
    private func start(_ sandbox: Sandbox, mode: String, libvirt: String) throws -> Program {
        let plugin = try sandbox.write(
            """
            #!/bin/sh
            unshare --user true && touch \(sandbox.root)/entered
            touch \(sandbox.root)/ran

            """, "plugin")
        chmod(plugin, 0o755)
        let kubeconfig = try sandbox.write(
            """
            apiVersion: v1
            kind: Config
            current-context: c
            clusters: [{name: c, cluster: {server: "http://127.0.0.1:1"}}]
            contexts: [{name: c, context: {cluster: c, user: u}}]
            users:
            - name: u
              user:
                exec: {apiVersion: client.authentication.k8s.io/v1, command: \(plugin), interactiveMode: Never}

            """, "kubeconfig")
        return try sandbox.start([
            "serve", "--root", sandbox.root, "--kubeconfig", kubeconfig, "--libvirt-uri", libvirt,
            "--accelerator", "emulation", "--set", "sandbox=\(mode)", "--set", "metrics.port=0",
        ])
    }

    /// Such a daemon, once the log has these words and the plugin has ended.
    private func start(_ sandbox: Sandbox, mode: String, saying words: String) throws -> Program {
        let daemon = try start(sandbox, mode: mode, libvirt: "test:///default")
        try daemon.waitUntil("\"\(words)\"", limit: 60) { daemon.errors.contains(words) }
        try daemon.waitUntil("the plugin's end", limit: 60) { has("ran", sandbox) }
        return daemon
    }

    private func has(_ file: String, _ sandbox: Sandbox) -> Bool {
        FileManager.default.fileExists(atPath: "\(sandbox.root)/\(file)")
    }

    private func status(_ pid: Int32) throws -> [String: String] {
        let text = try String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8)
        return Dictionary(
            text.split(separator: "\n").compactMap { line in
                line.firstIndex(of: ":").map {
                    (String(line[..<$0]), line[line.index(after: $0)...].trimmingCharacters(in: .whitespaces))
                }
            }, uniquingKeysWith: { first, _ in first })
    }

    @Test("a call that nobody needs is refused, also to what the daemon starts, and named in the log")
    func enforced() throws {
        let sandbox = try Sandbox()
        let daemon = try start(
            sandbox, mode: "enforce", saying: "sandbox: refused the system call unshare of unshare (process ")
        #expect(!has("entered", sandbox))
        let status = try status(daemon.pid)
        // chown, dac_override, fowner, kill, net_admin, sys_ptrace and sys_resource, as far as there are any to begin with.
        let own = try #require(UInt64(self.status(getpid())["CapBnd"] ?? "", radix: 16))
        for set in ["CapBnd", "CapPrm", "CapEff"] {
            #expect(UInt64(status[set] ?? "", radix: 16) == 0x108_102b & own, "\(set)")
        }
        #expect(status["NoNewPrivs"] == "1" && status["Seccomp"] == "2")
        daemon.send(SIGTERM)
        #expect(daemon.wait(limit: 60).status == 0)
    }

    @Test("where the sandbox is only tried, the call passes and is named")
    func logged() throws {
        let sandbox = try Sandbox()
        let daemon = try start(
            sandbox, mode: "log", saying: "sandbox: would refuse the system call unshare of unshare (process ")
        #expect(has("entered", sandbox))
        daemon.send(SIGTERM)
        daemon.wait(limit: 60)
    }

    @Test("an unreadable mode is an error, and off is off")
    func off() throws {
        let sandbox = try Sandbox()
        let wrong = try sandbox.run(["serve", "--root", sandbox.root, "--set", "sandbox=on"], limit: 60)
        #expect(wrong.status == 3)
        #expect(wrong.errors.contains("sandbox is \"on\", and must be one of enforce, log, off"), "\(wrong.errors)")
        let daemon = try start(sandbox, mode: "off", libvirt: "test:///default")
        try daemon.waitUntil("the plugin's end", limit: 60) { has("ran", sandbox) }
        #expect(try status(daemon.pid)["Seccomp"] == "0")
        daemon.send(SIGTERM)
        daemon.wait(limit: 60)
    }
}
