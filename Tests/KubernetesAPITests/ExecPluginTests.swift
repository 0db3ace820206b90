import SystemPackage
import Testing

@testable import KubernetesAPI

@Suite struct ExecPluginTests {
    private static let expiry = "2026-01-31T12:00:00Z"

    /// A user whose plugin counts its runs in `runs`, and prints what `answer` holds.
    private func source(
        _ folder: TemporaryFolder, version: String, time: TimeSource,
        script: String = "cat \"$(dirname \"$0\")/answer\""
    ) throws -> CredentialSource {
        try folder.write(
            "login",
            """
            #!/bin/sh
            echo run >> "$(dirname "$0")/runs"
            echo "$STAGE $KUBERNETES_EXEC_INFO" > "$(dirname "$0")/seen"
            \(script)
            """, executable: true)
        let config = try folder.write(
            "config",
            """
            current-context: x
            clusters: [{name: c, cluster: {server: "https://c"}}]
            contexts: [{name: x, context: {cluster: c, user: u}}]
            users: [{name: u, user: {exec: {apiVersion: \(version), command: ./login, env: [{name: STAGE, value: test}]}}}]
            """)
        return CredentialSource(try ServerConfiguration.kubeconfig(config, context: nil).user, time)
    }

    private func answer(_ version: String, _ token: String) -> String {
        #"{"apiVersion":"\#(version)","kind":"ExecCredential","status":{"token":"\#(token)","#
            + #""expirationTimestamp":"\#(Self.expiry)"}}"#
    }

    @Test(
        "a plugin is asked once until what it gave expires or is refused",
        arguments: ["client.authentication.k8s.io/v1", "client.authentication.k8s.io/v1beta1"])
    func expires(version: String) async throws {
        let folder = try TemporaryFolder()
        let time = NotedTime()
        let expiry = try #require(WallTime(Self.expiry))
        time.setWall(expiry.advanced(by: .seconds(-60)))
        let source = try source(folder, version: version, time: time.source())
        try folder.write("answer", answer(version, "one"))
        async let first = source.current()
        async let second = source.current()
        #expect(try await [first.token, second.token] == ["one", "one"])
        #expect(try folder.read("runs") == "run\n")
        #expect(try folder.read("seen").hasPrefix("test {"))

        try folder.write("answer", answer(version, "two"))
        #expect(try await source.current().token == "one")
        time.setWall(expiry)
        #expect(try await source.current().token == "two")

        time.setWall(expiry.advanced(by: .seconds(-60)))
        try folder.write("answer", answer(version, "three"))
        #expect(await source.refused(Credentials(token: "two")))
        #expect(try await source.current().token == "three")
    }

    @Test(
        "a plugin that gives nothing says why",
        arguments: [
            ("exit 3", "ended with"), ("echo hello", "no ExecCredential"),
            (
                #"echo '{"apiVersion":"client.authentication.k8s.io/v1beta1","kind":"ExecCredential","status":{"token":"t"}}'"#,
                "was asked in"
            ),
            (
                #"echo '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{}}'"#,
                "neither"
            ),
            (
                #"echo '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"t","expirationTimestamp":"soon"}}'"#,
                "is no time"
            ),
        ])
    func problems(script: String, word: String) async throws {
        let folder = try TemporaryFolder()
        let source = try source(
            folder, version: "client.authentication.k8s.io/v1", time: .system, script: script)
        await #expect { try await source.current() } throws: { "\($0)".contains(word) }
    }
}
