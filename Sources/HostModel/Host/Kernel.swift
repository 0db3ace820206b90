/// The running kernel: its release, its boot and what it was told at boot.
package struct Kernel: Sendable, Hashable, Codable {
    /// As `uname -r` prints it; empty where unknown.
    package var release: String
    /// A random UUID per boot; empty where unknown.
    package var bootID: String
    package var commandLine: [String]

    package init(release: String, bootID: String, commandLine: [String]) {
        self.release = release
        self.bootID = bootID
        self.commandLine = commandLine
    }

    package init(probing root: HostRoot) {
        self.init(
            release: root.text("/proc/sys/kernel/osrelease") ?? "",
            bootID: root.text("/proc/sys/kernel/random/boot_id") ?? "",
            commandLine: (root.text("/proc/cmdline") ?? "").split(separator: " ").map(String.init))
    }

    /// The values of `name=VALUE` on the command line, in order.
    package func arguments(_ name: String) -> [String] {
        commandLine.compactMap { $0.hasPrefix("\(name)=") ? String($0.dropFirst(name.count + 1)) : nil }
    }
}
