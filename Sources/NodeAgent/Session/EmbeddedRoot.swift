internal import FoundationEssentials
internal import Glibc
internal import Serving
package import SystemPackage

/// The folder of libvirt's embedded driver.
package struct EmbeddedRoot: Sendable {
    package var path: FilePath
    /// Where what libvirt learnt about QEMU is kept between sessions: learning takes seconds, reading milliseconds.
    package var capabilities: FilePath

    private var ownCapabilities: FilePath { path.appending("cache").appending("qemu").appending("capabilities") }
    /// `ROOT/lib/qemu/domain-NNN-` and 20 bytes of name and `/monitor.sock` must fit into a socket's 107 bytes.
    private static let pathLimit = UnixAddress.pathLimit - 59

    /// Writes the driver's configuration and brings the capabilities along.
    package func prepare() throws(AgentError) {
        guard path.string.utf8.count <= Self.pathLimit else {
            throw .rootTooLong(path: path.string, limit: Self.pathLimit)
        }
        try Files.makeFolder(path, mode: 0o711)
        try Files.makeFolder(path.appending("etc"), mode: 0o700)
        try Files.writeAtomically(Data(Self.configuration.utf8), to: path.appending("etc").appending("qemu.conf"))
        try Files.makeFolder(ownCapabilities, mode: 0o711)
        copyCapabilities(from: capabilities, to: ownCapabilities)
    }

    /// Ends the QEMUs that libvirt asked about themselves when its process was killed, and removes their folders. Nobody
    /// else may have the driver open.
    package func removeProbes() async {
        let folder = path.appending("lib").appending("qemu")
        for process in ProcessScan.processes(of: "\(folder)/qmp-") { _ = await process.end() }
        for name in Files.names(in: folder) where name.hasPrefix("qmp-") { try? Files.remove(folder.appending(name)) }
    }

    /// Forgets starts that died before libvirt knew a process of them: their state says `pid='0'`, and libvirt would wait
    /// for the monitor of such a domain, and refuse to end it, for minutes. Nobody else may have the driver open.
    package func removeUnborn() async {
        let folder = path.appending("run").appending("qemu")
        for name in Files.names(in: folder) where name.hasSuffix(".xml") {
            let file = folder.appending(name)
            guard let data = Files.read(file) else { continue }
            let head = String(decoding: data.prefix(4096), as: UTF8.self)
            guard head.contains("<domstatus "), head.contains(" pid='0'>") else { continue }
            if let begin = head.firstRange(of: "<monitor path='")?.upperBound,
                let end = head[begin...].firstRange(of: "/monitor.sock'")?.lowerBound
            {
                for process in ProcessScan.processes(of: "\(head[begin..<end])/") { _ = await process.end() }
            }
            try? Files.remove(file)
        }
    }

    /// Removes libvirt's folders of domains that it does not run any more: it was killed while it ended them. Nobody else
    /// may have the driver open.
    package func removeForgotten() {
        let states = path.appending("run").appending("qemu")
        var living: Set<String> = []
        for name in Files.names(in: states) where name.hasSuffix(".xml") {
            guard let data = Files.read(states.appending(name)) else { continue }
            Self.collectFolders(Array(data), into: &living)
        }
        let library = path.appending("lib").appending("qemu")
        for folder in [library, library.appending("channel").appending("target")] {
            for name in Files.names(in: folder) where name.hasPrefix("domain-") && !living.contains(name) {
                try? Files.remove(folder.appending(name))
            }
        }
    }

    /// The names of folders `domain-…` that a state of libvirt's mentions, in one pass: a node has hundreds of states.
    private static func collectFolders(_ bytes: [UInt8], into names: inout Set<String>) {
        let prefix = Array("domain-".utf8)
        var slash: Int?
        for (index, byte) in bytes.enumerated() {
            switch byte {
            case UInt8(ascii: "/"), UInt8(ascii: "'"), UInt8(ascii: "\""), UInt8(ascii: "<"):
                if let slash, bytes[(slash + 1)..<index].starts(with: prefix) {
                    names.insert(String(decoding: bytes[(slash + 1)..<index], as: UTF8.self))
                }
                slash = byte == UInt8(ascii: "/") ? index : nil
            default: break
            }
        }
    }

    /// Whether libvirt knows QEMU already.
    package var isWarm: Bool { !Files.names(in: ownCapabilities).isEmpty }

    /// Keeps what libvirt learnt for the next session.
    package func keepCapabilities() {
        try? Files.makeFolder(capabilities, mode: 0o700)
        copyCapabilities(from: ownCapabilities, to: capabilities)
    }

    /// A copy that fails costs the next session its seconds, and nothing else.
    private func copyCapabilities(from source: FilePath, to target: FilePath) {
        for name in Files.names(in: source) where name.hasSuffix(".xml") {
            guard let data = Files.read(source.appending(name)), data != Files.read(target.appending(name)) else {
                continue
            }
            try? Files.writeAtomically(data, to: target.appending(name))
        }
    }

    /// Each domain names QEMU's user itself. `user` is whom libvirt asks whether it may open /dev/kvm: root, since a
    /// user that may not would make libvirt doubt its cache at every call, and probe QEMU anew for seconds.
    private static let configuration = """
        stdio_handler = "file"
        user = "root"
        group = "root"
        dynamic_ownership = 0
        remember_owner = 0
        seccomp_sandbox = 1

        """
}
