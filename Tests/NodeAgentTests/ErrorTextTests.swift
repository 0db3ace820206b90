import Disks
import Images
import Libvirt
import Testing

@testable import NodeAgent

@Suite struct ErrorTextTests {
    @Test("a chain of errors is one line, from the outermost to the cause, without repeating itself")
    func chain() {
        let error = AgentError.disk(instance: "default/web", .image(volume: "root", .noSuchImage(name: "x:1")))
        let chain = ErrorText.chain(error)
        #expect(chain.count == 3)
        #expect(
            chain.prefix(2) == ["default/web: a volume cannot be made ready", "volume root: its image cannot be used"])
        #expect(chain.last?.contains("x:1") == true)
        #expect(ErrorText.line(error) == chain.joined(separator: ": "))
        #expect(!ErrorText.line(error).contains("\n"))
    }

    @Test("an error without a cause is itself")
    func alone() {
        #expect(ErrorText.chain(AgentError.stopped(instance: "default/web")) == ["default/web: stopped before it ran"])
        let failure = LibvirtFailure(code: 1, domain: 10, message: "internal error", detail: 0)
        #expect(
            ErrorText.chain(
                AgentError.libvirt(instance: nil, step: "connect", .unreachable(uri: "qemu:///system", failure))) == [
                    "libvirt failed to connect", "libvirt does not answer at qemu:///system: internal error",
                ])
    }
}
