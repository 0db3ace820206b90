import Foundation
import KubeVirtModel
import Testing

extension GuestTests {
    @Suite(.tags(.qemu))
    struct LeftoverTests {
        /// A fixed seed: the same ten moments each time, spread over the whole start.
        private static let moments: [Double] = {
            var state: UInt64 = 0x9E37_79B9_7F4A_7C15
            return (0..<10).map { _ in
                state ^= state << 13
                state ^= state >> 7
                state ^= state << 17
                return Double(state % 2500) / 1000
            }
        }()

        @Test("what a killed run leaves is found and removed, and nothing else", arguments: Driver.allCases)
        func killed(_ driver: Driver) throws {
            let sandbox = try Sandbox()
            try sandbox.importHello()
            let file = try sandbox.write(
                Manifests.hello(
                    "victim", devices: "disks: [{name: scratch, disk: {bus: virtio}}]",
                    volumes: "{name: scratch, emptyDisk: {capacity: 16Mi}}"), "victim.yaml")
            let other = try sandbox.write(Manifests.hello("bystander"), "bystander.yaml")
            let bystander = try sandbox.start([
                "run", "--root", sandbox.root, "--libvirt-uri", driver.rawValue, "-o", "json", other,
            ])
            try bystander.waitUntil("the bystander") { statuses(bystander.output).last?.phase == .running }
            let mine = try #require(sandbox.helpers.first)
            let strange = "\(sandbox.root)/var/lib/virt-node/vms/../kept.txt"
            try "mine".write(toFile: strange, atomically: true, encoding: .utf8)
            for (index, moment) in Self.moments.enumerated() {
                let victim = try sandbox.start([
                    "run", "--root", sandbox.root, "--libvirt-uri", driver.rawValue, file,
                ])
                usleep(UInt32(moment * 1_000_000))
                victim.send(SIGKILL)
                victim.wait()
                if index % 2 == 0 {
                    let clean = try sandbox.run(["doctor", "--clean", "--root", sandbox.root])
                    #expect(clean.status == 0, "\(clean.errors)")
                } else {
                    let next = try sandbox.run([
                        "run", "--root", sandbox.root, "--libvirt-uri", driver.rawValue, "--timeout", "1", file,
                    ])
                    #expect([0, 124].contains(next.status), "after \(moment) s: \(next.errors)")
                }
                #expect(sandbox.helpers == [mine], "after a kill at \(moment) s")
                #expect(
                    sandbox.leftovers.filter { $0.hasPrefix("var/") }.count == 2,
                    "only the bystander's remain: \(sandbox.leftovers)")
            }
            #expect(bystander.isRunning)
            #expect(FileManager.default.fileExists(atPath: strange))
            bystander.send(SIGINT)
            #expect(bystander.wait().status == 0)
            #expect(sandbox.leftovers == [])
            if driver == .system {
                let domains = try shell("virsh", "-q", "-c", "qemu:///system", "list", "--all", "--name").output
                #expect(!domains.contains("default_victim") && !domains.contains("default_bystander"))
            }
        }
    }
}
