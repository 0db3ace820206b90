import Foundation
import NodeAgent
import Serving
import Subprocess
import SystemPackage
import Testing

/// KubeVirt's subresources by plain HTTP: curl, and kubectl where there is one.
@Suite struct SubresourceRoutesTests {
    private static let prefixes = [
        "/v1", "/apis/subresources.kubevirt.io/v1", "/apis/subresources.kubevirt.io/v1alpha3",
    ]

    private static func path(_ prefix: String, _ rest: String, name: String = "vm") -> String {
        "\(prefix)/namespaces/default/virtualmachineinstances/\(name)/\(rest)"
    }

    @Test("commands are done on each prefix, with and without a body", arguments: prefixes)
    func commands(prefix: String) async throws {
        let hands = FakeHands()
        try await servingHands(hands) { socket, _ in
            for (name, body) in [
                ("pause", ""), ("pause", "{}"), ("pause", "{\"dryRun\":null}"), ("reset", ""), ("restart", ""),
                ("unfreeze", "{}"), ("stop", "{\"gracePeriod\":7}"), ("stop", ""),
                ("freeze", "{\"unfreezeTimeout\":\"5m0s\"}"), ("freeze", "unfreezeTimeout: 1m30s\n"),
            ] {
                let answer = try await curl(socket, Self.path(prefix, name), "-X", "PUT", "--data-binary", body)
                #expect(answer.status.hasPrefix("202"), "\(name) \(body): \(answer)")
                #expect(answer.body.isEmpty)
            }
        }
        #expect(
            hands.commands == [
                .pause, .pause, .pause, .reset, .restart, .unfreeze, .stop(gracePeriod: 7), .stop(gracePeriod: nil),
                .freeze(unfreezeAfter: 300), .freeze(unfreezeAfter: 90),
            ])
    }

    @Test("a dry run only looks whether there is such a VM")
    func dryRun() async throws {
        let hands = FakeHands()
        try await servingHands(hands) { socket, _ in
            let dry = ["-X", "PUT", "-d", "{\"dryRun\":[\"All\"]}"]
            let done = try await curl(socket, Self.path("/v1", "pause"), dry[0], dry[1], dry[2], dry[3])
            #expect(done.status.hasPrefix("202"))
            let missing = try await curl(
                socket, Self.path("/v1", "pause", name: "other"), dry[0], dry[1], dry[2], dry[3])
            #expect(missing.status.hasPrefix("404"))
        }
        #expect(hands.commands.isEmpty)
    }

    @Test(
        "refusals are Status objects with KubeVirt's codes",
        arguments: [
            ("pause", "", "nothing", "404", "NotFound"), ("unpause", "", "vm", "409", "it is not paused"),
            ("softreboot", "", "vm", "500", "the guest agent does not answer"),
            ("freeze", "", "vm", "400", "unfreezeTimeout is missing"),
            ("freeze", "{\"unfreezeTimeout\":\"soon\"}", "vm", "400", "soon is no duration"),
            ("pause", "{", "vm", "400", "the body cannot be read"),
            ("pause", "{\"dryRun\":[\"Some\"]}", "vm", "400", "the only value is All"),
            ("stop", "{\"gracePeriod\":-1}", "vm", "400", "gracePeriod"), ("fly", "", "vm", "404", "NotFound"),
        ])
    func refusals(command: String, body: String, name: String, code: String, text: String) async throws {
        try await servingHands(FakeHands()) { socket, _ in
            let answer = try await curl(socket, Self.path("/v1", command, name: name), "-X", "PUT", "-d", body)
            #expect(answer.status == "\(code) application/json")
            #expect(answer.body.contains("\"kind\":\"Status\""))
            #expect(answer.body.contains(text))
        }
    }

    @Test("questions are answered with JSON, a screenshot with the picture, reports with what is known")
    func questions() async throws {
        let hands = FakeHands()
        hands.hub.didPrint(Array("login:".utf8))
        try await servingHands(hands) { socket, _ in
            let info = try await curl(socket, Self.path(Self.prefixes[1], "guestosinfo"))
            #expect(info.status == "200 application/json")
            #expect(
                info.body.contains("\"guestAgentVersion\":\"7.2\"")
                    || info.body.contains("\"guestAgentVersion\": \"7.2\""))
            let picture = try await curl(socket, Self.path("/v1", "vnc/screenshot"))
            #expect(picture.status == "200 image/png")
            #expect(try await curl(socket, "/virt-node/v1/overview").body.contains("machines"))
            let report = try await curl(socket, "/virt-node/v1/namespaces/default/machines/vm")
            #expect(report.status.hasPrefix("200") && report.body.contains("vm"))
            let log = try await curl(socket, "/virt-node/v1/namespaces/default/machines/vm/log")
            #expect(log.body == "login:")
            let missing = try await curl(socket, "/virt-node/v1/namespaces/default/machines/x/log")
            #expect(missing.status.hasPrefix("404"))
        }
    }

    @Test("a log that is followed goes on until the VM ends")
    func follow() async throws {
        let hands = FakeHands()
        hands.hub.didPrint(Array("before ".utf8))
        try await servingHands(hands) { socket, _ in
            async let log = curl(socket, "/virt-node/v1/namespaces/default/machines/vm/log?follow=true")
            while !hands.hub.isWatched { await Task.yield() }
            hands.hub.didPrint(Array("after".utf8))
            hands.hub.close()
            let text = try await log.body
            #expect(text == "before after")
        }
    }

    @Test(
        "kubectl replace --raw pauses",
        .enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/kubectl"), "there is no kubectl"))
    func kubectl() async throws {
        let hands = FakeHands()
        try await servingHands(hands) { _, port in
            let command =
                "echo '{}' | kubectl --server http://127.0.0.1:\(port) replace --raw \(Self.path(Self.prefixes[1], "pause")) -f - 2>&1"
            let result = try await Subprocess.run(
                .name("sh"), arguments: ["-c", command], output: .string(limit: 1 << 16), error: .discarded)
            #expect(result.terminationStatus.isSuccess, "\(result.standardOutput)")
        }
        #expect(hands.commands == [.pause])
    }
}
