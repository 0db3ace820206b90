import Foundation
import Glibc
import NIOCore
import NIOPosix
import Serving
import SystemPackage
import Testing

/// Serving on a Unix socket.
@Suite struct UnixServingTests {
    private func endpoint(_ path: FilePath, mode: UInt32 = 0o660, group: String? = nil) -> ServingEndpoint {
        ServingEndpoint(.unix(path: path, mode: mode, group: group), authenticator: .socketPeer)
    }

    @Test("the kernel says who is at the other end, and the folder and permissions are made")
    func identity() async throws {
        let folder = try TestFolder()
        let path = folder["a/b/socket"]
        try await serving([endpoint(path, mode: 0o600)]) { _, bound in
            #expect(bound == [.unix(path: path)])
            let answer = try await get(url(ofSocket: path.string, "/who"))
            #expect(answer.body.contains("(uid \(getuid()), pid \(getpid()))"))
            #expect(answer.headers["date"]?.hasSuffix("GMT") == true)
            let attributes = try FileManager.default.attributesOfItem(atPath: path.string)
            #expect(attributes[.posixPermissions] as? Int == 0o600)
        }
    }

    @Test("a socket that was opened beforehand is served, and the kernel says who is at its other end")
    func inherited() async throws {
        let folder = try TestFolder()
        let path = folder["socket"]
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        let result = UnixAddress.withAddress(of: path.string) { Glibc.bind(descriptor, $0, $1) }
        try #require(result == 0)
        let endpoint = ServingEndpoint(.inherited(descriptor: descriptor, name: "api"), authenticator: .socketPeer)
        try await serving([endpoint]) { _, bound in
            #expect(bound == [.unix(path: path)])
            let answer = try await get(url(ofSocket: path.string, "/who"))
            #expect(answer.body.contains("(uid \(getuid()), pid \(getpid()))"))
        }
    }

    @Test("the socket belongs to the group that is named")
    func group() async throws {
        let folder = try TestFolder()
        let path = folder["socket"]
        try await serving([endpoint(path, group: "daemon")]) { _, _ in
            let attributes = try FileManager.default.attributesOfItem(atPath: path.string)
            #expect(attributes[.groupOwnerAccountName] as? String == "daemon")
        }
    }

    @Test("an unknown group is refused with what to do, and leaves nothing")
    func unknownGroup() async throws {
        let folder = try TestFolder()
        let error = ServingError.noSuchGroup(group: "nobody-has-this", path: folder["socket"].string)
        await #expect(throws: error) {
            try await serving([endpoint(folder["socket"], group: "nobody-has-this")]) { _, _ in }
        }
        #expect("\(error)".contains("groupadd --system nobody-has-this"))
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path.string).isEmpty)
    }

    @Test("a socket that nobody listens on is replaced, one that is in use and a plain file are not")
    func stale() async throws {
        let folder = try TestFolder()
        let path = folder["socket"]
        try await serving([endpoint(path)]) { _, _ in
            await #expect(throws: ServingError.inUse(path: path.string)) {
                try await serving([endpoint(path)]) { _, _ in }
            }
            let answer1 = try await get(url(ofSocket: path.string, "/who"))
            #expect(answer1.status == 200)
        }
        #expect(FileManager.default.fileExists(atPath: path.string))
        try await serving([endpoint(path)]) { _, _ in
            let answer2 = try await get(url(ofSocket: path.string, "/who"))
            #expect(answer2.status == 200)
        }
        let file = try folder.write("precious", "file")
        await #expect(throws: ServingError.pathTaken(path: file.string)) {
            try await serving([endpoint(file)]) { _, _ in }
        }
        #expect(try String(contentsOfFile: file.string, encoding: .utf8) == "precious")
    }

    @Test("a path that is too long for a socket is refused")
    func tooLong() async throws {
        let path = FilePath("/tmp/" + String(repeating: "x", count: 120))
        await #expect(throws: ServingError.pathTooLong(path: path.string, limit: 107)) {
            try await serving([endpoint(path)]) { _, _ in }
        }
    }

    @Test("where one address cannot be had, none is listened on")
    func allOrNone() async throws {
        let folder = try TestFolder()
        let taken = try folder.write("", "file")
        await #expect(throws: ServingError.self) {
            try await serving([endpoint(folder["socket"]), endpoint(taken)]) { _, _ in }
        }
        try await serving([endpoint(folder["socket"])]) { _, _ in }
    }
}
