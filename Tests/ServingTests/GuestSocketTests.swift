import Glibc
import NIOCore
import NIOPosix
import SystemPackage
import Testing

@testable import Serving

@Suite struct GuestSocketTests {
    @Test("a socket is connected to, also where its path is longer than an address; nothing else is")
    func kinds() async throws {
        let folder = try TestFolder()
        let path = folder.path.appending("real")
        let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .bind(unixDomainSocketPath: path.string).get()
        try GuestSocket.connect(path).close()
        try GuestSocket.connect(path, nonBlocking: true).close()
        let long = FilePath(folder.path.string + String(repeating: "/.", count: 60) + "/real")
        #expect(long.string.utf8.count > 107)
        try GuestSocket.connect(long).close()

        let link = folder.path.appending("link")
        #expect(symlink(path.string, link.string) == 0)
        #expect(throws: Errno.tooManySymbolicLinkLevels) { try GuestSocket.connect(link) }
        #expect(throws: Errno.notSocket) { try GuestSocket.connect(try folder.write("x", "file")) }
        #expect(throws: Errno.notSocket) { try GuestSocket.connect(folder.path) }
        #expect(throws: Errno.noSuchFileOrDirectory) { try GuestSocket.connect(folder.path.appending("none")) }
        try await server.close()
        #expect(throws: (any Error).self) { try GuestSocket.connect(path) }
    }
}
