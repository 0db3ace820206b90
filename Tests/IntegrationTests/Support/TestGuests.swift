import Foundation
import Testing

/// The third ring: real QEMU guests. `make test` builds the guests and says where they are.
enum TestGuests {
    static let folder = ProcessInfo.processInfo.environment["VIRT_NODE_TEST_GUESTS"]
    static var isAvailable: Bool { folder != nil && geteuid() == 0 }
    static let missing: Comment = "needs root and VIRT_NODE_TEST_GUESTS: run `make test`"

    static var hello: String { "\(folder ?? "")/hello" }
    static var debian: String { "\(folder ?? "")/debian.qcow2" }
}

/// The two libvirt drivers; each passes the same tests.
enum Driver: String, CaseIterable, CustomTestStringConvertible {
    case embedded = "qemu:///embed"
    case system = "qemu:///system"

    var testDescription: String { rawValue }
}

/// The parent of all that runs guests: one test at a time, since two cores are soon full of emulated CPUs.
@Suite(.serialized, .enabled(if: TestGuests.isAvailable, TestGuests.missing))
struct GuestTests {}
