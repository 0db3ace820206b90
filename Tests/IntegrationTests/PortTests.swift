import Foundation
import Testing

extension GuestTests {
    /// Ports 8185 and 8186 of a running daemon, asked by curl.
    @Suite(.tags(.libvirt))
    struct PortTests {
        private let sandbox: Sandbox
        private let metrics = 20_000 + Int.random(in: 0..<6_000)
        private let streams = 26_000 + Int.random(in: 0..<6_000)

        init() throws { sandbox = try Sandbox() }

        private func makeTLS(_ name: String) throws -> String {
            let folder = "\(sandbox.root)/\(name)"
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
                .appendingPathComponent("../../scripts/chaos/make-tls").standardized.path
            try #require(shell(script, folder).status == 0)
            return folder
        }

        /// The status of an answer; nil where the connection is refused.
        private func ask(
            _ port: Int, authority: String, certificate: String? = nil, options: [String] = []
        ) throws -> Int? {
            let path = port == metrics ? "metrics" : "v1/namespaces/default/virtualmachineinstances/vm/guestosinfo"
            var words = [
                "curl", "-s", "-m", "10", "-o", "/dev/null", "-w", "%{http_code}", "--cacert", "\(authority)/ca.crt",
            ]
            if let certificate { words += ["--cert", "\(certificate).crt", "--key", "\(certificate).key"] }
            let answer = try shell(words + options + ["https://127.0.0.1:\(port)/\(path)"])
            return answer.status == 0 ? Int(answer.output) : nil
        }

        @Test("both ports want TLS 1.3 and a client's certificate, and take new files without a restart")
        func ports() throws {
            let (used, other) = (try makeTLS("used"), try makeTLS("other"))
            let options = [("metrics", metrics), ("streams", streams)].flatMap { name, port in
                [
                    "\(name).port=\(port)", "\(name).address=127.0.0.1", "\(name).tls.certificate=\(used)/server.crt",
                    "\(name).tls.key=\(used)/server.key", "\(name).tls.clientCA=\(used)/ca.crt",
                ].flatMap { ["--set", $0] }
            }
            let daemon = try TestDaemon(sandbox, options: options)
            // A VMI that nobody knows: who gets as far as 404 was let in.
            for (port, answer, stranger) in [(metrics, 200, 200), (streams, 404, 403)] {
                #expect(try ask(port, authority: used, certificate: "\(used)/client") == answer)
                #expect(try ask(port, authority: used, certificate: "\(used)/stranger") == stranger)
                #expect(try [nil, 401].contains(ask(port, authority: used)), "nobody was let in")
                #expect(try ask(port, authority: used, certificate: "\(other)/client") == nil)
                #expect(try ask(port, authority: other, certificate: "\(used)/client") == nil)
                let old = ["--tls-max", "1.2"]
                #expect(try ask(port, authority: used, certificate: "\(used)/client", options: old) == nil)
                #expect(try shell("curl", "-s", "-m", "10", "http://127.0.0.1:\(port)/metrics").status != 0)
            }
            for name in ["server.crt", "server.key", "ca.crt"] {
                // As a file that is mounted from a Secret changes: by a rename.
                try shell("cp", "\(other)/\(name)", "\(used)/\(name).new")
                try shell("mv", "\(used)/\(name).new", "\(used)/\(name)")
            }
            for (port, answer) in [(metrics, 200), (streams, 404)] {
                #expect(try ask(port, authority: other, certificate: "\(other)/client") == answer)
                #expect(try ask(port, authority: other, certificate: "\(used)/client") == nil)
            }
            #expect(daemon.program.isRunning)
            let keys = try shell("grep", "-v", "-e", "-----", "\(other)/server.key").output.split(separator: "\n")
            for key in keys { #expect(!daemon.program.errors.contains(key)) }
        }
    }
}
